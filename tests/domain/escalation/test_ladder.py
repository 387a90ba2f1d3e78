"""Laws of the ladder, and corners that no scenario file reaches (ESC-L, C1, W7)."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ancrage.domain.escalation.facts import ActionKind, Decision, Status
from ancrage.domain.escalation.ladder import advance_ladder, open_ladder, reassign, replan, settle_before, wake_at
from ancrage.domain.escalation.playing import play
from ancrage.domain.escalation.scenario import Running, Scenario
from ancrage.domain.organisation import RolePeriod
from ancrage.domain.policies import Repeat
from ancrage.domain.working_time import Calendar, WorkingDays, WorkingTime
from tests.support.ladders import OFFICE, START, action, at, ladder, organisation, step, take, terms, walk
from tests.support.plain_outcome import read_one
from tests.support.random_scenarios import Draw, as_yaml

SECOND = timedelta(seconds=1)
FULL = ladder(step("remind", "-1wd"), step("due", "0"), step("lead", "2wd", "steward"), repeat=Repeat(WorkingDays(1), 2))


def halfway(number: int, folder: Path) -> tuple[Scenario, list[Running]]:
    """Commitments of a drawn scenario as they stand at some instant of it."""
    rng = random.Random(number)
    plain = Draw(rng, grid=1, zones=("Europe/Paris", "America/Toronto"), season=0, days=10).scenario()
    whole = read_one(folder / "drawn.yaml", as_yaml(plain))
    end = whole.start + (whole.until - whole.start) * rng.random()
    scenario = Scenario(
        whole.id, whole.organisation, whole.policies, whole.commitments, whole.start, end.replace(microsecond=0), down=whole.down,
        events=whole.events,
    )  # fmt: skip
    return scenario, list(play(scenario).commitments.values())


@pytest.mark.parametrize("number", range(40))
def test_deciding_twice_adds_nothing_and_the_wake_up_is_never_late(number: int, tmp_path: Path) -> None:
    """ESC-C1: from any state, no pass before the wake-up changes anything, and the pass at the wake-up is idempotent."""
    scenario, running = halfway(number, tmp_path)
    rng, now = random.Random(number), scenario.until
    for found in running:
        state, seen = found.state, now
        for _ in range(6):
            wake = wake_at(found.terms, state, scenario.organisation)
            quiet = (wake - seen) if wake is not None else timedelta(days=30)
            for _ in range(20 if quiet > SECOND else 0):
                moment = (seen + quiet * rng.random()).replace(microsecond=0)
                if moment < (wake or moment + SECOND):
                    assert advance_ladder(found.terms, state, scenario.organisation, moment).state == state, (moment, wake)
            if wake is None:
                break
            seen = max(seen, wake)
            decision = advance_ladder(found.terms, state, scenario.organisation, seen)
            again = advance_ladder(found.terms, decision.state, scenario.organisation, seen)
            assert again == Decision(decision.state)
            state = decision.state


def test_a_late_engine_and_a_second_one_do_not_fire_again() -> None:
    """ESC-C1, L5: two engines at one instant, and one whose clock is behind."""
    who, about = organisation(), terms(FULL)
    state = open_ladder(about, who)
    fired = advance_ladder(about, state, who, at("17 09:00")).state
    assert [firing.step for firing in fired.fired] == ["due"]
    for moment in ("17 09:00", "16 17:00", "13 09:00"):
        assert advance_ladder(about, fired, who, at(moment)) == Decision(fired)


def test_at_most_one_step_fires_in_a_pass() -> None:
    """ESC-L5, C2: the due step is two hours late, so the next one is counted from the pass, and comes in its own time."""
    who = organisation()
    about = terms(ladder(step("due", "0"), step("lead", "PT1H", "steward")), WorkingTime(4 * 3600), started_at=at("12 09:00"))
    late = at("12 17:00")
    first = advance_ladder(about, open_ladder(about, who), who, late)
    assert [notice.step for notice in first.notices] == ["due"]
    assert advance_ladder(about, first.state, who, late + SECOND) == Decision(first.state)
    assert wake_at(about, first.state, who) == at("13 09:00")


def test_the_firing_instant_is_kept_up_to_the_grace_and_no_longer() -> None:
    """ESC-L4, C2: exactly the grace is not late."""
    who, about = organisation(), terms(FULL)
    state = open_ladder(about, who)
    for minutes, fired_at in ((0, at("17 09:00")), (60, at("17 09:00")), (61, at("17 10:01"))):
        decision = advance_ladder(about, state, who, at("17 09:00") + timedelta(minutes=minutes))
        (firing,) = decision.state.fired
        assert firing.at == fired_at
        assert firing.eligible_at == at("17 09:00")


def test_no_step_fires_outside_working_time_and_none_is_lost() -> None:
    """ESC-L3: the first pass comes at lunch."""
    who, about = organisation(), terms(FULL)
    state = advance_ladder(about, open_ladder(about, who), who, at("17 12:30")).state
    assert state.fired == ()
    assert [firing.at for firing in advance_ladder(about, state, who, at("17 14:00")).state.fired] == [at("17 14:00")]


def test_the_whole_ladder_by_its_wake_ups() -> None:
    who, about = organisation(), terms(FULL)
    state = open_ladder(about, who)
    passes = walk(about, state, who, at("28 00:00"))
    told = [(when, notice.person, notice.step, notice.occurrence) for when, decision in passes for notice in decision.notices]
    assert told == [
        (at("13 09:00"), "ann", "remind", 1),
        (at("17 09:00"), "ann", "due", 1),
        (at("20 09:00"), "ben", "lead", 1),
        (at("24 09:00"), "ben", "lead", 2),
        (at("26 09:00"), "ben", "lead", 3),
    ]
    assert wake_at(about, passes[-1][1].state, who) is None


def test_every_firing_is_explained_by_its_rules_with_instants() -> None:
    who, about = organisation(), terms(FULL)
    decision = advance_ladder(about, open_ladder(about, who), who, at("13 09:10"))
    said = {reason.rule: reason.message.values for reason in decision.reasons}
    assert said["ESC-L4"] == {
        "step": "remind", "occurrence": 1, "planned": at("13 09:00"), "eligible": at("13 09:00"), "pass_at": at("13 09:10"),
        "at": at("13 09:00"),
    }  # fmt: skip
    assert said["ESC-C2"] == {"seconds": 600}
    assert said["ESC-W2"]["person"] == "ann"


def test_a_commitment_whose_calendar_has_run_out_does_not_stop_the_pass() -> None:
    """The pass goes on for all others, and says why this one cannot; nothing wakes it until its calendar changes."""
    short = Calendar("fr", "Europe/Paris", ((),) * 7, exceptions={START.date(): ((540, 1080),), at("17 09:00").date(): ((540, 600),)})
    who, about = organisation(calendars=(short,)), terms(FULL, WorkingDays(1))
    state = open_ladder(about, who)
    decision = advance_ladder(about, state, who, at("18 09:00"))
    assert decision.notices == ()
    wake = wake_at(about, decision.state, who)
    assert wake is None
    mended = organisation()
    again = replan(about, decision.state, mended, mended, at("18 10:00")).state
    assert wake_at(about, again, mended) == at("18 09:00")


def test_before_an_action_what_was_due_strictly_before_it_is_decided() -> None:
    """ESC-A2: in the second of the step the action still wins."""
    who, about = organisation(), terms(FULL)
    state = open_ladder(about, who)
    assert settle_before(about, state, who, at("13 09:00")).notices == ()
    settled = settle_before(about, state, who, at("13 09:00") + SECOND)
    assert [notice.fired_at for notice in settled.notices] == [at("13 09:00")]


# Roles and calendars that change


def assigned(decision: Decision) -> list[tuple[str, datetime]]:
    return [(notice.person, notice.fired_at) for notice in decision.notices if notice.step == "assigned"]


def test_a_new_holder_is_told_once_whoever_finds_out() -> None:
    """ESC-W7: by the caller who knows, by the next pass from the log, never by both."""
    before, about = organisation(), terms(FULL)
    state = open_ladder(about, before)
    change = at("16 10:00")
    after = before.with_facts(periods={"sponsor": [RolePeriod("ann", None, change), RolePeriod("eva", change)]})
    told = reassign(about, state, after, change)
    assert assigned(told) == [("eva", change)]
    assert reassign(about, told.state, after, change).notices == ()
    assert assigned(advance_ladder(about, told.state, after, at("16 10:05"))) == []
    assert assigned(advance_ladder(about, state, after, at("16 10:05"))) == [("eva", change)]
    assert wake_at(about, advance_ladder(about, state, after, at("13 09:00")).state, after) == change


def test_a_holder_without_a_date_is_told_as_of_the_call() -> None:
    """ESC-W7: `holder: karim` became `holder: lea` in the declarations; the log has no instant of it."""
    before, about = organisation(), terms(FULL)
    after = organisation({"sponsor": "eva", "steward": "ben"})
    told = reassign(about, open_ladder(about, before), after, at("16 10:00"))
    assert assigned(told) == [("eva", at("16 10:00"))]


def test_nobody_is_told_of_a_role_that_nobody_holds_any_more() -> None:
    about = terms(FULL)
    state = open_ladder(about, organisation())
    assert reassign(about, state, organisation({"steward": "ben"}), at("16 10:00")).notices == ()


def test_who_held_the_role_only_inside_a_gap_is_not_told() -> None:
    """ESC-W7, C3: Eva for a day while the engine was off, then Ben."""
    about, who = terms(FULL), organisation()
    state = open_ladder(about, who)
    first, second = at("14 00:00"), at("15 00:00")
    log = [RolePeriod("ann", None, first), RolePeriod("eva", first, second), RolePeriod("ben", second)]
    after = who.with_facts(periods={"sponsor": log})
    decision = advance_ladder(about, state, after, at("16 08:00"))
    assert assigned(decision) == [("ben", at("15 00:00"))]


def test_the_same_person_assigned_again_is_another_occurrence() -> None:
    """ESC-G1, L8: the key of a notice is unique."""
    who, about = organisation(), terms(FULL)
    state = open_ladder(about, who)
    for when in ("13 10:00", "13 11:00"):
        state = take(about, state, action(ActionKind.DELEGATE, when, to="eva"), who)
    assert [firing.occurrence for firing in state.assigned] == [1, 2]


def test_a_calendar_change_while_paused_is_counted_when_the_clock_resumes() -> None:
    """ESC-K2, P4."""
    who, about = organisation(), terms(FULL, WorkingTime(4 * 3600), started_at=at("12 09:00"))
    state = take(about, open_ladder(about, who), action(ActionKind.PAUSE, "12 10:00"), who)
    closed = Calendar("fr", OFFICE.zone, OFFICE.week, exceptions={at("12 10:00").date(): ((540, 720),)})
    changed = organisation(calendars=(closed,))
    state = replan(about, state, who, changed, at("12 18:00")).state
    assert state.on_time_until is None
    state = take(about, state, action(ActionKind.RESUME, "13 09:00"), changed)
    assert state.due == at("13 12:00")
    assert state.status is Status.OPEN


def test_an_answer_after_a_moved_calendar_is_judged_by_what_was_announced() -> None:
    """ESC-K2, D5: Saturday becomes a working day, which would spend the four hours earlier; the printed deadline holds."""
    who, about = organisation(), terms(FULL, WorkingTime(9 * 3600), started_at=at("13 09:00"))
    state = open_ladder(about, who)
    assert state.due == at("16 11:00")
    saturday = Calendar("fr", OFFICE.zone, OFFICE.week, exceptions={at("14 09:00").date(): ((540, 1080),)})
    changed = organisation(calendars=(saturday,))
    state = replan(about, state, who, changed, at("13 10:00")).state
    assert state.due == at("16 11:00")
    done = take(about, state, action(ActionKind.FULFIL, "16 11:00"), changed)
    assert done.result is not None
    assert done.result.value == "kept"
