"""From the entities of SAMM to a reference model: an area for each practice, its activities by the codes of the workbook (`D-SA-A-1`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ancrage.declarations.composites import is_id
from ancrage.domain.assessment.methods.samm import ANSWERS, activity_parts
from ancrage.domain.reference_model import AnswerSet, Attribution, Practice, PracticeArea, ReferenceModel, ScaleValue
from ancrage.errors import Place
from ancrage.exchange.samm.core import Core, Entity
from ancrage.exchange.sources.defects import Defects
from ancrage.exchange.sources.names import slug
from ancrage.exchange.sources.prerequisites import break_circles
from ancrage.language import Label, say

OWNER = "OWASP SAMM project (OWASP Foundation)"
SOURCE = "https://owaspsamm.org/ and https://github.com/owaspsamm/core"
LICENCE = "CC BY-SA 4.0 (https://creativecommons.org/licenses/by-sa/4.0/)"
CODES = {f"{float(answer):g}": float(answer) for answer in reversed(ANSWERS)}
SCALE = tuple(
    ScaleValue(code, words.label(), CODES[code])
    for code, words in (
        ("1", say("Yes, nearly everywhere")), ("0.5", say("Yes, for half or more")), ("0.25", say("Yes, in part")), ("0", say("Not done")),
    )
)  # fmt: skip
"""Our own words, shown where a question has no answer set of its own."""
_VERSION = re.compile(r"(?<![0-9.])(\d+\.\d+(?:\.\d+)?)(?![0-9.])")


@dataclass(frozen=True, slots=True)
class _Coded:
    """An activity with its place in the model."""

    code: str
    area: str
    stream: str
    level: int
    entity: Entity


def samm_model(core: Core, folder: Path, version: str, defects: Defects) -> ReferenceModel | None:
    """The reference model, or None when no activity could be placed in it."""
    areas = _areas(core, defects)
    coded = list(_activities(core, areas, defects))
    sets = _answer_sets(core, defects)
    practices = _practices(core, coded, sets, defects)
    _tell_unused(core)
    filled = [replace(area, practices=tuple(practices[one.code] for one in _sorted(coded, area.id))) for area in areas.values()]
    filled = [area for area in filled if area.practices]
    if not filled:
        return None
    known = version or _version(folder, defects)
    attribution = Attribution(OWNER, _licence(core, folder, defects), SOURCE, known)
    kept = {practice.answers for area in filled for practice in area.practices}
    return ReferenceModel(
        "samm", Label.same("OWASP SAMM"), known, "samm", SCALE, tuple(filled), attribution,
        answer_sets=tuple(sets[name] for name in sorted(sets) if name in kept),
    )  # fmt: skip


def _version(folder: Path, defects: Defects) -> str:
    """The files have no version: it is looked for in the names of the folder and of the one it is in."""
    for name in (folder.resolve().name, folder.resolve().parent.name):
        found = _VERSION.search(name)
        if found:
            done = say("{version} was taken from the name of the folder", version=found[1])
            defects.tell("W-SOURCE-MISSING", say("the files do not say which version of SAMM they are"), Place(str(folder)), done)
            return found[1]
    done = say("taken as 2; give another with --source-version")
    defects.tell("W-SOURCE-MISSING", say("the files do not say which version of SAMM they are"), Place(str(folder)), done)
    return "2"


def _licence(core: Core, folder: Path, defects: Defects) -> str:
    if "sharealike 4.0" in core.licence.casefold().replace("-", ""):
        return LICENCE
    message = say("the folder holds no licence that is known: {found}", found=core.licence[:80] or "-")
    done = say("{licence} was taken, under which SAMM is published", licence=LICENCE)
    defects.tell("W-SOURCE-LICENCE", message, Place(str(folder)), done)
    return LICENCE


def _order(entity: Entity) -> tuple[float, str]:
    return (entity.item.number("order") or 0.0, entity.stem)


def _areas(core: Core, defects: Defects) -> dict[str, PracticeArea]:
    """One area for each practice, by the id of the practice, in the order of functions and practices."""
    letters: dict[str, str] = {}
    placed: list[tuple[tuple[float, str], tuple[float, str], str, PracticeArea]] = []
    for practice in core.of_kind["Practice"].values():
        function = core.link(practice, "function", "Function", defects)
        short, name = (practice.item.text("shortName") or "").upper(), practice.item.text("name")
        if function is None:
            continue
        title = function.item.text("name") or ""
        code = f"{title[:1].upper()}-{short}"
        if activity_parts(f"{code}-A-1") is None:
            message = say("practice {name} has no short name that makes a code", name=name or practice.stem)
            defects.tell("W-SOURCE-VALUE", message, practice.item.place("shortName"), say("the practice is left out"))
            continue
        if letters.setdefault(code, practice.id) != practice.id:
            message = say("two practices have the code {code}", code=code)
            defects.tell("W-SOURCE-TWICE", message, practice.item.place("shortName"), say("the first was taken"))
            continue
        purpose = Label.same(practice.item.text("shortDescription") or "")
        area = PracticeArea(code, Label.same(name or code), purpose, group=Label.same(title))
        placed.append((_order(function), _order(practice), practice.id.casefold(), area))
    return {identifier: area for _, _, identifier, area in sorted(placed, key=lambda one: one[:3])}


def _activities(core: Core, areas: Mapping[str, PracticeArea], defects: Defects) -> Iterator[_Coded]:
    taken: dict[str, Entity] = {}
    for entity in core.of_kind["Activity"].values():
        stream = core.link(entity, "stream", "Stream", defects)
        practice_level = core.link(entity, "level", "PracticeLevel", defects)
        if stream is None or practice_level is None:
            continue
        practice = core.link(stream, "practice", "Practice", defects)
        level = core.link(practice_level, "maturityLevel", "MaturityLevel", defects)
        area = areas.get(practice.id.casefold()) if practice else None
        number = level.item.whole("number", 1, 3) if level else None
        letter = (stream.item.text("letter") or "").upper()
        code = f"{area.id}-{letter}-{number}" if area else ""
        if area is None or number is None or activity_parts(code) is None:
            message = say("activity {name} has no place in the model", name=entity.stem)
            defects.tell("W-SOURCE-MISSING", message, entity.place, say("left out"))
        elif taken.setdefault(code, entity) is not entity:
            message = say("two activities have the code {code}", code=code)
            defects.tell("W-SOURCE-TWICE", message, entity.place, say("the first was taken"), [taken[code].place])
        else:
            _tell_name(entity, code, defects)
            name = stream.item.text("name")
            yield _Coded(code, area.id, f"{letter}: {name}" if name else letter, number, entity)


def _tell_name(entity: Entity, code: str, defects: Defects) -> None:
    """File names are practice-level-stream, codes of the workbook practice-stream-level."""
    place = entity.place
    if activity_parts(entity.stem) != activity_parts(code):
        message = say("file {file} holds the activity {code}", file=entity.stem, code=code)
        defects.tell("W-SOURCE-NAME", message, place, say("the code is that of its links"))
    elif entity.stem != code:
        message = say("file names put the level before the stream, codes of the workbook the stream before the level")
        defects.repeat("W-SOURCE-NAME", message, place, say("the code of the workbook was taken, as in D-SA-A-1"))


def _sorted(coded: list[_Coded], area: str) -> list[_Coded]:
    return sorted((one for one in coded if one.area == area), key=lambda one: one.code)


def _answer_sets(core: Core, defects: Defects) -> dict[str, AnswerSet]:
    """Answer sets by the id of the source, in the words of the source."""
    found: dict[str, AnswerSet] = {}
    for entity in core.of_kind["AnswerSet"].values():
        labels: dict[str, Label] = {}
        for value in entity.item.items("values"):
            text, number = value.text("text"), value.number("value")
            code = next((code for code, worth in CODES.items() if worth == number), None)
            if code is None or text is None or code in labels:
                message = say("an answer of set {name} is not one of 0, 0.25, 0.5, 1, or stands twice", name=entity.stem)
                defects.tell("W-SOURCE-VALUE", message, value.place("value"), say("the scale's own words are shown for it"))
            else:
                labels[code] = Label.same(text)
            value.left_out("text", "value", "order")
        name = entity.stem if is_id(entity.stem) else slug(entity.stem)
        found[entity.id.casefold()] = AnswerSet(f"answers-{name}", {code: labels[code] for code in CODES if code in labels})
    return found


def _practices(core: Core, coded: list[_Coded], sets: dict[str, AnswerSet], defects: Defects) -> dict[str, Practice]:
    questions = _questions(core, defects)
    codes = {one.entity.id.casefold(): one.code for one in coded}
    requires = _requires(coded, codes, defects)
    made: dict[str, Practice] = {}
    for one in coded:
        question = questions.get(one.entity.id.casefold())
        title = one.entity.item.text("title") or one.code
        if question is None:
            message = say("activity {code} has no question", code=one.code)
            defects.tell("W-SOURCE-MISSING", message, one.entity.place, say("its title is asked instead"))
            made[one.code] = Practice(one.code, Label.same(title), level=one.level, stream=one.stream, requires=requires[one.code])
            continue
        answers = core.link(question, "answerSet", "AnswerSet", defects)
        criteria = "\n".join(f"- {text}" for text in question.item.texts("quality"))
        made[one.code] = Practice(
            one.code, Label.same(title), Label.same(question.item.text("text") or title), one.level, guidance=Label.same(criteria),
            stream=one.stream, answers=answers.id.casefold() if answers and sets[answers.id.casefold()].labels else "",
            requires=requires[one.code],
        )  # fmt: skip
    for name in [name for name, answers in sets.items() if not answers.labels]:
        del sets[name]
    renamed = {name: answers.id for name, answers in sets.items()}
    _rename(sets)
    return {code: replace(practice, answers=renamed.get(practice.answers, "")) for code, practice in made.items()}


def _rename(sets: dict[str, AnswerSet]) -> None:
    """Sets by the ids they have in the model, instead of those of the source."""
    by_name = {answers.id: answers for answers in sets.values()}
    sets.clear()
    sets.update(by_name)


def _questions(core: Core, defects: Defects) -> dict[str, Entity]:
    """The question of each activity; further ones are told."""
    found: dict[str, Entity] = {}
    for entity in sorted(core.of_kind["Question"].values(), key=_order):
        activity = core.link(entity, "activity", "Activity", defects)
        if activity is None:
            continue
        first = found.setdefault(activity.id.casefold(), entity)
        if first is not entity:
            message = say("activity {name} has more than one question", name=activity.stem)
            defects.tell("W-LEFT-OUT", message, entity.place, say("the first by its order was taken"), [first.place])
    return found


def _requires(coded: list[_Coded], codes: Mapping[str, str], defects: Defects) -> dict[str, tuple[str, ...]]:
    """Prerequisites by code (`relatedActivities`), without those that are not there and without circles."""
    found: dict[str, tuple[str, ...]] = {}
    for one in coded:
        named: list[str] = []
        for identifier in one.entity.item.texts("relatedActivities"):
            code = codes.get(identifier.casefold())
            if code is None:
                message = say("related activity {id} is in no file", id=identifier[:60])
                defects.tell("W-SOURCE-REFERENCE", message, one.entity.item.place("relatedActivities"), say("the link is left out"))
            elif code not in named:
                named.append(code)
        found[one.code] = tuple(named)
    places = {one.code: one.entity.item.place("relatedActivities") for one in coded}
    break_circles(found, places, defects)
    return found


_USED = {
    "Function": ("id", "name", "order", "type"), "Practice": ("id", "function", "name", "shortName", "shortDescription", "order", "type"),
    "Stream": ("id", "practice", "name", "letter", "order", "type"), "MaturityLevel": ("id", "number", "type"),
    "PracticeLevel": ("id", "practice", "maturityLevel", "type"),
    "Activity": ("id", "stream", "level", "title", "relatedActivities", "type"),
    "Question": ("id", "activity", "answerSet", "text", "order", "quality", "type"), "AnswerSet": ("id", "values", "type"),
}  # fmt: skip


def _tell_unused(core: Core) -> None:
    for kind, entities in core.of_kind.items():
        for entity in entities.values():
            entity.item.left_out(*_USED[kind])
