"""The project whose engine is killed: four steps fire at 14:00, a digest waits, two promises are acknowledged by link in some rounds."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from ancrage.declarations.loading import load_programme
from ancrage.domain.programme import Programme
from ancrage.domain.working_time import parse_budget
from ancrage.language import Label
from ancrage.project import Project, open_project
from ancrage.services.advance import advance
from ancrage.services.commitments import NewCommitment, open_commitment
from ancrage.services.declarations import apply_plan, plan_apply
from ancrage.settings import read_settings
from models.commitments import CommitmentKind

PROGRAMME = "killed"
PROJECT = """\
ancrage: 1
programme: killed
name: {fr: Programme, en: Programme}
steward: lead
fallback: cleo
include: [base.yaml]
defaults: {calendar: office, request: told, action: told, reading: told}
"""

BASE = """\
calendars:
  office: {tz: Europe/Paris, week: {mon-fri: ["09:00-12:00", "14:00-18:00"]}}
people:
  ann: {name: Ann Archer, email: ann@example.org, calendar: office}
  ben: {name: Ben Bézier, email: ben@example.org, calendar: office, language: fr, digest_at: "14:00"}
  cleo: {name: Cleo Clarke, email: cleo@example.org, calendar: office}
  dan: {name: Dan Dubois, email: dan@example.org, calendar: office, language: fr}
  eve: {name: Eve Ellis, email: eve@example.org, calendar: office, max_per_day: 5}
roles:
  sponsor: {holder: ann, backup: board}
  owner: {holder: ben, backup: lead}
  lead: {holder: cleo}
  deputy: {holder: dan}
  board: {holder: eve}
policies:
  told:
    ack_ttl: 2wd
    steps: [{id: due, offset: 0, from: due, to: [responsible]}, {id: later, offset: 3wd, from: previous, to: [board]}]
  led:
    ack_ttl: 2wd
    steps: [{id: due, offset: 0, from: due, to: [responsible, lead]}, {id: later, offset: 3wd, from: previous, to: [board]}]
  shared:
    ack_ttl: 2wd
    steps: [{id: due, offset: 0, from: due, to: [responsible, board]}, {id: later, offset: 3wd, from: previous, to: [lead]}]
  pressing:
    ack_ttl: 2wd
    steps: [{id: due, offset: 0, from: due, to: [responsible, board], urgent: true}, {id: later, offset: 3wd, from: previous, to: [lead]}]
"""

SETTINGS = """\
[delivery]
channels = ["smtp"]
alarm_channel = "file"
[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
timeout_seconds = 20
"""

OPENED = datetime.fromisoformat("2026-03-04T16:00+01:00")
"""Wednesday. Five working hours later it is Thursday noon, so the step fires at the opening at 14:00."""
PASSES = tuple(datetime.fromisoformat(f"2026-03-{at}+01:00") for at in (
    "04T16:00", "04T17:00", "04T18:00", "05T09:00", "05T10:00", "05T11:00", "05T12:00", "05T13:55",
))  # fmt: skip
ACKNOWLEDGED = datetime.fromisoformat("2026-03-05T13:59+01:00")
FIRES = datetime.fromisoformat("2026-03-05T14:00+01:00")
"""The pass that is killed."""
TICK = timedelta(minutes=5)
LATER = FIRES + 4 * TICK
"""When somebody presses a button again, after the passes that follow a kill."""
BUTTONS = (("waiting", "ben"), ("about_to_fire", "ann"))
"""What is acknowledged, and by whom: a commitment whose notice waits for a digest, and one whose step fires a minute later."""


@dataclass(frozen=True)
class Owed:
    """One commitment of the story: what it is called, who owes it, in how many working hours, by which ladder."""

    id: str
    role: str
    budget: str
    policy: str


OWED = (
    Owed("digested", "owner", "PT2H", "told"),        # fires at 09:00, waits for the digest of 14:00
    Owed("waiting", "owner", "PT2H", "told"),         # likewise
    Owed("triaged", "owner", "PT5H", "led"),          # fires at 14:00: into the digest, and to the lead
    Owed("pressing", "sponsor", "PT5H", "pressing"),  # urgent, to two people
    Owed("about_to_fire", "sponsor", "PT5H", "led"),  # with the one above two notices for the lead: a second digest
    Owed("shared", "deputy", "PT5H", "shared"),
    Owed("far", "deputy", "PT40H", "told"),           # fires in no round
)


def make_story(folder: Path, database_url: str, mail_port: int, base: str = BASE) -> None:
    """The project as it stands just before `FIRES`, every pass made on time. `base` are its declarations."""
    folder.mkdir()
    for name, text in (("project.yaml", PROJECT), ("base.yaml", base), ("ancrage.toml", SETTINGS.format(port=mail_port))):
        (folder / name).write_text(text, encoding="utf-8")
    programme = load_programme(folder, OPENED.date()).require()
    with closing(opened(folder, database_url)) as project:
        with project.units() as work:
            apply_plan(work, plan_apply(work, programme), by="cleo", at=OPENED)
            for owed in OWED:
                open_commitment(work, programme, _new(programme, owed), OPENED)
        for at in PASSES:
            advance(project, at)


def _new(programme: Programme, owed: Owed) -> NewCommitment:
    budget = parse_budget(owed.budget)
    assert budget is not None
    return NewCommitment(
        id=owed.id, kind=CommitmentKind.CLAUSE, title=Label(f"Promesse {owed.id}", f"Promise {owed.id}"), event_id=f"story:{owed.id}",
        responsible=owed.role, calendar="office", budget=budget, policy=programme.policies[owed.policy], subject={},
    )  # fmt: skip


def opened(folder: Path, database_url: str, at: datetime | None = None) -> Project:
    """The project on a database of its own; `at` is the instant its pages believe it is."""
    clock = None if at is None else lambda: at
    return open_project(folder, settings=replace(read_settings(folder, {}), database_url=database_url), clock=clock)
