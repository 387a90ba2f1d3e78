"""The FitSM importer and sources that are wrong: every defect at once, none silent, nothing half done."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from ancrage.declarations.loading import load_programme
from ancrage.errors import ProblemsFound
from ancrage.exchange.fitsm import import_fitsm
from tests.support import fitsm_data as made_up
from tests.support.fitsm_data import AS_OF, Change, adding, dropping, imported, setting, write_data


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "made" / "project"


def refused(into: Path, *changes: Change) -> list[tuple[str, str, int]]:
    """Code, file and line of every problem; nothing was written."""
    with pytest.raises(ProblemsFound) as found:
        imported(into, *changes)
    assert [path.name for path in into.parent.iterdir()] == ["data"]
    places = [(problem.code, problem.place) for problem in found.value.problems]
    return [(code, Path(place.path).name, place.line) for code, place in places if place is not None]


def summary(into: Path, *changes: Change) -> str:
    """The same as one text: `E-TYPE roles, E-CHOICE records`."""
    return ", ".join(f"{code} {name.removesuffix('.json')}" for code, name, _ in refused(into, *changes))


def warned(into: Path, *changes: Change) -> list[str]:
    return [problem.code for problem in imported(into, *changes).warnings]


# --- errors: nothing is written ---

BAD: list[tuple[str, Change, str]] = [
    ("a file is missing", setting("roles.json", to=None), "E-FILE-MISSING roles"),
    ("no JSON", setting("records.json", to='[{"id": 1},]'), "E-JSON-SYNTAX records"),
    ("not UTF-8", setting("records.json", to="[é]".encode("latin-1")), "E-FILE-ENCODING records"),
    ("not a text", setting("records.json", to=b"\0"), "E-FILE-BINARY records"),
    ("another form", setting("processes.json", to={}), "E-TYPE processes"),
    ("another form inside", setting("roles.json", to=[]), "E-TYPE roles"),
    ("a part is missing", dropping("requirements.json", "general"), "E-KEY-MISSING requirements"),
    ("a part of another form", setting("roles.json", "generic", to=[]), "E-TYPE roles"),
    ("an entry of another form", adding("records.json", entry="x"), "E-TYPE records"),
    ("an empty entry", adding("records.json", entry=None), "E-TYPE records"),
    ("a number for a text", setting("processes.json", 1, "name", to=7), "E-TYPE processes"),
    ("an empty text", setting("processes.json", 1, "name", to="  "), "E-TYPE processes"),
    ("a key is missing", dropping("processes.json", 1, "objective"), "E-KEY-MISSING processes"),
    ("no id", setting("records.json", 0, "id", to="order book"), "E-ID records"),
    ("no kind of role", setting("roles.json", "roles", 3, "kind", to="stuff"), "E-CHOICE roles"),
    ("no direction", setting("processes.json", 2, "externalFlows", 0, "direction", to="up"), "E-CHOICE processes"),
    ("page 0", setting("processes.json", 0, "objective", "source", "page", to=0), "E-RANGE processes"),
    ("an empty group", setting("requirements.json", "general", 0, "items", to=[]), "E-LIST-EMPTY requirements"),
    ("a process twice", adding("processes.json", entry=made_up.process("oven", 2)), "E-DUPLICATE processes"),
    ("a requirement twice", setting("requirements.json", "general", 0, "items", 1, "id", to="PR2.1"), "E-DUPLICATE requirements"),
    ("a role twice", adding("roles.json", "roles", entry=made_up.role("OVEN", "staff", "Baker")), "E-DUPLICATE roles"),
    ("two owners", adding("roles.json", "roles", entry={**made_up.role("OVEN", "owner", "Me too"), "id": "OVEN.second"}),
     "E-DUPLICATE roles"),
    ("an interface twice", setting("interfaces.json", 1, "id", to="DOUGH-OVEN"), "E-DUPLICATE interfaces"),
    ("the code that is ours", adding("processes.json", entry=made_up.process("SMS", 4)),
     "E-DUPLICATE processes, W-PROCESS-NO-OWNER processes, E-GROUP-MISMATCH processes"),
    ("an unknown process in a role", setting("roles.json", "roles", 3, "process", to="OVENS"), "E-PROCESS-UNKNOWN roles"),
    ("an unknown process in a record", setting("records.json", 0, "usedBy", 0, "process", to="X"), "E-PROCESS-UNKNOWN records"),
    ("an unknown process in a group", setting("requirements.json", "process", 1, "process", to="X"),
     "E-GROUP-MISMATCH processes, E-PROCESS-UNKNOWN requirements"),
    ("an unknown end", setting("interfaces.json", 1, "flows", 2, "from", to="SHOPS"),
     "E-FLOW-ENDS interfaces, E-PROCESS-UNKNOWN interfaces"),
    ("an unknown group", setting("processes.json", 1, "requirements", to="PR9"), "E-GROUP-MISMATCH processes"),
    ("crossed groups", setting("processes.json", 1, "requirements", to="PR3"), "E-GROUP-MISMATCH processes, E-GROUP-MISMATCH requirements"),
    ("a flow of another interface", setting("interfaces.json", 1, "flows", 2, "to", to="DOUGH"), "E-FLOW-ENDS interfaces"),
    ("a flow to itself", setting("interfaces.json", 1, "flows", 2, "to", to="SHOP"), "E-FLOW-ENDS interfaces"),
    ("an interface of one", setting("interfaces.json", 1, "processes", to=["OVEN", "OVEN"]), "E-FLOW-ENDS interfaces"),
    ("listed by a third", setting("interfaces.json", 1, "flows", 2, "listedBy", to="DOUGH"), "E-FLOW-ENDS interfaces"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "found"), [(change, found) for _, change, found in BAD], ids=[name for name, _, _ in BAD])
def test_a_defect_is_reported_with_its_file_and_nothing_is_written(into: Path, change: Change, found: str) -> None:
    assert summary(into, change) == found


def test_many_defects_of_all_files_are_reported_in_one_run_each_with_its_line(into: Path) -> None:
    found = refused(
        into,
        setting("processes.json", 0, "name", to=7),
        setting("interfaces.json", 0, "flows", 0, "listedBy", to="SHOP"),
        setting("requirements.json", "process", 2, "process", to="STORE"),
        setting("requirements.json", "general", 0, "items", 1, "id", to="GR1.1"),
        setting("roles.json", "roles", 3, "kind", to="stuff"),
        setting("records.json", to="[{]"),
    )
    assert [(code, name) for code, name, _ in found] == [
        ("E-TYPE", "processes.json"), ("E-GROUP-MISMATCH", "processes.json"), ("E-FLOW-ENDS", "interfaces.json"),
        ("E-DUPLICATE", "requirements.json"), ("E-PROCESS-UNKNOWN", "requirements.json"), ("E-CHOICE", "roles.json"),
        ("E-JSON-SYNTAX", "records.json"),
    ]  # fmt: skip
    assert all(line > 0 for _, _, line in found)


def test_a_key_that_stands_twice_is_reported_and_the_second_is_not_taken_silently(into: Path) -> None:
    twice = json.dumps(made_up.DATA["records.json"]).replace('"id": "order-book"', '"id": "order-book", "id": "orders"')
    assert summary(into, setting("records.json", to=twice)) == "E-YAML-DUPLICATE records"


def test_an_entry_that_cannot_be_read_makes_no_other_place_wrong(into: Path) -> None:
    """Codes of a process that has an error elsewhere are still known."""
    assert summary(into, dropping("processes.json", 1, "name")) == "E-KEY-MISSING processes"


def test_the_hint_names_what_was_meant(into: Path) -> None:
    data = write_data(into.parent / "data", setting("roles.json", "roles", 3, "process", to="OVENS"))
    with pytest.raises(ProblemsFound) as found:
        import_fitsm(data, into, AS_OF)
    assert [str(problem.hint) for problem in found.value.problems] == ['did you mean "OVEN"?']


def test_a_file_of_100_mb_is_refused_unread(into: Path) -> None:
    data = write_data(into.parent / "data")
    with (data / "roles.json").open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    with pytest.raises(ProblemsFound) as found:
        import_fitsm(data, into, AS_OF)
    assert [problem.code for problem in found.value.problems] == ["E-FILE-SIZE"]


def test_an_id_of_the_data_that_is_taken_by_one_of_ours_is_refused_before_anything_is_written(into: Path) -> None:
    clash = {**made_up.role("OVEN", "staff", "Lead"), "id": "improvement_lead"}
    found = [(code, name) for code, name, _ in refused(into, adding("roles.json", "roles", entry=clash))]
    assert found == [("E-DUPLICATE", "roles.yaml")]


# --- warnings: everything else is taken ---


def test_an_unknown_key_and_a_further_file_are_told_and_left_out(into: Path) -> None:
    changes = (
        setting("processes.json", 1, "colour", to="red"), setting("roles.json", "map", to=[]), setting("map.json", to=[]),
        setting("roles.json", "generic", "boss", to={"name": "Boss", "source": made_up.source("3"), "tasks": []}),
        adding("interfaces.json", 0, "descriptions", entry="Warm"),
    )  # fmt: skip
    assert warned(into, *changes) == ["W-LEFT-OUT"] * 5
    assert load_programme(into, AS_OF).errors == ()


def test_a_row_that_stands_twice_is_taken_once(into: Path) -> None:
    again = adding("interfaces.json", 1, "flows", entry=made_up.row("SHOP", "OVEN", made_up.BILLS, "SHOP"))
    assert warned(into, again) == ["W-ROW-TWICE"]
    assert "SHOP-to-OVEN" in load_programme(into, AS_OF).require().links


def test_two_wordings_of_a_flow_are_two_flows_and_the_import_says_so(into: Path) -> None:
    other = adding("interfaces.json", 1, "flows", entry=made_up.row("SHOP", "OVEN", "What was sold", "OVEN"))
    found = imported(into, other).warnings
    assert [problem.code for problem in found] == ["W-FLOW-WORDING"]
    assert [problem.place.line for problem in found if problem.place] < [place.line for place in found[0].related]
    assert {"SHOP-to-OVEN-1", "SHOP-to-OVEN-2"} <= set(load_programme(into, AS_OF).require().links)


def test_one_text_with_two_givers_is_two_opinions_and_no_second_wording(into: Path) -> None:
    third = {"id": "DOUGH-SHOP", "processes": ["DOUGH", "SHOP"], "flows": [made_up.row("SHOP", "DOUGH", made_up.BILLS, "DOUGH")]}
    assert warned(into, adding("interfaces.json", entry=third)) == ["W-FLOW-ENDS"]


def test_a_note_of_the_source_is_shown(into: Path) -> None:
    assert warned(into, setting("interfaces.json", 1, "note", to="Bills are odd")) == ["W-SOURCE-NOTE"]


def test_a_process_without_an_owner_is_told_at_the_import_and_by_check(into: Path) -> None:
    assert warned(into, dropping("roles.json", "roles", 1)) == ["W-PROCESS-NO-OWNER"]
    loaded = load_programme(into, AS_OF)
    assert "W-PROCESS-NO-OWNER" in [problem.code for problem in loaded.warnings]
    assert "oven-owner" not in loaded.require().organisation.people


# --- whatever the files hold ---


def test_a_source_changed_at_random_is_imported_or_refused_and_never_breaks_the_importer(tmp_path: Path) -> None:
    chance = random.Random(3)
    outcomes = set()
    for number in range(80):
        folder = tmp_path / str(number)
        data = write_data(folder / "data")
        for _ in range(chance.randint(1, 2)):
            spoil(data / chance.choice(list(made_up.DATA)), chance)
        try:
            import_fitsm(data, folder / "project", AS_OF)
        except ProblemsFound as found:
            outcomes.add("refused" if found.problems else "refused without a reason")
            assert [path.name for path in folder.iterdir()] == ["data"]
        else:
            outcomes.add("imported")
            assert load_programme(folder / "project", AS_OF).errors == ()
    assert outcomes == {"imported", "refused"}


def spoil(path: Path, chance: random.Random) -> None:
    """Change a value somewhere in the file, or a character of its text."""
    if chance.random() < 0.3:
        raw = path.read_text("utf-8")
        at = chance.randrange(len(raw))
        path.write_text(raw[:at] + chance.choice('{}[],:"x7 \\\n') + raw[at + 1 :], encoding="utf-8")
        return
    try:
        data = json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError:
        return
    here: Any = data
    while isinstance(here, dict | list) and here:
        key = chance.choice(list(here)) if isinstance(here, dict) else chance.randrange(len(here))
        if not isinstance(here[key], dict | list) or chance.random() < 0.2:
            here[key] = chance.choice([None, 0, -1, True, "", "x", "OVEN", "sms", [], {}, [[]], {"": 1}, "é # : - | \n\t\u2028"])
            break
        here = here[key]
    path.write_text(json.dumps(data, indent=chance.choice([None, 2])), encoding="utf-8")
