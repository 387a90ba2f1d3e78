"""A small made-up data set in the shape of the FitSM process data: no text of it is anybody else's."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from ancrage.exchange.fitsm import Imported, import_fitsm

AS_OF = date(2026, 1, 5)

Data = dict[str, Any]
"""Content by file name."""
Change = Callable[[Data], object]


def source(section: str, page: int = 1) -> dict[str, Any]:
    return {"doc": "Made-up", "section": section, "page": page}


def said(text: str, section: str = "1") -> dict[str, Any]:
    return {"text": text, "source": source(section)}


def process(code: str, number: int, **more: Any) -> dict[str, Any]:
    return {
        "code": code, "number": number, "name": f"Making of {code.lower()}", "requirements": f"PR{number}",
        "objective": said(f"To make {code.lower()} well"), "inputs": [said(f"What {code.lower()} is made of")],
        "outputs": [said(f"Finished {code.lower()}")], "externalFlows": [], **more,
    }  # fmt: skip


def row(giver: str, taker: str, item: str, listed_by: str) -> dict[str, Any]:
    return {"from": giver, "to": taker, "item": item, "listedBy": listed_by, "source": source("2")}


def role(process: str, kind: str, name: str, *tasks: str) -> dict[str, Any]:
    return {
        "id": f"{process}.{kind}", "process": process, "kind": kind, "name": name, "count": "1 in total", "source": source("3"),
        "tasks": [said(task) for task in tasks],
    }  # fmt: skip


DOUGH, LOAVES, BILLS = "Dough that has rested: for the oven", "Loaves, counted", "Bills # of the day"
DATA: Data = {
    "processes.json": [
        process("DOUGH", 1),
        process("OVEN", 2),
        process(
            "SHOP", 3, externalFlows=[{"direction": "in", "party": "Any", "item": "Orders from anybody", "source": source("1")}]
        ),
    ],
    "interfaces.json": [
        {
            "id": "DOUGH-OVEN", "processes": ["DOUGH", "OVEN"], "descriptions": [],
            "flows": [row("DOUGH", "OVEN", DOUGH, "DOUGH"), row("DOUGH", "OVEN", DOUGH, "OVEN")],
        },
        {
            "id": "OVEN-SHOP", "processes": ["OVEN", "SHOP"], "descriptions": [],
            "flows": [
                row("OVEN", "SHOP", LOAVES, "OVEN"), row("OVEN", "SHOP", LOAVES, "SHOP"), row("SHOP", "OVEN", BILLS, "SHOP"),
            ],
        },
    ],
    "requirements.json": {
        "general": [
            {"id": "GR1", "name": "All of it", "source": source("G"),
             "items": [{"id": "GR1.1", **said("Somebody shall answer for the bakery.")}, {"id": "GR1.2", **said("Flour shall be dry.")}]},
        ],
        "process": [
            {"id": f"PR{number}", "process": code, "source": source("P"), "items": [{"id": f"PR{number}.1", **said(f"{code} shall work.")}]}
            for number, code in enumerate(("DOUGH", "OVEN", "SHOP"), start=1)
        ],
    },
    "roles.json": {
        "generic": {"owner": {"name": "Owner", "source": source("3"), "tasks": ["Answer for it."]}},
        "roles": [
            *(role(code, "owner", f"Owner of {code}") for code in ("DOUGH", "OVEN", "SHOP")),
            role("OVEN", "staff", "Baker", "Watch the oven.", "Never sleep."),
        ],
    },
    "records.json": [
        {"id": "order-book", "name": "Order book", "definition": said("Where orders stand"),
         "usedBy": [{"process": "SHOP", "basis": "output", "derived": True, "source": source("4")}]},
    ],
}  # fmt: skip


def write_data(folder: Path, *changes: Change) -> Path:
    """The data in `folder`, after `changes` were made to a copy of it; a file whose content became None is left out, text is written
    as it is."""
    data = copy.deepcopy(DATA)
    for change in changes:
        change(data)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in data.items():
        if isinstance(content, bytes):
            (folder / name).write_bytes(content)
        elif content is not None:
            text = content if isinstance(content, str) else json.dumps(content, indent=1, ensure_ascii=False)
            (folder / name).write_text(text, encoding="utf-8")
    return folder


def setting(name: str, *path: str | int, to: Any) -> Change:
    """The change that puts a value at a path of a file (the whole file without a path)."""

    def change(data: Data) -> None:
        *way, last = (name, *path)
        here: Any = data
        for step in way:
            here = here[step]
        here[last] = to

    return change


def adding(name: str, *path: str | int, entry: Any) -> Change:
    """The change that adds an entry to a list of a file."""

    def change(data: Data) -> None:
        here: Any = data[name]
        for step in path:
            here = here[step]
        here.append(entry)

    return change


def dropping(name: str, *path: str | int) -> Change:
    """The change that takes a key or an entry away."""

    def change(data: Data) -> None:
        *way, last = path
        here: Any = data[name]
        for step in way:
            here = here[step]
        del here[last]

    return change


def imported(into: Path, *changes: Change, language: str = "en") -> Imported:
    """The data with these changes, written beside `into` and imported into it."""
    return import_fitsm(write_data(into.parent / "data", *changes), into, AS_OF, language)
