"""The folder of files: each message once, whole, readable by any mail program."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ancrage.notices.channels import Accepted, Channel, FileChannel, Permanent, Temporary
from ancrage.notices.message import Addressee, Envelope, NoticeItem
from tests.support.mail import MemoryChannel, parsed

Build = Callable[..., NoticeItem]
Render = Callable[..., Envelope]


def test_a_message_becomes_one_file_that_a_mail_program_reads(tmp_path: Path, item: Build, render: Render) -> None:
    envelope = render(item())
    folder = tmp_path / "outbox" / "mails"
    assert isinstance(FileChannel(folder).deliver(envelope), Accepted)
    (file,) = folder.iterdir()
    assert file == FileChannel(folder).path_of(envelope)
    assert parsed(file.read_bytes())["Message-ID"] == envelope.message_id
    assert file.stat().st_mode & 0o077 == 0


def test_the_same_message_twice_is_one_file_and_stays_the_first(tmp_path: Path, item: Build, render: Render) -> None:
    channel = FileChannel(tmp_path)
    channel.deliver(render(item(), key="a"))
    before = channel.path_of(render(item(), key="a")).stat().st_mtime_ns
    assert isinstance(channel.deliver(render(item(), key="a", language="en")), Accepted)
    assert [file.stat().st_mtime_ns for file in tmp_path.iterdir()] == [before]
    channel.deliver(render(item(), key="b"))
    assert len(list(tmp_path.iterdir())) == 2


def test_eight_writers_of_one_message_leave_one_whole_file(tmp_path: Path, item: Build, render: Render) -> None:
    envelope = render(item())
    threads = [threading.Thread(target=FileChannel(tmp_path).deliver, args=(envelope,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (file,) = tmp_path.iterdir()
    assert parsed(file.read_bytes())["Subject"] == envelope.subject


def test_a_folder_that_cannot_be_written_is_temporary_and_leaves_nothing_half(tmp_path: Path, item: Build, render: Render) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    outcome = FileChannel(tmp_path / "taken").deliver(render(item()))
    assert isinstance(outcome, Temporary)
    assert outcome.channel_down
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


@pytest.mark.parametrize("address", ["", "nobody", "a@b\r\nBcc: c@d"])
def test_an_unusable_address_is_permanent(
    tmp_path: Path, item: Build, render: Render, anne: Callable[..., Addressee], address: str
) -> None:
    assert isinstance(FileChannel(tmp_path).deliver(render(item(), to=anne(email=address))), Permanent)
    assert list(tmp_path.iterdir()) == []


def test_the_channels_are_interchangeable(tmp_path: Path, item: Build, render: Render) -> None:
    channels: list[Channel] = [FileChannel(tmp_path), MemoryChannel()]
    assert all(isinstance(channel.deliver(render(item())), Accepted) for channel in channels)
    assert [channel.name for channel in channels] == ["file", "memory"]
