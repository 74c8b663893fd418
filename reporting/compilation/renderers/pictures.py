"""The charts of a document, drawn from their frozen specification as the format at hand takes them."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.common.charts import ChartFormat, draw
from reporting.compilation.document import Document
from reporting.compilation.nodes import Node
from reporting.compilation.renderers.errors import RendererFailed
from reporting.compilation.renderers.reference import TEXT_WIDTH

MOST_HEIGHT = 560  # points of a page that a picture may take
_JOINED = re.compile("[\u0590-\u0fff]")  # scripts whose letters change beside each other
_POINTS = 0.75  # of a pixel on paper
_PIXELS = 2  # of a PNG for each pixel on paper


@dataclass(frozen=True)
class Picture:
    """One drawn chart, and how large it stands on paper, in points."""

    content: bytes
    width: float
    height: float


def svg(document: Document) -> list[bytes]:
    """Return the charts of a document as SVG, in their order. Raises RendererFailed."""
    return [_drawn(chart["specification"], ChartFormat.SVG) for chart in document.charts]


def png(document: Document) -> list[Picture]:
    """Return the charts of a document as PNG, no larger than the page has room. Raises RendererFailed."""
    return [_on_paper(_drawn(chart["specification"], ChartFormat.PNG)) for chart in document.charts]


def for_pages(document: Document) -> list[Picture]:
    """Return the charts of a document for its PDF: as SVG, whose size is 0 here, since the page measures it.

    Arabic letters in an SVG would have no text behind them in the PDF, which PDF/UA refuses: such a chart is a PNG.
    """
    return [
        _on_paper(_drawn(chart["specification"], ChartFormat.PNG))
        if _JOINED.search(chart["specification"])
        else Picture(_drawn(chart["specification"], ChartFormat.SVG), 0, 0)
        for chart in document.charts
    ]


def _drawn(specification: str, format: ChartFormat) -> bytes:
    try:
        return draw(json.loads(specification), format=format)
    except ValueError as error:
        raise RendererFailed(_("A chart could not be drawn: %(said)s") % {"said": str(error)[-300:]}) from error


def _on_paper(content: bytes) -> Picture:
    """The first part of a PNG tells its size."""
    width, height = (int.from_bytes(content[at : at + 4]) / _PIXELS * _POINTS for at in (16, 20))
    scale = min(1, TEXT_WIDTH / width, MOST_HEIGHT / height)
    return Picture(content, round(width * scale, 1), round(height * scale, 1))


def placed(document: Document, block: Callable[[int, Node], Node]) -> list[Node]:
    """Return the blocks of a document with what a format makes of each chart: `block(number from 0, image)`."""
    return [_with_chart(one, block) for one in document.blocks]


def _with_chart(node: Node, block: Callable[[int, Node], Node]) -> Node:
    match node:
        case {"t": "Div", "c": [attributes, [{"t": "Para", "c": [{"t": "Image"} as image]}]]}:
            number = int(image["c"][2][0].removeprefix("chart")) - 1
            return {"t": "Div", "c": [attributes, [block(number, image)]]}
    return node
