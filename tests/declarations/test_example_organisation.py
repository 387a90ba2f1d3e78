"""The organisation shipped with Ancrage: without a fault at any date, complete, small enough to ask, and written in both languages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise
from pathlib import Path

import pytest

from ancrage.declarations.loading import Loaded, load_programme
from ancrage.domain.engagement import TriggerKind
from ancrage.domain.indicators import Phase
from ancrage.domain.process_map import ProcessKind
from ancrage.domain.programme import Programme
from ancrage.domain.working_time import CalendarSpan, WorkingDays, WorkingTime
from ancrage.language import Label

EXAMPLE = Path(__file__).parents[2] / "process_maps" / "example"
FIRST_DAY, LAST_DAY = date(2026, 1, 5), date(2026, 7, 5)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load_programme(EXAMPLE, FIRST_DAY)


@pytest.fixture(scope="module")
def programme(loaded: Loaded) -> Programme:
    return loaded.require()


@pytest.mark.parametrize("as_of", [FIRST_DAY, LAST_DAY, date(2026, 12, 31), date(2028, 2, 29)], ids=str)
def test_there_is_not_one_problem_whenever_it_is_read(as_of: date) -> None:
    found = load_programme(EXAMPLE, as_of).problems
    assert [f"{problem.place} {problem.code} {problem.message}" for problem in found] == []


def test_every_file_of_the_folder_is_read(loaded: Loaded) -> None:
    present = {path.relative_to(EXAMPLE).as_posix() for path in EXAMPLE.rglob("*.yaml")}
    assert set(loaded.files) == present


def test_it_has_the_size_that_its_readme_tells(programme: Programme) -> None:
    model = programme.reference_models["pmo_competences"]
    subprocesses = [process for process in programme.processes.values() if process.parent]
    counts = {
        "processes": len(programme.processes) - len(subprocesses),
        "subprocesses": len(subprocesses),
        "flows": len(programme.links),
        "people": len(programme.organisation.people),
        "units": len(programme.organisation.units),
        "contracts": len(programme.contracts),
        "indicators": len(programme.indicators),
        "transformations": len(programme.transformations),
        "areas": len(model.areas),
        "practices": sum(len(area.practices) for area in model.areas),
    }
    assert counts == {
        "processes": 18, "subprocesses": 1, "flows": 44, "people": 23, "units": 8, "contracts": 4, "indicators": 13,
        "transformations": 3, "areas": 9, "practices": 41,
    }  # fmt: skip


# --- every chapter of the product finds something to work on ---


def test_the_map_has_all_kinds_of_processes_each_with_owner_deputy_unit_purpose_and_tools(programme: Programme) -> None:
    assert {process.kind for process in programme.processes.values()} == set(ProcessKind)
    for process in programme.processes.values():
        assert process.owner, process.id
        assert process.deputy not in (None, process.owner), process.id
        assert process.unit, process.id
        assert process.tools, process.id
        assert process.performers.responsible, process.id
        assert process.performers.accountable, process.id
        assert process.objectives, process.id


def test_each_flow_is_listed_by_the_processes_at_its_ends(programme: Programme) -> None:
    for link in programme.links.values():
        ends = [end for end in (link.source, link.target) if end in programme.processes]
        assert list(link.listed_by) == ends, link.id


def test_owner_and_deputy_are_two_different_people_at_any_date_of_the_story(programme: Programme) -> None:
    organisation = programme.organisation
    for day in (FIRST_DAY, date(2026, 4, 1), LAST_DAY):
        at = _noon(day)
        for process in programme.processes.values():
            owner, deputy = organisation.holder(process.owner or "", at), organisation.holder(process.deputy or "", at)
            assert owner is not None, process.id
            assert deputy is not None, process.id
            assert owner != deputy, f"{process.id} on {day}"


def test_whoever_stands_in_is_somebody_else_at_any_date_of_the_story(programme: Programme) -> None:
    organisation = programme.organisation
    for day in (FIRST_DAY, date(2026, 4, 1), LAST_DAY):
        for role in organisation.roles.values():
            holder = organisation.holder(role.id, _noon(day))
            assert holder is not None, role.id
            assert organisation.holder(role.backup or "", _noon(day)) not in (None, holder), f"{role.id} on {day}"


def test_a_role_changes_hands_while_the_story_runs(programme: Programme) -> None:
    moved = [role.id for role in programme.organisation.roles.values() if role.holder(_noon(FIRST_DAY)) != role.holder(_noon(LAST_DAY))]
    assert moved == ["change_owner"]


def test_contracts_hold_promises_of_both_sides_with_every_trigger_and_every_kind_of_delay(programme: Programme) -> None:
    for contract in programme.contracts.values():
        promising = {clause.by for clause in contract.clauses}
        assert {contract.sponsor, contract.steward} <= promising, contract.id
        assert contract.perimeter, contract.id
        assert contract.outside, contract.id
    clauses = [clause for _, clause in programme.clauses()]
    assert {clause.trigger.kind for clause in clauses if clause.trigger} == set(TriggerKind)
    assert {type(clause.budget) for clause in clauses if clause.budget} == {WorkingTime, WorkingDays, CalendarSpan}
    assert all(clause.cost_hours_per_month > 0 and clause.policy and clause.waiver_role for clause in clauses)
    assert sum(clause.negotiable != Label() for clause in clauses) >= 5


def test_every_ladder_is_used(programme: Programme) -> None:
    used = {clause.policy for _, clause in programme.clauses()}
    used |= {programme.defaults.request, programme.defaults.action, programme.defaults.reading}
    assert used == set(programme.policies)


def test_each_criterion_of_each_objective_is_measured_once(programme: Programme) -> None:
    measured = Counter((indicator.objective, indicator.criterion) for indicator in programme.indicators.values())
    wanted = {(objective.id, criterion) for objective in programme.objectives.values() for criterion in objective.criteria}
    assert measured == Counter(wanted)


def test_an_alert_opens_the_clause_that_decides_from_the_indicator(programme: Programme) -> None:
    for indicator in programme.indicators.values():
        deciding = [clause.id for _, clause in programme.clauses_for_alert(indicator.id)]
        assert indicator.decision is not None, indicator.id
        if indicator.thresholds.alert is not None:
            assert deciding == [indicator.decision], indicator.id


def test_a_proportion_is_counted_often_enough_to_show_a_change(programme: Programme) -> None:
    """The volume rule of anchoring.md: cases x min(p, 1 - p) is at least 3 at the target."""
    proportions = [indicator for indicator in programme.indicators.values() if indicator.kind == "proportion"]
    assert len(proportions) == 10
    for indicator in proportions:
        target = indicator.thresholds.target
        assert target is not None, indicator.id
        assert indicator.minimum_volume * min(target, 1 - target) >= 3, indicator.id


def test_the_three_transformations_stand_at_different_clocks(programme: Programme) -> None:
    changes = programme.transformations
    under_way, being_defined, adopted = changes["incident_triage"], changes["single_front_door"], changes["change_board"]
    dates = [under_way.planned_defined, under_way.planned_tool_delivered, under_way.planned_adopted]
    assert all(earlier < later for earlier, later in pairwise(filter(None, (FIRST_DAY, *dates, LAST_DAY))))
    assert str(under_way.planned_tool_delivered) < "2026-03-01"
    assert str(being_defined.planned_defined) < str(LAST_DAY) < str(being_defined.planned_tool_delivered)
    assert str(adopted.planned_adopted) < str(FIRST_DAY)
    for change in changes.values():
        phases = {programme.indicators[name].phase for name in (*change.adoption_indicators, *change.effect_indicators)}
        assert phases == ({Phase.WATCH} if change is adopted else {Phase.FOLLOW}), change.id
        assert change.adoption_indicators, change.id
        assert change.effect_indicators, change.id


def test_three_calendars_disagree_about_the_same_days(programme: Programme) -> None:
    calendars = programme.organisation.calendars
    good_friday, ascension_day, saint_john = date(2026, 4, 3), date(2026, 5, 14), date(2026, 6, 24)
    assert {name for name, calendar in calendars.items() if good_friday in calendar.holidays} == {"strasbourg", "montreal"}
    assert {name for name, calendar in calendars.items() if ascension_day in calendar.holidays} == {"lyon", "strasbourg", "helpdesk"}
    assert {name for name, calendar in calendars.items() if saint_john in calendar.holidays} == {"montreal"}
    assert date(2026, 5, 15) not in calendars["helpdesk"].exceptions
    assert calendars["lyon"].exceptions[date(2026, 5, 15)] == ()


def test_a_campaign_on_the_whole_map_stays_small_and_asks_everybody_for_a_few_minutes(programme: Programme) -> None:
    model = programme.reference_models["pmo_competences"]
    minutes: Counter[str] = Counter()
    cells = 0
    for process in programme.processes.values():
        practices = [practice for area in model.areas_for(process.id) for practice in area.practices]
        assert practices, f"nothing is asked of {process.id}"
        cells += len(practices)
        owner = programme.organisation.holder(process.owner or "", _noon(FIRST_DAY))
        minutes[str(owner)] += round(sum(practice.minutes for practice in practices))
    assert cells == 186
    assert max(minutes.values()) <= 30


def test_each_area_has_three_capability_levels(programme: Programme) -> None:
    for area in programme.reference_models["pmo_competences"].areas:
        levels = Counter(practice.level for practice in area.practices)
        assert set(levels) == {1, 2, 3}, area.id
        assert all(1 <= count <= 2 for count in levels.values()), area.id


# --- labels ---


def _labels(value: object, where: str) -> Iterator[tuple[str, Label]]:
    if isinstance(value, Label):
        yield where, value
    elif isinstance(value, Mapping):
        for key, child in value.items():
            yield from _labels(child, f"{where}.{key}")
    elif isinstance(value, tuple):
        for index, child in enumerate(value):
            yield from _labels(child, f"{where}.{getattr(child, 'id', index)}")
    elif is_dataclass(value):
        for field in fields(value):
            yield from _labels(getattr(value, field.name), f"{where}.{field.name}")


def test_every_label_is_written_in_both_languages(programme: Programme) -> None:
    labels = dict(_labels(programme, "programme"))
    optional = (".negotiable", ".guidance", ".group")
    written = {where: label for where, label in labels.items() if not where.endswith(optional) or label != Label()}
    assert len(written) > 250
    assert [where for where, label in written.items() if not label.fr or not label.en or label.fr == label.en] == []


def test_french_labels_are_set_as_french_is_printed(programme: Programme) -> None:
    """Curly apostrophes, and a no-break space before : ; ? ! and inside « »."""
    plain = re.compile(r"'|[^\s] [:;?!»]|[^\s][;?!»](?<!\u00a0[;?!»])|« ")
    assert [f"{where}: {label.fr}" for where, label in _labels(programme, "programme") if plain.search(label.fr)] == []


def test_english_labels_keep_no_french_spacing(programme: Programme) -> None:
    odd = re.compile(r"'|\s[:;?!]|\u00a0")
    assert [f"{where}: {label.en}" for where, label in _labels(programme, "programme") if odd.search(label.en)] == []


def test_mail_addresses_lead_nowhere(programme: Programme) -> None:
    assert {person.email.rpartition(".")[2] for person in programme.organisation.people.values()} == {"example"}
