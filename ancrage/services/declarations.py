"""Apply declarations: show what would change, then take it as a new version. A fact in the database is never overwritten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from ancrage.domain.escalation.facts import NoticeStatus
from ancrage.domain.escalation.ladder import replan
from ancrage.domain.organisation import Organisation
from ancrage.domain.programme import Programme
from ancrage.errors import Refused
from ancrage.language import say
from ancrage.services.commitments import ENGINE, ladder_of, save_decision, terms_of
from ancrage.storage.codec import pack_reasons
from ancrage.storage.commitments import fetch_commitments
from ancrage.storage.notices import fetch_notices
from ancrage.storage.programmes import fetch_programme, fetch_version, save_version, snapshot_of
from ancrage.storage.unit_of_work import UnitOfWork
from models.programme import DeclarationVersionRow

SECTIONS = (
    "processes", "products", "parties", "tools", "links", "objectives", "reference_models", "policies", "contracts", "indicators",
    "transformations",
)
ORGANISATION_SECTIONS = ("units", "people", "roles", "calendars")


class ChangeKind(StrEnum):
    """What became of a declared thing between two versions."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One declared thing that differs. `fields` are the names of what changed, empty for added and removed things."""

    section: str
    id: str
    kind: ChangeKind
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApplyPlan:
    """What taking these declarations would change. Empty `changes` and equal fingerprints: nothing."""

    programme: Programme
    from_version: int
    changes: tuple[Change, ...]
    touched_commitments: tuple[str, ...]
    """Running commitments whose calendar or responsible role changes; they keep their policy (ESC-K1)."""

    @property
    def is_empty(self) -> bool:
        return not self.changes


def plan_apply(work: UnitOfWork, programme: Programme) -> ApplyPlan:
    """The difference between the declarations in force and `programme`, in section and id order. Reads only."""
    if programme.id != work.programme_id:
        raise Refused("programme", say("these declarations are of programme {found}, the project is {wanted}",
                                       found=programme.id, wanted=work.programme_id))
    current = fetch_version(work)
    before = _things(current.snapshot) if current else {}
    after = _things(snapshot_of(programme))
    changes = tuple(_differences(before, after))
    return ApplyPlan(programme, current.version if current else 0, changes, _touched(work, changes))


def _things(snapshot: Mapping[str, Any]) -> dict[tuple[str, str], Mapping[str, Any]]:
    organisation = snapshot["organisation"]
    found = {(section, key): value for section in SECTIONS for key, value in snapshot[section].items()}
    found |= {(section, key): value for section in ORGANISATION_SECTIONS for key, value in organisation[section].items()}
    found["organisation", "absences"] = {"absences": organisation["absences"]}
    found["organisation", "fallback"] = {"fallback": organisation["fallback"]}
    found["project", snapshot["id"]] = {key: snapshot[key] for key in ("name", "steward", "defaults", "languages")}
    return found


def _differences(
    before: Mapping[tuple[str, str], Mapping[str, Any]], after: Mapping[tuple[str, str], Mapping[str, Any]]
) -> Iterator[Change]:
    for section, key in sorted(before.keys() | after.keys()):
        old, new = before.get((section, key)), after.get((section, key))
        if old is None:
            yield Change(section, key, ChangeKind.ADDED)
        elif new is None:
            yield Change(section, key, ChangeKind.REMOVED)
        elif old != new:
            fields = tuple(sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name)))
            yield Change(section, key, ChangeKind.CHANGED, tuple(name for name in fields if name != "fingerprint") or fields)


def _touched(work: UnitOfWork, changes: tuple[Change, ...]) -> tuple[str, ...]:
    roles = {change.id for change in changes if change.section == "roles"}
    calendars = {change.id for change in changes if change.section == "calendars"}
    rows = fetch_commitments(work, only_open=True)
    return tuple(row.id for row in rows if row.responsible in roles or row.terms["calendar"] in calendars)


def apply_plan(work: UnitOfWork, plan: ApplyPlan, by: str, at: datetime) -> int:
    """Take the declarations as a new version and return its number; without a change the present version stays.

    Running commitments keep their terms; those whose role or calendar changed are looked at by the next pass (ESC-W7, K2). Refused
    when somebody applied another version since the plan was made.
    """
    current = fetch_version(work)
    if (current.version if current else 0) != plan.from_version:
        raise Refused("stale", say("somebody applied version {version} meanwhile; look at the difference again",
                                   version=current.version if current else 0))
    if plan.is_empty and current is not None:
        return plan.from_version
    before = fetch_programme(work)
    version = plan.from_version + 1
    save_version(
        work,
        DeclarationVersionRow(
            programme_id=work.programme_id, version=version, fingerprint=plan.programme.fingerprint, applied_at=at, applied_by=by,
            snapshot=snapshot_of(plan.programme),
        ),
    )
    work.record(
        at, by, "declarations_applied", f"programme:{plan.programme.id}", version=version, fingerprint=plan.programme.fingerprint,
        changes=[f"{change.kind.value} {change.section}/{change.id}" for change in plan.changes],
    )
    _adjust_running(work, plan, before, at)
    return version


def _adjust_running(work: UnitOfWork, plan: ApplyPlan, before: Programme | None, at: datetime) -> None:
    """Re-plan what a changed calendar touches, never earlier than announced (ESC-K2), and let the next pass see new holders (W7)."""
    changed = {change.id for change in plan.changes if change.section == "calendars" and change.kind is ChangeKind.CHANGED}
    after = plan.programme.organisation
    for row in fetch_commitments(work, only_open=True, ids=plan.touched_commitments):
        terms = terms_of(row)
        if before is not None and terms.calendar in changed:
            decision = replan(terms, ladder_of(row), before.organisation, after, at)
            work.record(at, ENGINE, "replanned", f"commitment:{row.id}", calendar=terms.calendar, reasons=pack_reasons(decision.reasons))
            save_decision(work, after, row, terms, decision, ())
        row.wake_at = at if row.wake_at is None else min(row.wake_at, at)
        work.session.add(row)
    if before is not None:
        _plan_sending_anew(work, before.organisation, after, at)


def _plan_sending_anew(work: UnitOfWork, before: Organisation, after: Organisation, at: datetime) -> None:
    """A notice that waits for somebody whose working hours, digest or daily limit changed is planned again, from now (ESC-S1, S3, S4)."""
    for row in fetch_notices(work, status=NoticeStatus.WAITING):
        if row.message_id is None and _reads_at(before, row.person_id) != _reads_at(after, row.person_id):
            row.hours_changed_at = row.next_at = at
            work.session.add(row)


def _reads_at(organisation: Organisation, person_id: str) -> tuple[object, ...]:
    """Everything that decides when a message may reach a person; nothing for somebody who is not there."""
    person = organisation.people.get(person_id)
    return () if person is None else (organisation.calendars[person.calendar], person.digest_at, person.max_per_day)
