"""`ancrage map`: question the process map."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Annotated

import typer

from ancrage.cli.check import Day, Folder, load
from ancrage.cli.invocation import Invocation, Json
from ancrage.errors import NotFound
from ancrage.language import N_, Message, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ancrage.domain.map_graph import Impact, ProcessMap
    from ancrage.domain.programme import Programme

HELP = N_(
    "Question the process map: what has no owner, which outputs nobody uses, which inputs nobody brings, the loops, who answers between "
    "two units; and with --impact, what is hit when a process, a person, a tool or a party fails."
)


def command(
    ctx: typer.Context,
    path: Folder = None,
    impact: Annotated[
        str | None, typer.Option(metavar="ID", help=N_("What is hit when this process, person, tool or party fails."))
    ] = None,
    as_of: Day = None,
    json: Json = False,  # noqa: ARG001 - its callback has already told the invocation
) -> None:
    """Print the answers; declarations with errors are refused with all of them."""
    from ancrage.domain.map_graph import ProcessMap

    asked = Invocation.of(ctx)
    at = datetime.combine(as_of, time(12), UTC) if as_of else datetime.now(UTC)
    programme = load(asked, path, as_of).require()
    process_map = ProcessMap(programme)
    if impact is not None:
        _show_impact(asked, impact, impact_of(programme, process_map, impact, at))
    elif asked.json:
        asked.emit("map", 1, answers(process_map, at))
    else:
        for line in described(process_map, at):
            asked.show(line)


def answers(process_map: ProcessMap, at: datetime) -> dict[str, object]:
    """What `--json` says: shape `ancrage.map`, version 1. Ids everywhere, in declared order unless a field says otherwise."""
    return {
        "processes": len(process_map.processes),
        "flows": len(process_map.links),
        "without_owner": [*process_map.without_owner(), *process_map.with_vacant_owner(at)],
        "unused_outputs": [{"process": process, "product": product} for process, product in process_map.unused_outputs()],
        "unfed_inputs": [{"process": process, "product": product} for process, product in process_map.unfed_inputs()],
        "one_sided_flows": [{"flow": link, "not_listed_by": process} for link, process in process_map.one_sided_links()],
        "loops": [list(loop) for loop in process_map.loops()],
        "interfaces": [
            {"from": found.source_unit, "to": found.target_unit, "flows": list(found.links), "answering": list(found.answering)}
            for found in process_map.interfaces()
        ],
        "owners": {person: list(processes) for person, processes in process_map.owners(at).items()},
        "reach": process_map.reach(),
    }


def described(process_map: ProcessMap, at: datetime) -> Iterable[Message]:
    """The same answers as lines to read, each question with its count; a question without findings says so in its count alone."""
    yield say("processes: {processes}, flows: {flows}", processes=len(process_map.processes), flows=len(process_map.links))
    ownerless = (*process_map.without_owner(), *process_map.with_vacant_owner(at))
    yield from _listed(say("nobody answers for: {count}", count=len(ownerless)), ownerless)
    unused = [f"{process}: {product}" for process, product in process_map.unused_outputs()]
    yield from _listed(say("outputs nobody consumes: {count}", count=len(unused)), unused)
    unfed = [f"{process}: {product}" for process, product in process_map.unfed_inputs()]
    yield from _listed(say("inputs nobody produces: {count}", count=len(unfed)), unfed)
    one_sided = [f"{link} ({process})" for link, process in process_map.one_sided_links()]
    yield from _listed(say("flows that one side does not list: {count}", count=len(one_sided)), one_sided)
    loops = process_map.loops()
    yield from _listed(say("loops, a shortest one of each group: {count}", count=len(loops)), [" -> ".join((*it, it[0])) for it in loops])
    between = process_map.interfaces()
    shown = [f"{it.source_unit} -> {it.target_unit}: {', '.join(it.links)} ({', '.join(it.answering) or '-'})" for it in between]
    yield from _listed(say("interfaces between units, with who answers: {count}", count=len(between)), shown)
    owners = process_map.owners(at)
    yield from _listed(say("owners, most processes first: {count}", count=len(owners)), [f"{it}: {', '.join(owners[it])}" for it in owners])


def _listed(title: Message, rows: Iterable[str]) -> Iterable[Message]:
    yield title
    for row in rows:
        yield say("  {row}", row=row)


def impact_of(programme: Programme, process_map: ProcessMap, name: str, at: datetime) -> Impact:
    """What is hit when the thing of this id fails, whatever it is; NotFound when nothing is called so."""
    asked: tuple[tuple[object, Callable[[str], Impact]], ...] = (
        (programme.processes, process_map.impact_of_process),
        (programme.organisation.people, lambda person: process_map.impact_of_person(person, at)),
        (programme.tools, process_map.impact_of_tool),
        (programme.parties, process_map.impact_of_party),
    )
    for declared, question in asked:
        if name in declared:  # type: ignore[operator]
            return question(name)
    raise NotFound(say("there is no process, person, tool or party {name}", name=name))


def _show_impact(asked: Invocation, name: str, impact: Impact) -> None:
    if asked.json:
        asked.emit("impact", 1, {"of": name, "direct": list(impact.direct), "further": list(impact.further)})
        return
    asked.show(say("when {name} fails", name=name))
    for line in (
        *_listed(say("hit directly: {count}", count=len(impact.direct)), impact.direct),
        *_listed(say("hit through them: {count}", count=len(impact.further)), impact.further),
    ):
        asked.show(line)
