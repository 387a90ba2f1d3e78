"""What people do and what changes around commitments, in the slow reading (ESC-A, K, W7)."""

from __future__ import annotations

from tests.support.slow_facts import Plain, SlowFacts, second_of
from tests.support.slow_time import MINUTE, WalkedCalendar


class SlowActs(SlowFacts):
    """Takes actions and changes, each at its instant."""

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
