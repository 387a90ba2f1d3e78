"""`--help-method`: what a calculator reads and answers, as text, as Markdown (docs/reference/methods.md) and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from ancrage.domain.assessment.sheets.base import Column, Record, Spec
from ancrage.domain.assessment.sheets.cells import STANDINGS_HELP
from ancrage.language import Label, Message, say

REQUIRED = Label(fr="oui", en="yes")
OPTIONAL = Label(fr="non", en="no")


def method_record(spec: Spec) -> Record:
    """A method as JSON: the fields of shape `ancrage.score_methods` 1."""
    return {
        "name": spec.name,
        "version": spec.version,
        "rounding": spec.rounding,
        "about": spec.about,
        "rules": list(spec.rules),
        "takes_model": spec.uses_model,
        "columns": [
            {"name": column.name, "required": column.required, "synonyms": list(column.synonyms), "help": column.help}
            for column in spec.columns
        ],
        "cells": STANDINGS_HELP,
        "options": [
            {"name": option.name, "default": option.default, "allowed": list(option.allowed), "help": option.help}
            for option in spec.options
        ],
        "answer": [
            {"name": part.name, "single": part.single, "fields": [{"name": field.name, "help": field.help} for field in part.fields]}
            for part in spec.parts
        ],
        "example": "\n".join(",".join(row) for row in spec.example),
    }


def describe_all(specs: Sequence[Spec], language: str) -> str:
    """Every method, one after the other."""
    return "\n".join(describe_method(spec, language) for spec in specs)


def describe_method(spec: Spec, language: str) -> str:
    """One method as Markdown, which is also how a terminal shows it."""
    text = _Writer(language)
    text.line(f"## {spec.name}")
    text.paragraph(spec.about)
    text.paragraph(
        say("Version {version}. Rounding: {rounding}. Rules: {rules}.",
            version=spec.version, rounding=spec.rounding, rules=", ".join(spec.rules))
    )  # fmt: skip
    if spec.uses_model:
        text.paragraph(
            say("With --model FILE, areas, levels and weights come from the model, and its practices without a row are not assessed.")
        )
    text.table(
        (say("column"), say("required"), say("what it holds"), say("also called")),
        [(f"`{column.name}`", _yes(column, language), column.help, ", ".join(column.synonyms)) for column in spec.columns],
    )
    text.paragraph(say("In cells of answers: {standings}.", standings=STANDINGS_HELP))
    if spec.options:
        text.table(
            (say("option"), say("default"), say("allowed"), say("what it does")),
            [(f"`{option.name}`", f"`{option.default}`", ", ".join(option.allowed), option.help) for option in spec.options],
        )
    for part in spec.parts:
        kind = say("`{name}`: {title}, one record", name=part.name, title=part.title)
        many = say("`{name}`: {title}, a list of records", name=part.name, title=part.title)
        text.paragraph(kind if part.single else many)
        text.table((say("field"), say("meaning")), [(f"`{field.name}`", field.help) for field in part.fields])
    text.paragraph(say("A file that works:"))
    text.line("```csv")
    for row in spec.example:
        text.line(",".join(row))
    text.line("```")
    text.line()
    return text.text()


def _yes(column: Column, language: str) -> str:
    return (REQUIRED if column.required else OPTIONAL).text(language)


class _Writer:
    """Collects lines in one language."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._lines: list[str] = []

    def line(self, text: str = "") -> None:
        self._lines.append(text)

    def paragraph(self, message: Message) -> None:
        self._lines += ["", message.text(self._language)]

    def table(self, head: Sequence[Message], rows: Sequence[Sequence[str | Message]]) -> None:
        self._lines += ["", self._row(head), self._row(["---"] * len(head)), *map(self._row, rows)]

    def _row(self, cells: Sequence[str | Message]) -> str:
        texts = [cell if isinstance(cell, str) else cell.text(self._language) for cell in cells]
        return "| " + " | ".join(text.replace("|", "\\|") for text in texts) + " |"

    def text(self) -> str:
        return "\n".join(self._lines)
