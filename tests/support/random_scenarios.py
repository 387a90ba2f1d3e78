"""Scenarios drawn at random, as plain values of format ESC-F: every kind of event, calendars around clock changes, gaps of the engine.

All instants are multiples of `grid` minutes. A grid of 30 with hours that open and close on it leaves room for any tick of at most
30 minutes, so that the rules give the same notices at every tick; a grid of 1 is for one engine that looks every minute.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import yaml

Plain = dict[str, Any]
BEGINNINGS = {
    "Europe/Paris": (date(2026, 3, 23), date(2026, 10, 19)),
    "America/Toronto": (date(2026, 3, 4), date(2026, 10, 26)),
    "Australia/Lord_Howe": (date(2026, 3, 30), date(2026, 9, 28)),
    "Africa/Cairo": (date(2026, 4, 20), date(2026, 10, 26)),
    "Africa/Casablanca": (date(2026, 3, 16), date(2026, 2, 9)),
    "America/Santiago": (date(2026, 3, 30), date(2026, 8, 31)),
}
"""Mondays a few days before each clock change."""
PEOPLE = ("ann", "ben", "eva", "joe", "zoe")
ACTIONS = ("ack", "ack", "snooze", "pause", "resume", "resume", "delegate", "escalate", "escalate", "fulfil", "waive", "cancel")
ROLES = ("sponsor", "deputy", "steward", "director")


class Draw:
    """One scenario drawn with `rng`; `days` long, in the first or second season of one or two zones."""

    def __init__(self, rng: random.Random, *, grid: int, zones: tuple[str, ...], season: int, days: int, monthly: bool = False) -> None:
        self.rng = rng
        self.grid = grid
        self.zones = zones
        self.monthly = monthly
        begin = BEGINNINGS[zones[0]][season]
        self.start = datetime(begin.year, begin.month, begin.day, rng.randrange(24), tzinfo=UTC)
        self.days = days
        self.until = self.start + timedelta(days=days)

    def scenario(self) -> Plain:
        calendars = {name: self.calendar(zone) for name, zone in zip(("north", "south"), self.zones, strict=False)}
        names = list(calendars)
        policies = {name: self.policy() for name in ("p", "q")}
        commitments = {f"c{number}": self.commitment(names, number) for number in range(1, self.rng.randint(1, 3) + 1)}
        down = self.gaps()
        return {
            "id": "random",
            "calendars": calendars,
            "people": {name: self.person(self.rng.choice(names)) for name in PEOPLE},
            "roles": {name: self.log() for name in ROLES},
            "backups": {"sponsor": "deputy"} if self.rng.random() < 0.7 else {},
            "fallback": "zoe",
            "policies": policies,
            "commitments": commitments,
            "engine": {"start": text(self.start), "until": text(self.until), "down": down},
            "events": sorted(self.events(commitments, calendars), key=lambda event: str(event["at"])),
        }

    # --- instants ---

    def instant(self, first: float = 0.0, last: float = 1.0) -> str:
        """An instant on the grid between two parts of the whole stretch; most fall where work begins, so that things meet."""
        minutes = int(self.rng.uniform(first, last) * self.days * 1440)
        at = self.start.replace(hour=0) + timedelta(minutes=minutes // self.grid * self.grid)
        return text(min(max(at, self.start), self.until))

    def span(self, longest_hours: int) -> list[str]:
        since = datetime.fromisoformat(self.instant(0.0, 0.8))
        return [text(since), text(since + timedelta(minutes=self.grid * self.rng.randint(1, longest_hours * 60 // self.grid)))]

    def gaps(self) -> list[list[str]]:
        chosen = sorted(self.span(60 if self.rng.random() < 0.6 else 2) for _ in range(self.rng.choice([0, 0, 1, 2])))
        apart = [chosen[0]] if chosen else []
        for since, until in chosen[1:]:
            if since > apart[-1][1]:
                apart.append([since, until])
        return apart

    # --- what is declared ---

    def hours(self) -> list[str]:
        step = max(self.grid, 15)
        bounds = sorted(self.rng.sample(range(0, 1441, step), 2 * self.rng.choice([1, 2, 2])))
        return [f"{clock(opens)}-{clock(closes)}" for opens, closes in zip(bounds[::2], bounds[1::2], strict=True)]

    def calendar(self, zone: str) -> Plain:
        usual = self.rng.random() < 0.5
        week = {"mon-fri": ["09:00-12:00", "14:00-18:00"]} if usual else {"mon-wed": self.hours(), "thu-sat": self.hours()}
        dates = [(self.start + timedelta(days=day)).date().isoformat() for day in range(self.days + 5)]
        closed, other = (self.rng.sample(dates, self.rng.choice([0, 1, 2])) for _ in range(2))
        exceptions = {day: self.hours() if self.rng.random() < 0.5 else [] for day in other}
        return {"tz": zone, "week": week, "holidays": closed, "exceptions": exceptions}

    def person(self, calendar: str) -> Plain:
        given: Plain = {"calendar": calendar}
        if self.rng.random() < 0.4:
            given["absences"] = [self.span(120)]
        if self.rng.random() < 0.25:
            given["digest_at"] = clock(self.rng.randrange(0, 1440 // self.grid) * self.grid)
        if self.rng.random() < 0.35:
            given["max_per_day"] = self.rng.choice([1, 1, 2])
        return given

    def log(self) -> list[Plain]:
        """Who holds a role: often one person, sometimes two in turn, sometimes nobody for a while."""
        first, second = self.rng.sample(PEOPLE, 2)
        chance = self.rng.random()
        if chance < 0.6:
            return [{"holder": first}]
        change = self.instant(0.1, 0.9)
        if chance < 0.8:
            return [{"holder": first, "to": change}, {"holder": second, "from": change}]
        return [{"holder": first, "to": change}] if chance < 0.9 else [{"holder": second, "from": change}]

    def amount(self, longest_hours: int = 12) -> str:
        minutes = self.grid * self.rng.randint(1, longest_hours * 60 // self.grid)
        hours, rest = divmod(minutes, 60)
        return f"PT{f'{hours}H' if hours else ''}{f'{rest}M' if rest else ''}"

    def policy(self) -> Plain:
        before = [f"-{self.rng.randint(2, 3)}wd", "-1wd", "-PT2H"]
        reminders = [offset for offset in before if self.rng.random() < 0.4]
        at_due = ["0"] if self.rng.random() < 0.85 or not reminders else []
        after = [self.amount() if self.rng.random() < 0.5 else f"{self.rng.randint(1, 2)}wd" for _ in range(self.rng.randint(0, 3))]
        steps = [self.step(number, offset, "due") for number, offset in enumerate([*reminders, *at_due])]
        steps += [self.step(len(steps) + number, offset, "previous") for number, offset in enumerate(after)]
        given: Plain = {"steps": steps}
        if self.rng.random() < 0.7:
            given["ack_ttl"] = self.rng.choice(["1wd", "2wd", self.amount()])
        if self.rng.random() < 0.5:
            given["repeat_last"] = {"every": self.rng.choice(["1wd", self.amount()]), "times": self.rng.randint(1, 3)}
        if self.rng.random() < 0.3:
            given["grace"] = self.rng.choice(["PT30M", "PT2H", "PT4H"])
        if self.rng.random() < 0.3:
            given["max_snoozes"] = self.rng.choice([0, 2])
        return given

    def step(self, number: int, offset: str, origin: str) -> Plain:
        to = self.rng.sample(["responsible", "accountable", "steward", "director"], self.rng.choice([1, 1, 2, 3]))
        return {"id": f"s{number}", "offset": offset, "from": origin, "to": to, "urgent": self.rng.random() < 0.25}

    def commitment(self, calendars: list[str], number: int) -> Plain:
        role = self.rng.choice(["sponsor", "sponsor", "steward"])
        given: Plain = {"calendar": self.rng.choice(calendars), "responsible": role, "policy": self.rng.choice("pq")}
        if self.rng.random() < 0.2:
            given["waiver"] = ["steward"]
        if self.monthly and number == 1:
            return {**given, "every": "month"}
        given["budget"] = self.rng.choice([self.amount(20), self.amount(20), "1wd", "2wd", "3wd", "P3D", "P5D"])
        if given["budget"].startswith("P") and "T" not in given["budget"] and self.rng.random() < 0.4:
            given["roll"] = "none"
        return given

    # --- what happens ---

    def events(self, commitments: Plain, calendars: Plain) -> list[Plain]:
        found: list[Plain] = []
        for name, given in commitments.items():
            if not given.get("every"):
                found.append({"at": self.instant(0.0, 0.3), "do": "trigger", "commitment": name, "event_id": f"e-{name}"})
            found += [self.action(name) for _ in range(self.rng.randint(0, 5))]
        if self.rng.random() < 0.3 and found:
            found.append({**self.rng.choice(found), "at": self.instant(0.3, 1.0)})
        if self.rng.random() < 0.4:
            role, holder = self.rng.choice(["sponsor", "steward"]), self.rng.choice([*PEOPLE, None])
            found.append({"at": self.instant(0.1, 0.9), "do": "role_change", "role": role, "holder": holder})
        if self.rng.random() < 0.4:
            name = self.rng.choice(list(calendars))
            changed = {"at": self.instant(0.1, 0.9), "do": "calendar_change", "calendar": name}
            found.append({**changed, "definition": self.calendar(calendars[name]["tz"])})
        if self.rng.random() < 0.3:
            found.append({"at": self.instant(0.0, 0.5), "do": "policy_change", "policy": "p", "definition": self.policy()})
        return found

    def action(self, commitment: str) -> Plain:
        do = self.rng.choice(ACTIONS)
        given: Plain = {"at": self.instant(0.05, 1.0), "do": do, "commitment": commitment, "by": self.rng.choice(PEOPLE)}
        if self.rng.random() < 0.3:
            given["id"] = f"a{self.rng.randrange(4)}"
        later = text(datetime.fromisoformat(given["at"]) + timedelta(minutes=self.grid * self.rng.randint(1, 72 * 60 // self.grid)))
        match do:
            case "snooze":
                given["until"] = later
            case "ack" if self.rng.random() < 0.4:
                given["until"] = later
            case "delegate":
                given["to"] = self.rng.choice(PEOPLE)
                if self.rng.random() < 0.5:
                    given["until"] = later
            case "waive" if self.rng.random() < 0.8:
                given["reason"] = "agreed"
            case "escalate" if self.rng.random() < 0.5:
                given["step"] = self.rng.choice(["s0", "s1", "s2", ""])
        return given


def text(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


class _NoAliases(yaml.SafeDumper):
    def ignore_aliases(self, _: Any) -> bool:
        return True


def as_yaml(scenario: Plain) -> str:
    """The scenario as the text of a file."""
    return yaml.dump(scenario, Dumper=_NoAliases, sort_keys=False, allow_unicode=True)
