"""Which version of a contract holds, what two texts differ in, and ladders in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ancrage.domain.engagement import Clause, Contract, Trigger, TriggerKind
from ancrage.domain.engagement_changes import compare_texts
from ancrage.domain.engagement_versions import ContractVersion, VersionState, in_force, proposed, state_of
from ancrage.domain.engagement_words import amount_words, ladder_words
from ancrage.domain.policies import Repeat
from ancrage.domain.working_time import WorkingDays, WorkingTime, parse_budget
from ancrage.language import Label
from tests.support.ladders import ladder, step

MONDAY = datetime(2026, 1, 12, 9, tzinfo=UTC)
PARTIES = ("sponsor", "lead")


def version(number: int, *signed: str, withdrawn: bool = False) -> ContractVersion:
    """A version that those have signed, each an hour after the one before."""
    hours = {role: MONDAY.replace(hour=10 + hour) for hour, role in enumerate(signed)}
    return ContractVersion("c", number, f"text {number}", PARTIES, MONDAY, "ben", 1, hours, MONDAY if withdrawn else None)


def test_a_contract_is_in_force_from_its_last_signature_on() -> None:
    assert in_force([version(1, "sponsor")]) is None
    signed = version(1, "sponsor", "lead")
    assert in_force([signed]) == signed
    assert signed.complete_at == MONDAY.replace(hour=11)


def test_a_version_stays_in_force_until_every_party_has_signed_the_next() -> None:
    first, half, whole = version(1, *PARTIES), version(2, "sponsor"), version(2, *PARTIES)
    assert in_force([first, half]) == first
    assert [state_of(one, [first, half]) for one in (first, half)] == [VersionState.IN_FORCE, VersionState.PROPOSED]
    assert [state_of(one, [first, whole]) for one in (first, whole)] == [VersionState.SUPERSEDED, VersionState.IN_FORCE]
    assert proposed([first, whole]) is None


def test_what_was_withdrawn_holds_nothing_even_when_all_have_signed_it() -> None:
    first, taken = version(1, *PARTIES), version(2, *PARTIES, withdrawn=True)
    assert in_force([first, taken]) == first
    assert state_of(taken, [first, taken]) is VersionState.WITHDRAWN


def test_only_the_newest_unsigned_version_waits() -> None:
    versions = [version(1, "sponsor", withdrawn=True), version(2)]
    assert proposed(versions) == versions[1]
    assert proposed([]) is None


REACT = Clause("react", Label.same("I answer"), "sponsor", Trigger(TriggerKind.ALERT, ("backlog",)), WorkingDays(2), "standard", 1.5)
TEXT = Contract("c", Label.same("C"), "sponsor", "lead", "office", perimeter=("incident", "change"), clauses=(REACT,))


def test_the_same_text_differs_in_nothing() -> None:
    assert compare_texts(TEXT, replace(TEXT, fingerprint="other")) == ()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (replace(TEXT, perimeter=("incident", "problem")), "perimeter: change → problem"),
        (replace(TEXT, co_sponsor="deputy"), "co-sponsor: - → deputy"),
        (replace(TEXT, clauses=(replace(REACT, budget=WorkingDays(4)),)), "react, delay: 2wd → 4wd"),
        (replace(TEXT, clauses=(replace(REACT, trigger=None),)), "react, trigger: an alert of backlog → nothing"),
        (replace(TEXT, clauses=(replace(REACT, cost_hours_per_month=2.0),)), "react, hours a month: 1.5 → 2"),
        (replace(TEXT, clauses=()), "clause react is gone: I answer"),
        (replace(TEXT, clauses=(REACT, replace(REACT, id="chair", promise=Label.same("I chair")))), "clause chair is new: I chair"),
        (replace(TEXT, outside=(Label("l’outil", "the tool"),)), "outside: - → the tool"),
        (replace(TEXT, perimeter=("change", "incident")), "perimeter: incident, change → change, incident"),
    ],
)
def test_a_difference_is_named_by_clause_and_field(changed: Contract, words: str) -> None:
    assert [str(change.words) for change in compare_texts(TEXT, changed)] == [words]


def test_the_perimeter_is_known_by_what_it_holds_not_by_its_order() -> None:
    same = replace(TEXT, perimeter=("change", "incident"), name=Label.same("D"))
    assert TEXT.perimeter_fingerprint() == same.perimeter_fingerprint()
    for other in (replace(TEXT, perimeter=("incident",)), replace(TEXT, outside=(Label.same("the tool"),))):
        assert other.perimeter_fingerprint() != TEXT.perimeter_fingerprint()


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        ("1wd", "one working day"), ("3wd", "3 working days"), ("PT1H", "one working hour"), ("PT4H", "4 working hours"),
        ("PT90M", "90 working minutes"), ("PT90S", "2 working minutes"), ("P10D", "10 days"), ("P1M", "one month"),
        ("P1M1D", "one month and one day"), ("2026-03-31", "until 2026-03-31"),
    ],
)  # fmt: skip
def test_an_amount_of_time_in_words(budget: str, words: str) -> None:
    found = parse_budget(budget)
    assert found is not None
    assert str(amount_words(found)) == words


def test_a_ladder_in_words_says_who_is_told_when() -> None:
    policy = ladder(
        step("remind", "-1wd"), step("due", "0", "responsible", "steward"), step("next", "PT4H", "director", urgent=True),
        repeat=Repeat(WorkingTime(7200), 3),
    )  # fmt: skip
    assert [str(line) for line in ladder_words(policy, lambda role: Label.same(role.upper()))] == [
        "one working day before the deadline: who promised told",
        "at the deadline: who promised, STEWARD told",
        "4 working hours later without an answer: DIRECTOR told, at once, even outside working hours",
        "then the same again every 2 working hours, at most 3 times",
    ]
