"""Ancrage keeps a transformation alive: it says every day who must do what next, why, and what happens if they do not."""

__version__ = "0.1.0"
