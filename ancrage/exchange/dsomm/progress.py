"""Dated states of teams: read, merged, and written for `ancrage score --method dsomm`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from ancrage.declarations.yaml_nodes import Node, ScalarNode
from ancrage.domain.assessment.methods.dsomm import StateKey, merge_progress
from ancrage.errors import Place
from ancrage.exchange.dsomm.activities import Activities
from ancrage.exchange.dsomm.documents import Documents
from ancrage.exchange.dsomm.states import progress_states
from ancrage.exchange.sources.defects import Defects
from ancrage.exchange.sources.outcome import csv_text
from ancrage.exchange.sources.yaml_source import Item
from ancrage.language import say

MOST_STATES = 100_000


@dataclass(slots=True)
class Progress:
    """States by team, activity and share; teams that are declared, and have none."""

    states: dict[StateKey, date | None] = field(default_factory=dict)
    teams: tuple[str, ...] = ()


def team_names(documents: Documents, defects: Defects) -> tuple[str, ...]:
    """The declared teams in order; groups that name a team nobody declares are told."""
    teams: dict[str, None] = {}
    for item in documents.teams:
        teams |= dict.fromkeys(item.texts("teams"))
    for item in documents.teams:
        groups = item.mapping("teamGroups")
        for name in groups.node.entries if groups else ():
            assert groups is not None
            for team in groups.texts(name):
                if team not in teams:
                    message = say("group {group} names team {team}, which is not declared", group=name[:60], team=team[:60])
                    defects.tell("W-SOURCE-REFERENCE", message, groups.place(name), say("left out of the group"))
        item.left_out("teams", "teamGroups")
    for item in documents.settings:
        _tell_settings(item, defects)
    return tuple(teams)


def _tell_settings(item: Item, defects: Defects) -> None:
    """References to other files are not followed: a path in a file is never opened."""
    for key in ("teams", "teamGroups"):
        found = item.mapping(key)
        if found is not None and found.has("$ref"):
            message = say("{key} refers to another file", key=key)
            defects.repeat("W-LEFT-OUT", message, found.place("$ref"), say("not followed; name that file, or its folder"))
    item.left_out("progressDefinition", "teams", "teamGroups", "activityFiles", "teamProgressFile", "teamEvidenceFile")


def gather_progress(documents: Documents, activities: Activities, teams: tuple[str, ...], defects: Defects) -> Progress:
    """Every file of progress merged (ASM-D3)."""
    shares = {name.casefold(): share for name, share in progress_states(documents, Defects()).items()}
    merged: dict[StateKey, date | None] = {}
    declared = set(teams)
    unknown: set[str] = set()
    for item in documents.progress:
        found: dict[StateKey, date | None] = {}
        progress = item.mapping("progress")
        for name, entry in progress.entries() if progress else ():
            activity = activities.find(name)
            if activity is None and activities:
                message = say("progress of {name}, which is no activity of the model", name=name[:80])
                defects.tell("W-SOURCE-REFERENCE", message, entry.place(), say("left out"))
                continue
            for team, states in entry.entries():
                if declared and team not in declared | unknown:
                    unknown.add(team)
                    message = say("team {team} has progress and is not declared", team=team[:60])
                    defects.tell("W-SOURCE-REFERENCE", message, states.place(), say("taken as a team"))
                _team(states, team.strip(), activity.id if activity else name, shares, found, defects)
        merged = merge_progress(merged, found)
        item.left_out("progress")
    return Progress(merged, teams)


def _team(
    states: Item, team: str, activity: str, shares: dict[str, float], found: dict[StateKey, date | None], defects: Defects
) -> None:
    for state, node in states.node.entries.items():
        place = states.place(state)
        share = shares.get(state.strip().casefold())
        if share is None:
            message = say("{state} is no state of progress", state=state[:60])
            defects.tell("W-SOURCE-REFERENCE", message, place, say("left out"))
        elif len(found) < MOST_STATES:
            found[StateKey(team, activity, f"{share * 100:g}%")] = _day(node, place, defects)


def _day(node: Node, place: Place, defects: Defects) -> date | None:
    """The day of a date or an instant; None where there is none."""
    if isinstance(node, ScalarNode) and node.is_null:
        return None
    text = node.text if isinstance(node, ScalarNode) else ""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        message = say("{text} is no day", text=text[:40] or "-")
        defects.tell("W-SOURCE-VALUE", message, place, say("taken as a state without a date: not reached"))
        return None


def ratings_text(progress: Progress, activities: Activities) -> str:
    """One row for each state. A team that is declared and has no state of its own counts once, so that it is not forgotten (ASM-D2)."""
    rows = []
    for key, day in sorted(progress.states.items()):
        activity = activities.get(key.activity)
        place = (activity.dimension, activity.sub, activity.text("level")) if activity else ("", "", "")
        rows.append((key.team, key.activity, *place, key.state, day.isoformat() if day else ""))
    silent = [team for team in progress.teams if team not in {key.team for key in progress.states}]
    rows += [(team, *rows[0][1:5], "", "") for team in silent]
    return csv_text(("team", "activity", "dimension", "sub_dimension", "level", "state", "date"), rows)
