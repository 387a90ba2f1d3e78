"""The words of a request to sign: where the version stands, and what became of the last button."""

from __future__ import annotations

from collections.abc import Mapping

from ancrage.domain.engagement_versions import VersionState
from ancrage.language import N_, Message, say
from ancrage.services.contract_desk import ContractSheet

STATES: Mapping[VersionState, str] = {
    VersionState.PROPOSED: N_("Version {number}, waits for signatures"),
    VersionState.IN_FORCE: N_("Version {number}, in force"),
    VersionState.SUPERSEDED: N_("Version {number}, replaced by a newer one"),
    VersionState.WITHDRAWN: N_("Version {number}, withdrawn"),
}
FIELDS: Mapping[str, str] = {
    "comment": N_("Noted: what you say is on this page, and the steward of the contract reads it."),
    "decline": N_("Noted: you decline to sign, and the steward of the contract is told. The request stays open."),
}


def contract_standing(sheet: ContractSheet) -> Message:
    """Where the version stands."""
    return Message(STATES[sheet.state], {"number": sheet.number})


def contract_said(sheet: ContractSheet, after: str, reader: str) -> Message | None:
    """What became of the last button, from stored facts; None where nothing of that kind is stored for this reader."""
    mine = {remark.kind for remark in sheet.remarks if remark.person == reader}
    if after in mine:
        return Message(FIELDS[after])
    if after == "sign" and any(party.person == reader and party.signed_at for party in sheet.parties):
        return say("Signed. Thank you.")
    if after == "validate" and sheet.validated_at is not None:
        return say("Noted: the perimeter is validated.")
    return None
