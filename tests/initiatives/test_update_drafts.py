"""Updates as drafts: what begins them, what they become, and their pages. The rest they share with all drafts."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.choices import DraftState, Role, UpdateKind
from initiatives.drafting.updates import carried_over
from initiatives.models import Draft, Initiative, Notification, Update
from initiatives.services.comments import Place, write_comment
from initiatives.services.drafts import (
    AnotherDraftOpen,
    DraftIncomplete,
    InitiativeNotOpen,
    NothingChanged,
    approve_draft,
    begin_change_of_update,
    begin_update,
    save_draft,
    submit_draft,
    tell_still_true,
)
from portal.common.periods import Period
from portal.models import User
from tests.factories import (
    NOON,
    InitiativeFactory,
    ReferenceFactory,
    StoredFileFactory,
    UpdateDraftFactory,
    UpdateFactory,
    UpdateTextFactory,
    UserFactory,
)
from tests.support.pages import client_of, words_of

pytestmark = pytest.mark.django_db

IN_2020 = {"period_start": dt.date(2020, 1, 1), "period_end": dt.date(2021, 1, 1)}


@pytest.fixture
def initiative() -> Initiative:
    return InitiativeFactory(title="Learning hub", published=True)


@pytest.fixture
def staff(initiative: Initiative) -> User:
    return UserFactory(role=Role.STAFF, entity=initiative.entity, name="Mira")


@pytest.fixture
def focal_point(initiative: Initiative) -> User:
    return UserFactory(role=Role.FOCAL_POINT, entity=initiative.entity, name="Leila")


def about(initiative: Initiative, user: User) -> dict:
    period = Period.of_years(2021)
    return {"initiative": initiative, "entity": initiative.entity, "period": period, "user": user, "now": NOON}


class TestBeginning:
    def test_of_one_finds_it_again_until_it_is_approved(self, initiative, staff, focal_point):
        draft, is_new = begin_update(**about(initiative, staff))
        assert (is_new, draft.holder, draft.title, draft.is_new) == (True, staff, "Learning hub", True)
        assert begin_update(**about(initiative, focal_point)) == (draft, False)
        UpdateFactory(initiative=initiative)
        Draft.objects.update(state=DraftState.WITHDRAWN)
        assert begin_update(**about(initiative, staff))[1]

    def test_carries_over_what_mostly_stays_the_same_until_it_is_touched(self, initiative, staff):
        UpdateFactory(
            initiative=initiative,
            **IN_2020,
            language="fr",
            paragraph="<p>Quarante.</p>",
            results="<p>Douze.</p>",
            obstacles="<p>Visas.</p>",
            outlook="<p>Lima.</p>",
            public_fields=["outlook"],
        )
        draft, _is_new = begin_update(**about(initiative, staff))
        told = {name: value for name, value in draft.content.items() if value}
        assert told == {
            "kind": "news",
            "language": "fr",
            "obstacles": "<p>Visas.</p>",
            "outlook": "<p>Lima.</p>",
            "public": ["outlook"],
        }
        assert carried_over(draft) == {"obstacles", "outlook"}
        html = words_of(client_of(staff).get(reverse("draft_edit", args=[draft.pk])))
        assert html.count("Carried over from the last update") == 2
        changed = draft.content | {"outlook": "<p>Cusco.</p>"}
        draft = save_draft(draft=draft, content=changed, edits=0, user=staff, now=NOON)
        assert carried_over(draft) == {"obstacles"}

    def test_is_not_for_an_archived_or_merged_one(self, initiative, staff):
        update = UpdateFactory(initiative=initiative)
        for gone in ({"archived_at": NOON}, {"archived_at": None, "merged_into": InitiativeFactory()}):
            Initiative.objects.filter(pk=initiative.pk).update(**gone)
            with pytest.raises(InitiativeNotOpen):
                begin_update(**about(initiative, staff))
            with pytest.raises(InitiativeNotOpen):
                begin_change_of_update(update=update, user=staff, now=NOON)
        assert not Draft.objects.exists()


class TestStillTrue:
    def test_is_on_record_at_once(self, initiative, staff):
        UpdateFactory(initiative=initiative, **IN_2020, paragraph="<p>Before.</p>", outlook="<p>Lima.</p>")
        update = tell_still_true(**about(initiative, staff)).update
        assert (update.kind, update.author, update.author_role) == (UpdateKind.STILL_TRUE, staff, Role.STAFF)
        assert (update.decided_by, update.decided_at) == (None, NOON)

    def test_needs_something_that_was_told_before(self, initiative, staff):
        with pytest.raises(DraftIncomplete) as refused:
            tell_still_true(**about(initiative, staff))
        assert list(refused.value.form.errors) == ["kind"]
        assert not Draft.objects.exists()

    def test_waits_for_review_where_a_file_shows_more(self, initiative, staff):
        UpdateFactory(initiative=initiative, **IN_2020, paragraph="<p>Before.</p>")
        rows = [{"file": str(StoredFileFactory(entity=initiative.entity).pk)}]
        draft = UpdateDraftFactory(initiative=initiative, kind="still_true", evidence=rows)
        assert submit_draft(draft=draft, user=staff, now=NOON).state == DraftState.SUBMITTED

    def test_makes_nothing_public_beside_it(self, initiative, staff):
        UpdateFactory(initiative=initiative, **IN_2020, paragraph="<p>Before.</p>")
        words = {"outlook": "<p>Cusco.</p>", "public": ["outlook"]}
        draft = UpdateDraftFactory(initiative=initiative, kind="still_true", **words)
        update = submit_draft(draft=draft, user=staff, now=NOON).update
        assert (update.original.outlook, update.public_fields) == ("<p>Cusco.</p>", [])

    def test_does_not_go_past_what_somebody_writes(self, initiative, staff):
        UpdateFactory(initiative=initiative, **IN_2020)
        begin_update(**about(initiative, staff))
        with pytest.raises(AnotherDraftOpen):
            tell_still_true(**about(initiative, staff))


class TestSubmitting:
    @pytest.mark.parametrize(
        ("content", "missing"),
        [
            ({"paragraph": "<p> </p>"}, "paragraph"),
            ({"kind": "nothing", "reason": " "}, "reason"),
            ({"kind": "still_true"}, "kind"),
            ({"kind": "gossip"}, "kind"),
            ({"paragraph": "<p>News.</p>", "language": "de"}, "language"),
        ],
    )
    def test_names_what_is_missing(self, staff, content, missing):
        with pytest.raises(DraftIncomplete) as refused:
            submit_draft(draft=UpdateDraftFactory(**content), user=staff, now=NOON)
        assert list(refused.value.form.errors) == [missing]

    def test_of_a_change_refuses_the_language_of_a_translation(self, staff):
        update = UpdateFactory(paragraph="<p>One.</p>")
        UpdateTextFactory(update=update, language="fr", state="checked", based_on=1, paragraph="<p>Une.</p>")
        with pytest.raises(DraftIncomplete) as refused:
            submit_draft(draft=UpdateDraftFactory(update=update, language="fr"), user=staff, now=NOON)
        assert list(refused.value.form.errors) == ["language"]

    def test_of_a_change_that_says_the_same_is_none(self, staff):
        with pytest.raises(NothingChanged):
            submit_draft(draft=UpdateDraftFactory(update=UpdateFactory(paragraph="<p>News.</p>")), user=staff, now=NOON)


class TestApproving:
    def test_makes_the_update(self, initiative, staff, focal_point):
        words = {"paragraph": "<p>Forty.</p>", "lessons": "<p>Begin early.</p>", "public": ["lessons"]}
        draft = UpdateDraftFactory(initiative=initiative, holder=staff, submitted=True, **words)
        draft = approve_draft(draft=draft, edits=0, user=focal_point, now=NOON)
        assert "Learning hub, 2021" in Notification.objects.get(to=staff).sentence
        update = Update.objects.get()
        assert (draft.update, draft.version) == (update, 1)
        assert (update.author, update.author_role, update.decided_by) == (staff, Role.STAFF, focal_point)
        assert (update.period_start, update.public_fields) == (draft.period_start, ["lessons"])
        assert update.original.lessons == "<p>Begin early.</p>"
        public = words_of(Client().get(initiative.get_absolute_url()))
        assert "Begin early." in public

    def test_of_a_change_leaves_the_approved_words_public_until_then(self, initiative, staff, focal_point):
        update = UpdateFactory(initiative=initiative, paragraph="<p>Forty.</p>", obstacles="<p>Visas.</p>")
        UpdateTextFactory(update=update, language="fr", state="checked", based_on=1, paragraph="<p>Quarante.</p>")
        for version, number in enumerate(["Fifty", "Sixty"], start=1):
            draft = begin_change_of_update(update=update, user=staff, now=NOON)
            content = draft.content | {"paragraph": f"<p>{number}.</p>"}
            draft = save_draft(draft=draft, content=content, edits=0, user=staff, now=NOON, why="A mistake.")
            submit_draft(draft=draft, user=staff, now=NOON)
            assert number not in words_of(Client().get(initiative.get_absolute_url()))
            draft = approve_draft(draft=draft, edits=1, user=focal_point, now=NOON)
            assert draft.version == version
            assert number in words_of(Client().get(initiative.get_absolute_url()))
        assert update.texts.get(state="original").revision == 3
        assert update.texts.count() == 2
        history = words_of(client_of(staff).get(update.get_absolute_url()))
        assert history.count("Submitted") == 2
        assert "Visas." not in words_of(Client().get(initiative.get_absolute_url()))


class TestPage:
    def test_of_a_draft_shows_what_was_approved_last_and_what_can_be_cited(self, initiative, staff):
        UpdateFactory(initiative=initiative, **IN_2020, paragraph="<p>Thirty came in 2020.</p>")
        ReferenceFactory(initiative=initiative, text="Annual report 2021")
        draft = UpdateDraftFactory(initiative=initiative, holder=staff)
        html = words_of(client_of(staff).get(reverse("draft_edit", args=[draft.pk])))
        for words in ("Thirty came in 2020.", "Annual report 2021", "Update for 2021", "Learning hub"):
            assert words in html

    def test_of_the_initiative_leads_its_entity_to_what_is_under_way(self, initiative, staff):
        draft = UpdateDraftFactory(initiative=initiative)
        own, other = (words_of(client_of(user).get(initiative.get_absolute_url())) for user in (staff, UserFactory()))
        assert draft.get_absolute_url() in own
        assert "update for 2021" in own
        assert draft.get_absolute_url() not in other

    def test_of_a_draft_has_comments_beside_its_fields(self, initiative, staff, focal_point):
        draft = UpdateDraftFactory(initiative=initiative, holder=staff, paragraph="<p>Forty came.</p>")
        for place, words in [(Place("paragraph", quote="Forty"), "Say where."), (Place(""), "Well done.")]:
            write_comment(draft=draft, place=place, words=words, language="en", user=focal_point, now=NOON)
        for name in ("draft_edit", "draft_detail"):
            html = words_of(client_of(staff).get(reverse(name, args=[draft.pk])))
            assert html.count("Say where.") == html.count("Well done.") == 1
        assert "Commented: Paragraph for print" in html

    def test_of_one_that_is_still_true_shows_the_paragraph_that_is(self, initiative, staff):
        UpdateFactory(initiative=initiative, **IN_2020, paragraph="<p>Thirty came in 2020.</p>")
        update = UpdateFactory(initiative=initiative, kind=UpdateKind.STILL_TRUE)
        assert "Thirty came in 2020." in words_of(client_of(staff).get(update.get_absolute_url()))

    def test_shows_people_and_what_is_for_the_entity_to_nobody_else(self, initiative, staff):
        update = UpdateFactory(
            initiative=initiative,
            author=staff,
            paragraph="<p>Forty.</p>",
            obstacles="<p>Visas.</p>",
            lessons="<p>Begin early.</p>",
            public_fields=["lessons"],
        )
        own, other = (words_of(client_of(user).get(update.get_absolute_url())) for user in (staff, UserFactory()))
        for words in ("Visas.", "Mira", "Change this update"):
            assert words in own
            assert words not in other
        assert "Begin early." in other

    def test_changes_an_approved_one_by_a_draft(self, initiative, staff):
        update = UpdateFactory(initiative=initiative, paragraph="<p>Forty.</p>")
        client = client_of(staff)
        page = client.post(reverse("update_change", args=[update.pk]), follow=True)
        draft = update.drafts.get()
        assert page.redirect_chain[-1][0] == reverse("draft_edit", args=[draft.pk])
        sent = {"edits": "0", "kind": "news", "language": "en", "paragraph": "<p>Fifty.</p>", "submit": "yes"}
        assert "Say why what was approved is changed." in words_of(client.post(page.redirect_chain[-1][0], sent))
        sent |= {"edits": "1", "why": "A mistake.", "public": ["results"]}
        shown = words_of(client.post(page.redirect_chain[-1][0], sent, follow=True))
        for words in ("Fifty", "A mistake.", "Results"):
            assert words in shown
        assert "The change under way" in words_of(client.get(update.get_absolute_url()))
