"""A steward gives something back: nothing leaves without a person, the same words once, in the reader's language."""

from __future__ import annotations

import email
from datetime import timedelta
from email import policy

import pytest

from ancrage.domain.escalation.facts import Action, ActionKind, Result
from ancrage.domain.quarters import Quarter, parse_quarter
from ancrage.errors import NotFound, Refused
from ancrage.project import Project
from ancrage.services.advance import advance
from ancrage.services.commitments import act_on_commitment
from ancrage.services.engagement_notes import prepare_feedback, prepare_public_line, published_lines, sent_feedback
from ancrage.services.note_sending import Sending, publish_line, send_feedback
from ancrage.services.programme import current_programme
from ancrage.services.promises import call_promise
from ancrage.storage.commitments import fetch_commitment
from ancrage.storage.unit_of_work import UnitOfWork
from tests.support.story import BEGUN, DUE

CLAUSE = "validate_incident_perimeter"
NOW = DUE + timedelta(hours=1)


def answered(work: UnitOfWork) -> None:
    """The sponsor has confirmed the perimeter once, in time."""
    at = BEGUN + timedelta(hours=2)
    programme = current_programme(work)
    call_promise(work, programme, CLAUSE, "called:1", "the project begins", "chloe", at)
    answer = Action(id="a", kind=ActionKind.FULFIL, at=at + timedelta(hours=3), by="anne", reason="four processes, no more")
    act_on_commitment(work, programme, f"{CLAUSE}@called:1", answer, ("file",))
    work.flush()


def sending(by: str = "chloe", **changes: object) -> Sending:
    return Sending(**{"by": by, "at": NOW, "channels": ("file",), **changes})  # type: ignore[arg-type]


def test_the_note_says_what_was_decided_and_is_honest_when_nothing_moved(embedded: Project) -> None:
    with embedded.units() as work:
        answered(work)
        note = prepare_feedback(work, "anne", NOW)
        assert (note.quarter, len(note.answers)) == (Quarter(2026, 1), 1)
        assert [str(line) for line in note.answers[0].lines] == [
            "Decided: “four processes, no more”.", "Nothing that is measured has moved since.",
        ]  # fmt: skip
        assert "Too early to say what they changed" in str(note.headline)


def test_only_a_steward_sends_and_only_to_a_sponsor(embedded: Project) -> None:
    with embedded.units() as work:
        answered(work)
        with pytest.raises(Refused) as refused:
            send_feedback(work, "anne", sending("anne"))
        assert refused.value.code == "not_allowed"
        with pytest.raises(Refused) as refused:
            publish_line(work, "incident_contract", sending("karim"))
        assert refused.value.code == "not_allowed"
        with pytest.raises(NotFound):
            prepare_feedback(work, "nadia", NOW)
        assert sent_feedback(work) == ()


def test_without_an_answer_there_is_nothing_to_give_back(embedded: Project) -> None:
    with embedded.units() as work, pytest.raises(Refused) as refused:
        send_feedback(work, "david", sending())
    assert refused.value.code == "nothing_to_tell"


def test_the_same_words_are_sent_once_and_leave_in_the_reader_s_working_time(embedded: Project) -> None:
    with embedded.units() as work:
        answered(work)
        assert send_feedback(work, "anne", sending(sentence="Merci Anne.")).is_new
    with embedded.units() as work:
        again = send_feedback(work, "anne", sending())
        assert (again.is_new, again.note.sentence, again.note.told_by) == (False, "Merci Anne.", "Chloé Martin")
    advance(embedded, NOW)
    for hours in range(1, 72):
        advance(embedded, NOW + timedelta(hours=hours))
    mails = [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in (embedded.data_folder / "outbox").glob("*.eml")]
    bodies = [mail.get_body(("plain",)).get_content() for mail in mails if "anne.delorme" in mail["to"]]  # type: ignore[union-attr]
    told = [body for body in bodies if "Merci Anne." in body]
    assert len(told) == 1
    assert "four processes, no more" in told[0]
    assert "/p/" in told[0]


def test_sending_keeps_the_steward_s_promise_of_feedback_after_a_campaign(embedded: Project) -> None:
    advance(embedded, DUE)  # the campaign closes and calls the promise in
    with embedded.units() as work:
        answered(work)
        sent = send_feedback(work, "anne", sending())
        assert sent.fulfilled == ("incident_feedback@campaign:january",)
        row = fetch_commitment(work, sent.fulfilled[0])
        assert row is not None
        assert row.result is Result.KEPT


def test_keep_open_leaves_it_open(embedded: Project) -> None:
    advance(embedded, DUE)
    with embedded.units() as work:
        answered(work)
        assert send_feedback(work, "anne", sending(keep_open=True)).fulfilled == ()


def test_the_public_line_goes_to_stakeholders_and_names_nobody(embedded: Project) -> None:
    with embedded.units() as work:
        answered(work)
        published = publish_line(work, "incident_contract", sending())
        work.flush()
        assert published.told == ("sofia", "thomas", "ines", "paul", "david")
        assert published.fulfilled == ("show_incident_engagement@2026-01",)
        people = current_programme(work).organisation.people.values()
        assert not any(person.name in str(published.note.line) for person in people)
        assert [note.contract for note in published_lines(work)] == ["incident_contract"]


def test_the_public_line_counts_both_sides_and_waits_before_it_claims_anything(embedded: Project) -> None:
    with embedded.units() as work:
        answered(work)
        line = str(prepare_public_line(work, "incident_contract", NOW).line)
        assert line.startswith("Since 2026-01-01, both sides have kept 1 of ")
        assert line.endswith("It is too early to say what changed.")
        with pytest.raises(NotFound):
            prepare_public_line(work, "no_such_contract", NOW)


@pytest.mark.parametrize(("text", "quarter"), [
    ("2026-Q2", Quarter(2026, 2)), ("2026-q4", Quarter(2026, 4)), ("2026-Q5", None), ("Q1", None), ("", None),
])  # fmt: skip
def test_a_quarter_is_written_with_its_year(text: str, quarter: Quarter | None) -> None:
    assert parse_quarter(text) == quarter
