"""Where the declarations shipped with Ancrage are: beside the package, in the checkout and in an installation alike."""

from __future__ import annotations

from pathlib import Path

import ancrage

PROCESS_MAPS = Path(ancrage.__file__).resolve().parent.parent / "process_maps"
EXAMPLE = PROCESS_MAPS / "example"
"""The example organisation, a whole project."""
SCHEMAS = PROCESS_MAPS / "schemas"
"""JSON Schemas generated from the shapes."""
