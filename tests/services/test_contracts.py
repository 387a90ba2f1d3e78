"""A contract is proposed, discussed, signed by each party, amended by version; what runs keeps the version it started with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ancrage.declarations.loading import load_programme
from ancrage.domain.escalation.facts import Action, ActionKind, NoticeStatus, Result, Status
from ancrage.domain.working_time import format_budget
from ancrage.errors import NotFound, Refused
from ancrage.project import Project, open_project
from ancrage.services.advance import Stage, advance
from ancrage.services.commitments import act_on_commitment, terms_of
from ancrage.services.contract_findings import find_contract_weaknesses
from ancrage.services.contract_requests import propose_contract, withdraw_contract
from ancrage.services.contract_signing import (
    NewRemark,
    Signing,
    answer_remark,
    comment_on_version,
    decline_version,
    record_told,
    sign_version,
    validate_perimeter,
    version_in_discussion,
)
from ancrage.services.contract_versions import Standing, promises_in_force, standing_of
from ancrage.services.contract_views import show_contract
from ancrage.services.declarations import apply_plan, plan_apply
from ancrage.services.programme import contracts_in_force, current_programme
from ancrage.services.promises import call_promise
from ancrage.storage.commitments import fetch_commitment, fetch_commitments
from ancrage.storage.notices import fetch_notices
from tests.support.story import DUE, copy_of

CONTRACT = "incident_contract"
SPONSOR, CO_SPONSOR, STEWARD = "sponsor_dsi", "co_sponsor_dsi", "improvement_lead"
HOLDERS = {SPONSOR: "anne", CO_SPONSOR: "bruno", STEWARD: "chloe"}
CHANNELS = ("file",)
CLAUSE = "arbitrate_support_load"
WEEK = timedelta(days=7)


def declare(project: Project, at: datetime, before: str, after: str) -> None:
    """Change the text of the contracts on disk, and apply it."""
    path = project.folder / "contracts.yaml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    programme = load_programme(project.folder, at.date()).require()
    with project.units() as work:
        apply_plan(work, plan_apply(work, programme), "chloe", at)


def declare_delay(project: Project, delay: str, at: datetime, old: str = "2wd") -> None:
    """The sponsor's first clause gets another delay."""
    line = "        delay: {}\n        cost_hours_per_month: 1.5"
    declare(project, at, line.format(old), line.format(delay))


def propose(project: Project, at: datetime, by: str = "chloe") -> tuple[str, ...]:
    with project.units() as work:
        return propose_contract(work, current_programme(work), CONTRACT, by, at, CHANNELS).asked


def sign(project: Project, at: datetime, *roles: str) -> None:
    for role in roles:
        with project.units() as work:
            version = version_in_discussion(work, current_programme(work), CONTRACT)
            sign_version(work, current_programme(work), version, Signing(role, HOLDERS[role], at), CHANNELS)


def standing(project: Project) -> Standing:
    with project.reading() as work:
        return standing_of(work, CONTRACT)


def delay_in_force(project: Project) -> str:
    with project.reading() as work:
        _, clause = promises_in_force(work, current_programme(work)).clause("react_incident_alert")
    assert clause.budget is not None
    return format_budget(clause.budget)


@pytest.fixture(scope="module")
def amended_template(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copy_of(template, tmp_path_factory.mktemp("amended") / "project")
    with closing(open_project(folder)) as project:
        declare_delay(project, "4wd", DUE)
    return folder


@pytest.fixture
def amended(amended_template: Path, tmp_path: Path) -> Iterator[Project]:
    """Version 1 is signed by all; the declared text has another delay."""
    with closing(open_project(copy_of(amended_template, tmp_path / "project"))) as project:
        yield project


def test_proposing_asks_each_party_by_an_ordinary_commitment_and_tells_them_at_once(project: Project) -> None:
    declare_delay(project, "4wd", DUE)
    assert propose(project, DUE) == (SPONSOR, CO_SPONSOR, STEWARD)
    assert propose(project, DUE + timedelta(hours=1)) == ()  # nobody is asked twice
    advance(project, DUE)
    with project.reading() as work:
        rows = [row for row in fetch_commitments(work, only_open=True) if row.subject.get("contract") == CONTRACT]
    assert {(row.id, row.kind.value, row.answerable, row.contract_version) for row in rows} == {
        (f"sign:{CONTRACT}@2/{role}", "review", person, 2) for role, person in HOLDERS.items()
    }
    assert {(format_budget(terms_of(row).budget), terms_of(row).policy.id) for row in rows} == {("5wd", "standard_request")}
    with project.reading() as work:
        told = [row for row in fetch_notices(work) if row.step_id == "contract_proposed"]
    assert sorted(row.person_id for row in told) == ["anne", "bruno", "chloe"]


def test_the_ordinary_ladder_reminds_and_escalates_a_missing_signature(amended: Project) -> None:
    propose(amended, DUE)
    for day in range(1, 22):
        advance(amended, DUE + timedelta(days=day), (Stage.COMMITMENTS,))
    with amended.reading() as work:
        row = fetch_commitment(work, f"sign:{CONTRACT}@2/{SPONSOR}")
    assert row is not None
    assert [firing["step"] for firing in row.ladder["fired"]] == ["remind", "due", "chase", "lead"]


def test_a_version_stays_in_force_until_the_next_is_signed_by_all(amended: Project) -> None:
    assert delay_in_force(amended) == "2wd"  # declared is not signed
    propose(amended, DUE)
    sign(amended, DUE, SPONSOR, CO_SPONSOR)
    assert delay_in_force(amended) == "2wd"
    sign(amended, DUE + WEEK, STEWARD)
    assert delay_in_force(amended) == "4wd"
    found = standing(amended).in_force
    assert found is not None
    assert (found.number, found.complete_at) == (2, DUE + WEEK)
    with amended.reading() as work:
        assert CONTRACT in contracts_in_force(work, current_programme(work))


def test_what_runs_keeps_its_version_and_what_is_new_takes_the_new_one(amended: Project) -> None:
    declare(amended, DUE, "delay: 3wd\n        cost_hours_per_month: 1\n", "delay: 6wd\n        cost_hours_per_month: 1\n")

    def call(event: str, at: datetime) -> None:
        with amended.units() as work:
            assert call_promise(work, current_programme(work), CLAUSE, event, "too much to do", "chloe", at)

    call("before", DUE)
    propose(amended, DUE)
    sign(amended, DUE, *HOLDERS)
    call("after", DUE + timedelta(minutes=1))
    with amended.reading() as work:
        rows = {row.event_id: row for row in fetch_commitments(work, clause_ids=[CLAUSE])}
    assert {event: (row.contract_version, format_budget(terms_of(row).budget)) for event, row in rows.items()} == {
        f"{CLAUSE}@before": (1, "3wd"), f"{CLAUSE}@after": (2, "6wd"),
    }  # fmt: skip


def test_a_month_that_has_begun_is_not_opened_anew_by_a_new_version(amended: Project) -> None:
    def months() -> list[tuple[str, int | None]]:
        with amended.reading() as work:
            rows = fetch_commitments(work, clause_ids=["chair_incident_committee"])
        return [(row.id, row.contract_version) for row in rows]

    before = months()
    propose(amended, DUE)
    second_of_february = datetime(2026, 2, 2, 8, tzinfo=UTC)
    sign(amended, second_of_february, *HOLDERS)  # before the first pass of the month
    advance(amended, second_of_february + timedelta(hours=1))
    assert months() == [*before, ("chair_incident_committee@2026-02", 2)]
    with amended.reading() as work:
        row = fetch_commitment(work, "chair_incident_committee@2026-02")
    assert row is not None
    assert row.started_at == datetime(2026, 1, 31, 23, tzinfo=UTC)  # its own first instant (ESC-M1), not that of the signature


def test_a_clause_that_is_declared_but_not_signed_calls_nobody(amended: Project) -> None:
    declare(amended, DUE, "      arbitrate_support_load:", "      decide_more:")
    with amended.units() as work, pytest.raises(Refused) as refused:
        call_promise(work, current_programme(work), "decide_more", "e", "", "chloe", DUE)
    assert refused.value.code == "not_in_force"
    with amended.units() as work:  # what was signed is owed, although it is declared no more
        assert call_promise(work, current_programme(work), CLAUSE, "e", "", "chloe", DUE)
    with amended.units() as work, pytest.raises(NotFound):
        call_promise(work, current_programme(work), "nothing", "e", "", "chloe", DUE)


def test_a_signature_on_time_is_kept_and_a_late_one_late(amended: Project) -> None:
    propose(amended, DUE)
    sign(amended, DUE + timedelta(days=1), SPONSOR)
    sign(amended, DUE + 3 * WEEK, CO_SPONSOR)
    with amended.reading() as work:
        rows = [fetch_commitment(work, f"sign:{CONTRACT}@2/{role}") for role in HOLDERS]
    assert [row.result if row else None for row in rows] == [Result.KEPT, Result.LATE, None]


def test_a_request_to_sign_is_fulfilled_by_a_signature_alone(amended: Project) -> None:
    propose(amended, DUE)
    with amended.units() as work:
        done = Action("x", ActionKind.FULFIL, DUE, "anne")
        assert act_on_commitment(work, current_programme(work), f"sign:{CONTRACT}@2/{SPONSOR}", done, CHANNELS).refused == "not_signed"


def test_a_newer_text_takes_the_place_of_one_that_waits_and_its_requests_end(amended: Project) -> None:
    propose(amended, DUE)
    sign(amended, DUE, SPONSOR)
    declare_delay(amended, "3wd", DUE, old="4wd")
    with amended.units() as work:
        made = propose_contract(work, current_programme(work), CONTRACT, "chloe", DUE + WEEK, CHANNELS)
    assert (made.version.number, made.replaces, made.asked) == (3, 2, (SPONSOR, CO_SPONSOR, STEWARD))
    with amended.reading() as work:
        rows = [fetch_commitment(work, f"sign:{CONTRACT}@2/{role}") for role in (SPONSOR, CO_SPONSOR)]
    assert [row.result if row else None for row in rows] == [Result.KEPT, Result.CANCELLED]
    assert delay_in_force(amended) == "2wd"


def test_a_text_that_comes_back_is_signed_anew(amended: Project) -> None:
    propose(amended, DUE)
    sign(amended, DUE, *HOLDERS)
    declare_delay(amended, "2wd", DUE + WEEK, old="4wd")
    assert propose(amended, DUE + WEEK) == (SPONSOR, CO_SPONSOR, STEWARD)
    versions = standing(amended).versions
    assert (versions[0].fingerprint, versions[2].number, versions[2].signed) == (versions[2].fingerprint, 3, {})


@pytest.mark.parametrize(
    ("by", "code"), [("anne", "not_the_steward"), ("nobody", "not_the_steward"), ("chloe", "nothing_new")]
)  # fmt: skip
def test_what_cannot_be_proposed_is_refused(embedded: Project, by: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        propose(embedded, DUE, by)
    assert refused.value.code == code


def test_a_withdrawn_version_asks_nobody_and_leaves_what_holds(amended: Project) -> None:
    propose(amended, DUE)
    with amended.units() as work:
        withdraw_contract(work, current_programme(work), CONTRACT, "chloe", "too early", DUE, CHANNELS)
    with amended.reading() as work:
        assert all(row.status is Status.CLOSED for row in fetch_commitments(work) if row.subject.get("contract") == CONTRACT)
    found = standing(amended)
    assert (found.proposed, found.in_force and found.in_force.number) == (None, 1)
    with amended.units() as work, pytest.raises(Refused) as refused:
        withdraw_contract(work, current_programme(work), CONTRACT, "chloe", "again", DUE, CHANNELS)
    assert refused.value.code == "nothing_proposed"


def test_the_steward_is_told_of_each_comment_and_refusal_and_answers_them(amended: Project) -> None:
    propose(amended, DUE)
    with amended.units() as work:
        programme = current_programme(work)
        version = version_in_discussion(work, programme, CONTRACT)
        for number in range(2):
            comment_on_version(work, programme, version, NewRemark(f"c{number}", "anne", DUE, f"point {number}"), CHANNELS)
        comment_on_version(work, programme, version, NewRemark("own", "chloe", DUE, "a note to myself"), CHANNELS)
        signing, remark = Signing(CO_SPONSOR, "bruno", DUE), NewRemark("d", "bruno", DUE, "not yet")
        decline_version(work, programme, version, signing, remark, CHANNELS)
    with amended.reading() as work:
        assert show_contract(work, CONTRACT, DUE).open_remarks == 4
    with amended.units() as work:
        assert answer_remark(work, "c0", "chloe", "taken up", DUE + WEEK)
        assert not answer_remark(work, "c0", "chloe", "again", DUE + WEEK)
        with pytest.raises(NotFound):
            answer_remark(work, "nothing", "chloe", "", DUE)
    advance(amended, DUE)
    with amended.reading() as work:
        told = [(row.person_id, row.step_id, row.occurrence) for row in fetch_notices(work, status=NoticeStatus.SENT, person_id="chloe")]
        assert {("chloe", "contract_commented", 1), ("chloe", "contract_commented", 2), ("chloe", "contract_declined", 1)} <= set(told)
        assert show_contract(work, CONTRACT, DUE).open_remarks == 3


def test_another_perimeter_is_validated_anew(embedded: Project) -> None:
    def weak() -> list[str]:
        with embedded.reading() as work:
            return [str(found.message) for found in find_contract_weaknesses(work, current_programme(work), DUE, CONTRACT)]

    assert weak() == []
    declare(embedded, DUE, "perimeter: [incident, major_incident, problem, service_request]", "perimeter: [incident, problem]")
    assert [line for line in weak() if "differs from version 1" in line]
    propose(embedded, DUE)
    assert [line for line in weak() if "nobody has validated the perimeter" in line]
    with embedded.units() as work:
        with pytest.raises(Refused) as refused:
            validate_perimeter(work, current_programme(work), CONTRACT, "bruno", DUE)
        assert refused.value.code == "not_the_sponsor"
        assert validate_perimeter(work, current_programme(work), CONTRACT, "anne", DUE)
        assert not validate_perimeter(work, current_programme(work), CONTRACT, "anne", DUE)
    assert not [line for line in weak() if "perimeter" in line]


def test_a_stakeholder_is_untold_until_the_present_holder_was_told(embedded: Project) -> None:
    declare(embedded, DUE, "stakeholders: [incident_owner, problem_owner,", "stakeholders: [change_owner, incident_owner, problem_owner,")
    with embedded.units() as work:
        programme = current_programme(work)
        weak = [str(found.message) for found in find_contract_weaknesses(work, programme, DUE, CONTRACT)]
        assert [line for line in weak if "nobody has told" in line]
        assert record_told(work, programme, CONTRACT, "change_owner", "chloe", "by telephone", DUE)
        assert not record_told(work, programme, CONTRACT, "change_owner", "chloe", "again", DUE)
        with pytest.raises(Refused) as refused:
            record_told(work, programme, CONTRACT, "sponsor_dsi", "chloe", "", DUE)
        assert refused.value.code == "not_a_stakeholder"
        work.flush()
        weak = [str(found.message) for found in find_contract_weaknesses(work, programme, DUE, CONTRACT)]
        assert not [line for line in weak if "nobody has told" in line]


def test_signing_terms_do_not_belong_to_the_text_that_is_signed(embedded: Project) -> None:
    path = embedded.folder / "project.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("reading: standard_reading", "reading: standard_reading, signing: {delay: 8wd, policy: sponsor_monthly}"))
    programme = load_programme(embedded.folder, DUE.date()).require()
    assert (format_budget(programme.defaults.signing.budget), programme.defaults.signing_policy) == ("8wd", "sponsor_monthly")
    with embedded.reading() as work:
        known = current_programme(work).contracts[CONTRACT]
    assert programme.contracts[CONTRACT].fingerprint == known.fingerprint
