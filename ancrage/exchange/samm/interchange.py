"""The `.samm` exchange format (JSON): an assessment with its answers and the two published extensions; its schemas are recognised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from ancrage.declarations.yaml_nodes import MappingNode, ScalarNode
from ancrage.domain.assessment.methods.samm import ANSWERS, activity_parts
from ancrage.errors import Severity
from ancrage.exchange.json_files import read_json
from ancrage.exchange.samm.ratings import Answered, Assessment
from ancrage.exchange.sources.defects import Defects
from ancrage.exchange.sources.names import slug
from ancrage.exchange.sources.yaml_source import LIMITS, Item
from ancrage.language import say

SUFFIXES = (".json", ".samm")
_CODES = {float(answer): f"{float(answer):g}" for answer in ANSWERS}
_KNOWN = frozenset(
    {"formatVersion", "assessment", "extensions", "version", "organization", "scope", "date", "answers", "questionCode", "answerScore",
     "name", "assessmentFramework", "assessmentStreamRemarks", "text", "type"}
)  # fmt: skip


def is_interchange(path: Path) -> bool:
    """Whether a file bears the suffix of the format."""
    return path.suffix.lower() in SUFFIXES


def read_interchange(path: Path, defects: Defects, counts: dict[str, int]) -> Assessment | None:
    """The assessment in a file; None for a schema of the format, which is only counted, and for what is neither."""
    document = read_json(path, str(path), LIMITS)
    for problem in document.problems:
        done = say("the file was left out") if problem.severity is Severity.ERROR and not document.roots else say("the rest was taken")
        defects.tell("W-SOURCE-YAML", problem.message, problem.place, done)
    root = document.mapping()
    if root is None:
        return None
    item = Item(document, root, defects)
    if "$schema" in root.entries and "properties" in root.entries:
        counts["schemas"] = counts.get("schemas", 0) + 1
        _schema(item)
        return None
    assessment = item.mapping("assessment")
    if assessment is None:
        message = say("{path} is neither an assessment nor a schema of the .samm format", path=path.name)
        defects.tell("W-LEFT-OUT", message, document.whole_file(), say("left out"))
        return None
    counts["assessments"] = counts.get("assessments", 0) + 1
    return _assessment(path, item, assessment, counts)


def _schema(item: Item) -> None:
    """What a schema describes and this reader does not know; and where it puts the extensions."""
    root = item.document.mapping()
    for name, node in _described(root) if root else ():
        if name not in _KNOWN:
            message = say("the schema describes {name}, which is not read", name=name)
            item.defects.repeat("W-LEFT-OUT", message, item.document.key_place(node), say("left out of assessments"))
    extensions = root.get("properties", "extensions") if root else None
    if extensions is not None:
        message = say("the schema puts extensions beside the assessment, the description of the format inside it")
        item.defects.repeat("W-SOURCE-NAME", message, item.document.key_place(extensions), say("they are read at either place"))


def _described(root: MappingNode) -> Iterator[tuple[str, MappingNode | ScalarNode]]:
    """Every property of a schema, with its node."""
    stack = [root]
    while stack:
        node = stack.pop()
        for key, child in node.entries.items():
            if not isinstance(child, MappingNode):
                continue
            if key == "properties":
                yield from ((name, found) for name, found in child.entries.items() if isinstance(found, MappingNode))
            stack.append(child)


def _assessment(path: Path, item: Item, assessment: Item, counts: dict[str, int]) -> Assessment:
    remarks = _remarks(item, assessment)
    rows = tuple(_answers(assessment, remarks))
    counts["answers"] = counts.get("answers", 0) + sum(bool(row.answer) for row in rows)
    item.left_out("formatVersion", "assessment", "extensions", "$schema")
    assessment.left_out("version", "organization", "scope", "date", "answers", "extensions")
    about = {"organization": assessment.text("organization") or "", "date": assessment.text("date") or ""}
    team = assessment.text("scope") or about["organization"] or path.stem
    return Assessment(slug(path.stem), team[:200], rows, (), {**about, "team": team[:200]})


def _answers(assessment: Item, remarks: dict[str, list[str]]) -> Iterator[Answered]:
    taken: set[str] = set()
    for answer in assessment.items("answers"):
        code = answer.text("questionCode") or ""
        parts = activity_parts(code)
        if parts is None:
            message = say("{code} is no question of SAMM", code=code[:60] or "-")
            assessment.defects.tell("W-SOURCE-REFERENCE", message, answer.place("questionCode"), say("the answer is left out"))
            continue
        stream = f"{parts[1]}-{parts[2]}"
        activity = f"{stream}-{parts[3]}"
        if activity in taken:
            message = say("activity {code} stands twice", code=activity)
            assessment.defects.tell("W-SOURCE-TWICE", message, answer.place("questionCode"), say("the first was taken"))
            continue
        taken.add(activity)
        yield Answered(activity, _score(answer, activity), notes="; ".join(remarks.pop(stream, ())))


def _score(answer: Item, activity: str) -> str:
    score = answer.number("answerScore")
    if score is not None and score not in _CODES:
        message = say("the answer of {code} is {score}, none of 0, 0.25, 0.5, 1", code=activity, score=f"{score:g}")
        answer.defects.tell("W-SOURCE-VALUE", message, answer.place("answerScore"), say("taken as without an answer"))
    return _CODES.get(score, "") if score is not None else ""


def _remarks(item: Item, assessment: Item) -> dict[str, list[str]]:
    """Remarks by stream; each stands in the notes of the first activity of its stream."""
    found: dict[str, list[str]] = defaultdict(list)
    for place in (item, assessment):
        for extension in place.items("extensions"):
            named = extension.mapping("assessmentStreamRemarks")
            for stream in named.node.entries if named else ():
                assert named is not None
                parts = activity_parts(f"{stream}-1")
                key = f"{parts[1]}-{parts[2]}" if parts else stream
                for remark in named.items(stream):
                    found[key] += filter(None, [remark.text("text")])
                    remark.left_out("text")
            extension.left_out("name", "version", "assessmentStreamRemarks", "assessmentFramework")
    return found


