"""What `ancrage init` writes: a small commented project, or a copy of the example organisation. Nothing is ever overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import ancrage
from ancrage.errors import NotFound, Refused
from ancrage.language import DEFAULT_LANGUAGE, say

TEMPLATES = Path(ancrage.__file__).parent / "templates" / "project"
SHIPPED = Path(ancrage.__file__).parent.parent / "process_maps"
_SUFFIXES = frozenset({".yaml", ".md", ".csv"})


def start_project(folder: Path, language: str) -> tuple[Path, ...]:
    """Write the templates, commented in `language`, and the schemas they name into `folder`; the files written, sorted."""
    chosen = TEMPLATES / language
    return _write(folder, {**_texts_below(chosen if chosen.is_dir() else TEMPLATES / DEFAULT_LANGUAGE), **_schemas()})


def copy_example(folder: Path) -> tuple[Path, ...]:
    """Copy the example organisation and the schemas into `folder`; the files written, sorted."""
    example = SHIPPED / "example"
    if not example.is_dir():
        raise NotFound(say("the example organisation is not installed: {folder} is missing", folder=example))
    texts = {name: text.replace("$schema=../schemas/", "$schema=schemas/").replace("$schema=../../schemas/", "$schema=../schemas/")
             for name, text in _texts_below(example).items()}  # fmt: skip
    return _write(folder, {**texts, **_schemas()})


def _texts_below(folder: Path) -> dict[str, str]:
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in _SUFFIXES)
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in found}


def _schemas() -> dict[str, str]:
    from ancrage.declarations.generate import schema_texts

    return {f"schemas/{name}": text for name, text in schema_texts().items()}


def _write(folder: Path, texts: Mapping[str, str]) -> tuple[Path, ...]:
    if folder.exists() and not folder.is_dir():
        raise Refused("not_a_folder", say("{path} is a file; name a folder", path=folder))
    taken = sorted(name for name in texts if (folder / name).exists())
    if taken:
        raise Refused("exists", say("{folder} already has {names}: nothing was written", folder=folder, names=", ".join(taken)))
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return tuple(sorted(folder / name for name in texts))
