"""PDF files with letters in them, and those that have none."""

import io
import json
import sys
from functools import cache

import pypdf
import pytest
import typst

from reporting.compilation import document
from reporting.compilation.renderers import render
from reporting.compilation.renderers.fonts import folders
from reporting.importing import pdf
from reporting.importing.blocks import Block, printed_words
from reporting.verification.reader import Problem
from tests.reporting.compilation import samples
from tests.support.memory import run_measured

PAGE = '#set page(paper: "a4", margin: 72pt)\n#set text(font: ("Noto Sans", "IBM Plex Sans Arabic"), size: 11pt)\n'
PARAGRAPH = (
    "Firms that had digital tools before the year began stood it better than those that had none, and those in "
    "regions with advisers better than all others, as a survey of two hundred and forty firms shows."
)


@cache
def typeset(source: str) -> bytes:
    """Return a PDF that Typst makes of its markup."""
    made = typst.compile((PAGE + source).encode(), font_paths=[str(folder) for folder in folders()])
    assert isinstance(made, bytes)
    return made


def blocks_of(source: str) -> list[Block]:
    return pdf.read(typeset(source)).blocks


def texts_of(source: str) -> list[str]:
    """Return the words of each block, ends of lines as blanks."""
    return [" ".join(block.text.split()) for block in blocks_of(source)]


class TestParagraphs:
    def test_are_joined_from_their_lines(self):
        first, second = blocks_of(f"{PARAGRAPH}\n\n{PARAGRAPH}")
        assert first.text.count("\n") == 2
        assert first.text.replace("\n", " ") == second.text.replace("\n", " ") == PARAGRAPH

    def test_are_told_apart_by_short_last_lines(self):
        source = f"#set par(spacing: 0.65em)\n{PARAGRAPH}\n\n{PARAGRAPH}\n\n{PARAGRAPH}"
        assert texts_of(source) == [PARAGRAPH] * 3

    def test_are_told_apart_by_indents(self):
        longer = f"{PARAGRAPH} {PARAGRAPH}"
        source = f"#set par(first-line-indent: (amount: 2em, all: true), spacing: 0.65em)\n{longer}\n\n{longer}"
        assert texts_of(source) == [longer] * 2

    def test_keep_the_hyphens_at_the_ends_of_their_lines(self):
        source = (
            '#set text(hyphenate: true, lang: "en")\n#set par(justify: true)\n#block(width: 120pt)[industrialization '
        )
        text = blocks_of(source + "internationalization competitiveness characterization]")[0].text
        assert "-\n" in text
        assert text.replace("-\n", "").split() == [
            *("industrialization", "internationalization", "competitiveness", "characterization"),
        ]

    def test_end_with_a_line_of_one_word(self):
        words = "See the page of the platform for analytics and what it says there of all (internationalization)"
        assert texts_of(f"{words}\n\n{PARAGRAPH}") == [words, PARAGRAPH]

    def test_of_two_columns_are_read_one_after_the_other(self):
        left, right = " ".join(["left"] * 60), " ".join(["right"] * 60)
        assert texts_of(f"#columns(2)[{left} #colbreak() {right}]") == [left, right]


class TestLooks:
    def test_tell_headings_by_size_and_weight(self):
        large, bold, text = blocks_of(f"#text(size: 16pt)[Analytical overview]\n\n*Local level*\n\n{PARAGRAPH}")
        assert (large.size, large.is_bold) == (1.45, False)
        assert (bold.size, bold.is_bold) == (1.0, True)
        assert (text.size, text.is_bold) == (1.0, False)

    def test_tell_what_is_centred(self):
        cover, text = blocks_of(f"#align(center)[Twenty-fifth session \\ Geneva, 28 March]\n\n#v(2em)\n{PARAGRAPH}")
        assert (cover.text, cover.centred) == ("Twenty-fifth session\nGeneva, 28 March", True)
        assert not text.centred

    def test_tell_raised_numbers(self):
        source = f"Tools#super[1] and trust#super(typographic: false)[2], H#sub(typographic: false)[2]O. {PARAGRAPH}"
        marked = [(run.text, run.marks) for run in blocks_of(source)[0].runs if run.marks]
        assert marked == [("1", ("sup",)), ("2", ("sup",)), ("2", ("sub",))]

    def test_tell_where_links_lead(self):
        source = f'{PARAGRAPH} As set out in the #link("https://example.org/a_b")[plan of the year].\n'
        linked = [run.text for run in blocks_of(source)[0].runs if run.href == "https://example.org/a_b"]
        assert "".join(linked).split() == ["plan", "of", "the", "year"]


class TestPages:
    SOURCE = (
        '#set page(header: [Report on progress], numbering: "1")\n'
        f"= Summary\n{PARAGRAPH} As the report says#footnote[See the report.], it goes on\n#pagebreak()\n"
        f"here. {PARAGRAPH}"
    )

    def test_are_told_by_number(self):
        found = blocks_of(self.SOURCE)
        assert {block.page for block in found} == {1, 2}
        assert [block.page for block in found if block.kind == "page"] == [2]
        assert pdf.read(typeset(self.SOURCE)).pages == 2

    def test_keep_heads_notes_and_numbers_apart(self):
        texts = texts_of(self.SOURCE)
        assert texts.count("Report on progress") == 2
        assert {"1", "2", "Summary", "1 See the report."} <= set(texts)
        assert texts[-2 if texts[-1] == "2" else -1] == f"here. {PARAGRAPH}"


class TestLists:
    def test_have_their_marks(self):
        found = blocks_of(f"#set list(marker: [•])\n- {PARAGRAPH}\n- trust\n\n+ advice\n+ credit")
        assert [(block.kind, block.marker) for block in found] == [
            *(("item", "•"), ("item", "•"), ("item", "1."), ("item", "2.")),
        ]
        assert found[0].text.replace("\n", " ") == PARAGRAPH

    def test_of_contents_stay_lines(self):
        assert [text.split(".")[0].strip() for text in texts_of("#outline()\n= Summary\n= Outlook")[1:3]] == [
            *("Summary", "Outlook"),
        ]

    def test_of_figures_are_tables(self):
        table = blocks_of("#table(columns: (200pt, 200pt), stroke: none, [Year], [Firms], [2020], [74], [2021], [81])")[
            0
        ]
        assert [["".join(block.text for block in cell.blocks) for cell in row] for row in table.rows] == [
            *(["Year", "Firms"], ["2020", "74"], ["2021", "81"]),
        ]


class TestArabic:
    def test_is_read_in_its_order_with_other_words_in_theirs(self):
        words = "تدعم المنظمة الدول الأعضاء (SMEs) وفق قرار المجلس 2006/46 وبرنامج WSIS Forum 2021."
        assert texts_of(f'#set text(lang: "ar")\n{words}') == [words]

    def test_is_joined_over_lines(self):
        words = " ".join(["تعمل المنظمة من أجل صناعة شاملة ومستدامة في جميع المناطق"] * 4)
        found = blocks_of(f'#set text(lang: "ar")\n{words}\n\n{words}')
        assert [block.text.replace("\n", " ") for block in found] == [words] * 2

    def test_stands_in_words_of_other_scripts(self):
        assert texts_of("The programme كلمة عربية in two regions") == ["The programme كلمة عربية in two regions"]


class TestCompiledSubmissions:
    @pytest.mark.parametrize("sample", ["unido", "undesa", "in_six_languages", "arabic"])
    def test_are_read_whole(self, sample: str):
        built = document.build(getattr(samples, sample)())
        source = pdf.read(render(built, "pdf").content)
        assert len(printed_words(source.blocks)) == source.words
        words = "".join("".join(printed_words(source.blocks)).split())
        for heading in built.contents:
            assert "".join(heading.text.split()) in words

    def test_have_their_raised_numbers_and_notes(self):
        source = pdf.read(render(document.build(samples.unido()), "pdf").content)
        begins = [block.runs[0].text for block in source.blocks if block.runs and block.runs[0].marks == ("sup",)]
        assert begins == [str(number) for number in range(1, len(begins) + 1)]
        assert len(begins) > 5


class TestRefusals:
    def test_name_the_password(self):
        writer = pypdf.PdfWriter(io.BytesIO(typeset("Secret")))
        writer.encrypt("opensesame", algorithm="RC4-128")
        locked = io.BytesIO()
        writer.write(locked)
        with pytest.raises(Problem, match="encrypted"):
            pdf.read(locked.getvalue())

    @pytest.mark.parametrize("content", [b"%PDF-1.7\nnothing", typeset("Some words")[:400]])
    def test_tell_that_it_is_damaged(self, content: bytes):
        with pytest.raises(Problem, match="damaged"):
            pdf.read(content)

    def test_tell_how_to_have_a_scan_read(self):
        scan = '#image(bytes("<svg xmlns=\\"http://www.w3.org/2000/svg\\" width=\\"9\\" height=\\"9\\"/>"))'
        with pytest.raises(Problem, match="scan"):
            pdf.read(typeset(scan))

    def test_tell_to_split_what_has_too_many_pages(self):
        writer = pypdf.PdfWriter()
        for _page in range(1_001):
            writer.add_blank_page(100, 100)
        many = io.BytesIO()
        writer.write(many)
        with pytest.raises(Problem, match="too_large"):
            pdf.read(many.getvalue())


def repeated(content: bytes, *, times: int) -> bytes:
    """Return a PDF whose first page comes again and again: typesetting so many takes longer than reading them."""
    page = pypdf.PdfReader(io.BytesIO(content)).pages[0]
    writer = pypdf.PdfWriter()
    for _time in range(times):
        writer.add_page(page)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


class TestReader:
    def test_reads_300_pages_within_its_limits(self):
        printed, peak = run_measured(
            [sys.executable, "-I", str(pdf.READER), str(pdf.MEGABYTES), str(pdf.SECONDS)],
            repeated(typeset(f"{PARAGRAPH} " * 3), times=300),
        )
        answer = json.loads(printed)
        assert len(answer["pages"]) == 300
        assert answer["words"] == 300 * 3 * len(PARAGRAPH.split())
        assert peak < 1024 * 1024

    def test_ends_where_it_may_use_no_more(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(pdf, "SECONDS", 1)
        with pytest.raises(Problem, match="too_large"):
            pdf.read(repeated(typeset(f"{PARAGRAPH} " * 15), times=100))
