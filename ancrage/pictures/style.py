"""The colours of pictures, once: for files that carry their style, and for the style sheet of the pages (a test compares the two).

Never colour alone: each class also differs in shape, dash or weight, so that a picture holds in black and white.
"""

from __future__ import annotations

from collections.abc import Mapping

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", "Liberation Sans", sans-serif'

LIGHT: Mapping[str, str] = {
    "card": "#ffffff", "ink": "#1b2229", "soft": "#4a5560", "line": "#d3dae1", "band": "#eef2f6", "accent": "#14568c", "good": "#14653a",
    "bad": "#a13a00", "fill": "#9cc3e3",
}
DARK: Mapping[str, str] = {
    "card": "#1f252c", "ink": "#f1f3f5", "soft": "#b4bec9", "line": "#39424d", "band": "#272f38", "accent": "#8ec5f5", "good": "#7fd6a0",
    "bad": "#ffb37a", "fill": "#2f5d84",
}

RULES: Mapping[str, Mapping[str, str]] = {
    "text": {"font-family": FONT, "font-size": "13px", "fill": "ink"},
    ".soft": {"fill": "soft"},
    ".small": {"font-size": "12px"},
    ".strong": {"font-weight": "600"},
    ".heading": {"font-size": "17px", "font-weight": "600"},
    ".paper": {"fill": "card"},
    ".band": {"fill": "band"},
    ".grid": {"stroke": "line", "stroke-width": "1", "fill": "none"},
    ".axis": {"stroke": "soft", "stroke-width": "1", "fill": "none"},
    ".series": {"stroke": "accent", "stroke-width": "2", "fill": "none", "stroke-linejoin": "round"},
    ".dot": {"fill": "accent", "stroke": "card", "stroke-width": "1"},
    ".centre": {"stroke": "ink", "stroke-width": "1.5", "fill": "none"},
    ".limit": {"stroke": "soft", "stroke-width": "1.5", "stroke-dasharray": "6 4", "fill": "none"},
    ".target": {"stroke": "good", "stroke-width": "2", "stroke-dasharray": "2 3", "fill": "none"},
    ".event": {"stroke": "soft", "stroke-width": "1", "stroke-dasharray": "1 3", "fill": "none"},
    ".signal-good": {"fill": "good", "stroke": "card", "stroke-width": "1"},
    ".signal-bad": {"fill": "bad", "stroke": "card", "stroke-width": "1"},
    ".signal": {"fill": "ink", "stroke": "card", "stroke-width": "1"},
    ".level": {"fill": "accent", "stroke": "soft", "stroke-width": "1"},
    ".reached": {"fill": "accent"},
    ".aimed": {"fill": "none", "stroke": "accent", "stroke-width": "1.5"},
    ".before": {"fill": "none", "stroke": "soft", "stroke-width": "2", "stroke-dasharray": "4 3"},
    ".area": {"fill": "fill", "fill-opacity": "0.45", "stroke": "accent", "stroke-width": "2"},
}


def standalone_style() -> str:
    """The style of a picture in a file of its own: light, dark where the reader prefers it, and light on paper."""
    return f"{_rules(LIGHT)} @media screen and (prefers-color-scheme: dark) {{ {_rules(DARK)} }}"


def plain_style() -> str:
    """Light only, without conditions: for renderers that know none."""
    return _rules(LIGHT)


def page_style() -> str:
    """The same rules for the style sheet of the pages, whose tokens know light and dark."""
    return "\n".join(f".picture {name} {{ {_declarations(rule, None)} }}" for name, rule in RULES.items())


def _rules(palette: Mapping[str, str]) -> str:
    return " ".join(f"{name} {{ {_declarations(rule, palette)} }}" for name, rule in RULES.items())


def _declarations(rule: Mapping[str, str], palette: Mapping[str, str] | None) -> str:
    return "; ".join(f"{name}: {_value(value, palette)}" for name, value in rule.items())


def _value(value: str, palette: Mapping[str, str] | None) -> str:
    if value not in LIGHT:
        return value
    return palette[value] if palette is not None else f"var(--{value})"
