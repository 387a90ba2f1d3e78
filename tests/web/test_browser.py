"""The pages in a real browser: Debian's Chromium, without scripts of ours, reading what `ancrage serve` serves."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from ancrage.cli.main import main
from tests.support.story import CAMPAIGN, project_in_the_middle

pytestmark = pytest.mark.browser

QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SERVE = "import sys; from ancrage.cli.main import main; sys.exit(main(sys.argv[1:]))"


@pytest.fixture(scope="module")
def chromium() -> str:
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    return found


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = project_in_the_middle(tmp_path_factory.mktemp("served") / "project")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", SERVE, "--project", str(folder), "serve", "--no-scheduler", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        wait_until_it_answers(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def wait_until_it_answers(url: str) -> None:
    for _ in range(240):
        try:
            httpx.get(url, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.25)
        else:
            return
    raise TimeoutError(url)


def seen(chromium: str, url: str, profile: Path) -> str:
    """The text of a page as the browser has built it."""
    done = subprocess.run(
        [chromium, *QUIET, f"--user-data-dir={profile}", "--window-size=390,900", "--dump-dom", url],
        check=True, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", done.stdout))


@pytest.mark.parametrize(("language", "words"), [("fr", "Qui doit faire quoi"), ("en", "Who must do what next")])
def test_the_first_page_is_read_in_both_languages(chromium: str, address: str, tmp_path: Path, language: str, words: str) -> None:
    assert words in seen(chromium, f"{address}/?lang={language}", tmp_path)


def test_a_broken_link_says_what_to_do(chromium: str, address: str, tmp_path: Path) -> None:
    page = seen(chromium, f"{address}/c/forged?lang=en", tmp_path)
    assert "This link was not made here" in page


def test_the_report_for_the_sponsor_is_printed_on_one_page(chromium: str, tmp_path: Path) -> None:
    project, html, pdf = project_in_the_middle(tmp_path / "project"), tmp_path / "report.html", tmp_path / "report.pdf"
    start = ["--project", str(project), "campaign"]
    closing = ["close", CAMPAIGN, "--force", "--by", "chloe", "--as-of", "2026-01-15T10:00Z"]
    assert main([*start, *closing]) == 0
    assert main([*start, "report", CAMPAIGN, "--html", str(html)]) == 0
    options = (f"--user-data-dir={tmp_path / 'profile'}", "--no-pdf-header-footer", f"--print-to-pdf={pdf}")
    printed = [chromium, *QUIET, *options, html.as_uri()]
    subprocess.run(printed, check=True, capture_output=True, timeout=120)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) == 1
