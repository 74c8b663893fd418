from portal.common.footnotes import Note, numbered

TWO_ON_ONE_SPOT = (
    '<p>Word<span data-footnote="one &amp; &quot;two&quot;">*</span>'
    '<span data-footnote="" data-reference="12">*</span>. <span lang="fr">mot</span></p>'
)


class TestNumbered:
    def test_numbers_marks_in_their_order_and_links_them_to_the_notes(self) -> None:
        html, notes = numbered('<p>a<span data-footnote="x">*</span> b<span data-footnote="y">*</span></p>', key="k")
        assert html == (
            '<p>a<sup class="note-mark"><a id="mark-k-1" href="#note-k-1" role="doc-noteref">1</a></sup>'
            ' b<sup class="note-mark"><a id="mark-k-2" href="#note-k-2" role="doc-noteref">2</a></sup></p>'
        )
        assert notes == [Note(1, "x", None), Note(2, "y", None)]

    def test_separates_two_notes_on_one_spot(self) -> None:
        html, _ = numbered(TWO_ON_ONE_SPOT, key="k")
        assert "1</a>,</sup>" in html
        assert "2</a></sup>" in html

    def test_gives_the_words_of_a_note_back_as_they_were_written(self) -> None:
        _, notes = numbered(TWO_ON_ONE_SPOT, key="k")
        assert notes[0].text == 'one & "two"'

    def test_gives_what_a_note_cites(self) -> None:
        _, notes = numbered(TWO_ON_ONE_SPOT, key="k", references={12: "UNIDO, 2024"})
        assert notes[1] == Note(2, "", "UNIDO, 2024")

    def test_shows_a_note_that_cites_nothing_known(self) -> None:
        _, notes = numbered(
            '<p><span data-footnote="x" data-reference="99">*</span></p>', key="k", references={12: "y"}
        )
        assert notes == [Note(1, "x", None)]

    def test_leaves_words_in_another_language_alone(self) -> None:
        html, _ = numbered(TWO_ON_ONE_SPOT, key="k")
        assert '<span lang="fr">mot</span>' in html
