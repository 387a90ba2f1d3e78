"""The chart and the verdict of a declared indicator, with everything that people recorded about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from ancrage.domain.anchoring.chart import Chart, draw_chart
from ancrage.domain.anchoring.decisions import Circumstances, DecisionKind, decided_rebases, judge
from ancrage.domain.anchoring.rebasing import Proposal, propose_rebases
from ancrage.domain.anchoring.series import Point, until
from ancrage.domain.anchoring.verdict import Verdict
from ancrage.domain.indicators import Indicator, ValueKind
from ancrage.domain.programme import Programme
from ancrage.language import N_, Message, say
from ancrage.services.anchoring_decisions import indicator_of
from ancrage.services.anchoring_facts import circumstances, clocks_struck
from ancrage.services.anchoring_watch import local_day
from ancrage.services.programme import current_programme
from ancrage.services.readings import points_of
from ancrage.storage.unit_of_work import UnitOfWork

PROFILE = "nhs"
CLOCK_EVENTS = {
    "defined": N_("process defined"),
    "tool_delivered": N_("tool delivered"),
    "adopted": N_("practice adopted"),
    "effects": N_("effects observed"),
}


@dataclass(frozen=True, slots=True)
class Annotation:
    """Something that happened on a day and belongs on the chart."""

    day: date
    text: Message


@dataclass(frozen=True, slots=True)
class Study:
    """One indicator at `today`: what is known, and what follows from it. `proposals` are phases nobody has decided on."""

    indicator: Indicator
    today: date
    points: tuple[Point, ...]
    known: Circumstances
    chart: Chart
    verdict: Verdict
    proposals: tuple[Proposal, ...]
    events: tuple[Annotation, ...]

    @property
    def is_share(self) -> bool:
        """Figures are written in percent."""
        return self.indicator.kind is ValueKind.PROPORTION

    def each_verdict(self) -> Iterator[Verdict]:
        """The verdict at every reading from the event on, oldest first; none while there is no event."""
        for point in self.points:
            if self.counts(point):
                yield judge(self.indicator, self.points, self.known, point.day)

    def counts(self, point: Point) -> bool:
        """A reading from the day on which the change, or its effect, is looked for."""
        since = self.known.looked_for_from
        return since is not None and point.day >= since and point.reading is not None


def study_indicator(work: UnitOfWork, indicator_id: str, as_of: datetime, profile: str = PROFILE) -> Study:
    """The indicator as it stands at `as_of`: accepted phases, target, events. NotFound names those declared."""
    programme = current_programme(work)
    today = local_day(programme, as_of)
    known = circumstances(work, programme, today)
    return study(work, programme, indicator_of(programme, indicator_id), known[indicator_id], today, profile)


def study(
    work: UnitOfWork, programme: Programme, indicator: Indicator, known: Circumstances, today: date, profile: str = PROFILE,
    points: tuple[Point, ...] | None = None,
) -> Study:
    """`study_indicator` for circumstances, and perhaps readings, that were read already."""
    readings = until(points_of(work, indicator.id) if points is None else points, today)
    chart = draw_chart(
        readings, profile, rebase=known.rebases, target=indicator.thresholds.target,
        direction=indicator.direction,
    )  # fmt: skip
    verdict = judge(indicator, readings, known, today)
    proposals, events = _proposals(readings, known, today), _events(work, programme, indicator, known, today)
    return Study(indicator, today, readings, known, chart, verdict, proposals, events)


def proposed_rebases(work: UnitOfWork, indicator_id: str, as_of: datetime) -> tuple[tuple[Proposal, ...], tuple[date, ...]]:
    """Phases the readings suggest and nobody has decided on, and the first days of those accepted."""
    programme = current_programme(work)
    today = local_day(programme, as_of)
    indicator = indicator_of(programme, indicator_id)
    known = circumstances(work, programme, today)[indicator.id]
    return _proposals(until(points_of(work, indicator_id), today), known, today), known.rebases


def _proposals(points: tuple[Point, ...], known: Circumstances, today: date) -> tuple[Proposal, ...]:
    since = max(known.rebases, default=None)
    decided = decided_rebases(known.decisions)
    return tuple(one for one in propose_rebases(points, today, since) if one.day not in decided)


def _events(work: UnitOfWork, programme: Programme, indicator: Indicator, known: Circumstances, today: date) -> tuple[Annotation, ...]:
    """Clocks of its transformation, accepted levels, the end of support; oldest first."""
    named = programme.transformations.get(indicator.transformation or "")
    struck = clocks_struck(work, today)
    found = [Annotation(day, Message(CLOCK_EVENTS[clock])) for (owner, clock), day in struck.items() if named and owner == named.id]
    found += [
        Annotation(one.day, say("new level accepted: {why}", why=one.why))
        for one in known.decisions
        if one.kind is DecisionKind.LEVEL_ACCEPTED
    ]
    if known.support_ended is not None:
        found.append(Annotation(known.support_ended, say("support ended")))
    return tuple(sorted(found, key=lambda one: one.day))
