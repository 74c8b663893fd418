"""A snapshot taken apart."""

from portal.common.words import NOTE
from reporting.comparison.units import Unit, units
from tests.reporting.compilation.samples import COVER, item, of_html, record_of, section, snapshot


def texts(html: str) -> list[tuple[str, str]]:
    return [(unit.form, unit.text) for unit in units(of_html(html)) if unit.slot == "text"]


def only(html: str) -> Unit:
    (unit,) = (unit for unit in units(of_html(html)) if unit.slot == "text")
    return unit


class TestUnits:
    def test_are_cover_front_headings_and_paragraphs_in_reading_order(self):
        front = [{"kind": "title", "text": "Report"}, {"kind": "list", "entries": ["C1", "C7"]}]
        told = item("<p>One.</p><p>Two.</p>", heading="Hub")
        found = units(snapshot([section("Overview", [told])], cover=COVER[:2], front=front))
        assert [(unit.slot, unit.text) for unit in found] == [
            ("cover", "COMMISSION ON SCIENCE AND TECHNOLOGY FOR DEVELOPMENT"),
            ("cover", "(CSTD)"),
            ("front", "Report"),
            ("front", "C1"),
            ("front", "C7"),
            ("heading", "Overview"),
            ("heading", "Hub"),
            ("text", "One."),
            ("text", "Two."),
        ]

    def test_say_under_which_headings_they_stand(self):
        found = units(snapshot([section("Overview", [item("<p>One.</p>", heading="Hub"), item("<p>Two.</p>")])]))
        assert [[place.heading for place in unit.place] for unit in found] == [
            [],
            ["Overview"],
            ["Overview", "Hub"],
            ["Overview"],
        ]

    def test_take_lists_quotations_and_tables_apart(self):
        html = (
            "<h2>Why</h2><ul><li><p>a</p><ol><li>b</li></ol></li></ul><blockquote><p>c</p></blockquote>"
            "<table><thead><tr><th>Year</th><th>Firms</th></tr></thead>"
            "<tbody><tr><td>2021</td><td><p>74</p><p>or more</p></td></tr></tbody></table>"
        )
        assert texts(html) == [
            ("heading", "Why"),
            ("entry", "a"),
            ("entry", "b"),
            ("quotation", "c"),
            ("row", "Year | Firms"),
            ("row", "2021 | 74 or more"),
        ]

    def test_hold_what_their_footnotes_print_without_numbers(self):
        mark = '<span data-footnote="Page 4:" data-reference="1">*</span>'
        unit = only(f"<p>Firms{mark}{mark} learn.</p>")
        assert unit.text == f"Firms{NOTE}{NOTE} learn."
        assert unit.notes == ("Page 4: ITU, Facts and figures (2020), https://example.org/f?a=1&b=2",) * 2

    def test_know_emphasis_and_where_links_lead(self):
        unit = only('<p>A <em>good</em> <a href="https://example.org/plan">plan</a>.</p>')
        assert unit.text == "A good plan."
        assert unit.marks == (("Emph", 2, 6),)
        assert unit.links == ("https://example.org/plan",)

    def test_are_written_in_the_language_of_their_words(self):
        arabic = item('<p>نص</p><p lang="fr">texte</p>', heading="عنوان", language="ar")
        found = units(snapshot([section("Overview", [arabic])]))
        assert [(unit.language, unit.direction) for unit in found] == [
            ("en", "ltr"),
            ("ar", "rtl"),
            ("ar", "rtl"),
            ("fr", "ltr"),
        ]

    def test_name_the_version_that_they_were_printed_from(self):
        source = record_of("update", 12, version=3)
        title = record_of("initiative", 5, version=2)
        told = item("<p>One.</p>", heading="Hub", source=source, heading_record=title)
        assert [unit.record for unit in units(snapshot([section("Overview", [told])]))][1:] == [title, source]

    def test_of_nothing_are_none(self):
        assert texts("<p> </p><ul><li></li></ul>") == []
