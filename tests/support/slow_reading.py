"""A second reading of the escalation rules: slow, minute by minute, sharing no code with the product.

Takes a scenario as plain values (the YAML of ESC-F as dicts and lists, instants as text), gives notices and final states as plain
values. Written from the text of the rules alone; the number of each rule stands where it is applied. All instants of the scenarios
it reads are whole minutes. It covers B, D, P, L, W, S, A, C, M, K and X as far as random scenarios use them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tests.support.slow_time import MINUTE, WalkedCalendar, add_months, calendar_due, walked_clock

Plain = dict[str, Any]
HOUR = 3600
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MARGIN_DAYS = 45
WALKED_DAYS = 200
"""From 45 days before the month of the start: enough for two months and the deadlines they lead to."""
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


class SlowWorld:
    """Plays one scenario, a pass every minute."""

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
        week: list[list[tuple[int, int]]] = [[] for _ in range(7)]
        for names, hours in given["week"].items():
            first_day, _, last_day = names.partition("-")
            for number in range(DAYS.index(first_day), DAYS.index(last_day or first_day) + 1):
                week[number] = hours_of(hours)
        exceptions = {date.fromisoformat(day): hours_of(hours) for day, hours in given.get("exceptions", {}).items()}
        holidays = {date.fromisoformat(day) for day in given.get("holidays", [])}
        return WalkedCalendar(walked_clock(given["tz"], first, WALKED_DAYS), week, holidays, exceptions)

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

    # --- opening ---

    def open_commitment(self, name: str, clause: str, start: int, budget: str) -> None:
        if name in self.open:
            return
        given = self.raw["commitments"][clause]
        policy = self.policies[given["policy"]]  # K1: what it starts with, it keeps
        c: Plain = {
            "name": name, "clause": clause if given.get("every") else "", "calendar": given["calendar"], "role": given["responsible"],
            "budget": budget, "roll": given.get("roll") != "none", "policy": policy, "start": start, "fired": [], "skipped": {},
            "hold": None, "lapsed": None, "owed": False, "pauses": [], "delegation": None, "snoozes": 0, "result": None,
            "floors": {}, "forced": None, "told": [], "seen": start, "frozen": None, "by_backup": False, "memory": {},
            "waiver": given.get("waiver", policy.get("waiver", [])),
        }  # fmt: skip
        c["due"] = self.due_of(self.calendars[c["calendar"]], start, budget, [], c["roll"])
        for index, step in enumerate(policy["steps"]):
            if self.is_reminder(step) and self.planned(c, index) <= start:
                c["skipped"][step["id"]] = "skipped_past"  # L6
        self.open[name] = c

    def open_months(self, at: int) -> None:
        for clause, given in self.raw["commitments"].items():
            if not given.get("every"):
                continue
            calendar = self.calendars[given["calendar"]]
            day = calendar.clock.date_of(self.start).replace(day=1)
            while day <= calendar.clock.date_of(at):
                following = add_months(day, 1)
                begins = max(calendar.end_of(day - timedelta(days=1)), self.start)
                self.open_commitment(f"{clause}@{day:%Y-%m}", clause, begins, f"day:{following - timedelta(days=1)}")  # M1
                day = following

    # --- what people do ---

    def act(self, event: Plain) -> None:
        do, at = event["do"], second_of(event["at"])
        if event.get("id"):
            if (False, event["id"]) in self.seen:  # A11
                return
            self.seen.add((False, event["id"]))
        name = self.target(event)
        c = self.open.get(name)
        if c is None:
            self.rejected.setdefault(name, []).append("not_open")
            return
        code = "already_closed" if c["result"] else getattr(self, f"do_{do}")(c, event, at)
        if code:
            self.rejected.setdefault(name, []).append(code)

    def target(self, event: Plain) -> str:
        clause, _, month = event["commitment"].partition("@")
        given = self.raw["commitments"][clause]
        if not given.get("every") or (month and event["do"] != "fulfil"):
            return str(event["commitment"])
        at = second_of(event["at"])
        current = f"{clause}@{self.calendars[given['calendar']].clock.date_of(at):%Y-%m}"  # M3
        if event["do"] == "fulfil":
            return current
        late = [name for name, c in self.open.items() if c["clause"] == clause and self.is_overdue(c, at)]
        return late[-1] if late else current

    def do_fulfil(self, c: Plain, event: Plain, at: int) -> str | None:
        by = event.get("by")
        if c["clause"] and by:  # M2
            backup = self.raw.get("backups", {}).get(c["role"])
            if by not in (self.holder(c["role"], at), self.delegate(c, at)):
                if not backup or by != self.holder(backup, at):
                    return "not_allowed"
                c["by_backup"] = True
        if self.status(c) == "paused":
            self.end_pause(c, at)
        if c["frozen"] is not None:
            kept = at <= c["frozen"]
        else:
            kept = at <= c["due"]
            if c["budget"].startswith("PT"):  # D5
                kept = kept or self.calendars[c["calendar"]].elapsed(c["due"], at, self.pauses(c)) == 0
        c["result"] = "kept" if kept else "late"  # A7
        return None

    def do_waive(self, c: Plain, event: Plain, at: int) -> str | None:
        allowed = [self.person(c, role, at) for role in c["waiver"]]
        if allowed and event.get("by") not in allowed:
            return "not_allowed"  # A8
        if not event.get("reason"):
            return "reason_missing"
        c["result"] = "waived"
        return None

    def do_cancel(self, c: Plain, _: Plain, __: int) -> str | None:
        c["result"] = "cancelled"
        return None

    def hold(self, c: Plain, kind: str, until: int, at: int) -> str | None:
        if until <= at:
            return "until_past"
        c["hold"] = (kind, self.calendars[c["calendar"]].next_open(until))
        c["owed"] = False
        return None

    def do_ack(self, c: Plain, event: Plain, at: int) -> str | None:
        if "until" in event:
            return self.hold(c, "ack", second_of(event["until"]), at)
        ttl = c["policy"].get("ack_ttl", "1wd")
        return self.hold(c, "ack", self.due_of(self.calendars[c["calendar"]], at, ttl, []), at)  # A3

    def do_snooze(self, c: Plain, event: Plain, at: int) -> str | None:
        if c["snoozes"] >= c["policy"].get("max_snoozes", 1):
            return "limit"  # A5
        code = self.hold(c, "snooze", second_of(event["until"]), at)
        c["snoozes"] += code is None
        return code

    def do_pause(self, c: Plain, _: Plain, at: int) -> str | None:
        if self.status(c) == "paused":
            return "already_paused"
        c["pauses"].append([at, None])
        return None

    def do_resume(self, c: Plain, _: Plain, at: int) -> str | None:
        if self.status(c) != "paused":
            return "not_paused"
        self.end_pause(c, at)
        return None

    def end_pause(self, c: Plain, at: int) -> None:
        c["pauses"][-1][1] = at
        due = self.due_of(self.calendars[c["calendar"]], c["start"], c["budget"], self.pauses(c), c["roll"])
        c["due"] = max(c["due"], due)  # P4

    def do_delegate(self, c: Plain, event: Plain, at: int) -> str | None:
        until = second_of(event["until"]) if "until" in event else None
        if until is not None and until <= at:
            return "until_past"
        c["delegation"] = {"person": event["to"], "since": at, "until": until}  # A6
        self.assign(c, event["to"], at)
        return None

    def do_escalate(self, c: Plain, event: Plain, at: int) -> str | None:
        coming = self.unfired(c)
        latest = c["fired"][-1]["step"] if c["fired"] else ""
        following = c["policy"]["steps"][coming[0]]["id"] if coming else None
        if not coming or (c["forced"] is not None and c["forced"] < at):
            return "already_escalated"  # A10
        if "step" in event and (event["step"] or "") not in (latest, following):
            return "already_escalated"
        forced = self.calendars[c["calendar"]].next_open(at)
        c["forced"] = min(forced, c["forced"] or forced)
        c["hold"], c["owed"] = None, False
        return None

    # --- changes around ---

    def change_role(self, event: Plain, at: int) -> None:
        log = self.roles.setdefault(event["role"], [])
        for period in log:
            if (period[1] is None or period[1] <= at) and (period[2] is None or at < period[2]):
                period[2] = at
        log[:] = [period for period in log if period[1] is None or period[2] is None or period[1] < period[2]]
        if event["holder"] is not None:
            later = [period[1] for period in log if period[1] is not None and period[1] > at]
            log.append([event["holder"], at, min(later, default=None)])

    def change_calendar(self, event: Plain, at: int) -> None:
        """K2. The event carries the whole new calendar."""
        name = event["calendar"]
        old, new = self.calendars[name], self.calendar(event["definition"])
        floors = {}
        for c in self.open.values():
            if c["calendar"] == name and not c["result"]:
                floors[c["name"]] = self.announced(c)
                stands = c["pauses"][-1][0] if self.status(c) == "paused" else at
                if stands > c["due"] and c["frozen"] is None:
                    c["frozen"] = self.last_on_time(c, old)
        self.calendars[name] = new
        for notice in self.waiting:
            if self.people[notice["to"]]["calendar"] == name:
                notice.pop("not_before", None)  # S1 again, by the new hours
        for key, found in floors.items():
            c = self.open[key]
            c["floors"] = found
            stands = c["pauses"][-1][0] if self.status(c) == "paused" else at
            if stands <= c["due"]:
                c["due"] = max(c["due"], self.due_of(new, c["start"], c["budget"], self.pauses(c), c["roll"]))

    def announced(self, c: Plain) -> dict[str, int]:
        found = {}
        coming = self.unfired(c)
        for index in coming:
            step = c["policy"]["steps"][index]
            if step["from"] == "due" or index == coming[0]:
                found[step["id"]] = self.planned(c, index)
        repeat = self.repeat_at(c)
        if not coming and repeat is not None:
            found["*"] = repeat
        return found

    def last_on_time(self, c: Plain, calendar: WalkedCalendar) -> int:
        if not c["budget"].startswith("PT"):
            return int(c["due"])
        at = int(c["due"])
        while not calendar.is_open(at) or any(since <= at < until for since, until in self.pauses(c)):
            at = (at // MINUTE + 1) * MINUTE
        return at

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

    # --- one pass ---

    def is_overdue(self, c: Plain, at: int) -> bool:
        return self.status(c) not in ("closed", "paused") and at > c["due"]  # D6, P1

    def make_pass(self, at: int) -> None:
        for name in self.to_open:
            self.open_commitment(name, name, at, self.raw["commitments"][name]["budget"])
        self.to_open.clear()
        self.open_months(at)
        for clause in {c["clause"] for c in self.open.values() if c["clause"]}:  # M4
            late = [c for c in self.open.values() if c["clause"] == clause and self.is_overdue(c, at)]
            for c in late[:-1]:
                c["result"] = "superseded_by_newer" if c["fired"] else "missed_unobserved"
        for c in self.open.values():
            if not c["result"]:
                self.pass_over(c, at)
        self.send(at)

    def look_for_new_holders(self, c: Plain, at: int) -> None:
        """W7, from the log."""
        for change in sorted({bound for _, since, until in self.roles.get(c["role"], []) for bound in (since, until) if bound}):
            if c["seen"] < change <= at:
                c["seen"] = change
                new, old = self.holder(c["role"], change), self.holder(c["role"], change - 1)
                if new and new != old and (at - change <= self.grace(c) or new == self.holder(c["role"], at)):
                    self.assign(c, new, change)

    def pass_over(self, c: Plain, at: int) -> None:
        self.look_for_new_holders(c, at)
        if self.status(c) == "paused":
            return  # P1
        steps = c["policy"]["steps"]
        if at > c["due"]:
            for index in self.unfired(c):
                if self.is_reminder(steps[index]):
                    c["skipped"][steps[index]["id"]] = "skipped_late"  # L6
        if c["hold"] and at >= c["hold"][1]:
            c["owed"], c["lapsed"] = c["hold"][0] == "ack", c["hold"][1]  # A4, A5
            c["hold"] = None
        if c["hold"] or not self.calendars[c["calendar"]].is_open(at):
            return  # A3, L3
        if c["fired"] and c["fired"][-1]["pass"] >= at:
            return  # L5
        self.fire_what_is_due(c, at)

    def grace(self, c: Plain) -> int:
        return seconds_in(c["policy"].get("grace", "PT1H"))

    def eligible(self, c: Plain, planned: int) -> int:
        """L4."""
        ends = [until for _, until in self.pauses(c)]
        return self.calendars[c["calendar"]].next_open(max([planned, *ends, *([c["lapsed"]] if c["lapsed"] is not None else [])]))

    def fire_what_is_due(self, c: Plain, at: int) -> None:
        steps = c["policy"]["steps"]
        if c["forced"] is None:
            late = [index for index in self.unfired(c) if self.is_reminder(steps[index]) and self.planned(c, index) <= at]
            for index in late[:-1]:
                c["skipped"][steps[index]["id"]] = "skipped_late"  # L6: only the last
        judged, owed = at, c["owed"]
        if owed:
            again = self.eligible(c, c["lapsed"])
            judged = again if at - again <= self.grace(c) else at
        c["owed"] = False
        coming = self.unfired(c)
        if coming:
            planned = c["forced"] if c["forced"] is not None else self.planned(c, coming[0])
            if planned <= judged:
                self.fire(c, coming[0], planned, at, "turn")
                return
        else:
            repeat = self.repeat_at(c)
            if repeat is not None and repeat <= judged:
                self.fire(c, len(steps) - 1, repeat, at, "repeat")  # L7
                return
        if owed and c["fired"]:
            last = next(index for index, step in enumerate(steps) if step["id"] == c["fired"][-1]["step"])
            self.fire(c, last, c["lapsed"], at, "lapse")  # A4

    def repeat_at(self, c: Plain) -> int | None:
        repeat = c["policy"].get("repeat_last")
        last = [firing for firing in c["fired"] if firing["step"] == c["policy"]["steps"][-1]["id"]]
        if not repeat or not last or sum(firing["why"] == "repeat" for firing in c["fired"]) >= repeat["times"]:
            return None
        at = self.remembered(c, "repeat", lambda: self.counted(c, last[-1]["at"], repeat["every"]))
        return int(max(at, c["floors"].get("*", at)))

    def fire(self, c: Plain, index: int, planned: int, at: int, why: str) -> None:
        eligible = self.eligible(c, planned)
        instant = eligible if at - eligible <= self.grace(c) else at  # L4, C2
        steps = c["policy"]["steps"]
        while True:
            step = steps[index]
            reached, told = self.reached(c, step["to"], instant), step["id"]
            occ = 1 + sum(firing["step"] == step["id"] for firing in c["fired"])
            if not reached:  # W5
                if occ == 1:
                    c["skipped"][step["id"]] = "no_recipient"
                coming = self.unfired(c)
                if coming:
                    index, why = coming[0], "at once"
                    continue
                reached, told = {self.raw["fallback"]: None}, "fallback"  # W6
            number = 1 + sum(firing["told"] == told for firing in c["fired"])
            c["fired"].append({"step": step["id"], "at": instant, "pass": at, "why": why, "told": told})
            c["forced"] = None
            for person, instead in reached.items():
                self.write(c, told, number, person, instant, bool(step.get("urgent")), instead)
            return

    # --- sending ---

    def send(self, at: int) -> None:
        """Looks, for every notice, at each minute since it was last looked at (S6: logical instants, in the order of time)."""
        if not self.waiting:
            return
        for minute in range(min(notice["look"] for notice in self.waiting), at + 1, MINUTE):
            self.supersede(minute)
            people = list(dict.fromkeys(notice["to"] for notice in self.waiting if notice["look"] == minute and not notice["new"]))
            for person in people:
                self.send_to(person, minute, at)

    def supersede(self, minute: int) -> None:
        for later in [notice for notice in self.waiting if notice["new"] and notice["fired"] == minute]:
            later["new"] = False
            if later["step"] != "assigned":  # S8
                self.waiting = [
                    notice
                    for notice in self.waiting
                    if notice["c"] != later["c"] or notice["to"] != later["to"] or notice["step"] == "assigned" or notice["new"]
                    or notice["fired"] >= later["fired"]
                ]

    def send_to(self, person: str, minute: int, at: int) -> None:
        mine = [notice for notice in self.waiting if notice["to"] == person and notice["look"] == minute and not notice["new"]]
        group = []
        for notice in mine:
            c = self.open[notice["c"]]
            if notice["step"] == "assigned" and self.status(c) == "paused":
                continue  # P1: looked at again in the next minute
            resumed = [until for _, until in self.pauses(c) if until > notice["fired"]]
            if not self.may_leave(notice, person, minute) or (resumed and minute < max(resumed)):
                continue
            gap = next((until for since, until in self.down if since <= minute < until), None)
            if gap is not None and gap - minute > HOUR:
                notice["look"] = gap  # S6: from the first pass on
                notice.pop("not_before", None)
                continue
            group.append(notice)
        for urgent in (True, False):
            self.leave(person, [notice for notice in group if notice["urgent"] == urgent], minute, urgent)
        for notice in mine:
            if notice["look"] == minute:
                notice["look"] = minute + MINUTE

    def may_leave(self, notice: Plain, person: str, minute: int) -> bool:
        calendar, given = self.calendars[self.people[person]["calendar"]], self.people[person]
        if notice["urgent"]:
            return True  # S2
        if minute < notice.get("not_before", minute):
            return False
        if "digest_at" in given:  # S3
            wall = calendar.clock.wall[minute // MINUTE - calendar.clock.first]
            day = wall.date()
            digest = datetime.combine(day, time.fromisoformat(given["digest_at"]))
            return calendar.is_working_day(day) and minute == MINUTE * calendar.clock.minute_of(digest, 0)
        return "not_before" in notice or calendar.is_open(minute)  # S4, S1

    def leave(self, person: str, group: list[Plain], minute: int, urgent: bool) -> None:
        if not group:
            return
        calendar, most = self.calendars[self.people[person]["calendar"]], self.people[person].get("max_per_day")
        day = calendar.clock.date_of(minute)
        gone = sum(to == person and calendar.clock.date_of(when) == day for to, when, loud in self.left if not loud)
        if not urgent and most and gone >= most:
            opening = calendar.openings[calendar.count_days(day, 1)]  # S4
            for notice in group:
                notice["not_before"] = opening
            return
        self.waiting = [notice for notice in self.waiting if notice not in group]
        wanted = [notice for notice in group if self.is_wanted(notice)]
        if wanted:  # S5
            self.left.append((person, minute, urgent))
            items = [(notice["c"], notice["step"], notice["occ"], notice["instead"]) for notice in wanted]
            self.notices.append({"at": minute, "to": person, "urgent": urgent, "items": frozenset(items)})

    def is_wanted(self, notice: Plain) -> bool:
        status = self.status(self.open[notice["c"]])
        return status != "closed" if notice["step"] == "assigned" else status == "open"  # S7

    # --- the play ---

    def play(self) -> Plain:
        events = list(self.events)
        first = min([self.start, *(second_of(event["at"]) for event in events)])
        for at in range(first, self.until + 1, MINUTE):
            while events and second_of(events[0]["at"]) == at:
                self.happen(events.pop(0), at)
            if self.is_up(at):
                self.make_pass(at)
        return {"notices": {self.key(notice) for notice in self.notices}, "final": {name: self.final(c) for name, c in self.open.items()}}

    def happen(self, event: Plain, at: int) -> None:
        do = event["do"]
        changes: dict[str, Callable[[Plain, int], None]] = {"role_change": self.change_role, "calendar_change": self.change_calendar}
        if do == "trigger":
            key = (True, event.get("event_id", ""))
            if key[1] and key in self.seen:  # A11
                return
            self.seen.add(key)
            self.to_open.append(event["commitment"])
        elif do == "policy_change":
            self.policies[event["policy"]] = event["definition"]
        elif do in changes:
            changes[do](event, at)
        else:
            self.act(event)

    @staticmethod
    def key(notice: Plain) -> tuple[int, str, bool, frozenset[Any]]:
        return notice["at"], notice["to"], notice["urgent"], notice["items"]

    def final(self, c: Plain) -> Plain:
        return {
            "state": self.status(c), "result": c["result"], "due": c["due"], "overdue": self.is_overdue(c, self.until),
            "skipped": dict(c["skipped"]), "rejected": self.rejected.get(c["name"], []), "by_backup": c["by_backup"],
        }  # fmt: skip
