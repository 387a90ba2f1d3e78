"""From the facts of FitSM to the files of a project: entries made here, the words around them in `ancrage/templates/fitsm`.

What our language has no place for (tasks of roles, inputs and outputs that no flow refers to, pages of the standard) stands beside
what it belongs to, as a comment: nothing of the source is lost.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from string import Template

import ancrage
from ancrage.declarations.generate import schema_texts
from ancrage.domain.reference_model import Attribution
from ancrage.exchange.fitsm.facts import WHOLE_SYSTEM, ExternalFlow, Fitsm, Flow, Process, Role, Said
from ancrage.exchange.yaml_text import INDENT, WIDTH, Entry, Inline, comment_lines, quoted, render_entries
from ancrage.language import DEFAULT_LANGUAGE, Label, Message, say

TEMPLATES = Path(ancrage.__file__).parent / "templates" / "fitsm"

ATTRIBUTION = Attribution(
    owner="ITEMO e.V. (FitSM 3.0); PNED G.I.E. (transcription: FitSM Process Map)",
    licence="CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)",
    source="https://www.fitsm.eu/ and https://github.com/GenomicDataInfrastructure/fitsm-process-map",
    version="3.0",
)
ATTRIBUTION_TEXT = (
    "FitSM 3.0, © ITEMO e.V., licensed under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/), https://www.fitsm.eu/. "
    "Transcribed by the FitSM Process Map, © 2026 PNED G.I.E., CC BY 4.0, "
    "https://github.com/GenomicDataInfrastructure/fitsm-process-map. Texts unchanged; a process number was added."
)
"""What its owners ask to be kept wherever the texts are shown: in their words, never translated."""
ATTRIBUTION_LINE = "FitSM 3.0, © ITEMO e.V., CC BY 4.0, https://www.fitsm.eu/ (README.md)"

BANDS = {
    **dict.fromkeys(("SPM", "SLM", "SRM", "CRM", "SUPPM", "CSI", WHOLE_SYSTEM), "management"),
    **dict.fromkeys(("SACM", "CAPM", "ISM", "CONFM"), "support"),
}
"""The band of the house map by process: FitSM has none, so this is ours. Any other process does the daily work: operational."""

LEAD_ROLE, LEAD = "improvement_lead", "improvement-lead"
LONGEST_SLUG = 48
HANGING = ("a", "an", "and", "as", "be", "e", "for", "from", "g", "in", "is", "new", "of", "on", "or", "that", "the", "to", "which", "with")
"""English words that say nothing at the end of an id that was cut."""


def project_files(facts: Fitsm, language: str) -> dict[str, str]:
    """The texts of all files of the project by name, with comments in `language`."""
    names = Names(facts)
    filled = {
        "attribution": "\n".join(line.removeprefix("# ") for line in comment_lines(ATTRIBUTION_TEXT)),
        "attribution_line": ATTRIBUTION_LINE,
        "whole": WHOLE_SYSTEM,
        **{f"{name}_count": str(count) for name, count in counts_of(facts).items()},
        **{name: quoted(getattr(ATTRIBUTION, name)) for name in ("owner", "licence", "source")},
        "generic": "\n".join(_generic_tasks(facts, language)),
        "people": _block(_people(facts, language)),
        "own_roles": _block(_own_roles()),
        "roles": _block(_roles(facts)),
        "tools": _block(_named(record.id, record.name, _quote(record.definition)) for record in facts.records),
        "parties": _block(_named(party, text) for text, party in names.parties.items()),
        "processes": _block((_whole_system(), *_processes(facts, names, language))),
        "products": _block(_named(product, text) for text, product in names.products.items()),
        "links": _block(_links(facts, names)),
        "areas": _block(_areas(facts), 3),
    }
    return {**_filled_templates(filled, language), **{f"schemas/{name}": text for name, text in schema_texts().items()}}


def _block(entries: Iterable[Entry], depth: int = 1) -> str:
    return render_entries(entries, depth) or f"{INDENT * depth}{{}}"


def counts_of(facts: Fitsm) -> dict[str, int]:
    """How many of each kind the source holds; flows with others than processes included."""
    return {
        "processes": len(facts.processes),
        "flows": len(facts.flows) + sum(len(process.external) for process in facts.processes),
        "one_sided_flows": sum(len(flow.listed_by) == 1 for flow in facts.flows),
        "requirements": sum(len(group.requirements) for group in facts.groups),
        "groups": len(facts.groups),
        "roles": len(facts.roles),
        "records": len(facts.records),
        "people": len(list(_people(facts, DEFAULT_LANGUAGE))),
    }


def _filled_templates(filled: Mapping[str, str], language: str) -> dict[str, str]:
    chosen = TEMPLATES / language
    root = chosen if chosen.is_dir() else TEMPLATES / DEFAULT_LANGUAGE
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): Template(path.read_text(encoding="utf-8")).substitute(filled) for path in paths}


class Names:
    """Ids for what the source only describes: products and parties by their text, links by their ends."""

    def __init__(self, facts: Fitsm) -> None:
        external = [flow for process in facts.processes for flow in process.external]
        self.products = _slugs([flow.item for flow in facts.flows] + [flow.item.text for flow in external])
        self.parties = _slugs(flow.party for flow in external)
        self._given: Counter[str] = Counter()
        self._ends = Counter(_ends(flow.giver, flow.taker) for flow in facts.flows)
        self._ends.update(_ends(*self.external_ends(process, flow)) for process in facts.processes for flow in process.external)

    def external_ends(self, process: Process, flow: ExternalFlow) -> tuple[str, str]:
        """Who gives and who takes, by id."""
        party = self.parties[flow.party]
        return (party, process.code) if flow.inwards else (process.code, party)

    def link(self, giver: str, taker: str) -> str:
        """The next id of a flow between these two: numbered where there are several. To be asked once per flow, in order."""
        ends = _ends(giver, taker)
        self._given[ends] += 1
        return ends if self._ends[ends] == 1 else f"{ends}-{self._given[ends]}"


def _ends(giver: str, taker: str) -> str:
    return f"{giver}-to-{taker}"


def _slugs(texts: Iterable[str]) -> dict[str, str]:
    """An id for each different text: its first words, numbered where two texts begin alike."""
    found: dict[str, str] = {}
    begun: Counter[str] = Counter()
    for text in texts:
        if text not in found:
            slug = _slug(text)
            begun[slug] += 1
            found[text] = slug if begun[slug] == 1 else f"{slug}-{begun[slug]}"
    return found


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = ""
    for word in re.findall(r"[a-z0-9]+", plain):
        if slug and len(slug) + 1 + len(word) > LONGEST_SLUG:
            break
        slug = f"{slug}-{word[:LONGEST_SLUG]}" if slug else word[:LONGEST_SLUG]
    return re.sub(rf"(?:-(?:{'|'.join(HANGING)}))+$", "", slug) or "unnamed"


def _named(name: str, text: str, below: str = "") -> Entry:
    comments = (below,) if below else ()
    short = Entry(name, Inline((Entry("name", Label.same(text)),)), comments)
    if len(name) + len(text) + 16 <= WIDTH:
        return short
    return Entry(name, (Entry("name", Label.same(text)),), comments)


def _quote(said: Said) -> str:
    return f"{said.text} ({said.where})"


# --- people and roles ---


def _people(facts: Fitsm, language: str) -> Iterator[Entry]:
    owned = {role.process for role in facts.roles if role.is_owner}
    for code in (*(process.code for process in facts.processes if process.code in owned), WHOLE_SYSTEM):
        yield _person(_owner_of(code), say("Owner of {process} (placeholder)", process=code), language)
    yield _person(LEAD, say("Improvement lead (placeholder)"), language)


def _person(name: str, shown: Message, language: str) -> Entry:
    written = Label.same(shown.text(language))
    return Entry(name, Inline((Entry("name", written), Entry("email", f"{name}@example.org"))))


def _owner_of(code: str) -> str:
    return f"{code.lower()}-owner"


def _own_roles() -> Iterator[Entry]:
    owner = say("Owner of the whole service management system").label()
    yield Entry(f"{WHOLE_SYSTEM}.owner", Inline((Entry("name", owner), Entry("holder", _owner_of(WHOLE_SYSTEM)))))
    yield Entry(LEAD_ROLE, Inline((Entry("name", say("Improvement lead").label()), Entry("holder", LEAD))))


def _generic_tasks(facts: Fitsm, language: str) -> Iterator[str]:
    for role, tasks in facts.generic_tasks.items():
        yield from comment_lines(say("{role}, in every process:", role=role).text(language))
        for task in tasks:
            yield from comment_lines(f"- {task}")


def _roles(facts: Fitsm) -> Iterator[Entry]:
    for role in facts.roles:
        holder = (Entry("holder", _owner_of(role.process)),) if role.is_owner else ()
        beside = "; ".join(filter(None, (role.count, role.where)))
        yield Entry(role.id, Inline((Entry("name", Label.same(role.name)), *holder)), tuple(f"- {task}" for task in role.tasks), beside)


# --- the map ---


def _whole_system() -> Entry:
    parts = (
        Entry("name", say("Service management system").label()),
        Entry("kind", BANDS[WHOLE_SYSTEM]),
        Entry("owner", f"{WHOLE_SYSTEM}.owner"),
        Entry("purpose", say("Stands for the whole system: the requirements that are not about one process are asked of it.").label()),
    )
    return Entry(WHOLE_SYSTEM, parts)


def _processes(facts: Fitsm, names: Names, language: str) -> Iterator[Entry]:
    listed, roles, tools = defaultdict(list), defaultdict(list), defaultdict(list)
    for flow in facts.flows:
        for code in flow.listed_by:
            listed[code].append(flow)
    for role in facts.roles:
        roles[role.process].append(role)
    for record in facts.records:
        for code in record.used_by:
            tools[code].append(record.id)
    for process in facts.processes:
        code = process.code
        parts = (
            Entry("name", Label.same(process.name)),
            Entry("kind", BANDS.get(code, "operational")),
            *_performed_by(roles[code]),
            Entry("purpose", Label.same(process.objective.text), beside=process.objective.where),
            *_passing(listed[code], names, process),
            *((Entry("tools", tuple(tools[code])),) if tools[code] else ()),
        )
        yield Entry(code, parts, tuple(_own_lists(process, language)))


def _own_lists(process: Process, language: str) -> Iterator[str]:
    """The standard's own inputs and outputs, as comments: no flow refers to them by these words."""
    for title, said in ((say("Inputs, as listed:"), process.inputs), (say("Outputs, as listed:"), process.outputs)):
        if said:
            yield title.text(language)
            yield from (f"- {_quote(one)}" for one in said)


def _performed_by(roles: Iterable[Role]) -> Iterator[Entry]:
    owners = tuple(role.id for role in roles if role.is_owner)
    others = tuple(role.id for role in roles if not role.is_owner)
    if owners:
        yield Entry("owner", owners[0])
    performers = (("responsible", others), ("accountable", owners))
    written = tuple(Entry(part, names) for part, names in performers if names)
    if written:
        yield Entry("performers", written)


def _passing(listed: Iterable[Flow], names: Names, process: Process) -> Iterator[Entry]:
    """What the process's own interface table says that it takes and gives; what only the other side says is left to `listed_by`."""
    flows = [(flow.taker == process.code, flow.item) for flow in listed]
    flows += [(flow.inwards, flow.item.text) for flow in process.external]
    for key, inwards in (("inputs", True), ("outputs", False)):
        products = tuple(dict.fromkeys(names.products[item] for taken, item in flows if taken is inwards))
        if products:
            yield Entry(key, products)


def _links(facts: Fitsm, names: Names) -> Iterator[Entry]:
    for flow in facts.flows:
        where = "; ".join(row.where for row in flow.rows)
        notes = (flow.note,) if flow.note else ()
        yield _link(names, (flow.giver, flow.taker), flow.item, flow.listed_by, (where, *notes))
    for process in facts.processes:
        for external in process.external:
            item = external.item
            yield _link(names, names.external_ends(process, external), item.text, (process.code,), (item.where,))


def _link(names: Names, ends: tuple[str, str], item: str, listed_by: tuple[str, ...], below: tuple[str, ...]) -> Entry:
    giver, taker = ends
    product = Entry("product", names.products[item])
    parts = (Entry("from", giver), Entry("to", taker), product, Entry("listed_by", listed_by))
    return Entry(names.link(giver, taker), Inline(parts), below)


# --- the reference model ---


def _areas(facts: Fitsm) -> Iterator[Entry]:
    for group in facts.groups:
        practices = tuple(
            Entry(name, (Entry("name", Label.same(name)), Entry("question", Label.same(said.text))), beside=said.where)
            for name, said in group.requirements.items()
        )
        parts = (Entry("name", Label.same(group.name)), Entry("processes", (group.process,)), Entry("practices", practices))
        yield Entry(group.id, parts, beside=group.where)
