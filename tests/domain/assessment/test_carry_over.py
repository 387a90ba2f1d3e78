"""What the last cycle knew is proposed, never taken over in silence (ASM-K3)."""

from __future__ import annotations

from datetime import date

from ancrage.domain.assessment.carry_over import PastEvidence, PastRating, carry_over
from ancrage.domain.assessment.types import CellKey

TODAY = date(2026, 6, 30)
PLAN, BUILD, GONE = CellKey("x", "plan"), CellKey("x", "build"), CellKey("x", "gone")


def test_the_last_rating_is_proposed_to_confirm_with_its_age() -> None:
    past = [PastRating(PLAN, "LI", date(2025, 6, 30)), PastRating(PLAN, "FI", date(2026, 6, 20)), PastRating(PLAN, "PI", date(2026, 1, 1))]
    (carried,) = carry_over(past, [PLAN], TODAY).proposed
    assert (carried.value, carried.status, carried.age_days) == ("FI", "to_confirm", 10)
    assert carry_over(reversed(past), [PLAN], TODAY).proposed == (carried,)


def test_evidence_comes_with_its_age_and_expired_evidence_spoils_the_answer() -> None:
    evidence = (
        PastEvidence("policy", date(2026, 6, 1), expires=date(2026, 6, 30)),
        PastEvidence("minutes", date(2025, 6, 30), expires=date(2026, 6, 29)),
    )
    (carried,) = carry_over([PastRating(PLAN, "FI", date(2026, 6, 1), evidence)], [PLAN], TODAY).proposed
    assert [(piece.id, piece.age_days, piece.expired) for piece in carried.evidence] == [("policy", 29, False), ("minutes", 365, True)]
    assert not carried.still_valid


def test_not_applicable_is_carried_over_and_cells_of_one_cycle_only_are_named() -> None:
    result = carry_over([PastRating(PLAN, "NA", TODAY), PastRating(GONE, "FI", TODAY)], [BUILD, PLAN], TODAY)
    assert [rating.value for rating in result.proposed] == ["NA"]
    assert (result.dropped, result.fresh) == ((GONE,), (BUILD,))
