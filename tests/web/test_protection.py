"""What is refused before any page sees it: other sites, other names, forms too large."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from ancrage.domain.escalation.facts import Status
from tests.web.conftest import ADDRESS, Pages


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": ADDRESS}, False),
        ({"Origin": ADDRESS}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "http://127.0.0.1:9999"}, False),
        ({"Origin": "null"}, False),
        ({}, True),
    ],
)
def test_a_button_works_from_our_own_page_only(pages: Pages, headers: dict[str, str], allowed: bool) -> None:
    form = pages.open(pages.link()).form("done")
    before = pages.rows()
    response = pages.client.post(pages.link(), data=form, headers=headers)
    assert response.status_code == (303 if allowed else 403)
    assert (pages.view().status is Status.CLOSED) is allowed
    assert (pages.rows() == before) is not allowed


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8400", "127.0.0.1.evil.example", ""])
def test_a_strange_name_that_points_here_is_not_answered(looking: Pages, host: str) -> None:
    response = looking.client.get("/", headers={"Host": host})
    assert response.status_code == 400
    assert "Anne" not in response.text


@pytest.mark.parametrize("host", ["localhost", "localhost:8400", "127.0.0.1:1234", "[::1]:8400", "LOCALHOST"])
def test_the_names_of_this_machine_are_answered(looking: Pages, host: str) -> None:
    assert looking.client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("size", [70_000, 5_000_000])
def test_a_form_too_large_to_be_ours_is_not_read(looking: Pages, size: int) -> None:
    response = looking.client.post(looking.link(), data={"reason": "x" * size})
    assert response.status_code == 413
    assert response.headers["content-security-policy"]


def test_a_form_of_unknown_size_is_not_read(looking: Pages) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"deed=done"

    assert looking.client.post(looking.link(), content=endless()).status_code == 413
