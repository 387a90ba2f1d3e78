"""What every test may ask for, and the rule that nothing is skipped in silence where CI runs."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.databases import postgres_url

ROOT = Path(__file__).resolve().parent.parent
PROVIDED_IN_CI = ("postgres", "browser", "reference_data", "prefect")

settings.register_profile("ancrage", deadline=None)  # two shared cores: a slow moment is not a broken law
settings.load_profile("ancrage")


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of third-party data that is read in place, never copied; a test that needs it is marked `reference_data`."""
    folder = Path(os.environ.get("ANCRAGE_REFERENCE_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("reference data is not here: set ANCRAGE_REFERENCE_DATA")
    return folder


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, once for each kind that Ancrage supports: a test that asks for it runs on both."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ancrage.sqlite'}"
    else:
        with postgres_url() as url:
            yield url


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With CI=true, a skip of something that CI provides is a failure: a green run must have run it."""
    report = yield
    marks = [mark for mark in PROVIDED_IN_CI if item.get_closest_marker(mark)]
    if report.skipped and marks and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"marked {', '.join(marks)}, which CI must provide, but skipped: {call.excinfo and call.excinfo.value}"
    return report
