"""The worked examples of assessment.md, and the limits around them, for SAMM, DSOMM, ISO/IEC 33020, assessors and weighted scores."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ancrage.domain.assessment.methods.assessors import VALUES, attribute_value, combine_values, rate_value
from ancrage.domain.assessment.methods.dsomm import StateKey, activity_share, highest_share, merge_progress, sector_share
from ancrage.domain.assessment.methods.iso33020 import aggregate, capability_level, rate_percent
from ancrage.domain.assessment.methods.numbers import mean, median, round_half, total
from ancrage.domain.assessment.methods.samm import (
    HIGHEST_PRIORITY,
    average,
    percent_to_target,
    progress_to_date,
    score_stream,
    stream_priority,
)
from ancrage.domain.assessment.methods.weighted import Scored, average_of_averages, compliance_share, share_of_range, weighted_average
from ancrage.domain.assessment.types import CapabilityLevel, LevelState, Standing


def f(text: str | int) -> Fraction:
    return Fraction(str(text))


class TestSamm:
    def test_all_a_quarter_in_both_streams_gives_three_quarters(self) -> None:
        stream = score_stream({level: f("0.25") for level in (1, 2, 3)})
        assert average([stream, stream]).score == f("0.75")

    def test_gap_of_2_25_in_a_target_of_3_5_leaves_35_7_percent(self) -> None:
        pairs = [(f("0.25"), f(target)) for target in ("1", "0.5", "0.5", "1", "0.5")]
        share = percent_to_target(pairs)
        assert share is not None
        assert round(float(share) * 100, 1) == 35.7

    def test_going_beyond_one_target_makes_up_for_no_other(self) -> None:
        assert percent_to_target([(f(1), f("0.5")), (f(0), f("0.5"))]) == f("0.5")

    def test_there_is_no_percentage_without_a_target(self) -> None:
        assert percent_to_target([]) is None
        assert percent_to_target([(f(1), f(0))]) is None

    def test_progress_from_0_625_to_1_25_on_the_way_to_1_75_is_55_6_percent(self) -> None:
        progress = progress_to_date(f("1.25"), f("0.625"), f("1.75"))
        assert progress is not None
        assert round(float(progress) * 100, 1) == 55.6

    def test_progress_may_be_negative_and_has_no_value_without_a_way_to_go(self) -> None:
        assert progress_to_date(f("0.5"), f(1), f(2)) == f("-0.5")
        assert progress_to_date(f(1), f(1), f(1)) is None

    def test_priority_from_1_to_3_is_8_of_15(self) -> None:
        priority = stream_priority(f(1), f(3))
        assert priority == 8
        assert round(float(priority / HIGHEST_PRIORITY) * 100) == 53
        assert stream_priority(f(0), f(3)) == HIGHEST_PRIORITY
        assert stream_priority(f(2), f(1)) == 0

    def test_what_does_not_apply_lowers_the_reachable_maximum_and_earns_nothing(self) -> None:
        stream = score_stream({1: f(1), 2: Standing.NOT_APPLICABLE, 3: f("0.5")})
        assert (stream.counted, stream.maximum, stream.not_applicable) == (f("1.5"), f(2), 1)

    def test_no_answer_is_no_score_and_counts_zero(self) -> None:
        silent = score_stream({level: Standing.NOT_RATED for level in (1, 2, 3)})
        zero = score_stream({level: f(0) for level in (1, 2, 3)})
        absent = score_stream({})
        assert (silent.score, silent.counted, silent.not_rated) == (None, f(0), 3)
        assert (zero.score, zero.counted, zero.answered) == (f(0), f(0), 3)
        assert (absent.score, absent.not_assessed) == (None, 3)
        assert average([silent, zero]).score == 0


class TestDsomm:
    def test_worked_example(self) -> None:
        act1, act2 = activity_share([f(1), f("0.2")]), activity_share([f("0.5"), None])
        assert sector_share([act1, act2]) == f("0.425")

    def test_teams_without_a_row_count_zero_and_activities_without_a_team_are_left_out(self) -> None:
        assert activity_share([f(1)], silent_teams=3) == f("0.25")
        assert activity_share([]) is None
        assert sector_share([None, f(1)]) == 1
        assert sector_share([None]) is None

    def test_the_highest_dated_state_counts_whatever_the_order_of_dates(self) -> None:
        early, late = date(2026, 1, 1), date(2026, 6, 1)
        states = [(f("0.5"), late), (f(1), early), (f("0.2"), late)]
        assert highest_share(states) == 1
        assert highest_share([(f(1), None), (f("0.2"), late)]) == f("0.2")
        assert highest_share([(f(1), None)]) is None
        assert highest_share([(f(1), late), (f("0.2"), early)], as_of=date(2026, 3, 1)) == f("0.2")

    def test_merging_two_files_keeps_the_earlier_date(self) -> None:
        key, other = StateKey("A", "act", "Done"), StateKey("B", "act", "Done")
        early, late = date(2026, 1, 1), date(2026, 6, 1)
        first, second = {key: late}, {key: early, other: None}
        assert merge_progress(first, second) == {key: early, other: None}
        assert merge_progress(second, first) == {key: early, other: None}
        assert merge_progress({key: None}, {key: late}) == {key: late}


class TestIso33020:
    @pytest.mark.parametrize(
        ("percent", "rating"),
        [
            ("0", "N"), ("15", "N"), ("15.0000001", "P-"), ("32.5", "P-"), ("32.51", "P+"), ("50", "P+"), ("50.4", "L-"), ("67.5", "L-"),
            ("67.6", "L+"), ("85", "L+"), ("85.4", "F"), ("100", "F"),
        ],
    )  # fmt: skip
    def test_percentages_are_judged_before_rounding_and_a_limit_belongs_to_the_lower_band(self, percent: str, rating: str) -> None:
        assert rate_percent(f(percent)) == rating

    @pytest.mark.parametrize(
        ("ratings", "how", "settings", "result"),
        [
            ("F L", "mean", {}, "F"),  # 2.5, half up
            ("F L", "mean", {"rounding": "half_down"}, "L"),
            ("F L", "median", {}, "L"),  # lower median
            ("F L", "median", {"which": "upper"}, "F"),
            ("N P F", "mean", {}, "P"),
            ("N P F", "median", {}, "P"),
            ("N N P", "mean", {}, "N"),
            ("N P", "mean", {}, "P"),
            ("N F", "median", {}, "N"),
            ("L+ L-", "mean", {}, "L"),
            ("L L", "judgement", {}, "L"),
            ("L P", "judgement", {}, "JUDGE"),
        ],
    )
    def test_several_ratings_of_an_attribute_are_aggregated(self, ratings: str, how: str, settings: dict[str, str], result: str) -> None:
        assert aggregate(ratings.split(), how, **settings) == result
        assert aggregate(ratings.split()[::-1], how, **settings) == result

    @pytest.mark.parametrize(
        ("attributes", "level", "at_least"),
        [
            ("L / F F", 1, False),  # worked examples of I3
            ("F / L L", 2, False),
            ("F / F L / L L", 2, False),
            ("N", 0, False),
            ("P / F F / F F", 0, False),
            ("F", 1, True),  # nobody was asked about level 2
            ("F / F F", 2, True),
            ("F / F F / L L", 3, False),
            ("F / F F / F F / F F / L L", 5, False),
            ("F / F F / F F / F F / F F", 5, False),
            ("F / F F / F F / F P / F F", 3, False),
            ("F / F ? / F F", 1, True),
            ("F / P ? / F F", 1, False),
            ("F / F - / F F", 3, True),
        ],
    )
    def test_the_climb_stops_at_the_first_level_that_fails(self, attributes: str, level: int, at_least: bool) -> None:
        standings = {"?": Standing.NOT_RATED, "-": Standing.NOT_APPLICABLE}
        rated = {
            f"{number}.{position}": standings.get(rating, rating)
            for number, ratings in enumerate(attributes.split(" / "), start=1)
            for position, rating in enumerate(ratings.split(), start=1)
        }
        assert capability_level(rated)[0] == CapabilityLevel(level, LevelState.DETERMINED, at_least)

    def test_level_one_without_an_answer_is_not_determined_and_without_a_question_not_assessed(self) -> None:
        assert capability_level({"1.1": Standing.NOT_RATED})[0].state is LevelState.NOT_DETERMINED
        assert capability_level({"1.1": Standing.JUDGE})[0].state is LevelState.NOT_DETERMINED
        assert capability_level({})[0].state is LevelState.NOT_ASSESSED
        assert capability_level({"1.1": "N"})[0] == CapabilityLevel.determined(0)
        assert capability_level({"1.1": Standing.NOT_APPLICABLE})[0].state is LevelState.NOT_APPLICABLE
        assert capability_level({"1.1": Standing.NOT_APPLICABLE, "2.1": "L", "2.2": "F"})[0] == CapabilityLevel.determined(2)

    def test_the_blockers_are_the_lower_attributes_not_fully_and_the_own_ones_below_largely(self) -> None:
        assert capability_level({"1.1": "L", "2.1": "P", "2.2": "F"})[1] == ("1.1", "2.1")
        assert capability_level({"1.1": "F", "2.1": "L", "2.2": "F", "3.1": "F", "3.2": "F"})[1] == ("2.1",)


class TestAssessors:
    def test_the_choice_of_combination_changes_the_rating(self) -> None:
        criteria = [("F", "L"), ("P", "P"), ("L", "N")]
        by_choice = {
            how: attribute_value([combine_values([VALUES[rating] for rating in ratings], how) for ratings in criteria])
            for how in ("min", "mean", "max")
        }
        assert by_choice == {"min": Fraction(1, 3), "mean": Fraction(1, 2), "max": Fraction(2, 3)}
        assert [rate_value(value) for value in by_choice.values() if value is not None] == ["P", "P", "L"]

    @pytest.mark.parametrize(
        ("value", "rating"), [("0.15", "N"), ("0.151", "P"), ("0.5", "P"), ("0.501", "L"), ("0.85", "L"), ("0.851", "F")]
    )
    def test_a_value_on_a_limit_belongs_to_the_lower_band(self, value: str, rating: str) -> None:
        assert rate_value(f(value)) == rating


class TestWeighted:
    ITEMS = ((Scored(f(80)), Scored(f(60))), (Scored(f(40)), Scored(f(100), f(3))))

    def test_worked_example(self) -> None:
        everything = [item for section in self.ITEMS for item in section]
        assert weighted_average(everything) == 80
        assert average_of_averages([weighted_average(section) for section in self.ITEMS]) == f("77.5")

    def test_nothing_scored_is_no_score_and_a_score_of_zero_is_one(self) -> None:
        assert weighted_average([]) is None
        assert weighted_average([Scored(f(5), f(0))]) is None
        assert weighted_average([Scored(f(0))]) == 0
        assert average_of_averages([None, None]) is None
        assert average_of_averages([None, f(0)]) == 0

    def test_mixed_scales_become_shares_of_their_own_range(self) -> None:
        shares = [share_of_range(f(3), f(1), f(5)), share_of_range(f(75), f(0), f(100))]
        assert weighted_average([Scored(share) for share in shares]) == f("0.625")

    def test_partial_compliance_counts_half(self) -> None:
        assert compliance_share(3, 2, 1) == Fraction(2, 3)
        assert compliance_share(0, 0, 2) == 0
        assert compliance_share(0, 0, 0) is None


class TestNumbers:
    def test_sums_are_exact_where_doubles_are_not(self) -> None:
        assert total([f("0.1")] * 3) == f("0.3")
        assert mean([f("0.1"), f("0.2")]) == f("0.15")
        assert mean([]) is None

    def test_thousands_of_unlike_fractions_are_rounded_once_instead_of_taking_for_ever(self) -> None:
        values = [Fraction(1, 10**12 + number) for number in range(3000)]
        assert abs(float(total(values)) - 3000 / 10**12) < 1e-15

    def test_rounding_and_medians_have_their_settings(self) -> None:
        assert [round_half(f("2.5")), round_half(f("2.5"), "half_down"), round_half(f("2.51"), "half_down")] == [3, 2, 3]
        assert [median([f(3), f(1)]), median([f(3), f(1)], "upper"), median([f(2), f(9), f(1)])] == [1, 3, 2]
