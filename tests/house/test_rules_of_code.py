"""Rules of the house that read the code itself; each test reports every place at once."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 400
LONGEST_FUNCTION = 60

EDGES = ("ancrage/cli/", "ancrage/web/", "ancrage/project.py", "ancrage/settings.py", "flows/")
"""Where settings and clocks may be read; everything else is told."""

CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns", "time.localtime", "time.gmtime"}
SETTINGS = {"os.environ", "os.getenv", "os.putenv"}


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Our own Python files below `folders`, as (path from the root, tree); migrations are history and not rules."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/migrations/versions/" not in name:
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def chains(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every `owner.name` with its line, by the last two names: `datetime.now` for `datetime.datetime.now`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
            yield node.lineno, f"{name}.{node.attr}"


def uses(words: set[str]) -> list[str]:
    inner = ((name, tree) for name, tree in sources("ancrage", "models", "flows") if not name.startswith(EDGES))
    return [f"{name}:{line} {word}" for name, tree in inner for line, word in chains(tree) if word in words]


def test_no_clock_is_read_but_at_the_edges() -> None:
    assert uses(CLOCKS) == []


def test_no_setting_is_read_but_at_the_edges() -> None:
    assert uses(SETTINGS) == []


def test_nothing_sleeps_inside() -> None:
    assert uses({"time.sleep", "asyncio.sleep"}) == []


def test_a_clock_hidden_behind_an_import_is_seen() -> None:
    tree = ast.parse("import datetime\nx = datetime.datetime.now()\ny = list(map(date.today, ()))")
    assert [word for _, word in chains(tree) if word in CLOCKS] == ["datetime.now", "date.today"]


def test_every_file_is_one_room_of_at_most_400_lines() -> None:
    names = [name for name, _ in sources("ancrage", "models", "flows", "scripts", "benchmarks", "tests")]
    lengths = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in names}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_every_function_fits_on_a_screen() -> None:
    too_long = [
        f"{name}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1} lines"
        for name, tree in sources("ancrage", "models", "flows", "scripts", "benchmarks")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]
    assert too_long == []


def test_every_module_says_what_belongs_in_it() -> None:
    assert [name for name, tree in sources("ancrage", "models", "flows", "scripts") if tree.body and not ast.get_docstring(tree)] == []


def test_every_public_function_and_class_of_domain_and_services_says_what_it_answers() -> None:
    silent = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in sources("ancrage/domain", "ancrage/services")
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


ARRAYS = {"ancrage/domain/anchoring/arrays.py", "ancrage/domain/assessment/arrays.py"}
"""The modules behind which numpy stands; whoever needs many at once calls them, and nobody else loads it."""


def test_the_domain_imports_only_the_standard_library_networkx_and_itself() -> None:
    allowed = sys.stdlib_module_names | {"networkx", "ancrage"}
    foreign = [
        f"{name}: {module}"
        for name, tree in sources("ancrage/domain")
        for node in ast.walk(tree)
        for module in imported(node)
        if module.partition(".")[0] not in (allowed | {"numpy"} if name in ARRAYS else allowed)
    ]
    assert foreign == []


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or "ancrage"]
    return []
