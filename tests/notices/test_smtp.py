"""What became of a message handed to a mail server, at every point where it can go wrong (ESC-G2, G3). Real servers on loopback."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from email.utils import parsedate_to_datetime

import pytest

from ancrage.notices.channels import Accepted, Outcome, Permanent, Temporary, Uncertain
from ancrage.notices.message import Envelope, NoticeItem
from ancrage.notices.smtp import Security, SmtpChannel
from tests.support.mail import LOOPBACK, Certificate, Inbox, Script, certificate, free_port, mail_server, parsed, scripted_server


@pytest.fixture
def envelope(item: Callable[..., NoticeItem], render: Callable[..., Envelope]) -> Envelope:
    return render(item())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("tls"))


def plain(port: int, timeout_seconds: float = 5.0, **options: object) -> SmtpChannel:
    return SmtpChannel(LOOPBACK, port, Security.NONE, timeout_seconds=timeout_seconds, **options)  # type: ignore[arg-type]


def test_a_message_that_the_server_takes_is_accepted_and_arrives_whole(envelope: Envelope) -> None:
    inbox = Inbox()
    with mail_server(inbox) as port:
        outcome = plain(port).deliver(envelope)
    assert outcome == Accepted("250 OK queued as 42")
    mail = parsed(inbox.received[0])
    assert (mail["Message-ID"], mail["To"], mail["Subject"]) == (
        envelope.message_id, "Anne Dubois <anne.dubois@valmont.example>", envelope.subject,
    )
    assert parsedate_to_datetime(mail["Date"]) == envelope.sent_at
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == envelope.text


def test_a_second_copy_is_the_same_message(envelope: Envelope) -> None:
    inbox = Inbox()
    with mail_server(inbox) as port:
        for _ in range(2):
            plain(port).deliver(envelope)
    first, second = (parsed(content) for content in inbox.received)
    assert first["Message-ID"] == second["Message-ID"]
    assert inbox.received[0] == inbox.received[1]


@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "outcome"), [("451 4.7.1 greylisted", Temporary), ("452 4.2.2 mailbox full", Temporary), ("550 5.1.1 unknown", Permanent)]
)
def test_4xx_may_be_tried_again_and_5xx_not(envelope: Envelope, stage: str, answer: str, outcome: type[Outcome]) -> None:
    inbox = Inbox({stage: answer})
    with mail_server(inbox) as port:
        came = plain(port).deliver(envelope)
    assert isinstance(came, outcome)
    assert not isinstance(came, Accepted)
    assert answer in str(came.reason)
    assert inbox.received == []


@pytest.mark.parametrize(
    "says",
    [
        {"mail": "550 5.7.1 sender refused"}, {"mail": "421 closing"}, {"rcpt": "421 closing"}, {"rcpt": "530 5.7.0 log in first"},
        {"greeting": "554 go away"}, {"greeting": "421 too busy"}, {"ehlo": "550 no", "helo": "550 no"},
    ],
)
def test_what_every_message_would_meet_is_the_channels_trouble(envelope: Envelope, says: dict[str, str]) -> None:
    with scripted_server(Script(says=says)) as port:
        outcome = plain(port).deliver(envelope)
    assert isinstance(outcome, Temporary)
    assert outcome.channel_down


@pytest.mark.parametrize("stage", ["greeting", "ehlo", "mail", "rcpt", "data", "body"])
def test_a_connection_lost_before_the_final_dot_is_temporary(envelope: Envelope, stage: str) -> None:
    script = Script(drops_at=stage)
    with scripted_server(script) as port:
        outcome = plain(port).deliver(_long(envelope) if stage == "body" else envelope)
    assert isinstance(outcome, Temporary)
    assert script.whole_messages == 0


@pytest.mark.parametrize("stage", ["greeting", "ehlo", "mail", "rcpt", "data"])
def test_a_server_silent_before_the_final_dot_is_temporary(envelope: Envelope, stage: str) -> None:
    with scripted_server(Script(silent_at=stage)) as port:
        assert isinstance(plain(port, 0.3).deliver(envelope), Temporary)


def test_a_server_that_stops_reading_in_the_middle_is_temporary(envelope: Envelope) -> None:
    script = Script(silent_at="body")
    with scripted_server(script) as port:
        outcome = plain(port, 0.3).deliver(_long(envelope))
    assert isinstance(outcome, Temporary)
    assert script.whole_messages == 0


def test_a_server_that_gives_up_in_the_middle_is_temporary_with_what_it_said(envelope: Envelope) -> None:
    with scripted_server(Script(says={"body": "421 4.3.2 shutting down"})) as port:
        outcome = plain(port).deliver(_long(envelope))
    assert isinstance(outcome, Temporary)


@pytest.mark.parametrize(
    "script", [Script(drops_at="dot"), Script(silent_at="dot"), Script(says={"dot": "what?"}), Script(says={"dot": "250" + "-" * 9000})]
)
def test_after_the_final_dot_only_an_answer_makes_it_certain(envelope: Envelope, script: Script) -> None:
    with scripted_server(script) as port:
        outcome = plain(port, 0.5).deliver(envelope)
    assert isinstance(outcome, Uncertain)
    assert script.whole_messages == 1


@pytest.mark.parametrize(("answer", "outcome"), [("421 shutting down", Temporary), ("451 later", Temporary), ("554 spam", Permanent)])
def test_a_refusal_after_the_final_dot_is_certain(envelope: Envelope, answer: str, outcome: type[Outcome]) -> None:
    with scripted_server(Script(says={"dot": answer})) as port:
        assert isinstance(plain(port).deliver(envelope), outcome)


def test_a_connection_lost_after_the_250_is_accepted(envelope: Envelope) -> None:
    with scripted_server(Script(drops_at="after")) as port:
        assert plain(port).deliver(envelope) == Accepted("250 OK queued")


def test_nobody_listening_is_temporary(envelope: Envelope) -> None:
    outcome = plain(free_port()).deliver(envelope)
    assert isinstance(outcome, Temporary)
    assert outcome.channel_down


def test_starttls_protects_and_the_password_is_accepted(envelope: Envelope, made: Certificate) -> None:
    inbox = Inbox()
    with mail_server(inbox, tls_context=made.server, require_starttls=True, authenticator=inbox.login, auth_required=True) as port:
        outcome = SmtpChannel(LOOPBACK, port, Security.STARTTLS, "ancrage", "right password", 5, tls=made.client).deliver(envelope)
    assert isinstance(outcome, Accepted)
    assert set(inbox.logins) == {(b"ancrage", b"right password")}


def test_tls_from_the_first_byte(envelope: Envelope, made: Certificate) -> None:
    inbox = Inbox()
    with mail_server(inbox, ssl_context=made.server) as port:
        outcome = SmtpChannel(LOOPBACK, port, Security.TLS, timeout_seconds=5, tls=made.client).deliver(envelope)
    assert isinstance(outcome, Accepted)


def test_starttls_is_never_given_up_for_clear_text(envelope: Envelope, made: Certificate) -> None:
    inbox = Inbox()
    with mail_server(inbox) as port:
        outcome = SmtpChannel(LOOPBACK, port, Security.STARTTLS, timeout_seconds=5, tls=made.client).deliver(envelope)
    assert isinstance(outcome, Temporary)
    assert outcome.channel_down
    assert inbox.received == []


def test_a_certificate_nobody_vouches_for_is_refused(envelope: Envelope, made: Certificate) -> None:
    inbox = Inbox()
    with mail_server(inbox, tls_context=made.server) as port:
        outcome = SmtpChannel(LOOPBACK, port, Security.STARTTLS, timeout_seconds=5).deliver(envelope)
    assert isinstance(outcome, Temporary)
    assert outcome.channel_down
    assert inbox.received == []


@pytest.mark.parametrize(("password", "why"), [("wrong secret", "(535)"), ("sécret", "holds a character")])
def test_a_refused_password_is_the_channels_trouble_and_is_not_repeated(
    envelope: Envelope, made: Certificate, password: str, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "ancrage")
    inbox = Inbox()
    with mail_server(inbox, tls_context=made.server, authenticator=inbox.login, auth_required=True) as port:
        channel = SmtpChannel(LOOPBACK, port, Security.STARTTLS, "ancrage", password, 5, tls=made.client)
        outcome = channel.deliver(envelope)
    assert isinstance(outcome, Temporary)
    assert outcome.channel_down
    assert why in str(outcome.reason)
    assert password not in f"{outcome.reason}{channel!r}{caplog.text}"
    assert inbox.received == []


def test_a_password_never_travels_in_clear_text() -> None:
    with pytest.raises(ValueError, match="clear text"):
        SmtpChannel("mail.valmont.example", 25, Security.NONE, "ancrage", "secret")


@pytest.mark.parametrize(
    "address",
    ["", "anne", "@valmont.example", "anne@", "anne@valmont.example\r\nRCPT TO:<all@valmont.example>", "a b@c.example", "a>@c.example",
     "a@b@c.example", "anne\x00@valmont.example", "é@valmont.example", "anne@-.é\u200b"],
)
def test_an_address_no_server_could_take_is_permanent_and_nothing_is_sent(
    item: Callable[..., NoticeItem], render: Callable[..., Envelope], anne: Callable[..., object], address: str
) -> None:
    inbox = Inbox()
    with mail_server(inbox) as port:
        outcome = plain(port).deliver(render(item(), to=anne(email=address)))
    assert isinstance(outcome, Permanent)
    assert inbox.received == []


def test_a_domain_with_accents_is_written_in_its_dns_form(
    item: Callable[..., NoticeItem], render: Callable[..., Envelope], anne: Callable[..., object]
) -> None:
    inbox = Inbox()
    with mail_server(inbox) as port:
        plain(port).deliver(render(item(), to=anne(email="anne@société.example")))
    assert parsed(inbox.received[0])["To"].addresses[0].addr_spec == "anne@xn--socit-esab.example"


def test_a_line_that_starts_with_a_dot_arrives_as_it_was(envelope: Envelope) -> None:
    inbox = Inbox()
    with mail_server(inbox) as port:
        plain(port).deliver(replace(envelope, text="first\n.\n.second\n..third\n"))
    body = parsed(inbox.received[0]).get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == "first\n.\n.second\n..third\n"


def _long(envelope: Envelope) -> Envelope:
    """More than the buffers between client and server hold, so that the client meets the end of the connection while it sends."""
    return replace(envelope, text="a line of a very long message\n" * 200_000)

