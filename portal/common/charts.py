"""Draws charts on the server: one Vega-Lite spec gives the SVG of a page or PDF and the PNG of a DOCX."""

import hashlib
import json
import re
import threading
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.core.cache import cache as kept
from django.db import models

from portal.common.fonts import ARABIC, CHINESE, LATIN, PACKAGES, folder_of

Spec = Mapping[str, Any]

VERSION = "6.4"  # of Vega-Lite
FONT = f"{LATIN}, {ARABIC}, {CHINESE}, sans-serif"
_KEPT_FOR = 7 * 24 * 60 * 60
_SCALE = 2  # points of a PNG for each of the spec: sharp in print
_COUNTED_ID = re.compile(r"(?<=[\"#])(clip|gradient_)(\d+)(?=[\")])")
_drawing = threading.Lock()  # one chart at a time: each would otherwise wait for the same engine with a thread


class ChartFormat(models.TextChoices):
    SVG = "svg", "SVG"
    PNG = "png", "PNG"


CONTENT_TYPES = {ChartFormat.SVG: "image/svg+xml", ChartFormat.PNG: "image/png"}


def draw(spec: Spec, *, format: ChartFormat) -> bytes:
    """Return the chart as a file. The same spec gives the same bytes, and is drawn once as long as it is kept.

    Nothing is read from elsewhere, so a spec holds its data. Raises ValueError where it is no chart.
    """
    text = json.dumps(spec, sort_keys=True, ensure_ascii=False)
    key = f"chart-{hashlib.sha256(f'{_converter().__version__} {VERSION} {format} {text}'.encode()).hexdigest()}"
    drawn: bytes | None = kept.get(key)
    if drawn is None:
        drawn = _drawn(spec, format)
        kept.set(key, drawn, _KEPT_FOR)
    return drawn


@cache
def _converter() -> Any:
    """Load the engine when the first chart is asked for: it takes a second and 70 MB."""
    import vl_convert

    for package in PACKAGES:
        if folder := folder_of(package):
            vl_convert.register_font_directory(str(folder))
    return vl_convert


def _drawn(spec: Spec, format: ChartFormat) -> bytes:
    asked: dict[str, Any] = {"vl_version": VERSION, "allowed_base_urls": [], "config": {"font": FONT, "aria": False}}
    with _drawing:
        if format == ChartFormat.PNG:
            png: bytes = _converter().vegalite_to_png(dict(spec), scale=_SCALE, **asked)
            return png
        return _renumbered(_converter().vegalite_to_svg(dict(spec), **asked)).encode()


def _renumbered(svg: str) -> str:
    """The engine goes on counting ids from chart to chart; count them from the beginning of this one."""
    numbers: dict[str, int] = {}
    return _COUNTED_ID.sub(lambda found: f"{found[1]}{numbers.setdefault(found[0], len(numbers))}", svg)
