"""What the components promise to the pages that include them."""

import datetime as dt
import re
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from initiatives.choices import DraftState, Status
from portal.common.tallies import Choice, CountedFacet
from portal.icons import ICONS
from portal.templatetags import components
from portal.templatetags.components import choice_items
from reporting.choices import CallState, CompilationState, SubmissionState


def render(name: str, **inputs: Any) -> str:
    """Return the component in one line, blanks between tags left out."""
    html = render_to_string(f"components/{name}.html", inputs)
    return re.sub(r"\s+", " ", re.sub(r">\s+<", "><", html)).strip()


class TestStatus:
    @pytest.mark.parametrize("states", [Status, DraftState, CallState, SubmissionState, CompilationState])
    def test_knows_every_state(self, states: Any) -> None:
        for state in states:
            assert state.value in components._LOOK_OF_STATE, state

    def test_is_told_by_words_and_shape(self) -> None:
        html = render("status", state="approved", label="approved")
        assert "status-good" in html
        assert ICONS["check"] in html
        assert ">approved<" in html

    def test_says_an_unknown_state_plainly(self) -> None:
        assert "status-plain" in render("status", state="unheard of", label="unheard of")


class TestSteps:
    def test_tell_which_are_done_and_which_is_now(self) -> None:
        steps = [{"label": label, "state": state} for label, state in [("Draft", "done"), ("Review", "now")]]
        html = render("steps", steps=steps, label="The way")
        assert html.count(", done</span>") == 1
        assert html.count('aria-current="step"') == 1
        assert html.index('aria-current="step"') > html.index("Draft")


class TestOpening:
    def test_cuts_between_words(self) -> None:
        assert components.opening("One two, three", 10) == "One two…"

    def test_cuts_anywhere_where_no_blanks_are_written(self) -> None:
        assert components.opening("面向中小企业的第四次工业革命", 6) == "面向中小企业…"

    def test_leaves_a_short_text_alone(self) -> None:
        assert components.opening("One.", 10) == "One."


class TestPageHeader:
    def test_marks_the_language_of_a_title(self) -> None:
        assert '<h1 lang="ar" dir="rtl">عنوان</h1>' in render("page_header", title="عنوان", language="ar")

    def test_leaves_out_what_is_not_given(self) -> None:
        html = render("page_header", title="Initiatives")
        assert "<nav" not in html
        assert "kicker" not in html
        assert "lead" not in html

    def test_shows_the_way_here(self) -> None:
        crumbs = components.trail("Submissions", "/submissions/", "CSTD 25", "/submissions/#25")
        html = render("page_header", title="UNIDO", crumbs=crumbs)
        assert html.index('href="/submissions/"') < html.index('href="/submissions/#25"')


class TestFacts:
    def test_leaves_out_what_is_not_known(self) -> None:
        html = render("facts", facts=[{"label": "Dates", "value": ""}, {"label": "Entity", "value": "UNIDO"}])
        assert "Dates" not in html
        assert "<dd> UNIDO </dd>" in html

    def test_shows_several_values_and_escapes_them(self) -> None:
        html = render("facts", facts=[{"label": "Where", "entries": ["Peru", "<b>"]}])
        assert "<li>Peru</li><li>&lt;b&gt;</li>" in html


class TestTable:
    def test_keeps_its_meaning_when_it_is_stacked(self) -> None:
        html = render(
            "table",
            caption="Submissions",
            columns=[{"label": "Entity"}, {"label": "Items", "number": True}],
            rows=[[{"text": "UNIDO", "url": "/u/"}, {"text": "17"}]],
        )
        assert '<th scope="row" role="rowheader"><span dir="auto"><a href="/u/">UNIDO</a></span></th>' in html
        assert '<td role="cell" class="number" data-label="Items"><span dir="auto">17</span></td>' in html
        assert '<th scope="col" role="columnheader" class="number">Items</th>' in html


class TestPagination:
    def render_page(self, number: int, query: str = "") -> str:
        request = RequestFactory().get(f"/initiatives/?{query}")
        return render("pagination", page=Paginator(range(500), 20).get_page(number), request=request)

    def test_is_silent_about_a_single_page(self) -> None:
        assert render("pagination", page=Paginator(range(5), 20).get_page(1), request=None) == ""

    def test_names_the_page_one_is_on_and_its_neighbours(self) -> None:
        html = self.render_page(7)
        assert re.search(r'aria-current="page">.*?</span>\s*7<', html)
        for number in (1, 6, 8, 25):
            assert f"page={number}" in html
        assert "page=7" not in html

    def test_keeps_what_was_asked_for(self) -> None:
        assert "?q=skills&amp;page=8" in self.render_page(7, "q=skills&page=7")


class TestProgress:
    def test_asks_again_while_the_job_is_under_way(self) -> None:
        html = render(
            "progress", id="job", title="Job", state="running", state_label="running", percent=40, poll_url="/x"
        )
        assert 'hx-get="/x"' in html
        assert '<progress max="100" value="40"' in html

    @pytest.mark.parametrize("state", ["done", "failed"])
    def test_rests_when_the_job_has_ended(self, state: str) -> None:
        html = render(
            "progress", id="job", title="Job", state=state, state_label=state, reason="No disk.", poll_url="/x"
        )
        assert "hx-get" not in html
        assert "<progress" not in html
        assert ("No disk." in html) == (state == "failed")


class TestFiles:
    def test_gives_each_file_with_its_sum(self) -> None:
        html = render(
            "files", files=[{"name": "a.docx", "url": "/a", "format": "docx", "size": 2048, "sha256": "9f86"}]
        )
        assert '<a class="file-name" href="/a">a.docx</a>' in html
        assert '<code dir="ltr">9f86</code>' in html
        assert re.search(r'<button[^>]* data-copy="9f86"[^>]* hidden>', html)


class TestHistory:
    def test_tells_when_what_and_who(self) -> None:
        event = {
            "when": dt.datetime(2026, 11, 18, 9, 30, tzinfo=dt.UTC),
            "what": "Returned",
            "who": "UNIDO",
            "note": "Why",
        }
        html = render("history", events=[event])
        assert '<time datetime="2026-11-18T10:30:00+01:00">18 November 2026, 10:30</time>' in html
        assert "<strong>Returned</strong> · <bdi>UNIDO</bdi>" in html


class TestRichText:
    def test_stands_in_its_own_direction_with_its_notes_below(self) -> None:
        html = Template('{% load components %}{% rich_text text "t" "ar" references %}').render(
            Context({"text": '<p>نص<span data-footnote="" data-reference="1">*</span></p>', "references": {1: "Ref"}})
        )
        assert '<div class="prose" lang="ar" dir="rtl">' in html
        assert 'id="note-t-1"' in html
        assert "Ref" in html


class NameForm(forms.Form):
    name = forms.CharField(help_text="As printed.")
    note = forms.CharField(required=False)
    agree = forms.BooleanField()


class TestFields:
    def test_ties_label_help_and_error_to_the_field(self) -> None:
        html = render("fields", form=NameForm({}))
        assert '<label for="id_name">' in html
        assert 'aria-describedby="id_name_helptext id_name_error"' in html
        assert 'id="id_name_helptext"' in html
        assert 'id="id_name_error"' in html
        assert 'aria-invalid="true"' in html

    def test_says_what_is_required(self) -> None:
        html = render("fields", form=NameForm())
        assert html.count("field-required") == 2

    def test_leads_from_the_summary_to_each_field(self) -> None:
        html = render("fields", form=NameForm({}))
        assert '<a href="#id_name">Name: This field is required.</a>' in html
        assert '<a href="#id_agree">' in html
        assert "#id_note" not in html


class TestFormats:
    def test_writes_dates_as_the_united_nations_does(self) -> None:
        day = dt.date(2025, 12, 17)
        for language, words in (("en", "17 December 2025"), ("fr", "17 décembre 2025")):
            with translation.override(language):
                assert Template("{{ day|date:'DATE_FORMAT' }}").render(Context({"day": day})) == words


class TestChoiceItems:
    def test_tell_words_and_numbers_as_a_reader_expects(self):
        choices = [Choice("A&B", "<A> & B", 1207, True), Choice("C", "C", 999, False, depth=1)]
        with translation.override("en"):
            first, second = choice_items(CountedFacet("line", "Line", choices)).split("<li")[1:]
        assert 'name="line" value="A&amp;B" checked><span>&lt;A&gt; &amp; B</span>' in first
        assert ">1,207<" in first
        assert 'class="facet-below"' in second
        assert "checked>" not in second
        assert ">999<" in second
