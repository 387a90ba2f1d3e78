"""Codes of readings that are collected: what a dropped file, a query or an answer may have that keeps it from being taken."""

from __future__ import annotations

from ancrage.declarations.codes.page import CodePage
from ancrage.language import N_


def _words(code: str, title: str, why: str, wrong: str, right: str) -> CodePage:
    return CodePage(code, title, why, wrong, right, by_hand=True)


PAGES = (
    _words(
        "E-COLLECT-CONNECTION",
        N_("The connection of a source is not configured, or is of a kind that is not read"),
        N_("A declaration names a section [sources.NAME] of ancrage.toml. Its url is https, http on this machine, SQLite or PostgreSQL."),
        "[sources.desk]\nurl = \"http://desk.example.org\"",
        "[sources.desk]\nurl = \"https://desk.example.org\"",
    ),
    _words(
        "E-COLLECT-TIME",
        N_("A source did not answer in time"),
        N_("A source that hangs must not stop the others. It is asked again by the next run; timeout_seconds gives it longer."),
        "a query that runs for an hour",
        "a query of a table that was prepared at night",
    ),
    _words(
        "E-COLLECT-SIZE",
        N_("A source gives more than is ever read"),
        N_("An indicator has one reading per period. Reading stops at most_bytes or most_rows, so that no answer fills the memory."),
        "SELECT * FROM tickets",
        "SELECT day AS date, count(*) AS value FROM tickets GROUP BY day",
    ),
    _words(
        "E-COLLECT-REDIRECT",
        N_("An answer sends us elsewhere"),
        N_("Redirects are followed on the same host only: a token goes nowhere else, and no file of this machine is opened."),
        "Location: file:///etc/passwd",
        "url = \"https://desk.example.org\", where the answer is",
    ),
    _words(
        "E-COLLECT-ANSWER",
        N_("The answer of a source cannot be used"),
        N_("It is an error, no JSON, or not where the declaration says. Nothing of it was taken."),
        "content-type: text/html",
        "content-type: application/json",
    ),
    _words(
        "E-COLLECT-KIND",
        N_("A dropped file is of a kind that is not read"),
        N_("Readings are taken from CSV files and from workbooks (.xlsx)."),
        "backlog.pdf",
        "backlog.csv",
    ),
    _words(
        "E-COLLECT-ZONE",
        N_("A time is written in another zone than its source declares"),
        N_("Around midnight another zone is another day. Times carry the declared offset, or none."),
        "zone: Europe/Paris, and in the file 2026-03-02T23:30:00+09:00",
        "zone: Europe/Paris, and in the file 2026-03-02T23:30:00+01:00",
    ),
    _words(
        "E-COLLECT-UNKNOWN",
        N_("No indicator waits for what was dropped"),
        N_("The file was kept. Its name fits no declared pattern, or it names an indicator that does not wait for it."),
        "sales.csv, with drop: \"tickets/*.csv\"",
        "tickets/2026-03.csv",
    ),
    _words(
        "E-COLLECT-WAITING",
        N_("A dropped file is not ready"),
        N_("Somebody still writes it, or another program holds it open. It is taken as soon as it is quiet; nothing is lost meanwhile."),
        "~$week.xlsx beside week.xlsx",
        "week.xlsx, closed",
    ),
)
