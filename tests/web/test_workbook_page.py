"""Answering offline on the pages: the workbook out, a filled one looked at first, and taken only by the second button."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from httpx import Response

from ancrage.errors import NotFound
from ancrage.notices.links import Page
from ancrage.project import open_project
from ancrage.web.uploads import LONGEST_WAIT_SECONDS, MOST_FILES, Uploads
from tests.support.story import CAMPAIGN, PASSED, copy_of, project_in_the_middle
from tests.support.workbooks import filled
from tests.web.conftest import Pages, Shown

WHO = "sofia"


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project while its campaign is open; to be copied."""
    return project_in_the_middle(tmp_path_factory.mktemp("workbook") / "project")


@pytest.fixture
def pages(answering: Path, tmp_path: Path) -> Iterator[Pages]:
    with closing(open_project(copy_of(answering, tmp_path / "project"))) as project:
        yield Pages(project, PASSED)


def download(pages: Pages) -> bytes:
    response = pages.client.get(f"{link(pages)}.xlsx")
    assert response.status_code == 200
    return response.content


def link(pages: Pages, person: str = WHO) -> str:
    return f"{pages.link(person, page=Page.PERSON)}/answers"


def give(pages: Pages, content: bytes, name: str = "answers.xlsx", person: str = WHO, **headers: str) -> Response:
    address = f"{link(pages, person)}?lang=en"
    sent = {"Sec-Fetch-Site": "same-origin", **headers}
    return pages.client.post(address, files={"workbook": (name, content)}, headers=sent)


def take(pages: Pages, shown: Shown, person: str = WHO, **more: str) -> Response:
    form = next(form for form in shown.forms if form["action"].endswith("/take"))
    fields = {name: form[name] for name in ("upload", "file")}
    return pages.client.post(f"{link(pages, person)}/take", data={**fields, **more}, headers={"Sec-Fetch-Site": "same-origin"})


def ratings(pages: Pages) -> list[str]:
    return [row["value"] for row in pages.rows()["rating"] if row["person_id"] == WHO and row["current"]]


def test_the_workbook_is_an_attachment_that_opens_and_downloading_it_changes_nothing(pages: Pages) -> None:
    before = pages.rows()
    response = pages.client.get(f"{link(pages)}.xlsx")
    assert response.headers["content-disposition"] == f"attachment; filename*=UTF-8''{CAMPAIGN}-{WHO}.xlsx"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert len(openpyxl.load_workbook(BytesIO(response.content)).worksheets) == 3
    assert pages.client.head(f"{link(pages)}.xlsx").status_code == 200
    assert pages.rows() == before


def test_a_persons_page_leads_to_it_while_a_campaign_waits(pages: Pages) -> None:
    address = pages.link(WHO, page=Page.PERSON)
    assert f"{address}/answers" in pages.open(address).links
    assert not [one for one in pages.open(pages.link("anne", page=Page.PERSON)).links if one.endswith("/answers")]
    assert "No campaign waits for your answers" in pages.open(f"{link(pages, 'anne')}?lang=en").text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_is_whole_without_script_or_inline_style(pages: Pages, language: str) -> None:
    shown = pages.open(f"{link(pages)}?lang={language}")
    assert shown.language == language
    assert "script" not in shown.tags
    assert not shown.styled
    assert (shown.tags.count("h1"), shown.unlabelled) == (1, [])


def test_a_file_given_changes_nothing_until_it_is_accepted_and_then_exactly_what_was_shown(pages: Pages) -> None:
    content = filled(download(pages), {"D6": "FI", "D12": "LI", "D13": "GOOD"})
    before = pages.rows()
    response = give(pages, content, r"C:\papers\my answers.xlsx")
    shown = Shown(response.text)
    assert (response.status_code, pages.rows()) == (200, before)
    assert "What my answers.xlsx would change" in shown.text
    assert "2 new or changed, 0 against a newer answer, 5 known already, 6 left empty" in shown.text
    assert "my answers.xlsx: Réponses!D13" in shown.text
    taken = take(pages, shown)
    assert taken.status_code == 303
    assert sorted(ratings(pages)) == ["FI", "LI", *["PI"] * 5]
    assert "2 answers of your workbook were taken." in pages.open(f"{taken.headers['location']}&lang=en").text
    assert take(pages, shown).status_code == 404  # the file waits no more


def test_the_file_that_waits_has_a_random_name_where_no_page_serves_it(pages: Pages) -> None:
    give(pages, filled(download(pages), {"D6": "FI"}), "../../evil.xlsx")
    (kept,) = (pages.project.data_folder / "uploads").iterdir()
    assert len(kept.name) == 32
    assert kept.stat().st_mode & 0o777 == 0o600
    for address in (f"/uploads/{kept.name}", f"/static/{kept.name}", f"{link(pages)}/{kept.name}"):
        assert pages.client.get(address).status_code == 404


def test_an_answer_given_between_the_two_buttons_stays_unless_its_author_says_otherwise(pages: Pages) -> None:
    content = filled(download(pages), {"D6": "FI"})
    first, second = Shown(give(pages, content).text), Shown(give(pages, content).text)
    other = filled(download(pages), {"D6": "NI"})
    pages.now += timedelta(minutes=1)
    take(pages, Shown(give(pages, other).text))
    take(pages, first)
    assert "NI" in ratings(pages)
    assert "a newer answer is known" in Shown(give(pages, content).text).text
    take(pages, second, over="yes")
    assert "FI" in ratings(pages)
    assert "NI" not in ratings(pages)


def test_somebody_elses_workbook_is_refused_on_ones_own_page(pages: Pages) -> None:
    content = filled(download(pages), {"D6": "FI"})
    response = give(pages, content, person="thomas")
    assert response.status_code == 422
    assert "the workbook was written for sofia, not for thomas" in Shown(response.text).text
    shown = Shown(give(pages, content).text)
    assert take(pages, shown, person="thomas").status_code != 303
    assert "FI" not in ratings(pages)


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"PK\x03\x04 cut", b""], ids=["pdf", "cut", "empty"])
def test_what_is_no_workbook_is_refused_with_the_reason_and_not_kept(pages: Pages, content: bytes) -> None:
    response = give(pages, content)
    assert response.status_code == 422
    assert "This file was not taken. Nothing was changed." in Shown(response.text).text
    assert not (pages.project.data_folder / "uploads").exists()


def test_a_file_that_is_too_large_is_not_read(pages: Pages) -> None:
    response = give(pages, b"PK\x03\x04" + b"\0" * (20 * 1024 * 1024))
    assert response.status_code == 413
    assert pages.client.post(f"{link(pages)}/take", data={"upload": "x" * 70_000}).status_code == 413


def test_a_form_without_a_file_or_from_another_site_or_link_is_refused(pages: Pages) -> None:
    assert pages.client.post(link(pages), data={"workbook": "text"}).status_code == 400
    assert pages.client.post(link(pages), content=b"x", headers={"Content-Type": "multipart/form-data; boundary=b"}).status_code == 400
    assert give(pages, download(pages), **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert pages.client.post("/p/forged/answers", files={"workbook": ("a.xlsx", b"x")}).status_code == 403
    for name in ("", "../../project.yaml", "0" * 32):
        assert pages.client.post(f"{link(pages)}/take", data={"upload": name, "file": "a.xlsx"}).status_code == 404


def test_waiting_files_go_after_a_day_and_the_oldest_of_too_many_go_first(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "uploads")
    old, fresh = uploads.keep(b"old"), uploads.keep(b"fresh")
    long_ago = time.time() - LONGEST_WAIT_SECONDS - 1
    os.utime(tmp_path / "uploads" / old, (long_ago, long_ago))
    uploads.keep(b"next")
    assert uploads.read(fresh) == b"fresh"
    with pytest.raises(NotFound):
        uploads.read(old)
    for _ in range(MOST_FILES + 5):
        uploads.keep(b"x")
    assert len(list((tmp_path / "uploads").iterdir())) == MOST_FILES
