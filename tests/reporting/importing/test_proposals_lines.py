"""Action lines that a text states."""

import pytest

from initiatives.choices import PartKind
from reporting.importing.proposals.known import read_known
from reporting.importing.proposals.lines import stated_lines
from reporting.importing.proposals.readings import Reading
from tests.factories import ActionLineAliasFactory, ActionLineFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lines():
    applications = ActionLineFactory(code="C7", name_en="ICT applications", name_fr="Les applications TIC")
    government = ActionLineFactory(code="C7-EGOV", name_en="E-government", parent=applications)
    for text in ["eGov", "eGovernment", "C7 e-government"]:
        ActionLineAliasFactory(line=government, text=text)
    ActionLineFactory(code="C7-EBUS", name_en="E-business", parent=applications)
    ActionLineFactory(code="C1", name_en="The role of governments")
    ActionLineFactory(
        code="C3",
        name_en="Access to information and knowledge",
        name_ru="Доступ к информации и знаниям",
        name_zh="获取信息和知识",
    )
    ActionLineFactory(code="C4", name_en="Capacity building", name_fr="Le renforcement des capacités")
    ActionLineFactory(code="C9", name_en="Media")
    ActionLineFactory(code="C11", name_en="International and regional cooperation")


def stated(*texts, language="en", kind=PartKind.PARAGRAPH):
    """The codes that each text states; a text may be a pair with the kind of its part."""
    known = read_known(entities=[], language=language, note_words=[])
    readings = [
        Reading(number, *((text[1], text[0]) if isinstance(text, tuple) else (kind, text)))
        for number, text in enumerate(texts)
    ]
    found = stated_lines(readings, known)
    return [
        sorted(known.lines[line.line].code for line in found if line.block == number) for number in range(len(texts))
    ]


class TestCodes:
    @pytest.mark.parametrize(
        ("text", "codes"),
        [
            ("We lead C1 and C11.", ["C1", "C11"]),
            ("We lead C7 alone.", ["C7"]),
            ("C7eGov", ["C7-EGOV"]),
            ("C7-EGOV", ["C7-EGOV"]),
            ("C7 (e-Government)", ["C7-EGOV"]),
            ("C7 – ICT applications: E-government", ["C7-EGOV"]),
            ("C7: e-business", ["C7-EBUS"]),
            ("C-3", ["C3"]),
            ("action line C 4", ["C4"]),
            ("section C 4 of the plan", []),
            ("C12, C4A, AC3 and vitamin c3", []),
            ("The line С11 with a Cyrillic letter", ["C11"]),
        ],
    )
    def test_count_anywhere(self, text, codes):
        assert stated(text) == [codes]

    def test_may_be_written_with_arabic_letters(self):
        assert stated("مسار العمل جيم 3 وجيم ١١", language="ar") == [["C11", "C3"]]


class TestNames:
    def test_count_where_the_sentence_speaks_of_action_lines(self):
        text = "We serve the action lines capacity building and access to information and knowledge. Media came."
        assert stated(text) == [["C3", "C4"]]

    def test_are_ordinary_words_elsewhere(self):
        assert stated("Capacity building goes on, and access to information and knowledge grows.") == [[]]

    def test_count_in_a_list_that_is_announced(self):
        texts = [
            "We report on the action lines:",
            ("Capacity building", PartKind.ENTRY),
            ("Media", PartKind.ENTRY),
            "Capacity building takes years.",
        ]
        assert stated(*texts) == [[], ["C4"], ["C9"], []]

    def test_of_one_ordinary_word_have_to_stand_alone(self):
        assert stated("This action line is told in social media.") == [[]]
        assert stated("We serve the action lines on media, and others.") == [["C9"]]

    @pytest.mark.parametrize(
        ("language", "text", "codes"),
        [
            ("fr", "La grande orientation « Le renforcement des capacités » est la nôtre.", ["C4"]),
            ("ru", "По направлению деятельности «Доступ к информации и знаниям» мы открыли центр.", ["C3"]),
            ("zh", "我们负责行动方面获取信息和知识。", ["C3"]),
        ],
    )
    def test_count_in_each_language(self, language, text, codes):
        assert stated(text, language=language) == [codes]

    def test_leave_the_line_out_that_only_heads_its_sub_line(self):
        assert stated("Action line ICT applications: E-government") == [["C7-EGOV"]]
