import json
import re

import pytest
from django import forms
from django.utils import translation

from portal.common.forms import RichTextFormField, RichTextWidget


class TestRichTextFormField:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("One\ntwo\n\nthree & <4", "<p>One two</p><p>three &amp; &lt;4</p>"),
            ("One\r\n\r\ntwo", "<p>One</p><p>two</p>"),
            ('<p onclick="x()">One <script>alert(1)</script><b>two</b></p>', "<p>One two</p>"),
            ('<p>One<span data-footnote="n" data-reference="3">*</span></p>',) * 2,
        ],
    )
    def test_keeps_the_clean_subset(self, typed: str, kept: str) -> None:
        assert RichTextFormField().clean(typed) == kept

    @pytest.mark.parametrize("nothing", ["", "  ", "<p></p>", "<p><br></p>", "<ul><li></li></ul>", None])
    def test_takes_a_text_without_words_for_nothing(self, nothing: str | None) -> None:
        assert RichTextFormField(required=False).clean(nothing) == ""
        with pytest.raises(forms.ValidationError):
            RichTextFormField().clean(nothing)

    def test_takes_a_lone_footnote_for_something(self) -> None:
        note = '<p><span data-footnote="n">*</span></p>'
        assert RichTextFormField().clean(note) == note

    def test_keeps_a_text_that_is_too_long(self) -> None:
        assert RichTextFormField(word_limit=1).clean("one two") == "<p>one two</p>"


class TestRichTextWidget:
    def test_gives_the_editor_its_words_and_what_a_note_may_cite(self) -> None:
        field = RichTextFormField(widget=RichTextWidget(references=[(12, "UNIDO, 2024")]))
        facts = json.loads(field.widget.get_context("text", "", {})["widget"]["attrs"]["data-rich-text"])
        assert facts["words"]["footnote"] == "Footnote"
        assert facts["references"] == [["12", "UNIDO, 2024"]]

    def test_speaks_the_language_of_the_reader(self) -> None:
        with translation.override("ar"):
            attributes = RichTextWidget().get_context("text", "", {})["widget"]["attrs"]
        assert json.loads(attributes["data-rich-text"])["words"]["cancel"] != "Cancel"

    def test_asks_for_no_file_of_its_own_twice(self) -> None:
        class Two(forms.Form):
            one = RichTextFormField()
            two = RichTextFormField()

        html = Two().media.render()
        assert html.count('type="importmap"') == 1
        assert len(re.findall(r'<script src="/static/editor\.\w+\.js" type="module">', html)) == 1
        assert html.index("importmap") < html.index('type="module"')
