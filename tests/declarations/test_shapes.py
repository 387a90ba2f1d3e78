"""What single values may say, and what becomes of them."""

from __future__ import annotations

from datetime import date, time

import pytest

from ancrage.domain.engagement import Trigger, TriggerKind
from ancrage.domain.policies import Offset
from ancrage.domain.working_time import Calendar, CalendarSpan, WorkingDays, WorkingTime
from ancrage.language import Label
from tests.support.declarations import CONTRACT, found_in, load_texts, programme_of


def calendar(**parts: str) -> str:
    fields = {"tz": "Europe/Paris", "week": '{mon-fri: ["08:00-12:00"]}', **parts}
    return "calendars:\n  plant:\n" + "".join(f"    {key}: {value}\n" for key, value in fields.items())


def plant(**parts: str) -> Calendar:
    return programme_of(calendar(**parts)).organisation.calendars["plant"]


def test_a_week_is_seven_days_of_minutes() -> None:
    week = plant(week='{sat-mon: ["22:00-24:00", "08:00-12:00"], wed: ["00:00-24:00"]}').week
    busy = ((480, 720), (1320, 1440))
    assert week == (busy, (), ((0, 1440),), (), (), busy, busy)


def test_public_holidays_become_dates_with_their_source() -> None:
    moselle = plant(holidays="{country: FR, subdivision: Alsace-Moselle, dates: [2026-05-15]}")
    paris = plant(holidays="{country: FR}")
    good_friday = date(2026, 4, 3)
    assert good_friday in moselle.holidays
    assert good_friday not in paris.holidays
    assert date(2026, 5, 15) in moselle.holidays
    assert {day.year for day in paris.holidays} == set(range(2024, 2032))
    assert paris.holiday_source.startswith("FR, holidays ")
    assert moselle.holiday_source.startswith("FR/Alsace-Moselle, holidays ")


def test_holidays_may_be_a_plain_list_of_dates() -> None:
    found = plant(holidays="[2026-05-01, '2026-07-14']")
    assert (found.holidays, found.holiday_source) == (frozenset({date(2026, 5, 1), date(2026, 7, 14)}), "")


def test_an_exception_closes_or_changes_a_date() -> None:
    found = plant(exceptions='{2026-05-15: [], "2026-12-24": ["09:00-12:00"]}')
    assert found.exceptions == {date(2026, 5, 15): (), date(2026, 12, 24): ((540, 720),)}


@pytest.mark.parametrize(
    ("part", "value", "code"),
    [
        ("tz", "Paris", "E-TZ"), ("tz", "../etc/passwd", "E-TZ"), ("week", "{mon: ['12:00-08:00']}", "E-INTERVAL"),
        ("week", "{mon: ['08:00-25:00']}", "E-INTERVAL"), ("week", "{mon-fri: ['08:00-12:00'], fri: []}", "E-CAL-OVERLAP"),
        ("week", "{mon: ['08:00-12:00', '11:59-13:00']}", "E-CAL-OVERLAP"), ("week", "{monday: []}", "E-WEEKDAY"),
        ("week", "{mon-: []}", "E-WEEKDAY"), ("week", "[]", "E-TYPE"), ("holidays", "{country: ZZ}", "E-HOLIDAYS"),
        ("holidays", "{subdivision: '57'}", "E-HOLIDAYS"), ("holidays", "[2026-13-01]", "E-DATE"),
        ("exceptions", "{tomorrow: []}", "E-DATE"), ("exceptions", "{2026-05-01: [x]}", "E-INTERVAL"),
        ("week", "{mon: [['08:00-12:00']]}", "E-INTERVAL"),
    ],
)  # fmt: skip
def test_a_calendar_that_makes_no_sense_is_refused(part: str, value: str, code: str) -> None:
    assert code in [found for found, _ in found_in(load_texts(calendar(**{part: value})))]


def test_a_meeting_of_two_intervals_is_no_overlap() -> None:
    assert load_texts(calendar(week="{mon: ['08:00-12:00', '12:00-13:00']}")).problems == ()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("PT4H", WorkingTime(14400)), ("3wd", WorkingDays(3)), ("P10D", CalendarSpan(days=10)), ("P1M", CalendarSpan(months=1)),
        ("{budget: P10D, roll: none}", CalendarSpan(days=10, roll=False)), ("{budget: P1M, roll: next}", CalendarSpan(months=1)),
        ("{budget: 2wd}", WorkingDays(2)),
    ],
)  # fmt: skip
def test_a_delay_says_how_long(written: str, meant: object) -> None:
    assert programme_of(CONTRACT.replace("2wd", written)).clause("react")[1].budget == meant


@pytest.mark.parametrize("written", ["2 days", "-2wd", "0wd", "P1DT2H", "{budget: soon}", "{roll: none}", "[]", "1.5wd"])
def test_other_delays_are_refused_with_the_allowed_forms(written: str) -> None:
    codes = {code for code, _ in found_in(load_texts(CONTRACT.replace("2wd", written)))}
    assert codes & {"E-BUDGET", "E-TYPE", "E-KEY-MISSING"}
    assert "E-CLAUSE-DELAY" not in codes


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("manual", Trigger(TriggerKind.MANUAL)),
        ("{every: month}", Trigger(TriggerKind.PERIODIC, every="month")),
        ("{campaign: closed}", Trigger(TriggerKind.CAMPAIGN)),
    ],
)
def test_a_trigger_is_one_of_four(written: str, meant: Trigger) -> None:
    assert programme_of(CONTRACT.replace("manual", written, 1)).clause("react")[1].trigger == meant


@pytest.mark.parametrize("written", ["{}", "{every: week}", "{alert: []}", "{every: month, campaign: closed}", "{alarm: [x]}", "often"])
def test_other_triggers_are_refused(written: str) -> None:
    assert load_texts(CONTRACT.replace("manual", written, 1)).errors


def test_offsets_of_a_ladder() -> None:
    steps = (
        "{id: a, offset: -1wd, from: due, to: [responsible]}, {id: b, offset: -PT2H, from: due, to: [responsible]}, "
        "{id: c, offset: 0, from: due, to: [responsible]}, {id: d, offset: PT4H, from: previous, to: [lead], urgent: true}"
    )
    policy = programme_of(f"policies:\n  p: {{grace: PT30M, waiver: [lead], steps: [{steps}]}}\n").policies["p"]
    assert [step.offset for step in policy.steps] == [
        Offset(WorkingDays(1), before=True), Offset(WorkingTime(7200), before=True), Offset(), Offset(WorkingTime(14400)),
    ]  # fmt: skip
    assert (policy.grace_seconds, policy.waiver_roles, policy.steps[3].urgent) == (1800, ("lead",), True)


def test_a_label_is_one_text_or_two() -> None:
    units = programme_of("units:\n  a: {name: Same}\n  b: {name: {fr: Deux, en: Two}}\n  c: {name: {fr: Seul}}\n").organisation.units
    assert [unit.name for unit in units.values()] == [Label("Same", "Same"), Label("Deux", "Two"), Label("Seul", "")]


def test_what_yaml_guesses_stays_what_was_written() -> None:
    people = programme_of("people:\n  no: {name: no, digest_at: 09:00, email: a@b.example}\n").organisation.people
    assert (people["no"].name, people["no"].digest_at) == ("no", time(9))


def test_an_empty_optional_value_is_as_good_as_none() -> None:
    unit = programme_of("units:\n  a: {name: A, parent: null}\n  b: {name: B, parent: }\n").organisation.units
    assert (unit["a"].parent, unit["b"].parent) == (None, None)


def test_an_unknown_key_names_the_nearest_and_a_missing_one_says_what_to_add() -> None:
    problems = load_texts("people:\n  zoe: {naem: Zoe}\n").problems
    hints = [(problem.code, str(problem.hint)) for problem in problems]
    assert hints == [("E-KEY-MISSING", "add name: a text"), ("E-KEY-UNKNOWN", 'did you mean "name"?')]


def test_a_misspelt_section_names_the_nearest() -> None:
    (problem,) = load_texts("proceses: {}\n").problems
    assert (problem.code, str(problem.hint)) == ("E-KEY-UNKNOWN", 'did you mean "processes"?')


def test_a_scale_must_suit_the_method_of_its_model() -> None:
    scale = "[{code: FI, label: A}, {code: NI, label: B}]"
    model = f"reference_models:\n  m:\n    {{name: M, version: '1', method: cmmi, areas: {{}}, scale: {scale}}}\n"
    assert load_texts(model).problems == ()
    (problem,) = load_texts(model.replace("FI", "XX")).problems
    assert (problem.code, str(problem.place)) == ("E-SCALE-METHOD", "example.yaml:3:54")


def test_an_overlap_of_role_periods_shows_both() -> None:
    text = 'roles:\n  r:\n    holders:\n      - {person: ann, to: "2026-07-01"}\n      - {person: ben, from: "2026-06-01"}\n'
    (problem,) = load_texts(text).problems
    assert (problem.code, str(problem.place), str(problem.related[0])) == ("E-ROLE-OVERLAP", "example.yaml:5:9", "example.yaml:4:9")
