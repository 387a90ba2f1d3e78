"""Two cycles on the SAMM model with three teams of four: late answers, disagreements, consensus, freezing, what is carried over.

12 people, 3 of them late (25 %), every seventh answer given differently by one member of a team (14 %).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ancrage.declarations.loading import load_programme
from ancrage.domain.assessment.comparison import Comparison
from ancrage.domain.assessment.recurrence import Recurrence
from ancrage.domain.assessment.types import AreaKey, CellKey, Determination
from ancrage.domain.escalation.facts import NoticeStatus, Result
from ancrage.errors import ProblemsFound, Refused
from ancrage.language import Label
from ancrage.project import Project, open_project
from ancrage.services.advance import PassReport, advance
from ancrage.services.answer_files import rate_file
from ancrage.services.campaign_launch import CampaignPlan, Respondents, open_campaign
from ancrage.services.campaign_requests import request_changes
from ancrage.services.campaign_scope import plan_scope_change
from ancrage.services.campaign_views import compare_campaigns, detail_campaign
from ancrage.services.campaigns import GivenRating, asked_of, rate, submit
from ancrage.services.declarations import apply_plan, plan_apply
from ancrage.services.determinations import decide_cell, recompute_determination, stored_determination
from ancrage.services.evidence import NewEvidence, add_evidence, use_evidence
from ancrage.services.findings import list_findings
from ancrage.services.judgements import GroupJudgement, judge_group
from ancrage.services.request_views import requests_of
from ancrage.storage.campaigns import fetch_agreed, fetch_ratings
from ancrage.storage.commitments import fetch_commitment
from ancrage.storage.notices import fetch_notices
from ancrage.storage.unit_of_work import UnitOfWork
from tests.support.samm_teams import CLOSES, DUE, LEAD, MEMBERS, TEAMS, people, person, write_project

pytestmark = pytest.mark.reference_data

BEGUN = datetime(2026, 3, 2, 8, tzinfo=UTC)
FIRST, SECOND = "spring", "autumn"
FIRST_TEAMS, SECOND_TEAMS = ("web", "mobile", "data"), ("web", "data", "platform")
LATE = {person("web", 2), person("mobile", 3), person("data", 4)}
EVERY = 7
"""Of so many answers one is given differently by the third member of the team."""
WORTH = {"1": Fraction(1), "0.5": Fraction(1, 2), "0.25": Fraction(1, 4), "0": Fraction(0)}
DISPUTED = CellKey("mobile", "D-SA-A-2")
"""One member says that it does not apply: people must decide."""
SHOWN, SHOWN_ONCE = CellKey("web", "G-SM-A-1"), CellKey("web", "G-SM-A-2")
"""Cells with evidence: of the first it stands in autumn, of the second it has expired."""


def common_answer(cell: CellKey, place: int) -> str:
    """What a team says of its practice at `place`: the higher, the less is done."""
    level = int(cell.practice.rsplit("-", 1)[1])
    return ("1", "0.5", "0.25", "0")[min(3, (place + level + TEAMS.index(cell.process)) % 5 // max(1, 4 - level))]


def answer(cell: CellKey, place: int, who: str) -> str:
    said = common_answer(cell, place)
    if cell == DISPUTED and who == person(cell.process, 4):
        return "NA"
    if place % EVERY == 0 and who == person(cell.process, 3):
        return "0.5" if said == "0.25" else "0.25"
    return said


@dataclass
class Story:
    """The project after both cycles, and what was seen on the way."""

    project: Project
    passes: list[PassReport] = field(default_factory=list)
    answers: int = 0
    disputed: int = 0
    closed_while_disputed: bool = False
    earlier: dict[CellKey, tuple[str, int, tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)

    def write(self, change: Callable[[UnitOfWork], object]) -> None:
        with self.project.units() as work:
            change(work)

    def move(self, at: datetime) -> None:
        self.passes.append(advance(self.project, at))


@pytest.fixture(scope="module")
def story(reference_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("samm") / "project"
    write_project(folder, reference_data)
    programme = load_programme(folder, BEGUN.date()).require()
    with closing(open_project(folder)) as project:
        told = Story(project)
        told.write(lambda work: apply_plan(work, plan_apply(work, programme), by=LEAD, at=BEGUN))
        first_cycle(told)
        second_cycle(told)
        yield told


def plan(campaign: str, teams: tuple[str, ...], due: date, closes: date, *, reuse: bool = False) -> CampaignPlan:
    who = (Respondents.OWNER, Respondents.RESPONSIBLE)
    again = Recurrence(6)
    return CampaignPlan(campaign, Label.same(campaign), "samm", teams, due, closes, {"*": 1}, who, reuse_valid=reuse, recurrence=again)


def first_cycle(told: Story) -> None:
    told.write(lambda work: open_campaign(work, plan(FIRST, FIRST_TEAMS, DUE, CLOSES), LEAD, BEGUN))
    told.write(lambda work: show_evidence(work, BEGUN))
    for days in (4, 8, 10):
        told.move(BEGUN + timedelta(days=days))
    hand_in(told, FIRST, [who for who in people(*FIRST_TEAMS) if who not in LATE], BEGUN + timedelta(days=10, hours=1))
    for days in (11, 14, 16):
        told.move(BEGUN + timedelta(days=days, hours=2))
    hand_in(told, FIRST, sorted(LATE), BEGUN + timedelta(days=16, hours=3))
    told.move(BEGUN + timedelta(days=16, hours=4))
    with told.project.reading() as work:
        detail = detail_campaign(work, FIRST)
    told.closed_while_disputed = detail.closed_at is not None
    told.disputed = len(detail.to_judge)
    agreed_at = BEGUN + timedelta(days=17, hours=3)
    told.write(lambda work: decide_cell(work, FIRST, DISPUTED, "0.5", LEAD, "it applies to half of the applications", agreed_at))
    told.move(agreed_at + timedelta(hours=1))


def show_evidence(work: UnitOfWork, at: datetime) -> None:
    standing = add_evidence(work, NewEvidence("plan.pdf", date(2026, 2, 1), date(2027, 2, 1), content=b"plan"), LEAD, at)
    expiring = add_evidence(work, NewEvidence("audit", date(2026, 2, 1), date(2026, 6, 1), address="https://audit.example/1"), LEAD, at)
    use_evidence(work, FIRST, SHOWN, standing, LEAD, at)
    use_evidence(work, FIRST, SHOWN_ONCE, expiring, LEAD, at)


def hand_in(told: Story, campaign: str, who: list[str], at: datetime) -> None:
    with told.project.units() as work:
        asked = asked_of(work, campaign)
        for one in who:
            given = [GivenRating(*cell, answer(cell, place, one)) for place, cell in enumerate(asked[one])]
            told.answers += rate(work, campaign, one, given, at)
        for one in who:
            submit(work, campaign, one, at, told.project.first_channels)


AUTUMN = datetime(2026, 9, 14, 8, tzinfo=UTC)


def second_cycle(told: Story) -> None:
    due, closes = AUTUMN.date() + timedelta(days=11), AUTUMN.date() + timedelta(days=18)
    told.move(AUTUMN - timedelta(days=100))
    told.write(lambda work: open_campaign(work, plan(SECOND, SECOND_TEAMS, due, closes, reuse=True), LEAD, AUTUMN))
    with told.project.reading() as work:
        (request,) = requests_of(work, person("web", 1), SECOND)
    told.earlier = {
        CellKey(asked.process, asked.practice): (asked.earlier.value, asked.earlier.age_days, asked.earlier.evidence, asked.earlier.expired)
        for asked in request.questions
        if asked.earlier is not None
    }
    hand_in(told, SECOND, people(*SECOND_TEAMS), AUTUMN + timedelta(days=3))
    told.move(AUTUMN + timedelta(days=3, hours=1))


def agreed(story: Story, campaign: str) -> dict[CellKey, str | None]:
    with story.project.reading() as work:
        return {CellKey(row.process_id, row.practice_id): row.value for row in fetch_agreed(work, campaign)}


def determination(story: Story, campaign: str) -> Determination:
    with story.project.reading() as work:
        return stored_determination(work, campaign)


def test_twelve_people_answer_ninety_questions_each(story: Story) -> None:
    with story.project.reading() as work:
        assert len(fetch_ratings(work, FIRST)) == 12 * 90


def test_the_late_are_reminded_and_the_punctual_are_not_chased(story: Story) -> None:
    with story.project.reading() as work:
        told = defaultdict[str, set[str]](set)
        for who in people(*FIRST_TEAMS):
            for notice in fetch_notices(work, commitment_id=f"{FIRST}/{who}"):
                if notice.status is NoticeStatus.SENT:
                    told[notice.step_id].add(who)
        results = {who: fetch_commitment(work, f"{FIRST}/{who}") for who in people(*FIRST_TEAMS)}
    assert told["remind"] == set(people(*FIRST_TEAMS))
    assert told["due"] == LATE
    assert {who for who, row in results.items() if row and row.result is Result.LATE} == LATE
    assert {row.result for who, row in results.items() if row and who not in LATE} == {Result.KEPT}


def test_the_lead_is_asked_for_a_consensus_and_the_engine_waits_for_it(story: Story) -> None:
    assert (story.closed_while_disputed, story.disputed) == (False, 1)
    with story.project.reading() as work:
        owed = fetch_commitment(work, f"consensus:{FIRST}")
    assert owed is not None
    assert "1 answers" in owed.title_en
    assert owed.result is Result.CANCELLED, "the engine closed the campaign once nothing was left to decide"


def test_disagreements_come_first_and_the_cautious_value_counts(story: Story) -> None:
    with story.project.reading() as work:
        cells = detail_campaign(work, FIRST).cells
    disagreements = [cell.disagreement for cell in cells]
    assert disagreements == sorted(disagreements, reverse=True)
    differing = sum(value > 0 for value in disagreements)
    assert 0.12 < differing / len(cells) < 0.17
    counted = agreed(story, FIRST)
    for cell in cells:
        key = CellKey(cell.process, cell.practice)
        if key != DISPUTED:
            assert counted[key] == min((value for _, value in cell.answers), key=WORTH.__getitem__)


@pytest.mark.parametrize("campaign", [FIRST, SECOND])
def test_scores_are_what_the_workbook_s_formula_gives(story: Story, campaign: str) -> None:
    """ASM-S1, S2: a stream is the sum of its three activities, a practice the mean of its two streams. Summed up here by hand."""
    values = agreed(story, campaign)
    found = determination(story, campaign)
    assert len(found.results) == 3 * 15
    for area, result in found.results.items():
        streams = defaultdict[str, Fraction](Fraction)
        for cell, value in values.items():
            function, practice, stream, _ = cell.practice.split("-")
            if cell.process == area.process and f"{function}-{practice}" == area.area:
                streams[stream] += WORTH[value or ""]
        score = sum(streams.values(), Fraction(0)) / 2
        assert result.score == float(score), area
        assert result.level.value == int(score)


def test_the_levels_can_be_computed_again(story: Story) -> None:
    with story.project.reading() as work:
        for campaign in (FIRST, SECOND):
            assert recompute_determination(work, campaign) == stored_determination(work, campaign)


def test_what_has_standing_evidence_is_not_asked_again(story: Story) -> None:
    with story.project.reading() as work:
        asked = {CellKey(*cell) for who in people("web") for cell in cells_of(work, who)}
    assert SHOWN not in asked
    assert agreed(story, SECOND)[SHOWN] == agreed(story, FIRST)[SHOWN]
    assert len(asked) == 89


def cells_of(work: UnitOfWork, who: str) -> list[tuple[str, str]]:
    (request,) = requests_of(work, who, SECOND)
    return [(asked.process, asked.practice) for asked in request.questions]


def test_the_rest_is_proposed_to_be_confirmed_with_its_age(story: Story) -> None:
    first = agreed(story, FIRST)
    assert len(story.earlier) == 89
    value, age, standing, expired = story.earlier[SHOWN_ONCE]
    assert (value, standing, len(expired)) == (first[SHOWN_ONCE], (), 1)
    assert age == (AUTUMN.date() - date(2026, 3, 19)).days


def test_evidence_about_to_expire_is_asked_to_be_renewed(story: Story) -> None:
    with story.project.reading() as work:
        owed = [row for row in (fetch_commitment(work, f"evidence:{one}") for one in evidence_ids(work)) if row is not None]
    assert [row.responsible for row in owed] == [f"person:{LEAD}"]


def evidence_ids(work: UnitOfWork) -> list[str]:
    from ancrage.services.evidence import list_evidence

    return [view.id for view in list_evidence(work)]


def test_cycles_are_compared_on_the_same_rows_only(story: Story) -> None:
    with story.project.reading() as work:
        levels: Comparison[AreaKey] = compare_campaigns(work, SECOND).levels
    assert {movement.row.process for movement in levels.movements} == {"web", "data"}
    assert ({row.process for row in levels.new}, {row.process for row in levels.gone}) == ({"platform"}, {"mobile"})
    assert (len(levels.movements), len(levels.new), len(levels.gone)) == (30, 15, 15)


def test_the_next_cycle_was_owed_and_launching_it_kept_the_promise(story: Story) -> None:
    with story.project.reading() as work:
        owed, next_one = fetch_commitment(work, f"review:{FIRST}"), fetch_commitment(work, f"review:{SECOND}")
    assert owed is not None
    assert (owed.due_at.date(), owed.result) == (date(2026, 9, 19), Result.KEPT)
    assert next_one is not None
    assert next_one.result is None


def test_findings_name_what_keeps_an_area_from_its_target(story: Story) -> None:
    with story.project.reading() as work:
        found = list_findings(work, FIRST)
    gaps = {(result.process, result.area) for result in determination(story, FIRST).results.values() if (result.level.value or 0) < 1}
    assert {(one.process, one.area) for one in found if one.severity == "high"} == gaps
    assert {one.severity for one in found if one.kind == "strength"} == {"none"}
    assert any(one.rerated for one in found if one.process == "web")
    assert not any(one.rerated for one in found if one.process == "mobile")


AFTER = AUTUMN + timedelta(days=20)
DOORS: dict[str, Callable[[UnitOfWork], object]] = {
    "rate": lambda work: rate(work, FIRST, person("web", 1), [GivenRating("web", "G-SM-A-1", "1")], AFTER),
    "decide": lambda work: decide_cell(work, FIRST, DISPUTED, "1", LEAD, "later", AFTER),
    "judge": lambda work: judge_group(work, FIRST, GroupJudgement("web", "G-SM", 1, True, "later"), LEAD, AFTER),
    "return": lambda work: request_changes(work, FIRST, person("web", 1), LEAD, "later", AFTER),
    "scope": lambda work: plan_scope_change(work, FIRST, ["platform"], [], (Respondents.OWNER,), AFTER),
    "evidence": lambda work: use_evidence(work, FIRST, SHOWN, evidence_ids(work)[0], LEAD, AFTER),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_frozen_cycle_is_changed_through_no_service(story: Story, door: str) -> None:
    with pytest.raises(Refused) as refusal, story.project.units() as work:
        DOORS[door](work)
    assert refusal.value.code == "closed"


def test_a_frozen_cycle_is_changed_by_no_import(story: Story, tmp_path: Path) -> None:
    sheet = tmp_path / "late.csv"
    sheet.write_text("process,practice,value\nweb,G-SM-A-1,1\n", encoding="utf-8")
    with pytest.raises((Refused, ProblemsFound)), story.project.units() as work:
        rate_file(work, FIRST, person("web", 1), sheet, AFTER)


FROZEN = ("rating", "agreed_rating", "determination", "capability_level", "campaign_request", "request_event", "evidence_use")


@pytest.mark.parametrize("table", FROZEN)
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_a_frozen_cycle_is_changed_by_no_statement(story: Story, table: str, verb: str) -> None:
    statement = f"UPDATE {table} SET campaign_id = campaign_id" if verb == "UPDATE" else f"DELETE FROM {table}"
    with pytest.raises(DBAPIError, match="never changes"), story.project.units() as work:
        work.session.execute(text(f"{statement} WHERE campaign_id = '{FIRST}'"))


def test_everybody_was_asked_and_nobody_twice(story: Story) -> None:
    assert len(people(*FIRST_TEAMS)) == 3 * MEMBERS
    assert story.answers == 12 * 90 + 4 * 89 + 8 * 90
