"""Move the virtual clock: at every hour people do what is theirs to do, then the engine makes a pass, the same as in real life.

Everything done has an id derived from what it is about, so an hour that was interrupted is simply played again: what was done stays
done, and the end is the same.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from ancrage.declarations.loading import load_programme
from ancrage.demonstration import answers, figures, script
from ancrage.demonstration.people import react
from ancrage.domain.assessment.types import CellKey
from ancrage.domain.escalation.facts import Action, ActionKind
from ancrage.domain.indicators import Cadence, Indicator
from ancrage.domain.programme import Programme
from ancrage.domain.quarters import Quarter, quarter_of
from ancrage.errors import NotFound
from ancrage.language import say
from ancrage.project import Project, open_project
from ancrage.services.advance import advance
from ancrage.services.campaign_launch import open_campaign
from ancrage.services.campaigns import GivenRating, asked_of, pinned_model_of, rate, submit
from ancrage.services.commitments import act_on_commitment
from ancrage.services.contract_requests import propose_contract
from ancrage.services.contract_signing import Signing, record_told, sign_version, validate_perimeter
from ancrage.services.declarations import apply_plan, plan_apply
from ancrage.services.heartbeat import last_pass, record_pass
from ancrage.services.note_sending import Sending, publish_line, send_feedback
from ancrage.services.prioritisation import DONE, Acceptance, ActionProgress, accept_action, action_progress, finish_action
from ancrage.services.programme import contracts_in_force, current_programme, record_clock
from ancrage.services.promises import call_promise
from ancrage.services.readings import record_reading
from ancrage.settings import FILE_NAME
from ancrage.shipped import EXAMPLE
from ancrage.storage.unit_of_work import UnitOfWork

STAGE = "demonstration"
Progress = Callable[[int, int, datetime], None]


def prepare(folder: Path) -> Project:
    """The demonstration's project in `folder`: made from the shipped example, or the one a former run left there."""
    if not folder.exists():
        unfinished = folder.with_name(f"{folder.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(EXAMPLE, unfinished)
        (unfinished / FILE_NAME).write_text(PLAYING.format(minutes=MINUTES), encoding="utf-8")
        unfinished.rename(folder)  # a folder that is there is whole
    elif not (folder / "project.yaml").is_file():
        raise NotFound(say("{folder} exists and is no project; choose another folder", folder=str(folder)))
    return open_project(folder)


PLAYING = """\
# The virtual clock of the demonstration makes a pass every {minutes} minutes.
[clock]
rhythm_minutes = {minutes}
"""
ENDED = """\
# The demonstration has ended: this project stays at its last hour, so that its pages and commands tell the story as it was.
# Take this section away to let the wall's clock run; everything promised since then falls due at once.
[clock]
rhythm_minutes = {minutes}
frozen_at = {at}
"""
MINUTES = int(script.RHYTHM.total_seconds() // 60)


def freeze(project: Project) -> None:
    """Stop the clock of the demonstration's project at its last hour; settings somebody has changed are left alone."""
    path = project.folder / FILE_NAME
    if path.read_text(encoding="utf-8") == PLAYING.format(minutes=MINUTES):
        path.write_text(ENDED.format(minutes=MINUTES, at=script.HOURS[-1].isoformat()), encoding="utf-8")


def play(project: Project, progress: Progress, until: datetime | None = None) -> int:
    """Play every hour not played to its end yet. Returns how many were; `until` stops after that instant."""
    hours = [hour for hour in script.HOURS if until is None or hour <= until]
    with project.reading() as work:
        reached = last_pass(work, STAGE)
    to_play = [hour for hour in hours if reached is None or hour >= reached]  # the last one may have been interrupted
    for number, hour in enumerate(to_play, start=len(hours) - len(to_play) + 1):
        play_hour(project, hour)
        progress(number, len(hours), hour)
    return len(to_play)


def play_hour(project: Project, hour: datetime) -> None:
    """One hour: what happens by itself and what people do, marked as played; then one pass of the engine."""
    live_hour(project, hour)
    advance(project, hour)


def live_hour(project: Project, hour: datetime) -> None:
    """One hour without the engine's pass."""
    if hour == script.HOURS[0]:
        _begin(project, hour)
    with project.units() as work:
        programme = current_programme(work)
        channels = tuple(project.first_channels)
        _campaigns(work, hour)
        _answers(work, hour, channels)
        _readings(work, programme, hour)
        _actions(work, programme, hour, channels)
        _give_back(work, programme, hour, channels)
        react(work, programme, hour, channels)
        record_pass(work, STAGE, hour)


def _begin(project: Project, hour: datetime) -> None:
    """Apply the declarations, sign the contracts, load the readings of the years before."""
    loaded = load_programme(project.folder, as_of=hour.date())
    if loaded.programme is None:
        raise NotFound(say("the example in {folder} has errors; run `ancrage check`", folder=str(project.folder)))
    with project.units() as work:
        apply_plan(work, plan_apply(work, loaded.programme), script.LEAD, hour)
    with project.units() as work:
        programme = current_programme(work)
        _contracts(work, programme, hour)
        for transformation, clock, day in script.CLOCKS:
            if day < script.FIRST_DAY:
                record_clock(work, transformation, clock, script.paris(day, 12), script.LEAD, hour)
        for indicator in _measured(programme):
            first = figures.COURSES[indicator.id].legs[0].since
            for day in figures.periods(indicator.cadence, first, script.FIRST_DAY - timedelta(days=1)):
                record_reading(work, programme, figures.reading(indicator, day), "history", "csv", hour)


def _contracts(work: UnitOfWork, programme: Programme, hour: datetime) -> None:
    """Each contract is proposed by its steward, its perimeter validated by the sponsor, signed by all at the same table, and told on.

    Nobody is written to: the hour of the proposal is that of the last signature.
    """
    in_force = contracts_in_force(work, programme)
    for contract in programme.contracts.values():
        holder = {role: programme.organisation.holder(role, hour) for role in (*contract.parties(), *contract.stakeholders)}
        steward, sponsor = holder[contract.steward], holder[contract.sponsor]
        if steward is None or sponsor is None or contract.id in in_force:  # an interrupted hour is played again
            continue
        proposal = propose_contract(work, programme, contract.id, steward, hour, ())
        validate_perimeter(work, programme, contract.id, sponsor, hour)
        for role in proposal.asked:
            sign_version(work, programme, proposal.version, Signing(role, holder[role] or "", hour), ())
        for role in contract.stakeholders:
            if holder[role] is not None:
                record_told(work, programme, contract.id, role, steward, "kick_off", hour)


def _measured(programme: Programme) -> list[Indicator]:
    return [indicator for indicator in programme.indicators.values() if indicator.id in figures.COURSES]


def _campaigns(work: UnitOfWork, hour: datetime) -> None:
    for planned in script.CAMPAIGNS:
        if planned.opened_at == hour:
            open_campaign(work, planned.plan, script.LEAD, hour)
    for transformation, clock, day in script.CLOCKS:
        if day >= script.FIRST_DAY and script.paris(day, 12) == hour:
            record_clock(work, transformation, clock, hour, script.LEAD, hour)


def _answers(work: UnitOfWork, hour: datetime, channels: tuple[str, ...]) -> None:
    """People answer at their own hour of the day they have chosen, a Monday if it falls on a weekend."""
    for planned in script.CAMPAIGNS:
        plan = planned.plan
        if not (planned.opened_at < hour < script.paris(plan.closes_on + timedelta(days=1), 0) and hour.hour in script.ANSWERING_HOURS):
            continue
        for person, cells in asked_of(work, plan.id).items():
            day = answers.answer_day(plan.id, person, planned.opened_at.date(), plan.due_on)
            if day is not None and script.paris(_working(day), script.ANSWERING_HOURS[len(person) % 4]) == hour:
                _answer(work, plan.id, person, cells, hour, channels)


def _working(day: date) -> date:
    return day + timedelta(days=7 - day.weekday()) if day.weekday() > 4 else day


def _answer(work: UnitOfWork, campaign: str, person: str, cells: list[CellKey], hour: datetime, channels: tuple[str, ...]) -> None:
    practices = {practice.id: practice for area in pinned_model_of(work, campaign).areas for practice in area.practices}
    given = [
        GivenRating(cell.process, cell.practice, answers.rating(campaign, person, cell, practices[cell.practice])) for cell in cells
    ]
    rate(work, campaign, person, given, hour)
    work.flush()
    submit(work, campaign, person, hour, channels)


def _readings(work: UnitOfWork, programme: Programme, hour: datetime) -> None:
    """Weekly readings come in on Friday at 16 h, monthly ones on the first working day of the next month at 10 h."""
    for indicator in _measured(programme):
        for day in _periods_recorded_at(indicator, hour):
            record_reading(work, programme, figures.reading(indicator, day), indicator.owner, "csv", hour)


def _periods_recorded_at(indicator: Indicator, hour: datetime) -> list[date]:
    first = max(script.FIRST_DAY, hour.date() - timedelta(days=40))
    return [
        day
        for day in figures.periods(indicator.cadence, first, hour.date())
        if _recorded_at(indicator, day) == hour
    ]


def _recorded_at(indicator: Indicator, day: date) -> datetime:
    delay = figures.FORGOTTEN.get((indicator.id, day), timedelta(0))
    if indicator.cadence is Cadence.WEEK:
        return script.paris(_working(day + delay), 16)
    return script.paris(_working(day + timedelta(days=1) + delay), 10)


def _actions(work: UnitOfWork, programme: Programme, hour: datetime, channels: tuple[str, ...]) -> None:
    """The committee takes the first actions of the ranking some days after a campaign; their owners end them, one late."""
    if hour.hour not in script.COMMITTEE_HOURS:
        return
    for action in action_progress(work):
        if action.rank is None or action.rank > script.ACCEPTED_ACTIONS:
            continue
        if action.status == "proposed" and action.closed_at is not None and hour >= action.closed_at + script.ACCEPTED_AFTER:
            due = hour.date() + timedelta(days=script.ACTION_DAYS[action.rank - 1])
            accept_action(work, Acceptance(action.id, action.owner or f"person:{script.LEAD}", due), script.LEAD, hour)
        elif action.status == "accepted" and action.due_on is not None and hour >= _ends_at(action):
            finish_action(work, action.id, DONE, script.LEAD, hour)
            _fulfil_action(work, programme, action, hour, channels)


def _give_back(work: UnitOfWork, programme: Programme, hour: datetime, channels: tuple[str, ...]) -> None:
    """The steward calls promises in, tells the sponsor what the answers changed, and publishes a line for the stakeholders."""
    for call in script.CALLS:
        if call.at == hour:
            call_promise(work, programme, call.clause, f"called:{call.at.date().isoformat()}", call.why, script.LEAD, hour)
    for person, at in script.NOTES:
        if at == hour:
            send_feedback(work, person, Sending(script.LEAD, hour, channels, quarter=_quarter_told(programme, hour)))
    for contract, at in script.PUBLICATIONS:
        if at == hour:
            publish_line(work, contract, Sending(script.LEAD, hour, channels))


def _quarter_told(programme: Programme, hour: datetime) -> Quarter:
    """In the first days of a quarter, the one before it is told."""
    return quarter_of(programme.organisation.calendars[programme.defaults.calendar], hour - timedelta(days=10))


def _ends_at(action: ActionProgress) -> datetime:
    assert action.due_on is not None, "asked for accepted actions only"
    day = action.due_on + timedelta(days=script.ACTION_LATE.get(action.rank or 0, -4))
    return script.paris(_working(day), 14)


def _fulfil_action(work: UnitOfWork, programme: Programme, action: ActionProgress, hour: datetime, channels: tuple[str, ...]) -> None:
    if action.commitment is None:
        return
    person = programme.organisation.holder(action.owner or "", hour) or script.LEAD
    done = Action(id=f"{person}:fulfil:{action.id}", kind=ActionKind.FULFIL, at=hour, by=person)
    act_on_commitment(work, programme, action.commitment, done, channels)
