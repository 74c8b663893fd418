"""Beginning, writing, handing in and deciding on an update, through its pages."""

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.choices import Role, UpdateKind, UpdateState
from initiatives.models import Initiative, Update
from initiatives.services.updates import UpdateDraft, return_update, save_update, submit_update
from portal.models import User
from tests.factories import (
    NOON,
    PASSWORD,
    YEAR_END,
    InitiativeFactory,
    ReferenceFactory,
    UpdateFactory,
    UpdateTextFactory,
    UserFactory,
)
from tests.support.pages import assert_rows_cost_nothing, words_of

pytestmark = pytest.mark.django_db

NEWS = {"kind": "news", "language": "en", "paragraph": "<p>Forty people learned to weld.</p>", "edits": "0"}


@pytest.fixture
def initiative():
    return InitiativeFactory(title="Learning hub", published=True)


@pytest.fixture
def staff(initiative):
    return UserFactory(role=Role.STAFF, entity=initiative.entity, name="Mira")


@pytest.fixture
def focal_point(initiative):
    return UserFactory(role=Role.FOCAL_POINT, entity=initiative.entity, name="Leila")


@pytest.fixture
def draft(initiative, staff):
    return UpdateFactory(initiative=initiative, author=staff)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(act: str, update: Update) -> str:
    return reverse(f"update_{act}", args=[update.pk])


class TestUpdateNew:
    def test_begins_an_update_and_opens_its_form(self, initiative, staff):
        response = signed_in(staff).post(reverse("update_new"), {"initiative": initiative.slug, "period": "2025-2026"})
        update = Update.objects.get()
        assert (update.author, str(update.period_start), str(update.period_end)) == (staff, "2025-01-01", "2027-01-01")
        assert response.url == page("edit", update)

    def test_goes_on_with_the_open_update_of_the_period(self, initiative, staff, draft):
        response = signed_in(staff).post(reverse("update_new"), {"initiative": initiative.slug, "period": "2021"})
        assert response.url == page("edit", draft)

    def test_asks_for_the_period_first_and_starts_nothing(self, initiative, staff):
        response = signed_in(staff).get(reverse("update_new"), {"initiative": initiative.slug, "period": "2021"})
        assert 'value="2021"' in words_of(response)
        assert not Update.objects.exists()

    @pytest.mark.parametrize("period", ["", "twenty", "2021-2020", "1899", "2999"])
    def test_says_what_is_wrong_with_a_period(self, initiative, staff, period):
        response = signed_in(staff).post(reverse("update_new"), {"initiative": initiative.slug, "period": period})
        assert response.status_code == 422
        assert 'href="#id_period"' in words_of(response)

    def test_offers_the_initiatives_of_the_own_entity(self, initiative, staff):
        InitiativeFactory(title="Foreign", published=True)
        html = words_of(signed_in(staff).get(reverse("update_new")))
        assert "Learning hub" in html
        assert "Foreign" not in html

    def test_is_not_for_an_archived_or_merged_one(self, initiative, staff):
        client = signed_in(staff)
        for gone, says in [({"archived_at": NOON}, "is archived"), ({"merged_into": initiative}, "was merged")]:
            theirs = InitiativeFactory(entity=initiative.entity, **gone)
            response = client.post(reverse("update_new"), {"initiative": theirs.slug, "period": "2021"})
            assert response.status_code == 409
            assert says in words_of(response)
            assert client.get(reverse("update_new"), {"initiative": theirs.slug}).status_code == 403
        assert not Update.objects.exists()

    def test_is_not_for_initiatives_of_others(self, staff):
        public, hidden = InitiativeFactory(published=True), InitiativeFactory()
        client = signed_in(staff)
        for theirs, status in [(public, 403), (hidden, 404)]:
            response = client.post(reverse("update_new"), {"initiative": theirs.slug, "period": "2021"})
            assert response.status_code == status
        assert not Update.objects.exists()


class TestOfAnArchivedInitiative:
    def test_is_neither_handed_in_nor_approved_and_nothing_is_lost(self, initiative, staff, focal_point):
        draft = UpdateFactory(initiative=initiative, author=staff, paragraph="<p>Kept words.</p>")
        later = {"period_start": YEAR_END, "period_end": YEAR_END.replace(year=2023)}
        submitted = UpdateFactory(
            initiative=initiative, author=staff, submitted=True, paragraph="<p>News.</p>", **later
        )
        Initiative.objects.filter(pk=initiative.pk).update(archived_at=NOON)
        handed_in = signed_in(staff).post(page("submit", draft))
        approved = signed_in(focal_point).post(page("approve", submitted), {"edits": submitted.edits})
        for response in (handed_in, approved):
            assert response.status_code == 409
            assert "a focal point can bring it back" in words_of(response)
        draft.refresh_from_db()
        submitted.refresh_from_db()
        assert (draft.state, submitted.state) == (UpdateState.DRAFT, UpdateState.SUBMITTED)
        assert draft.original.paragraph == "<p>Kept words.</p>"


class TestUpdateDetail:
    def test_shows_the_paragraph_as_it_is_printed(self, initiative, staff):
        reference = ReferenceFactory(text="Annual Report 2021", address="https://example.org/report")
        note = f'<span data-footnote="See page 4." data-reference="{reference.pk}">*</span>'
        update = UpdateFactory(initiative=initiative, paragraph=f"<p>Forty people{note} came.</p>")
        html = words_of(signed_in(staff).get(page("detail", update)))
        assert "Learning hub" in html
        assert 'role="doc-noteref">1</a>' in html
        assert "See page 4." in html
        assert 'href="https://example.org/report"' in html

    def test_tells_its_entity_what_happened_and_who_did_it(self, staff, focal_point, draft):
        save_update(update=draft, draft=UpdateDraft(texts={"paragraph": "<p>A.</p>"}), edits=0, user=staff)
        client = signed_in(staff)
        client.post(page("edit", draft), NEWS | {"edits": "1"})
        client.post(page("edit", draft), NEWS | {"edits": "2", "submit": "yes"})
        signed_in(focal_point).post(page("return", draft), {"edits": "3", "words": "Say where."})
        history = client.get(page("detail", draft)).context["history"]
        assert [(str(event.what), event.who, event.note) for event in history] == [
            ("Returned", "Leila", "Say where."),
            ("Submitted", "Mira", ""),
            ("Saved", "Mira", ""),
            ("Begun", "Mira", ""),
        ]

    def test_tells_the_saves_of_two_people_apart(self, initiative, staff, draft):
        colleague = UserFactory(role=Role.STAFF, entity=initiative.entity, name="Tomás")
        for edits, person in enumerate([staff, staff, colleague, staff]):
            signed_in(person).post(page("edit", draft), NEWS | {"edits": edits, "paragraph": f"<p>{edits}</p>"})
        history = signed_in(staff).get(page("detail", draft)).context["history"]
        assert [event.who for event in history if event.what == "Saved"] == ["Mira", "Tomás", "Mira"]

    def test_hides_people_and_internal_fields_from_everybody_else(self, initiative, staff):
        update = UpdateFactory(
            initiative=initiative, approved=True, author=staff, paragraph="<p>Public.</p>", obstacles="<p>Internal.</p>"
        )
        reader = words_of(signed_in(UserFactory()).get(page("detail", update)))
        assert "Public." in reader
        assert "Internal." not in reader
        assert "Mira" not in reader
        assert "Internal." in words_of(signed_in(staff).get(page("detail", update)))

    def test_shows_the_paragraph_that_is_still_true(self, initiative, staff):
        UpdateFactory(initiative=initiative, approved=True, paragraph="<p>It runs.</p>")
        update = UpdateFactory(
            initiative=initiative,
            kind=UpdateKind.STILL_TRUE,
            period_start="2022-01-01",
            period_end="2023-01-01",
        )
        update.refresh_from_db()
        assert "It runs." in words_of(signed_in(staff).get(page("detail", update)))

    def test_takes_the_same_queries_however_long_its_history_is(self, staff, draft):
        def save_once_more() -> None:
            draft.refresh_from_db()
            texts = {"paragraph": f"<p>{draft.edits}</p>"}
            save_update(update=draft, draft=UpdateDraft(texts=texts), edits=draft.edits, user=staff)

        assert_rows_cost_nothing(signed_in(staff), page("detail", draft), save_once_more)


class TestUpdateEdit:
    def test_saves_a_draft_that_is_not_complete(self, staff, draft):
        response = signed_in(staff).post(page("edit", draft), NEWS | {"paragraph": "", "obstacles": "<p>Rain.</p>"})
        assert response.url == page("edit", draft)
        draft.refresh_from_db()
        assert draft.state == UpdateState.DRAFT
        assert draft.original.obstacles == "<p>Rain.</p>"

    def test_saves_and_submits(self, staff, draft):
        response = signed_in(staff).post(page("edit", draft), NEWS | {"submit": "yes"})
        assert response.url == page("detail", draft)
        draft.refresh_from_db()
        assert draft.state == UpdateState.SUBMITTED

    def test_takes_text_typed_without_an_editor(self, staff, draft):
        signed_in(staff).post(page("edit", draft), NEWS | {"paragraph": "A & B < C.\n\nSecond."})
        assert draft.original.paragraph == "<p>A &amp; B &lt; C.</p><p>Second.</p>"

    def test_keeps_foreign_letters_and_footnotes(self, staff, draft):
        paragraph = '<p>« 中文 » العربية 🙂 &amp; "x"<span data-footnote="1 &lt; 2">*</span></p>'
        signed_in(staff).post(page("edit", draft), NEWS | {"paragraph": paragraph})
        assert draft.original.paragraph == paragraph

    def test_says_what_is_missing_and_keeps_the_rest(self, staff, draft):
        response = signed_in(staff).post(
            page("edit", draft), NEWS | {"paragraph": "", "lessons": "<p>Ask first.</p>", "submit": "yes"}
        )
        assert response.status_code == 422
        html = words_of(response)
        assert 'href="#id_paragraph"' in html
        assert "Ask first." in html
        assert draft.original.lessons == "<p>Ask first.</p>"
        assert response.context["form"]["edits"].value() == 1

    def test_puts_still_true_on_record_without_a_review(self, initiative, staff, draft):
        UpdateFactory(initiative=initiative, approved=True, paragraph="<p>It runs.</p>")
        signed_in(staff).post(page("edit", draft), {**NEWS, "kind": "still_true", "submit": "yes"})
        draft.refresh_from_db()
        assert draft.state == UpdateState.APPROVED

    def test_shows_what_was_approved_last(self, initiative, staff, draft):
        UpdateFactory(
            initiative=initiative,
            approved=True,
            paragraph="<p>It began.</p>",
            period_start="2020-01-01",
            period_end="2021-01-01",
        )
        html = words_of(signed_in(staff).get(page("edit", draft)))
        assert "Last approved, for 2020" in html
        assert "It began." in html

    def test_offers_the_references_of_the_initiative_to_footnotes(self, initiative, staff, draft):
        reference = ReferenceFactory(initiative=initiative, text="Annual Report 2021")
        ReferenceFactory(text="Of something else")
        html = signed_in(staff).get(page("edit", draft)).content.decode()
        assert f"[&quot;{reference.pk}&quot;, &quot;Annual Report 2021&quot;]" in html
        assert "Of something else" not in html

    def test_says_that_what_was_handed_in_cannot_be_changed(self, initiative, staff):
        update = UpdateFactory(initiative=initiative, submitted=True)
        response = signed_in(staff).get(page("edit", update), follow=True)
        assert response.redirect_chain == [(page("detail", update), 302)]
        assert "can be changed again when it is returned" in words_of(response)

    def test_refuses_a_language_in_which_there_is_a_translation(self, staff, draft):
        UpdateTextFactory(update=draft, language="en", paragraph="<p>One.</p>")
        UpdateTextFactory(update=draft, language="fr", state="checked", paragraph="<p>Un.</p>")
        response = signed_in(staff).post(page("edit", draft), NEWS | {"language": "fr"})
        assert response.status_code == 422
        assert "data-unsaved" in words_of(response)
        assert draft.texts.filter(language="fr", paragraph="<p>Un.</p>").exists()


class TestTwoWriters:
    @pytest.fixture
    def theirs(self, initiative, draft):
        """A colleague saved after the page was opened."""
        colleague = UserFactory(role=Role.STAFF, entity=initiative.entity, name="Tomás")
        texts = {"paragraph": "<p>Theirs.</p>", "outlook": "<p>Their plan.</p>"}
        return save_update(update=draft, draft=UpdateDraft(texts=texts), edits=0, user=colleague)

    def test_lose_neither_text(self, staff, draft, theirs):
        response = signed_in(staff).post(page("edit", draft), NEWS | {"paragraph": "<p>Mine.</p>"})
        assert response.status_code == 409
        assert response.context["form"]["paragraph"].value() == "<p>Mine.</p>"
        html = words_of(response)
        assert all(words in html for words in ("Theirs.", "Their plan.", "Tomás", "data-unsaved"))
        assert draft.original.paragraph == "<p>Theirs.</p>"

    def test_save_on_top_after_looking(self, staff, draft, theirs):
        client = signed_in(staff)
        conflict = client.post(page("edit", draft), NEWS | {"paragraph": "<p>Mine.</p>"})
        again = NEWS | {"paragraph": "<p>Both.</p>", "edits": conflict.context["form"]["edits"].value()}
        assert client.post(page("edit", draft), again).status_code == 302
        assert draft.original.paragraph == "<p>Both.</p>"

    def test_are_told_that_it_was_handed_in_meanwhile(self, staff, draft, theirs):
        submit_update(update=theirs, now=NOON)
        response = signed_in(staff).post(page("edit", draft), NEWS | {"edits": "1", "paragraph": "<p>Mine.</p>"})
        assert response.status_code == 409
        assert "Mine." in words_of(response)

    @pytest.mark.parametrize("button", ["save", "submit"])
    def test_are_not_one_writer_who_clicked_twice(self, staff, draft, button):
        client = signed_in(staff)
        answers = [client.post(page("edit", draft), NEWS | {button: "yes"}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        draft.refresh_from_db()
        assert draft.edits == 1


class TestSessionThatEnded:
    def test_keeps_the_text_until_its_writer_has_signed_in(self, client, staff, draft):
        mine = NEWS | {"paragraph": "<p>Long and dear.</p>", "submit": "yes"}
        to_sign_in = client.post(page("edit", draft), mine)
        assert to_sign_in.url == f"{reverse('account_login')}?next={page('edit', draft)}"
        form = client.post(to_sign_in.url, {"login": staff.email, "password": PASSWORD}, follow=True)
        assert form.redirect_chain[-1][0] == page("edit", draft)
        assert form.context["form"]["paragraph"].value() == "<p>Long and dear.</p>"
        assert "is not saved yet" in words_of(form)
        assert draft.original is None
        client.post(page("edit", draft), mine)
        draft.refresh_from_db()
        assert draft.original.paragraph == "<p>Long and dear.</p>"
        assert "Your text is still here" not in words_of(client.get(page("detail", draft)))

    def test_shows_the_saved_text_to_those_who_want_it(self, client, staff, draft):
        save_update(update=draft, draft=UpdateDraft(texts={"paragraph": "<p>Saved.</p>"}), edits=0, user=staff)
        client.post(page("edit", draft), NEWS | {"paragraph": "<p>Unsaved.</p>"})
        client.force_login(staff)
        assert client.get(page("edit", draft) + "?saved").context["form"]["paragraph"].value() == "<p>Saved.</p>"

    def test_keeps_nothing_that_is_far_too_large(self, client, staff, draft):
        client.post(page("edit", draft), NEWS | {"paragraph": "x" * 600_000})
        client.force_login(staff)
        assert not client.get(page("edit", draft)).context["was_kept"]

    def test_keeps_nothing_for_other_forms(self, client, initiative, staff, draft):
        other = UpdateFactory(initiative=initiative, period_start="2022-01-01", period_end="2023-01-01")
        client.post(page("edit", draft), NEWS)
        client.force_login(staff)
        assert not client.get(page("edit", other)).context["was_kept"]

    def test_keeps_the_note_of_a_reviewer(self, client, initiative, focal_point):
        update = UpdateFactory(initiative=initiative, submitted=True, paragraph="<p>News.</p>")
        client.post(page("return", update), {"edits": "0", "words": "A long note."})
        client.force_login(focal_point)
        assert client.get(page("detail", update)).context["return_form"]["words"].value() == "A long note."


class TestUpdateSubmit:
    def test_hands_in_what_was_saved(self, staff, draft):
        UpdateTextFactory(update=draft, paragraph="<p>News.</p>")
        assert signed_in(staff).post(page("submit", draft)).url == page("detail", draft)
        draft.refresh_from_db()
        assert draft.state == UpdateState.SUBMITTED

    def test_opens_the_form_where_something_is_missing(self, staff, draft):
        response = signed_in(staff).post(page("submit", draft))
        assert response.status_code == 422
        assert 'href="#id_paragraph"' in words_of(response)

    def test_tells_the_second_of_two(self, staff, initiative):
        update = UpdateFactory(initiative=initiative, submitted=True)
        assert signed_in(staff).post(page("submit", update)).status_code == 409


class TestDecision:
    @pytest.fixture
    def submitted(self, initiative, staff):
        return UpdateFactory(initiative=initiative, author=staff, submitted=True, paragraph="<p>News.</p>")

    def test_approves(self, focal_point, submitted):
        assert signed_in(focal_point).post(page("approve", submitted), {"edits": "0"}).status_code == 302
        submitted.refresh_from_db()
        assert (submitted.state, submitted.decided_by) == (UpdateState.APPROVED, focal_point)

    def test_returns_with_a_note_that_the_author_reads(self, staff, focal_point, submitted):
        signed_in(focal_point).post(page("return", submitted), {"edits": "0", "words": "Say where."})
        assert "Say where." in words_of(signed_in(staff).get(page("edit", submitted)))

    def test_returns_nothing_without_a_note(self, focal_point, submitted):
        response = signed_in(focal_point).post(page("return", submitted), {"edits": "0", "words": " "})
        assert response.status_code == 422
        assert 'href="#id_return_words"' in words_of(response)
        submitted.refresh_from_db()
        assert submitted.state == UpdateState.SUBMITTED

    def test_asks_an_author_for_a_reason(self, initiative, focal_point):
        own = UpdateFactory(initiative=initiative, author=focal_point, submitted=True, paragraph="<p>News.</p>")
        client = signed_in(focal_point)
        refused = client.post(page("approve", own), {"edits": "0"})
        assert refused.status_code == 422
        assert 'href="#id_approve_words"' in words_of(refused)
        assert client.post(page("approve", own), {"edits": "0", "words": "Nobody else is here."}).status_code == 302
        own.refresh_from_db()
        assert own.decision_note == "Nobody else is here."

    def test_is_made_once(self, focal_point, submitted):
        client = signed_in(focal_point)
        client.post(page("approve", submitted), {"edits": "0"})
        late = client.post(page("return", submitted), {"edits": "0", "words": "A long note."})
        assert late.status_code == 409
        assert "A long note." in words_of(late)

    def test_is_made_on_what_the_page_showed(self, staff, focal_point, submitted):
        return_update(update=submitted, edits=0, user=UserFactory(), now=NOON, note="Again.")
        submitted.refresh_from_db()
        save_update(update=submitted, draft=UpdateDraft(texts={"paragraph": "<p>New.</p>"}), edits=0, user=staff)
        submit_update(update=submitted, now=NOON)
        response = signed_in(focal_point).post(page("approve", submitted), {"edits": "0"})
        assert response.status_code == 409
        assert "Read it again, then decide." in words_of(response)
        submitted.refresh_from_db()
        assert submitted.state == UpdateState.SUBMITTED

    def test_is_offered_to_focal_points_alone(self, staff, focal_point, submitted):
        secretariat = UserFactory(role=Role.SECRETARIAT, entity=submitted.entity)
        assert signed_in(focal_point).get(page("detail", submitted)).context["approve_form"]
        for other in (staff, secretariat):
            assert not signed_in(other).get(page("detail", submitted)).context["approve_form"]
