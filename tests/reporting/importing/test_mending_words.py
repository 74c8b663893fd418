"""Words that a hyphen cut, spaces that were lost, links without a target."""

import pytest

from reporting.importing.blocks import Block, Run, Source
from reporting.importing.mending import Mended, mend


def paragraph(*runs: Run | str) -> Block:
    made = [run if isinstance(run, Run) else Run(run) for run in runs]
    return Block("paragraph", made, ["".join(run.text for run in made)])


def mended(*blocks: Block, **facts) -> Mended:
    return mend(Source("text", list(blocks)), **facts)


def found_of(kind: str, found: Mended) -> list[tuple[str, str, str]]:
    return [(one.certainty, one.was, one.now) for one in found.findings if one.kind == kind]


class TestCutWords:
    def test_are_whole_where_the_file_has_them_whole(self):
        found = mended(paragraph("The industriali-\nzation of mills"), paragraph("Industrialization began."))
        assert found.blocks[0].text == "The industrialization of mills"
        assert found_of("cut_word", found) == [("mended", "industriali- zation", "industrialization")]

    def test_keep_their_hyphen_where_the_file_has_it(self):
        found = mended(paragraph("A long-\nterm plan for mills"), paragraph("Plans are long-term."))
        assert found.blocks[0].text == "A long-term plan for mills"

    def test_of_two_words_of_the_file_stay_a_compound(self):
        found = mended(paragraph("A grain-\nstore for mills"), paragraph("The grain is in the store."))
        assert found.blocks[0].text == "A grain-store for mills"
        assert found_of("cut_word", found)[0][0] == "proposed"

    def test_that_the_file_has_nowhere_else_are_whole(self):
        found = mended(paragraph("The moderni-\nzation of mills"))
        assert found.blocks[0].text == "The modernization of mills"
        assert found_of("cut_word", found) == [("proposed", "moderni- zation", "modernization")]

    def test_that_are_short_are_not_sure_either(self):
        found = mended(paragraph("A mill of the val-\nley"))
        assert found_of("cut_word", found) == [("proposed", "val- ley", "valley")]

    @pytest.mark.parametrize(
        "text", ["the twenty-\nfirst mill", "ninety-\nnine mills", "vingt-\ndeux moulins", "soixante-\ndix sacs"]
    )
    def test_of_numbers_keep_their_hyphen(self, text: str):
        found = mended(paragraph(text))
        assert found.blocks[0].text == text.replace("\n", "")
        assert found_of("cut_word", found)[0][0] == "proposed"

    @pytest.mark.parametrize("text", ["COVID-\n19 closed mills", "Asia-\nPacific mills", "the e-\ngovernment of mills"])
    def test_with_acronyms_names_and_prefixes_keep_their_hyphen(self, text: str):
        assert mended(paragraph(text)).blocks[0].text == text.replace("\n", "")

    @pytest.mark.parametrize(
        "text", ["short- and long-term plans", "low- or high-priced flour", "moulins sous- et sur-"]
    )
    def test_are_none_where_a_hyphen_stands_for_a_word(self, text: str):
        found = mended(paragraph(text))
        assert found.blocks[0].text == text
        assert found.findings == []

    def test_are_none_in_addresses(self):
        found = mended(paragraph("See https://mills.example.org/long-\nterm for more"))
        assert found.blocks[0].text == "See https://mills.example.org/long-term for more"

    def test_at_the_end_of_a_page_are_whole(self):
        found = mended(
            paragraph("Mills of the whole region began with the moderni-"),
            Block("page"),
            paragraph("zation of their doors. Modernization is dear."),
        )
        assert found.blocks[0].text.startswith("Mills of the whole region began with the modernization of their doors.")

    def test_inside_a_line_are_whole_where_the_file_shows_it(self):
        found = mended(paragraph("The industriali- zation of mills"), paragraph("Industrialization began."))
        assert found.blocks[0].text == "The industrialization of mills"

    def test_are_left_where_a_person_refused(self):
        blocks = [paragraph("The industriali-\nzation of mills"), paragraph("Industrialization began.")]
        key = next(finding.key for finding in mended(*blocks).findings if finding.kind == "cut_word")
        assert key == "cut_word:0:industriali-zation"
        assert mended(*blocks, refused=[key]).blocks[0].text == "The industriali- zation of mills"


class TestLostSpaces:
    def test_come_back_behind_a_full_stop(self):
        found = mended(paragraph("Mills fight pollution.The farmers like it."), paragraph("The pollution is gone."))
        assert found.blocks[0].text == "Mills fight pollution. The farmers like it."
        assert found_of("lost_space", found) == [("mended", "pollution.The", "pollution. The")]

    def test_keep_the_look_of_the_words_around_them(self):
        found = mended(
            paragraph("Mills fight ", Run("pollution.", ("em",)), Run("The", ("em",)), " farmers like it."),
            paragraph("The pollution is gone."),
        )
        assert found.blocks[0].runs[1] == Run("pollution. The", ("em",))

    @pytest.mark.parametrize(
        "text",
        [
            "See www.Mills.Org and http://mills.example.org/Flour.The and Node.js.",
            "At 12:30 the U.S.A. had 3.5 tons, 1,000 sacks and the file Mills.Docx.pdf",
            "JavaScript, YouTube, eLearning and the McMill family",
            "mill(s) and country(ies) with bathe and clothe",
        ],
    )
    def test_are_none_in_addresses_numbers_and_names(self, text: str):
        found = mended(paragraph(text))
        assert found.blocks[0].text == text
        assert found_of("lost_space", found) == []

    def test_between_words_run_together_are_proposed(self):
        told = "The mills and the farmers and the bakers count the sacks and the flour in the store for the town. " * 3
        found = mended(paragraph(told), paragraph("Mills andthe farmers"))
        assert found.blocks[1].text == "Mills and the farmers"
        assert found_of("lost_space", found) == [("proposed", "andthe", "and the")]


class TestLinks:
    def test_without_a_target_are_listed_with_their_words(self):
        found = mended(
            paragraph("See ", Run("the handbook", href="#"), " and ", Run("mills", href="https://mills.example.org"))
        )
        assert found_of("dead_link", found) == [("listed", "the handbook", "the handbook")]
        assert found.blocks[0].runs[1].href == "#"
