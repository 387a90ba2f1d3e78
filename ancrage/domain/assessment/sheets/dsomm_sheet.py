"""Dated states of activities per team to shares of activities and sectors (ASM-D1 to D3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from ancrage.domain.assessment.methods.dsomm import activity_share, earlier, highest_share, sector_share
from ancrage.domain.assessment.sheets.base import Answer, Record, Sheet, natural
from ancrage.domain.assessment.sheets.cells import CellReader, day_in, percent_in, standing_in
from ancrage.domain.assessment.sheets.faults import Faults
from ancrage.domain.assessment.types import Standing
from ancrage.domain.reference_model import ReferenceModel
from ancrage.errors import Problem, ProblemsFound
from ancrage.language import say

DATE_HELP = say("a day, as in 2026-03-01, or empty")
ALWAYS = date.min
"""The date of states in a file without a column of dates: reached, nobody says when."""


class _Activity(NamedTuple):
    dimension: str
    sub_dimension: str
    level: str
    activity: str


@dataclass(slots=True)
class _Team:
    """What one team says of one activity: the date of each state by its share, and whether it applies."""

    states: dict[Fraction, date | None] = field(default_factory=dict)
    inapplicable: bool = False
    asked: bool = False

    def take(self, said: Fraction | Standing | None, day: date | None) -> None:
        """Add what one row says; of two dates of one state the earlier counts (ASM-D3)."""
        self.inapplicable |= said is Standing.NOT_APPLICABLE
        self.asked |= said is not Standing.NOT_ASSESSED
        if isinstance(said, Fraction):
            self.states[said] = earlier(self.states.get(said), day)

    def share(self, as_of: date | None) -> Fraction | None:
        return highest_share(self.states.items(), as_of)

    def since(self, share: Fraction | None) -> date | None:
        return None if share is None else self.states[share]

    def standing(self, share: Fraction | None) -> Standing:
        if share is not None:
            return Standing.RATED
        if self.inapplicable:
            return Standing.NOT_APPLICABLE
        return Standing.NOT_RATED if self.asked else Standing.NOT_ASSESSED


class _Held(NamedTuple):
    """One team in one activity that it has a row for."""

    team: str
    share: Fraction | None
    date: date | None
    standing: Standing


def score_dsomm(sheet: Sheet, options: Mapping[str, str], _model: ReferenceModel | None, faults: Faults) -> Answer:
    """Shares of every activity by team, of activities, of sectors."""
    state_in, as_of = _state_parser(options["states"]), _as_of(options["as_of"])
    given = _gather(sheet, state_in, faults)
    all_teams = len({team for held in given.values() for team in held})
    held = {key: _all_held(given[key], as_of) for key in sorted(given, key=natural)}
    activities = [_activity_record(key, teams, all_teams) for key, teams in held.items()]
    sectors: dict[tuple[str, ...], list[Record]] = defaultdict(list)
    for key, activity in zip(held, activities, strict=True):
        sectors[key[:3]].append(activity)
    records = [_sector_record(key, own) for key, own in sectors.items()]
    return Answer(
        {
            "teams": [_team_record(key, one) for key, teams in held.items() for one in teams],
            "activities": activities,
            "sectors": records,
            "overall": [_overall_record(records, activities)],
        }
    )


def _state_parser(states: str) -> Callable[[str], Fraction | None]:
    """A parser of states by name or percentage; ProblemsFound when the option itself cannot be read."""
    named: dict[str, Fraction] = {}
    for entry in filter(None, (part.strip() for part in states.split(","))):
        name, _, percent_text = entry.rpartition("=")
        percent = percent_in(percent_text.strip())
        if not name.strip() or percent is None or not 0 <= percent <= 100:
            problem = Problem("E-OPTION-VALUE", say("option {option} cannot be {value}", option="states", value=repr(entry)))
            raise ProblemsFound(say("option states is a list as in Started=20, Done=100"), [problem])
        named[name.strip().casefold()] = percent / 100
    return lambda cell: named.get(cell.casefold(), _percentage(cell))


def _percentage(cell: str) -> Fraction | None:
    percent = percent_in(cell)
    return percent / 100 if percent is not None and 0 <= percent <= 100 else None


def _as_of(text: str) -> date | None:
    day = day_in(text) if text else None
    if text and day is None:
        problem = Problem("E-OPTION-VALUE", say("option {option} cannot be {value}", option="as_of", value=repr(text)))
        raise ProblemsFound(say("option as_of is a day, as in 2026-03-01"), [problem])
    return day


def _gather(sheet: Sheet, state_in: Callable[[str], Fraction | None], faults: Faults) -> dict[_Activity, dict[str, _Team]]:
    reader = CellReader(sheet, faults)
    dated = sheet.has("date")
    given: dict[_Activity, dict[str, _Team]] = defaultdict(lambda: defaultdict(_Team))
    allowed = say("a state named in option states, a percentage from 0 to 100, NA, or empty")
    for line, cells in sheet.pick("dimension", "sub_dimension", "level", "activity", "team", "state", "date"):
        *_, activity, team, state, day_cell = cells
        share = reader.value(line, "state", state, state_in, allowed)
        day = reader.optional(line, "date", day_cell, day_in, DATE_HELP) if standing_in(day_cell) is None else None
        named = [reader.required(line, name, cell) for name, cell in (("activity", activity), ("team", team))]
        if not all(named):
            continue
        given[_Activity(*cells[:4])][team].take(share, day if dated else ALWAYS)
    return given


def _all_held(teams: Mapping[str, _Team], as_of: date | None) -> list[_Held]:
    return [_held(team, teams[team], as_of) for team in sorted(teams, key=lambda team: natural([team]))]


def _held(team: str, said: _Team, as_of: date | None) -> _Held:
    share = said.share(as_of)
    since = said.since(share)
    return _Held(team, share, None if since == ALWAYS else since, said.standing(share))


def _team_record(key: _Activity, one: _Held) -> Record:
    return {**key._asdict(), "team": one.team, "share": one.share, "date": one.date, "standing": one.standing}


def _activity_record(key: _Activity, held: Sequence[_Held], all_teams: int) -> Record:
    """Share of one activity; a team without a row has no dated state, unless nobody was asked at all."""
    inapplicable = sum(one.standing is Standing.NOT_APPLICABLE for one in held)
    asked = [one.share for one in held if one.standing in (Standing.RATED, Standing.NOT_RATED)]
    silent = all_teams - inapplicable - len(asked) if asked else 0
    counted = activity_share(asked, silent)
    return {
        **key._asdict(),
        "share": counted if any(share is not None for share in asked) else None,
        "counted": counted,
        "teams": len(asked) + silent,
        "without_state": asked.count(None) + silent,
        "not_applicable": inapplicable,
    }


def _values(records: Sequence[Record], name: str) -> list[Fraction | None]:
    return [value if isinstance(value, Fraction) else None for value in (record[name] for record in records)]


def _mean_record(activities: Sequence[Record]) -> Record:
    """Mean over activities as it counts, and as a share where at least one team has reached a state of one of them."""
    counted = sector_share(_values(activities, "counted"))
    return {"share": counted if any(share is not None for share in _values(activities, "share")) else None, "counted": counted}


def _sector_record(key: tuple[str, ...], activities: Sequence[Record]) -> Record:
    left_out = _values(activities, "counted").count(None)
    return {
        **dict(zip(_Activity._fields[:3], key, strict=True)),
        **_mean_record(activities),
        "activities": len(activities) - left_out,
        "left_out": left_out,
    }


def _overall_record(sectors: Sequence[Record], activities: Sequence[Record]) -> Record:
    worst = min((share for share in _values(sectors, "share") if share is not None), default=None)
    return {
        "worst_share": worst,
        "worst_sectors": [_name(sector) for sector in sectors if worst is not None and sector["share"] == worst],
        "mean_share": _mean_record(activities)["share"],
    }


def _name(sector: Record) -> str:
    return " / ".join(str(sector[part]) for part in _Activity._fields[:3] if sector[part])
