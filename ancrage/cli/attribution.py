"""Whose texts are shown: said by every command that shows the texts of a reference model."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ancrage.domain.reference_model import Attribution


def attribution_json(attribution: Attribution | None) -> dict[str, str] | None:
    """Owner, licence, source and version; None where the texts are the organisation's own."""
    if attribution is None:
        return None
    return {
        "owner": attribution.owner, "licence": attribution.licence, "source": attribution.source, "version": attribution.version,
    }  # fmt: skip
