"""The words of notices about contracts beside the ladder: one to sign, a refusal, a comment."""

from __future__ import annotations

from collections.abc import Mapping

from ancrage.language import N_, Message, say
from ancrage.notices.notice import NoticeItem, NoticeKind

BADGES: Mapping[NoticeKind, str] = {
    NoticeKind.TO_SIGN: N_("To sign"),
    NoticeKind.DECLINED: N_("Signature declined"),
    NoticeKind.COMMENTED: N_("Comment on a contract"),
}


def lead_about_contract(item: NoticeItem) -> Message:
    """Why this notice comes now, to this reader."""
    who = item.asked_by or say("Somebody")
    match item.kind:
        case NoticeKind.DECLINED:
            return say("{who} declines to sign, with this reason: “{reason}”.", who=who, reason=item.reason or "-")
        case NoticeKind.COMMENTED:
            return say("{who} says what should change: “{reason}”.", who=who, reason=item.reason or "-")
        case _:
            return say("A contract is proposed for your signature.")


def contract_in_a_room(item: NoticeItem) -> Message:
    """The same where others read it too: what people said stays between them."""
    who = item.asked_by or say("Somebody")
    match item.kind:
        case NoticeKind.DECLINED:
            return say("{who} declines to sign.", who=who)
        case NoticeKind.COMMENTED:
            return say("{who} says what should change.", who=who)
        case _:
            return say("A contract is proposed for signature. Still waiting for: {who}.", who=item.responsible or "-")


def asked_about_contract() -> Message:
    """What the steward is to do about what was said."""
    return say("Please answer, and propose a new version if the text is to change.")
