"""Process maps and engagement contracts made of a few words, for tests of the questions asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from ancrage.domain.organisation import Organisation, Person, Role, RolePeriod, Unit
from ancrage.domain.process_map import Link, Party, Process, ProcessKind
from ancrage.domain.programme import DefaultPolicies, Programme
from ancrage.domain.working_time import Calendar
from ancrage.language import Label

AT = datetime(2026, 1, 5, 8, tzinfo=UTC)
OFFICE = Calendar("office", "Europe/Paris", (((540, 1080),),) * 5 + ((), ()))


def organisation(
    roles: Mapping[str, str | None] | None = None, backups: Mapping[str, str] | None = None, hours: Mapping[str, float] | None = None
) -> Organisation:
    """Roles with the person who always holds each (None: nobody), people with the hours they have."""
    held, available = roles or {}, hours or {}
    people = dict.fromkeys([*(person for person in held.values() if person), *available])
    return Organisation(
        people={name: Person(name, name, "office", hours_per_month=available.get(name)) for name in people},
        roles={
            name: Role(name, Label.same(name), (RolePeriod(person),) if person else (), (backups or {}).get(name))
            for name, person in held.items()
        },
        calendars={"office": OFFICE},
        fallback="",
        units={"u": Unit("u", Label.same("u"))},
    )


def programme(people: Organisation | None = None, **sections: Mapping[str, Any]) -> Programme:
    """A programme of these sections."""
    return Programme(
        "test", Label.same("test"), "lead", people or organisation(), DefaultPolicies("office", "", "", ""), **sections  # type: ignore[arg-type]
    )  # fmt: skip


def process(name: str, **fields: Any) -> Process:
    """A process that is owned by the role `owner`, unless told otherwise."""
    return Process(name, Label.same(name), ProcessKind.OPERATIONAL, **{"owner": "owner", **fields})


def map_of(
    flows: Iterable[str], people: Organisation | None = None, parties: Iterable[str] = (), **changed: Mapping[str, Any]
) -> Programme:
    """A map from words such as `a>b:report`; every end that is no party is a process. `changed` gives fields of single processes."""
    links, names = {}, dict.fromkeys(changed)
    for number, flow in enumerate(flows):
        ends, _, product = flow.partition(":")
        source, _, target = ends.partition(">")
        names |= dict.fromkeys((source, target))
        links[f"l{number}"] = Link(f"l{number}", source, target, product or "thing")
    outside = tuple(parties)
    return programme(
        people,
        processes={name: process(name, **changed.get(name, {})) for name in names if name not in outside},
        parties={name: Party(name, Label.same(name)) for name in outside},
        links=links,
    )
