"""Feeds damaged files to the importers and the score reader: `python -m benchmarks.prove_importers [CASES] [SEED]`.

The real files of the reference data are damaged at random (`mutations`) and imported in one process of its own, whose memory is bounded.
Every outcome but an import or a refusal with its problems is a failure: another exception, more than 2 s, more than 500 MB, the end of
the process. Prints the table of docs/proofs.md. Exit code 1 with a failure; without the reference data nothing is run, and said so.

The limit of 2 s is on processor time, because the machine may be shared; a case that takes a minute by the clock is a hang.
"""

from __future__ import annotations

import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from select import select

from ancrage.domain.assessment.sheets.registry import CALCULATORS, calculator_spec, score_sheet
from ancrage.errors import AncrageError, ProblemsFound
from ancrage.exchange.ciso_assistant import import_ciso
from ancrage.exchange.ciso_assistant.metrics import Answerable
from ancrage.exchange.dsomm import import_dsomm
from ancrage.exchange.nplf import import_nplf
from ancrage.exchange.ratings_csv import read_ratings_csv
from ancrage.exchange.samm import import_samm
from ancrage.exchange.samm.ratings import CODES as SAMM_CODES
from benchmarks.mutations import mutate, mutate_zip

CASES, SEED = 100_000, 20260707
MOST_SECONDS, MOST_BYTES, HANG_SECONDS = 2.0, 500 * 1024 * 1024, 60
ADDRESS_SPACE = 3 * 1024**3
SLICE = 12_000
"""Bytes of a large file that one case uses: damage anywhere in it, at a tenth of the time."""


def reference_data() -> Path:
    """The folder of third-party data that is read in place."""
    return Path(os.environ.get("ANCRAGE_REFERENCE_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data") / "assessment"


@cache
def content(name: str) -> bytes:
    return (reference_data() / name).read_bytes()


@cache
def samm_part() -> Mapping[str, bytes]:
    """The files of one security practice of SAMM, and everything they refer to."""
    model = reference_data() / "samm-core-2.2.0" / "model"
    wanted = ("D-SA", "Design", "D-Secure", "1", "2", "3", "A", "L", "M", "F", "N", "Q")
    return {
        path.relative_to(model).as_posix(): path.read_bytes()
        for path in sorted(model.rglob("*.yml"))
        if path.stem.startswith(wanted[:3]) or path.stem in wanted
    }


def piece_of(name: str, entry: bytes, chance: random.Random) -> bytes:
    """The whole of a file now and then, mostly its head with whole entries from further down; `entry` is how one begins."""
    whole = content(name)
    if chance.random() < 0.05:
        return whole
    places = [match.start() + 1 for match in re.finditer(rb"\n(?=" + entry + rb")", whole)]
    first = chance.randrange(len(places))
    last = next((place for place in places[first:] if place > places[first] + SLICE), len(whole))
    return whole[: places[0]] + whole[places[first] : last]


Act = Callable[[], object]
"""What is measured; the damage was done before."""


def samm_folder(folder: Path, chance: random.Random) -> Act:
    files = dict(samm_part())
    for name in chance.sample(sorted(files), chance.randint(1, 3)):
        files[name] = mutate(files[name], chance)
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    return lambda: import_samm([folder])


def samm_workbook(folder: Path, chance: random.Random) -> Act:
    path = folder / "plan.xlsx"
    path.write_bytes(mutate_zip(content("samm-toolbox/SAMM_spreadsheet.xlsx"), chance))
    return (lambda: import_nplf([path])) if chance.random() < 0.2 else (lambda: import_samm([path]))


def samm_file(folder: Path, chance: random.Random) -> Act:
    path = folder / "a.json"
    answers = [{"questionCode": f"D-SA-{stream}-{level}", "answerScore": chance.choice(SAMM_CODES)} for stream in "AB" for level in "123"]
    remarks = {"name": "n", "version": "1", "assessmentStreamRemarks": {"D-SA-A": [{"text": "t"}]}}
    assessment = {"version": "1", "organization": "x", "scope": "y", "date": "2026-01-01", "answers": answers}
    whole = {"formatVersion": "1.0.0", "assessment": assessment, "extensions": [remarks]}
    schemas = [f"samm-interchange/{name}.schema.json" for name in ("core", "assessment-framework", "assessment-stream-remarks")]
    text = json.dumps(whole, indent=1).encode() if chance.random() < 0.8 else content(chance.choice(schemas))
    path.write_bytes(mutate(text, chance))
    return lambda: import_samm([path])


BUILD = b"f6f7737f-25a9-4317-8de2-09bf59f29b5b"
PROGRESS = b"progress:\n  %s:\n    Team A:\n      Started: 2025-01-01\n      Fully implemented: 2025-05-01\n" % BUILD
EVIDENCE = b"evidence:\n  %s:\n  - {id: x, teams: [Team A], title: t, attachment: [{externalLink: l}]}\n" % BUILD


def dsomm_folder(folder: Path, chance: random.Random) -> Act:
    files = {"model.yaml": piece_of("dsomm-4.3.1/model.yaml", rb"    [A-Z]", chance)}
    files |= {"team-progress.yaml": PROGRESS, "team-evidence.yaml": EVIDENCE}
    files |= {f"{name}.yaml": content(f"dsomm-4.3.1/{name}.yaml") for name in ("meta", "teams", "custom-activities")}
    for name in chance.sample(sorted(files), chance.randint(1, 3)):
        files[name] = mutate(files[name], chance)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    overlays = [folder / "custom-activities.yaml"] if chance.random() < 0.5 else []
    return lambda: import_dsomm([folder], overlays)


def ciso_library(folder: Path, chance: random.Random) -> Act:
    path = folder / "library.yaml"
    name = chance.choice(("ict-minimal", "ict-minimal", "core_cybersecurity_metrics"))
    path.write_bytes(mutate(piece_of(f"ciso-assistant/{name}.yaml", rb" +- urn:", chance), chance))
    return lambda: import_ciso([path], Answerable())


NPLF = "process,PA 1.1,PA 2.1,PA 2.2,PA 3.1\n" + "".join(f"P{row},F,L+,{row * 7 % 101}%,Partially\n" for row in range(30))


def nplf_table(folder: Path, chance: random.Random) -> Act:
    path = folder / "table.csv"
    path.write_bytes(mutate(NPLF.encode(), chance))
    return lambda: import_nplf([path])


def score_file(folder: Path, chance: random.Random) -> Act:
    method = chance.choice(sorted(CALCULATORS))
    spec = calculator_spec(method)
    rows = [spec.example[0], *spec.example[1:] * chance.choice((1, 1, 3))]
    path = folder / "ratings.csv"
    path.write_bytes(mutate("\n".join(chance.choice(",,;").join(row) for row in rows).encode(), chance))
    return lambda: score_bare_file(path, method)


def score_bare_file(path: Path, method: str) -> None:
    """What `ancrage score` does before it shows anything."""
    read = read_ratings_csv(path, calculator_spec(method).columns)
    score_sheet(read.sheet, method, {}, None, read.problems)


KINDS: Mapping[str, tuple[int, Callable[[Path, random.Random], Act]]] = {
    "SAMM core model, one practice": (6, samm_folder),
    "SAMM toolbox workbook (zip)": (3, samm_workbook),
    ".samm file or schema": (14, samm_file),
    "DSOMM model, overlay, progress, evidence": (6, dsomm_folder),
    "CISO Assistant library": (6, ciso_library),
    "N P L F table": (20, nplf_table),
    "score reader, seven methods": (45, score_file),
}
"""What is damaged, with its share in a hundred."""


@dataclass(frozen=True)
class Case:
    """One damaged source. `outcome` is imported, refused, or what went wrong."""

    kind: str
    outcome: str
    seconds: float
    memory: int


def run_case(number: int, seed: int, folder: Path) -> Case:
    """Damage, import, say what came of it."""
    chance = random.Random(seed * 1_000_003 + number)
    kind = chance.choices(list(KINDS), [share for share, _ in KINDS.values()])[0]
    act = KINDS[kind][1](folder, chance)
    started = time.process_time()
    try:
        act()
        outcome = "imported"
    except ProblemsFound as found:
        outcome = "refused" if found.problems else "refused without a problem"
    except AncrageError:
        outcome = "refused"
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        outcome = f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}: {str(error)[:120]}"
    seconds = time.process_time() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    if seconds > MOST_SECONDS:
        outcome = f"{outcome}, after {seconds:.1f} s"
    return Case(kind, f"{outcome}, with {memory >> 20} MB" if memory > MOST_BYTES else outcome, seconds, memory)


def worker(first: int, last: int, seed: int) -> None:
    """Run cases in this process; one line of JSON for each."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    for number in range(first, last):
        with tempfile.TemporaryDirectory() as folder:
            case = run_case(number, seed, Path(folder))
        sys.stdout.write(json.dumps([number, case.kind, case.outcome, case.seconds, case.memory]) + "\n")
        sys.stdout.flush()
        if case.memory > MOST_BYTES:
            return  # what follows would be measured by this one's mark


def prove(cases: int, seed: int) -> Iterator[tuple[int, Case]]:
    """Every case, in processes of a thousand each; the end of a process, or a minute of silence, is the outcome of the case it was at."""
    number = 0
    while number < cases:
        last = min(cases, number + 1000)
        command = [sys.executable, "-m", "benchmarks.prove_importers", "--worker", str(number), str(last), str(seed)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            while number < last:
                ready, _, _ = select([process.stdout], [], [], HANG_SECONDS)
                line = process.stdout.readline() if ready else ""
                if not line:
                    process.kill()
                    yield number, Case("?", "the process ended" if ready else "hang", 0, 0)
                    number += 1
                    break
                number, *values = json.loads(line)
                case = Case(*values)
                yield number, case
                number += 1
                if case.memory > MOST_BYTES:
                    break


def failed(case: Case) -> bool:
    return case.outcome not in ("imported", "refused")


def main() -> int:
    if sys.argv[1:2] == ["--worker"]:
        worker(*map(int, sys.argv[2:5]))
        return 0
    if not reference_data().is_dir():
        sys.stderr.write("not run: reference data is not here, set ANCRAGE_REFERENCE_DATA\n")
        return 0
    cases, seed = (int(sys.argv[place]) if len(sys.argv) > place else known for place, known in ((1, CASES), (2, SEED)))
    found: dict[str, list[Case]] = {}
    failures: Counter[str] = Counter()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was proved so far is printed
    with suppress(KeyboardInterrupt):
        _collect(prove(cases, seed), seed, found, failures)
    sys.stdout.write(table(found, failures))
    return 1 if failures else 0


def _collect(proved: Iterator[tuple[int, Case]], seed: int, found: dict[str, list[Case]], failures: Counter[str]) -> None:
    started = time.monotonic()
    for number, case in proved:
        found.setdefault(case.kind, []).append(case)
        if failed(case):
            failures[case.kind] += 1
            sys.stderr.write(f"case {number} of seed {seed}, {case.kind}: {case.outcome}\n")
        if (number + 1) % 5000 == 0:
            sys.stderr.write(f"{number + 1} cases, {sum(failures.values())} failures, {time.monotonic() - started:.0f} s\n")


def table(found: Mapping[str, list[Case]], failures: Mapping[str, int]) -> str:
    """The table of docs/proofs.md."""
    lines = ["| damaged | cases | imported | refused | failures | slowest | most memory |", "| --- | --- | --- | --- | --- | --- | --- |"]
    groups = {kind: found[kind] for kind in (*KINDS, "?") if kind in found}
    groups["all"] = [case for own in found.values() for case in own]
    for kind, own in groups.items():
        imported, refused = (sum(case.outcome == word for case in own) for word in ("imported", "refused"))
        bad = sum(failures.values()) if kind == "all" else failures.get(kind, 0)
        slowest, memory = max(case.seconds for case in own), max(case.memory for case in own) >> 20
        lines.append(f"| {kind} | {len(own):,} | {imported:,} | {refused:,} | {bad} | {slowest:.2f} s | {memory} MB |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main())
