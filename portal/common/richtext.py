"""Rich text that people write: one small subset of HTML, cleaned before it is stored.

A footnote is an inline node, `<span data-footnote="its text">*</span>`; with `data-reference="12"` it cites the
reference of that id, printed after its text. Two marks on one spot are two nodes.
"""

import re
from html import escape
from html.parser import HTMLParser
from typing import Any

import nh3
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

TAGS = {
    *("p", "h2", "h3", "strong", "em", "sup", "sub", "br", "a", "span"),
    *("ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {
    "a": {"href"},
    "span": {"data-footnote", "data-reference", "lang", "dir"},
    "ol": {"start", "type", "data-delimiter"},  # `)` or `()`: what stands around the marks in place of a full stop
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "p": {"lang", "dir"},
    "blockquote": {"cite"},
}
SCHEMES = {"http", "https", "mailto"}
_IDEOGRAPH = re.compile("[\u4e00-\u9fff]")


def clean(html: str) -> str:
    """Return the allowed subset of `html`; words are kept, other marks are dropped. U+FEFF goes: PDF/UA refuses it."""
    cleaned = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel=None,
        strip_comments=True,
    )
    return cleaned.replace("\ufeff", "").strip()


def from_plain(text: str) -> str:
    """Return plain text as paragraphs: a blank line ends one."""
    paragraphs = (" ".join(part.split()) for part in text.replace("\r\n", "\n").split("\n\n"))
    return "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs if paragraph)


class _Reader(HTMLParser):
    """Collects the running words and the references that footnotes cite."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.references: list[int] = []
        self._open: list[bool] = []  # for each open span: is it a footnote, whose mark is no word?

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "span":
            facts = dict(attrs)
            self._open.append("data-footnote" in facts or "data-reference" in facts)
            if (facts.get("data-reference") or "").isdigit():
                self.references.append(int(facts["data-reference"] or 0))
        elif tag in {"p", "li", "br", "h2", "h3", "td", "th", "blockquote"}:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "span" and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._open):
            self.parts.append(data)


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def to_plain(html: str) -> str:
    """Return the running words without marks and footnotes, in one line."""
    return " ".join("".join(_read(html).parts).split())


def word_count(html: str) -> int:
    """Count the words that will be printed, footnotes left out. Chinese counts by the ideograph, as Word does."""
    return plain_word_count(to_plain(html))


def plain_word_count(text: str) -> int:
    """Count the words of a plain text, each ideograph as one."""
    return len(_IDEOGRAPH.sub(" x ", text).split())


def cited_references(html: str) -> list[int]:
    """Return the ids of the references that footnotes of this text cite, in their order, repeats included."""
    return _read(html).references


class RichTextField(models.TextField):
    """A text field that keeps only the clean subset, whatever is saved into it."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = clean(super().pre_save(model_instance, add) or "")
        setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """Updates of many rows at once come here alone."""
        return super().get_db_prep_save(clean(value) if isinstance(value, str) else value, connection)
