"""What the style guide shows of each component: the states that pages bring, long words and the other direction too."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib.messages import constants as levels
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.html import format_html

from portal.common.footnotes import numbered
from portal.common.lists import Setting, Switch, Tag
from portal.common.tallies import Choice, CountedFacet, Tallies
from portal.models import User
from portal.templatetags.components import _LOOK_OF_STATE, trail

NOON = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
Inputs = dict[str, Any]
States = dict[str, Inputs]


@dataclass(frozen=True)
class Words:
    """The words of the samples in the direction of the page, and some in the other direction."""

    language: str
    title: str
    text: str
    label: str
    name: str
    long: str
    other_language: str
    other_title: str
    other_text: str


ENGLISH = {
    "language": "en",
    "title": "Digital skills for small manufacturers",
    "text": "Forty workshops were held, and a second round begins in May.",
    "label": "Action line",
    "name": "Amal Haddad",
    "long": "Interoperabilitätsrahmenvereinbarungsentwurfsfassung_2026-03-04_final_final_reviewed_by_all_partners",
}
ARABIC = {
    "language": "ar",
    "title": "المهارات الرقمية لصغار المصنّعين",
    "text": "عقدت أربعون حلقة عمل، وتبدأ جولة ثانية في أيار/مايو.",
    "label": "خط العمل",
    "name": "أمل حداد",
    "long": "وسيستخدمونهاــــوسيستخدمونهاــــوسيستخدمونهاــــوسيستخدمونهاــــوسيستخدمونهاــــوسيستخدمونها",
}


def words_for(direction: str) -> Words:
    here, there = (ARABIC, ENGLISH) if direction == "rtl" else (ENGLISH, ARABIC)
    return Words(**here, other_language=there["language"], other_title=there["title"], other_text=there["text"])


class SampleForm(forms.Form):
    """One field of each sort, with help, a choice and a limit of words."""

    name = forms.CharField(max_length=40)
    mail = forms.EmailField(required=False)
    kind = forms.ChoiceField()
    places = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    note = forms.CharField(widget=forms.Textarea({"rows": 3}), required=False)
    agreed = forms.BooleanField()

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = words.label
        self.fields["name"].help_text = words.text
        for name in ("kind", "places"):
            self.fields[name].choices = [("a", words.title), ("b", words.other_title), ("c", words.long)]  # type: ignore[attr-defined]
        self.fields["note"].word_limit = 5  # type: ignore[attr-defined]  # as the forms of updates set it


def sample_forms(words: Words) -> dict[str, SampleForm]:
    good = {"name": words.name, "kind": "a", "note": words.text, "agreed": "on"}
    return {
        "nothing filled in yet": SampleForm(words=words, prefix="new"),
        "filled in": SampleForm(words=words, prefix="good", initial=good),
        "with errors and long words": SampleForm(
            {"bad-name": words.long, "bad-mail": words.long, "bad-note": words.text}, words=words, prefix="bad"
        ),
    }


class Rows(list[Any]):
    """A list that is asked as a related manager is."""

    def all(self) -> "Rows":
        return self

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        return Rows(found) if isinstance(key, slice) else found


def initiative(words: Words, **facts: Any) -> Any:
    """Stand in for a record as `InitiativeQuerySet.for_listing` gives it."""
    line = SimpleNamespace(basis="stated", line=SimpleNamespace(code="C7-EGOV", name=words.label))
    usual = {
        "entity": "UNIDO",
        "kind": words.label,
        "slug": "sample",
        "status": "ongoing",
        "get_status_display": words.label,
        "title": words.title,
        "title_language": words.language,
        "get_absolute_url": "#guide-initiative_card",
        "line_links": Rows([line]),
        "places": Rows([words.name]),
        "last_approved_at": NOON,
        "dates_shown": "2021–2026",
        "is_invented": False,
        "covers_all_member_states": False,
    }
    return SimpleNamespace(**{**usual, **facts})


def account_menu(words: Words, request: HttpRequest) -> States:
    shared = {"path": request.get_full_path(), "csrf_token": get_token(request)}
    person = User(name=words.name, email="amal@example.org")
    officer = User(name=words.long, email=f"{'long.' * 12}address@example.org", is_staff=True)
    return {
        "visitor": {"user": SimpleNamespace(is_authenticated=False), **shared},
        "signed in": {"user": person, **shared},
        "administrator with a long name": {"user": officer, **shared},
    }


def alert(words: Words, _request: HttpRequest) -> States:
    return {
        **{level: {"level": level, "text": words.text} for level in ("info", "good", "attention", "bad")},
        "with a title": {"level": "info", "title": words.title, "text": words.text},
        "long words": {"level": "bad", "title": words.long, "text": words.long},
        "other direction": {"level": "info", "text": words.other_text},
    }


def tag_rows(words: Words) -> list[Inputs]:
    return [
        {"label": words.label, "code": "C4"},
        {"label": words.title, "url": "#guide-tags"},
        {"label": words.title, "code": "SDG9", "inferred": True},
        {"label": words.label, "url": "#guide-tags", "inferred": True},
    ]


def card(words: Words, _request: HttpRequest) -> States:
    full = {
        "kicker": words.label,
        "text": words.text,
        "meta": [words.name, "2026"],
        "tags": tag_rows(words),
        "state": "approved",
        "state_label": words.label,
    }
    address = {"url": "#guide-card"}
    return {
        "title alone": {"title": words.title, **address},
        "everything": {"title": words.title, **full, **address},
        "long words": {"title": words.long, **full, "text": words.long, "meta": [words.long], **address},
        "other direction": {
            "title": words.other_title,
            "text": words.other_text,
            "language": words.other_language,
            **address,
        },
    }


def counted_facet(words: Words, name: str = "kind", **facts: Any) -> CountedFacet:
    choices = [
        Choice("a", words.label, 1_204, False),
        Choice("b", words.title, 17, True),
        Choice("c", words.name, 3, False, 1),
        Choice("d", words.long, 0, False),
    ]
    return CountedFacet(**{"name": name, "label": words.label, "choices": choices, **facts})


def facet(words: Words, _request: HttpRequest) -> States:
    closed = [Choice("a", words.label, 12, False)]
    many = [Choice(str(number), f"{words.name} {number}", number, False) for number in range(30, 0, -1)]
    return {
        "closed": {"facet": counted_facet(words, choices=closed)},
        "something chosen, a choice below another": {"facet": counted_facet(words)},
        "many choices": {"facet": counted_facet(words, choices=many), "open": True},
        "long words": {"facet": counted_facet(words, label=words.long), "open": True},
        "other direction": {
            "facet": counted_facet(words, choices=[Choice("a", words.other_title, 12, True)]),
        },
    }


def list_page(sample: Words, request: HttpRequest, **facts: Any) -> Any:
    """Stand in for a `portal.common.lists.Listing`."""
    usual = {
        "path": "#guide-filters",
        "everything": "#guide-filters",
        "words": sample.label,
        "tallies": Tallies(
            1_207, [counted_facet(sample), counted_facet(sample, "line", choices=[Choice("a", sample.title, 3, False)])]
        ),
        "total": 1_207,
        "switches": [Switch("archived", "yes", sample.title, False)],
        "tags": [
            Tag(sample.label, sample.title, "#guide-list_tools"),
            Tag(sample.label, sample.name, "#guide-list_tools"),
        ],
        "orders": [Setting("title", sample.label, True), Setting("latest", sample.title, False)],
        "sizes": [Setting("25", 25, True), Setting("50", 50, False)],
        "exports": [("CSV", "#guide-list_tools"), ("XLSX", "#guide-list_tools")],
        "errors": [],
        "is_fragment": True,
        "request": request,
        "query": request.GET,
        "page": Paginator(range(500), 20).page(3),
        "is_cut": False,
        "filter": {"is_filtered": True},
    }
    return SimpleNamespace(**{**usual, **facts})


def filters(words: Words, request: HttpRequest) -> States:
    bare = {"tags": [], "words": "", "switches": [], "tallies": Tallies(0, [])}
    return {
        "something chosen": {"listing": list_page(words, request), "label": words.title},
        "no choices": {"listing": list_page(words, request, **bare), "label": words.name},
    }


def list_tools(words: Words, request: HttpRequest) -> States:
    long = {"tags": [Tag(words.long, words.long, "#guide-list_tools")], "errors": [words.long]}
    return {
        "something chosen": {"listing": list_page(words, request), "found": words.label},
        "nothing chosen": {"listing": list_page(words, request, tags=[]), "found": words.label},
        "nothing found": {"listing": list_page(words, request, total=0), "found": words.label},
        "an address that makes no sense": {
            "listing": list_page(words, request, errors=[words.text]),
            "found": words.label,
        },
        "long words": {"listing": list_page(words, request, **long), "found": words.long},
    }


def list_pages(words: Words, request: HttpRequest) -> States:
    last = Paginator(range(100), 20).page(5)
    return {
        "pages": {"listing": list_page(words, request)},
        "the last that one can turn to": {"listing": list_page(words, request, page=last, is_cut=True)},
    }


def list_empty(words: Words, request: HttpRequest) -> States:
    said = {"none_title": words.title, "all_label": words.label, "empty_title": words.name, "empty_text": words.text}
    return {
        "none matches": {"listing": list_page(words, request), **said},
        "nothing is there yet": {"listing": list_page(words, request, filter={"is_filtered": False}), **said},
    }


def all_of_them(_words: Words, _request: HttpRequest) -> States:
    return {"many": {"count": 1_207}}


def and_more(_words: Words, _request: HttpRequest) -> States:
    return {"one": {"count": 1}, "many": {"count": 1_207}}


def latest_shown(_words: Words, _request: HttpRequest) -> States:
    return {"one": {"shown": 1, "count": 2}, "many": {"shown": 20, "count": 1_207}}


def dead_end(words: Words, _request: HttpRequest) -> States:
    way = {"url": "#guide-dead_end", "label": words.label}
    return {
        "usual": {"title": words.title, "lead": words.text, **way},
        "long words": {"title": words.long, "lead": words.long, **way},
    }


def empty(words: Words, _request: HttpRequest) -> States:
    return {
        "title alone": {"title": words.title},
        "with something to do": {
            "title": words.title,
            "text": words.text,
            "action_url": "#guide-empty",
            "action_label": words.label,
        },
        "long words": {"title": words.long, "text": words.long},
    }


def error_summary(words: Words, _request: HttpRequest) -> States:
    found = sample_forms(words)
    wrong = found["with errors and long words"]
    wrong.add_error(None, words.text)
    return {"no error": {"form": found["filled in"]}, "errors of the form and of fields": {"form": wrong}}


def facts(words: Words, _request: HttpRequest) -> States:
    rows = [
        {"label": words.label, "value": words.title},
        {"label": words.label, "value": words.title, "url": "#guide-facts"},
        {"label": words.label, "entries": [words.name, words.other_title]},
        {"label": words.label, "value": words.label, "state": "submitted"},
        {"label": words.label, "value": ""},
        {"label": words.label, "value": words.other_title, "language": words.other_language},
    ]
    long = [{"label": words.long, "value": words.long}]
    return {
        "label above value": {"facts": rows},
        "wide": {"facts": rows, "wide": True},
        "long words": {"facts": long},
        "long words, wide": {"facts": long, "wide": True},
    }


def fields(words: Words, _request: HttpRequest) -> States:
    return {state: {"form": form} for state, form in sample_forms(words).items()}


def files(words: Words, _request: HttpRequest) -> States:
    shared = {"url": "#guide-files", "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
    return {
        "none": {"files": []},
        "several": {
            "files": [
                {"name": "UNIDO-CSTD-25.docx", "format": "docx", "size": 48_211, **shared},
                {"name": "UNIDO-CSTD-25.pdf", "format": "pdf", "size": 2_411_724, **shared},
            ]
        },
        "long words": {"files": [{"name": f"{words.long}.json", "format": "json", "size": 0, **shared}]},
        "other direction": {"files": [{"name": f"{words.other_title}.md", "format": "md", "size": 12, **shared}]},
    }


#: A grey picture of 4 by 3, as an address of its own.
PICTURE = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='4' height='3'%3E"
    "%3Crect width='4' height='3' fill='%2346596c'/%3E%3C/svg%3E"
)


def stored_file(name: str, *, is_picture: bool = True) -> Any:
    """Stand in for a `StoredFile`."""
    return SimpleNamespace(
        name=name,
        type="jpeg" if is_picture else "pdf",
        get_type_display="JPEG" if is_picture else "PDF",
        size=48_211,
        is_picture=is_picture,
        thumbnail_url=PICTURE,
        thumbnail_size=(640, 480),
        get_absolute_url="#guide-file_picture",
    )


def file_picture(words: Words, _request: HttpRequest) -> States:
    return {
        "a picture": {"file": stored_file("photo.jpg"), "alt": words.text},
        "a document": {"file": stored_file("report.pdf", is_picture=False)},
    }


def evidence(words: Words, _request: HttpRequest) -> States:
    said = {"language": words.language, "is_public": True, "alternative_text": words.text, "caption": words.text}
    other = {"language": words.other_language, "caption": words.other_text}
    photo, report = stored_file("photo.jpg"), stored_file("report.pdf", is_picture=False)
    bare = {"language": words.language, "is_public": False, "caption": "", "alternative_text": "", "rights_holder": ""}
    shown = [
        {"file": photo, "rights_holder": words.name, **said},
        {"file": report, "rights_holder": words.name, **said, **other},
        {"file": stored_file("photo-2.jpg"), **bare},
    ]
    long = {"file": stored_file(f"{words.long}.pdf", is_picture=False), "rights_holder": words.long}
    return {"some": {"evidence": shown}, "long words": {"evidence": [{**said, "caption": words.long, **long}]}}


def history(words: Words, _request: HttpRequest) -> States:
    return {
        "nothing yet": {"events": []},
        "some events": {
            "events": [
                {"when": NOON, "what": words.title, "who": words.name, "note": words.text},
                {"when": NOON, "what": words.label, "note": words.other_text},
                {"when": NOON, "what": words.label},
            ]
        },
        "long words": {"events": [{"when": NOON, "what": words.long, "who": words.long, "note": words.long}]},
    }


def initiative_card(words: Words, _request: HttpRequest) -> States:
    bare = {
        "status": "",
        "line_links": Rows(),
        "places": Rows(),
        "last_approved_at": None,
        "dates_shown": "",
        "title": "",
    }
    return {
        "usual": {"initiative": initiative(words)},
        "only an address": {"initiative": initiative(words, **bare)},
        "invented, everywhere": {"initiative": initiative(words, is_invented=True, covers_all_member_states=True)},
        "long words, many places": {
            "initiative": initiative(words, title=words.long, places=Rows([words.long, *[words.name] * 4]))
        },
        "other direction": {
            "initiative": initiative(words, title=words.other_title, title_language=words.other_language)
        },
    }


def kept_text(_words: Words, _request: HttpRequest) -> States:
    return {"hidden until the browser holds text that the server does not": {}}


def language_switcher(_words: Words, request: HttpRequest) -> States:
    return {"usual": {"path": request.get_full_path(), "csrf_token": get_token(request)}}


def messages(words: Words, _request: HttpRequest) -> States:
    return {
        "none": {"messages": []},
        "each level": {
            "messages": [
                Message(level, words.text) for level in (levels.SUCCESS, levels.INFO, levels.WARNING, levels.ERROR)
            ]
        },
    }


def notifications_link(_words: Words, _request: HttpRequest) -> States:
    return {"nothing new": {"unread": 0}, "some not read": {"unread": 3}, "very many": {"unread": 1204}}


def page_header(words: Words, _request: HttpRequest) -> States:
    crumbs = trail(words.label, "#guide-page_header", words.title, "#guide-page_header")
    return {
        "title alone": {"title": words.title},
        "everything": {
            "title": words.title,
            "crumbs": crumbs,
            "kicker": words.label,
            "lead": words.text,
            "state": "draft",
            "state_label": words.label,
        },
        "long words": {"title": words.long, "crumbs": trail(words.long, "#guide-page_header"), "lead": words.long},
        "other direction": {"title": words.other_title, "language": words.other_language},
    }


def pagination(_words: Words, request: HttpRequest) -> States:
    pages = Paginator(range(500), 20)
    return {
        "one page: nothing": {"page": Paginator(range(3), 20).page(1), "request": request},
        "first page": {"page": pages.page(1), "request": request},
        "a page between": {"page": pages.page(12), "request": request},
        "last page": {"page": pages.page(25), "request": request},
    }


def progress(words: Words, _request: HttpRequest) -> States:
    def job(state: str, title: str = words.title, **facts: Any) -> Inputs:
        return {"id": "job", "title": f"{title}: {state}", "state": state, "state_label": words.label, **facts}

    return {
        "queued": job("queued", step=words.text),
        "running": job("running", percent=40, step=words.text),
        "done": job("done"),
        "failed": job("failed", reason=words.text),
        "long words": job("failed", words.long, reason=words.long),
    }


def rich_text(words: Words, _request: HttpRequest) -> States:
    full = (
        f"<h2>{words.title}</h2><p>{words.text} <strong>{words.label}</strong>, <em>{words.name}</em>"
        f'<span data-footnote="{words.text}">*</span> <a href="https://www.un.org">www.un.org</a></p>'
        f"<ul><li>{words.label}</li><li>{words.name}</li></ul><blockquote><p>{words.text}</p></blockquote>"
        f"<table><tbody><tr><th>{words.label}</th><td>2026</td></tr></tbody></table>"
    )

    def text(html: str, language: str) -> Inputs:
        body, notes = numbered(html, key="sample")
        return {"body": body, "notes": notes, "key": "sample", "language": language}

    return {
        "everything": text(full, words.language),
        "long words": text(f"<p>{words.long}</p>", words.language),
        "other direction": text(f"<p>{words.other_text}</p>", words.other_language),
    }


def status(words: Words, _request: HttpRequest) -> States:
    return {
        **{state: {"state": state, "label": words.label} for state in _LOOK_OF_STATE},
        "a state that nobody knows": {"state": "unheard of", "label": words.label},
        "many words": {"state": "draft", "label": f"{words.title}, {words.label}"},
    }


def steps(words: Words, _request: HttpRequest) -> States:
    def way(label: str, *states: str) -> Inputs:
        return {"label": words.title, "steps": [{"label": label, "state": state} for state in states]}

    return {
        "at the beginning": way(words.label, "now", "ahead", "ahead"),
        "on the way": way(words.label, "done", "now", "ahead"),
        "arrived": way(words.label, "done", "done", "done"),
        "long words": way(words.long, "done", "now", "ahead"),
    }


def table(words: Words, _request: HttpRequest) -> States:
    columns = [{"label": words.label}, {"label": words.label}, {"label": words.label, "number": True}]

    def cells(word: str, language: str = "") -> list[list[Inputs]]:
        return [
            [
                {"text": word, "url": "#guide-table", "language": language},
                {"text": words.label, "state": "approved"},
                {"text": "12,345"},
            ]
        ]

    return {
        "no rows": {"caption": words.title, "columns": columns, "rows": []},
        "some rows": {"caption": words.title, "columns": columns, "rows": cells(words.name) * 3},
        "long words": {"caption": words.long, "columns": columns, "rows": cells(words.long)},
        "other direction": {
            "caption": words.title,
            "columns": columns,
            "rows": cells(words.other_title, words.other_language),
        },
    }


def tags(words: Words, _request: HttpRequest) -> States:
    return {
        "each sort": {"tags": tag_rows(words)},
        "long words": {"tags": [{"label": words.long, "code": "C7-EGOV", "url": "#guide-tags"}]},
        "other direction": {"tags": [{"label": words.other_title, "code": "C4"}]},
    }


def tag_words(words: Words, _request: HttpRequest) -> States:
    return {"each input": {"tag": {"label": words.label, "code": "C4", "inferred": True}}}


def words_left(words: Words, _request: HttpRequest) -> States:
    return {
        "some left": {"for": "none", "limit": 150, "count": 12},
        "too many": {"for": "none", "limit": 5, "count": 12},
    }


def search_box(words: Words, _request: HttpRequest) -> States:
    return {
        "empty": {"id": "guide-search-empty", "label": words.label},
        "with words": {"id": "guide-search", "typed": words.title, "label": words.text},
    }


def found(words: Words, **facts: Any) -> Any:
    """Stand in for a `reporting.search.Result`."""
    usual = {
        "kind": words.label,
        "entity": "UNIDO",
        "what": words.label,
        "year": "2021–2025",
        "url": "#guide-search_result",
        "marked_title": words.title,
        "title_language": words.language,
        "extract": format_html("… <mark>{}</mark> {} …", words.name, words.text),
        "hit": SimpleNamespace(language=words.language),
    }
    return SimpleNamespace(**{**usual, **facts})


def search_result(words: Words, _request: HttpRequest) -> States:
    other = {
        "marked_title": words.other_title,
        "title_language": words.other_language,
        "extract": format_html("{} <mark>{}</mark>", words.other_text, words.other_title),
        "hit": SimpleNamespace(language=words.other_language),
    }
    bare = {"entity": "", "what": "", "year": "", "url": "", "extract": ""}
    return {
        "marked words": {"result": found(words)},
        "without a page of its own": {"result": found(words, **bare), "level": 3},
        "long words": {"result": found(words, marked_title=words.long)},
        "other direction": {"result": found(words, **other)},
    }


#: Each component of `templates/components/` by its name.
SAMPLES: dict[str, Callable[[Words, HttpRequest], States]] = {
    sample.__name__: sample
    for sample in [
        *(account_menu, alert, all_of_them, and_more, card, dead_end, empty, error_summary, evidence, facet, facts),
        *(fields, file_picture, files, filters, history, initiative_card, kept_text, language_switcher, latest_shown),
        *(list_empty, list_pages, list_tools, messages, notifications_link, page_header, pagination),
        *(
            progress,
            rich_text,
            search_box,
            search_result,
            status,
            steps,
            table,
            tags,
            tag_words,
            words_left,
        ),
    ]
}
