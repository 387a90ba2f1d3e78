"""Every mail Ancrage can send, in French and English, as files to look at: one `.eml` and one `.html` each, what a
team's room gets of it (`.room.txt`), and an index.

    python scripts/mail_gallery.py FOLDER

The organisation, the people and the dates are made up; the links lead nowhere.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

from ancrage.language import LANGUAGES, Label, say
from ancrage.notices.message import Addressee, Envelope, Gap, HistoryLine, MailSettings, NoticeItem, NoticeKind, render_message
from ancrage.notices.mime import mime_bytes
from ancrage.notices.notice import NoteWords
from ancrage.notices.sign_in import render_sign_in
from ancrage.services.contract_notices import what_to_sign

SETTINGS = MailSettings("ancrage@valmont.example", "valmont.example", Label(fr="DSI de Valmont", en="Valmont IT department"))
READER = "Claire Petit"
SENT_AT = datetime(2026, 2, 13, 8, 0, tzinfo=UTC)
ALERT = NoticeItem(
    commitment_id="react_incident_alert-1",
    title=Label(fr="Répondre à l’alerte sur les incidents en attente", en="Answer the alert on the incident backlog"),
    kind=NoticeKind.REMINDER,
    step_id="remind",
    occurrence=1,
    promised=Label(
        fr="Quand les incidents en attente dépassent le seuil, je dis en deux jours ouvrés ce que nous faisons.",
        en="When the incident backlog crosses its threshold, I say within two working days what we do about it.",
    ),
    due=datetime(2026, 2, 16, 23, 0, tzinfo=UTC),
    overdue=False,
    link="https://ancrage.valmont.example/c/first",
    responsible=READER,
    why=say("{name}: {value}", name=Label(fr="Incidents en attente", en="Incident backlog"), value="72 > 60"),
    contract=Label(fr="Contrat d’engagement sur les incidents", en="Engagement contract on incidents"),
    history=(HistoryLine(datetime(2026, 2, 12, 15, 0, tzinfo=UTC), say("{name}: {value}", name="Ancrage", value="72 > 60")),),
)
COMMITTEE = replace(
    ALERT,
    commitment_id="chair_committee@2026-02",
    title=Label(fr="Présider le comité de pilotage de février", en="Chair the February steering committee"),
    promised=Label(fr="Je préside le comité chaque mois.", en="I chair the committee every month."),
    due=datetime(2026, 2, 28, 23, 0, tzinfo=UTC),
    link="https://ancrage.valmont.example/c/second",
    why=None,
    history=(),
)
DECISION = replace(
    ALERT,
    commitment_id="decide_perimeter",
    title=Label(fr="Trancher le périmètre du catalogue", en="Decide the perimeter of the catalogue"),
    promised=Label(fr="Je rends un arbitrage en quatre heures ouvrées.", en="I decide within four working hours."),
    kind=NoticeKind.DUE,
    due=datetime(2026, 2, 12, 15, 30, tzinfo=UTC),
    overdue=True,
    link="https://ancrage.valmont.example/c/third",
    why=None,
    history=(),
)
TO_SIGN = replace(
    ALERT,
    commitment_id="sign:incidents@2/sponsor",
    kind=NoticeKind.TO_SIGN,
    title=Label(fr="Signer le contrat sur les incidents, version 2", en="Sign the contract on incidents, version 2"),
    promised=Label(
        fr="Lire le contrat proposé, puis le signer ou dire ce qui doit changer.",
        en="Read the contract proposed, then sign it or say what should change.",
    ),
    why=None,
    history=(),
)
FEEDBACK = NoteWords(
    say("In this quarter you answered {count} times: this is what it changed.", count=2),
    (
        (ALERT.title, (say("{name}: {value}", name=ALERT.title, value="72 → 41"),)),
        (Label(fr="Trancher le périmètre du catalogue", en="Decide the perimeter of the catalogue"), (say("Too early to say."),)),
    ),
    "Merci, cela a tout débloqué.",
    "Chloé Martin",
)
PUBLIC_LINE = NoteWords(say("In this quarter {kept} of {count} promises were kept.", kept=5, count=6), (), "", "Chloé Martin")
"""Lines as the record makes them; their own words stand in `ancrage/domain/engagement_feedback.py`."""
SAID: dict[NoticeKind, tuple[str, str]] = {
    NoticeKind.DECLINED: ("Anne Dubois", "Two working days are too short in August"),
    NoticeKind.COMMENTED: ("Anne Dubois", "Add the deputy as co-sponsor"),
    NoticeKind.WAIVER_ASKED: ("Anne Dubois", "The tool is being replaced; the figure means nothing until March"),
    NoticeKind.WAIVER_REFUSED: ("Chloé Martin", "The committee needs an answer, even a short one"),
}
WAIVER = replace(
    ALERT, kind=NoticeKind.WAIVER_ASKED, mine=False, responsible="Anne Dubois", asked_by="Anne Dubois",
    reason=SAID[NoticeKind.WAIVER_ASKED][1],
)
NOT_THERE = say("{absent} may waive it, and is away. Please see to it that it is decided.", absent="Chloé Martin")
NOBODY = say("Nobody who may waive it can be told. Please find who can decide.")
STOPPED = Gap(datetime(2026, 1, 30, 17, 0, tzinfo=UTC), datetime(2026, 2, 13, 7, 40, tzinfo=UTC))


BASES: dict[NoticeKind, NoticeItem] = {
    NoticeKind.TO_SIGN: TO_SIGN,
    NoticeKind.DECLINED: TO_SIGN,
    NoticeKind.COMMENTED: TO_SIGN,
    NoticeKind.FEEDBACK: replace(ALERT, note=FEEDBACK, mine=False, why=None, contract=None, history=()),
    NoticeKind.PUBLIC_LINE: replace(ALERT, note=PUBLIC_LINE, mine=False, why=None, history=()),
}
"""What these kinds are about; every other one is about the alert."""


def cases() -> Iterator[tuple[str, tuple[NoticeItem, ...]]]:
    """A name and the items of each mail: every kind of step to whoever may receive it, then the special ones."""
    for kind in NoticeKind:
        late = kind in (NoticeKind.DUE, NoticeKind.ESCALATION, NoticeKind.REPEAT, NoticeKind.FALLBACK)
        due = ALERT.due - timedelta(days=4) if late else ALERT.due
        asked_by, reason = SAID.get(kind, ("", ""))
        occurrence = 3 if kind is NoticeKind.REPEAT else 1
        item = replace(BASES.get(kind, ALERT), kind=kind, overdue=late, due=due, occurrence=occurrence, asked_by=asked_by, reason=reason)
        yield f"{kind.value}-responsible", (replace(item, asked=what_to_sign()) if kind is NoticeKind.TO_SIGN else item,)
        yield f"{kind.value}-told", (replace(item, mine=False, responsible="Anne Dubois", urgent=kind is NoticeKind.ESCALATION),)
    yield "waiver_asked-in-place-of", (replace(WAIVER, in_place_of="Chloé Martin", asked=NOT_THERE),)
    yield "waiver_asked-fallback", (replace(WAIVER, asked=NOBODY),)
    yield "in-place-of", (replace(ALERT, responsible="Anne Dubois", in_place_of="Anne Dubois"),)
    yield "hour-deadline", (replace(ALERT, due=datetime(2026, 2, 17, 8, 0, tzinfo=UTC)),)
    yield "nobody-holds-the-role", (replace(ALERT, kind=NoticeKind.FALLBACK, mine=False, responsible=""),)
    yield "digest", (ALERT, COMMITTEE, DECISION)
    yield "after-a-gap", (replace(ALERT, gaps=(STOPPED,)), replace(DECISION, gaps=(STOPPED,)))
    yield "long-words", (replace(ALERT, promised=Label.same("promettre " * 60), title=Label.same("Anticonstitutionnellement" * 8)),)


def write_gallery(folder: Path) -> list[Path]:
    """Write every mail into `folder` (made if missing); returns the HTML files in order."""
    folder.mkdir(parents=True, exist_ok=True)
    pages, lines = [], []
    for language in LANGUAGES:
        reader = Addressee("claire", READER, "claire.petit@valmont.example", language, "Europe/Paris")
        for name, items in cases():
            mail = render_message(reader, items, SETTINGS, SENT_AT, key=f"{language}-{name}")
            pages.append(_write(folder / f"{language}-{name}.html", mail))
            lines.append(_line(pages[-1], mail))
        link, expires = "https://ancrage.valmont.example/sign-in/once", SENT_AT + timedelta(minutes=20)
        mail = render_sign_in(reader, link, expires, SETTINGS, SENT_AT, key=f"{language}-sign-in")
        pages.append(_write(folder / f"{language}-sign-in.html", mail))
        lines.append(_line(pages[-1], mail))
    (folder / "index.html").write_text(f'<!doctype html><meta charset="utf-8"><ul>{"".join(lines)}</ul>\n', encoding="utf-8")
    return pages


def _line(page: Path, mail: Envelope) -> str:
    return f'<li><a href="{page.name}">{escape(page.stem)}</a>: {escape(mail.subject)}</li>'


def _write(page: Path, mail: Envelope) -> Path:
    page.write_text(mail.html, encoding="utf-8")
    if mail.room_text:
        page.with_suffix(".room.txt").write_text(f"{mail.subject}\n\n{mail.room_text}\n", encoding="utf-8")
    page.with_suffix(".eml").write_bytes(mime_bytes(mail))
    return page


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(f"{len(write_gallery(Path(sys.argv[1])))} mails")
