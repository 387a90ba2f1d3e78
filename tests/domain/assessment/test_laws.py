"""Laws that hold for every calculator and every campaign, whatever the ratings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ancrage.domain.assessment.determination import determine
from ancrage.domain.assessment.sheets.base import Record, ScoreResult
from ancrage.domain.assessment.types import CellKey, Determination, Judgement
from ancrage.errors import ProblemsFound
from tests.support.assessment import FITSM_CODES, SAMM_CODES, records, reference_model, score

Row = tuple[str, ...]
Figures = dict[tuple[str, object], float]


@dataclass(frozen=True)
class Kit:
    """How to write files of one method: all possible keys, values from worst to best, and the figures that may not fall."""

    method: str
    header: str
    keys: Sequence[Row]
    values: Sequence[str]
    figures: Sequence[tuple[str, Sequence[str], str]]
    """Part, the fields that name its records, and the figure; a figure that is not determined counts 0 and may rise from there."""


def product(*choices: Sequence[str]) -> list[Row]:
    rows: list[Row] = [()]
    for choice in choices:
        rows = [(*row, value) for row in rows for value in choice]
    return rows


NPLF = ("N", "P", "L", "F")
ATTRIBUTES = ("1.1", "2.1", "2.2", "3.1", "3.2")
PRACTICES = [("x", "1", "p1"), ("x", "1", "p2"), ("x", "2", "p3"), ("x", "3", "p4"), ("y", "1", "q1"), ("y", "2", "q2")]
KITS = {
    kit.method: kit
    for kit in (
        Kit(
            "samm", "team,practice,stream,level,answer", product("TU", ["SA", "TA"], "AB", "123"), ("0", "0.25", "0.5", "1"),
            [("practices", ["team", "practice"], "counted"), ("overall", ["team"], "counted")],
        ),
        Kit(
            "dsomm", "sub_dimension,activity,team,state",
            [(activity[0], activity, team) for activity in ("a1", "a2", "b1") for team in "TUV"], ("0", "20", "50", "100"),
            [("sectors", ["sub_dimension"], "share"), ("overall", [], "mean_share")],
        ),
        Kit(
            "iso33020", "process,attribute,instance,rating", product("xy", ATTRIBUTES, "ij"), NPLF,
            [("processes", ["process"], "capability_level")],
        ),
        Kit(
            "assessors", "process,attribute,criterion,assessor,rating", product("x", ATTRIBUTES, "cd", "AB"), NPLF,
            [
                ("attributes", ["attribute"], "value"), ("processes", ["process"], "capability_level"),
                ("processes", ["process"], "level_by_min"),
            ],
        ),
        Kit(
            "cmmi", "area,level,practice,instance,value", [(*practice, instance) for practice in PRACTICES for instance in "ij"],
            ("NI", "PI", "LI", "FI"), [("areas", ["area"], "capability_level")],
        ),
        Kit(
            "fitsm6", "group,requirement,score", [(group, f"{group}.{number}") for group in ("GR1", "PR1") for number in "1234"],
            FITSM_CODES, [("groups", ["group"], "level"), ("groups", ["group"], "average"), ("overall", [], "lowest_level")],
        ),
        Kit(
            "weighted", "section,item,score", product(["A", "A/x", "B"], "123"), ("0", "40.5", "99"),
            [("sections", ["section"], "average"), ("overall", [], "average"), ("overall", [], "average_of_averages")],
        ),
    )
}  # fmt: skip
METHODS = pytest.mark.parametrize("kit", KITS.values(), ids=KITS.keys())
FEW = settings(max_examples=20)


def write(kit: Kit, rows: Sequence[Row]) -> str:
    return "\n".join([kit.header, *(",".join(row) for row in rows)])


def figures(kit: Kit, result: ScoreResult) -> Figures:
    return {
        (f"{part} {figure}", tuple(record[name] for name in names)): _low(record, figure)
        for part, names, figure in kit.figures
        for record in records(result, part)
    }


def _low(record: Record, figure: str) -> float:
    value = record[figure]
    return float(value) if isinstance(value, int | float) else 0.0


def answered(kit: Kit, rows: Sequence[Row]) -> list[int]:
    return [index for index, row in enumerate(rows) if row[-1] in kit.values]


def draw_rows(data: st.DataObject, kit: Kit, special: Sequence[str] = ("", "NA")) -> list[Row]:
    keys = data.draw(st.lists(st.sampled_from(kit.keys), min_size=1, max_size=len(kit.keys), unique=True), label="keys")
    cells = st.sampled_from([*kit.values, *special])
    return [(*key, data.draw(cells)) for key in keys]


@METHODS
@FEW
@given(data=st.data())
def test_the_order_of_rows_never_matters(kit: Kit, data: st.DataObject) -> None:
    rows = draw_rows(data, kit, ("", "NA", "not assessed"))
    first = score(kit.method, write(kit, rows))
    second = score(kit.method, write(kit, data.draw(st.permutations(rows), label="shuffled")))
    assert second == first


@METHODS
@FEW
@given(data=st.data())
def test_raising_a_rating_never_lowers_a_figure(kit: Kit, data: st.DataObject) -> None:
    rows = draw_rows(data, kit)
    raisable = [index for index in answered(kit, rows) if rows[index][-1] != kit.values[-1]]
    if not raisable:
        return
    index = data.draw(st.sampled_from(raisable), label="raised row")
    better = kit.values[kit.values.index(rows[index][-1]) + 1 :]
    raised = [*rows]
    raised[index] = (*rows[index][:-1], data.draw(st.sampled_from(better), label="raised to"))
    before, after = (figures(kit, score(kit.method, write(kit, version))) for version in (rows, raised))
    assert {name: (before[name], after[name]) for name in before if after[name] < before[name] - 1e-9} == {}


@METHODS
@FEW
@given(data=st.data())
def test_zero_not_applicable_not_rated_and_not_assessed_never_merge(kit: Kit, data: st.DataObject) -> None:
    rows = draw_rows(data, kit)
    index = data.draw(st.integers(0, len(rows) - 1), label="row")
    answers = {}
    for cell in (kit.values[0], "NA", "", "not assessed"):
        version = [*rows]
        version[index] = (*rows[index][:-1], cell)
        result = score(kit.method, write(kit, version))
        answers[cell] = {part: records(result, part) for part in result.answer.parts}
    for one, other in combinations(answers, 2):
        assert answers[one] != answers[other], (one, other)


@METHODS
@FEW
@given(data=st.data())
def test_every_bad_row_is_reported_with_its_line_and_no_good_one(kit: Kit, data: st.DataObject) -> None:
    rows = draw_rows(data, kit)
    bad = data.draw(st.sets(st.integers(0, len(rows) - 1), min_size=1), label="bad rows")
    spoiled = [(*row[:-1], "17,5 about") if index in bad else row for index, row in enumerate(rows)]
    quoted = [(*row[:-1], f'"{row[-1]}"') for row in spoiled]
    with pytest.raises(ProblemsFound) as refused:
        score(kit.method, write(kit, quoted))
    lines = [problem.place.line for problem in refused.value.problems if problem.place]
    assert lines == [index + 2 for index in sorted(bad)]


@METHODS
def test_a_file_in_which_nothing_is_rated_has_no_score_and_no_level(kit: Kit) -> None:
    for cell in ("", "NA", "not assessed"):
        result = score(kit.method, write(kit, [(*key, cell) for key in kit.keys]))
        measured = [
            record[figure] for part, _, figure in kit.figures for record in records(result, part) if figure != "counted"
        ]  # "counted" takes unanswered as 0 by ASM-S3, and says so in its name
        assert set(measured) <= {None}, cell


Change = Callable[[dict[CellKey, str | None]], None]
MODELS = {
    "cmmi": reference_model({"a": {"p1": 1, "p2": 1, "p3": 2, "p4": 3}, "b": {"q1": 1, "q2": 2}}),
    "fitsm6": reference_model({"a": {"p1": 1, "p2": 1, "p3": 1, "p4": 1}, "b": {"q1": 1, "q2": 1}}, "fitsm6", FITSM_CODES),
    "samm": reference_model({"a": {f"D-SA-{stream}-{level}": level for stream in "AB" for level in (1, 2, 3)}}, "samm", SAMM_CODES),
    "iso33020": reference_model({"a": dict.fromkeys(["1.1", "2.1", "2.2", "PA 3.1", "PA 3.2"], 1)}, "iso33020", NPLF),
}
SCALES = {"cmmi": ("NI", "PI", "LI", "FI"), "fitsm6": FITSM_CODES, "samm": SAMM_CODES, "iso33020": NPLF}


def cells_of(method: str) -> list[CellKey]:
    return [CellKey(process, practice.id) for process in "xy" for area in MODELS[method].areas for practice in area.practices]


def draw_ratings(data: st.DataObject, method: str) -> dict[CellKey, str | None]:
    codes = [value.code for value in MODELS[method].scale]
    return data.draw(st.dictionaries(st.sampled_from(cells_of(method)), st.sampled_from([*codes, "NA", "JUDGE", None])), label="ratings")


def lowest(determination: Determination) -> list[int]:
    return [result.level.value or 0 for result in determination.results.values()]


@pytest.mark.parametrize("method", MODELS)
@FEW
@given(data=st.data())
def test_raising_a_rating_of_a_campaign_never_lowers_a_level(method: str, data: st.DataObject) -> None:
    ratings, scale = draw_ratings(data, method), SCALES[method]
    raisable = sorted(cell for cell, value in ratings.items() if value in scale[:-1])
    if not raisable:
        return
    cell = data.draw(st.sampled_from(raisable))
    value = ratings[cell]
    assert value is not None
    higher = data.draw(st.sampled_from(scale[scale.index(value) + 1 :]))
    judgements = [Judgement(cell.process, "a", 1, significant=data.draw(st.booleans()), by="chloe")]
    options = {"weaknesses": data.draw(st.sampled_from(["assume", "ask"]))} if method == "cmmi" else {}
    before, after = (
        determine(MODELS[method], version, "xy", judgements=judgements, options=options) for version in (ratings, {**ratings, cell: higher})
    )
    assert all(new >= old for old, new in zip(lowest(before), lowest(after), strict=True))


@pytest.mark.parametrize("method", MODELS)
@FEW
@given(data=st.data())
def test_the_order_of_ratings_of_a_campaign_never_matters(method: str, data: st.DataObject) -> None:
    ratings = draw_ratings(data, method)
    shuffled = dict(data.draw(st.permutations(list(ratings.items()))))
    assert determine(MODELS[method], shuffled, "xy") == determine(MODELS[method], ratings, "xy")


@pytest.mark.parametrize("method", MODELS)
@FEW
@given(data=st.data())
def test_the_standings_of_a_campaign_never_merge(method: str, data: st.DataObject) -> None:
    ratings = draw_ratings(data, method)
    cell = data.draw(st.sampled_from(cells_of(method)))
    without = {key: value for key, value in ratings.items() if key != cell}
    versions = [without, *({**without, cell: value} for value in (SCALES[method][0], "NA", "JUDGE", None))]
    results = [determine(MODELS[method], version, "xy") for version in versions]
    for one, other in combinations(results, 2):
        assert one.results != other.results
        assert one.inputs_fingerprint != other.inputs_fingerprint


@pytest.mark.parametrize("method", MODELS)
@FEW
@given(data=st.data())
def test_counts_add_up_to_the_practices_of_the_area(method: str, data: st.DataObject) -> None:
    model = MODELS[method]
    for result in determine(model, draw_ratings(data, method), "xy").results.values():
        counts = result.counts
        total = counts.rated + counts.not_applicable + counts.not_rated + counts.not_assessed + counts.judge
        assert total == len(model.area(result.area).practices)
