"""Telling what a paragraph outside initiatives is."""

import pytest

from initiatives.choices import PartKind, PassageKind
from reporting.importing.blocks import Block, Run
from reporting.importing.proposals.initiatives import kind_of_title
from reporting.importing.proposals.passages import kind_of_block, kind_of_heading, kind_of_section

TREND, OBSTACLE, OUTLOOK = PassageKind.TREND, PassageKind.OBSTACLE, PassageKind.OUTLOOK


def kind(words, section=TREND, part=PartKind.PARAGRAPH, *, is_summary=False):
    return kind_of_block(Block("paragraph", [Run(words)]), part, section, is_summary=is_summary)


class TestKindOfPassage:
    @pytest.mark.parametrize(
        ("heading", "expected"),
        [
            ("II. Overview of trends and experience", TREND),
            ("Future actions", OUTLOOK),
            ("Recommendations to the Commission", PassageKind.PROPOSAL),
            ("Obstacles and constraints", OBSTACLE),
            ("Lessons from the field", PassageKind.LESSON),
            ("Actions futures", OUTLOOK),
            ("Panorama de las tendencias", TREND),
            ("Рекомендации", PassageKind.PROPOSAL),
            ("الموجز", PassageKind.STATEMENT),
            ("趋势概述", TREND),
            ("A river", None),
        ],
    )
    def test_is_told_by_the_heading(self, heading, expected):
        assert kind_of_heading(heading) == expected

    def test_is_a_statement_in_the_summary_whatever_it_is_called(self):
        assert kind_of_section("Future in short", is_summary=True) == PassageKind.STATEMENT
        assert kind("There are many obstacles.", PassageKind.STATEMENT, is_summary=True) == PassageKind.STATEMENT

    def test_follows_the_words_of_its_first_sentence(self):
        assert kind("Small towns face two obstacles. They grow.") == OBSTACLE
        assert kind("Towns grow. They face two obstacles.") == TREND
        assert kind("在农村，挑战依然存在。") == OBSTACLE

    def test_is_a_quotation_where_the_outline_says_so(self):
        assert kind("Half a page at most", part=PartKind.QUOTATION) == PassageKind.QUOTATION


class TestKindOfInitiative:
    @pytest.mark.parametrize(
        ("title", "code"),
        [
            ("Survey of small workshops 2020", "survey"),
            ("World Loom Summit", "event-series"),
            ("World Loom Summit 2020", "event"),
            ("Réseau des ateliers", "network"),
            ("加工厂网络", "network"),
            ("Better looms for Aruba", "project"),
        ],
    )
    def test_is_told_by_the_words_of_its_title(self, title, code):
        assert kind_of_title(title, {"survey", "event-series", "event", "network", "project"}) == code

    def test_is_a_project_where_the_portal_has_no_such_kind(self):
        assert kind_of_title("World Loom Summit", {"project"}) == "project"
