"""Copies for a team's room: what leaves, what comes of it, and what never leaves: links, private reasons, addresses in a log."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ancrage.errors import ProblemsFound
from ancrage.notices.apprise_channel import AppriseChannel
from ancrage.notices.channels import Accepted, Channel, Outcome, Permanent, Temporary, Uncertain
from ancrage.notices.message import Addressee, Envelope, NoticeItem, NoticeKind
from ancrage.settings import Settings, read_settings
from tests.support.mail import free_port

Build = Callable[..., NoticeItem]
Render = Callable[..., Envelope]
SECRET = "TheSecretOfTheRoom"


@dataclass
class Room:
    """A room on this machine: answers `status` to every post, or says nothing until it is let go."""

    status: int = 200
    silent: bool = False
    heard: list[dict[str, str]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


@contextmanager
def open_room(room: Room) -> Iterator[str]:
    """Yields the room's address in Apprise's notation."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            room.heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if room.silent:
                room.released.wait(10)
                return
            self.send_response(room.status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"json://127.0.0.1:{server.server_port}/{SECRET}?rto=0.2&cto=0.2"
    finally:
        room.released.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def delivered(envelope: Envelope, *rooms: Room) -> Outcome:
    """What came of posting it in every room, in order."""
    if not rooms:
        return AppriseChannel(()).deliver(envelope)
    addresses: list[str] = []

    def enter(rest: tuple[Room, ...]) -> Outcome:
        if not rest:
            return AppriseChannel(tuple(addresses)).deliver(envelope)
        with open_room(rest[0]) as address:
            addresses.append(address)
            return enter(rest[1:])

    return enter(rooms)


def test_a_room_gets_what_is_owed_by_when_and_by_whom_as_plain_text(item: Build, render: Render) -> None:
    room = Room()
    assert isinstance(delivered(render(item(), language="en"), room), Accepted)
    (post,) = room.heard
    assert post["title"] == "Reminder: Answer the alert on the incidents, by Monday 16 February 2026, end of the day"
    for wanted in (
        "Still waiting for: Anne Dubois", "I answer every alert within two working days.",
        "Deadline: Monday 16 February 2026, end of the day", "Contract on incidents", "Told now: Anne Dubois",
    ):
        assert wanted in post["message"]


@pytest.mark.parametrize("kind", [kind for kind in NoticeKind if kind not in (NoticeKind.FEEDBACK, NoticeKind.PUBLIC_LINE)])
@pytest.mark.parametrize("mine", [True, False])
def test_no_kind_of_notice_brings_a_link_or_a_private_reason_into_a_room(
    item: Build, render: Render, kind: NoticeKind, mine: bool
) -> None:
    notice = item(kind, mine=mine, asked_by="Bruno Petit", reason="I am ill")
    for envelope in (render(notice), render(notice, replace(notice, commitment_id="other"))):
        assert "http" not in envelope.room_text + envelope.subject
        assert "I am ill" not in envelope.room_text + envelope.subject
        assert "Hello" not in envelope.room_text
        assert envelope.room_text


def test_a_message_for_one_person_alone_is_never_posted(item: Build, render: Render) -> None:
    room = Room()
    assert isinstance(delivered(replace(render(item()), room_text=""), room), Permanent)
    assert room.heard == []


@pytest.mark.parametrize(
    ("status", "outcome", "down"),
    [
        (200, Accepted, None), (204, Accepted, None),
        (500, Temporary, False), (503, Temporary, False),
        (401, Temporary, True), (404, Temporary, True), (410, Temporary, True), (429, Temporary, True),  # about the room
        (400, Permanent, None), (413, Permanent, None),  # about this message
    ],
)  # fmt: skip
def test_what_a_room_answers_says_whether_to_try_again(
    item: Build, render: Render, status: int, outcome: type[Outcome], down: bool | None
) -> None:
    found = delivered(render(item()), Room(status))
    assert type(found) is outcome
    if isinstance(found, Temporary):
        assert found.channel_down is down
        assert str(status) in found.reason.text()


def test_a_room_that_hangs_is_given_up_and_may_have_taken_it(item: Build, render: Render) -> None:
    assert isinstance(delivered(render(item()), Room(silent=True)), Uncertain)


def test_an_attempt_ends_whatever_its_plug_in_does(item: Build, render: Render) -> None:
    room = Room(silent=True)
    with open_room(room) as address:
        slow = address.replace("rto=0.2", "rto=60")
        assert isinstance(AppriseChannel((slow,), timeout_seconds=0.3).deliver(render(item())), Uncertain)


def test_nobody_there_is_temporary_and_the_channels_trouble(item: Build, render: Render) -> None:
    found = AppriseChannel((f"json://127.0.0.1:{free_port()}/{SECRET}",)).deliver(render(item()))
    assert isinstance(found, Temporary)
    assert found.channel_down


@pytest.mark.parametrize("address", ["nonsense", "unknown://somewhere/" + SECRET, ""])
def test_an_address_apprise_does_not_know_waits_for_somebody_to_repair_it(item: Build, render: Render, address: str) -> None:
    found = AppriseChannel((address,)).deliver(render(item()))
    assert isinstance(found, Temporary)
    assert "room 1" in found.reason.text()


def test_a_room_that_has_taken_it_does_not_get_it_again_for_another_ones_sake(item: Build, render: Render) -> None:
    good, bad = Room(), Room(500)
    found = delivered(render(item()), good, bad)
    assert isinstance(found, Accepted)
    assert found.answer.startswith("1/2")
    assert "room 2" in found.answer
    assert len(good.heard) == 1


def test_no_room_at_all_is_a_fault_of_the_settings(item: Build, render: Render) -> None:
    assert isinstance(delivered(render(item())), Temporary)


def test_the_address_of_a_room_is_never_shown(item: Build, render: Render, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shown = []
    for room in (Room(), Room(500), Room(404), Room(silent=True)):
        with open_room(room) as address:
            channel = AppriseChannel((address, f"unknown://{SECRET}"))
            shown += [repr(channel), repr(channel.deliver(render(item())))]
    assert SECRET not in "".join(shown) + caplog.text


def test_the_channel_is_interchangeable_with_the_others() -> None:
    channel: Channel = AppriseChannel(())
    assert channel.name == "apprise"


def test_the_language_is_that_of_the_person_it_is_for(item: Build, render: Render, anne: Callable[..., Addressee]) -> None:
    assert "Répondre à l’alerte" in render(item(), to=anne("fr")).room_text
    assert "Answer the alert" in render(item(), to=anne("en")).room_text


def settings_of(folder: Path, text: str, **environment: str) -> Settings:
    (folder / "ancrage.toml").write_text(text, encoding="utf-8")
    return read_settings(folder, environment)


def test_rooms_come_from_the_environment_before_the_file_and_are_never_shown(tmp_path: Path) -> None:
    text = f'[delivery]\nchannels = ["file", "apprise"]\n[apprise]\nurls = ["json://{SECRET}"]\n'
    found = settings_of(tmp_path, text)
    assert found.apprise_urls == (f"json://{SECRET}",)
    assert SECRET not in repr(found)
    assert settings_of(tmp_path, text, ANCRAGE_APPRISE_URLS="json://a json://b").apprise_urls == ("json://a", "json://b")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[delivery]\nchannels = ["file", "apprise"]', "no address"),
        ('[delivery]\nalarm_channel = "apprise"', "no address"),
        ('[delivery]\nchannels = ["apprise"]\n[apprise]\nurls = ["json://a"]', "nobody would get a link"),
    ],
)
def test_settings_without_a_room_or_without_a_way_to_persons_are_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ProblemsFound) as refused:
        settings_of(tmp_path, text)
    assert [words in problem.message.text() for problem in refused.value.problems] == [True]
