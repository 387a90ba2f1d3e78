"""Signing in without a password: the same answer for every address, a link that works once, a session that ends (interface.md, Access)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from ancrage.notices.links import LinkClaims, LinkKeys, Page, sign_link
from ancrage.project import Project, open_project
from ancrage.services.access import LINK_LIFE, MOST_LINKS_PER_HOUR, SESSION_LIFE, list_sessions, revoke_sessions
from ancrage.services.declarations import apply_plan, plan_apply
from ancrage.services.programme import current_programme
from ancrage.web.app import BY_LINK, FOR_THE_KNOWN
from ancrage.web.visitor import IDLE, asks_for_sign_in
from tests.support.story import copy_of, project_in_the_middle
from tests.web.conftest import ADDRESS, LATER, Browser, Pages

ANNE = "anne.delorme@tressane.example"


@pytest.fixture
def asking(story: Path, tmp_path: Path) -> Iterator[Pages]:
    """Pages that ask who is there."""
    with closing(open_project(copy_of(story, tmp_path / "project"))) as project:
        yield Pages(replace(project, settings=replace(project.settings, sign_in="required")))


def mails(project: Project) -> list[EmailMessage]:
    """Sign-in mails written to files, oldest first."""
    found = []
    for file in sorted((project.data_folder / "outbox").glob("*.eml"), key=lambda one: one.stat().st_mtime_ns):
        mail = message_from_bytes(file.read_bytes(), policy=default)
        assert isinstance(mail, EmailMessage)
        if "/sign-in/" in str(mail.get_body(("plain",))):
            found.append(mail)
    return found


def ask(pages: Pages, email: str = ANNE) -> None:
    answered = pages.client.post("/sign-in", data={"email": email}, headers={"Sec-Fetch-Site": "same-origin"})
    assert (answered.status_code, answered.headers["location"]) == (303, "/sign-in?asked=yes")


def link_in(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    (address,) = re.findall(rf"{ADDRESS}(/sign-in/\S+)", body.get_content())
    return str(address)


def sign_in(pages: Pages, email: str = ANNE) -> str:
    """Ask, open the link, press its button; the address of the link."""
    ask(pages, email)
    address = link_in(mails(pages.project)[-1])
    pressed = pages.client.post(address)
    assert (pressed.status_code, pressed.headers["location"]) == (303, "/")
    return address


def test_a_person_signs_in_by_mail_looks_and_signs_out(asking: Pages) -> None:
    turned_away = asking.client.get("/")
    assert (turned_away.status_code, turned_away.headers["location"]) == (303, "/sign-in")
    sign_in(asking)
    for address in ("/", "/journal"):
        assert "Anne Delorme" in asking.open(address + "?lang=en").text
    assert "Signed in as Anne Delorme (sponsor, process owner, reader)." in asking.open("/?lang=en").text
    mine = asking.client.get("/me")
    assert "What is asked of you, Anne Delorme" in asking.open(mine.headers["location"] + "?lang=en").text
    kept = dict(asking.client.cookies)
    assert asking.client.post("/sign-out").status_code == 303
    assert asking.client.get("/journal").status_code == 303
    asking.client.cookies.update(kept)  # who kept the cookie has kept nothing
    assert asking.client.get("/journal").status_code == 303


def test_the_mail_is_for_its_reader_says_how_long_and_holds_one_link(asking: Pages) -> None:
    ask(asking)
    (mail,) = mails(asking.project)
    assert mail["To"].addresses[0].addr_spec == ANNE
    assert "20 minutes" in mail["Subject"]
    assert mail["Auto-Submitted"] == "auto-generated"
    html = mail.get_body(("html",))
    assert html is not None
    assert re.findall(r'href="([^"]+)"', html.get_content()) == [ADDRESS + link_in(mail)]


@pytest.mark.parametrize("email", ["nobody@tressane.example", "", "not an address", "a" * 5000, ANNE + "\r\nBcc: x@y.example", "' OR 1=1"])
def test_an_unknown_address_gets_the_same_answer_and_nothing_leaves(asking: Pages, email: str) -> None:
    known = asking.client.get("/sign-in?asked=yes").text
    before = asking.rows()
    ask(asking, email)
    assert asking.client.get("/sign-in?asked=yes").text == known
    assert mails(asking.project) == []
    assert asking.rows() == before


def test_an_address_is_known_however_it_is_written(asking: Pages) -> None:
    ask(asking, f"  {ANNE.upper()} ")
    assert len(mails(asking.project)) == 1


def test_links_are_sent_a_few_times_an_hour_and_not_more(asking: Pages) -> None:
    for _ in range(MOST_LINKS_PER_HOUR + 3):
        ask(asking)
    assert len(mails(asking.project)) == MOST_LINKS_PER_HOUR
    ask(asking, "chloe.martin@tressane.example")
    assert len(mails(asking.project)) == MOST_LINKS_PER_HOUR + 1  # the limit is each person's own
    asking.now = LATER + timedelta(minutes=61)
    ask(asking)
    assert len(mails(asking.project)) == MOST_LINKS_PER_HOUR + 2


def test_a_scanner_signs_nobody_in_and_the_button_works_once_on_either_database(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANCRAGE_DATABASE_URL", database_url)
    with closing(open_project(project_in_the_middle(tmp_path / "project"))) as project:
        asked = replace(project, settings=replace(project.settings, sign_in="required"))
        asked.__dict__["database"] = project.database
        asking = Pages(asked)
        ask(asking)
        address = link_in(mails(project)[0])
        scanner = Browser(asking.client.app)
        assert scanner.head(address).status_code == 200
        for _ in range(5):
            assert "Sign in as Anne Delorme" in scanner.get(address + "?lang=en").text
        assert dict(scanner.cookies).keys() <= {"ancrage_language"}
        with project.reading() as work:
            assert list_sessions(work, LATER) == ()
        assert asking.client.post(address).status_code == 303
        assert scanner.post(address).status_code == scanner.get(address).status_code == 410  # a replay
        assert scanner.get("/").status_code == 303
        with project.reading() as work:
            assert [session.person for session in list_sessions(work, LATER)] == ["Anne Delorme"]


def forged(pages: Pages, **changes: object) -> str:
    claims = LinkClaims(Page.SIGN_IN, "anne", "0" * 32, LATER, LATER + LINK_LIFE)
    return f"/sign-in/{sign_link(pages.project.link_keys, replace(claims, **changes))}"  # type: ignore[arg-type]


STRANGE: dict[str, Callable[[Pages, str], str]] = {
    "never sent": lambda pages, _: forged(pages),
    "another person's": lambda pages, good: forged(pages, person="chloe", subject=id_of(pages)),
    "another page's": lambda pages, good: "/sign-in/" + pages.link().removeprefix("/c/"),
    "another key": lambda pages, good: "/sign-in/" + sign_link(
        LinkKeys(("a key of somebody else, long enough to sign",)), LinkClaims(Page.SIGN_IN, "anne", id_of(pages), LATER, LATER + LINK_LIFE)
    ),
    "cut": lambda pages, good: good[:-3],
    "nonsense": lambda pages, good: "/sign-in/%00%ff",
}  # fmt: skip


def id_of(pages: Pages) -> str:
    return str(pages.rows()["sign_in_link"][0]["id"])


@pytest.mark.parametrize("fault", STRANGE)
def test_a_link_that_is_not_one_signs_nobody_in(asking: Pages, fault: str) -> None:
    ask(asking)
    address = STRANGE[fault](asking, link_in(mails(asking.project)[0]))
    before = asking.rows()
    for answered in (asking.client.get(address), asking.client.head(address), asking.client.post(address)):
        assert answered.status_code == 410
    assert asking.rows() == before
    assert asking.client.get("/").status_code == 303


def test_a_link_ends_after_its_minutes(asking: Pages) -> None:
    ask(asking)
    address = link_in(mails(asking.project)[0])
    asking.now = LATER + LINK_LIFE - timedelta(seconds=1)
    assert asking.client.get(address).status_code == 200
    asking.now = LATER + LINK_LIFE
    assert asking.client.post(address).status_code == 410


def test_a_session_ends_when_nobody_uses_it_and_after_its_days(asking: Pages) -> None:
    sign_in(asking)
    for _ in range(7):  # used every day
        asking.now += timedelta(days=1)
        assert asking.client.get("/").status_code == 200
    asking.now += IDLE
    assert asking.client.get("/").status_code == 303
    asking.now = LATER
    sign_in(asking)
    while asking.now + timedelta(days=1) < LATER + SESSION_LIFE:
        asking.now += timedelta(days=1)
        assert asking.client.get("/").status_code == 200
    asking.now = LATER + SESSION_LIFE
    assert asking.client.get("/").status_code == 303


def test_looking_at_a_page_writes_nothing(asking: Pages) -> None:
    sign_in(asking)
    before = asking.rows()
    asking.now += timedelta(hours=1)
    for _ in range(3):
        assert asking.client.get("/").status_code == 200
    assert asking.rows() == before


def test_a_revoked_session_is_over_at_once(asking: Pages) -> None:
    sign_in(asking)
    with asking.project.units() as work:
        assert revoke_sessions(work, "anne", "chloe", LATER) == 1
    assert asking.client.get("/").status_code == 303
    assert [row["what"] for row in asking.rows()["journal"]].count("session_revoked") == 1


def test_somebody_who_has_left_the_organisation_is_signed_in_no_more(asking: Pages) -> None:
    sign_in(asking, "emily.clarke@tressane.example")
    with asking.project.units() as work:
        programme = current_programme(work)
        people = {key: person for key, person in programme.organisation.people.items() if key != "emily"}
        gone = replace(programme, fingerprint="emily left", organisation=replace(programme.organisation, people=people))
        apply_plan(work, plan_apply(work, gone), "chloe", LATER)
    assert asking.client.get("/").status_code == 303


def test_the_cookie_is_out_of_reach_and_is_no_key_to_the_rows(asking: Pages) -> None:
    ask(asking)
    pressed = asking.client.post(link_in(mails(asking.project)[0]))
    said = pressed.headers["set-cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= {part.strip() for part in said.split(";")}
    assert "Secure" not in said
    value = said.partition("=")[2].partition(";")[0]
    stored = str(asking.rows()["web_session"])
    assert not [part for part in re.findall(r"[\w-]{20,}", value) if part in stored]


def test_behind_https_the_cookie_never_travels_in_clear(story: Path, tmp_path: Path) -> None:
    with closing(open_project(copy_of(story, tmp_path / "project"))) as project:
        pages = Pages(replace(project, settings=replace(project.settings, web_url="https://ancrage.example")))
        ask(pages)
        (mail,) = mails(project)
        body = mail.get_body(("plain",))
        assert body is not None
        (path,) = re.findall(r"https://ancrage\.example(/sign-in/\S+)", body.get_content())
        assert "Secure" in pages.client.post(path).headers["set-cookie"]


@pytest.mark.parametrize("cookie", ["", "nonsense", "a.b.c", "x" * 9999, "WyJ4IiwxXQ.c2lnbmF0dXJl"])
def test_a_cookie_that_is_not_ours_is_nobody(asking: Pages, cookie: str) -> None:
    asking.client.cookies.set("ancrage_session", cookie)
    assert asking.client.get("/").status_code == 303


def test_sessions_survive_a_new_key_and_end_with_a_forgotten_one(asking: Pages) -> None:
    sign_in(asking)
    project = asking.project

    def with_keys(*keys: str) -> Pages:
        moved = Pages(replace(project, settings=replace(project.settings, link_keys=keys)))
        moved.client.cookies.update(asking.client.cookies)
        return moved

    new = "a new key, which is long enough to sign with"
    assert with_keys(*project.settings.link_keys, new).client.get("/").status_code == 200
    assert with_keys(new).client.get("/").status_code == 303


@pytest.mark.parametrize("address", ["/sign-in", "/sign-out"])
def test_another_site_can_press_no_button(asking: Pages, address: str) -> None:
    sign_in(asking)
    before = asking.rows()
    refused = asking.client.post(address, data={"email": ANNE}, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    assert asking.rows() == before


def test_every_page_is_for_the_known_or_says_by_its_link_who_is_there(asking: Pages) -> None:
    pages = {page.__name__.rpartition(".")[2] for page in (*BY_LINK, *FOR_THE_KNOWN)}
    written = {path.stem for path in (Path(__file__).parents[2] / "ancrage" / "web").glob("*_page.py")}
    assert pages == written
    for page in FOR_THE_KNOWN:
        for route in page.router.routes:
            assert isinstance(route, APIRoute)
            answered = asking.client.get(re.sub(r"\{[^}]*\}", "x", route.path))
            assert (answered.status_code, answered.headers.get("location")) in ((303, "/sign-in"), (405, None))


@pytest.mark.parametrize(
    ("sign_in", "web_url", "listens_on", "asks"),
    [
        ("auto", "http://127.0.0.1:8400", "127.0.0.1", False),
        ("auto", "http://localhost:8400", "::1", False),
        ("auto", "http://127.0.0.1:8400", "0.0.0.0", True),  # another machine can reach it
        ("auto", "https://ancrage.example", "127.0.0.1", True),  # behind a proxy
        ("none", "https://ancrage.example", "0.0.0.0", False),
        ("required", "http://127.0.0.1:8400", "127.0.0.1", True),
    ],
)  # fmt: skip
def test_who_is_there_is_asked_where_another_machine_can_reach_the_pages(
    looking: Pages, sign_in: str, web_url: str, listens_on: str, asks: bool
) -> None:
    settings = replace(looking.project.settings, sign_in=sign_in, web_url=web_url)
    assert asks_for_sign_in(settings, listens_on) is asks


def test_pages_that_ask_nobody_say_so(looking: Pages) -> None:
    assert "ask nobody who they are" in looking.open("/?lang=en").text
    assert "ask nobody who they are" not in looking.open(looking.link() + "?lang=en").text
