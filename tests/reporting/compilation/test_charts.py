"""Charts in the files: drawn from the frozen specification, with words for those who do not see them."""

import base64
import json
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from django.utils import translation
from lxml import etree

from initiatives.charts import Aim, Bar, Panel, YearChart, spec_of, words_of
from reporting.compilation import document
from reporting.compilation.renderers import RendererFailed, render

from . import samples
from .opened import Data, Markdown, Odt, Page, Pdf, Word

PNG = b"\x89PNG\r\n\x1a\n"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
XLINK = "{http://www.w3.org/1999/xlink}"


def snapshot(language: str = "en", **changes: Any) -> Any:
    """A submission with one chart, below a paragraph."""
    bars = tuple(Bar(year, Decimal(year - 2020) * 10, Decimal(5), year == 2025) for year in range(2021, 2026))
    unit = {"ar": "أطنان"}.get(language, "tonnes")
    told = YearChart(unit, True, (Panel("", bars, (Aim(2026, Decimal("80.5")),), Aim(2020, Decimal(3))),))
    with translation.override(language):
        chart = {
            "specification": json.dumps(spec_of(told), sort_keys=True, ensure_ascii=False),
            "alternative": f"E1 Re-use of “waste” -- in plants. {words_of(told)}",
            "address": "https://portal.example.org/indicators/E1/",
        }
    item = samples.item("<p>Above the chart.</p>", language=language, chart=chart | changes)
    return samples.snapshot([samples.section("Figures", [item])], language=language)


@cache
def built(language: str = "en") -> document.Document:
    return document.build(snapshot(language))


@cache
def rendered(format: str, language: str = "en") -> bytes:
    return render(built(language), format).content


@pytest.mark.parametrize("language", ["en", "ar"])
class TestAChart:
    def test_is_a_picture_with_words_in_word(self, language: str):
        word = Word(rendered("docx", language))
        (drawing,) = word.root().iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr")
        assert drawing.get("descr") == built(language).charts[0]["alternative"]
        (picture,) = [name for name in word.parts if name.startswith("word/media/")]
        assert word.parts[picture].startswith(PNG)
        assert b"/tmp" not in word.parts["word/document.xml"]
        assert word.document.inline_shapes[0].width.pt < 460

    def test_is_a_picture_with_words_in_opendocument(self, language: str):
        odt = Odt(rendered("odt", language))
        (frame,) = odt.body.iter(f"{DRAW}frame")
        name = frame.find(f"{DRAW}image").get(f"{XLINK}href")
        assert odt.parts[name].startswith(PNG)
        assert frame.find(f"{SVG}desc").text == built(language).charts[0]["alternative"]
        assert f'full-path="{name}" manifest:media-type="image/png"'.encode() in odt.parts["META-INF/manifest.xml"]

    def test_is_drawn_in_lines_on_the_page(self, language: str):
        page = Page(rendered("html", language))
        (image,) = page.root.iter("img")
        assert image.get("alt") == built(language).charts[0]["alternative"]
        kind, _comma, content = image.get("src").partition(",")
        assert kind == "data:image/svg+xml;base64"
        assert etree.fromstring(base64.b64decode(content)).tag.endswith("svg")
        assert "img-src data:" in page.source

    def test_is_a_figure_with_words_in_the_pdf(self, language: str):
        pdf = Pdf(rendered("pdf", language))
        figures = list(tagged(pdf.reader.root_object["/StructTreeRoot"], "/Figure"))
        assert [figure["/Alt"] for figure in figures] == [built(language).charts[0]["alternative"]]
        assert "<pdfuaid:part>1</pdfuaid:part>" in pdf.reader.root_object["/Metadata"].get_data().decode()

    def test_is_told_in_words_where_nothing_is_drawn(self, language: str):
        chart = built(language).charts[0]
        markdown = Markdown(rendered("md", language))
        assert " ".join(chart["alternative"].split()) in " ".join(markdown.text.split())
        assert chart["address"] in markdown.source
        (item,) = Data(rendered("json", language)).snapshot["sections"][0]["items"]
        assert json.loads(item["chart"]["specification"])["vconcat"]

    @pytest.mark.parametrize("format", ["docx", "odt", "html", "pdf"])
    def test_is_the_same_each_time(self, language: str, format: str):
        assert render(document.build(snapshot(language)), format).content == rendered(format, language)


def tagged(element: Any, kind: str) -> Any:
    """Yield the elements of this kind below an element of a PDF's structure."""
    element = element.get_object()
    if isinstance(element, list):
        for inner in element:
            yield from tagged(inner, kind)
    elif isinstance(element, dict):
        if element.get("/S") == kind:
            yield element
        yield from tagged(element.get("/K", []), kind)


class TestASpecificationThatIsNone:
    def test_ends_with_a_reason(self):
        broken = document.build(snapshot(specification='{"mark": "nothing"}'))
        with pytest.raises(RendererFailed, match="A chart could not be drawn"):
            render(broken, "html")
