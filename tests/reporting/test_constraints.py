"""Each rule that the database holds refuses a row that breaks it."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from initiatives.choices import Role, TextState
from reporting import models
from reporting.choices import (
    CompilationState,
    HeadingSource,
    ImportState,
    IssueKind,
    ItemKind,
    PlanOutcome,
    SubmissionState,
    TextSource,
    WorkbookState,
)
from tests import factories as make
from tests.support.constraints import again, assert_refused, constraints_of

DAY = dt.date(2021, 1, 1)


def item(**fields):
    values = {"section": make.SectionFactory(), "order": 1, "kind": ItemKind.PASSAGE, "passage": make.PassageFactory()}
    return models.Item(**values | fields)


def compilation(**fields):
    return again(make.CompilationFactory(), number=99, **fields)


def confirmed_by_the_same():
    proposed = make.WithdrawalFactory()
    return again(
        proposed, confirmed_by_id=proposed.proposed_by_id, confirmed_role=Role.SECRETARIAT, confirmed_at=make.NOON
    )


WRONG_ROWS = {
    "call_period_ends_after_it_starts": lambda: again(make.CallFactory(), slug="another", period_end=DAY),
    "call_is_due_after_it_opens": lambda: again(
        make.CallFactory(), slug="another", opens_on=dt.date(2021, 10, 2), due_on=dt.date(2021, 10, 1)
    ),
    "call_has_one_letter_in_a_language": lambda: again(make.CallLetterFactory(), state=TextState.CHECKED),
    "call_has_one_original_letter": lambda: again(make.CallLetterFactory(), language="fr"),
    "letter_asks_something": lambda: again(make.CallLetterFactory(), language="fr", state=TextState.CHECKED, asks=""),
    "call_has_one_cover_in_a_language": lambda: again(make.CallCoverFactory()),
    "entity_names_a_layout_once_in_a_call": lambda: again(make.LayoutFactory()),
    "layout_has_one_section_at_a_place": lambda: again(make.LayoutSectionFactory()),
    "call_has_a_submission_once": lambda: again(make.SubmissionFactory()),
    "submission_has_one_section_at_a_place": lambda: again(make.SectionFactory()),
    "section_has_one_item_at_a_place": lambda: again(make.ItemFactory()),
    "section_has_an_initiative_once": lambda: again(make.ItemFactory(initiative=make.InitiativeFactory()), order=99),
    "item_holds_what_its_kind_says": lambda: item(kind=ItemKind.HEADING),
    "table_or_chart_names_its_indicators": lambda: item(
        kind=ItemKind.CHART, passage=None, indicators=["T1", "T2"], first_year=2020, last_year=2021
    ),
    "table_or_chart_says_for_which_years": lambda: item(first_year=2020, last_year=2021),
    "table_or_chart_has_few_years": lambda: item(
        kind=ItemKind.TABLE, passage=None, indicators=["T1"], first_year=2020, last_year=2026
    ),
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
    "later_issue_is_numbered_and_based_on_another": lambda: again(
        make.SubmissionFactory(), slug="another", issue_kind=IssueKind.REVISION, issue_number=1
    ),
    "published_submission_says_when": lambda: again(
        make.SubmissionFactory(), slug="another", state=SubmissionState.PUBLISHED
    ),
    "entity_clears_one_text_at_a_time": lambda: again(make.ClearanceFactory()),
    "ended_clearance_says_why": lambda: again(make.ClearanceFactory(), ended_at=make.NOON),
    "seals_count_from_one": lambda: again(make.SealFactory(), number=0),
    "withdrawal_says_why": lambda: again(make.WithdrawalFactory(), reason=""),
    "another_person_confirms_a_withdrawal": confirmed_by_the_same,
    "confirmed_withdrawal_says_who_and_when": lambda: again(make.WithdrawalFactory(), confirmed_at=make.NOON),
    "delivery_says_to_whom": lambda: again(make.DeliveryFactory(), to_whom=""),
    "failed_import_says_why": lambda: again(make.ImportFactory(), document_id=None, state=ImportState.FAILED),
    "import_that_was_read_has_a_document": lambda: again(make.ImportFactory(), document_id=None),
    "decided_import_says_when": lambda: again(make.ImportFactory(), document_id=None, state=ImportState.UNDONE),
    "failed_workbook_says_why": lambda: again(make.WorkbookUploadFactory(), state=WorkbookState.FAILED),
    "accepted_workbook_says_what_becomes_of_conflicts": lambda: again(
        make.WorkbookUploadFactory(), state=WorkbookState.ACCEPTED
    ),
    "workbook_has_a_row_once": lambda: again(make.WorkbookRowFactory()),
    "outcome_ends_after_it_starts": lambda: again(make.OutcomeFactory(), ends_on=dt.date(2021, 11, 1)),
    "outcome_has_a_date_unless_it_was_dropped": lambda: again(make.OutcomeFactory(), starts_on=None, ends_on=None),
    "dropped_plan_says_why": lambda: again(
        make.OutcomeFactory(), kind=PlanOutcome.DROPPED, starts_on=None, ends_on=None
    ),
    "note_on_an_outcome_has_a_language": lambda: again(make.OutcomeFactory(), note="In Lima."),
    "compilation_lists_a_version_once": lambda: again(make.PrintedVersionFactory()),
}


@pytest.mark.django_db
class TestEveryConstraint:
    @pytest.mark.parametrize("name", WRONG_ROWS)
    def test_refuses_the_row_that_breaks_it(self, name):
        assert_refused(WRONG_ROWS[name](), name)

    def test_has_a_row_that_breaks_it(self):
        assert WRONG_ROWS.keys() == constraints_of("reporting").keys()


@pytest.mark.django_db
class TestSeal:
    """What is sealed stays, whoever tries."""

    def test_is_never_changed(self):
        seal = make.SealFactory()
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            models.Seal.objects.filter(pk=seal.pk).update(fingerprint="1" * 64)

    def test_is_never_deleted(self):
        seal = make.SealFactory()
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            models.Seal.objects.filter(pk=seal.pk)._raw_delete("default")


@pytest.mark.django_db
class TestFinishedCompilation:
    @pytest.mark.parametrize(
        "change",
        [
            {"snapshot": {"format": 2, "title": "Other"}},
            {"fingerprint": "1" * 64},
            {"renderers": {"pandoc": "4"}},
            {"state": CompilationState.QUEUED},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_keeps_its_text(self, change):
        compilation = make.CompilationFactory(done=True, snapshot={"format": 2, "title": "First"})
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            models.Compilation.objects.filter(pk=compilation.pk).update(**change)

    def test_may_lose_its_requester(self):
        compilation = make.CompilationFactory(done=True, requested_by=make.UserFactory())
        models.Compilation.objects.filter(pk=compilation.pk).update(requested_by=None)
        compilation.refresh_from_db()
        assert compilation.requested_by is None


@pytest.mark.django_db
class TestSealedFile:
    """The files of a seal stay; those of any other compilation may go."""

    def test_is_never_changed_or_deleted(self):
        seal = make.SealFactory()
        artifact = make.ArtifactFactory(compilation=seal.compilation)
        files = models.Artifact.objects.filter(pk=artifact.pk)
        with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
            files.update(sha256="1" * 64)
        with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
            files._raw_delete("default")

    def test_is_told_from_that_of_a_draft(self):
        artifact = make.ArtifactFactory()
        files = models.Artifact.objects.filter(pk=artifact.pk)
        assert files.update(size=15) == 1
        assert files.delete()[0] == 1
