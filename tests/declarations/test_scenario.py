"""Scenario files: every form that is taken, every problem of a malformed one at once (ESC-F, V1)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ancrage.declarations.scenario import ScenarioFile, read_scenarios
from ancrage.declarations.scenario_shapes import COMMITMENT, ENGINE, EVENT, MEASURE, PERSON, POLICY, SCENARIO, STEP
from ancrage.domain.escalation.scenario import Event, EventKind, Scenario
from ancrage.domain.organisation import RolePeriod
from ancrage.domain.policies import Offset, Origin
from ancrage.domain.working_time import CalendarSpan, Pause, WorkingDays, WorkingTime
from ancrage.errors import ProblemsFound

CALENDARS = 'calendars: {fr: {tz: Europe/Paris, week: {mon-fri: ["09:00-12:00", "14:00-18:00"]}}}\n'
PEOPLE = "people: {ann: {}, ben: {}}\nroles: {sponsor: ann, steward: [{holder: ben}]}\nfallback: ben\n"
PROMISE = "policies: {p: {steps: [{id: due, offset: 0, to: responsible}]}}\ncommitments: {c1: {responsible: sponsor, budget: 2wd}}\n"
PLAIN = CALENDARS + PEOPLE + PROMISE


def read(folder: Path, text: str) -> ScenarioFile:
    path = folder / "story.yaml"
    path.write_text(text, encoding="utf-8")
    return read_scenarios(path)


def one(folder: Path, text: str) -> Scenario:
    found = read(folder, text)
    assert found.warnings == ()
    (scenario,) = found.scenarios
    return scenario


def event(folder: Path, written: str, more: str = "") -> Event:
    (found,) = one(folder, f"{PLAIN}{more}events: [{{at: 2026-02-12T10:00:00+01:00, {written}}}]\n").events
    return found


def problems(folder: Path, text: str) -> list[tuple[str, int]]:
    """Code and line of every problem of a file that is refused."""
    with pytest.raises(ProblemsFound) as found:
        read(folder, text)
    return [(problem.code, problem.place.line if problem.place else 0) for problem in found.value.problems]


# Forms


def test_one_scenario_a_list_and_a_list_under_scenarios(tmp_path: Path) -> None:
    assert [scenario.id for scenario in read(tmp_path, PLAIN).scenarios] == ["story"]
    listed = "".join(f"- id: {name}\n" + "".join(f"  {line}\n" for line in PLAIN.splitlines()) for name in ("a", "b"))
    assert [scenario.id for scenario in read(tmp_path, listed).scenarios] == ["a", "b"]
    assert [scenario.id for scenario in read(tmp_path, "scenarios:\n" + listed).scenarios] == ["a", "b"]


def test_what_there_is_only_one_of_need_not_be_named(tmp_path: Path) -> None:
    scenario = one(tmp_path, PLAIN)
    promise = scenario.commitments["c1"]
    assert (promise.calendar, promise.policy, promise.budget) == ("fr", "p", WorkingDays(2))
    assert scenario.organisation.people["ann"].calendar == "fr"


def test_roles_as_a_name_a_holding_or_a_list(tmp_path: Path) -> None:
    text = PLAIN.replace(
        "roles: {sponsor: ann,", "roles: {one: {holder: ann, from: 2026-02-01}, sponsor: [{person: ann, to: 2026-02-12T00:00:00+01:00}],"
    )
    roles = one(tmp_path, text).organisation.roles
    assert roles["one"].periods == (RolePeriod("ann", datetime(2026, 1, 31, 23, tzinfo=UTC)),)
    assert roles["sponsor"].periods == (RolePeriod("ann", None, datetime(2026, 2, 11, 23, tzinfo=UTC)),)


def test_absences_and_gaps_as_pairs_or_mappings(tmp_path: Path) -> None:
    text = PLAIN.replace("ann: {}", "ann: {absences: [[2026-02-01, 2026-02-03], {from: 2026-03-01, to: 2026-03-02T12:00:00Z}]}")
    text += "engine: {start: 2026-02-01T00:00:00Z, until: 2026-03-01T00:00:00Z, down: [[2026-02-05T00:00:00Z, 2026-02-06T00:00:00Z], "
    text += "{since: 2026-02-06T00:00:00Z, until: 2026-02-07T00:00:00Z}]}\n"
    scenario = one(tmp_path, text)
    begun = [absence.since.isoformat() for absence in scenario.organisation.absences]
    assert begun == ["2026-01-31T23:00:00+00:00", "2026-02-28T23:00:00+00:00"]
    assert [(gap.since.day, gap.until.day) for gap in scenario.down] == [(5, 7)]  # they touch: one gap


def test_a_step_counts_from_due_or_the_previous_by_its_sign(tmp_path: Path) -> None:
    ladder = "[{id: a, offset: -1wd, to: [sponsor]}, {id: b, offset: PT4H, to: sponsor}]"
    text = PLAIN.replace("[{id: due, offset: 0, to: responsible}]", ladder)
    steps = one(tmp_path, text).policies["p"].steps
    assert [(step.origin, step.offset) for step in steps] == [
        (Origin.DUE, Offset(WorkingDays(1), before=True)), (Origin.PREVIOUS, Offset(WorkingTime(4 * 3600)))
    ]  # fmt: skip


def test_rolling_beside_the_budget_or_inside_it(tmp_path: Path) -> None:
    for written in ("budget: P10D, roll: none", "budget: {budget: P10D, roll: none}"):
        assert one(tmp_path, PLAIN.replace("budget: 2wd", written)).commitments["c1"].budget == CalendarSpan(days=10, roll=False)


def test_a_grace_and_a_tolerance_may_be_nothing(tmp_path: Path) -> None:
    assert one(tmp_path, PLAIN.replace("p: {", "p: {grace: PT0S, ")).policies["p"].grace_seconds == 0


def test_the_engine_starts_with_the_first_event_and_ends_well_after_the_last(tmp_path: Path) -> None:
    events = "events: [{at: 2026-02-12T10:00:00Z, do: trigger}, {at: 2026-03-01T10:00:00Z, do: ack, by: ann}]\n"
    scenario = one(tmp_path, PLAIN + events)
    assert (scenario.start, scenario.until.isoformat()) == (datetime(2026, 2, 12, 10, tzinfo=UTC), "2026-05-30T10:00:00+00:00")


def test_a_monthly_clause_without_a_start_has_been_there_since_its_month_began(tmp_path: Path) -> None:
    scenario = one(tmp_path, PLAIN.replace("budget: 2wd", "every: month") + "events: [{at: 2026-02-12T10:00:00Z, do: fulfil, by: ann}]\n")
    assert scenario.start.isoformat() == "2026-01-31T23:00:00+00:00"


def test_public_holidays_are_dates_with_their_source(tmp_path: Path) -> None:
    """ESC-B7."""
    calendar = one(tmp_path, PLAIN.replace("tz: Europe/Paris,", "tz: Europe/Paris, holidays: {country: FR},")).organisation.calendars["fr"]
    assert datetime(2026, 7, 14).date() in calendar.holidays  # noqa: DTZ001 - a date
    assert calendar.holiday_source.startswith("FR, holidays ")


# Events


def test_actions_and_what_they_carry(tmp_path: Path) -> None:
    later = datetime(2026, 2, 13, 9, tzinfo=UTC)
    snoozed = event(tmp_path, "do: snooze, id: a1, by: ann, until: 2026-02-13T10:00:00+01:00, why: meeting")
    assert (snoozed.kind, snoozed.id, snoozed.by, snoozed.until, snoozed.reason) == (EventKind.SNOOZE, "a1", "ann", later, "meeting")
    assert event(tmp_path, "do: trigger, commitment: c1, event_id: e1").id == "e1"
    assert event(tmp_path, "do: delegate, person: ben").to == "ben"
    assert (event(tmp_path, "do: escalate, step: due").step, event(tmp_path, "do: escalate, step: null").step) == ("due", "")
    assert event(tmp_path, "do: escalate").step is None


@pytest.mark.parametrize("written", ["holder: ben", "to: ben", "person: ben"])
def test_a_role_changes_hands(tmp_path: Path, written: str) -> None:
    found = event(tmp_path, f"do: role_change, role: sponsor, {written}")
    assert (found.role, found.holder) == ("sponsor", "ben")


def test_a_role_falls_vacant(tmp_path: Path) -> None:
    assert event(tmp_path, "do: role_change, role: sponsor, holder: null").holder is None


@pytest.mark.parametrize(
    "written",
    [
        'calendar: fr, week: {mon: ["09:00-10:00"]}',
        'calendar: fr, definition: {week: {mon: ["09:00-10:00"]}}',
        'calendar: {id: fr, week: {mon: ["09:00-10:00"]}}',
        'calendars: {fr: {tz: Europe/Paris, week: {mon: ["09:00-10:00"]}}}',
    ],
)
def test_a_calendar_changes_in_any_form(tmp_path: Path, written: str) -> None:
    changed = event(tmp_path, f"do: calendar_change, {written}").calendar
    assert changed is not None
    assert (changed.id, changed.zone, changed.week) == ("fr", "Europe/Paris", (((540, 600),), (), (), (), (), (), ()))


def test_closed_days_are_added_where_the_week_stays(tmp_path: Path) -> None:
    """The second change builds on the first, whatever the order of writing."""
    text = PLAIN.replace("week: {", "holidays: [2026-05-01], week: {") + "events:\n"
    text += "  - {at: 2026-02-14T10:00:00Z, do: calendar_change, exceptions: {2026-05-09: []}}\n"
    text += "  - {at: 2026-02-12T10:00:00Z, do: calendar_change, calendar: fr, holidays: [2026-05-08]}\n"
    last, first = (found.calendar for found in one(tmp_path, text).events)
    assert first is not None
    assert last is not None
    assert sorted(day.day for day in first.holidays) == [1, 8]
    assert (last.holidays, [day.day for day in last.exceptions]) == (first.holidays, [9])


def test_a_policy_changes_in_part_or_as_a_whole(tmp_path: Path) -> None:
    text = PLAIN.replace("p: {", "p: {ack_ttl: 2wd, ")
    beside = "events: [{at: 2026-02-12T10:00:00Z, do: policy_change, steps: [{id: new, offset: 0, to: steward}]}]\n"
    whole = "events: [{at: 2026-02-12T10:00:00Z, do: policy_change, policies: {p: {steps: [{id: new, offset: 0, to: steward}]}}}]\n"
    for written, kept in ((beside, WorkingDays(2)), (whole, None)):
        (found,) = one(tmp_path, text + written).events
        assert found.policy is not None
        assert ([step.id for step in found.policy.steps], found.policy.ack_ttl) == (["new"], kept)


MEASURED = (
    "measures: {m: {budget: PT4H, tolerance: 600, internal: {start: 2026-02-12T10:00:00Z}, supplier: {start: 2026-02-12T10:00:00Z, "
    "end: 2026-02-12T12:00:00Z, pauses: [[2026-02-12T11:00:00Z, 2026-02-12T11:30:00Z]]}, log: [{holder: supplier}]}}\n"
)


def test_a_measure_and_its_close(tmp_path: Path) -> None:
    more = MEASURED + "engine: {start: 2026-02-12T08:00:00Z}\n"
    text = PLAIN + more + "events: [{at: 2026-02-12T15:00:00Z, do: measure_closed, internal: {start: 2026-02-12T09:00:00Z}}]\n"
    scenario = one(tmp_path, text)
    measure = scenario.measures["m"].measure
    assert measure.internal.start == datetime(2026, 2, 12, 9, tzinfo=UTC)  # known at the close
    pause = Pause(datetime(2026, 2, 12, 11, tzinfo=UTC), datetime(2026, 2, 12, 11, 30, tzinfo=UTC))
    assert (measure.supplier.pauses, measure.tolerance_seconds, measure.log) == ((pause,), 600, (RolePeriod("supplier"),))
    assert scenario.events[0].measure == "m"


def test_both_series_under_one_key_and_a_missing_one(tmp_path: Path) -> None:
    both = "series: {internal: {start: 2026-02-12T10:00:00Z}, supplier: {start: 2026-02-12T11:00:00Z}}"
    measure = one(tmp_path, f"{PLAIN}measures: {{m: {{budget: PT4H, {both}}}}}\n").measures["m"].measure
    assert (measure.internal.start.hour, measure.supplier.start.hour) == (10, 11)
    lacking = "measures: {m: {budget: PT4H, internal: {start: 2026-02-12T10:00:00Z}}}\n"
    assert problems(tmp_path, PLAIN + lacking) == [("E-KEY-MISSING", 7)]


# Problems


def test_an_unknown_key_is_a_warning(tmp_path: Path) -> None:
    found = read(tmp_path, PLAIN.replace("ann: {}", "ann: {digest: 3}") + "colour: blue\n")
    told = [(problem.code, problem.place.line if problem.place else 0) for problem in found.warnings]
    assert told == [("W-KEY-UNKNOWN", 2), ("W-KEY-UNKNOWN", 7)]
    assert len(found.scenarios) == 1


def test_a_reminder_that_is_never_sent_is_a_warning(tmp_path: Path) -> None:
    found = read(tmp_path, PLAIN.replace("[{id: due", "[{id: far, offset: -3wd, to: sponsor}, {id: due"))
    assert [problem.code for problem in found.warnings] == ["W-REMINDER-LONGER"]


@pytest.mark.parametrize(
    ("right", "wrong", "code", "line"),
    [
        ("mon-fri: [", "mon-fri: [\"08:00-10:00\", ", "E-CAL-OVERLAP", 1),
        ("Europe/Paris", "Europe/Pari", "E-TZ", 1),
        ('{mon-fri: ["09:00-12:00", "14:00-18:00"]}', "{}", "E-CAL-EMPTY", 1),
        ("ann: {}", "ann: {calendar: de}", "E-CAL-UNKNOWN", 2),
        ("ann: {}", "ann: {absences: [[2026-02-01T09:00:00, 2026-02-03]]}", "E-TIME-NAIVE", 2),
        ("ann: {}", "ann: {absences: [[2026-02-03, 2026-02-01]]}", "E-SPAN", 2),
        ("ann: {}", "ann: {digest_at: 9}", "E-TIME", 2),
        ("sponsor: ann", "sponsor: anna", "E-PERSON-UNKNOWN", 3),
        ("sponsor: ann", "sponsor: [{holder: ann}, {holder: ben, from: 2026-02-01}]", "E-ROLE-OVERLAP", 3),
        ("fallback: ben", "fallback: zoe", "E-NO-FALLBACK", 4),
        ("fallback: ben\n", "backups: {sponsor: ghost}\nfallback: ben\n", "E-ROLE-UNKNOWN", 4),
        ("to: responsible", "to: ghost", "E-ROLE-UNKNOWN", 5),
        ("offset: 0", "offset: 1d", "E-BUDGET", 5),
        ("[{id: due", "[{id: due, offset: 0, to: sponsor}, {id: due", "E-STEP-DUPLICATE", 5),
        ("[{id: due", "[{id: now, offset: 0, to: sponsor}, {id: due", "E-STEP-ORDER", 5),
        ("responsible: sponsor", "responsible: ghost", "E-ROLE-UNKNOWN", 6),
        ("budget: 2wd", "budget: 2", "E-BUDGET", 6),
        ("responsible: sponsor, ", "", "E-KEY-MISSING", 6),
        (", budget: 2wd", "", "E-KEY-MISSING", 6),
        ("budget: 2wd", "budget: 2wd, policy: q", "E-POLICY-UNKNOWN", 6),
        ("fallback: ben\n", "", "E-NO-FALLBACK", 1),
    ],
)
def test_each_refusal_has_its_code_and_line(tmp_path: Path, right: str, wrong: str, code: str, line: int) -> None:
    assert right in PLAIN
    assert (code, line) in problems(tmp_path, PLAIN.replace(right, wrong, 1))


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("at: 2026-02-12T10:00:00, do: trigger", "E-TIME-NAIVE"),
        ("at: 2026-02-12, do: trigger", "E-TIME-NAIVE"),
        ("at: noon, do: trigger", "E-DATE"),
        ("at: 2026-02-12T10:00:00Z, do: trigered", "E-CHOICE"),
        ("at: 2026-02-12T10:00:00Z", "E-KEY-MISSING"),
        ("at: 2026-02-12T10:00:00Z, do: ack, commitment: c2", "E-COMMITMENT-UNKNOWN"),
        ("at: 2026-02-12T10:00:00Z, do: snooze", "E-KEY-MISSING"),
        ("at: 2026-02-12T10:00:00Z, do: delegate", "E-KEY-MISSING"),
        ("at: 2026-02-12T10:00:00Z, do: delegate, to: zoe", "E-PERSON-UNKNOWN"),
        ("at: 2026-02-12T10:00:00Z, do: role_change, role: sponsor", "E-KEY-MISSING"),
        ("at: 2026-02-12T10:00:00Z, do: role_change, role: ghost, holder: ann", "E-ROLE-UNKNOWN"),
        ("at: 2026-02-12T10:00:00Z, do: calendar_change, calendar: de", "E-CAL-UNKNOWN"),
        ("at: 2026-02-12T10:00:00Z, do: calendar_change, week: {mon-sun: []}", "E-CAL-EMPTY"),
        ("at: 2026-02-12T10:00:00Z, do: policy_change, policy: q", "E-POLICY-UNKNOWN"),
        ("at: 2026-02-12T10:00:00Z, do: policy_change, steps: [{id: a, offset: 1wd, to: steward}]", "E-STEP-ORDER"),
        ("at: 2026-02-12T10:00:00Z, do: measure_closed, measure: m", "E-MEASURE-UNKNOWN"),
    ],
)
def test_each_refusal_of_an_event_has_its_code(tmp_path: Path, written: str, code: str) -> None:
    assert problems(tmp_path, f"{PLAIN}events: [{{{written}}}]\n") == [(code, 7)]


def test_a_malformed_file_lists_all_its_problems_in_one_run(tmp_path: Path) -> None:
    text = """\
calendars:
  fr: {tz: Europe/Pari, week: {mon-fri: ["09:00-12:00", "11:00-18:00"]}}
  never: {tz: Europe/Paris, week: {}}
  de: {tz: Europe/Berlin, week: {mon: ["09:00-12:00"]}}
people: {ann: {calendar: nl}, ben: {calendar: de}}
roles: {sponsor: [{holder: ann}, {holder: ben, from: 2026-01-01}], steward: zoe}
fallback: zoe
policies:
  p:
    steps:
      - {id: due, offset: 0, from: due, to: [responsible]}
      - {id: due, offset: -1wd, from: due, to: [ghost]}
      - {id: lead, offset: 3x, from: previous, to: [sponsor]}
      - {id: board, offset: 0, from: previous, to: [sponsor]}
commitments: {c1: {calendar: de, responsible: ghost, budget: 2w, policy: p}}
engine: {until: 2026-02-20T00:00:00}
events:
  - {at: 2026-02-12T16:00:00, do: trigger, commitment: c1}
  - {at: 2026-02-12T16:00:00Z, do: trigger, commitment: c9}
"""
    assert problems(tmp_path, text) == [
        ("E-TZ", 2), ("E-CAL-OVERLAP", 2), ("E-CAL-EMPTY", 3), ("E-CAL-UNKNOWN", 5), ("E-ROLE-OVERLAP", 6), ("E-PERSON-UNKNOWN", 6),
        ("E-NO-FALLBACK", 7), ("E-STEP-ORDER", 12), ("E-STEP-DUPLICATE", 12), ("E-ROLE-UNKNOWN", 12), ("E-BUDGET", 13),
        ("E-STEP-ORDER", 14), ("E-ROLE-UNKNOWN", 15), ("E-BUDGET", 15), ("E-TIME-NAIVE", 16), ("E-TIME-NAIVE", 18),
        ("E-COMMITMENT-UNKNOWN", 19),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["3\n", "scenarios: 3\n", "- 1\n", "calendars: 3\n" + PEOPLE, "", PLAIN + "events: {}\n", PLAIN + "engine: []\n"]
)
def test_what_is_no_scenario_is_refused(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text) != []


# The page that describes all this


def test_every_key_stands_on_the_page_about_scenario_files() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "scenario-files.md").read_text(encoding="utf-8")
    records = (SCENARIO, PERSON, STEP, POLICY, COMMITMENT, MEASURE, ENGINE, EVENT)
    keys = {name for record in records for name in record.fields}
    assert sorted(key for key in keys if f"`{key}`" not in page) == []
    assert sorted(kind for kind in EventKind if f"`{kind}`" not in page) == []
