"""The engine was off for a fortnight with a clock change inside: nobody is flooded, nothing is lost, and the gap is shown (ESC-C)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

import pytest

from ancrage.domain.escalation.facts import LadderState, NoticeStatus, SkipReason, Status, Terms
from ancrage.domain.organisation import Person
from ancrage.domain.policies import Origin
from ancrage.domain.working_time import WorkingDays, WorkingTime, due_instant, is_working, next_working
from ancrage.notices.dates import Clock
from ancrage.notices.notice import Gap
from ancrage.notices.wording import gap as words_of
from ancrage.services.commitments import ladder_of, terms_of
from ancrage.services.desk import fetch_sheet
from ancrage.services.explanation import explain
from ancrage.services.programme import current_programme
from ancrage.storage.commitments import fetch_commitments
from ancrage.storage.engine import fetch_gaps, fetch_journal, find_broken_line
from ancrage.storage.notices import fetch_messages, fetch_notices
from models.commitments import CommitmentRow
from models.notices import MessageRow, OutboxRow
from tests.support.databases import postgres_url
from tests.support.fortnight import CALENDARS, MONTHLY, PEOPLE, RUNNING, Fortnight, stopped_for_a_fortnight, utc, works

HOUR = timedelta(hours=1)
LATER_TICK = timedelta(minutes=20)
LATE_BY = timedelta(hours=1)
"""A step later than its grace is counted from the pass (ESC-C2)."""


@dataclass(frozen=True)
class Rows:
    """Everything that is stored at one moment."""

    commitments: Mapping[str, CommitmentRow]
    messages: Mapping[str, MessageRow]
    notices: Mapping[str, OutboxRow]

    def states(self) -> dict[str, LadderState]:
        return {key: ladder_of(row) for key, row in self.commitments.items()}


def rows_of(gap: Fortnight) -> Rows:
    with gap.project.reading() as work:
        return Rows(
            {row.id: row for row in fetch_commitments(work)}, {row.id: row for row in fetch_messages(work)},
            {row.id: row for row in fetch_notices(work)},
        )  # fmt: skip


@dataclass(frozen=True)
class Return:
    """The engine has come back: what was stored before its first pass, after its first hour, and at the end of the day."""

    gap: Fortnight
    before: Rows
    hour: Rows
    day: Rows

    @property
    def first_hour(self) -> list[MessageRow]:
        return [row for key, row in self.hour.messages.items() if key not in self.before.messages]

    def fired(self, rows: Rows) -> dict[str, list[datetime]]:
        """When steps fired since the return, by commitment: the passes that fired them."""
        before = {key: len(state.fired) for key, state in self.before.states().items()}
        return {
            key: [firing.recorded_at for firing in state.fired[before.get(key, 0) :] if firing.recorded_at]
            for key, state in rows.states().items()
        }


def come_back(folder: Path, since: str, back: str, url: str = "") -> Iterator[Return]:
    gap = stopped_for_a_fortnight(folder, utc(since), utc(back), url=url)
    with closing(gap.project):
        before = rows_of(gap)
        gap.tick(gap.until, gap.until + HOUR)
        hour = rows_of(gap)
        gap.tick(gap.until + HOUR + LATER_TICK, gap.until.replace(hour=23, minute=0), LATER_TICK)
        yield Return(gap, before, hour, rows_of(gap))


AUTUMN = ("2026-10-19T15:00", "2026-11-02T10:07")
"""Both clocks went back in between, Paris on 25 October, Toronto on 1 November; Toronto still sleeps when the engine is back."""
RETURNS = {
    "autumn": AUTUMN,
    "spring in Paris": ("2026-03-17T16:00", "2026-03-31T14:35"),
    "spring in Toronto": ("2026-03-03T15:00", "2026-03-15T20:10"),  # a Sunday: nobody works anywhere
}
"""No step is planned inside the hour after the return, so that what leaves in it is what the gap left."""


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def back(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Return]:
    """The return in autumn, on either database."""
    folder = tmp_path_factory.mktemp("gap") / "project"
    if request.param == "sqlite":
        yield from come_back(folder, *AUTUMN)
    else:
        with postgres_url() as url:
            yield from come_back(folder, *AUTUMN, url)


def test_five_hundred_run_when_the_engine_stops_in_every_state(back: Return) -> None:
    running = [row for row in back.before.commitments.values() if row.closed_at is None or row.closed_at > back.gap.since]
    assert len(running) == RUNNING + MONTHLY == 500
    assert {row.status for row in running} == set(Status)
    states = back.before.states()
    assert {len(states[row.id].fired) for row in running} >= {0, 1, 2, 3}


def test_each_person_gets_at_most_one_message_in_the_first_hour(back: Return) -> None:
    messages = [row.person_id for row in back.first_hour if not row.urgent]
    assert 10 < len(messages) <= PEOPLE
    assert max(Counter(messages).values()) == 1


def test_no_message_leaves_outside_the_hours_of_its_reader(back: Return) -> None:
    people = _people(back)
    for row in back.day.messages.values():
        assert row.urgent or works(people[row.person_id], row.send_at)


def test_at_most_one_step_of_a_commitment_fires_for_the_gap(back: Return) -> None:
    fired = back.fired(back.hour)
    assert Counter(map(len, fired.values()))[1] > 100
    assert max(map(len, fired.values())) == 1


def test_a_step_that_fires_later_that_day_had_its_full_distance_from_the_one_before(back: Return) -> None:
    """ESC-C3: no burst; what follows is planned from the anchor that the return gave."""
    seen = 0
    for key, state in back.day.states().items():
        terms = terms_of(back.day.commitments[key])
        for earlier, later in zip(state.fired, state.fired[1:], strict=False):
            step = next(one for one in terms.policy.steps if one.id == later.step)
            if later.recorded_at and later.recorded_at >= back.gap.until and step.origin is Origin.PREVIOUS and later.rule == "ESC-L4":
                assert later.planned_at == _after(terms, earlier.at, step.offset.amount)
                seen += 1
    assert seen > 5


def _after(terms: Terms, anchor: datetime, amount: WorkingTime | WorkingDays | None) -> datetime:
    assert amount is not None
    calendar = CALENDARS[terms.calendar]
    return next_working(calendar, due_instant(calendar, anchor, amount))


def test_what_fires_for_the_gap_is_anchored_in_the_first_pass_or_the_first_opening_after_it(back: Return) -> None:
    """ESC-C2, C6."""
    for key, state in back.day.states().items():
        calendar = CALENDARS[terms_of(back.day.commitments[key]).calendar]
        late = [firing for firing in state.fired if firing.planned_at < back.gap.until - LATE_BY <= (firing.recorded_at or firing.at)]
        held = [pause for pause in state.pauses if pause.until is None]
        assert len(late) <= 1
        assert not (late and held)
        assert {firing.at for firing in late} <= {next_working(calendar, back.gap.until)}


def test_a_reminder_whose_deadline_has_passed_is_never_sent(back: Return) -> None:
    """ESC-L6."""
    skipped = 0
    before, after = back.before.states(), back.day.states()
    for key, state in before.items():
        if state.due > back.gap.until or state.status in (Status.CLOSED, Status.PAUSED):
            continue
        known = {firing.step for firing in state.fired} | {skip.step for skip in state.skipped}
        reminders = {step.id for step in terms_of(back.day.commitments[key]).policy.steps if step.offset.before} - known
        assert not reminders & {firing.step for firing in after[key].fired}
        if after[key].status is not Status.CLOSED:  # one month may have overtaken another
            assert reminders <= {skip.step for skip in after[key].skipped if skip.reason is SkipReason.LATE}
            skipped += len(reminders)
    assert skipped > 10


def test_of_two_reminders_late_at_once_only_the_last_is_sent(back: Return) -> None:
    """ESC-L6."""
    before = back.before.states()
    both = [
        state for key, state in back.day.states().items()
        if key in before and not before[key].fired and not before[key].skipped and state.due > back.gap.until
        and any(firing.step == "remind" for firing in state.fired)
    ]  # fmt: skip
    assert both
    assert all([skip.step for skip in state.skipped] == ["week_before"] for state in both)


def test_an_acknowledgement_that_lapsed_in_the_gap_is_followed_up_once_and_one_that_runs_is_left_in_peace(back: Return) -> None:
    """ESC-A4, A5, P1."""
    before, fired = back.before.states(), back.fired(back.day)
    lapsed = [key for key, state in before.items() if state.hold and state.hold.until < back.gap.until and state.fired]
    assert {len(fired[key]) for key in lapsed} >= {1}
    for key, state in before.items():
        runs_on = state.status is Status.PAUSED or (state.hold is not None and state.hold.until > utc("2026-11-03T00:00"))
        if runs_on or state.status is Status.CLOSED:
            assert fired[key] == [], key


def test_months_go_on_after_the_gap(back: Return) -> None:
    """ESC-M1, M4: October fell due in the gap and runs its ladder; November was opened late, from its first instant."""
    for number in range(MONTHLY):
        october, november = (ladder_of(back.day.commitments[f"month{number}@2026-{month}"]) for month in (10, 11))
        assert (october.fired[0].at, november.fired) == (back.gap.until, ())
        assert back.day.commitments[f"month{number}@2026-11"].started_at == utc("2026-10-31T23:00")


def test_the_gap_is_recorded_once(back: Return) -> None:
    with back.gap.project.reading() as work:
        assert [(row.since, row.until) for row in fetch_gaps(work)] == [(back.gap.since, back.gap.until)]
        assert sum(line.what == "gap" for line in fetch_journal(work)) == 1
        assert find_broken_line(work) is None


def test_the_gap_stands_on_the_page_and_in_the_explanation_of_every_commitment_it_touched(back: Return) -> None:
    """ESC-C5."""
    touched = {key for key, row in back.day.commitments.items() if row.closed_at is None or row.closed_at > back.gap.since}
    stop = Gap(back.gap.since, back.gap.until)
    with back.gap.project.reading() as work:
        for key in back.day.commitments:
            shown = fetch_sheet(work, key, "p00", back.gap.until + HOUR).gaps
            assert shown == ((stop,) if key in touched else ()), key
        for key in sorted(back.day.commitments)[::10]:
            lines = [line for line in explain(work, f"commitment:{key}").lines if line.rule == "ESC-C5"]
            assert len(lines) == (key in touched), key
    assert 500 <= len(touched) < len(back.day.commitments)


def test_every_message_about_a_touched_commitment_tells_its_reader_of_the_gap(back: Return) -> None:
    people = _people(back)
    by_header = {row.header_id: row for row in back.day.messages.values()}
    for envelope in back.gap.channel.envelopes:
        message = by_header[envelope.message_id]
        reader = people[message.person_id]
        clock = Clock(reader.language, CALENDARS[reader.calendar].zone)
        sentence = words_of(Gap(back.gap.since, back.gap.until), clock).text(clock.language)
        carried = [row for row in back.day.notices.values() if row.message_id == message.id]
        assert _flat(envelope.text).count(_flat(sentence)) == len(carried) > 0
        assert _flat(unescape(re.sub("<[^>]*>", " ", envelope.html))).count(_flat(sentence)) == len(carried)


def _flat(text: str) -> str:
    return " ".join(text.split())


def test_nothing_is_sent_twice_and_nothing_is_lost(back: Return) -> None:
    handed = [envelope.message_id for envelope in back.gap.channel.envelopes]
    new = {row.header_id for key, row in back.day.messages.items() if key not in back.before.messages}
    assert len(handed) == len(set(handed))
    assert set(handed) >= new
    told = Counter((row.commitment_id, row.step_id, row.occurrence, row.person_id) for row in back.day.notices.values())
    assert set(told.values()) == {1}
    for key, state in back.day.states().items():
        for firing in state.fired:
            for person in firing.to:
                assert (key, firing.told_as or firing.step, firing.occurrence, person) in told
    waiting = [row for row in back.day.notices.values() if row.status is NoticeStatus.WAITING]
    assert all(row.next_at > utc("2026-11-02T23:00") or row.message_id is None for row in waiting)


@pytest.mark.parametrize(("since", "until"), list(RETURNS.values())[1:], ids=list(RETURNS)[1:])
def test_in_spring_too_nobody_is_flooded(tmp_path: Path, since: str, until: str) -> None:
    """From the return to the end of the next day: one step for the gap, one message each in its hour, then the distances of the ladder."""
    gap = stopped_for_a_fortnight(tmp_path / "project", utc(since), utc(until), running=150)
    with closing(gap.project):
        before = rows_of(gap)
        gap.tick(gap.until, gap.until + HOUR)
        hour = rows_of(gap)
        gap.tick(gap.until + 2 * HOUR, gap.until + 29 * HOUR, HOUR)
        back = Return(gap, before, hour, rows_of(gap))
    assert max(map(len, back.fired(hour).values())) <= 1
    sent = Counter(row.person_id for row in back.first_hour if not row.urgent)
    assert sum(sent.values()) <= PEOPLE
    assert set(sent.values()) <= {1}
    nobody_works = not any(is_working(calendar, gap.until) for calendar in CALENDARS.values())
    assert bool(sent) is not nobody_works
    test_a_step_that_fires_later_that_day_had_its_full_distance_from_the_one_before(back)
    test_what_fires_for_the_gap_is_anchored_in_the_first_pass_or_the_first_opening_after_it(back)
    test_a_reminder_whose_deadline_has_passed_is_never_sent(back)
    test_every_message_about_a_touched_commitment_tells_its_reader_of_the_gap(back)


def _people(back: Return) -> dict[str, Person]:
    with back.gap.project.reading() as work:
        return dict(current_programme(work).organisation.people)
