"""The one subset of HTML that people write."""

import pytest

from initiatives.models import PassageText
from portal.common.richtext import cited_references, clean, from_plain, to_plain, word_count
from tests.factories import PassageFactory

NOTE = '<span data-footnote="A note.">*</span>'
CITING = '<span data-footnote="See also" data-reference="12">*</span>'


class TestClean:
    @pytest.mark.parametrize(
        "html",
        [
            "<p>Words with <strong>weight</strong>, <em>stress</em>, m<sup>2</sup> and CO<sub>2</sub>.</p>",
            "<h2>Heading</h2><h3>Smaller heading</h3>",
            '<ol start="3" type="a"><li>Third</li></ol><ul><li>Point</li></ul>',
            '<p>A <a href="https://www.unido.org/">link</a> and <a href="mailto:a@example.org">mail</a>.</p>',
            '<p dir="rtl" lang="ar">نص عربي</p>',
            f"<p>Two notes{NOTE}{CITING}</p>",
            "<blockquote><p>Said.</p></blockquote>",
            '<table><tbody><tr><td colspan="2">A</td></tr></tbody></table>',
            "<p>4 &lt; 5 &amp; “quoted” – 中文 🌍</p>",
        ],
    )
    def test_keeps_what_people_write(self, html):
        assert sorted(clean(html)) == sorted(html)  # the order of attributes is the cleaner's
        assert clean(clean(html)) == clean(html)

    @pytest.mark.parametrize(
        ("html", "kept"),
        [
            ('<p onclick="alert(1)" style="color: red" class="MsoNormal">Words</p>', "<p>Words</p>"),
            ("<div><font>Words</font></div>", "Words"),
            ("<script>alert(1)</script><p>Words</p>", "<p>Words</p>"),
            ("<style>p { color: red }</style><p>Words</p>", "<p>Words</p>"),
            ('<a href="javascript:alert(1)">Words</a>', "<a>Words</a>"),
            ('<p>Words<img src="x" onerror="alert(1)"></p>', "<p>Words</p>"),
            ("<!-- a remark --><p>Words</p>", "<p>Words</p>"),
            ("<p>\ufeffWords</p>", "<p>Words</p>"),
            ("<p>&#xFEFF;Words</p>", "<p>Words</p>"),
            ("<p>Words", "<p>Words</p>"),
            ("  <p>Words</p>\n", "<p>Words</p>"),
        ],
    )
    def test_drops_marks_and_keeps_words(self, html, kept):
        assert clean(html) == kept

    def test_lets_no_footnote_carry_code(self):
        html = '<p>A<span data-footnote="<script>alert(1)</script>">*</span></p>'
        assert "<script>" not in clean(html)

    def test_leaves_a_long_text_whole(self):
        html = f"<p>{'Wörter und 词 ' * 2000}</p>"
        assert to_plain(clean(html)) == to_plain(html)
        assert len(to_plain(html)) > 20_000


class TestFromPlain:
    def test_makes_paragraphs_where_a_line_is_blank(self):
        assert from_plain("One\nline.\r\n\r\nTwo & three <four>.\n\n\n") == (
            "<p>One line.</p><p>Two &amp; three &lt;four&gt;.</p>"
        )

    def test_makes_nothing_of_nothing(self):
        assert from_plain(" \n\n ") == ""


class TestToPlain:
    def test_gives_the_running_words_without_notes(self):
        assert to_plain(f"<h2>Trends</h2><p>More{NOTE} &amp; better.</p><ul><li>One</li><li>Two</li></ul>") == (
            "Trends More & better. One Two"
        )

    def test_keeps_the_words_of_a_span_that_is_no_note(self):
        assert to_plain(f'<p>He said <span lang="fr">bonjour{NOTE} à tous</span>{CITING}.</p>') == (
            "He said bonjour à tous."
        )


class TestWordCount:
    @pytest.mark.parametrize(
        ("html", "count"),
        [
            ("", 0),
            ("<p>One two three.</p>", 3),
            (f"<p>One{NOTE} two.</p>", 2),
            ("<p>One</p><p>two</p>", 2),
            ("<p>工发组织 2021 年</p>", 6),
            ("<p>التحول الرقمي</p>", 2),
            ("<p>people-centred work</p>", 2),
        ],
    )
    def test_counts_what_will_be_printed(self, html, count):
        assert word_count(html) == count


class TestCitedReferences:
    def test_come_in_their_order_with_repeats(self):
        other = CITING.replace("12", "7")
        assert cited_references(f"<p>A{CITING}{other}</p><p>B{NOTE}{CITING}</p>") == [12, 7, 12]

    def test_pass_over_what_is_no_number(self):
        assert cited_references('<p>A<span data-footnote="" data-reference="x">*</span></p>') == []


@pytest.mark.django_db
class TestField:
    DIRTY, CLEAN = "<p onclick='x'>Words<script>x</script></p>", "<p>Words</p>"

    def test_cleans_what_is_saved_and_shows_it_at_once(self):
        text = PassageText(passage=PassageFactory(body=""), language="en", body=self.DIRTY)
        text.save()
        assert text.body == self.CLEAN
        text.refresh_from_db()
        assert text.body == self.CLEAN

    def test_cleans_rows_that_come_in_bulk(self):
        PassageText.objects.bulk_create([PassageText(passage=PassageFactory(body=""), language="en", body=self.DIRTY)])
        assert PassageText.objects.get().body == self.CLEAN

    def test_cleans_rows_that_are_changed_in_bulk(self):
        text = PassageFactory().texts.get()
        PassageText.objects.update(body=self.DIRTY)
        text.refresh_from_db()
        assert text.body == self.CLEAN
        text.body = self.DIRTY + self.DIRTY
        PassageText.objects.bulk_update([text], ["body"])
        text.refresh_from_db()
        assert text.body == self.CLEAN * 2
