"""The words of journal lines, in which pages and explanations tell what happened."""

from __future__ import annotations

from collections.abc import Mapping

from ancrage.language import N_, Message, say

JOURNAL: Mapping[str, str] = {
    "absence_recorded": N_("absence recorded"),
    "action_ack": N_("acknowledged"),
    "action_accepted": N_("action accepted"),
    "action_cancel": N_("cancelled"),
    "action_delegate": N_("delegated"),
    "action_escalate": N_("escalated by hand"),
    "action_fulfil": N_("done"),
    "action_pause": N_("clock stopped"),
    "action_done": N_("action done"),
    "action_dropped": N_("action dropped"),
    "action_verified": N_("action verified by its effect"),
    "effect_not_seen": N_("effect not seen"),
    "action_proposed": N_("action proposed"),
    "action_resume": N_("clock started again"),
    "action_snooze": N_("put off"),
    "action_waive": N_("waived"),
    "alert_closed": N_("alert over"),
    "alert_raised": N_("alert raised"),
    "answers_slow_down": N_("answers slow down"),
    "campaign_closed": N_("campaign closed"),
    "campaign_opened": N_("campaign opened"),
    "cell_decided": N_("rating agreed"),
    "evidence_added": N_("evidence added"),
    "evidence_renewed": N_("evidence renewed"),
    "evidence_used": N_("evidence put behind a rating"),
    "evidence_withdrawn": N_("evidence withdrawn"),
    "finding_changed": N_("finding completed"),
    "group_judged": N_("group of practices judged"),
    "request_changes_requested": N_("answers given back"),
    "request_reopened": N_("answers reopened"),
    "scope_changed": N_("scope changed"),
    "clock_recorded": N_("clock of a transformation recorded"),
    "commitment_opened": N_("commitment opened"),
    "contract_commented": N_("contract commented on"),
    "contract_declined": N_("signature declined"),
    "contract_in_force": N_("contract in force"),
    "contract_proposed": N_("contract proposed"),
    "contract_remark_answered": N_("comment on a contract answered"),
    "contract_signed": N_("contract signed"),
    "contract_withdrawn": N_("version of a contract withdrawn"),
    "perimeter_validated": N_("perimeter validated"),
    "stakeholder_told": N_("stakeholder told"),
    "declarations_applied": N_("declarations applied"),
    "feedback_sent": N_("feedback sent to the sponsor"),
    "gap": N_("engine stopped and started again"),
    "line_published": N_("public line sent to the stakeholders"),
    "measure_closed": N_("measure closed and judged"),
    "measure_opened": N_("measure opened"),
    "message_put_off": N_("message not taken yet: tried again later"),
    "message_sent": N_("message sent"),
    "month_overtaken": N_("overtaken by a newer month"),
    "notice_cancelled": N_("notice no longer needed"),
    "notice_failed": N_("notice could not be delivered"),
    "notice_sent": N_("notice sent"),
    "notice_superseded": N_("notice replaced by a later one"),
    "notice_waiting": N_("notice waiting"),
    "pass": N_("ladder walked"),
    "promise_called": N_("promise called in"),
    "promise_not_signed": N_("promise not called in: contract not signed"),
    "ranked": N_("actions ranked"),
    "rated": N_("ratings given"),
    "replanned": N_("planned anew: the calendar changed"),
    "reading_corrected": N_("reading corrected"),
    "reading_recorded": N_("reading recorded"),
    "responsibility_passed": N_("responsibility passed on"),
    "series_ended": N_("series of a measure ended"),
    "series_paused": N_("clock of a series stopped"),
    "series_resumed": N_("clock of a series started again"),
    "series_started": N_("series of a measure begun"),
    "verdict_changed": N_("verdict changed"),
    "waiver_asked": N_("waiver asked for"),
    "waiver_refused": N_("waiver refused"),
    "sign_in_mailed": N_("sign-in link sent"),
    "sign_in_not_mailed": N_("sign-in link could not be sent"),
    "signed_in": N_("signed in"),
    "signed_out": N_("signed out"),
    "session_revoked": N_("session revoked"),
    "workbook_taken": N_("answers taken from a workbook"),
}


def journal_words(what: str) -> str | Message:
    """What a journal line tells; a kind without words of its own is shown by its code."""
    if what in JOURNAL:
        return Message(JOURNAL[what])
    refused = what.removeprefix("action_refused_")
    if refused != what and f"action_{refused}" in JOURNAL:
        return say("refused: {what}", what=Message(JOURNAL[f"action_{refused}"]))
    return what
