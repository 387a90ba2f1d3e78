"""What the pages say about the command line is true, and the quick commands stay quick."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ancrage.cli.main import build
from ancrage.cli.table import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
HEAVY = {"prefect", "fastapi", "sqlmodel", "sqlalchemy", "alembic", "numpy", "ortools"}


def read(name: str) -> str:
    """A text file of the project."""
    return (ROOT / name).read_text(encoding="utf-8")


def script(name: str, verb: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, ROOT / "scripts" / name, verb], capture_output=True, text=True, check=False)


def test_every_command_and_option_stands_in_the_reference() -> None:
    checked = script("reference.py", "check")
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_a_page_names_exists(page: str) -> None:
    named = set(re.findall(r"(?:^|`)(?:\$ )?ancrage ([a-z]+)\b", read(page), flags=re.MULTILINE))
    assert named <= set(COMMANDS)


def test_every_make_target_that_a_page_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), flags=re.MULTILINE))
    named = {target for page in PAGES for target in re.findall(r"^(?:\$ )?make ([a-z-]+)|`make ([a-z-]+)`", read(page), flags=re.MULTILINE)}
    assert {target for pair in named for target in pair if target} <= targets


def emitted(path: Path) -> Iterator[str]:
    """The shapes a module emits, as they stand in the reference: "`ancrage.serve` 1"."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "emit":
            shape, version = (constants.get(given.id, given) if isinstance(given, ast.Name) else given for given in node.args[:2])
            if isinstance(shape, ast.Constant) and isinstance(version, ast.Constant):
                yield f"`ancrage.{shape.value!s}` {version.value!s}"


def test_every_json_shape_stands_in_the_reference() -> None:
    said = {shape for path in (ROOT / "ancrage" / "cli").rglob("*.py") for shape in emitted(path)}
    assert {"`ancrage.refusal` 1", "`ancrage.problems` 1"} <= said
    documented = read("docs/reference/json.md")
    assert sorted(shape for shape in said if shape not in documented) == []


def test_every_link_between_pages_leads_somewhere() -> None:
    lost = [
        f"{page} -> {target}"
        for page in PAGES
        for target in re.findall(r"\]\((?!https?://|mailto:|#)([^)#\s]+)", read(page))
        if not ((ROOT / page).parent / target).exists()
    ]
    assert lost == []


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["check", "--project", str(ROOT / "process_maps" / "example")]])
def test_a_quick_command_imports_no_engine_web_database_or_solver(arguments: list[str]) -> None:
    if arguments[0] not in {"--help", *build("en").commands}:
        pytest.skip(f"the command {arguments[0]} is not there")
    program = "import sys; from ancrage.cli.main import main; main(sys.argv[1:]); print('\\nLOADED', *sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = {name.partition(".")[0] for name in ran.stdout.rpartition("LOADED")[2].split()}
    assert "typer" in loaded
    assert loaded.isdisjoint(HEAVY)
    assert "networkx" not in loaded or arguments[0] == "check"
