"""Merging two records of one initiative."""

import time
from threading import Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from initiatives.choices import Basis, MentionKind, RelationKind, Role
from initiatives.models import Draft, Identifier, Initiative, InitiativeLine, OtherTitle, Reference, Relation, Update
from initiatives.models.passages import PassageInitiative
from initiatives.services.drafts import InitiativeNotOpen, begin_update
from initiatives.services.initiatives import ReasonMissing
from portal.common.history import context_of, events
from portal.common.periods import Period
from reporting.choices import SubmissionState, TextSource
from reporting.compilation.gather import gather
from reporting.desk import initiatives_on_desk
from reporting.queries import submissions_with
from reporting.services.merging import CannotMerge, merge_initiatives, what_becomes_public, what_would_move
from reporting.services.submissions import fill_sections, reported_initiatives
from tests.factories import (
    NOON,
    ActionLineFactory,
    CountryFactory,
    DatedPartFactory,
    DocumentFactory,
    EntityFactory,
    IdentifierFactory,
    InitiativeFactory,
    InitiativeLineFactory,
    InitiativePlaceFactory,
    InitiativeTermFactory,
    InitiativeTextFactory,
    ItemFactory,
    JointInvitationFactory,
    MentionFactory,
    OtherTitleFactory,
    ParticipationFactory,
    PassageFactory,
    ReferenceFactory,
    RelationFactory,
    SectionFactory,
    SubmissionFactory,
    TermFactory,
    UpdateDraftFactory,
    UpdateFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def target():
    return InitiativeFactory(title="Learning hub", published=True)


@pytest.fixture
def source(target):
    return InitiativeFactory(entity=target.entity, title="Skills centre", published=True)


def merge(source, target, reason="Filed twice.", person=None):
    return merge_initiatives(source=source, target=target, reason=reason, person=person, now=NOON)


class TestMergeInitiatives:
    def test_takes_over_what_the_target_does_not_say(self, source, target):
        update = UpdateFactory(initiative=source, paragraph="<p>News.</p>")
        rows = [
            IdentifierFactory(initiative=source),
            OtherTitleFactory(initiative=source),
            DatedPartFactory(initiative=source),
            InitiativeLineFactory(initiative=source),
            InitiativeTermFactory(initiative=source),
            InitiativePlaceFactory(initiative=source),
            ParticipationFactory(initiative=source),
            ReferenceFactory(initiative=source),
            MentionFactory(initiative=source),
            update,
        ]
        forward = RelationFactory(source=source, target=InitiativeFactory())
        backward = RelationFactory(source=InitiativeFactory(), target=source)
        passage = PassageFactory(entity=source.entity)
        passage.initiatives.add(source)
        assert merge(source, target) == target
        for row in rows:
            row.refresh_from_db()
            assert row.initiative == target
        forward.refresh_from_db()
        backward.refresh_from_db()
        assert (forward.source, backward.target) == (target, target)
        assert list(passage.initiatives.all()) == [target]

    def test_leaves_what_the_target_says_already(self, source, target):
        line, country, entity, term = ActionLineFactory(), CountryFactory(), EntityFactory(), TermFactory()
        document, other = DocumentFactory(), InitiativeFactory()
        for initiative in (target, source):
            IdentifierFactory(initiative=initiative, scheme="SAP", value="1")
            OtherTitleFactory(initiative=initiative, text="Centre")
            InitiativeLineFactory(initiative=initiative, line=line)
            InitiativeTermFactory(initiative=initiative, term=term)
            InitiativePlaceFactory(initiative=initiative, country=country)
            ParticipationFactory(initiative=initiative, entity=entity)
            MentionFactory(initiative=initiative, document=document, kind=MentionKind.CITES, locator="para. 1")
            RelationFactory(source=initiative, target=other, kind=RelationKind.PART_OF)
        told = {str(label): (going, staying) for label, going, staying in what_would_move(source=source, target=target)}
        merge(source, target)
        assert told == {
            "Numbers and symbols": (0, 1),
            "Other titles": (0, 1),
            "Action lines": (0, 1),
            "Terms": (0, 1),
            "Places": (0, 1),
            "Participations": (0, 1),
            "Relations to others": (0, 1),
            "Mentions in documents": (0, 1),
        }
        assert Identifier.objects.filter(initiative=source).exists()
        assert InitiativeLine.objects.filter(initiative=source).exists()

    def test_keeps_the_primary_line_of_the_target(self, source, target):
        for initiative in (target, source):
            InitiativeLineFactory(initiative=initiative, is_primary=True, basis=Basis.STATED)
        merge(source, target)
        assert target.line_links.filter(is_primary=True).count() == 1
        assert target.line_links.count() == 2

    def test_takes_over_a_primary_line_where_the_target_has_none(self, source, target):
        link = InitiativeLineFactory(initiative=source, is_primary=True)
        merge(source, target)
        assert target.line_links.get(is_primary=True) == link

    def test_states_what_the_target_only_infers(self, source, target):
        line, term = ActionLineFactory(), TermFactory()
        InitiativeLineFactory(initiative=source, line=line, basis=Basis.STATED, is_primary=True)
        InitiativeTermFactory(initiative=source, term=term, basis=Basis.STATED)
        InitiativeLineFactory(initiative=target, line=line, basis=Basis.INFERRED)
        InitiativeTermFactory(initiative=target, term=term, basis=Basis.INFERRED)
        merge(source, target)
        assert list(target.line_links.values_list("line", "basis", "is_primary")) == [(line.pk, Basis.STATED, True)]
        assert list(target.term_links.values_list("term", "basis")) == [(term.pk, Basis.STATED)]

    def test_infers_nothing_that_the_target_states(self, source, target):
        line, other = ActionLineFactory(), ActionLineFactory()
        InitiativeLineFactory(initiative=source, line=line, basis=Basis.INFERRED)
        InitiativeLineFactory(initiative=target, line=line, basis=Basis.STATED)
        InitiativeLineFactory(initiative=source, line=other, basis=Basis.STATED, is_primary=True)
        InitiativeLineFactory(initiative=target, line=other, basis=Basis.INFERRED)
        target.line_links.filter(line=line).update(is_primary=True)
        merge(source, target)
        told = set(target.line_links.values_list("line", "basis", "is_primary"))
        assert told == {(line.pk, Basis.STATED, True), (other.pk, Basis.STATED, False)}

    def test_makes_its_titles_other_titles_once(self, source, target):
        InitiativeTextFactory(initiative=source, language="fr", state="checked", title="Pôle")
        InitiativeTextFactory(initiative=source, language="es", state="machine", title="Centro")
        InitiativeTextFactory(initiative=target, language="fr", state="checked", title="Pôle")
        OtherTitleFactory(initiative=target, text="Hub")
        merge(source, target)
        titles = OtherTitle.objects.filter(initiative=target).order_by("text").values_list("language", "text")
        assert list(titles) == [("en", "Hub"), ("en", "Skills centre")]

    def test_relates_the_target_never_to_itself(self, source, target):
        RelationFactory(source=source, target=target)
        RelationFactory(source=target, target=source, kind=RelationKind.FOLLOWS)
        merge(source, target)
        assert Relation.objects.count() == 2

    def test_brings_those_merged_before_along(self, source, target):
        before = InitiativeFactory(merged_into=source)
        merge(source, target)
        before.refresh_from_db()
        assert before.merged_into == target

    def test_says_who_and_why_in_the_history(self, source, target):
        person = UserFactory(role=Role.FOCAL_POINT, entity=source.entity)
        merge(source, target, reason=" Filed twice. ", person=person)
        context = context_of(events(Initiative, pgh_obj_id=source.pk).last())
        assert context["merge_reason"] == "Filed twice."
        assert (context["user"], context["merged"], context["into"]) == (person.pk, source.pk, target.pk)

    def test_tells_the_history_of_passages_too(self, source, target):
        passage = PassageFactory(entity=source.entity)
        passage.initiatives.add(source)
        merge(source, target)
        labels = [event.pgh_label for event in events(PassageInitiative, passage_id=passage.pk)]
        assert labels == ["insert", "delete", "insert"]


class TestWhatBecomesPublic:
    def told(self, source, target):
        return what_becomes_public(source=source, target=target, now=timezone.now())

    def test_counts_approved_updates_and_new_titles(self, target):
        hidden = InitiativeFactory(entity=target.entity, title="Skills centre")
        OtherTitleFactory(initiative=hidden, text="Working title")
        OtherTitleFactory(initiative=hidden, text="Learning hub")  # which the target tells already
        UpdateFactory(initiative=hidden)
        assert self.told(hidden, target) == {"updates": 1, "titles": 2}

    def test_is_nothing_where_both_or_neither_are_public(self, source, target):
        assert self.told(source, target) == {}
        hidden = [InitiativeFactory(entity=target.entity) for _ in range(2)]
        assert self.told(*hidden) == {}


class TestRefusals:
    def refused(self, source, target, says):
        before = Initiative.objects.order_by("pk").values_list("pk", "merged_into", "archived_at")
        known = list(before)
        with pytest.raises(CannotMerge, match=says):
            merge(source, target)
        assert list(before.all()) == known

    def test_keep_another_entity_that_has_joined(self, source, target):
        JointInvitationFactory(initiative=source, joined=True)
        self.refused(source, target, "has joined")

    def test_ask_for_a_reason(self, source, target):
        with pytest.raises(ReasonMissing):
            merge(source, target, reason=" ")

    def test_hold_for_one_that_was_deleted_meanwhile(self, source, target):
        gone = Initiative.objects.get(pk=source.pk)
        source.delete()
        self.refused(gone, target, "deleted meanwhile")
        self.refused(target, gone, "deleted meanwhile")

    def test_hold_for_itself(self, target):
        self.refused(target, target, "into itself")

    def test_hold_for_another_entity(self, target):
        self.refused(InitiativeFactory(published=True), target, "same entity")

    def test_hold_for_one_that_was_merged(self, source, target):
        third = InitiativeFactory(entity=target.entity, published=True)
        merge(source, target)
        self.refused(source, third, "merged into another one already")
        self.refused(third, source, "was merged itself")

    def test_hold_for_an_archived_target(self, source, target):
        Initiative.objects.filter(pk=target.pk).update(archived_at=NOON)
        self.refused(source, target, "archived")

    def test_hold_where_public_addresses_would_lead_to_what_is_hidden(self, source):
        hidden = InitiativeFactory(entity=source.entity)
        self.refused(source, hidden, "not public")

    @pytest.mark.parametrize("state", ["submitted", "returned", "draft"])
    def test_hold_while_an_update_is_open(self, source, target, state):
        UpdateDraftFactory(initiative=source, **({} if state == "draft" else {state: True}))
        self.refused(source, target, "is under way")

    @pytest.mark.parametrize("state", [SubmissionState.DRAFTING, SubmissionState.IN_REVIEW, SubmissionState.CLEARED])
    def test_hold_while_a_submission_with_it_is_under_way(self, source, target, state):
        submission = SubmissionFactory(entities=[source.entity], state=state)
        ItemFactory(section=SectionFactory(submission=submission), initiative=source)
        self.refused(source, target, "is under way")

    def test_do_not_hold_for_what_was_sent(self, source, target):
        submission = SubmissionFactory(entities=[source.entity], state=SubmissionState.SENT)
        ItemFactory(section=SectionFactory(submission=submission), initiative=source)
        assert merge(source, target) == target


class TestAfterwards:
    def test_what_was_sent_prints_the_same(self, source, target):
        submission = SubmissionFactory(entities=[source.entity], state=SubmissionState.SENT)
        item = ItemFactory(
            section=SectionFactory(submission=submission),
            initiative=source,
            text_source=TextSource.WORDING,
            wording="<p>As it was told.</p>",
        )
        merge(source, target)
        item.refresh_from_db()
        assert item.initiative == source
        assert gather(submission, "en")["sections"][0]["items"][0]["html"] == "<p>As it was told.</p>"

    def test_the_target_tells_where_the_other_was_reported(self, source, target):
        submission = SubmissionFactory(entities=[source.entity], state=SubmissionState.PUBLISHED)
        ItemFactory(section=SectionFactory(submission=submission), initiative=source)
        merge(source, target)
        person = UserFactory(role=Role.STAFF, entity=source.entity)
        assert list(submissions_with(target, person)) == [submission]

    @pytest.mark.parametrize("gone", [{"archived_at": NOON}, {"merged_into": True}])
    def test_rules_and_desk_find_neither_merged_nor_archived_ones(self, target, gone):
        left = InitiativeFactory(entity=target.entity, published=True)
        for initiative in (target, left):
            UpdateFactory(initiative=initiative, paragraph="<p>News.</p>")
        changes = {name: target if value is True else value for name, value in gone.items()}
        Initiative.objects.filter(pk=left.pk).update(**changes)
        submission = SubmissionFactory(entities=[target.entity])
        SectionFactory(submission=submission, rule="initiatives")
        assert list(reported_initiatives(submission)) == [target]
        assert fill_sections(submission=submission) == 1
        assert list(initiatives_on_desk([target.entity])) == [target]

    def test_the_updates_of_both_are_told_by_the_target(self, source, target):
        UpdateFactory(initiative=target)
        UpdateFactory(initiative=source)
        merge(source, target)
        assert Update.objects.filter(initiative=target).count() == 2
        target.refresh_from_db()
        assert target.summary.years == [2021]


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_no_update_begins_on_what_is_being_merged_away(self, source, target):
        person = UserFactory(role=Role.STAFF, entity=source.entity)
        about = {"period": Period.of_years(2021), "now": NOON}
        outcomes: dict[str, object] = {}

        def begin(initiative: Initiative) -> None:
            try:
                outcomes[initiative.slug], _is_new = begin_update(
                    initiative=initiative, entity=initiative.entity, user=person, **about
                )
            except InitiativeNotOpen as error:
                outcomes[initiative.slug] = str(error)
            finally:
                connection.close()

        begun = [Thread(target=begin, args=(initiative,)) for initiative in (source, target)]
        with transaction.atomic():
            merge(source, target)
            for thread in begun:
                thread.start()
            wait_for_locks(len(begun))
        for thread in begun:
            thread.join(20)
        assert "merged into another one" in str(outcomes[source.slug])
        assert list(Draft.objects.values_list("initiative", flat=True)) == [target.pk]

    def test_a_row_can_refer_to_what_is_being_merged(self, source, target):
        """A stronger lock would let both wait for each other, since what the merge changes refers to it too."""

        def cite() -> None:
            try:
                ReferenceFactory(initiative=target)
            finally:
                connection.close()

        thread = Thread(target=cite)
        with transaction.atomic():
            merge(source, target)
            thread.start()
            thread.join(20)
            assert not thread.is_alive()
        assert Reference.objects.filter(initiative=target).count() == 1


def wait_for_locks(number: int) -> None:
    """Wait until as many connections wait for a lock."""
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0] >= number:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits for what is merged")
