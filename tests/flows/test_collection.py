"""The flow of collection: what `ancrage indicator collect` does, with a run an operator can read."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from flows.once import PASSES, run_one
from flows.server import EmbeddedServer
from tests.support.collecting import AT, indicator, make_project

pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect")]


def test_the_flow_collects_and_a_second_run_has_nothing_to_do(server: EmbeddedServer, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    with closing(make_project(folder, [indicator("backlog", '{drop: "*.csv"}')])) as made:
        (folder / "ancrage.toml").write_text('[collection]\ndrop = "drop"\nquiet_seconds = 0.01\n', encoding="utf-8")
        made.put("week.csv", "date,value\n2026-03-02,11\n")
        ran = run_one("indicator-collection", folder, AT)
        assert (ran.state, ran.headline) == ("Completed", "readings recorded 1, files taken 1")
        assert made.files() == ["taken/week.csv"]
        assert run_one("indicator-collection", folder, AT).headline == "nothing due"


def test_collection_is_no_stage_of_a_pass() -> None:
    assert "indicator-collection" not in PASSES
