"""The evidence column of an answer workbook: what stands behind a cell, one piece on each line, and links that people add."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from ancrage.domain.assessment.types import CellKey
from ancrage.language import Message
from ancrage.services.evidence import NewEvidence, add_evidence, evidence_behind, refusal_of, use_evidence
from ancrage.storage.evidence import fetch_all_evidence
from ancrage.storage.unit_of_work import UnitOfWork

ANY_DAY = date(2000, 1, 1)


def evidence_lines(work: UnitOfWork, campaign_id: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """The standing evidence by cell, as the column shows it: the address of a link, the name of a file."""
    behind = evidence_behind(work, campaign_id)
    lines = {row.id: row.address or row.name for row in fetch_all_evidence(work)} if behind else {}
    return {(cell.process, cell.practice): tuple(lines[piece.id] for piece in pieces) for cell, pieces in behind.items() if pieces}


def lines_of(text: str) -> tuple[str, ...]:
    """The pieces that a cell of the column names, each once."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def link_fault(address: str) -> Message | None:
    """Why an address cannot be taken as evidence; None when it can."""
    return refusal_of(NewEvidence(address, ANY_DAY, address=address))


def attach_links(work: UnitOfWork, campaign_id: str, links: Mapping[tuple[str, str], Sequence[str]], by: str, at: datetime) -> int:
    """Put each link behind its cell; one that is known as evidence already is shared, a new one is dated on the day it is given."""
    known = {row.address: row.id for row in fetch_all_evidence(work, only_standing=True) if row.address} if links else {}
    for cell, addresses in links.items():
        for address in addresses:
            if address not in known:
                known[address] = add_evidence(work, NewEvidence(address, at.date(), address=address), by, at)
            use_evidence(work, campaign_id, CellKey(*cell), known[address], by, at)
    return sum(map(len, links.values()))
