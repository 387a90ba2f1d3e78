"""The flows, each through a real Prefect server: they do what `ancrage advance` does, and nothing twice."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ancrage.project import open_project
from ancrage.services.advance import advance
from flows.once import PASSES, run_one
from flows.server import EmbeddedServer
from tests.support.story import CAMPAIGN, DUE, copy_of, rows_in

pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect")]


@pytest.fixture(scope="module")
def advanced(story: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """The rows after `ancrage advance` on a copy of the story."""
    folder = copy_of(story, tmp_path_factory.mktemp("advanced") / "project")
    with closing(open_project(folder)) as project:
        report = advance(project, DUE)
    assert all(stage.counts for stage in report.stages), "the story must have something due in every stage"
    return rows_in(folder)


def without_bookmarks(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """How far a pass had read the journal depends on how many passes there were, and nothing else does."""
    return {**rows, "engine": [{**row, "seen_line": None} for row in rows["engine"]]}


def test_each_flow_once_gives_the_same_rows_as_advance(
    server: EmbeddedServer, project: Path, advanced: dict[str, list[dict[str, Any]]]
) -> None:
    runs = [run_one(flow, project, DUE) for flow in PASSES]
    assert [run.state for run in runs] == ["Completed"] * 4
    assert all(run.headline != "nothing due" for run in runs)
    assert without_bookmarks(rows_in(project)) == without_bookmarks(advanced)
    again = [run_one(flow, project, DUE) for flow in PASSES]
    assert len({run.run_id for run in [*runs, *again]}) == 8
    assert without_bookmarks(rows_in(project)) == without_bookmarks(advanced)


def test_a_flow_leaves_a_named_run_and_a_page_for_the_operator(server: EmbeddedServer, project: Path) -> None:
    from prefect import get_client
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId

    ran = run_one("assessment-cycle", project, DUE)
    with get_client(sync_client=True) as client:
        run = client.read_flow_run(UUID(ran.run_id))
        mine = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]))
        pages = [str(artifact.data) for artifact in client.read_artifacts(artifact_filter=mine)]
    assert run.name == "assessment-cycle 2026-01-27T10:00Z"
    assert run.state is not None
    assert run.state.message == ran.headline == "campaigns closed 1, actions ranked 3, commitments opened 1"
    assert ["| campaigns closed | 1 |" in page for page in pages] == [True]


def test_while_another_engine_is_at_work_a_flow_does_nothing_and_says_so(
    server: EmbeddedServer, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import flows.commitments
    from flows.stages import run_stage

    before = rows_in(project)
    monkeypatch.setattr(flows.commitments, "run_stage", run_stage.with_options(retries=0))
    with closing(open_project(project)) as other, other.engine_lock():
        ran = run_one("commitment-watch", project, DUE)
    assert (ran.state, ran.headline) == ("Skipped", "another engine is at work")
    assert rows_in(project) == before


def test_a_time_without_offset_is_refused_not_guessed(server: EmbeddedServer, project: Path) -> None:
    before = rows_in(project)
    ran = run_one("anchoring-watch", project, DUE.replace(tzinfo=None))
    assert ran.state == "Failed"
    assert "must carry its offset" in ran.headline
    assert rows_in(project) == before


def test_ranking_a_campaign_again_on_demand_stores_nothing_new(server: EmbeddedServer, project: Path) -> None:
    run_one("assessment-cycle", project, DUE)
    ranked = rows_in(project)
    ran = run_one("prioritisation", project, DUE, campaign=CAMPAIGN)
    assert (ran.state, ran.headline) == ("Completed", "actions ranked 3")
    assert rows_in(project) == ranked
