"""Contracts as JSON and as words: what `ancrage contracts` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ancrage.cli.invocation import Invocation
from ancrage.cli.opening import local
from ancrage.language import Message, say

if TYPE_CHECKING:
    from ancrage.domain.engagement import Trigger
    from ancrage.domain.engagement_changes import TextChange
    from ancrage.services.contract_findings import ContractFinding
    from ancrage.services.contract_history import ContractHistory, VersionView
    from ancrage.services.contract_views import ContractView, PartyView, RemarkView


def contract_json(view: ContractView) -> dict[str, object]:
    """Every field of one contract."""
    return {
        "id": view.id, "name": view.name, "fingerprint": view.version, "in_force": view.in_force,
        "in_force_version": view.in_force_version, "in_force_since": view.in_force_since, "proposed_version": view.proposed_version,
        "differs": view.differs, "changes": [change_json(change) for change in view.changes], "open_remarks": view.open_remarks,
        "older_signatures": view.older_signatures,
        "parties": [party_json(it) for it in view.parties],
        "perimeter": list(view.perimeter), "outside": list(view.outside), "objectives": list(view.objectives),
        "clauses": [
            {"id": it.id, "promise": it.promise, "by": it.by, "by_name": it.by_name, "trigger": _trigger_json(it.trigger),
             "delay": it.delay, "policy": it.policy, "cost_hours_per_month": it.cost_hours_per_month, "waiver": it.waiver,
             "negotiable": it.negotiable, "running": it.running}
            for it in view.clauses
        ],
    }  # fmt: skip


def party_json(view: PartyView) -> dict[str, object]:
    """One party and its signature."""
    return {
        "role": view.role, "role_name": view.role_name, "person": view.person, "person_name": view.person_name or None,
        "signed_at": view.signed_at, "signed_by": view.signed_by,
    }  # fmt: skip


def change_json(change: TextChange) -> dict[str, object]:
    """One difference between two texts."""
    return {"clause": change.clause, "field": change.field or None, "before": change.before or None, "after": change.after or None}


def remark_json(view: RemarkView) -> dict[str, object]:
    """One comment or refusal."""
    return {
        "id": view.id, "kind": view.kind, "version": view.version, "clause": view.clause, "role": view.role, "person": view.person,
        "person_name": view.person_name, "at": view.at, "text": view.text, "answered_at": view.answered_at,
        "answered_by": view.answered_by, "answer": view.answer or None,
    }  # fmt: skip


def finding_json(finding: ContractFinding) -> dict[str, object]:
    """One weakness and what to do about it."""
    return {"message": finding.message, "advice": finding.advice}


def history_json(history: ContractHistory) -> dict[str, object]:
    """The whole life of one contract."""
    return {
        "contract": history.id, "name": history.name, "perimeter": list(history.perimeter),
        "versions": [_version_json(version) for version in history.versions],
        "validations": [
            {"at": it.at, "person": it.person, "fingerprint": it.fingerprint, "perimeter": list(it.perimeter), "is_present": it.is_present}
            for it in history.validations
        ],
        "told": [
            {"at": it.at, "role": it.role, "role_name": it.role_name, "person": it.person, "by": it.by, "how": it.how}
            for it in history.told
        ],
    }  # fmt: skip


def _version_json(view: VersionView) -> dict[str, object]:
    return {
        "number": view.number, "state": view.state.value, "fingerprint": view.fingerprint, "proposed_at": view.proposed_at,
        "proposed_by": view.proposed_by, "in_force_at": view.in_force_at, "withdrawn_at": view.withdrawn_at,
        "withdrawn_why": view.withdrawn_why or None, "parties": [party_json(it) for it in view.parties],
        "remarks": [remark_json(it) for it in view.remarks], "changes": [change_json(it) for it in view.changes],
    }  # fmt: skip


def _trigger_json(trigger: Trigger | None) -> object:
    if trigger is None:
        return None
    return {"kind": trigger.kind.value, "indicators": list(trigger.indicators), "every": trigger.every}


def state_words(view: ContractView) -> Message:
    """Where a contract stands, in words that say what comes next."""
    if view.in_force_version is None:
        return say("not in force: version {version} waits for signatures", version=view.proposed_version) if view.proposed_version else say(
            "never proposed"
        )
    if view.proposed_version is not None:
        return say("in force (version {version}); version {next} waits for signatures", version=view.in_force_version,
                   next=view.proposed_version)  # fmt: skip
    if view.differs:
        return say("in force (version {version}); the declared text differs", version=view.in_force_version)
    return say("in force (version {version})", version=view.in_force_version)


def show_remark(asked: Invocation, view: RemarkView, zone: str) -> None:
    """One comment or refusal, in two lines at most."""
    about = say("clause {clause}", clause=view.clause) if view.clause else say("the whole")
    what = say("declines to sign") if view.kind == "decline" else say("on {about}", about=about)
    asked.show(say("[{id}] {at} {person}, version {version}, {what}: {text}", id=view.id, at=local(zone, view.at), person=view.person_name,
                   version=view.version, what=what, text=view.text))  # fmt: skip
    if view.answered_at is not None:
        asked.show(say("  answered {at} by {person}: {text}", at=local(zone, view.answered_at), person=view.answered_by,
                       text=view.answer or "-"))  # fmt: skip


def show_version(asked: Invocation, view: VersionView, zone: str) -> None:
    """One version of a history."""
    asked.show(say("Version {number} ({state}), proposed {at} by {person}", number=view.number, state=STATES[view.state.value],
                   at=local(zone, view.proposed_at), person=view.proposed_by))  # fmt: skip
    if view.withdrawn_at is not None:
        asked.show(say("  withdrawn {at}: {why}", at=local(zone, view.withdrawn_at), why=view.withdrawn_why or "-"))
    for change in view.changes:
        asked.show(say("  changed: {change}", change=change.words))
    for party in view.parties:
        if party.signed_at is not None:
            asked.show(say("  signed {at} by {person} as {role}", at=local(zone, party.signed_at), person=party.signed_by,
                           role=party.role_name))  # fmt: skip
        elif view.state.value == "proposed":
            asked.show(say("  not signed yet by {person} as {role}", person=party.person_name or "-", role=party.role_name))
    for remark in view.remarks:
        show_remark(asked, remark, zone)


STATES = {
    "proposed": say("waits for signatures"), "in_force": say("in force"), "superseded": say("replaced by a newer one"),
    "withdrawn": say("withdrawn"),
}  # fmt: skip
