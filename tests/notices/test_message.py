"""What a message says, to whom, in which language and zone: every kind of step, French and English, text, HTML and calendar."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest

from ancrage.domain.policies import Offset, Origin, Step
from ancrage.domain.working_time import WorkingDays
from ancrage.language import Label, say, translate
from ancrage.notices.message import Addressee, Envelope, Gap, HistoryLine, NoticeItem, NoticeKind, message_id, notice_kind, thread_id
from ancrage.notices.mime import mime_bytes
from tests.support.mail import parsed

Build = Callable[..., NoticeItem]
Render = Callable[..., Envelope]
END_OF_MONDAY = datetime(2026, 2, 16, 23, 0, tzinfo=UTC)
FRENCH_DAY, ENGLISH_DAY = "lundi 16 février 2026", "Monday 16 February 2026"
BADGES = {
    NoticeKind.REMINDER: "Reminder",
    NoticeKind.DUE: "Deadline reached",
    NoticeKind.ESCALATION: "Escalated to you",
    NoticeKind.REPEAT: "Still open",
    NoticeKind.LAPSED: "Acknowledgement ended",
    NoticeKind.ASSIGNED: "Now yours",
    NoticeKind.FALLBACK: "Nobody else could be told",
    NoticeKind.WAIVER_ASKED: "A waiver is asked for",
    NoticeKind.WAIVER_REFUSED: "Not waived",
    NoticeKind.TO_SIGN: "To sign",
    NoticeKind.DECLINED: "Signature declined",
    NoticeKind.COMMENTED: "Comment on a contract",
}
ENGLISH_WORDS = {"the", "this", "is", "you", "your", "by", "was", "of", "has", "open", "deadline", "overdue", "request", "not", "at"}
FRENCH_WORDS = {"le", "la", "les", "de", "du", "est", "vous", "pour", "une", "échéance", "retard", "demande", "pas", "sont", "fin"}


class Page(HTMLParser):
    """The links and the visible words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.words: list[str] = []
        self.tags: set[str] = set()
        self._hidden = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._hidden += tag == "style"
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag == "style"

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", re.sub(r"https?://\S+", "", text.lower())))


@pytest.mark.parametrize("mine", [True, False])
@pytest.mark.parametrize("kind", BADGES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_kind_says_what_is_asked_by_when_and_where_to_act(
    item: Build, render: Render, kind: NoticeKind, language: str, mine: bool
) -> None:
    notice = item(kind, mine=mine)
    mail = render(notice, language=language)
    page = Page(mail.html)
    title, day = notice.title.text(language), FRENCH_DAY if language == "fr" else ENGLISH_DAY
    badge = translate("Overdue" if kind is NoticeKind.ESCALATION and mine else BADGES[kind], language)
    for part in (mail.subject, mail.text, page.text):
        assert {badge, title, day} == {wanted for wanted in (badge, title, day) if wanted in part}
    assert mail.text.count(notice.link) == 1
    assert page.links == [notice.link]
    assert notice.promised.text(language) in mail.text
    assert notice.promised.text(language) in page.text
    if not mine:
        assert "Anne Dubois" in mail.subject
    assert notice.commitment_id not in mail.subject + mail.text + page.text
    foreign = ENGLISH_WORDS if language == "fr" else FRENCH_WORDS
    assert not words(mail.subject + mail.text + page.text) & foreign


@pytest.mark.parametrize("kind", BADGES)
def test_no_kind_says_the_same_as_another(item: Build, render: Render, kind: NoticeKind) -> None:
    others = {render(item(other), language="en").text for other in BADGES if other is not kind}
    assert render(item(kind), language="en").text not in others


def test_the_end_of_a_day_is_named_by_that_day_and_not_by_the_next(item: Build, render: Render) -> None:
    assert render(item(), language="fr").subject == (
        "Rappel\u00a0: Répondre à l’alerte sur les incidents, pour le lundi 16 février 2026, fin de journée"
    )
    assert render(item(), language="en").subject == (
        "Reminder: Answer the alert on the incidents, by Monday 16 February 2026, end of the day"
    )


def test_an_hour_is_written_as_each_language_writes_it(item: Build, render: Render) -> None:
    due = datetime(2026, 2, 17, 8, 0, tzinfo=UTC)
    assert "mardi 17 février 2026 à 09 h 00" in render(item(due=due), language="fr").text
    assert "Tuesday 17 February 2026 at 09:00" in render(item(due=due), language="en").text


def test_the_first_of_a_month_is_an_ordinal_in_french(item: Build, render: Render) -> None:
    due = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
    assert "dimanche 1er mars 2026 à 10 h 00" in render(item(due=due), language="fr").text
    assert "mercredi 11 mars 2026" in render(item(due=due + timedelta(days=10)), language="fr").text


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("America/Toronto", "Monday 16 February 2026 at 18:00"),
        ("Asia/Tokyo", "Tuesday 17 February 2026 at 08:00"),
        ("Australia/Lord_Howe", "Tuesday 17 February 2026 at 10:00"),
    ],
)
def test_a_reader_elsewhere_reads_the_same_instant_in_their_own_zone(item: Build, render: Render, zone: str, shown: str) -> None:
    mail = render(item(), language="en", zone=zone)
    assert shown in mail.subject
    assert zone.replace("_", " ") in mail.text


def test_a_clock_change_between_now_and_then_is_taken_into_account(item: Build, render: Render) -> None:
    summer = datetime(2026, 3, 30, 7, 0, tzinfo=UTC)
    assert "lundi 30 mars 2026 à 09 h 00" in render(item(due=summer), language="fr").subject


def test_an_overdue_request_says_so_in_subject_and_body(item: Build, render: Render) -> None:
    late = item(NoticeKind.REPEAT, overdue=True, occurrence=3)
    french, english = render(late, language="fr"), render(late, language="en")
    assert "échéance passée, le lundi 16 février 2026" in french.subject
    assert "(dépassée)" in french.text
    assert "was due Monday 16 February 2026" in english.subject
    assert "(overdue)" in Page(english.html).text
    assert "message number 3" in english.text


def test_a_stand_in_reads_in_whose_place_they_are_told(item: Build, render: Render) -> None:
    mail = render(item(in_place_of="Anne Dubois"), language="fr")
    assert "(à la place de Anne Dubois)" in mail.subject
    assert "You receive this in place of Anne Dubois, who is away." in render(item(in_place_of="Anne Dubois"), language="en").text


def test_a_gap_of_the_engine_is_told_with_its_dates(item: Build, render: Render) -> None:
    stopped = Gap(datetime(2026, 2, 1, 9, 0, tzinfo=UTC), datetime(2026, 2, 15, 9, 0, tzinfo=UTC))
    for language, wanted in (
        ("fr", "Le moteur a été arrêté du dimanche 1er février 2026 à 10 h 00 au dimanche 15 février 2026 à 10 h 00"),
        ("en", "The engine was stopped from Sunday 1 February 2026 at 10:00 to Sunday 15 February 2026 at 10:00"),
    ):
        mail = render(item(gaps=(stopped,)), language=language)
        assert wanted in mail.text
        assert wanted in Page(mail.html).text


def test_dates_inside_a_reason_are_read_as_every_other_date(item: Build, render: Render) -> None:
    why = say("{a}, {b}, {c}", a=datetime(2026, 2, 12, 15, 0, tzinfo=UTC), b=date(2026, 3, 1), c=say("{at}", at=END_OF_MONDAY))
    text = render(item(why=why, history=(HistoryLine(END_OF_MONDAY, why),)), language="en").text
    assert text.count("Thursday 12 February 2026 at 16:00, Sunday 1 March 2026, Tuesday 17 February 2026 at 00:00") == 2


def test_a_role_without_a_holder_is_said_in_words(item: Build, render: Render) -> None:
    assert "personne ne tient ce rôle" in render(item(NoticeKind.FALLBACK, mine=False, responsible=""), language="fr").subject


def test_who_it_is_expected_from_is_said_to_everybody_else(item: Build, render: Render, anne: Callable[..., Addressee]) -> None:
    assert "Expected from" not in render(item(), to=anne("en")).text
    assert "Expected from: Anne Dubois" in render(item(), to=anne("en", name="Bruno Petit")).text


def test_several_requests_are_counted_and_the_most_urgent_is_named(item: Build, render: Render) -> None:
    first, later, told = (
        item(commitment_id=name, title=Label.same(name), link=f"https://ancrage.example/c/{name}") for name in ("first", "later", "told")
    )
    later = replace(later, due=later.due + timedelta(days=3))
    told = replace(told, mine=False, due=told.due - timedelta(days=3))
    mail = render(later, told, first, language="en")
    assert mail.subject == "3 requests, first: first, by Monday 16 February 2026, end of the day"
    assert Page(mail.html).links == [first.link, later.link, told.link]
    assert [line for line in mail.text.splitlines() if line.startswith("http")] == [first.link, later.link, told.link]
    assert render(told, first, later, language="en") == mail
    assert "3 demandes" in render(later, told, first, language="fr").subject


def test_an_urgent_request_comes_first_and_is_marked(item: Build, render: Render) -> None:
    urgent = item(commitment_id="u", title=Label.same("Urgent one"), urgent=True, due=item().due + timedelta(days=9))
    mail = render(item(), urgent, language="en")
    assert "first: Urgent one" in mail.subject
    assert mail.headers["Importance"] == "high"
    assert "Importance" not in render(item()).headers


def test_the_message_id_comes_from_the_key_alone(item: Build, render: Render) -> None:
    expected = message_id("a", "valmont.example")
    assert render(item(), key="a").message_id == render(item(NoticeKind.DUE), key="a", language="en").message_id == expected
    assert message_id("a", "valmont.example") != message_id("b", "valmont.example")
    assert re.fullmatch(r"<[0-9a-f]{32}@valmont\.example>", message_id("clé: 1/é\r\n", "valmont.example"))


def test_messages_about_one_commitment_are_one_thread_and_a_digest_is_none(item: Build, render: Render) -> None:
    one, two = item(), item(commitment_id="two")
    assert render(one).references == render(one, key="x").references == (thread_id(one.commitment_id, "valmont.example"),)
    assert render(two).references != render(one).references
    assert render(one, two).references == ()


def test_equal_envelopes_are_equal_bytes(item: Build, render: Render) -> None:
    assert mime_bytes(render(item())) == mime_bytes(render(item()))


def test_a_message_without_an_item_or_with_another_kind_of_link_is_refused(item: Build, render: Render) -> None:
    with pytest.raises(ValueError, match="at least one item"):
        render()
    with pytest.raises(ValueError, match="https://"):
        render(item(link="javascript:alert(1)"))


HOSTILE = 'x\r\nBcc: all@valmont.example\r\n\r\n<script>alert(1)</script><a href="https://evil.example">"\'&\u202egnp\x00'


def test_a_hostile_label_harms_neither_header_nor_page_nor_text(item: Build, render: Render) -> None:
    label = Label.same(HOSTILE)
    mail = render(item(title=label, promised=label, contract=label, responsible=HOSTILE, in_place_of=HOSTILE), language="en")
    read = parsed(mime_bytes(mail))
    assert read["Bcc"] is None
    assert read["To"].addresses[0].addr_spec == "anne.dubois@valmont.example"
    assert "\n" not in mail.subject
    page = Page(mail.html)
    assert "script" not in page.tags
    assert page.links == ["https://ancrage.example/c/abc.def"]
    assert not any(line.startswith(("Bcc:", "<script")) for line in mail.text.splitlines())
    assert not {"\u202e", "\x00", "\r"} & set(mail.text + mail.html + mail.subject)


def test_a_hostile_name_of_a_reader_stays_a_name(item: Build, render: Render, anne: Callable[..., Addressee]) -> None:
    read = parsed(mime_bytes(render(item(), to=anne(name="Anne\r\nBcc: all@valmont.example, <b@c.example>"))))
    assert read["Bcc"] is None
    assert [address.addr_spec for address in read["To"].addresses] == ["anne.dubois@valmont.example"]


def test_lines_of_a_mail_end_by_crlf_and_are_never_too_long(item: Build, render: Render) -> None:
    content = mime_bytes(render(item(promised=Label.same("mot " * 2000))))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content)
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert content.isascii()


def test_the_parts_are_text_then_html_then_a_calendar_file(item: Build, render: Render) -> None:
    read = parsed(mime_bytes(render(item())))
    assert [part.get_content_type() for part in read.walk() if not part.is_multipart()] == ["text/plain", "text/html", "text/calendar"]
    assert read["Auto-Submitted"] == "auto-generated"


STEPS = {
    "before": Step("remind", Offset(WorkingDays(1), before=True), Origin.DUE, ("responsible",)),
    "due": Step("due", Offset(), Origin.DUE, ("responsible",)),
    "after": Step("cosponsor", Offset(WorkingDays(2)), Origin.PREVIOUS, ("co_sponsor",)),
}


@pytest.mark.parametrize(
    ("step", "occurrence", "lapsed", "kind"),
    [
        ("before", 1, False, NoticeKind.REMINDER), ("due", 1, False, NoticeKind.DUE), ("after", 1, False, NoticeKind.ESCALATION),
        ("after", 2, False, NoticeKind.REPEAT), ("after", 2, True, NoticeKind.LAPSED), ("before", 2, True, NoticeKind.LAPSED),
    ],
)
def test_the_kind_follows_from_the_step(step: str, occurrence: int, lapsed: bool, kind: NoticeKind) -> None:
    assert notice_kind(STEPS[step].id, STEPS[step], occurrence, lapsed=lapsed) is kind


def test_the_engines_own_steps_have_their_kinds() -> None:
    assert notice_kind("assigned", None) is NoticeKind.ASSIGNED
    assert notice_kind("fallback", None) is NoticeKind.FALLBACK
