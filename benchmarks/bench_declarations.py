"""Rows Y1, Y1b, Y4 and G1-G3 of performance.md: loading declarations, and questions to a large map.

Prints one line per row: floor, subject, ratio, goal. Process CPU, medians of interleaved rounds, synthetic data of seed 7.
Y1 is what its row names (parse, place of every key, duplicates, validation, references, graph); "all" adds what a load does beyond:
holidays, fingerprints, and every question whose answer is a warning.
"""

from __future__ import annotations

import gc
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path
from textwrap import indent
from typing import Any

import networkx as nx
import yaml

from ancrage.declarations.building import Building
from ancrage.declarations.folders import TextFolder
from ancrage.declarations.loading import load_programme_from_texts
from ancrage.declarations.project import ProjectReader
from ancrage.declarations.registry import Registry
from ancrage.declarations.strict_yaml import read_yaml_text
from ancrage.declarations.unknown_names import report_unknown_names
from ancrage.domain.map_graph import ProcessMap
from ancrage.domain.organisation import Organisation
from ancrage.domain.programme import DefaultPolicies, Programme
from ancrage.language import Label
from benchmarks.synthetic_project import synthetic_project

SEED, ROUNDS, AS_OF = 7, 5, date(2026, 1, 5)
Texts = Mapping[str, str]


def cpu(work: Callable[[], Any]) -> float:
    """Seconds of process CPU; memory is tidied before, not while."""
    gc.collect()
    start = time.process_time()
    kept = work()
    taken = time.process_time() - start
    del kept  # what a load gives is kept by its caller: taking it apart is no part of loading
    return taken


def compared(floor: Callable[[], Any], *subjects: Callable[[], Any]) -> tuple[float, list[tuple[float, float]]]:
    """Median seconds of the floor; median seconds and median ratio of each subject, all interleaved round by round."""
    rounds = [(cpu(floor), [cpu(subject) for subject in subjects]) for _ in range(ROUNDS)]
    medians = []
    for index in range(len(subjects)):
        seconds = [taken[index] for _, taken in rounds]
        ratios = [taken[index] / base for base, taken in rounds]
        medians.append((statistics.median(seconds), statistics.median(ratios)))
    return statistics.median(base for base, _ in rounds), medians


def scan_events(texts: Texts) -> None:
    """The floor: the C parser's events, and nothing done with them; the collector off, as in the subject."""
    gc.disable()
    for text in texts.values():
        for _ in yaml.parse(text, Loader=yaml.CSafeLoader):
            pass
    gc.enable()


def load_plainly(texts: Texts) -> list[Any]:
    """The peer: PyYAML's own loading, the collector as it is by default."""
    return [yaml.load(text, Loader=yaml.CSafeLoader) for text in texts.values()]


def load_one_text(texts: Texts) -> Any:
    """The peer of Y4: the whole map as one text, a part of it under each key."""
    one = "".join(f"{name.replace('/', '_')}:\n{indent(text, '  ')}" for name, text in texts.items())
    return yaml.load(one, Loader=yaml.CSafeLoader)


def load_and_link(texts: Texts) -> tuple[Registry, Building, Any]:
    """The subject of Y1: no more than its row names."""
    gc.disable()
    registry, building = Registry(), Building(AS_OF)
    reader = ProjectReader(TextFolder(texts), registry, building)
    reader.read_all()
    assert not reader.problems
    assert not report_unknown_names(registry)
    graph = ProcessMap(_bare({name: building.declared[name] for name in ("processes", "parties", "links")})).graph
    gc.enable()
    return registry, building, graph


def read_strictly(texts: Texts) -> None:
    """The first part of Y1 alone: trees with places, thrown away file by file."""
    gc.disable()
    for text in texts.values():
        read_yaml_text(text)
    gc.enable()


def _bare(things: Mapping[str, Any]) -> Programme:
    return Programme("", Label(), "", Organisation({}, {}, {}, ""), DefaultPolicies("", "", "", ""), **things)


def load_all(texts: Texts) -> Programme:
    """Everything that `ancrage check` does with a sound project."""
    loaded = load_programme_from_texts(texts, AS_OF)
    assert loaded.problems == ()
    return loaded.require()


def show(row: str, floor: float, subject: float, ratio: float, goal: str) -> None:
    print(f"{row:34} floor {floor * 1000:9.1f} ms   subject {subject * 1000:9.1f} ms   ratio {ratio:6.2f}   goal {goal}", flush=True)


def bench_loading() -> None:
    """Y1, Y1b, and their growth."""
    small = bench_size(1)
    large = bench_size(10)
    show("Y1 growth 1x to 10x", small, large, large / small, "linear")


def bench_size(size: float) -> float:
    """Y1 at one size, and Y1b at size 1: seconds of the subject."""
    texts = synthetic_project(size, SEED)
    print(f"-- {len(texts)} files, {sum(map(len, texts.values())) / 1e6:.1f} MB")
    works = (load_and_link, load_all, read_strictly)
    floor, ((linked, ratio), (whole, of_all), (read, of_read)) = compared(
        partial(scan_events, texts), *(partial(work, texts) for work in works)
    )
    show(f"reading alone, size {size}", floor, read, of_read, "-")
    show(f"Y1 size {size}", floor, linked, ratio, "<= 1.80")
    show(f"Y1 all, size {size}", floor, whole, of_all, "-")
    if size == 1:
        plain, ((again, _),) = compared(partial(load_plainly, texts), partial(load_and_link, texts))
        peer = plain + linked - read
        show("Y1b (yaml.load + the rest of Y1)", peer, again, again / peer, "<= 0.45")
    return linked


PEAK = """
import sys
sys.path[:0] = [{folder!r}]
from benchmarks import bench_declarations as bench
texts = bench.synthetic_project({size}, bench.SEED)
before = bench.peak()
kept = bench.{work}(texts)
print(bench.peak() - before)
"""


def peak() -> int:
    """The peak memory of this process so far, in KB. (getrusage would also tell the peak of the process that started it.)"""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


def peak_kilobytes(work: str, size: float) -> int:
    """Growth of the peak memory of a process of its own, in KB."""
    program = PEAK.format(folder=sys.path[0], size=size, work=work)
    return int(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)


def bench_memory() -> None:
    """Y4: peak of a load that keeps its programme, against yaml.load of the map as one text (its row), and of file after file."""
    for size in (1, 10):
        ours = peak_kilobytes("load_all", size)
        for work, goal in (("load_one_text", "<= 0.30" if size == 10 else "-"), ("load_plainly", "-")):
            theirs = peak_kilobytes(work, size)
            row = f"Y4 size {size}, {work}"
            megabytes = f"floor {theirs / 1024:9.1f} MB   subject {ours / 1024:9.1f} MB"
            print(f"{row:34} {megabytes}   ratio {ours / theirs:6.2f}   goal {goal}", flush=True)


def bench_graph() -> None:
    """G1 to G3: the graph, the reach of every node, the loops; at size 1 and 10."""
    rows = ("G1 build", "G2 reach of every node", "G3 loops")
    goals = ("-", "<= 12 x one nx.descendants", "<= 10 x the groups")
    small, large = graph_rows(1), graph_rows(10)
    for size, found in ((1, small), (10, large)):
        for row, goal, (floor, subject) in zip(rows, goals, found, strict=True):
            show(f"{row}, size {size}", floor, subject, subject / floor, goal)
    for row, (_, before), (_, after), goal in zip(rows, small, large, ("<= 12", "-", "-"), strict=True):
        show(f"{row}, growth 1x to 10x", before, after, after / before, goal)


def graph_rows(size: float) -> list[tuple[float, float]]:
    """(floor, subject) in seconds of G1, G2, G3; the floors are the groups, one `nx.descendants`, the groups."""
    programme = load_all(synthetic_project(size, SEED))
    built = ProcessMap(programme)
    graph, node = built.graph, next(iter(programme.processes))
    groups = median(lambda: list(nx.strongly_connected_components(graph)))
    one = median(lambda: nx.descendants(graph, node))
    return [(groups, median(lambda: ProcessMap(programme).graph)), (one, median(built.reach)), (groups, median(built.loops))]


def median(work: Callable[[], Any]) -> float:
    return statistics.median(cpu(work) for _ in range(ROUNDS))


if __name__ == "__main__":
    shown = ", ".join(f"{name} {version(name)}" for name in ("pyyaml", "networkx"))
    print(f"{platform.python_implementation()} {platform.python_version()}, {shown}, seed {SEED}, {ROUNDS} rounds")
    bench_loading()
    bench_memory()
    bench_graph()
