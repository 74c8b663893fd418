"""The editor over a rich text field: what is typed is what is stored."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from portal.common.richtext import clean
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.urls("tests.browser.editor_page")

Visit = Callable[..., Visitor]


def open_editor(visitor: Visitor, text: str = "") -> Page:
    page = visitor.open(f"/editor/?text={quote(text)}")
    page.wait_for_selector("[role=textbox]")
    return page


def save(page: Page) -> str:
    page.click("main [type=submit]")
    page.wait_for_selector("[role=textbox]")
    return page.locator("output").inner_text()


def press(page: Page, label: str) -> None:
    page.click(f".editor-bar [aria-label='{label}']")


class TestEditor:
    def test_has_no_barrier(self, visit: Visit) -> None:
        for options in ({}, {"width": 360, "language": "ar", "scheme": "dark"}):
            visitor = visit(**options)
            open_editor(visitor, '<p>Text<span data-footnote="A note.">*</span></p>')
            assert visitor.barriers() == []
            assert visitor.sticks_out() <= 0

    def test_keeps_all_that_a_stored_text_may_hold(self, visit: Visit) -> None:
        text = clean(
            '<h2>Heading</h2><h3>Below</h3><p lang="ar" dir="rtl">نص</p>'
            '<p>A <strong>bold</strong> <em>word</em>, H<sub>2</sub>O, x<sup>2</sup>, <span lang="fr">mot</span> &amp; '
            '<a href="https://example.org/?a=1&amp;b=2">link</a>.'
            '<span data-footnote="One &quot;note&quot; &lt;1&gt;">*</span>'
            '<span data-footnote="" data-reference="12">*</span></p>'
            "<ul><li><p>one</p></li></ul>"
            '<ol start="3" type="a"><li><p>two</p></li></ol>'
            "<blockquote><p>said</p></blockquote>"
            '<table><tbody><tr><th colspan="2" scope="col"><p>head</p></th></tr>'
            "<tr><td><p>a</p></td><td><p>b<br>c</p></td></tr></tbody></table>"
        )
        page = open_editor(visit(), text)
        page.locator("[role=textbox] p").last.click()
        page.keyboard.press("End")
        page.keyboard.type("!")
        page.keyboard.press("Backspace")
        kept = save(page)
        for part in ("<h2>", "<h3>", "<ul>", "<blockquote>", "<br>", "<sub>2</sub>", "<sup>2</sup>", "<em>word</em>"):
            assert part in kept
        assert '<p lang="ar" dir="rtl">نص</p>' in kept
        assert '<span lang="fr">mot</span>' in kept
        assert 'href="https://example.org/?a=1&amp;b=2"' in kept
        assert kept.count("data-footnote=") == 2
        assert 'data-reference="12"' in kept
        assert 'start="3"' in kept
        assert 'type="a"' in kept
        assert 'colspan="2"' in kept
        assert 'scope="col"' in kept
        assert clean(kept) == kept

    def test_writes_what_the_bar_says(self, visit: Visit) -> None:
        page = open_editor(visit())
        page.click("[role=textbox]")
        press(page, "Bold")
        page.keyboard.type("bold")
        press(page, "Bold")
        page.keyboard.type(" and ")
        press(page, "Italic")
        page.keyboard.type("italic")
        assert save(page) == "<p><strong>bold</strong> and <em>italic</em></p>"

    def test_leaves_the_cursor_in_the_text_when_a_button_is_clicked(self, visit: Visit) -> None:
        page = open_editor(visit())
        page.click("[role=textbox]")
        page.evaluate("window.left = 0; document.activeElement.addEventListener('blur', () => (window.left += 1))")
        press(page, "Bold")
        assert page.evaluate("document.activeElement.role") == "textbox"
        assert page.evaluate("window.left") == 0

    def test_puts_a_footnote_where_the_text_stands(self, visit: Visit) -> None:
        visitor = visit()
        page = open_editor(visitor)
        page.click("[role=textbox]")
        page.keyboard.type("Trained 340 people")
        press(page, "Footnote")
        assert visitor.barriers() == []
        page.get_by_label("Text of the footnote").fill("Annual report & more, p. 14.")
        page.get_by_label("Reference it cites").select_option("12")
        page.keyboard.press("Tab")
        page.click("dialog [type=submit]")
        page.keyboard.type(" in May.")
        assert save(page) == (
            '<p>Trained 340 people<span data-footnote="Annual report &amp; more, p. 14." data-reference="12">*</span>'
            " in May.</p>"
        )

    def test_changes_and_removes_a_footnote(self, visit: Visit) -> None:
        page = open_editor(visit(), '<p>One<span data-footnote="old">*</span> two</p>')
        page.click(".editor-note")
        press(page, "Footnote")
        page.get_by_label("Text of the footnote").fill("new")
        page.click("dialog [type=submit]")
        assert 'data-footnote="new"' in page.locator("textarea").input_value()
        page.keyboard.press("ArrowLeft")  # selects the note before the cursor
        page.keyboard.press("Enter")
        page.click("dialog [data-remove]")
        assert save(page) == "<p>One two</p>"

    def test_keeps_two_footnotes_on_one_spot_apart(self, visit: Visit) -> None:
        page = open_editor(visit())
        page.click("[role=textbox]")
        page.keyboard.type("Word")
        for words in ("first", "second"):
            press(page, "Footnote")
            page.get_by_label("Text of the footnote").fill(words)
            page.click("dialog [type=submit]")
        assert save(page) == '<p>Word<span data-footnote="first">*</span><span data-footnote="second">*</span></p>'

    def test_sets_the_marks_of_a_list_and_the_source_of_a_quotation(self, visit: Visit) -> None:
        page = open_editor(visit())
        page.click("[role=textbox]")
        press(page, "Numbered list")
        page.keyboard.type("looms")
        press(page, "Marks of the list")
        page.get_by_label("Marks of the list").last.select_option("(a)")
        page.get_by_label("Number of the first").fill("3")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        press(page, "Quotation")
        page.keyboard.type("Nobody lent us one.")
        press(page, "Source of the quotation")
        page.get_by_label("Where it was said").fill("A/79/62, para. 4")
        page.get_by_label("Address").fill("undocs.org/A/79/62")
        page.keyboard.press("Enter")
        assert save(page) == (
            '<ol data-delimiter="()" start="3" type="a"><li><p>looms</p></li></ol>'
            "<blockquote><p>Nobody lent us one.</p>"
            '<p>— <a href="https://undocs.org/A/79/62">A/79/62, para. 4</a></p></blockquote>'
        )

    def test_links_selected_words_and_adds_the_scheme(self, visit: Visit) -> None:
        page = open_editor(visit(), "<p>report</p>")
        page.click("[role=textbox]")
        page.keyboard.press("Control+a")
        page.keyboard.press("Control+k")
        page.get_by_label("Address").fill("www.un.org/x")
        page.keyboard.press("Enter")
        assert save(page) == '<p><a href="https://www.un.org/x">report</a></p>'

    def test_takes_only_what_may_be_stored_from_a_paste(self, visit: Visit) -> None:
        page = open_editor(visit())
        page.click("[role=textbox]")
        page.evaluate(
            """() => {
              const data = new DataTransfer();
              data.setData("text/html", '<b style="font-weight: normal"><h1 style="color:red">Title</h1>'
                + '<p class="MsoNormal"><b>Bold</b> <span style="font-weight: 700">Docs</span> plain '
                + '<script>window.pasted = 1<\\/script><a href="javascript:alert(1)">bad</a></p></b>');
              document.querySelector("[role=textbox]").dispatchEvent(
                new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
            }"""
        )
        kept = save(page)
        assert "<strong>Bold</strong> <strong>Docs</strong> plain" in kept
        assert "Title" in kept
        for part in ("style", "class", "script", "<h1"):
            assert part not in kept

    def test_is_used_by_the_keyboard_alone(self, visit: Visit) -> None:
        page = open_editor(visit())
        page.focus("[role=textbox]")
        page.keyboard.press("Alt+F10")
        expect(page.locator("[aria-label=Bold]")).to_be_focused()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        expect(page.locator("[aria-label=Italic]")).to_have_attribute("aria-pressed", "true")
        expect(page.locator("[role=textbox]")).to_be_focused()  # the editor takes it back with the next frame
        page.keyboard.type("slanted")
        expect(page.locator("textarea")).to_have_value("<p><em>slanted</em></p>")

    def test_counts_the_words_that_are_left(self, visit: Visit) -> None:
        page = open_editor(visit(), '<p>one two<span data-footnote="not counted">*</span></p>')
        shown = page.locator("[data-shown]")
        assert shown.inner_text() == "Words: 2 of 5, 3 left"
        page.click("[role=textbox]")
        page.keyboard.press("Control+End")
        page.keyboard.type(" 中文 five six")
        assert shown.inner_text() == "Words: 6 of 5, 1 too many"
        expect(page.locator("[data-spoken]")).to_have_text("Words: 6 of 5, 1 too many")

    def test_turns_with_the_language_of_the_text(self, visit: Visit) -> None:
        page = open_editor(visit())
        text = page.locator("[role=textbox]")
        assert text.get_attribute("dir") == "ltr"
        page.select_option("main [name=language]", "ar")
        assert text.get_attribute("dir") == "rtl"
        assert text.get_attribute("lang") == "ar"

    def test_makes_an_emptied_text_empty(self, visit: Visit) -> None:
        page = open_editor(visit(), "<p>gone</p>")
        page.click("[role=textbox]")
        page.keyboard.press("Control+a")
        page.keyboard.press("Backspace")
        assert page.locator("textarea").input_value() == ""
        page.click("main [type=submit]")
        page.wait_for_selector(".error-summary")


class TestWithoutScripts:
    def test_takes_plain_text_with_blank_lines_as_paragraphs(self, visit: Visit) -> None:
        page = visit(scripts=False).open("/editor/")
        page.fill("textarea", "First < second\n\nand & more")
        page.click("main [type=submit]")
        assert page.locator("output").inner_text() == "<p>First &lt; second</p><p>and &amp; more</p>"
