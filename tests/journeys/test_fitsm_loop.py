"""The same loop on a real organisation: the FitSM processes, imported, checked, applied, assessed, ranked (ASM-F1 to F6)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ancrage.cli.main import main
from ancrage.declarations.loading import load_programme
from ancrage.domain.assessment.determination import explain
from ancrage.domain.assessment.gaps import find_gaps
from ancrage.domain.assessment.types import AreaKey, AreaResult, Determination, GroupStatus, LevelState
from ancrage.exchange.fitsm import import_fitsm
from ancrage.language import Label
from ancrage.project import Project, open_project
from ancrage.services.advance import advance
from ancrage.services.campaign_launch import CampaignPlan, open_campaign
from ancrage.services.campaigns import GivenRating, asked_of, rate, submit
from ancrage.services.declarations import apply_plan, plan_apply
from ancrage.services.determinations import recompute_determination, stored_determination
from ancrage.storage.campaigns import fetch_actions, fetch_campaign, fetch_requests
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import CampaignStatus

pytestmark = pytest.mark.reference_data

BEGUN = datetime(2026, 1, 12, 9, tzinfo=UTC)
DUE, CLOSES = date(2026, 1, 23), date(2026, 1, 30)
PASSES = tuple(BEGUN + timedelta(days=days) for days in (10, 11, 14, 17))
"""The day before answers are due, the day itself, the next working day, and three days later."""
OVER = datetime(2026, 2, 2, 9, tzinfo=UTC)
LEAD, CAMPAIGN = "improvement-lead", "first"

AT_GOAL = {"SPM"}
"""Every requirement at 3."""
ALL_FOUR = {"SLM"}
AVERAGE_AT_GOAL = {"CHM"}
"""4 4 4 2 2 2: the average is the goal, three requirements are below it (ASM-F6)."""
ONE_AT_ZERO = {"PM"}
ONE_UNSCORED = {"ISRM"}
"""Its owner leaves one question open and never hands in."""
SILENT = {"CSI"}
LOW = {"SMS"}
"""17 general requirements at 1."""


def score(process: str, position: int) -> str | None:
    """What the owner of a process answers to its question at `position`; None where nothing is answered."""
    if process in SILENT or (process in ONE_UNSCORED and position == 1):
        return None
    if process in AVERAGE_AT_GOAL:
        return "4" if position < 3 else "2"
    if process in ONE_AT_ZERO:
        return "0" if position == 0 else "3"
    return "3" if process in AT_GOAL else "4" if process in ALL_FOUR else "1" if process in LOW else "2"


@pytest.fixture(scope="module")
def project(reference_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The imported project after one campaign: everybody answered some, two did not hand in, the last day has passed."""
    folder = tmp_path_factory.mktemp("fitsm") / "project"
    import_fitsm(reference_data / "fitsm", folder, BEGUN.date())
    with closing(open_project(folder)) as opened:
        with opened.units() as work:
            apply_plan(work, plan_apply(work, load_programme(folder, BEGUN.date()).require()), by=LEAD, at=BEGUN)
        with opened.units() as work:
            open_campaign(work, plan(folder), LEAD, BEGUN)
        advance(opened, BEGUN)
        with opened.units() as work:
            answer(work, opened)
        for instant in (*PASSES, OVER):
            advance(opened, instant)
        yield opened


def plan(folder: Path) -> CampaignPlan:
    """Every process, against goal 3; 4 for what is documented, to see that a group may have a goal of its own (ASM-F2)."""
    scope = tuple(load_programme(folder, BEGUN.date()).require().processes)
    return CampaignPlan(CAMPAIGN, Label.same("First"), "fitsm", scope, DUE, CLOSES, {"*": 3, "PR2": 4})


def answer(work: UnitOfWork, project: Project) -> None:
    for person, cells in asked_of(work, CAMPAIGN).items():
        scores = [(cell, score(cell.process, position)) for position, cell in enumerate(cells)]
        given = [GivenRating(cell.process, cell.practice, value) for cell, value in scores if value is not None]
        if given:
            rate(work, CAMPAIGN, person, given, BEGUN + timedelta(days=3))
            work.flush()
        if len(given) == len(cells):
            submit(work, CAMPAIGN, person, BEGUN + timedelta(days=3), project.first_channels)


@pytest.fixture(scope="module")
def determined(project: Project) -> Determination:
    with project.reading() as work:
        return stored_determination(work, CAMPAIGN)


def result(determined: Determination, process: str, area: str) -> AreaResult:
    return determined.results[AreaKey(process, area)]


def rules(determined: Determination, process: str, area: str) -> dict[str, str]:
    return {reason.rule: str(reason.message) for reason in explain(determined, process, area)}


def test_each_owner_is_asked_about_their_own_process_once(project: Project) -> None:
    with project.reading() as work:
        asked = {request.person_id: len(request.cells) for request in fetch_requests(work, CAMPAIGN)}
    assert (len(asked), sum(asked.values())) == (15, 82)
    assert (asked["sms-owner"], asked["chm-owner"], asked["csi-owner"]) == (17, 6, 3)


def test_the_campaign_closed_by_itself_after_its_last_day(project: Project) -> None:
    with project.reading() as work:
        campaign = fetch_campaign(work, CAMPAIGN)
    assert campaign is not None
    assert (campaign.status, campaign.closed_at) == (CampaignStatus.CLOSED, OVER)


def test_there_is_a_level_for_each_of_the_21_groups(determined: Determination) -> None:
    assert len(determined.results) == 21
    assert determined.method.name == "fitsm6"
    assert {key.process for key in determined.results if key.area.startswith("GR")} == {"SMS"}


def test_a_group_is_where_its_lowest_requirement_is_and_zero_is_a_level(determined: Determination) -> None:
    groups = (("SPM", "PR1"), ("CHM", "PR12"), ("PM", "PR10"))
    assert [result(determined, process, area).level.value for process, area in groups] == [3, 2, 0]
    assert [blocker.practice for blocker in result(determined, "PM", "PR10").blockers] == ["PR10.1"]
    assert "ASM-F5" in rules(determined, "PM", "PR10")


def test_unscored_is_not_zero_and_leaves_no_level(determined: Determination) -> None:
    for process, area, rated in (("ISRM", "PR9", 5), ("CSI", "PR14", 0)):
        found = result(determined, process, area)
        assert (found.level.state, found.level.value, found.counts.rated) == (LevelState.NOT_DETERMINED, None, rated)
        assert found.groups[0].status is GroupStatus.UNSATISFIED  # ASM-F4: unscored fails


def test_a_group_that_averages_its_goal_still_fails(determined: Determination) -> None:
    found = result(determined, "CHM", "PR12")
    assert (found.score, found.groups[0].level, found.groups[0].status) == (3.0, 3, GroupStatus.UNSATISFIED)
    assert [cell.practice for cell in found.groups[0].weaknesses] == ["PR12.4", "PR12.5", "PR12.6"]
    assert "decides nothing" in rules(determined, "CHM", "PR12")["ASM-F6"]


def test_a_group_has_the_goal_that_was_set_for_it(determined: Determination) -> None:
    found = [result(determined, process, area).groups[0] for process, area in (("SPM", "PR1"), ("SLM", "PR2"))]
    assert [(group.level, group.status) for group in found] == [(3, GroupStatus.SATISFIED), (4, GroupStatus.SATISFIED)]


def test_levels_can_be_computed_again_from_the_stored_answers(project: Project, determined: Determination) -> None:
    with project.reading() as work:
        again = recompute_determination(work, CAMPAIGN)
    assert again.inputs_fingerprint == determined.inputs_fingerprint
    assert again.results == determined.results


def test_gaps_are_what_misses_its_goal_the_largest_first(determined: Determination) -> None:
    sizes = {(gap.process, gap.area): gap.size for gap in find_gaps(determined)}
    assert next(iter(sizes.items())) == (("PM", "PR10"), 3)
    assert sizes["SMS", "GR1"] == 2
    assert sizes["ISRM", "PR9"] is None
    assert ("SPM", "PR1") not in sizes


def test_the_plan_is_ranked_with_reasons(project: Project) -> None:
    with project.reading() as work:
        actions = fetch_actions(work)
    assert [action.rank for action in actions] == list(range(1, len(actions) + 1))
    missing_levels = {(action.process_id, action.area_id) for action in actions}
    assert {("PM", "PR10"), ("CHM", "PR12"), ("SMS", "GR1")} <= missing_levels
    assert missing_levels.isdisjoint({("SPM", "PR1"), ("SLM", "PR2"), ("ISRM", "PR9"), ("CSI", "PR14")})
    change = next(action for action in actions if action.process_id == "CHM")
    assert change.title_en == "Improve PR12 in Change Management"
    assert {name: score for name, _, score, _ in change.reasons["terms"]} == {"no_objective": 3, "blocks": 2, "risk": 0}
    assert change.owner == "CHM.owner"


def test_who_did_not_answer_is_reminded_then_the_lead_is_told_and_who_answered_hears_nothing(project: Project) -> None:
    outbox = project.data_folder / "outbox"
    told = {address for path in outbox.rglob("*.eml") for line in path.read_text("utf-8").splitlines() if (address := recipient(line))}
    assert told == {"csi-owner@example.org", "isrm-owner@example.org", "improvement-lead@example.org"}


def recipient(line: str) -> str | None:
    """The bare address of a `To:` line."""
    return line.split()[-1].strip("<>") if line.startswith("To: ") else None


def test_the_commands_say_the_same(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(project.folder)
    assert main(["check", folder, "--as-of", "2026-01-12", "--json"]) == 0
    checked = json.loads(capsys.readouterr().out)
    assert {problem["code"] for problem in checked["problems"]} == {"W-LINK-ONE-SIDED"}
    assert (checked["errors"], checked["warnings"], checked["declared"]["processes"]) == (0, 20, 15)
    assert main(["map", folder, "--as-of", "2026-01-12", "--json"]) == 0
    answers = json.loads(capsys.readouterr().out)
    assert (answers["flows"], len(answers["one_sided_flows"]), answers["unused_outputs"], answers["unfed_inputs"]) == (45, 20, [], [])
    assert main(["--project", folder, "explain", f"level:{CAMPAIGN}/CHM/PR12"]) == 0
    assert "PR12.4 (2), PR12.5 (2), PR12.6 (2) below it" in capsys.readouterr().out
