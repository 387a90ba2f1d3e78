"""What people decide about indicators: new phases, accepted levels, lifetimes, the end of support; and who is asked to decide.

Every decision is kept with its author and reason, and counts from the next look at the indicator.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from ancrage.domain.anchoring.decisions import DecisionKind, asks_for_a_lifetime, judge
from ancrage.domain.anchoring.verdict import State
from ancrage.domain.escalation.facts import Action, ActionKind, Result, Status
from ancrage.domain.indicators import Indicator, Phase
from ancrage.domain.programme import Programme
from ancrage.domain.working_time import WorkingDays
from ancrage.errors import NotFound, Refused
from ancrage.language import say
from ancrage.notices.plain import one_line
from ancrage.services.anchoring_facts import circumstances, living
from ancrage.services.anchoring_watch import clauses_for, local_day, open_clause
from ancrage.services.commitments import NewCommitment, act_on_commitment, open_commitment
from ancrage.services.contract_versions import promises_in_force
from ancrage.services.programme import current_programme
from ancrage.services.readings import points_of
from ancrage.storage.commitments import fetch_commitment, fetch_commitment_by_event, fetch_commitments
from ancrage.storage.indicators import fetch_alert, fetch_decisions
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentKind
from models.indicators import AlertStatus, AnchoringDecisionRow

LIFETIME_BUDGET = WorkingDays(10)
"""How long the owner has to say what becomes of an indicator that was to be followed until a day that has passed."""
LONGEST_WHY = 500
REBASES = (DecisionKind.REBASE_ACCEPTED, DecisionKind.REBASE_REFUSED)


def indicator_of(programme: Programme, indicator_id: str) -> Indicator:
    """The declared indicator. NotFound names those there are."""
    indicator = programme.indicators.get(indicator_id)
    if indicator is None:
        known = ", ".join(programme.indicators) or "-"
        raise NotFound(say("there is no indicator {indicator}; declared: {known}", indicator=indicator_id, known=known))
    return indicator


def may_decide(programme: Programme, indicator: Indicator, person_id: str, at: datetime, *, as_sponsor: bool = False) -> bool:
    """Whether somebody may decide about an indicator: its owner (not `as_sponsor`), whom it reports to, who promised to react, stewards."""
    called = clauses_for(programme, indicator)
    roles = {indicator.reports_to, programme.steward, *(clause.by for _, clause in called), *(contract.steward for contract, _ in called)}
    if not as_sponsor:
        roles.add(indicator.owner)
    return person_id in {programme.organisation.holder(role, at) for role in roles if role}


def _refuse_strangers(programme: Programme, indicator: Indicator, by: str, at: datetime, *, as_sponsor: bool = False) -> None:
    if may_decide(programme, indicator, by, at, as_sponsor=as_sponsor):
        return
    if as_sponsor:
        raise Refused("not_allowed", say("only a sponsor of this indicator or a steward may accept another level: nothing was changed"))
    raise Refused("not_allowed", say("only its owner, a sponsor or a steward decides about this indicator: nothing was changed"))


def decide_rebase(work: UnitOfWork, indicator_id: str, day: date, *, accept: bool, why: str, by: str, at: datetime) -> bool:
    """Accept or refuse that a new phase of the chart begins on `day`; the same decision again changes nothing (False).

    NotFound for an unknown indicator or a day without a reading; Refused (`not_allowed`, `reason_missing`).
    """
    programme = current_programme(work)
    indicator = indicator_of(programme, indicator_id)
    _refuse_strangers(programme, indicator, by, at)
    if all(point.day != day or point.reading is None for point in points_of(work, indicator_id)):
        raise NotFound(say("{indicator} has no reading of {day}: a phase begins on the day of a reading", indicator=indicator_id, day=day))
    kind = DecisionKind.REBASE_ACCEPTED if accept else DecisionKind.REBASE_REFUSED
    decided = [one for one in fetch_decisions(work, indicator_id) if one.day == day and one.kind in REBASES]
    if decided and decided[-1].kind is kind:
        return False
    _keep(work, kind, indicator_id, day, None, why, by, at)
    return True


def accept_level(work: UnitOfWork, indicator_id: str, why: str, by: str, at: datetime) -> date:
    """A sponsor accepts the eroded level as the new one, from today on; returns the day.

    Refused (`not_eroding`) while the practice does not fade: then there is no other level to accept.
    """
    programme = current_programme(work)
    indicator = indicator_of(programme, indicator_id)
    _refuse_strangers(programme, indicator, by, at, as_sponsor=True)
    today = local_day(programme, at)
    verdict = judge(indicator, points_of(work, indicator_id), circumstances(work, programme, today)[indicator_id], today)
    if verdict.state is not State.ERODING:
        raise Refused("not_eroding", say("the practice {headline}: there is no eroded level to accept", headline=verdict.headline))
    _keep(work, DecisionKind.LEVEL_ACCEPTED, indicator_id, today, None, why, by, at)
    return today


def decide_lifetime(
    work: UnitOfWork, indicator_id: str, phase: Phase, until: date | None, why: str, by: str, at: datetime, channels: Sequence[str]
) -> None:
    """From today on the indicator is only watched (until a day, or for good), or retired. Fulfils what asked for this decision.

    Life goes one way: Refused (`backwards`) for an earlier phase, (`until`) for an end that is not to come.
    """
    programme = current_programme(work)
    _refuse_strangers(programme, indicator_of(programme, indicator_id), by, at)
    today = local_day(programme, at)
    now = living(indicator_of(programme, indicator_id), circumstances(work, programme, today), today)
    kinds = {Phase.WATCH: DecisionKind.WATCH, Phase.RETIRE: DecisionKind.RETIRE}
    if phase not in kinds or tuple(Phase).index(phase) < tuple(Phase).index(now.phase):
        going = say("an indicator in phase {found} cannot go back to {wanted}", found=now.phase.value, wanted=phase.value)
        raise Refused("backwards", going)
    if until is not None and until <= today:
        raise Refused("until", say("the end of a watch must lie in the future"))
    if (now.phase, now.follow_until) == (phase, until) and now != indicator_of(programme, indicator_id):
        return
    _keep(work, kinds[phase], indicator_id, today, until if phase is Phase.WATCH else None, why, by, at)
    asked = fetch_commitment_by_event(work, _lifetime_event(now)) if now.follow_until else None
    if asked is not None and asked.status is not Status.CLOSED:
        done = Action(id=f"lifetime:{asked.id}:{phase.value}", kind=ActionKind.FULFIL, at=at, by=by, reason=why)
        act_on_commitment(work, programme, asked.id, done, channels)


def asked_lifetime(work: UnitOfWork, commitment_id: str) -> str:
    """The indicator whose lifetime a commitment asks to decide; empty where it asks something else, or is closed."""
    row = fetch_commitment(work, commitment_id)
    return str(row.subject["indicator"]) if row is not None and "lifetime" in row.subject and row.status is not Status.CLOSED else ""


def decide_asked_lifetime(
    work: UnitOfWork, commitment_id: str, phase: Phase, until: date | None, action: Action, channels: Sequence[str]
) -> None:
    """Decide what a commitment asks for, by whom and why the action says. Refused (`form`) where it asks for no lifetime."""
    indicator_id = asked_lifetime(work, commitment_id)
    if not indicator_id:
        raise Refused("form", say("This form is not complete. Open the link of your message again."))
    decide_lifetime(work, indicator_id, phase, until, action.reason, action.by, action.at, channels)


def record_support_ended(work: UnitOfWork, transformation_id: str, day: date, why: str, by: str, at: datetime) -> None:
    """Support of a transformation ended on `day`: from then the calendar time of `anchored` runs (step 4)."""
    programme = current_programme(work)
    if transformation_id not in programme.transformations:
        known = ", ".join(programme.transformations) or "-"
        raise NotFound(say("there is no transformation {transformation}; declared: {known}", transformation=transformation_id, known=known))
    if day > local_day(programme, at):
        raise Refused("future", say("what has not happened yet cannot be recorded: {day}", day=day))
    _keep(work, DecisionKind.SUPPORT_ENDED, transformation_id, day, None, why or "-", by, at, "transformation")


def _keep(
    work: UnitOfWork, kind: DecisionKind, subject: str, day: date, until: date | None, why: str, by: str, at: datetime,
    about: str = "indicator",
) -> None:
    reason = one_line(why, LONGEST_WHY)
    if not reason:
        raise Refused("reason_missing", say("a decision needs a reason: nothing was changed"))
    identity = f"{kind.value}:{subject}:{day.isoformat()}:{at:%Y%m%dT%H%M%SZ}"
    if work.session.get(AnchoringDecisionRow, (work.programme_id, identity)) is not None:
        return
    work.session.add(
        AnchoringDecisionRow(
            programme_id=work.programme_id, id=identity, kind=kind, subject_id=subject, day=day, until=until, decided_at=at,
            decided_by=by, why=reason,
        )
    )
    work.record(at, by, kind.value, f"{about}:{subject}", day=day.isoformat(), until=until.isoformat() if until else None, why=reason)
    work.flush()


def ask_for_decisions(work: UnitOfWork, programme: Programme, as_of: datetime) -> int:
    """What a pass asks people to decide: a lifetime whose end has passed, and an alert whose analysis has come. How many were opened."""
    return _ask_for_lifetimes(work, programme, as_of) + _ask_again_after_analysis(work, programme, as_of)


def _lifetime_event(indicator: Indicator) -> str:
    until = indicator.follow_until
    return f"lifetime:{indicator.id}:{until.isoformat() if until else ''}"


def _ask_for_lifetimes(work: UnitOfWork, programme: Programme, as_of: datetime) -> int:
    today = local_day(programme, as_of)
    declared = [one for one in programme.indicators.values() if one.phase is not Phase.RETIRE]
    if all(one.follow_until is None or one.follow_until >= today for one in declared):
        return 0
    known = circumstances(work, programme, today)
    lives = (living(indicator, known, today) for indicator in declared)
    return sum(_ask_for_lifetime(work, programme, one, as_of) for one in lives if asks_for_a_lifetime(one, today))


def _ask_for_lifetime(work: UnitOfWork, programme: Programme, indicator: Indicator, as_of: datetime) -> int:
    defaults, event = programme.defaults, _lifetime_event(indicator)
    title = say("Decide what becomes of “{indicator}”: watch it or retire it", indicator=indicator.name).label()
    new = NewCommitment(
        id=event, kind=CommitmentKind.REVIEW, title=title, event_id=event, responsible=indicator.owner, calendar=defaults.calendar,
        budget=LIFETIME_BUDGET, policy=programme.policies[defaults.reading],
        subject={"indicator": indicator.id, "lifetime": str(indicator.follow_until)},
    )  # fmt: skip
    return int(open_commitment(work, programme, new, as_of) is not None)


ANALYSIS = "analysis"
"""Key of the subject of an analysis: the commitment of the sponsor who asked for it."""


def analysis_id(alert_id: str) -> str:
    """One analysis for each alert, whoever asks."""
    return f"analysis:{alert_id}"


def _ask_again_after_analysis(work: UnitOfWork, programme: Programme, as_of: datetime) -> int:
    """The analysis has come and the alert is not over: who asked for it is asked to decide, once."""
    promised = promises_in_force(work, programme)
    opened = 0
    for row in fetch_commitments(work, kind=CommitmentKind.REVIEW):
        if ANALYSIS not in row.subject or row.status is not Status.CLOSED or row.result not in (Result.KEPT, Result.LATE):
            continue
        alert, asked = fetch_alert(work, str(row.subject["alert"])), fetch_commitment(work, str(row.subject[ANALYSIS]))
        if alert is None or alert.status is AlertStatus.CLOSED or asked is None or asked.clause_id is None:
            continue
        pair = next((each for each in promised.clauses() if each[1].id == asked.clause_id), None)
        if pair is not None:
            subject = {"alert": alert.id, "indicator": alert.indicator_id, "analysed": row.id}
            opened += open_clause(work, promised, *pair, f"analysed:{alert.id}", subject, as_of)
    return opened
