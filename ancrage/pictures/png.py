"""A picture as PNG, for mails: our own SVG through resvg, with the fonts of the machine."""

from __future__ import annotations

from ancrage.errors import Refused
from ancrage.language import say
from ancrage.pictures.style import plain_style
from ancrage.pictures.svg import Picture, standalone


def render_png(picture: Picture, zoom: float = 2.0) -> bytes:
    """The picture in light colours, `zoom` pixels to a unit. Refused (`no_font`) where no font is installed: letters would
    be missing."""
    import resvg_py

    def made(svg: str) -> bytes:
        return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=zoom, background="#ffffff"))

    if made(_LETTER) == made(_EMPTY):
        raise Refused("no_font", say("this machine has no font to write letters with; install one, for example DejaVu Sans"))
    return made(standalone(picture, plain_style()))


_EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"/>'
_LETTER = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text y="15" font-family="sans-serif">A</text></svg>'
