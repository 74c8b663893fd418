"""What holds for every format: the words, the bytes, the limits."""

import errno
import hashlib
import html
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from reporting.choices import FileFormat
from reporting.compilation import document, renderers
from reporting.compilation.renderers import (
    FORMATS,
    FontMissing,
    RendererFailed,
    RendererTimedOut,
    Tools,
    fonts,
    render,
    versions,
)
from reporting.compilation.renderers.reference import reference_document

from . import samples
from .opened import Data, Markdown, Odt, Page, Pdf, Word, unspaced

READERS: dict[str, Callable[[bytes], str]] = {
    "docx": lambda content: Word(content).text,
    "odt": lambda content: Odt(content).text,
    "pdf": lambda content: Pdf(content).text,
    "html": lambda content: Page(content).text,
    "md": lambda content: Markdown(content).text,
    "json": lambda content: Data(content).text,
}


def text_in(snapshot: samples.Snapshot, format: str) -> str:
    """Return the words of a file, blanks left out: lines break where they need to."""
    return unspaced(READERS[format](render(document.build(snapshot), format).content))


@pytest.mark.parametrize("format", FORMATS)
class TestText:
    @pytest.mark.parametrize(
        "text",
        [
            samples.SPECIAL,
            samples.CHINESE,
            samples.FRENCH,
            samples.EMOJI,
            "A-1 GC-19 2006-2010 -5 --- -- ... .... a-?b",
            "= + - / 1. = x - y + z / t",
            "“double” ‘single’ \"straight\" 'straight' it's",
            "\\ \\\\ \\n \\u{41} `code` ```x``` {#id .class} ${x} $x$ %TAG% {{ x }} {% y %}",
            "<!-- no comment --> &amp; &lt; &#65; <b>no tag</b> ]]>",
            "[a](b) ![c](d) [^1] [@e] @f #g *h* _i_ ~j~ ^k^ | l | m |",
        ],
    )
    def test_survives_untouched(self, format: str, text: str):
        escaped = html.escape(text)
        sample = samples.of_html(
            f"<p>{escaped}</p><p>a<em>{escaped}</em>b<strong>{escaped}</strong>.c(d)</p><ul><li>{escaped}</li></ul>"
            f"<h2>{escaped}</h2><table><tr><td>{escaped}</td></tr></table><blockquote>{escaped}</blockquote>"
            f'<p><a href="https://example.org/">{escaped}</a>, x<span data-footnote="{escaped}">*</span></p>'
        )
        found = text_in(sample, format)
        assert found.count(unspaced(text)) >= 8

    def test_of_20000_characters_in_one_paragraph_survives(self, format: str):
        words = [f"word-{number}." for number in range(2000)]
        assert len(" ".join(words)) > 20_000
        found = text_in(samples.of_html(f"<p>{' '.join(words)}</p>"), format)
        assert re.findall(r"word-\d+\.", found) == words

    def test_with_characters_that_no_file_can_hold_prints_all_others(self, format: str):
        if format == "json":
            return  # JSON can hold them: they stay as they were stored
        bad = "\x07\x0b\x1f\x7f\x84\ufeff\ufffe\uffff"
        facts = {"title": f"T{bad}itle", "front": [{"kind": "paragraph", "text": f"f{bad}ront"}]}
        sample = samples.snapshot(
            [samples.section(f"h{bad}ead", [samples.item(f"<p>a{bad}b<span data-footnote='c{bad}d'>*</span></p>")])],
            **facts,
        )
        found = text_in(sample, format)
        assert all(word in found for word in ("front", "head", "ab", "cd"))

    def test_that_is_missing_leaves_the_headings(self, format: str):
        items = [samples.item("", heading="Only a heading", record=1), samples.item("<p> </p>", record=2)]
        sample = samples.snapshot([samples.section("No items", []), samples.section("Items", items, number=2)])
        found = text_in(sample, format)
        assert all(unspaced(heading) in found for heading in ("No items", "Items", "Only a heading"))

    def test_in_arabic_survives(self, format: str):
        found = text_in(samples.of_html(f"<p>{samples.ARABIC}</p>"), format)
        assert all(
            word in found for word in samples.ARABIC.split()[:9]
        )  # a PDF tells where a word stands, not the order

    def test_of_two_layouts_is_in_the_file(self, format: str):
        for sample in (samples.unido(), samples.undesa()):
            found = text_in(sample, format)
            for part in sample["sections"]:
                assert unspaced(part["heading"]) in found
                assert all(unspaced(item["heading"]) in found for item in part["items"])

    def test_of_the_summary_alone_is_nothing_else(self, format: str):
        if format == "json":
            return  # the data are those of the whole text, whose fingerprint they prove
        built = document.build(samples.unido(), part="summary")
        found = unspaced(READERS[format](render(built, format).content))
        assert unspaced("The Organization works towards industry") in found
        assert unspaced("Three trends shaped the year") not in found


# Prints the SHA-256 of all that can be made of some samples.
MAKES_EVERYTHING = """
import django, hashlib
django.setup()
from reporting.compilation import document, renderers
from tests.reporting.compilation import samples
for name in ("undesa", "arabic", "in_six_languages"):
    whole = document.build(getattr(samples, name)())
    for format in renderers.FORMATS:
        print(name, format, hashlib.sha256(renderers.render(whole, format).content).hexdigest())
summary = document.build(samples.unido(), part="summary")
print("summary", hashlib.sha256(renderers.render(summary, "docx").content).hexdigest())
"""


class TestBytes:
    def test_are_the_same_later_elsewhere_in_another_time_zone_and_in_another_process(self, tmp_path: Path):
        """A zip file tells time in steps of two seconds; Python orders sets by chance, another in each process."""
        root = Path(__file__).resolve().parents[3]
        printed = []
        for seed, zone in (("1", "UTC"), ("2", "Pacific/Kiritimati")):
            folder = tmp_path / seed
            folder.mkdir()
            changed = {"PYTHONHASHSEED": seed, "TZ": zone, "TMPDIR": str(folder), "LC_ALL": "C", "PYTHONUTF8": "1"}
            done = subprocess.run(
                [sys.executable, "-c", MAKES_EVERYTHING],
                cwd=folder,
                env={**os.environ, **changed, "PYTHONPATH": str(root), "DJANGO_SETTINGS_MODULE": "portal.settings"},
                capture_output=True,
                check=True,
            )
            printed.append(done.stdout.decode().splitlines())
            time.sleep(2.1)
        assert printed[0] == printed[1]
        assert len(printed[0]) == 3 * len(FORMATS) + 1
        content = render(document.build(samples.undesa()), "odt").content
        assert f"undesa odt {hashlib.sha256(content).hexdigest()}" in printed[0]

    @pytest.mark.parametrize("format", ["docx", "odt"])
    def test_do_not_depend_on_which_formats_were_made(self, format: str):
        alone = render(document.build(samples.undesa()), format).content
        built = document.build(samples.undesa())
        for other in ("html", "pdf"):
            render(built, other)
        assert render(built, format).content == alone


class TestVersions:
    def test_name_everything_that_has_a_say_in_the_bytes(self):
        found = versions()
        assert set(found) == {
            *("pandoc", "typst", "python-docx", "lxml", "fonttools", "python", "zlib", "fonts", "templates"),
            *("vl-convert-python", "vega-lite"),
        }
        assert all(found.values())
        assert all(package in found["fonts"] for package in fonts.PACKAGES)

    def test_are_those_of_the_programs_that_are_used(self):
        other = Tools(pandoc=python("print('pandoc 9.9.9')"))
        assert versions(other) == {**versions(), "pandoc": "9.9.9"}

    def test_cannot_be_told_without_pandoc(self):
        with pytest.raises(RendererFailed, match="cannot be started"):
            versions(Tools(pandoc=["/nowhere/pandoc"]))


def python(code: str) -> tuple[str, ...]:
    """A program that does something else than a renderer does."""
    return (sys.executable, "-c", code)


class TestLimits:
    def test_end_a_renderer_that_hangs(self, tmp_path: Path):
        note = tmp_path / "pid"
        hangs = python(f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(60)")
        with pytest.raises(RendererTimedOut, match="pandoc did not end within 1 seconds"):
            render(document.build(samples.unido()), "html", tools=Tools(pandoc=hangs, seconds=1))
        assert not psutil.pid_exists(int(note.read_text()))

    def test_end_a_typesetter_that_hangs(self):
        tools = Tools(typesetter=python("import time; time.sleep(60)"), seconds=1)
        with pytest.raises(RendererTimedOut, match="Typst"):
            render(document.build(samples.unido()), "pdf", tools=tools)

    def test_give_pandoc_no_more_memory_than_it_may_have(self):
        sample = samples.of_html("<p>many words of no use at all</p>" * 6_000)
        with pytest.raises(RendererFailed, match="more memory than it may have"):
            render(document.build(sample), "html", tools=Tools(pandoc_megabytes=64))

    def test_give_typst_no_more_memory_than_it_may_have(self):
        with pytest.raises(RendererFailed, match="Typst"):
            render(document.build(samples.unido()), "pdf", tools=Tools(typesetter_megabytes=90))


class TestFailure:
    def test_is_a_sentence_that_names_the_renderer_and_what_it_said(self):
        tools = Tools(pandoc=python("import sys; sys.exit('I know no such block')"))
        with pytest.raises(RendererFailed) as failure:
            render(document.build(samples.unido()), "html", tools=tools)
        assert str(failure.value) == "pandoc could not make the file: I know no such block"

    def test_of_a_renderer_that_is_not_there_says_what_to_do(self):
        with pytest.raises(RendererFailed, match=r"Install the packages of requirements\.txt again"):
            render(document.build(samples.unido()), "docx", tools=Tools(pandoc=["/nowhere/pandoc"]))

    def test_by_a_signal_is_told(self):
        tools = Tools(pandoc=python("import os, signal; os.kill(os.getpid(), signal.SIGKILL)"))
        with pytest.raises(RendererFailed, match="the system stopped it"):
            render(document.build(samples.unido()), "html", tools=tools)

    def test_of_a_full_disk_in_a_renderer_is_an_error_of_the_disk(self):
        tools = Tools(typesetter=python("import sys; sys.exit('cannot write: No space left on device')"))
        with pytest.raises(OSError, match="No space left") as failure:
            render(document.build(samples.unido()), "pdf", tools=tools)
        assert failure.value.errno == errno.ENOSPC

    def test_of_a_full_disk_in_the_portal_is_an_error_of_the_disk(self, monkeypatch: pytest.MonkeyPatch):
        def full(*_anything: object, **_more: object) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="No space left"):
            render(document.build(samples.unido()), "docx")

    def test_of_a_missing_font_package_names_it(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setitem(fonts.PACKAGES, "noto-of-nowhere", ("noto_of_nowhere", 1))
        with pytest.raises(FontMissing, match="The fonts of “noto-of-nowhere” are missing"):
            render(document.build(samples.unido()), "pdf")

    @pytest.mark.parametrize("format", FORMATS)
    def test_and_success_leave_no_temporary_file(self, format: str, tmp_path: Path):
        render(document.build(samples.undesa()), format, tools=Tools(folder=tmp_path))
        if format == "json":
            return  # no program takes part that could fail
        fails = Tools(folder=tmp_path, pandoc=python("raise SystemExit(1)"), typesetter=python("raise SystemExit(1)"))
        with pytest.raises(RendererFailed):
            render(document.build(samples.undesa()), format, tools=fails)
        assert list(tmp_path.iterdir()) == []

    def test_is_not_remembered(self):
        built = document.build(samples.unido())
        with pytest.raises(RendererFailed):
            render(built, "pdf", tools=Tools(typesetter=python("raise SystemExit(1)")))
        assert render(built, "pdf").content.startswith(b"%PDF")


class TestReferenceDocument:
    def test_differs_by_direction(self):
        left, right = (Word(reference_document(language, "", Tools())) for language in ("en", "ar"))
        assert b"<w:bidi/>" not in left.parts["word/document.xml"]
        assert b"<w:bidi/>" in right.parts["word/document.xml"]

    def test_names_other_fonts_for_machines_without_noto(self):
        assert b'w:altName w:val="Arial"' in Word(reference_document("en", "", Tools())).parts["word/fontTable.xml"]


class TestRender:
    def test_knows_the_formats_of_the_portal(self):
        assert list(renderers.FORMATS) == FileFormat.values


class TestHashOfTheTemplates:
    def test_leaves_out_nothing_that_a_renderer_uses(self):
        """A module that makes bytes and is left out would change files while a rebuild said “the same templates”."""
        folder = Path(renderers.__file__).parent
        writing = [folder.parent / "document.py", *folder.glob("*.py")]
        left_out = {name.removesuffix(".py") for name in renderers.BEFORE_THE_DOCUMENT}
        seen: set[str] = set()
        while writing:
            path = writing.pop()
            for name in re.findall(
                r"reporting\.compilation\.(\w+)|reporting\.compilation import (.+)", path.read_text()
            ):
                for module in re.findall(r"\w+", " ".join(name)):
                    if module not in seen and (used := folder.parent / f"{module}.py").exists():
                        seen.add(module)
                        writing.append(used)
        assert {"records", "snapshot", "texts"} <= seen
        assert not seen & left_out
