"""A second reading of the escalation rules: slow, minute by minute, sharing no code with the product.

Takes a scenario as plain values (the YAML of ESC-F as dicts and lists, instants as text), gives notices and final states as plain
values. Written from the text of the rules alone; the number of each rule stands where it is applied. All instants of the scenarios
it reads are whole minutes. It covers B, D, P, L, W, S, A, C, M, K and X as far as random scenarios use them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from tests.support.slow_acts import SlowActs
from tests.support.slow_facts import HOUR, Plain, second_of, seconds_in
from tests.support.slow_time import MINUTE, add_months


class SlowWorld(SlowActs):
    """Plays one scenario, a pass every minute."""

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

    # --- one pass ---

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
            return calendar.is_working_day(day) and minute == MINUTE * calendar.clock.first_minute(digest)
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
