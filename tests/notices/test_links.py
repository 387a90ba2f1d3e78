"""A link says who may act on what until when, and nobody can make one without a key (ESC-A12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ancrage.notices.links import LONGEST_TOKEN, LinkClaims, LinkFault, LinkKeys, LinkRefused, Page, read_link, sign_link

OLD, NEW, STRANGE = "old key " * 5, "new key " * 5, "strange " * 5
KEYS = LinkKeys((OLD, NEW))
ISSUED = datetime(2026, 2, 13, 8, 0, tzinfo=UTC)
CLAIMS = LinkClaims(Page.COMMITMENT, "anne", "0b1f6a52", ISSUED, ISSUED + timedelta(days=30))


def test_a_link_gives_back_what_was_signed() -> None:
    assert read_link(KEYS, sign_link(KEYS, CLAIMS), Page.COMMITMENT, ISSUED) == CLAIMS


@pytest.mark.parametrize(
    ("now", "works"),
    [(CLAIMS.expires - timedelta(seconds=1), True), (CLAIMS.expires, False), (CLAIMS.expires + timedelta(days=400), False)],
)
def test_a_link_works_until_just_before_it_expires(now: datetime, works: bool) -> None:
    answer = read_link(KEYS, sign_link(KEYS, CLAIMS), Page.COMMITMENT, now)
    assert answer == CLAIMS if works else isinstance(answer, LinkRefused) and answer.code is LinkFault.EXPIRED
    assert works or (isinstance(answer, LinkRefused) and answer.claims == CLAIMS)


def test_a_link_signed_before_the_last_rotation_still_works() -> None:
    assert read_link(KEYS, sign_link(LinkKeys((OLD,)), CLAIMS), Page.COMMITMENT, ISSUED) == CLAIMS


def test_the_newest_key_signs() -> None:
    assert read_link(LinkKeys((NEW,)), sign_link(KEYS, CLAIMS), Page.COMMITMENT, ISSUED) == CLAIMS


def _refused(token: str, page: Page = Page.COMMITMENT, keys: LinkKeys = KEYS) -> bool:
    answer = read_link(keys, token, page, ISSUED)
    return isinstance(answer, LinkRefused) and answer.code is LinkFault.FORGED and answer.claims is None


def test_a_link_of_a_forgotten_key_is_a_forgery() -> None:
    assert _refused(sign_link(LinkKeys((OLD,)), CLAIMS), keys=LinkKeys((NEW,)))


def test_a_link_of_a_strange_key_is_a_forgery() -> None:
    assert _refused(sign_link(LinkKeys((STRANGE,)), CLAIMS))


def test_a_link_to_one_page_is_a_forgery_on_another() -> None:
    assert _refused(sign_link(KEYS, CLAIMS), page=Page.PERSON)
    assert _refused(sign_link(KEYS, replace(CLAIMS, page=Page.PERSON)))


def test_the_end_of_one_link_does_not_fit_another_person() -> None:
    mine, theirs = sign_link(KEYS, CLAIMS), sign_link(KEYS, replace(CLAIMS, person="bruno"))
    assert _refused(f"{theirs.rpartition('.')[0]}.{mine.rpartition('.')[2]}")


@pytest.mark.parametrize("token", ["", ".", "a.b", "é.è", "\x00", "." * LONGEST_TOKEN, "x" * 10_000_000])
def test_nonsense_is_a_forgery(token: str) -> None:
    assert _refused(token)


@given(position=st.integers(0, 500), letter=st.sampled_from("ABCxyz019-_."))
def test_a_link_with_one_other_character_is_a_forgery(position: int, letter: str) -> None:
    token = sign_link(KEYS, CLAIMS)
    changed = token[: position % len(token)] + letter + token[position % len(token) + 1 :]
    answer = read_link(KEYS, changed, Page.COMMITMENT, ISSUED)
    # The last character of base64 carries unused bits: another spelling of the same bytes is the same link.
    assert answer == CLAIMS if changed == token else isinstance(answer, LinkRefused) or answer == CLAIMS


def test_a_link_fits_in_an_address() -> None:
    token = sign_link(KEYS, replace(CLAIMS, subject="s" * 80, person="p" * 60))
    assert len(token) < 300
    assert all(character.isalnum() or character in "-_." for character in token)


@pytest.mark.parametrize("keys", [(), ("short",), (OLD, "short")])
def test_no_key_or_a_short_key_is_refused(keys: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="at least"):
        LinkKeys(keys)


def test_keys_are_never_shown() -> None:
    assert "old key" not in repr(KEYS)
