"""Facts of the slow reading: the scenario as plain values, its calendars walked, deadlines and planned instants (ESC-B, D, L2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.support.slow_time import WalkedCalendar, calendar_due, walked_clock

Plain = dict[str, Any]
HOUR = 3600
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MARGIN_DAYS = 45
AHEAD_DAYS = 60
"""A clock is walked from 45 days before the month of the start until 60 days after the end, in whole blocks of 30 days."""
CLOSING = ("fulfil", "waive", "cancel")
ORDER = [CLOSING, ("ack",), ("snooze",), ("pause",), ("resume",), ("delegate",), ("escalate",)]
ORDER += [("role_change", "calendar_change", "policy_change"), ("measure_closed",), ("trigger",)]


def second_of(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def seconds_in(text: str) -> int:
    """Seconds of PT4H, PT30M, PT1H30M."""
    found = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", text)
    assert found, text
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * HOUR + minutes * 60 + seconds


def hours_of(texts: list[str]) -> list[tuple[int, int]]:
    def minutes(text: str) -> int:
        return 60 * int(text[:2]) + int(text[3:])

    return [(minutes(text[:5]), minutes(text[6:])) for text in texts]


class SlowFacts:
    """What is declared, and what follows from it at an instant."""

    def __init__(self, scenario: Plain) -> None:
        self.raw = scenario
        engine = scenario["engine"]
        self.events = sorted(scenario.get("events", []), key=lambda event: (second_of(event["at"]), self.rank(event["do"])))
        self.start = second_of(engine["start"])
        self.until = second_of(engine["until"])
        self.down = [(second_of(since), second_of(until)) for since, until in engine.get("down", [])]
        self.calendars = {name: self.calendar(given) for name, given in scenario["calendars"].items()}
        self.zones = {name: given["tz"] for name, given in scenario["calendars"].items()}
        self.people = scenario["people"]
        self.roles = {
            name: [[period["holder"], *(second_of(period[end]) if end in period else None for end in ("from", "to"))] for period in periods]
            for name, periods in scenario["roles"].items()
        }
        self.policies = dict(scenario["policies"])
        self.open: dict[str, Plain] = {}
        self.to_open: list[str] = []
        self.rejected: dict[str, list[str]] = {}
        self.seen: set[tuple[bool, str]] = set()
        self.waiting: list[Plain] = []
        self.left: list[tuple[str, int, bool]] = []
        self.notices: list[Plain] = []

    # --- plain facts ---

    @staticmethod
    def rank(do: str) -> int:
        return next(rank for rank, names in enumerate(ORDER) if do in names)  # A2

    def calendar(self, given: Plain) -> WalkedCalendar:
        first = datetime.fromtimestamp(self.start, UTC).date().replace(day=1) - timedelta(days=MARGIN_DAYS)
        days = ((datetime.fromtimestamp(self.until, UTC).date() - first).days + AHEAD_DAYS) // 30 * 30 + 30
        week: list[list[tuple[int, int]]] = [[] for _ in range(7)]
        for names, hours in given["week"].items():
            first_day, _, last_day = names.partition("-")
            for number in range(DAYS.index(first_day), DAYS.index(last_day or first_day) + 1):
                week[number] = hours_of(hours)
        exceptions = {date.fromisoformat(day): hours_of(hours) for day, hours in given.get("exceptions", {}).items()}
        holidays = {date.fromisoformat(day) for day in given.get("holidays", [])}
        return WalkedCalendar(walked_clock(given["tz"], first, days), week, holidays, exceptions)

    def holder(self, role: str, at: int) -> str | None:
        for person, since, until in self.roles.get(role, []):  # W1: half open
            if (since is None or since <= at) and (until is None or at < until):
                return str(person)
        return None

    def is_absent(self, person: str, at: int) -> bool:
        spans = self.people[person].get("absences", [])
        return any(second_of(since) <= at < second_of(until) for since, until in spans)

    def delegate(self, c: Plain, at: int) -> str | None:
        given = c["delegation"]
        if given and given["since"] <= at and (given["until"] is None or at < given["until"]):
            return str(given["person"])
        return None

    def is_up(self, at: int) -> bool:
        return at >= self.start and not any(since <= at < until for since, until in self.down)

    @staticmethod
    def status(c: Plain) -> str:
        if c["result"]:
            return "closed"
        if c["pauses"] and c["pauses"][-1][1] is None:
            return "paused"
        return {"ack": "acknowledged", "snooze": "snoozed"}[c["hold"][0]] if c["hold"] else "open"

    def pauses(self, c: Plain) -> list[tuple[int, int]]:
        return [(since, until) for since, until in c["pauses"] if until is not None]

    # --- deadlines and planned instants ---

    def due_of(self, calendar: WalkedCalendar, start: int, budget: str, pauses: list[tuple[int, int]], roll: bool = True) -> int:
        if budget.startswith("PT"):
            return int(calendar.after(start, seconds_in(budget), pauses))  # D1, P2
        day = calendar.clock.date_of(start)
        if budget.endswith("wd"):
            return calendar.end_of(calendar.count_days(day, int(budget[:-2]), pauses))  # D2, P3
        if budget.startswith("day:"):
            return calendar.end_of(date.fromisoformat(budget[4:]))  # M1
        months = re.search(r"(\d+)M", budget)
        days = re.search(r"(\d+)D", budget)
        return calendar_due(calendar, day, int(months[1]) if months else 0, int(days[1]) if days else 0, roll)  # D3

    def remembered(self, c: Plain, what: object, count: Callable[[], int]) -> int:
        """Counts once for one state of the commitment: walking is slow, and most minutes change nothing."""
        pauses = tuple((since, until) for since, until in c["pauses"])
        floors = tuple(sorted(c["floors"].items()))
        key = (what, c["due"], pauses, len(c["fired"]), tuple(c["skipped"].items()), floors, c["lapsed"], id(self.calendars[c["calendar"]]))
        if key not in c["memory"]:
            c["memory"][key] = count()
        return int(c["memory"][key])

    def planned(self, c: Plain, index: int) -> int:
        return self.remembered(c, index, lambda: self.count_planned(c, index))

    def count_planned(self, c: Plain, index: int) -> int:
        """L2, with the floor of K2."""
        calendar, step = self.calendars[c["calendar"]], c["policy"]["steps"][index]
        offset, pauses = str(step["offset"]), self.pauses(c)
        if step["from"] == "due" and offset == "0":
            at = calendar.next_open(c["due"])
        elif step["from"] == "due" and offset.endswith("wd"):
            day = calendar.clock.date_of(c["due"] - 1)
            if not calendar.is_working_day(day):
                day = calendar.count_days(day, -1)
            at = calendar.openings[calendar.count_days(day, -int(offset[1:-2]), pauses)]
        elif step["from"] == "due":
            at = calendar.next_open(calendar.before(c["due"], seconds_in(offset[1:]), pauses))
        else:
            at = self.counted(c, self.anchor(c, index), offset)
        return int(max(at, c["floors"].get(step["id"], at)))

    def counted(self, c: Plain, start: int, amount: str) -> int:
        calendar = self.calendars[c["calendar"]]
        return calendar.next_open(self.due_of(calendar, start, amount, self.pauses(c)))

    def anchor(self, c: Plain, index: int) -> int:
        """The firing instant of the step before (L4); of a skipped reminder the start or the deadline (our choice)."""
        before = c["policy"]["steps"][index - 1]["id"]
        latest = int(c["fired"][-1]["at"] if c["fired"] else c["start"])
        if not any(firing["step"] == before for firing in c["fired"]) and c["skipped"].get(before) == "skipped_late":
            return max(latest, int(c["due"]))
        return latest

    def unfired(self, c: Plain) -> list[int]:
        done = {firing["step"] for firing in c["fired"]} | set(c["skipped"])
        return [index for index, step in enumerate(c["policy"]["steps"]) if step["id"] not in done]

    @staticmethod
    def is_reminder(step: Plain) -> bool:
        return step["from"] == "due" and str(step["offset"]).startswith("-")

    # --- who ---

    def person(self, c: Plain, name: str, at: int) -> str | None:
        if name == "responsible":
            return self.delegate(c, at) or self.holder(c["role"], at)  # W2
        return self.holder(c["role"] if name == "accountable" else name, at)

    def reached(self, c: Plain, names: list[str], at: int) -> dict[str, str | None]:
        found: dict[str, str | None] = {}
        for name in names:
            person, instead = self.person(c, name, at), None
            if person is not None and self.is_absent(person, at):  # W3
                role = c["role"] if name in ("responsible", "accountable") else name
                backup = self.raw.get("backups", {}).get(role)
                stand_in = self.holder(backup, at) if backup else None
                person, instead = (None, None) if stand_in is None or self.is_absent(stand_in, at) else (stand_in, person)
            if person is not None and (person not in found or (found[person] and not instead)):
                found[person] = instead  # W4
        return found

    def assign(self, c: Plain, person: str, at: int) -> None:
        """W7."""
        occ = 1 + c["told"].count(person)
        c["told"].append(person)
        self.write(c, "assigned", occ, person, at, False, None)

    def write(self, c: Plain, step: str, occ: int, person: str, at: int, urgent: bool, instead: str | None) -> None:
        notice: Plain = {"c": c["name"], "step": step, "occ": occ, "to": person, "fired": at, "urgent": urgent, "instead": instead}
        self.waiting.append({**notice, "look": at, "new": True})

    def is_overdue(self, c: Plain, at: int) -> bool:
        return self.status(c) not in ("closed", "paused") and at > c["due"]  # D6, P1

    def repeat_at(self, c: Plain) -> int | None:
        repeat = c["policy"].get("repeat_last")
        last = [firing for firing in c["fired"] if firing["step"] == c["policy"]["steps"][-1]["id"]]
        if not repeat or not last or sum(firing["why"] == "repeat" for firing in c["fired"]) >= repeat["times"]:
            return None
        at = self.remembered(c, "repeat", lambda: self.counted(c, last[-1]["at"], repeat["every"]))
        return int(max(at, c["floors"].get("*", at)))
