"""Refusals at load, from values (ESC-V1, L1); the same from files stand in tests/declarations/test_scenario.py."""

from __future__ import annotations

from datetime import date

import pytest

from ancrage.domain.escalation.checks import (
    calendar_faults,
    fallback_faults,
    policy_faults,
    reminder_warnings,
    reminders_longer,
    role_faults,
    unknown_roles,
)
from ancrage.domain.organisation import Role, RolePeriod
from ancrage.domain.policies import Offset, Origin, Policy, Step
from ancrage.domain.working_time import Calendar, CalendarSpan, WorkingDays, WorkingTime
from tests.support.ladders import OFFICE, at, ladder, organisation, step

TODAY = date(2026, 2, 12)


def codes(policy: Policy) -> list[tuple[str, str]]:
    """Each fault with the position of its step."""
    return [(finding.code, finding.subject[3]) for finding in policy_faults(policy)]


@pytest.mark.parametrize(
    "steps",
    [
        (step("due", "0"),),
        (step("early", "-3wd"), step("late", "-1wd"), step("hours", "-PT2H"), step("due", "0"), step("lead", "PT4H"), step("board", "2wd")),
        (step("remind", "-1wd"), step("lead", "1wd")),
        (step("far", "-PT40H"), step("near", "-1wd")),
        (),
    ],
)
def test_a_ladder_that_can_be_walked(steps: tuple[Step, ...]) -> None:
    assert codes(ladder(*steps)) == []


@pytest.mark.parametrize(
    ("steps", "faults"),
    [
        ((step("due", "0"), step("due", "1wd")), [("E-STEP-DUPLICATE", "1")]),
        ((step("due", "0"), step("remind", "-1wd")), [("E-STEP-ORDER", "1")]),
        ((step("due", "0"), step("again", "0")), [("E-STEP-ORDER", "1")]),
        ((step("late", "-1wd"), step("early", "-2wd")), [("E-STEP-ORDER", "1")]),
        ((step("one", "-1wd"), step("same", "-1wd")), [("E-STEP-ORDER", "1")]),
        ((step("hours", "-PT4H"), step("day", "-1wd")), [("E-STEP-ORDER", "1")]),
        ((step("due", "0"), step("lead", "1wd"), step("remind", "-1wd")), [("E-STEP-ORDER", "2")]),
        ((step("lead", "1wd"),), [("E-STEP-ORDER", "0")]),
        ((step("due", "0"), Step("lead", Offset(), Origin.PREVIOUS, ("steward",))), [("E-STEP-ORDER", "1")]),
        ((Step("after", Offset(WorkingDays(1)), Origin.DUE, ("steward",)),), [("E-STEP-ORDER", "0")]),
        ((step("due", "0"), step("due", "0"), step("due", "-1wd")), [
            ("E-STEP-DUPLICATE", "1"), ("E-STEP-DUPLICATE", "2"), ("E-STEP-ORDER", "1"), ("E-STEP-ORDER", "2"),
        ]),
    ],
)  # fmt: skip
def test_a_ladder_that_cannot_be_walked_names_each_step(steps: tuple[Step, ...], faults: list[tuple[str, str]]) -> None:
    assert codes(ladder(*steps)) == faults


def test_a_calendar_is_judged_at_the_date_of_the_load() -> None:
    """ESC-V1: what becomes true later is no refusal."""
    ends = Calendar("ends", "Europe/Paris", ((),) * 7, exceptions={date(2026, 12, 31): ((540, 600),)})
    assert calendar_faults(ends, TODAY) == ()
    assert [finding.code for finding in calendar_faults(ends, date(2027, 1, 1))] == ["E-CAL-EMPTY"]
    assert [finding.code for finding in calendar_faults(ends, date(2025, 12, 30))] == ["E-CAL-EMPTY"]


def test_a_calendar_open_only_when_the_clock_jumps_is_empty() -> None:
    """ESC-B3, B6: 02:15-02:45 of the last Sunday of March, every year."""
    never = Calendar("never", "Europe/Paris", ((),) * 7, exceptions={date(2026, 3, 29): ((135, 165),)})
    assert [finding.code for finding in calendar_faults(never, TODAY)] == ["E-CAL-EMPTY"]


def test_an_unknown_zone_and_overlapping_hours() -> None:
    assert [finding.code for finding in calendar_faults(Calendar("c", "Europe/Pariss", OFFICE.week), TODAY)] == ["E-TZ"]
    twice = Calendar("c", "Europe/Paris", (((540, 720), (700, 800)),) * 7, exceptions={TODAY: ((0, 100), (99, 200))})
    assert {finding.code for finding in calendar_faults(twice, TODAY)} == {"E-CAL-OVERLAP"}
    assert ("calendars", "c", "exceptions", "2026-02-12") in [finding.subject for finding in calendar_faults(twice, TODAY)]


@pytest.mark.parametrize(
    ("periods", "faulty"),
    [
        ([RolePeriod("ann", None, at("13 00:00")), RolePeriod("ben", at("13 00:00"))], False),
        ([RolePeriod("ann", None, at("13 00:00")), RolePeriod("ben", at("12 23:59"))], True),
        ([RolePeriod("ann"), RolePeriod("ben", at("13 00:00"))], True),
        ([RolePeriod("ben", at("13 00:00")), RolePeriod("ann", at("12 00:00"), at("13 00:00"))], False),
        ([RolePeriod("ann"), RolePeriod("ben")], True),
    ],
)
def test_a_role_has_one_holder_at_a_time(periods: list[RolePeriod], faulty: bool) -> None:
    """ESC-W1: half-open periods, in any written order."""
    found = [finding.code for finding in role_faults(Role("sponsor", periods=tuple(periods)))]
    assert found == (["E-ROLE-OVERLAP"] if faulty else [])


def test_a_fallback_person_is_mandatory() -> None:
    """ESC-W6."""
    people = organisation().people
    assert fallback_faults("ben", people) == ()
    for missing in ("", "nobody"):
        assert [finding.code for finding in fallback_faults(missing, people)] == ["E-NO-FALLBACK"]


def test_a_step_to_a_role_that_is_not_declared() -> None:
    policy = ladder(step("due", "0", "responsible", "accountable", "steward", "ghost", "person:ann"))
    (finding,) = unknown_roles(policy, organisation())
    assert (finding.code, finding.message.values["name"]) == ("E-ROLE-UNKNOWN", "ghost")


def test_a_reminder_longer_than_the_time_it_reminds_of() -> None:
    """ESC-V1, L6: judged for a start at every opening of a year; a reminder that is sent once is no mistake."""
    policy = ladder(step("far", "-3wd"), step("near", "-1wd"), step("due", "0"))
    assert reminders_longer(policy, WorkingDays(2), OFFICE, TODAY) == ("far",)
    assert reminders_longer(policy, WorkingDays(3), OFFICE, TODAY) == ("far",)  # 3wd: planned for the opening of the start itself
    assert reminders_longer(policy, WorkingDays(4), OFFICE, TODAY) == ()
    assert reminders_longer(policy, CalendarSpan(days=1), OFFICE, TODAY) == ("far", "near")
    assert reminders_longer(ladder(step("hours", "-PT8H")), WorkingTime(8 * 3600), OFFICE, TODAY) == ("hours",)
    assert reminders_longer(ladder(step("hours", "-PT8H")), WorkingTime(8 * 3600 + 1), OFFICE, TODAY) == ()


def test_a_reminder_that_a_long_weekend_saves_is_no_mistake() -> None:
    """P2D started on a Thursday ends on Saturday and rolls to Monday: the reminder of Friday comes after the start."""
    policy = ladder(step("near", "-1wd"))
    assert reminders_longer(policy, CalendarSpan(days=2), OFFICE, TODAY) == ()


def test_no_warning_where_there_is_no_working_day_at_all() -> None:
    assert reminders_longer(ladder(step("near", "-1wd")), WorkingDays(1), Calendar("c", "UTC", ((),) * 7), TODAY) == ()


def test_the_warning_stands_at_the_clause() -> None:
    policy = ladder(step("far", "-3wd"), step("due", "0"))
    (warning,) = reminder_warnings(policy, WorkingDays(2), OFFICE, TODAY, ("commitments", "c1"))
    assert (warning.code, warning.subject, warning.message.values["step"]) == ("W-REMINDER-LONGER", ("commitments", "c1"), "far")
