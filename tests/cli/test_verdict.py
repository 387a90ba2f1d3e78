"""`ancrage verdict` and `ancrage chart`: the calculators on bare files, as a person or another program calls them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ancrage.cli.main import main

BEFORE = [f"2025-{month:02}-28,{70 + month % 4}" for month in range(1, 13)]
AFTER = [f"2026-{month:02}-28,{50 + month % 5}" for month in range(1, 13)]
GOOD = ["--event", "2026-01-01", "--target", "60", "--direction", "decrease"]


@pytest.fixture
def series(tmp_path: Path) -> str:
    return write(tmp_path / "backlog.csv", ["date,value", *BEFORE, *AFTER])


def write(path: Path, lines: list[str]) -> str:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    said = capsys.readouterr()
    return code, said.out, said.err


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    code, out, err = run(capsys, *arguments, "--json")
    assert code == 0, err + out
    found: dict[str, Any] = json.loads(out)
    return found


def test_the_verdict_in_words(series: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "verdict", series, *GOOD, "--language", "en")
    assert code == 0
    assert "As of 2026-12-28, the practice has been adopted." in out
    assert "What would change it next: 8 more readings without an erosion alarm." in out


def test_the_verdict_as_json(series: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "verdict", series, *GOOD)
    assert (found["shape"], found["version"], found["state"]) == ("ancrage.verdict", 1, "adopted")
    (row,) = found["rows"]
    assert {key: row[key] for key in ("series", "t", "state", "target_met")} == {
        "series": "backlog", "t": 12, "state": "adopted", "target_met": True,
    }  # fmt: skip


def test_the_verdict_after_each_point_and_as_of_a_day_agree(series: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = answer(capsys, "verdict", series, *GOOD, "--each-point")["rows"]
    assert [row["state"] for row in rows] == ["insufficient_data"] * 3 + ["emerging"] * 4 + ["adopted"] * 5
    earlier = answer(capsys, "verdict", series, *GOOD, "--as-of", "2026-04-28")
    assert (earlier["state"], earlier["rows"][0]["t"]) == ("emerging", 4)


def test_a_proportion_is_read_from_its_two_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"2025-{month:02}-28;{8 + month % 3};20" for month in range(1, 13)]
    rows += [f"2026-{month:02}-28;{17 + month % 3};20" for month in range(1, 9)]
    path = write(tmp_path / "share.csv", ["date;numerator;denominator", *rows])
    found = answer(capsys, "verdict", path, "--event", "2026-01-01", "--target", "0.75", "--direction", "increase")
    assert (found["state"], found["numbers"]["baseline_points"]) == ("adopted", 12)


def test_many_series_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = " ".join(str(10 + number % 4) for number in range(12)) + " NA " + " ".join(str(20 + number % 4) for number in range(9))
    shares = " ".join(["8"] * 12 + ["19"] * 9)
    cases = " ".join(["20"] * 21)
    long = write(tmp_path / "long.csv", ["series_id,values_or_numerators,denominators", f"A,{good},", f"B,{shares},{cases}"])
    told = write(tmp_path / "parameters.csv", [
        "series_id,type,direction,target,baseline_points,scenario", "A,value,increase,15,12,x", "B,proportion,increase,0.75,12,y",
    ])  # fmt: skip
    rows = answer(capsys, "verdict", "--long", long, "--parameters", told)["rows"]
    assert [(row["series"], row["t"], row["state"]) for row in rows] == [("A", 10, "adopted"), ("B", 9, "adopted")]
    each = answer(capsys, "verdict", "--long", long, "--parameters", told, "--each-point")["rows"]
    assert [row["t"] for row in each] == [*range(1, 11), *range(1, 10)]
    assert set(each[0]) >= {"series", "t", "state", "target_met", "caveats"}


@pytest.mark.reference_data
def test_the_files_of_the_reference_folder_are_read(reference_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = reference_data / "indicators"
    files = ["--long", str(folder / "lifecycle_series.csv"), "--parameters", str(folder / "lifecycle_truth.csv")]
    rows = answer(capsys, "verdict", *files, "--each-point")["rows"]
    assert (len(rows), rows[-1]["t"]) == (72 * 72, 72)


def test_a_chart_in_words_and_as_json(series: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "chart", series, "--rebase", "2026-01-28", "--target", "60", "--direction", "decrease", "--language", "en")
    assert "assurance: consistent_pass" in out
    found = answer(capsys, "chart", series, "--profile", "western_electric", "--first", "12")
    assert (found["shape"], found["profile"], len(found["phases"]), len(found["points"])) == ("ancrage.chart", "western_electric", 1, 24)
    assert set(found["phases"][0]) == {"from", "to", "centre", "lower", "upper"}
    assert found["points"][12]["rules"][0] == "outside"
    assert found["points"][12]["side"] == "below"


def test_every_bad_row_is_reported_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "bad.csv", ["date,value", "2026-13-01,3", "2026-01-28,4", "2026-01-28,5", "2026-02-28,many", "2026-03-28,"])
    code, out, _ = run(capsys, "chart", path, "--json")
    assert code == 1
    problems = json.loads(out)["problems"]
    assert [(problem["code"], problem["place"]["line"]) for problem in problems] == [
        ("E-CELL-VALUE", 2), ("E-ROW-TWICE", 4), ("E-CELL-VALUE", 5),
    ]  # fmt: skip


def test_bad_long_files_are_refused_row_by_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    long = write(tmp_path / "long.csv", ["series_id,values_or_numerators,denominators", "A,1 2 x,", "B,1 2,3", "A,1,", "A,2,"])
    told = write(tmp_path / "told.csv", ["series_id,type,direction,target,baseline_points", "A,sum,up,1,many"])
    code, out, _ = run(capsys, "verdict", "--long", long, "--parameters", told, "--json")
    assert (code, [problem["code"] for problem in json.loads(out)["problems"]]) == (
        1, ["E-CELL-VALUE", "E-ROW-CELLS", "E-ROW-TWICE", "E-ROW-TWICE"],
    )  # fmt: skip


def test_parameters_of_a_series_that_is_not_there_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    long = write(tmp_path / "long.csv", ["series_id,values_or_numerators", "A,1 2"])
    told = write(tmp_path / "told.csv", ["series_id,type,direction,target,baseline_points", "Z,value,increase,1,1"])
    code, _, err = run(capsys, "verdict", "--long", long, "--parameters", told, "--language", "en")
    assert (code, "series Z has parameters and no readings" in err) == (1, True)


def test_a_chart_is_drawn_into_files(series: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    svg, png = tmp_path / "chart.svg", tmp_path / "chart.png"
    code, _, _ = run(
        capsys, "chart", series, "--svg", str(svg), "--png", str(png), "--title", "Délai de réponse", "--target", "60",
        "--direction", "decrease", "--event", "2026-01-28=Outil livré", "--language", "fr",
    )  # fmt: skip
    assert code == 0
    assert "Délai de réponse" in svg.read_text(encoding="utf-8")
    assert "28 janv. 2026 · Outil livré" in svg.read_text(encoding="utf-8")
    assert png.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("event", ["2026-01-28", "soon=never", "2026-01-28= "])
def test_an_event_without_day_or_words_is_wrong_use_and_draws_nothing(
    series: str, event: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, _ = run(capsys, "chart", series, "--svg", str(tmp_path / "chart.svg"), "--event", event)
    assert (code, list(tmp_path.glob("*.svg"))) == (2, [])


@pytest.mark.parametrize("arguments", [["verdict"], ["verdict", "x.csv"], ["verdict", "--long", "x.csv"], ["chart"]])
def test_what_is_missing_is_wrong_use(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, *arguments)[0] == 2


def test_an_unknown_profile_names_the_known_ones(series: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "chart", series, "--profile", "six_sigma", "--language", "en")
    assert (code, "nhs, western_electric, nelson, wheeler, anhoej" in err) == (2, True)
