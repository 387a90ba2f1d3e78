"""A new folder is written whole, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from ancrage.errors import Refused
from ancrage.exchange.new_folder import write_new_folder


def test_texts_stand_under_their_names_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_new_folder(tmp_path / "deep" / "new", {"a.yaml": "é\n", "models/b.yaml": "b"})
    assert (tmp_path / "deep" / "new" / "a.yaml").read_bytes() == "é\n".encode()
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["new"]
    assert (tmp_path / "deep" / "new" / "models" / "b.yaml").is_file()


def test_a_disk_that_refuses_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Refused) as found:
        write_new_folder(tmp_path / "new", {"a.yaml": "a", "x" * 300: "b"})
    assert found.value.code == "not_written"
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(Refused) as found:
        write_new_folder(tmp_path / "file" / "new", {"a.yaml": "a"})
    assert found.value.code == "not_written"


def test_a_folder_that_appears_meanwhile_is_not_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else makes it while the files are written."""
    write = Path.write_text

    def write_and_lose(path: Path, text: str, **more: str) -> int:
        (tmp_path / "new").mkdir(exist_ok=True)
        return write(path, text, **more)

    monkeypatch.setattr(Path, "write_text", write_and_lose)
    with pytest.raises(Refused) as found:
        write_new_folder(tmp_path / "new", {"a.yaml": "a"})
    assert found.value.code == "exists"
    assert [(path.name, list(path.iterdir())) for path in tmp_path.iterdir()] == [("new", [])]
