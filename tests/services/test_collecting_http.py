"""An HTTP source that hangs, is garbage or hostile does no harm: bounded in time and size, and its owner is told once."""

from __future__ import annotations

import json
import resource
import socket
import time
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ancrage.exchange.collecting.connections import Connection
from ancrage.exchange.collecting.http_answer import DEEPEST
from ancrage.services.collecting import Outcome, SourceReport
from tests.support.collecting import CollectingProject, indicator, make_project
from tests.support.hostile_server import Answer, HostileServer, plain, serving

ROWS = "{http: {connection: desk, path: /api/weeks, rows: /data, date: /week, value: /open}}"
MEGABYTE = 1024 * 1024
MOST = 256 * 1024
GOOD = json.dumps({"data": [{"week": "2026-02-23", "open": 12}, {"week": "2026-03-02", "open": 11.5}]})


@pytest.fixture
def project(tmp_path: Path) -> Iterator[CollectingProject]:
    made = make_project(tmp_path / "project", [indicator("backlog", ROWS)])
    yield made
    made.close()


def desk(server: HostileServer, seconds: float = 5.0, token: str = "") -> Connection:
    return Connection("desk", server.url, token, timeout_seconds=seconds, most_bytes=MOST)


def asked(project: CollectingProject, answer: Answer, seconds: float = 5.0) -> SourceReport:
    with serving(answer) as server:
        (report,) = project.knowing(desk(server, seconds)).collect().sources
    return report


def test_an_answer_is_recorded_once_and_a_correction_supersedes(project: CollectingProject) -> None:
    assert asked(project, plain(GOOD)) == SourceReport("backlog", Outcome.RECORDED, 2)
    assert project.readings("backlog") == {date(2026, 2, 23): 12.0, date(2026, 3, 2): 11.5}
    with serving(plain(GOOD.replace("11.5", "9"))) as server:
        known = project.knowing(desk(server))
        assert known.collect().sources == (), "not due again today"
        assert known.collect("backlog").sources == (SourceReport("backlog", Outcome.RECORDED, 1),)
        assert known.collect("backlog").sources == (SourceReport("backlog", Outcome.UNCHANGED, 0),)
    assert project.readings("backlog")[date(2026, 3, 2)] == 9


def test_the_token_is_sent_and_never_shown(project: CollectingProject) -> None:
    with serving(plain("no", status="403 Forbidden")) as server:
        known = project.knowing(desk(server, token="s3cret"))
        (report,) = known.collect().sources
    assert "authorization: bearer s3cret" in server.requests[0].lower()
    assert "s3cret" not in f"{known}{report}{known.asked()}"


GARBAGE = {
    "no JSON": plain("{]"),
    "a number that is none": plain('{"data": [{"week": "2026-03-02", "open": NaN}]}'),
    "a key twice": plain('{"data": [], "data": []}'),
    "too deep": plain("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1)),
    "very deep": plain("[" * 200_000),
    "a text that never ends": plain('"' + '\\"' * 100_000),
    "entity bomb": plain('<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>', "application/xml"),
    "entity bomb that says it is JSON": plain('<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'),
    "a page": plain("<html>", "text/html"),
    "bytes": plain(b"\xff\xfe\x00", "application/json"),
    "nothing there": plain("{}", status="404 Not Found"),
    "no list": plain('{"data": 4}'),
    "unknown packing": plain("x", "application/json", "200 OK", "content-encoding: br"),
    "broken packing": plain("x" * 100, "application/json", "200 OK", "content-encoding: gzip"),
}


@pytest.mark.parametrize("answer", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_reported_and_nothing_is_taken(project: CollectingProject, answer: Answer) -> None:
    report = asked(project, answer)
    assert (report.outcome, report.problems[0].code) == (Outcome.FAILED, "E-COLLECT-ANSWER")
    assert project.readings("backlog") == {}
    assert [owner for owner, _ in project.asked()] == ["lead"]


@pytest.mark.parametrize("row", [{"week": "2026-03-11", "open": 1}, {"week": "soon", "open": 1}, {"week": "2026-03-02", "open": "x"},
                                 {"week": "2026-03-02", "open": True}, {"week": "2026-03-02"}, [], 4], ids=str)  # fmt: skip
def test_one_bad_reading_refuses_the_answer(project: CollectingProject, row: object) -> None:
    report = asked(project, plain(json.dumps({"data": [{"week": "2026-02-23", "open": 12}, row]})))
    assert report.outcome is Outcome.FAILED
    assert str(report.problems[0].place) == "desk: /api/weeks /data/1"
    assert project.readings("backlog") == {}


@pytest.mark.parametrize("location", ["file:///etc/passwd", "http://127.0.0.2:1/", "https://127.0.0.1/", "//other.example/", "ftp://x/",
                                      "http://[bad", "gopher://127.0.0.1:70/"])  # fmt: skip
def test_a_redirect_elsewhere_is_not_followed(project: CollectingProject, location: str) -> None:
    report = asked(project, plain("", "application/json", "302 Found", f"location: {location}"))
    assert report.problems[0].code in ("E-COLLECT-REDIRECT", "E-COLLECT-ANSWER")
    assert report.outcome is Outcome.FAILED


def test_a_redirect_on_the_same_host_is_followed_but_not_for_ever(project: CollectingProject) -> None:
    def once(connection: socket.socket, server: HostileServer) -> None:
        first = len(server.requests) == 1
        (plain("", "text/plain", "302 Found", "location: /moved") if first else plain(GOOD))(connection, server)

    assert asked(project, once).recorded == 2
    with serving(plain("", "text/plain", "302 Found", "location: /round")) as server:
        (report,) = project.knowing(desk(server)).collect("backlog").sources
    assert (report.problems[0].code, len(server.requests)) == ("E-COLLECT-REDIRECT", 4)


def endless(kind: str = "application/json", *headers: str, chunk: bytes = b"[" + b" " * 65_535, most: int = 1024 * MEGABYTE) -> Answer:
    def answer(connection: socket.socket, server: HostileServer) -> None:
        connection.sendall("\r\n".join(("HTTP/1.1 200 OK", f"content-type: {kind}", *headers, "", "")).encode())
        server.pour(connection, chunk, most)

    return answer


def test_a_body_of_a_gigabyte_is_cut_at_the_limit(project: CollectingProject) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with serving(endless()) as server:
        (report,) = project.knowing(desk(server)).collect().sources
    assert report.problems[0].code == "E-COLLECT-SIZE"
    assert server.sent < 16 * MEGABYTE, "no more than fits into the buffers of the system on the way"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024  # in KiB


def test_a_bomb_of_128_megabytes_packed_into_one_eighth_is_cut_at_the_limit(project: CollectingProject) -> None:
    packing = zlib.compressobj(9, wbits=31)
    packed = b"".join(packing.compress(b" " * MEGABYTE) for _ in range(128)) + packing.flush()
    assert len(packed) < MOST, "small on its way"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = asked(project, plain(packed, "application/json", "200 OK", "content-encoding: gzip"))
    assert report.problems[0].code == "E-COLLECT-SIZE"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024


def hanging(connection: socket.socket, server: HostileServer) -> None:
    server.stop.wait(30)


def dripping_head(connection: socket.socket, server: HostileServer) -> None:
    server.pour_slowly(connection, b"HTTP/1.1 200 OK\r\n" + b"x-a: b\r\n" * 1000)


def dripping_body(connection: socket.socket, server: HostileServer) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n")
    server.pour_slowly(connection, b" " * 10_000)


@pytest.mark.parametrize("answer", [hanging, dripping_head, dripping_body], ids=["hangs", "drips its head", "drips its body"])
def test_a_source_that_hangs_costs_its_time_and_no_more(project: CollectingProject, answer: Answer) -> None:
    began = time.monotonic()
    report = asked(project, answer, seconds=1.0)
    assert report.problems[0].code == "E-COLLECT-TIME"
    assert time.monotonic() - began < 5


def test_what_passes_by_itself_is_tried_again_and_not_for_ever(project: CollectingProject) -> None:
    def busy(times: int) -> Answer:
        def answer(connection: socket.socket, server: HostileServer) -> None:
            (plain("", status="503 Busy") if len(server.requests) <= times else plain(GOOD))(connection, server)

        return answer

    with serving(busy(99)) as server:
        assert project.knowing(desk(server)).collect().sources[0].outcome is Outcome.FAILED
    assert len(server.requests) == 3
    assert asked(project, busy(1)).recorded == 2


def test_the_owner_is_told_once_and_the_next_good_answer_ends_it(project: CollectingProject) -> None:
    for _ in range(3):
        asked(project, plain("{]"))
    assert len(project.asked()) == 1
    asked(project, plain(GOOD))
    assert project.asked() == []


@pytest.mark.parametrize("url", ["http://desk.example.org", "ftp://127.0.0.1", "file:///etc/passwd", "sqlite:///x"])
def test_an_address_that_is_not_https_is_not_even_asked(project: CollectingProject, url: str) -> None:
    (report,) = project.knowing(Connection("desk", url)).collect().sources
    assert report.problems[0].code == "E-COLLECT-CONNECTION"


def test_a_connection_that_is_not_configured_is_told(project: CollectingProject) -> None:
    (report,) = project.collect().sources
    assert report.problems[0].code == "E-COLLECT-CONNECTION"
    assert "[sources.desk]" in project.asked()[0][1]


def test_an_answer_without_a_day_is_of_the_day_it_is_collected(tmp_path: Path) -> None:
    source = "{http: {connection: desk, path: /now, numerator: /done, denominator: /all}}"
    project = make_project(tmp_path / "project", [indicator("triaged", source, kind="proportion")])
    with serving(plain('{"done": 4, "all": 5}')) as server:
        known = project.knowing(desk(server))
        assert known.collect().counts == {"readings_recorded": 1}
        assert known.collect(days=1).sources == (), "once a week"
        assert len(known.collect(days=7).sources) == 1
    assert project.readings("triaged") == {date(2026, 3, 10): (4, 5), date(2026, 3, 17): (4, 5)}
    project.close()
