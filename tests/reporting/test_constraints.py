"""Each rule that the database holds refuses a row that breaks it."""

import datetime as dt

import pytest

from reporting import models
from reporting.choices import CompilationState, HeadingSource, ItemKind, TextSource
from tests import factories as make
from tests.support.constraints import again, assert_refused, constraints_of

DAY = dt.date(2021, 1, 1)


def item(**fields):
    values = {"section": make.SectionFactory(), "order": 1, "kind": ItemKind.PASSAGE, "passage": make.PassageFactory()}
    return models.Item(**values | fields)


def compilation(**fields):
    return again(make.CompilationFactory(), number=99, **fields)


WRONG_ROWS = {
    "call_period_ends_after_it_starts": lambda: again(make.CallFactory(), slug="another", period_end=DAY),
    "call_is_due_after_it_opens": lambda: again(
        make.CallFactory(), slug="another", opens_on=dt.date(2021, 10, 2), due_on=dt.date(2021, 10, 1)
    ),
    "call_has_one_cover_in_a_language": lambda: again(make.CallCoverFactory()),
    "entity_has_one_layout_in_a_call": lambda: again(make.LayoutFactory()),
    "layout_has_one_section_at_a_place": lambda: again(make.LayoutSectionFactory()),
    "call_has_a_submission_once": lambda: again(make.SubmissionFactory()),
    "submission_has_one_section_at_a_place": lambda: again(make.SectionFactory()),
    "section_has_one_item_at_a_place": lambda: again(make.ItemFactory()),
    "section_has_an_initiative_once": lambda: again(make.ItemFactory(initiative=make.InitiativeFactory()), order=99),
    "item_holds_what_its_kind_says": lambda: item(kind=ItemKind.HEADING),
    "item_with_other_words_has_them": lambda: item(heading_source=HeadingSource.OTHER),
    "item_with_a_wording_has_it": lambda: item(text_source=TextSource.WORDING),
    "only_an_initiative_has_a_title_of_its_own": lambda: item(heading_source=HeadingSource.OWN),
    "item_heading_is_one_to_three_levels_deep": lambda: item(level=4),
    "submission_counts_its_compilations": lambda: again(make.CompilationFactory()),
    "progress_ends_at_100_per_cent": lambda: compilation(progress=101),
    "running_compilation_has_a_lease": lambda: compilation(state=CompilationState.RUNNING),
    "failed_compilation_says_why": lambda: compilation(state=CompilationState.FAILED),
    "finished_compilation_has_a_fingerprint": lambda: compilation(state=CompilationState.DONE),
    "compilation_makes_a_file_once": lambda: again(make.ArtifactFactory()),
}


@pytest.mark.django_db
class TestEveryConstraint:
    @pytest.mark.parametrize("name", WRONG_ROWS)
    def test_refuses_the_row_that_breaks_it(self, name):
        assert_refused(WRONG_ROWS[name](), name)

    def test_has_a_row_that_breaks_it(self):
        assert WRONG_ROWS.keys() == constraints_of("reporting").keys()
