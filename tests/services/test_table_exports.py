"""Every table has every field of its view, and rows that say what the database says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, get_type_hints

import pytest

from ancrage.errors import NotFound, Refused
from ancrage.project import Project
from ancrage.services.advance import advance
from ancrage.services.campaigns import GivenRating, rate
from ancrage.services.table_exports import (
    SPECS,
    TableSpec,
    actions_table,
    commitments_table,
    comparison_table,
    findings_table,
    journal_table,
    levels_table,
    ratings_table,
    readings_table,
)
from ancrage.storage.campaigns import fetch_ratings
from ancrage.storage.engine import fetch_journal
from tests.support.story import CAMPAIGN, DUE

NAMES = ["ratings", "levels", "findings", "comparison", "actions", "commitments", "readings", "journal"]


def leaves(view: type, prefix: str = "") -> Iterator[str]:
    """The paths of every field, through the views it is made of; a field that holds several things is one."""
    for name, kind in get_type_hints(view).items():
        if is_dataclass(kind) and kind.__module__ != "ancrage.language":
            assert isinstance(kind, type)
            yield from leaves(kind, f"{prefix}{name}.")
        elif name in {field.name for field in fields(view)}:
            yield f"{prefix}{name}"


def test_every_table_that_is_promised_is_there() -> None:
    assert sorted(SPECS) == sorted(NAMES)


@pytest.mark.parametrize("spec", SPECS.values(), ids=lambda spec: spec.name)
def test_every_field_of_a_view_is_a_column(spec: TableSpec) -> None:
    shown = {field.source for field in spec.fields}
    assert set(leaves(spec.view)) - shown == set()


@pytest.mark.parametrize("spec", SPECS.values(), ids=lambda spec: spec.name)
def test_heads_are_words_in_both_languages(spec: TableSpec) -> None:
    assert all(field.column.head.text("en") and field.column.head.text("fr") for field in spec.fields)


def rows(table: Any) -> list[dict[str, Any]]:
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def test_ratings_hold_answers_and_questions_without_one_and_history_when_asked(embedded: Project) -> None:
    with embedded.units() as work:
        first = fetch_ratings(work, CAMPAIGN, "sofia")[0]
        rate(work, CAMPAIGN, "sofia", [GivenRating(first.process_id, first.practice_id, "NA", "=no")], datetime(2026, 1, 15, tzinfo=UTC))
    with embedded.reading() as work:
        now, all_of_them = rows(ratings_table(work, CAMPAIGN)), rows(ratings_table(work, CAMPAIGN, history=True))
    mine = [row for row in now if row["person"] == "sofia"]
    assert [row["standing"] for row in mine].count("not_rated") == 8
    assert [(row["value"], row["revision"]) for row in mine if row["standing"] == "not_applicable"] == [("NA", 2)]
    assert len(all_of_them) == len(now) + 1
    assert [row["value"] for row in all_of_them if not row["current"]] == ["PI"]


def test_a_closed_campaign_gives_levels_findings_and_what_counts(embedded: Project) -> None:
    with embedded.reading() as work, pytest.raises(NotFound, match="not closed"):
        levels_table(work, CAMPAIGN)
    advance(embedded, DUE)
    with embedded.reading() as work:
        levels, findings, ratings = rows(levels_table(work, CAMPAIGN)), rows(findings_table(work)), rows(ratings_table(work, CAMPAIGN))
        with pytest.raises(Refused, match="first of its reference model"):
            comparison_table(work, CAMPAIGN)
        compared = comparison_table(work, CAMPAIGN, CAMPAIGN)
    assert levels
    assert all(row["method"] and row["rounding"] and row["model_version"] and len(row["inputs_fingerprint"]) == 64 for row in levels)
    assert findings
    assert {row["campaign"] for row in findings} == {CAMPAIGN}
    assert {row["counts"] for row in ratings} >= {"PI", None}
    assert {row["change"] for row in rows(compared)} <= {0, None}
    facts = {name: value for name, _, value in compared.facts}
    assert facts["compared"] == sum(row["standing"] == "compared" for row in rows(compared))


def test_the_plan_and_what_is_owed(embedded: Project) -> None:
    advance(embedded, DUE)
    with embedded.reading() as work:
        actions, owed = rows(actions_table(work, DUE)), rows(commitments_table(work, DUE))
        mine, still = rows(commitments_table(work, DUE, "anne")), rows(commitments_table(work, DUE, only_open=True))
        with pytest.raises(NotFound):
            commitments_table(work, DUE, "nobody")
        assert rows(actions_table(work, DUE, CAMPAIGN, "no such segment")) == []
    assert [row["rank"] for row in actions] == list(range(1, len(actions) + 1))
    assert all("RNK-" in str(reason) for row in actions for reason in row["reasons"])
    assert {row["person"] for row in mine} == {"anne"}
    assert {row["status"] for row in still} < {row["status"] for row in owed}


def test_readings_of_one_indicator_or_of_all(embedded: Project) -> None:
    with embedded.reading() as work:
        everything, one = rows(readings_table(work)), rows(readings_table(work, "incident_backlog"))
        with pytest.raises(NotFound):
            readings_table(work, "nothing")
    assert [(row["figure"], row["recorded_by"]) for row in one] == [(400, "chloe")]
    assert one[0] in everything


def test_the_journal_leaves_whole_with_the_digests_that_chain_it(embedded: Project) -> None:
    with embedded.reading() as work:
        lines, last = rows(journal_table(work)), rows(journal_table(work, limit=2))
        about = rows(journal_table(work, f"campaign:{CAMPAIGN}"))
        stored = fetch_journal(work)
    assert [row["digest"] for row in lines] == [row.digest for row in stored]
    assert [json.loads(row["detail"]) for row in lines] == [row.detail for row in stored]
    assert last == lines[-2:]
    assert {row["subject"] for row in about} == {f"campaign:{CAMPAIGN}"}
