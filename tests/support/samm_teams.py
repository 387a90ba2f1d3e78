"""A made-up organisation of four development teams that assesses itself by the real SAMM model: sixteen people, a lead, one ladder."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ancrage.exchange.samm import import_samm

TEAMS = ("web", "mobile", "data", "platform")
MEMBERS = 4
LEAD = "lea"

HEAD = """ancrage: 1
programme: teams
name: {fr: "Équipes", en: "Teams"}
languages: [fr, en]
steward: lead
fallback: lea
include: [organisation.yaml, map.yaml, reference_models/samm.yaml]
defaults: {calendar: office, request: ladder, action: ladder, reading: ladder}
"""
CALENDARS = """calendars:
  office: {tz: Europe/Paris, week: {mon-fri: ["09:00-12:00", "14:00-18:00"]}}
policies:
  ladder:
    steps:
      - {id: remind, offset: -2wd, from: due, to: [responsible]}
      - {id: due, offset: 0, from: due, to: [responsible]}
      - {id: lead, offset: 2wd, from: previous, to: [lead]}
objectives:
  safer: {name: {fr: "Livrer plus sûr", en: "Ship safer"}}
"""


def person(team: str, number: int) -> str:
    """Id of a member; number 1 owns the team's process."""
    return f"{team}_{number}"


def people(*teams: str) -> list[str]:
    """Everybody of these teams, owners first within each."""
    return [person(team, number) for team in teams for number in range(1, MEMBERS + 1)]


def write_project(folder: Path, reference_data: Path) -> None:
    """The project, with the SAMM model imported into it as a user would."""
    everybody = people(*TEAMS)
    organisation = [CALENDARS, "units:", *(f"  {team}: {{name: {team}}}" for team in TEAMS), "people:"]
    organisation += [f"  {LEAD}: {{name: Lea Lead, email: {LEAD}@teams.example}}"]
    organisation += [f"  {who}: {{name: Member {who}, email: {who}@teams.example}}" for who in everybody]
    organisation += ["roles:", f"  lead: {{name: Lead, holder: {LEAD}}}"]
    organisation += [f"  r_{who}: {{name: Role {who}, holder: {who}}}" for who in everybody]
    texts = dict(import_samm([reference_data / "assessment" / "samm-core-2.2.0"]).files)
    texts |= {"project.yaml": HEAD, "organisation.yaml": "\n".join(organisation) + "\n", "map.yaml": _map()}
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _map() -> str:
    lines = ["processes:"]
    for team in TEAMS:
        responsible = ", ".join(f"r_{who}" for who in people(team)[1:])
        lines += [
            f"  {team}:", f"    name: Development of {team}", "    kind: operational", f"    unit: {team}",
            f"    owner: r_{person(team, 1)}", f"    performers: {{responsible: [{responsible}]}}", "    objectives: [safer]",
        ]  # fmt: skip
    return "\n".join(lines) + "\n"


DUE, CLOSES = date(2026, 3, 13), date(2026, 3, 27)
