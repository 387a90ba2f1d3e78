"""`--model FILE`: one reference model from a declaration file, without the project around it."""

from __future__ import annotations

from pathlib import Path

from ancrage.domain.reference_model import ReferenceModel


def load_reference_model(path: Path) -> ReferenceModel:
    """The only reference model a YAML file declares; ProblemsFound with everything wrong with it."""
    from ancrage.declarations.strict_yaml import read_yaml
    from ancrage.exchange.sources.single_model import single_model

    return single_model(read_yaml(path))
