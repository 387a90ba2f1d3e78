"""The words of states in tables for people. JSON keeps the bare codes."""

from __future__ import annotations

from collections.abc import Mapping

from ancrage.language import N_, Message, say

STATES: Mapping[str, str] = {
    # commitments, and how they ended
    "acknowledged": N_("taken care of"), "snoozed": N_("put off"), "paused": N_("clock stopped"), "kept": N_("kept"), "late": N_("late"),
    "waived": N_("waived"), "missed_unobserved": N_("missed while nobody was told"), "superseded_by_newer": N_("overtaken by a newer one"),
    # campaigns and actions
    "open": N_("open"), "closed": N_("closed"), "proposed": N_("proposed"), "accepted": N_("accepted"), "done": N_("done"),
    "verified": N_("verified"), "dropped": N_("dropped"),
    # notices
    "waiting": N_("waiting"), "sent": N_("sent"), "cancelled": N_("cancelled"), "superseded": N_("superseded"), "failed": N_("failed"),
}  # fmt: skip


def state_word(code: str) -> Message:
    """What a state is called in the reader's language; a code nobody has worded is shown as it is."""
    return Message(STATES[code]) if code in STATES else say("{state}", state=code)
