"""Each rule that the database holds refuses a row that breaks it."""

import datetime as dt
from decimal import Decimal

import pytest

from initiatives import models
from initiatives.choices import (
    Basis,
    DraftOf,
    DraftState,
    InvitationState,
    MailingState,
    ParticipationRole,
    RelationKind,
    Role,
    TextState,
    UpdateKind,
)
from portal.models import NotificationKind, User
from tests import factories as make
from tests.support.constraints import again, assert_refused, constraints_of

DAY = dt.date(2021, 1, 1)


def update(**fields):
    initiative = make.InitiativeFactory()
    values = {
        "initiative": initiative,
        "entity": initiative.entity,
        "period_start": DAY,
        "period_end": dt.date(2022, 1, 1),
        "decided_at": make.NOON,
    }
    return models.Update(**values | fields)


def text_of_another_language(text, **fields):
    """A second original text beside the first."""
    return again(text, language="fr", state=TextState.ORIGINAL, **fields)


def own_approval():
    person = make.UserFactory()
    return update(author=person, decided_by=person)


def own_draft_approved():
    person = make.UserFactory()
    return again(make.DraftFactory(approved=True, saved_by=person), decided_by_id=person.pk, version=2)


def comment(**fields):
    values = {"author": make.UserFactory(), "written_at": make.NOON, "language": "en", "words": "Of which year?"}
    return models.Comment(draft=make.DraftFactory(), **values | fields)


def answer_beside_another_field():
    thread = comment(field="title")
    thread.save()
    return again(thread, answers_id=thread.pk)


def mail(**fields):
    return models.Mailing(to=make.UserFactory(), made_at=make.NOON, not_before=make.NOON, **fields)


def entity_text():
    return make.EntityTextFactory()


def draft_of_an_entity_text(**fields):
    about = {"of": DraftOf.ENTITY_TEXT, "initiative": make.InitiativeFactory(), "entity": make.EntityFactory()}
    draft = models.Draft(**about, begun_at=make.NOON, saved_at=make.NOON, **fields)
    draft.save()
    return draft


def draft_of_an_indicator(**fields):
    indicator = make.IndicatorFactory()
    about = {"indicator": indicator, "workplan": indicator.workplan, "entity": indicator.owner}
    draft = models.Draft(of=DraftOf.INDICATOR, **about, begun_at=make.NOON, saved_at=make.NOON, **fields)
    draft.save()
    return draft


def waiting_mail_again():
    waiting = mail()
    waiting.save()
    return again(waiting)


def another_result(indicator=None, **fields):
    """A result beside one that stands, for the year after."""
    result = make.ResultFactory(indicator=indicator or make.IndicatorFactory())
    return again(result, **{"period_start": dt.date(2022, 1, 1), "period_end": dt.date(2023, 1, 1)} | fields)


def result_text():
    return models.ResultText.objects.create(result=make.ResultFactory(), language="en", narrative="<p>New.</p>")


WRONG_ROWS = {
    # geography
    "iso2_names_one_country": lambda: again(make.CountryFactory(iso2="QQ"), iso3="QQ1"),
    "m49_names_one_country": lambda: again(make.CountryFactory(m49="999"), iso3="QQ2"),
    "country_joins_a_group_once_a_day": lambda: again(make.GroupMembershipFactory()),
    "country_leaves_a_group_after_it_joined": lambda: models.GroupMembership(
        country=make.CountryFactory(), group=make.CountryGroupFactory(), since=DAY, until=DAY
    ),
    "country_has_one_income_group_in_a_fiscal_year": lambda: again(make.IncomeClassificationFactory()),
    # entities and people
    "entity_has_an_alias_once": lambda: again(make.EntityAliasFactory()),
    "entity_has_a_unit_once": lambda: again(make.UnitFactory()),
    "organisation_is_named_once_in_a_country": lambda: again(make.OrganisationFactory()),
    "staff_focal_point_and_secretariat_have_an_entity": lambda: models.Membership(
        user=make.UserFactory(), role=Role.STAFF
    ),
    "delegate_has_a_country": lambda: models.Membership(user=make.UserFactory(), role=Role.DELEGATE),
    "unit_needs_an_entity": lambda: models.Membership(
        user=make.UserFactory(), role=Role.COMMISSION, unit=make.UnitFactory()
    ),
    "membership_ends_after_it_starts": lambda: models.Membership(
        user=make.UserFactory(), role=Role.COMMISSION, since=DAY, until=DAY
    ),
    "person_holds_a_role_once": lambda: again(make.MembershipFactory()),
    # taxonomy
    "line_has_an_alias_once": lambda: again(make.ActionLineAliasFactory()),
    "entity_takes_a_role_for_a_line_once_a_day": lambda: again(make.FacilitationFactory()),
    "facilitation_ends_after_it_starts": lambda: again(make.FacilitationFactory(), since=DAY, until=DAY),
    "vocabulary_has_a_code_once": lambda: again(make.TermFactory()),
    # initiatives
    "initiative_ends_after_it_starts": lambda: again(
        make.InitiativeFactory(), slug="another", starts_on=DAY, ends_on=DAY
    ),
    "initiative_is_merged_into_another": lambda: again(
        make.InitiativeFactory(), slug="another", pk=7, merged_into_id=7
    ),
    "initiative_has_one_text_in_a_language": lambda: again(make.InitiativeTextFactory(), state=TextState.CHECKED),
    "initiative_has_one_original_text": lambda: text_of_another_language(make.InitiativeTextFactory()),
    "initiative_has_a_title": lambda: models.InitiativeText(
        initiative=make.InitiativeFactory(title=""), language="en", title=""
    ),
    "initiative_has_another_title_once": lambda: again(make.OtherTitleFactory()),
    "datedpart_ends_after_it_starts": lambda: again(make.DatedPartFactory(), starts_on=DAY, ends_on=DAY),
    "place_is_a_country_or_a_group": lambda: models.InitiativePlace(
        initiative=make.InitiativeFactory(), country=make.CountryFactory(), group=make.CountryGroupFactory()
    ),
    "initiative_has_a_place_once": lambda: again(make.InitiativePlaceFactory()),
    "initiative_has_a_line_once": lambda: again(make.InitiativeLineFactory()),
    "initiative_has_at_most_one_primary_line": lambda: again(
        make.InitiativeLineFactory(is_primary=True), line_id=make.ActionLineFactory().pk
    ),
    "primary_line_is_stated": lambda: models.InitiativeLine(
        initiative=make.InitiativeFactory(), line=make.ActionLineFactory(), basis=Basis.INFERRED, is_primary=True
    ),
    "initiative_has_a_term_once": lambda: again(make.InitiativeTermFactory()),
    "initiative_has_an_identifier_once": lambda: again(make.IdentifierFactory()),
    "participant_is_an_entity_or_an_organisation": lambda: models.Participation(
        initiative=make.InitiativeFactory(), role=ParticipationRole.HOST
    ),
    "participant_takes_a_role_once_a_day": lambda: again(make.ParticipationFactory()),
    "participation_ends_after_it_starts": lambda: again(make.ParticipationFactory(), since=DAY, until=DAY),
    "initiatives_are_related_once": lambda: again(make.RelationFactory()),
    "initiative_is_not_related_to_itself": lambda: models.Relation(
        source=(initiative := make.InitiativeFactory()), target=initiative, kind=RelationKind.PART_OF
    ),
    # documents
    "body_has_a_session_once": lambda: again(make.SessionFactory()),
    "session_ends_after_it_starts": lambda: again(make.SessionFactory(), number=99, starts_on=DAY, ends_on=DAY),
    "document_is_filed_once": lambda: again(make.DocumentFactory()),
    "document_has_one_part_at_a_place": lambda: again(make.PartFactory()),
    "mention_ends_after_it_starts": lambda: models.Mention(
        document=make.DocumentFactory(), kind="says", starts_on=DAY, ends_on=DAY
    ),
    "mention_is_filed_once": lambda: again(make.MentionFactory()),
    "mention_is_of_one_thing": lambda: models.Mention(document=make.DocumentFactory(), kind="says"),
    "reference_says_something": lambda: models.Reference(author="Somebody", year=2021),
    # passages
    "entity_names_a_passage_once": lambda: again(make.PassageFactory()),
    "passage_has_one_text_in_a_language": lambda: again(make.PassageTextFactory(), state=TextState.CHECKED),
    "passage_has_one_open_draft": lambda: again(make.PassageDraftFactory(passage=make.PassageFactory())),
    "passage_has_a_version_once": lambda: again(make.PassageDraftFactory(passage=make.PassageFactory(), approved=True)),
    "draft_of_a_passage_is_of_nothing_else": lambda: again(
        make.PassageDraftFactory(), initiative_id=make.InitiativeFactory().pk
    ),
    "result_has_one_open_draft": lambda: again(make.ResultDraftFactory(result=make.ResultFactory(value=Decimal(5)))),
    "result_has_a_version_once": lambda: again(
        make.ResultDraftFactory(result=make.ResultFactory(value=Decimal(5)), approved=True)
    ),
    "draft_of_a_result_is_of_nothing_else": lambda: again(
        make.UpdateDraftFactory(), result_id=make.ResultFactory().pk, of=DraftOf.INITIATIVE
    ),
    "indicator_has_one_open_draft": lambda: again(draft_of_an_indicator()),
    "indicator_has_a_version_once": lambda: again(
        draft_of_an_indicator(state=DraftState.APPROVED, version=1, decided_at=make.NOON)
    ),
    "workplan_has_one_open_edition": lambda: again(make.EditionDraftFactory()),
    "workplan_has_one_open_draft": lambda: again(make.MatrixDraftFactory()),
    "workplan_has_a_version_once": lambda: again(make.MatrixDraftFactory(approved=True)),
    "area_has_one_open_draft": lambda: again(make.MatrixDraftFactory(area=make.ImpactAreaFactory())),
    "area_has_a_version_once": lambda: again(make.MatrixDraftFactory(area=make.ImpactAreaFactory(), approved=True)),
    "entry_has_one_open_draft": lambda: again(make.MatrixDraftFactory(entry=make.WorkplanEntryFactory())),
    "entry_has_a_version_once": lambda: again(
        make.MatrixDraftFactory(entry=make.WorkplanEntryFactory(), approved=True)
    ),
    "draft_of_an_area_is_of_nothing_else": lambda: again(
        make.MatrixDraftFactory(), area_id=make.ImpactAreaFactory().pk
    ),
    "draft_of_an_entry_is_of_nothing_else": lambda: again(
        make.MatrixDraftFactory(), entry_id=make.WorkplanEntryFactory().pk
    ),
    "target_has_one_draft": lambda: again(make.TargetDraftFactory(target=make.TargetFactory())),
    "draft_of_a_target_has_its_indicator": lambda: again(make.TargetDraftFactory(), indicator_id=None),
    "draft_of_a_plan_is_of_nothing_else": lambda: again(
        make.TargetDraftFactory(), initiative_id=make.InitiativeFactory().pk
    ),
    "passage_has_one_original_text": lambda: text_of_another_language(make.PassageTextFactory()),
    # updates
    "update_period_ends_after_it_starts": lambda: update(period_end=DAY),
    "own_update_is_approved_with_a_reason": own_approval,
    "nothing_to_report_says_why": lambda: update(kind=UpdateKind.NOTHING),
    "public_fields_of_an_update_are_known": lambda: update(public_fields=["paragraph"]),
    "only_news_has_public_fields": lambda: update(kind=UpdateKind.STILL_TRUE, public_fields=["outlook"]),
    "update_has_one_text_in_a_language": lambda: again(make.UpdateTextFactory(), state=TextState.CHECKED),
    "update_has_one_original_text": lambda: text_of_another_language(make.UpdateTextFactory()),
    # drafts
    "update_has_one_open_draft": lambda: again(make.UpdateDraftFactory(update=make.UpdateFactory())),
    "initiative_has_one_new_update_a_period": lambda: again(make.UpdateDraftFactory(submitted=True)),
    "update_has_a_version_once": lambda: again(make.UpdateDraftFactory(update=make.UpdateFactory(), approved=True)),
    "draft_of_an_update_has_its_period": lambda: again(make.UpdateDraftFactory(), period_end=make.YEAR_START),
    "initiative_has_one_open_draft": lambda: again(make.DraftFactory(of_record=True), state=DraftState.SUBMITTED),
    "initiative_has_a_version_once": lambda: again(make.DraftFactory(of_record=True, approved=True)),
    "approved_draft_made_a_version": lambda: again(make.DraftFactory(), state=DraftState.APPROVED),
    "own_draft_is_approved_with_a_reason": own_draft_approved,
    "returned_draft_says_why": lambda: again(make.DraftFactory(), state=DraftState.RETURNED),
    # joint initiatives
    "entity_has_one_open_invitation": lambda: again(make.JointInvitationFactory()),
    "answered_invitation_has_its_moment": lambda: again(
        make.JointInvitationFactory(), entity_id=make.EntityFactory().pk, state=InvitationState.JOINED
    ),
    "ended_joint_work_has_its_moment": lambda: again(
        make.JointInvitationFactory(),
        entity_id=make.EntityFactory().pk,
        state=InvitationState.ENDED,
        reason="It is over.",
        reason_language="en",
    ),
    "declined_or_ended_invitation_says_why": lambda: again(
        make.JointInvitationFactory(),
        entity_id=make.EntityFactory().pk,
        state=InvitationState.DECLINED,
        answered_at=make.NOON,
    ),
    "entity_has_one_text_in_a_language": lambda: again(entity_text(), state=TextState.CHECKED),
    "entity_has_one_original_text": lambda: text_of_another_language(entity_text()),
    "entity_text_has_one_open_draft": lambda: again(draft_of_an_entity_text()),
    "entity_text_has_a_version_once": lambda: again(
        draft_of_an_entity_text(state=DraftState.APPROVED, version=1, decided_at=make.NOON)
    ),
    "entity_text_is_about_an_initiative": lambda: again(draft_of_an_entity_text(), initiative_id=None),
    # evidence
    "entity_keeps_a_file_once": lambda: again(make.StoredFileFactory()),
    "picture_has_a_size": lambda: again(make.StoredFileFactory(), sha256="0", width=None),
    "initiative_has_a_file_once": lambda: again(make.EvidenceFactory()),
    "evidence_of_an_update_is_of_its_initiative": lambda: again(
        make.EvidenceFactory(), initiative_id=None, update_id=make.UpdateFactory().pk
    ),
    "public_evidence_is_described": lambda: again(
        make.EvidenceFactory(public=True), file_id=make.StoredFileFactory().pk, is_picture=True, alternative_text=""
    ),
    # comments, notifications, absences
    "comment_says_something": lambda: comment(words=""),
    "quoted_words_stand_in_a_field": lambda: comment(quote="ten engineers"),
    "answer_stands_where_its_thread_does": answer_beside_another_field,
    "resolved_comment_has_its_moment": lambda: comment(resolved_by=make.UserFactory()),
    "notification_is_about_one_record": lambda: models.Notification(
        to=make.UserFactory(), kind=NotificationKind.COMMENT, made_at=make.NOON
    ),
    "person_has_one_waiting_mail": waiting_mail_again,
    "sending_mail_has_a_lease": lambda: mail(state=MailingState.SENDING),
    "failed_mail_says_why": lambda: mail(state=MailingState.FAILED),
    # workplans
    "workplan_supersedes_another": lambda: again(make.WorkplanFactory(), slug="another", pk=7, supersedes_id=7),
    "workplan_has_one_text_in_a_language": lambda: again(make.WorkplanFactory().texts.get(), state=TextState.CHECKED),
    "workplan_has_one_original_text": lambda: text_of_another_language(make.WorkplanFactory().texts.get()),
    "workplan_names_a_mandate_once": lambda: again(make.MandateFactory()),
    "workplan_has_an_area_once": lambda: again(make.ImpactAreaFactory()),
    "area_has_one_text_in_a_language": lambda: again(make.ImpactAreaFactory().texts.get(), state=TextState.CHECKED),
    "area_has_one_original_text": lambda: text_of_another_language(make.ImpactAreaFactory().texts.get()),
    "workplan_has_an_entry_once": lambda: again(make.WorkplanEntryFactory()),
    "phase_names_its_tool": lambda: again(make.WorkplanEntryFactory(), kind="phase"),
    "only_a_tool_is_a_programme": lambda: again(
        make.WorkplanEntryFactory(), kind="output", initiative_id=make.InitiativeFactory().pk
    ),
    "entry_has_one_text_in_a_language": lambda: again(make.WorkplanEntryFactory().texts.get(), state=TextState.CHECKED),
    "entry_has_one_original_text": lambda: text_of_another_language(make.WorkplanEntryFactory().texts.get()),
    "entry_says_something": lambda: models.WorkplanEntryText(
        entry=make.WorkplanEntryFactory(), language="fr", state=TextState.CHECKED
    ),
    # indicators
    "what_is_since_a_start_says_which": lambda: again(make.IndicatorFactory(cumulative=True), code="X", since_on=None),
    "what_is_named_is_counted_once": lambda: again(make.IndicatorFactory(yes=True), code="X", across_places="sum"),
    "only_what_is_new_is_added_up": lambda: again(
        make.IndicatorFactory(cumulative=True), code="X", across_periods="sum"
    ),
    "shares_have_no_total": lambda: again(
        make.IndicatorFactory(cumulative=True), code="X", value_kind="share", across_places="sum"
    ),
    "successor_says_how_it_follows": lambda: again(
        make.IndicatorFactory(), code="X", supersedes_id=make.IndicatorFactory().pk
    ),
    "indicator_supersedes_another": lambda: again(
        make.IndicatorFactory(), code="X", pk=7, supersedes_id=7, succession="maps"
    ),
    "indicator_has_one_text_in_a_language": lambda: again(make.IndicatorTextFactory(), state=TextState.CHECKED),
    "indicator_has_one_original_text": lambda: text_of_another_language(make.IndicatorTextFactory()),
    "indicator_has_a_breakdown_once": lambda: again(make.BreakdownFactory()),
    "indicator_has_kinds_side_by_side_once": lambda: again(make.BreakdownFactory(side_by_side=True), code="another"),
    "breakdown_has_a_category_once": lambda: again(make.CategoryFactory()),
    "target_says_why": lambda: again(make.TargetFactory(), reason=""),
    "target_is_a_number": lambda: again(make.TargetFactory(), value=10**18),
    "target_has_a_year": lambda: again(make.TargetFactory(), year=1900),
    # results
    "result_period_ends_after_it_starts": lambda: another_result(period_end=make.YEAR_START),
    "result_is_of_a_country_or_a_group": lambda: another_result(
        country_id=make.CountryFactory().pk, group_id=make.CountryGroupFactory().pk
    ),
    "result_has_a_value_or_says_why_not": lambda: another_result(no_value="not_yet"),
    "yes_is_said_of_a_country": lambda: make.ResultFactory.build(
        indicator=(indicator := make.IndicatorFactory(yes=True)),
        initiative=make.InitiativeFactory(),
        entity=indicator.owner,
        unit=indicator.unit,
        yes=True,
    ),
    "result_is_a_number": lambda: another_result(make.IndicatorFactory(cumulative=True), value=10**18),
    "result_is_not_negative": lambda: another_result(value=-1),
    "things_are_counted_whole": lambda: another_result(value=Decimal("1.5")),
    "share_is_a_hundred_at_most": lambda: another_result(
        make.IndicatorFactory(cumulative=True, value_kind="share", across_places="none"), value=101
    ),
    "number_has_a_unit": lambda: again(
        make.ResultFactory(indicator=make.IndicatorFactory(pending=True), unit=make.MeasuringUnitFactory()),
        unit_id=None,
        period_start=dt.date(2022, 1, 1),
        period_end=dt.date(2023, 1, 1),
    ),
    "own_result_is_approved_with_a_reason": lambda: another_result(
        author_id=(person := make.UserFactory()).pk, decided_by_id=person.pk
    ),
    "correction_says_why": lambda: another_result(corrected_at=make.NOON),
    "results_of_a_place_do_not_overlap": lambda: again(
        make.ResultFactory(), period_start=dt.date(2021, 6, 1), period_end=dt.date(2022, 6, 1)
    ),
    "result_has_one_text_in_a_language": lambda: again(result_text(), state=TextState.CHECKED),
    "result_has_one_original_text": lambda: text_of_another_language(result_text()),
    "result_has_a_part_once": lambda: again(make.ResultPartFactory()),
    "part_is_a_number": lambda: models.ResultPart(
        result=make.ResultFactory(), category=make.CategoryFactory(), value=10**18
    ),
    "indicator_names_an_item_once": lambda: again(make.NamedItemFactory(name="Digital twin"), name="DIGITAL TWIN"),
    "result_names_an_item_once": lambda: again(make.ResultItemFactory()),
    "item_was_adopted": lambda: models.ResultItem(
        result=(link := make.ResultItemFactory()).result,
        item=make.NamedItemFactory(indicator=link.item.indicator),
        adoptions=0,
    ),
    "absence_ends_after_it_starts": lambda: models.Absence(
        user=make.UserFactory(), entity=make.EntityFactory(), since=DAY, until=DAY
    ),
}


@pytest.mark.django_db
class TestEveryConstraint:
    @pytest.mark.parametrize("name", WRONG_ROWS)
    def test_refuses_the_row_that_breaks_it(self, name):
        assert_refused(WRONG_ROWS[name](), name)

    def test_has_a_row_that_breaks_it(self):
        assert WRONG_ROWS.keys() == constraints_of("initiatives").keys()


@pytest.mark.django_db
class TestEmail:
    def test_signs_in_once_whatever_its_capitals(self):
        make.UserFactory(email="ann@example.org")
        assert_refused(User(email="Ann@example.org", name="Ann"), "email_signs_in_once")


@pytest.mark.django_db
class TestWhatIsUnknown:
    """Empty is legal: the neighbours of the rows above."""

    def test_may_be_the_dates_of_an_initiative(self):
        make.InitiativeFactory(starts_on=None, ends_on=None).full_clean()
        make.InitiativeFactory(starts_on=DAY, ends_on=None).full_clean()

    def test_may_be_several_approved_updates_of_one_period(self):
        first = make.UpdateFactory()
        make.UpdateFactory(initiative=first.initiative).full_clean()

    def test_may_be_a_role_again_after_it_ended(self):
        ended = make.MembershipFactory(until=dt.date(2021, 1, 1))
        again(ended, since=dt.date(2022, 1, 1), until=None).full_clean()

    def test_may_be_many_new_drafts_and_withdrawn_ones_of_an_entity(self):
        again(make.DraftFactory()).full_clean()
        withdrawn = make.DraftFactory(of_record=True, state=DraftState.WITHDRAWN)
        again(withdrawn).full_clean()

    def test_may_be_a_reason_for_approving_an_own_draft(self):
        row = own_draft_approved()
        row.decision_note = "Nobody else was there."
        row.full_clean()

    def test_may_be_a_reason_for_approving_an_own_update(self):
        row = own_approval()
        row.decision_note = "Nobody else was there."
        row.author_role = Role.FOCAL_POINT
        row.full_clean()
