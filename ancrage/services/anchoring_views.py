"""The anchoring wall and the page of one indicator, as people read them: clocks, verdicts, when we will know, who decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ancrage.domain.anchoring.clocks import ClockReading, read_clocks
from ancrage.domain.anchoring.decisions import AnchoringDecision, Circumstances
from ancrage.domain.anchoring.next_date import NextDate, next_date
from ancrage.domain.indicators import Indicator, Transformation
from ancrage.domain.programme import Programme
from ancrage.errors import NotFound
from ancrage.language import Label, say
from ancrage.services.anchoring_decisions import indicator_of
from ancrage.services.anchoring_facts import ADOPTED, DELIVERED, circumstances, clocks_struck, living
from ancrage.services.anchoring_watch import clauses_for, local_day
from ancrage.services.contract_views import role_label
from ancrage.services.indicator_charts import Study, study
from ancrage.services.programme import current_programme
from ancrage.services.readings import points_of_each
from ancrage.services.status import AlertView, CommitmentView, view_alerts, view_commitment
from ancrage.storage.commitments import fetch_commitments
from ancrage.storage.indicators import fetch_alerts
from ancrage.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides from an indicator: the promise, its contract, and the role and person that made it."""

    clause: str
    promise: Label
    contract: Label
    role: Label
    person: str


@dataclass(frozen=True, slots=True)
class IndicatorSheet:
    """One indicator with everything known; `indicator` is in the phase of life people decided on."""

    indicator: Indicator
    objective: Label
    owner: Label
    study: Study
    next: NextDate
    deciders: tuple[Decider, ...]
    alerts: tuple[AlertView, ...]
    """Oldest first; open while `closed_at` is None."""
    commitments: tuple[CommitmentView, ...]
    decisions: tuple[AnchoringDecision, ...]
    transformation: Transformation | None


@dataclass(frozen=True, slots=True)
class TransformationSheet:
    """One transformation: its clocks, its measures, and the first day on which more will be known (None: no day can be said)."""

    transformation: Transformation
    today: date
    clocks: tuple[ClockReading, ...]
    adoption: tuple[IndicatorSheet, ...]
    effects: tuple[IndicatorSheet, ...]
    support_ended: date | None

    @property
    def next(self) -> IndicatorSheet | None:
        """The measure that will say more first."""
        dated = [sheet for sheet in (*self.adoption, *self.effects) if sheet.next.day is not None]
        return min(dated, key=lambda sheet: sheet.next.day or date.max, default=None)


def list_sheets(work: UnitOfWork, as_of: datetime) -> tuple[IndicatorSheet, ...]:
    """Every declared indicator, in declared order."""
    programme = current_programme(work)
    return tuple(_sheets(work, programme, tuple(programme.indicators), as_of).values())


def fetch_indicator_sheet(work: UnitOfWork, indicator_id: str, as_of: datetime) -> IndicatorSheet:
    """One indicator. NotFound names those declared."""
    programme = current_programme(work)
    indicator_of(programme, indicator_id)
    return _sheets(work, programme, (indicator_id,), as_of)[indicator_id]


def list_transformations(work: UnitOfWork, as_of: datetime) -> tuple[TransformationSheet, ...]:
    """The anchoring wall, in declared order."""
    programme = current_programme(work)
    named = [
        indicator for each in programme.transformations.values() for indicator in (*each.adoption_indicators, *each.effect_indicators)
    ]
    sheets = _sheets(work, programme, tuple(dict.fromkeys(named)), as_of)
    struck = clocks_struck(work, local_day(programme, as_of))
    return tuple(_transformation(each, sheets, struck, local_day(programme, as_of)) for each in programme.transformations.values())


def fetch_transformation(work: UnitOfWork, transformation_id: str, as_of: datetime) -> TransformationSheet:
    """One transformation. NotFound names those declared."""
    for sheet in list_transformations(work, as_of):
        if sheet.transformation.id == transformation_id:
            return sheet
    known = ", ".join(current_programme(work).transformations) or "-"
    raise NotFound(say("there is no transformation {transformation}; declared: {known}", transformation=transformation_id, known=known))


def _transformation(
    it: Transformation, sheets: Mapping[str, IndicatorSheet], struck: Mapping[tuple[str, str], date], today: date
) -> TransformationSheet:
    adoption = tuple(sheets[indicator] for indicator in it.adoption_indicators)
    effects = tuple(sheets[indicator] for indicator in it.effect_indicators)
    clocks = read_clocks(
        it, today, defined_on=struck.get((it.id, "defined")), delivered_on=struck.get((it.id, DELIVERED)),
        adopted_on=struck.get((it.id, ADOPTED)), adoption=[sheet.study.verdict for sheet in adoption],
        effects=[sheet.study.verdict for sheet in effects],
    )  # fmt: skip
    support = next((sheet.study.known.support_ended for sheet in (*adoption, *effects)), None)
    return TransformationSheet(it, today, clocks, adoption, effects, support)


def _sheets(work: UnitOfWork, programme: Programme, wanted: tuple[str, ...], as_of: datetime) -> dict[str, IndicatorSheet]:
    today = local_day(programme, as_of)
    known = circumstances(work, programme, today)
    points = points_of_each(work, wanted)
    owners = {row.id: row.indicator_id for row in fetch_alerts(work)}
    alerts: dict[str, list[AlertView]] = {}
    for alert in view_alerts(work, programme):
        alerts.setdefault(owners[alert.id], []).append(alert)
    owed: dict[str, list[CommitmentView]] = {}
    for row in fetch_commitments(work):
        owed.setdefault(str(row.subject.get("indicator", "")), []).append(view_commitment(programme, row, as_of))
    found = {}
    for indicator_id in wanted:
        indicator = living(programme.indicators[indicator_id], known, today)
        its = study(work, programme, indicator, known[indicator_id], today, points=points[indicator_id])
        found[indicator_id] = _sheet(
            programme, its, known[indicator_id], tuple(alerts.get(indicator_id, ())), tuple(owed.get(indicator_id, ())), as_of
        )
    return found


def _sheet(
    programme: Programme, its: Study, known: Circumstances, alerts: tuple[AlertView, ...], owed: tuple[CommitmentView, ...], as_of: datetime
) -> IndicatorSheet:
    indicator = its.indicator
    return IndicatorSheet(
        indicator, programme.objectives[indicator.objective].name, role_label(programme, indicator.owner), its,
        next_date(indicator, known, its.verdict), _deciders(programme, indicator, as_of), alerts, owed, known.decisions,
        programme.transformations.get(indicator.transformation or ""),
    )  # fmt: skip


def _deciders(programme: Programme, indicator: Indicator, as_of: datetime) -> tuple[Decider, ...]:
    organisation = programme.organisation
    found = []
    for contract, clause in clauses_for(programme, indicator):
        holder = organisation.holder(clause.by, as_of)
        name = organisation.people[holder].name if holder else ""
        found.append(Decider(clause.id, clause.promise, contract.name, role_label(programme, clause.by), name))
    return tuple(found)
