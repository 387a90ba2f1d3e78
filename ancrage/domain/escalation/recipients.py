"""Who is told: roles resolved to persons at the firing instant (ESC-W1 to W4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.escalation.facts import LadderState, Terms
from ancrage.domain.organisation import Organisation

RESPONSIBLE = "responsible"
ACCOUNTABLE = "accountable"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person who is told, and in whose place (None: in their own right)."""

    person: str
    in_place_of: str | None = None


def running_delegate(state: LadderState, at: datetime) -> str | None:
    """The person who answers by delegation at `at`, or None (ESC-A6)."""
    given = state.delegation
    if given is None or at < given.since or (given.until is not None and at >= given.until):
        return None
    return given.person


def responsible_person(terms: Terms, state: LadderState, organisation: Organisation, at: datetime) -> str | None:
    """The delegate if a delegation is running, otherwise the holder of the commitment's role (ESC-W2)."""
    return running_delegate(state, at) or organisation.holder(terms.responsible, at)


def recipients(terms: Terms, state: LadderState, organisation: Organisation, to: Iterable[str], at: datetime) -> tuple[Recipient, ...]:
    """The persons that the roles `to` reach at `at`, each once (ESC-W4), in the order of the roles. Empty: nobody (ESC-W5).

    A person reached both in their own right and in somebody's place is told in their own right.
    """
    found: dict[str, Recipient] = {}
    for name in to:
        recipient = _recipient(terms, state, organisation, name, at)
        if recipient is None:
            continue
        known = found.get(recipient.person)
        if known is None or (known.in_place_of is not None and recipient.in_place_of is None):
            found[recipient.person] = recipient
    return tuple(found.values())


def role_of(terms: Terms, name: str) -> str:
    """The role behind a name of a ladder (ESC-W2)."""
    return terms.responsible if name in (RESPONSIBLE, ACCOUNTABLE) else name


def person_of(terms: Terms, state: LadderState, organisation: Organisation, name: str, at: datetime) -> str | None:
    """Who a name of a ladder means at `at`, present or not (ESC-W2); None when nobody holds the role."""
    if name == RESPONSIBLE:
        return responsible_person(terms, state, organisation, at)
    return organisation.holder(role_of(terms, name), at)


def _recipient(terms: Terms, state: LadderState, organisation: Organisation, name: str, at: datetime) -> Recipient | None:
    """ESC-W2 and W3: the person a role name reaches; the holder of the backup role in place of somebody absent; no chains."""
    role, person = role_of(terms, name), person_of(terms, state, organisation, name, at)
    if person is None:
        return None
    if not organisation.is_absent(person, at):
        return Recipient(person)
    backup_role = organisation.backup_role(role)
    backup = organisation.holder(backup_role, at) if backup_role else None
    if backup is None or organisation.is_absent(backup, at):
        return None
    return Recipient(backup, in_place_of=person)
