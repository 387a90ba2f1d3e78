"""From files to a programme: includes, names, every problem at once, fingerprints."""

from __future__ import annotations

import gc
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ancrage.declarations.codes.page import BASE, SETTINGS
from ancrage.declarations.loading import load_programme, load_programme_from_texts
from ancrage.declarations.rendering import render_problem
from ancrage.errors import ProblemsFound
from tests.support.declarations import AS_OF, CONTRACT, found_in, load_texts, programme_of

ROOT = Path(__file__).resolve().parents[2]


def write(folder: Path, **files: str) -> None:
    for name, text in {"project": SETTINGS, "base": BASE, "example": "{}\n", **files}.items():
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


# --- what comes out ---


def test_the_example_organisation_is_clean() -> None:
    loaded = load_programme(ROOT / "process_maps" / "example", AS_OF)
    assert loaded.problems == ()
    programme = loaded.require()
    assert len(programme.processes) >= 18
    assert len(programme.links) >= 40
    assert len(programme.contracts) == 4


def test_a_project_loads_the_same_from_its_folder_and_from_its_texts() -> None:
    from_folder = load_programme(ROOT / "process_maps" / "example", AS_OF)
    from_texts = load_programme_from_texts(from_folder.files, AS_OF)
    assert from_texts.programme == from_folder.programme
    assert list(from_texts.files) == list(from_folder.files)


def test_the_project_file_may_be_named_instead_of_its_folder(tmp_path: Path) -> None:
    write(tmp_path)
    assert load_programme(tmp_path / "project.yaml", AS_OF).programme == load_programme(tmp_path, AS_OF).programme


def test_role_periods_begin_at_midnight_in_the_zone_of_the_default_calendar() -> None:
    holders = '[{person: ann, to: "2026-07-01"}, {person: ben, from: "2026-07-01", to: "2026-12-01T08:00+01:00"}]'
    roles = f"roles:\n  tester: {{holders: {holders}}}\n"
    first, second = programme_of(roles).organisation.roles["tester"].periods
    assert (first.since, first.until) == (None, datetime(2026, 6, 30, 22, tzinfo=UTC))
    assert (second.since, second.until) == (datetime(2026, 6, 30, 22, tzinfo=UTC), datetime(2026, 12, 1, 7, tzinfo=UTC))


def test_a_person_without_a_calendar_works_on_the_default_one() -> None:
    assert programme_of().organisation.people["ann"].calendar == "office"


def test_a_broken_project_gives_no_programme_and_all_its_problems() -> None:
    loaded = load_texts("processes:\n  a: {name: A}\n  b: {name: B, kind: x}\nunits:\n  u: {name: U, parent: v}\n")
    assert loaded.programme is None
    assert found_in(loaded) == [
        ("E-KEY-MISSING", "example.yaml:2:3"),
        ("E-CHOICE", "example.yaml:3:22"),
        ("E-UNIT-UNKNOWN", "example.yaml:5:24"),
    ]
    with pytest.raises(ProblemsFound) as refused:
        loaded.require()
    assert refused.value.problems == loaded.problems


def test_after_a_thousand_problems_of_a_file_the_others_are_not_shown() -> None:
    codes = [code for code, _ in found_in(load_texts("units:\n" + "".join(f"  u{number}: {{nom: U}}\n" for number in range(2000))))]
    assert len(codes) == 1001
    assert codes.count("E-TOO-MANY-PROBLEMS") == 1


def test_warnings_alone_do_not_refuse() -> None:
    loaded = load_texts("processes:\n  a: {name: A, kind: support}\n")
    assert found_in(loaded) == [("W-PROCESS-NO-OWNER", "example.yaml:2:3")]
    assert loaded.require().processes["a"].owner is None


def test_the_garbage_collector_is_as_it_was_before(tmp_path: Path) -> None:
    write(tmp_path)
    assert gc.isenabled()
    load_programme(tmp_path, AS_OF)
    assert gc.isenabled()
    gc.disable()
    try:
        load_programme(tmp_path, AS_OF)
        assert not gc.isenabled()
    finally:
        gc.enable()


# --- names ---


def test_names_may_be_used_before_they_are_declared_in_a_later_file() -> None:
    settings = SETTINGS.replace("[base.yaml, example.yaml]", "[example.yaml, base.yaml]")
    assert load_texts("processes:\n  a: {name: A, kind: support, owner: lead}\n", settings=settings).problems == ()


def test_an_unknown_name_is_reported_at_every_use_with_what_it_may_have_meant() -> None:
    loaded = load_texts("transformations:\n  t: {name: T, processes: [incidnt]}\n" + CONTRACT.replace("[incident]", "[incidnt]"))
    errors = [(problem.code, str(problem.place)) for problem in loaded.errors]
    assert errors == [("E-PROCESS-UNKNOWN", "example.yaml:2:28"), ("E-PROCESS-UNKNOWN", "example.yaml:8:17")]
    assert str(loaded.errors[0].hint) == 'did you mean "incident"? (1 declared in base.yaml)'


def test_a_person_can_stand_where_a_role_is_expected() -> None:
    assert load_texts("processes:\n  a: {name: A, kind: support, owner: 'person:ann'}\n").problems == ()
    unknown = load_texts("processes:\n  a: {name: A, kind: support, owner: 'person:bob'}\n")
    assert found_in(unknown) == [("E-ROLE-UNKNOWN", "example.yaml:2:38")]


def test_what_a_broken_file_seems_to_declare_is_not_missed_elsewhere() -> None:
    settings = SETTINGS.replace("example.yaml]", "example.yaml, broken.yaml]")
    example = "processes:\n  a: {name: A, kind: support, owner: lead, unit: ing, tools: [itsm]}\n"
    loaded = load_texts(example, settings=settings, broken="units:\n  ing: {name: Ingénierie}\n  x: [\n")
    assert [code for code, _ in found_in(loaded)] == ["E-TOOL-UNKNOWN", "E-YAML-SYNTAX"]


def test_a_value_that_was_refused_is_not_also_said_to_be_missing() -> None:
    example = CONTRACT.replace("delay: 2wd", "delay: soon").replace("trigger: manual, delay: 5wd", "trigger: [x], delay: 5wd")
    assert [code for code, _ in found_in(load_texts(example))] == ["E-BUDGET", "E-TYPE"]


def test_a_warning_is_left_out_when_what_it_misses_may_stand_in_what_was_refused() -> None:
    example = "products: {r: {name: R}}\nprocesses:\n  a: {name: A, kind: support, owner: lead, outputs: [r]}\n"
    assert [code for code, _ in found_in(load_texts(example))] == ["W-OUTPUT-UNUSED"]
    assert [code for code, _ in found_in(load_texts(example + "links:\n  l: {from: a, product: r}\n"))] == ["E-KEY-MISSING"]


# --- ids ---


def test_an_id_declared_in_two_files_shows_the_first() -> None:
    loaded = load_texts("people:\n  ann: {name: Another}\n")
    assert found_in(loaded) == [("E-DUPLICATE", "example.yaml:2:3")]
    assert str(loaded.problems[0].related[0]) == "base.yaml:4:3"
    assert loaded.problems[0].related[0].source.startswith("  ann: {name: Ann Archer")


def test_a_clause_id_is_unique_over_all_contracts() -> None:
    second = "  d:\n    name: D\n    sponsor: sponsor\n    perimeter: [incident]\n    clauses:\n      react: {promise: P, by: sponsor}\n"
    loaded = load_texts(CONTRACT + second)
    assert ("E-CLAUSE-DUPLICATE", "example.yaml:15:7") in found_in(loaded)


# --- whatever is written ---

TEMPLATE = {path.name: path.read_text("utf-8") for path in (ROOT / "ancrage" / "templates" / "project" / "en").glob("*.yaml")}
ODD = [
    "", "null", "[]", "{}", "x", "1", "[x]", "{a: b}", "''", "2026-01-01", "true", "manual", "- ", "\t", "*a", "&a b", "<<: {}", "é", "{",
    "person:leo",
]  # fmt: skip


@settings(max_examples=60)
@given(st.sampled_from(sorted(TEMPLATE)), st.integers(0, 200), st.sampled_from(ODD), st.sampled_from(["value", "line", "inside"]))
def test_whatever_is_written_each_problem_has_a_place_and_a_hint(name: str, number: int, odd: str, where: str) -> None:
    lines = TEMPLATE[name].splitlines()
    number %= len(lines)
    line = lines[number]
    middle = len(line) // 2
    lines[number] = {"value": f"{line.partition(':')[0]}: {odd}", "line": odd, "inside": line[:middle] + odd + line[middle:]}[where]
    loaded = load_programme_from_texts({**TEMPLATE, name: "\n".join(lines)}, AS_OF)
    assert (loaded.programme is None) == bool(loaded.errors)
    for problem in loaded.problems:
        assert problem.place is not None, problem.code
        assert problem.hint is not None, problem.code
        assert render_problem(problem, "fr").startswith(("error[", "erreur[", "warning[", "avertissement["))


# --- includes ---


def test_includes_are_relative_to_the_file_that_names_them_and_may_be_patterns(tmp_path: Path) -> None:
    settings = SETTINGS.replace("example.yaml]", '"maps/*.yaml"]')
    write(tmp_path, project=settings, **{
        "maps/a": "include: [deep/c.yaml]\nunits: {a: {name: A}}\n",
        "maps/b": "units: {b: {name: B}}\n",
        "maps/deep/c": "units: {c: {name: C}}\n",
    })  # fmt: skip
    loaded = load_programme(tmp_path, AS_OF)
    assert loaded.problems == ()
    assert list(loaded.files) == ["project.yaml", "base.yaml", "maps/a.yaml", "maps/deep/c.yaml", "maps/b.yaml"]
    assert load_programme_from_texts(loaded.files, AS_OF).programme == loaded.programme


def test_a_pattern_may_match_files_that_were_read_already() -> None:
    loaded = load_texts("units: {a: {name: A}}\n", settings=SETTINGS.replace("[base.yaml, example.yaml]", '[base.yaml, "*.yaml"]'))
    assert loaded.problems == ()
    assert list(loaded.files) == ["project.yaml", "base.yaml", "example.yaml"]


def test_a_loop_of_includes_is_shown_in_order() -> None:
    loaded = load_texts("include: [two.yaml]\n", two="include: [three.yaml]\n", three="include: [example.yaml]\n")
    (loop,) = [problem for problem in loaded.problems if problem.code == "E-INCLUDE-LOOP"]
    assert str(loop.place) == "three.yaml:1:11"
    assert "example.yaml -> two.yaml -> three.yaml -> example.yaml" in str(loop.message)


def test_a_missing_file_is_reported_where_it_is_named_with_its_neighbours() -> None:
    loaded = load_texts(settings=SETTINGS.replace("example.yaml", "exampel.yaml"))
    assert found_in(loaded) == [("E-FILE-MISSING", "project.yaml:6:22")]
    assert str(loaded.problems[0].hint) == 'did you mean "example.yaml"?'


@pytest.mark.parametrize("name", ["/etc/passwd", "../other.yaml", "a/../../b.yaml", "~/x.yaml", "C:/x.yaml", "a\\\\b.yaml", "../*.yaml"])
def test_nothing_outside_the_project_folder_is_read(name: str) -> None:
    loaded = load_texts(settings=SETTINGS.replace("example.yaml]", f'"{name}"]'))
    assert found_in(loaded) == [("E-INCLUDE-OUTSIDE", "project.yaml:6:22")]


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("units: {secret: {name: Secret}}\n", encoding="utf-8")
    write(tmp_path / "project")
    (tmp_path / "project" / "example.yaml").unlink()
    (tmp_path / "project" / "example.yaml").symlink_to(tmp_path / "secret.yaml")
    loaded = load_programme(tmp_path / "project", AS_OF)
    assert [problem.code for problem in loaded.problems] == ["E-INCLUDE-OUTSIDE"]
    assert "secret" not in "".join(loaded.files.values())


def test_a_folder_without_a_project_says_how_to_start_one(tmp_path: Path) -> None:
    loaded = load_programme(tmp_path, AS_OF)
    assert [problem.code for problem in loaded.problems] == ["E-NO-PROJECT"]
    assert "ancrage init" in str(loaded.problems[0].hint)


# --- fingerprints ---


def test_layout_comments_quotes_and_files_leave_the_fingerprint_alone() -> None:
    plain = programme_of("units:\n  a: {name: A}\n  b: {name: {fr: B, en: B}, parent: a}\n" + CONTRACT)
    moved = programme_of(
        'include: [more.yaml]\n# a comment\nunits: {"a": {name: "A"}}\n' + CONTRACT, more="units:\n  b:\n    parent: a\n    name: B\n"
    )
    assert moved.fingerprint == plain.fingerprint
    assert moved.contracts["c"].fingerprint == plain.contracts["c"].fingerprint


def test_the_order_of_things_does_not_count_but_the_order_of_steps_does() -> None:
    units = ("units: {a: {name: A}, b: {name: B}}", "units: {b: {name: B}, a: {name: A}}")
    assert len({programme_of(text).fingerprint for text in units}) == 1
    ladder = "policies:\n  p: {{steps: [{{id: due, offset: 0, from: due, to: [lead]}}, {}, {}]}}\n"
    steps = [f"{{id: {name}, offset: 1wd, from: previous, to: [lead]}}" for name in "ab"]
    assert len({programme_of(ladder.format(*order)).fingerprint for order in (steps, steps[::-1])}) == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("I answer", "I will answer"), ("2wd", "3wd"), ("name: C", "name: D"), ("[incident]", "[]"),
        ("policy: standard}", "policy: standard, waiver: lead}"),
    ],
)  # fmt: skip
def test_a_change_of_a_contract_changes_its_fingerprint_and_the_programmes(before: str, after: str) -> None:
    old, new = programme_of(CONTRACT), programme_of(CONTRACT.replace(before, after, 1))
    assert old.contracts["c"].fingerprint != new.contracts["c"].fingerprint
    assert old.fingerprint != new.fingerprint


def test_another_fact_leaves_a_contracts_fingerprint_alone() -> None:
    old, new = programme_of(CONTRACT), programme_of(CONTRACT + "units: {a: {name: A}}\n")
    assert old.contracts["c"].fingerprint == new.contracts["c"].fingerprint
    assert old.fingerprint != new.fingerprint


def test_a_new_year_brings_holidays_but_no_new_fingerprint() -> None:
    base = BASE.replace("office: {tz: Europe/Paris,", "office: {tz: Europe/Paris, holidays: {country: FR},")
    this, later = (load_texts(base=base, as_of=date(year, 1, 5)).require() for year in (2026, 2027))
    assert this.organisation.calendars["office"].holidays != later.organisation.calendars["office"].holidays
    assert this.fingerprint == later.fingerprint
