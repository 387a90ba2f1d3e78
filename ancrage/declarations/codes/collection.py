"""Codes of sources that readings are collected from."""

from __future__ import annotations

from ancrage.declarations.codes.names import indicator
from ancrage.declarations.codes.page import CodePage
from ancrage.language import N_


def _http(path: str = "/api/open", value: str = "/open") -> str:
    return indicator(source=f"{{http: {{connection: desk, path: {path}, value: {value}}}}}")


def _sql(connection: str = "desk", query: str = "SELECT day AS date, open AS value FROM backlog") -> str:
    return indicator(source=f'{{sql: {{connection: "{connection}", query: "{query}"}}}}')


PAGES = (
    CodePage(
        "E-SOURCE-FORM",
        N_("A source does not say one way of collecting"),
        N_("Readings of one indicator come from one place: files dropped, a query, an HTTP answer, or a figure of Ancrage itself."),
        indicator(source='{drop: "tickets/*.csv", own: time_to_answer}'),
        indicator(source='{drop: "tickets/*.csv"}'),
    ),
    CodePage(
        "E-SOURCE-PATTERN",
        N_("A pattern of files leaves the drop folder"),
        N_("Only what somebody put into the drop folder is taken, and moved when it was."),
        indicator(source='{drop: "../reports/*.csv"}'),
        indicator(source='{drop: "reports/*.csv"}'),
    ),
    CodePage(
        "E-SOURCE-CONNECTION",
        N_("An address stands where a connection is named"),
        N_("Addresses and passwords stand in ancrage.toml or in the environment, never in declarations, which everybody reads."),
        _sql(connection="postgresql://reader@desk/tickets"),
        _sql(connection="desk"),
    ),
    CodePage(
        "E-SOURCE-QUERY",
        N_("A query does more than read, or is several statements"),
        N_("A source is only read. Its connection refuses to write as well; here the mistake is seen before it runs."),
        _sql(query="DELETE FROM backlog"),
        _sql(query="SELECT day AS date, open AS value FROM backlog"),
    ),
    CodePage(
        "E-SOURCE-PATH",
        N_("The path of an HTTP source is not a path"),
        N_("It is put behind the address of its connection, and must not lead elsewhere."),
        _http(path="https://desk.example.org/api"),
        _http(path="/api"),
    ),
    CodePage(
        "E-SOURCE-POINTER",
        N_("A place in a JSON answer is not a JSON pointer"),
        N_("A pointer (RFC 6901) begins every step with a slash: /data/0/open. Inside a name ~1 stands for a slash and ~0 for a tilde."),
        _http(value="data.open"),
        _http(value="/data/open"),
    ),
    CodePage(
        "E-SOURCE-KIND",
        N_("A source gives another kind of figure than the indicator is"),
        N_("A proportion needs both its numbers, or a change in volume would pass for a change in practice."),
        indicator(source="{own: campaign_participation}"),
        indicator(source="{own: campaign_participation}", kind="proportion"),
    ),
)
