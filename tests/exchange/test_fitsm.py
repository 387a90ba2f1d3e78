"""The FitSM importer on made-up data: what becomes of what, and where it is written."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ancrage.declarations.loading import load_programme
from ancrage.domain.map_graph import ProcessMap
from ancrage.domain.process_map import ProcessKind
from ancrage.domain.programme import Programme
from ancrage.errors import NotFound, Refused
from ancrage.exchange.fitsm import ATTRIBUTION, import_fitsm
from tests.support import fitsm_data as made_up
from tests.support.fitsm_data import AS_OF, Change, adding, imported, setting, write_data

AT = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "made" / "project"


def programme(into: Path, *changes: Change) -> Programme:
    imported(into, *changes)
    return load_programme(into, AS_OF).require()


# --- what becomes of what ---


def test_processes_keep_their_codes_and_one_more_stands_for_the_whole_system(into: Path) -> None:
    found = programme(into).processes
    assert list(found) == ["SMS", "DOUGH", "OVEN", "SHOP"]
    assert found["OVEN"].purpose.text("en") == "To make oven well"
    assert found["SMS"].kind is ProcessKind.MANAGEMENT
    assert found["OVEN"].kind is ProcessKind.OPERATIONAL


def test_a_flow_in_both_tables_is_one_flow_and_says_who_lists_it(into: Path) -> None:
    links = programme(into).links
    assert {name: (link.source, link.target, link.listed_by) for name, link in links.items()} == {
        "DOUGH-to-OVEN": ("DOUGH", "OVEN", ("DOUGH", "OVEN")),
        "OVEN-to-SHOP": ("OVEN", "SHOP", ("OVEN", "SHOP")),
        "SHOP-to-OVEN": ("SHOP", "OVEN", ("SHOP",)),
        "any-to-SHOP": ("any", "SHOP", ("SHOP",)),
    }


def test_several_flows_between_the_same_two_are_numbered(into: Path) -> None:
    more = adding("interfaces.json", 0, "flows", entry=made_up.row("DOUGH", "OVEN", "Yeast", "DOUGH"))
    assert {"DOUGH-to-OVEN-1", "DOUGH-to-OVEN-2"} <= set(programme(into, more).links)


def test_what_passes_is_a_product_of_the_same_words(into: Path) -> None:
    found = programme(into)
    names = {link.id: found.products[link.product].name.text("en") for link in found.links.values()}
    assert names["DOUGH-to-OVEN"] == made_up.DOUGH
    assert names["SHOP-to-OVEN"] == made_up.BILLS
    assert found.links["DOUGH-to-OVEN"].product == "dough-that-has-rested-for-the-oven"


def test_two_texts_that_begin_alike_are_two_products(into: Path) -> None:
    long = "The same words for more than fifty characters, and then something "
    rows = [made_up.row("DOUGH", "OVEN", long + end, "DOUGH") for end in ("else", "other")]
    found = programme(into, *(adding("interfaces.json", 0, "flows", entry=entry) for entry in rows))
    slug = "the-same-words-for-more-than-fifty-characters"
    assert [found.products[name].name.en[-5:] for name in (slug, f"{slug}-2")] == [" else", "other"]


def test_a_process_takes_and_gives_what_its_own_table_says(into: Path) -> None:
    found = programme(into)
    assert found.processes["OVEN"].inputs == ("dough-that-has-rested-for-the-oven",)  # the bills of the shop stand in its table alone
    assert found.processes["SHOP"].inputs == ("loaves-counted", "orders-from-anybody")
    assert found.processes["SHOP"].outputs == ("bills-of-the-day",)


def test_the_only_warnings_are_flows_that_one_side_lists_and_they_name_both_ends(into: Path) -> None:
    imported(into)
    (warning,) = load_programme(into, AS_OF).warnings
    assert warning.code == "W-LINK-ONE-SIDED"
    assert str(warning.message) == 'flow "SHOP-to-OVEN" from "SHOP" to "OVEN" is not listed by "OVEN"'
    assert [place.source.strip() for place in warning.related] == ["SHOP:", "OVEN:"]


def test_every_process_has_an_owner_who_is_a_placeholder_and_the_other_roles_wait_for_somebody(into: Path) -> None:
    found = programme(into)
    organisation = found.organisation
    for process in found.processes.values():
        holder = organisation.holder(process.owner or "", AT)
        assert holder is not None
        assert "(placeholder)" in organisation.people[holder].name
    assert found.processes["OVEN"].performers.responsible == ("OVEN.staff",)
    assert organisation.holder("OVEN.staff", AT) is None
    assert ProcessMap(found).with_vacant_owner(AT) == ()


def test_records_are_tools_of_the_processes_that_put_them_out(into: Path) -> None:
    found = programme(into)
    assert found.tools["order-book"].name.text("en") == "Order book"
    assert found.processes["SHOP"].tools == ("order-book",)


def test_general_requirements_are_asked_once_and_the_others_of_their_process(into: Path) -> None:
    model = programme(into).reference_models["fitsm"]
    assert (model.method, [value.number for value in model.scale]) == ("fitsm6", [4, 3, 2, 1, 0])
    assert {area.id: area.processes for area in model.areas} == {
        "GR1": ("SMS",), "PR1": ("DOUGH",), "PR2": ("OVEN",), "PR3": ("SHOP",),
    }  # fmt: skip
    assert [practice.id for practice in model.area("GR1").practices] == ["GR1.1", "GR1.2"]
    assert model.area("GR1").practices[0].question.text("en") == "Somebody shall answer for the bakery."
    assert [model.area(name).name.text("en") for name in ("GR1", "PR2")] == ["All of it", "PR2"]


def test_the_attribution_stands_in_the_reference_model_the_name_and_the_page(into: Path) -> None:
    found = programme(into)
    assert found.reference_models["fitsm"].attribution == ATTRIBUTION
    assert "ITEMO e.V." in found.name.text("en")
    page = " ".join((into / "README.md").read_text("utf-8").split())
    assert "FitSM 3.0, © ITEMO e.V., licensed under CC BY 4.0" in page
    assert "No endorsement" in page


def test_what_has_no_place_stands_as_a_comment_where_it_belongs(into: Path) -> None:
    imported(into, setting("interfaces.json", 1, "note", to="Bills are odd"))
    assert "  OVEN.staff: {name: \"Baker\"}  # 1 in total; Made-up 3, p. 1\n    # - Watch the oven.\n" in text(into, "roles.yaml")
    assert "# - What oven is made of (Made-up 1, p. 1)" in text(into, "map.yaml")
    assert "# Where orders stand (Made-up 1, p. 1)" in text(into, "map.yaml")
    assert "# - Answer for it." in text(into, "roles.yaml")
    assert "# Bills are odd" in text(into, "flows.yaml")


def text(into: Path, name: str) -> str:
    return (into / name).read_text("utf-8")


def test_the_same_source_gives_the_same_files(into: Path) -> None:
    first = imported(into)
    second = import_fitsm(into.parent / "data", into.with_name("again"), AS_OF)
    assert first.files == second.files
    assert [text(first.folder, name) for name in first.files] == [text(second.folder, name) for name in second.files]


def test_the_language_changes_words_of_ours_only(into: Path) -> None:
    english = programme(into)
    import_fitsm(into.parent / "data", into.with_name("french"), AS_OF, "fr")
    french = load_programme(into.with_name("french"), AS_OF).require()
    assert (french.processes, french.links, french.products) == (english.processes, english.links, english.products)
    assert french.reference_models["fitsm"].fingerprint == english.reference_models["fitsm"].fingerprint
    assert (french.organisation.roles, french.policies) == (english.organisation.roles, english.policies)
    assert text(into.with_name("french"), "map.yaml") != text(into, "map.yaml")
    assert all(person.language == "fr" for person in french.organisation.people.values())


def test_every_file_names_a_schema_that_is_there(into: Path) -> None:
    for path in [into / name for name in imported(into).files if name.endswith(".yaml")]:
        first = path.read_text("utf-8").splitlines()[0]
        assert first.startswith("# yaml-language-server: $schema=")
        assert (path.parent / first.partition("=")[2]).is_file()


def test_a_source_without_records_parties_and_flows_still_makes_a_project(into: Path) -> None:
    changes = (
        setting("records.json", to=[]), setting("interfaces.json", to=[]), setting("processes.json", 2, "externalFlows", to=[]),
        setting("roles.json", "generic", to={}),
    )  # fmt: skip
    found = programme(into, *changes)
    assert (dict(found.links), dict(found.tools)) == ({}, {})


# --- the folder ---


@pytest.mark.parametrize("taken", ["folder", "file", "link"])
def test_what_exists_is_never_written_over(into: Path, taken: str) -> None:
    data = write_data(into.parent / "data")
    match taken:
        case "folder":
            into.mkdir()
        case "file":
            into.write_text("mine", encoding="utf-8")
        case _:
            into.symlink_to(into.parent / "nowhere")
    with pytest.raises(Refused) as found:
        import_fitsm(data, into, AS_OF)
    assert found.value.code == "exists"
    assert sorted(path.name for path in into.parent.iterdir()) == ["data", "project"]


def test_a_source_that_is_no_folder_is_not_found(into: Path) -> None:
    with pytest.raises(NotFound):
        import_fitsm(into.parent / "none", into, AS_OF)
