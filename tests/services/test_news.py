"""What happened, for those who hook in."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from ancrage.project import open_project
from ancrage.services.advance import advance
from ancrage.services.news import last_news, news_after
from tests.support.story import DUE, project_in_the_middle


def test_news_are_the_lines_of_the_journal_that_somebody_may_react_to(tmp_path: Path) -> None:
    with closing(open_project(project_in_the_middle(tmp_path / "project"))) as project:
        with project.reading() as work:
            before = last_news(work)
            opened = news_after(work, 0)
        advance(project, DUE)
        with project.reading() as work:
            news = news_after(work, before)
            newest = last_news(work)
            again = news_after(work, newest)
    assert "campaign.opened" in {piece.name for piece in opened}
    assert {"campaign.closed", "alert.raised", "commitment.opened", "commitment.stalled"} <= {piece.name for piece in news}
    assert all(before < piece.number <= newest for piece in news)
    assert [piece.subject for piece in news if piece.name == "campaign.closed"] == ["campaign:january"]
    assert all(piece.detail["notices"] for piece in news if piece.name == "commitment.stalled")
    assert again == ()
