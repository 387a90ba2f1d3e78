"""Where the FitSM data contradicts itself: errors, after which nothing is made of it, and warnings about what its own parts disagree on.

One small function per rule. Each works on what could be read, so that one run tells all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from ancrage.declarations.suggestions import did_you_mean
from ancrage.errors import Place, Problem
from ancrage.exchange.fitsm.facts import WHOLE_SYSTEM, Flow, join_flows, rows_of
from ancrage.exchange.fitsm.shapes import OWNER, Placed
from ancrage.exchange.fitsm.source import Entry, FitsmSource, Section
from ancrage.language import Message, say


def contradictions(source: FitsmSource) -> Iterator[Problem]:
    """Everything that does not fit together."""
    yield from _ids_twice(source)
    yield from _reserved_ids(source)
    yield from _unknown_processes(source)
    yield from _groups_that_disagree(source)
    yield from _owners(source)
    flows = join_flows(source.interfaces)
    yield from _impossible_ends(source)
    yield from _rows_twice(source, flows)
    yield from _disagreements(source, flows)
    yield from _notes(source)


def _problem(code: str, message: Message, place: Place, label: Message | None, hint: Message | None, *related: Place) -> Problem:
    return Problem(code, message, place, label, hint, related)


def _ids_twice(source: FitsmSource) -> Iterator[Problem]:
    """Ids that are equal but for capitals: they become names of files, links and roles, where that is too little to tell them apart."""
    groups = (*source.general.entries, *source.groups.entries)
    requirements = [raw["id"] for entry in groups for raw in entry.raw["items"]]
    yield from _twice(source.processes, [entry.raw["code"] for entry in source.processes.entries])
    yield from _twice(source.general, [entry.raw["id"] for entry in groups])
    yield from _twice(source.general, requirements)
    for section in (source.interfaces, source.roles, source.records):
        yield from _twice(section, [entry.raw["id"] for entry in section.entries])


def _twice(section: Section, ids: Iterable[Placed]) -> Iterator[Problem]:
    first: dict[str, Placed] = {}
    for found in ids:
        known = first.setdefault(found.value.casefold(), found)
        if known is not found:
            message = say('"{name}" stands twice', name=found.value)
            hint = say("the first is on line {line}; give one of them another id", line=section.place(known).line)
            yield _problem("E-DUPLICATE", message, section.place(found), say("again"), hint, section.place(known))


def _processes(source: FitsmSource) -> list[Entry]:
    """The processes, without those whose code stands twice: what is wrong with them is told once."""
    return list({entry.value("code").casefold(): entry for entry in reversed(source.processes.entries)}.values())[::-1]


def _reserved_ids(source: FitsmSource) -> Iterator[Problem]:
    """The id that the import gives to the whole system."""
    for entry in source.processes.entries:
        if entry.value("code").casefold() == WHOLE_SYSTEM.casefold():
            message = say('"{name}" is the id of the process that stands for the whole system', name=WHOLE_SYSTEM)
            place = source.processes.place(entry.raw["code"])
            yield _problem("E-DUPLICATE", message, place, say("taken"), say("give this process another code"))


def _unknown_processes(source: FitsmSource) -> Iterator[Problem]:
    known = source.processes.named("code")
    if known is None:
        return
    for section, named in _named_processes(source):
        if named.value not in known:
            message = say('process "{name}" is not in {file}', name=named.value, file="processes.json")
            hint = did_you_mean(named.value, sorted(known))
            yield _problem("E-PROCESS-UNKNOWN", message, section.place(named), say("no such process"), hint)


def _named_processes(source: FitsmSource) -> Iterator[tuple[Section, Placed]]:
    """Every code that stands for a process, with the section it stands in."""
    for interface in source.interfaces.entries:
        for named in interface.raw["processes"]:
            yield source.interfaces, named
        for row in rows_of(interface):
            yield from product((source.interfaces,), (row.giver, row.taker, row.listed_by))
    for section in (source.groups, source.roles):
        yield from ((section, entry.raw["process"]) for entry in section.entries)
    for record in source.records.entries:
        yield from ((source.records, use["process"]) for use in record.raw["usedBy"])


def _groups_that_disagree(source: FitsmSource) -> Iterator[Problem]:
    """A process names its group of requirements, and the group its process: both must say the same."""
    groups = {entry.value("id"): entry for entry in source.groups.entries}
    processes = {entry.value("code"): entry for entry in _processes(source)}
    known = source.groups.named("id")
    for entry in processes.values():
        named = entry.raw["requirements"]
        group = groups.get(named.value)
        place = source.processes.place(named)
        if known is not None and named.value not in known:
            message = say('there is no group of requirements "{group}"', group=named.value)
            yield _problem("E-GROUP-MISMATCH", message, place, say("no such group"), did_you_mean(named.value, sorted(known)))
        elif group is not None and group.value("process") != entry.value("code"):
            message = say('process "{process}" names group "{group}", which names process "{other}"',
                          process=entry.value("code"), group=named.value, other=group.value("process"))  # fmt: skip
            hint = say("write the same pair on both sides")
            yield _problem("E-GROUP-MISMATCH", message, place, say("disagrees"), hint, source.groups.place(group.raw["process"]))
    for group in source.groups.entries:
        process = processes.get(group.value("process"))
        if process is not None and process.value("requirements") not in groups:
            continue  # told above, at the process
        if process is not None and process.value("requirements") != group.value("id"):
            message = say('group "{group}" names process "{process}", which names group "{other}"',
                          group=group.value("id"), process=group.value("process"), other=process.value("requirements"))  # fmt: skip
            place, other = source.groups.place(group.raw["process"]), source.processes.place(process.raw["requirements"])
            yield _problem("E-GROUP-MISMATCH", message, place, say("disagrees"), say("write the same pair on both sides"), other)


def _owners(source: FitsmSource) -> Iterator[Problem]:
    """A process has one owner: two contradict each other, none leaves a question that nobody can answer."""
    owners: dict[str, Entry] = {}
    for entry in source.roles.entries:
        if entry.raw["kind"] != OWNER:
            continue
        first = owners.setdefault(entry.value("process"), entry)
        if first is not entry:
            message = say('process "{process}" has two owner roles', process=entry.value("process"))
            places = source.roles.place(entry.raw["id"]), source.roles.place(first.raw["id"])
            yield _problem("E-DUPLICATE", message, places[0], say("again"), say("keep one of the two"), places[1])
    if source.roles.nodes is None or len(source.roles.entries) < len(source.roles.nodes):
        return  # the owner may stand in what could not be read
    for entry in _processes(source):
        code = entry.value("code")
        if code not in owners:
            message = say('nobody answers for process "{process}"', process=code)
            hint = say("{file} has no role of kind {kind} for it", file="roles.json", kind=OWNER)
            yield _problem("W-PROCESS-NO-OWNER", message, source.processes.place(entry.raw["code"]), say("no owner"), hint)


def _impossible_ends(source: FitsmSource) -> Iterator[Problem]:
    """A flow goes from one process of its interface to the other, and stands in the table of one of them."""
    for interface in source.interfaces.entries:
        ends = {named.value for named in interface.raw["processes"]}
        if len(ends) != 2:
            message = say('interface "{id}" is not between two processes', id=interface.value("id"))
            place = source.interfaces.place(interface.raw["id"])
            yield _problem("E-FLOW-ENDS", message, place, None, say("write the two processes it is between"))
            continue
        for row in rows_of(interface):
            if set(row.pair) != ends:
                message = say('a flow from "{giver}" to "{taker}" is no flow of interface "{id}"',
                              giver=row.giver.value, taker=row.taker.value, id=interface.value("id"))  # fmt: skip
                hint = say("this interface is between {ends}", ends=", ".join(sorted(ends)))
                yield _problem("E-FLOW-ENDS", message, source.interfaces.place(row.giver), say("another interface"), hint)
            elif row.listed_by.value not in ends:
                message = say('"{name}" lists a flow that it neither gives nor takes', name=row.listed_by.value)
                hint = say("this interface is between {ends}", ends=", ".join(sorted(ends)))
                yield _problem("E-FLOW-ENDS", message, source.interfaces.place(row.listed_by), say("not an end of it"), hint)


def _rows_twice(source: FitsmSource, flows: Sequence[Flow]) -> Iterator[Problem]:
    for flow in flows:
        first: dict[str, Placed] = {}
        for row in flow.rows:
            known = first.setdefault(row.listed_by.value, row.item)
            if known is not row.item:
                message = say('"{name}" lists the same flow twice', name=row.listed_by.value)
                places = source.interfaces.place(row.item), source.interfaces.place(known)
                yield _problem("W-ROW-TWICE", message, places[0], say("again"), say("it was taken once"), places[1])


def _disagreements(source: FitsmSource, flows: Sequence[Flow]) -> Iterator[Problem]:
    """Flows that one side alone lists, where another such flow explains why."""
    alone = [flow for flow in flows if len(flow.listed_by) == 1]
    opposed = _same_words_other_end(alone)
    for one, other in opposed:
        message = say('one flow, two opinions: from "{giver}" to "{taker}", or from "{other_giver}" to "{other_taker}"',
                      giver=one.giver, taker=one.taker, other_giver=other.giver, other_taker=other.taker)  # fmt: skip
        hint = say("both were taken, each listed by one side: take away the one that is wrong in your organisation")
        places = source.interfaces.place(one.rows[0].item), source.interfaces.place(other.rows[0].item)
        yield _problem("W-FLOW-ENDS", message, places[0], say("the same words"), hint, places[1])
    explained = {id(flow) for pair in opposed for flow in pair}
    yield from _two_wordings(source, [flow for flow in alone if id(flow) not in explained])


def _same_words_other_end(alone: Iterable[Flow]) -> list[tuple[Flow, Flow]]:
    """Pairs of equal text and one equal end, the first such flow with each that follows it."""
    first: dict[tuple[str, str, str], Flow] = {}
    found = []
    for flow in alone:
        ends = (("giver", flow.giver), ("taker", flow.taker))
        known = [first.setdefault((flow.item, side, name), flow) for side, name in ends]
        found += [(one, flow) for one in known if one is not flow]
    return found


def _two_wordings(source: FitsmSource, alone: Iterable[Flow]) -> Iterator[Problem]:
    """Each side of a pair lists a flow that the other does not: one flow in two wordings, or two flows."""
    by_pair: dict[tuple[str, str], list[Flow]] = defaultdict(list)
    for flow in alone:
        if flow.giver != flow.taker:
            by_pair[flow.giver, flow.taker].append(flow)
    for (giver, taker), found in by_pair.items():
        given = [flow for flow in found if flow.listed_by == (giver,)]
        taken = [flow for flow in found if flow.listed_by == (taker,)]
        for mine, theirs in zip(given, taken, strict=False):
            message = say('"{giver}" and "{taker}" word a flow from "{giver}" to "{taker}" differently', giver=giver, taker=taker)
            hint = say("both were taken, each listed by one side: agree on one of them, or keep two flows")
            places = source.interfaces.place(mine.rows[0].item), source.interfaces.place(theirs.rows[0].item)
            yield _problem("W-FLOW-WORDING", message, places[0], say('as "{name}" says', name=giver), hint, places[1])


def _notes(source: FitsmSource) -> Iterator[Problem]:
    for interface in source.interfaces.entries:
        if "note" in interface.raw:
            message = say('the source notes on interface "{id}": {note}', id=interface.value("id"), note=interface.value("note"))
            yield _problem("W-SOURCE-NOTE", message, source.interfaces.place(interface.raw["note"]), None, None)
