"""One pass of everything that is due: the same stages for `ancrage advance`, the Prefect flows, the scheduler and the demonstration.

Each stage commits in batches of its own; repeating a stage for the same instant changes nothing (ESC-C1).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from ancrage.domain.programme import Programme
from ancrage.domain.working_time import elapsed_seconds
from ancrage.services.anchoring_decisions import ask_for_decisions
from ancrage.services.anchoring_watch import local_day, watch_indicators
from ancrage.services.campaign_watch import campaigns_need_a_pass, run_campaigns
from ancrage.services.commitments import COMMITMENTS_STAGE, ENGINE, pass_over_commitments
from ancrage.services.delivery import assemble_messages, deliver_messages
from ancrage.services.engagement_watch import ENGAGEMENT_WATCH, watch_engagement
from ancrage.services.periodic import next_turn_of_months, open_periodic_commitments
from ancrage.services.programme import current_programme
from ancrage.services.workplace import Workplace
from ancrage.storage.agenda import Agenda, anything_to_deliver, fetch_agenda, mark_pass
from ancrage.storage.engine import fetch_last_pass, fetch_last_passes, save_last_pass
from ancrage.storage.indicators import newest_decision, newest_record
from ancrage.storage.notices import fetch_due_people, has_open_messages
from ancrage.storage.unit_of_work import UnitOfWork
from models.engine import GapRow

BATCH = 200
PEOPLE_TOGETHER = 10
GRACE = timedelta(hours=1)
"""A pass later than this after its turn follows a gap, which is recorded and shown (ESC-C5, S6)."""


class Stage(StrEnum):
    """What a pass is made of, in this order: what people answered, what indicators say, what ladders do, what leaves."""

    CAMPAIGNS = "campaigns"
    INDICATORS = "indicators"
    COMMITMENTS = COMMITMENTS_STAGE
    DELIVERY = "delivery"


ALL_STAGES = tuple(Stage)


@dataclass(frozen=True, slots=True)
class StageReport:
    """What one stage did, by its own words; empty counts mean that nothing was due."""

    stage: Stage
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PassReport:
    """What one pass did."""

    as_of: datetime
    stages: tuple[StageReport, ...]

    def count(self, what: str) -> int:
        """The sum of one kind of thing over all stages."""
        return sum(report.counts.get(what, 0) for report in self.stages)


def advance(place: Workplace, as_of: datetime, stages: Sequence[Stage] = ALL_STAGES) -> PassReport:
    """One pass at `as_of` over the given stages. EngineBusy when another engine is at work; then nothing was done (ESC-G4)."""
    with place.engine_lock() as take_over:
        return PassReport(as_of, tuple(_run(place, stage, as_of, take_over=take_over) for stage in stages))


def advance_stage(place: Workplace, stage: Stage, as_of: datetime) -> StageReport:
    """One stage of a pass at `as_of`. EngineBusy when another engine is at work."""
    return advance(place, as_of, (stage,)).stages[0]


def _run(place: Workplace, stage: Stage, as_of: datetime, *, take_over: bool) -> StageReport:
    match stage:
        case Stage.CAMPAIGNS:
            counts = _run_campaigns(place, as_of)
        case Stage.INDICATORS:
            counts = _run_indicators(place, as_of)
        case Stage.COMMITMENTS:
            counts = _run_commitments(place, as_of)
        case Stage.DELIVERY:
            counts = _run_delivery(place, as_of, take_over=take_over)
    return StageReport(stage, {what: count for what, count in counts.items() if count})


def _run_campaigns(place: Workplace, as_of: datetime) -> dict[str, int]:
    with place.reading() as work:
        if not campaigns_need_a_pass(work, as_of):
            return {}
    with place.units() as work:
        report = run_campaigns(work, current_programme(work), as_of, tuple(place.first_channels))
    return {
        "campaigns_closed": report.closed, "actions_verified": report.verified, "actions_ranked": report.ranked,
        "commitments_opened": report.opened,
    }


def _run_indicators(place: Workplace, as_of: datetime) -> dict[str, int]:
    """What indicators say, then how sponsors answer: an alert of this pass is asked of them before their trend is looked at."""
    with place.reading() as work:
        programme = current_programme(work)
        last = fetch_last_passes(work)
        has_news = _has_news(work, programme, last.get(Stage.INDICATORS), as_of)
    indicators = _watch_indicators(place, as_of) if has_news else {}
    engagement = _watch_engagement(place, as_of) if _is_another_day(programme, last.get(ENGAGEMENT_WATCH), as_of) else {}
    return {what: indicators.get(what, 0) + engagement.get(what, 0) for what in (*indicators, *engagement)}


def _has_news(work: UnitOfWork, programme: Programme, last: datetime | None, as_of: datetime) -> bool:
    """Indicators are watched once a day, and again when a reading has been recorded or something decided since."""
    if last is None or _is_another_day(programme, last, as_of):
        return True
    return last < as_of and any(newest is not None and newest >= last for newest in (newest_record(work), newest_decision(work)))


def _is_another_day(programme: Programme, last: datetime | None, as_of: datetime) -> bool:
    return last is None or local_day(programme, last) != local_day(programme, as_of)


def _watch_indicators(place: Workplace, as_of: datetime) -> dict[str, int]:
    with place.units() as work:
        report = watch_indicators(work, current_programme(work), as_of, tuple(place.first_channels))
        asked = ask_for_decisions(work, current_programme(work), as_of)
        save_last_pass(work, Stage.INDICATORS, as_of)
    return {
        "alerts_raised": report.alerts_raised, "alerts_closed": report.alerts_closed,
        "commitments_opened": report.commitments_opened + asked, "verdicts_changed": report.verdicts_changed,
    }


def _watch_engagement(place: Workplace, as_of: datetime) -> dict[str, int]:
    with place.units() as work:
        report = watch_engagement(work, current_programme(work), as_of, tuple(place.first_channels))
        save_last_pass(work, ENGAGEMENT_WATCH, as_of)
    return {"sponsors_slowing": report.slowing, "commitments_opened": report.opened, "commitments_cancelled": report.closed}


def _run_commitments(place: Workplace, as_of: datetime) -> dict[str, int]:
    """What ladders and months do. A pass without news costs one question and one mark, however many commitments there are.

    What is added here and depends on time alone must say in `look_again_at` when it has to be asked again.
    """
    opened = looked_at = 0
    agenda: Agenda | None = None
    again: datetime | None = None
    while True:
        with place.units() as work:
            if agenda is None:
                agenda = fetch_agenda(work, Stage.COMMITMENTS, as_of)
                if _is_idle(agenda, as_of, place.rhythm + GRACE) and mark_pass(work, Stage.COMMITMENTS, as_of):
                    return {}
                programme = current_programme(work)
                _record_gap(work, programme, as_of, place.rhythm + GRACE)
                opened = open_periodic_commitments(work, programme, as_of, place.first_channels)
                work.flush()
                again = next_turn_of_months(work, programme, as_of)
            batch = pass_over_commitments(work, current_programme(work), as_of, place.first_channels, BATCH)
            looked_at += batch
            if batch < BATCH:
                save_last_pass(work, Stage.COMMITMENTS, as_of, seen_line=agenda.newest_line, look_again_at=again)
                return {"commitments_opened": opened, "commitments_looked_at": looked_at}


def _is_idle(agenda: Agenda, as_of: datetime, longest: timedelta) -> bool:
    """Whether there is nothing to do, not even a gap to record (ESC-C5)."""
    return agenda.passed_at is not None and as_of - agenda.passed_at <= longest and agenda.is_quiet(as_of)


def _record_gap(work: UnitOfWork, programme: Programme, as_of: datetime, longest: timedelta) -> None:
    """ESC-C5: a stop is a gap when more than `longest` of somebody's working time passed in it; nights cost nobody anything."""
    last = fetch_last_pass(work, Stage.COMMITMENTS)
    if last is None or as_of - last <= longest or work.session.get(GapRow, (work.programme_id, last)) is not None:
        return
    calendars = programme.organisation.calendars.values()
    if not any(elapsed_seconds(calendar, last, as_of) > longest.total_seconds() for calendar in calendars):
        return
    work.session.add(GapRow(programme_id=work.programme_id, since=last, until=as_of))
    work.record(as_of, ENGINE, "gap", "engine:commitments", since=last.isoformat(), until=as_of.isoformat())


def _run_delivery(place: Workplace, as_of: datetime, *, take_over: bool) -> dict[str, int]:
    """What leaves now. People are taken some at a time, so that after a long stop nobody's answer waits for all messages."""
    settled: Counter[str] = Counter()
    people: list[str] | None = None
    anything = False
    while people is None or people:
        with place.units() as work:
            if people is None:
                waiting, open_before = anything_to_deliver(work, as_of)
                if not waiting and not open_before and mark_pass(work, Stage.DELIVERY, as_of):
                    return {}
                people = list(fetch_due_people(work, as_of))
            some, people = people[:PEOPLE_TOGETHER], people[PEOPLE_TOGETHER:]
            settled.update(assemble_messages(work, current_programme(work), as_of, place, some))
            if not people:
                save_last_pass(work, Stage.DELIVERY, as_of)
                anything = has_open_messages(work, as_of)
    return dict(settled) | (deliver_messages(place, as_of, take_over=take_over) if anything else {})
