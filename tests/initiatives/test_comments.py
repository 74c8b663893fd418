"""Comments beside a draft: who says what of which words, what becomes of them, and their pages without scripts."""

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.choices import DraftState, Role
from initiatives.models import Comment, Draft
from initiatives.services.comments import (
    CommentEmpty,
    CommentTooLong,
    DraftClosed,
    Place,
    WordsNotThere,
    answer_comment,
    settle_comment,
    write_comment,
)
from initiatives.services.drafts import save_draft
from tests.factories import NOON, DraftFactory, EntityFactory, UserFactory
from tests.support.pages import assert_rows_cost_nothing, client_of, words_of

pytestmark = pytest.mark.django_db

TEXT = "<p>Forty workshops were held.</p><p>A second round begins in <strong>May</strong>.</p>"
DESCRIPTION = Place("description")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def entity():
    return EntityFactory(acronym="LOOM")


@pytest.fixture
def mira(entity):
    return UserFactory(role=Role.STAFF, entity=entity, name="Mira")


@pytest.fixture
def leila(entity):
    return UserFactory(role=Role.FOCAL_POINT, entity=entity, name="Leila")


@pytest.fixture
def draft(entity, mira):
    return DraftFactory(entity=entity, holder=mira, title="Open mills", submitted=True, content={"description": TEXT})


def said(draft: Draft, user, place=DESCRIPTION, words="How many?", **facts) -> Comment:
    return write_comment(draft=draft, place=place, words=words, language="en", user=user, now=NOON, **facts)


def told(person) -> list[str]:
    return list(person.notifications.order_by("pk").values_list("kind", flat=True))


class TestAComment:
    @pytest.mark.parametrize(
        ("place", "quote"),
        [
            (Place("description"), ""),
            (Place("description", 1), "A second round begins in May."),
            (Place("description", 0, "Forty  workshops"), "Forty workshops"),
            (Place("description", None, "begins in May"), "begins in May"),
            (Place("title", None, "mills"), "mills"),
            (Place(), ""),
        ],
    )
    def test_speaks_of_a_field_a_paragraph_or_some_words(self, draft, leila, place, quote):
        assert said(draft, leila, place).quote == quote

    @pytest.mark.parametrize(
        "place",
        [
            Place("description", 0, "begins in May"),
            Place("description", None, "sixty"),
            Place("description", 2),
            Place("countries", None, "Nepal"),
            Place("", None, "May"),
        ],
    )
    def test_quotes_nothing_that_does_not_stand_there(self, draft, leila, place):
        with pytest.raises(WordsNotThere):
            said(draft, leila, place)

    @pytest.mark.parametrize(("words", "error"), [(" \x00 ", CommentEmpty), ("x" * 10_001, CommentTooLong)])
    def test_says_something_and_not_too_much(self, draft, leila, words, error):
        with pytest.raises(error):
            said(draft, leila, words=words)

    def test_is_told_to_holder_writers_and_thread_but_not_to_who_wrote_it(self, draft, entity, mira, leila):
        ivo = UserFactory(role=Role.STAFF, entity=entity)
        comment = said(draft, leila)
        answer_comment(comment=comment, words="Forty.", language="en", user=mira, now=NOON)
        answer_comment(comment=comment, words="I was there.", language="en", user=ivo, now=NOON)
        assert (told(mira), told(leila), told(ivo)) == (["comment"] * 2, ["comment"] * 2, [])
        assert mira.notifications.first().leads_to.endswith(f"#comment-{Comment.objects.last().pk}")

    def test_is_resolved_and_reopened(self, draft, mira, leila):
        comment = said(draft, leila)
        answer = answer_comment(comment=comment, words="Forty.", language="en", user=mira, now=NOON)
        resolved = settle_comment(comment=answer, resolved=True, user=mira, now=NOON)
        assert (resolved.pk, resolved.resolved_by) == (comment.pk, mira)
        settle_comment(comment=resolved, resolved=True, user=leila, now=NOON)
        comment.refresh_from_db()
        assert comment.resolved_by == mira
        settle_comment(comment=comment, resolved=False, user=leila, now=NOON)
        comment.refresh_from_db()
        assert (comment.resolved_at, comment.resolved_by) == (None, None)

    def test_is_added_to_nothing_that_is_decided(self, draft, leila):
        comment = said(draft, leila)
        Draft.objects.update(state=DraftState.WITHDRAWN)
        draft.refresh_from_db()
        comment.refresh_from_db()
        for act in (
            lambda: said(draft, leila),
            lambda: answer_comment(comment=comment, words="Yes.", language="en", user=leila, now=NOON),
            lambda: settle_comment(comment=comment, resolved=True, user=leila, now=NOON),
        ):
            with pytest.raises(DraftClosed):
                act()
        page = words_of(client_of(leila).get(draft.get_absolute_url()))
        assert "How many?" in page
        assert "settle-" not in page


class TestPageOfADraft:
    def test_shows_each_comment_beside_its_field(self, draft, mira, leila):
        said(draft, leila, Place("description", 1), words="Which May?")
        said(draft, leila, Place("countries"), words="Where?")
        page = words_of(client_of(mira).get(draft.get_absolute_url()))
        description, rest = page.split("Comments on the rest")
        assert "Which May?" in description
        assert "Paragraph 2" in description
        assert "Where?" in rest
        edit = words_of(client_of(mira).get(reverse("draft_edit", args=[draft.pk]), follow=True))
        assert "Which May?" in edit

    def test_says_when_the_words_are_gone(self, entity, mira, leila):
        draft = DraftFactory(entity=entity, holder=mira, content={"description": TEXT})
        said(draft, leila, Place("description", 1))
        client, gone = client_of(mira), "These words are not in the text any more."
        assert gone not in words_of(client.get(reverse("draft_edit", args=[draft.pk])))
        content = draft.content | {"description": "<p>Forty workshops were held.</p>"}
        save_draft(draft=draft, content=content, edits=0, user=mira, now=NOON)
        assert gone in words_of(client.get(reverse("draft_edit", args=[draft.pk])))

    @pytest.mark.parametrize("page", ["draft_detail", "draft_edit"])
    def test_takes_no_more_queries_for_more_comments(self, entity, mira, leila, page):
        draft = DraftFactory(entity=entity, holder=mira, content={"description": TEXT})

        def add():
            answer_comment(comment=said(draft, leila), words="Yes.", language="fr", user=UserFactory(), now=NOON)

        assert_rows_cost_nothing(client_of(mira), reverse(page, args=[draft.pk]), add)


class TestWriting:
    def form(self, **changed):
        return {"field": "description", "paragraph": "1", "words": "Which May?", "language": "en"} | changed

    def test_works_without_scripts(self, draft, mira):
        client, address = client_of(mira), reverse("draft_comments", args=[draft.pk])
        opened = client.get(address, {"field": "description"}, follow=True)
        assert 'form="comment-on-description"' in words_of(opened)
        kept = client.post(address, self.form())
        comment = Comment.objects.get()
        assert kept.url == f"{draft.get_absolute_url()}#comment-{comment.pk}"
        client.post(reverse("comment_answer", args=[comment.pk]), {"words": "ثلاثة.", "language": "ar"})
        client.post(reverse("comment_settle", args=[comment.pk]))
        page = words_of(client.get(draft.get_absolute_url()))
        assert '<div lang="ar" dir="rtl"><p>ثلاثة.</p></div>' in page
        assert "Resolved: Mira" in page
        client.post(reverse("comment_settle", args=[comment.pk]), {"reopen": "yes"})
        assert "Resolved: Mira" not in words_of(client.get(draft.get_absolute_url()))

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [({"words": ""}, "Write what you want to say."), ({"quote": "sixty"}, "do not stand in the text")],
    )
    def test_keeps_what_is_refused(self, draft, mira, changed, sentence):
        client, address = client_of(mira), reverse("draft_comments", args=[draft.pk])
        form = self.form(quote="") | changed
        page = words_of(client.post(address, form, follow=True))
        assert sentence in page
        part = words_of(client.post(address, form, headers=HTMX))
        assert sentence in part
        assert part.startswith('<div class="comments comments-some" id="comments-description"')
        assert form["words"] in part
        assert not Comment.objects.exists()

    def test_keeps_what_was_written_when_the_session_had_ended(self, draft, mira):
        client, address = Client(), reverse("draft_comments", args=[draft.pk])
        assert "login" in client.post(address, self.form()).url
        client.force_login(mira)
        assert "Which May?" in words_of(client.get(draft.get_absolute_url()))
        led = Client().post(address, self.form(), headers=HTMX)
        assert "login" in led["HX-Redirect"]

    def test_answers_htmx_with_the_part_that_changes_and_its_forms(self, draft, mira):
        client = client_of(mira)
        part = client.post(reverse("draft_comments", args=[draft.pk]), self.form(), headers=HTMX)
        comment = Comment.objects.get()
        html = words_of(part)
        assert f'id="comment-{comment.pk}" tabindex="-1" autofocus' in html
        assert f'<form id="answer-{comment.pk}"' in html
        assert 'hx-swap-oob="true"' in html
        assert "Your comment is kept." in part["HX-Trigger"]

    def test_returns_the_draft_together_with_a_comment_of_who_may(self, draft, mira, leila):
        client, address = client_of(leila), reverse("draft_comments", args=[draft.pk])
        client.post(address, self.form(returns="on", edits="0"))
        draft.refresh_from_db()
        assert (draft.state, draft.decision_note) == (DraftState.RETURNED, "Which May?")
        assert told(mira) == ["comment", "returned"]
        again = client.post(address, self.form(returns="on", edits="0"), headers=HTMX)
        assert "returns" not in words_of(again)
        assert Comment.objects.count() == 2
        Draft.objects.update(state=DraftState.SUBMITTED, edits=3, decided_by=None, decided_at=None)
        stale = client.post(address, self.form(returns="on", edits="0"), headers=HTMX)
        assert "Somebody saved this draft" in words_of(stale)
        assert Comment.objects.count() == 2

    def test_lets_nobody_return_who_may_not(self, draft, mira):
        client_of(mira).post(reverse("draft_comments", args=[draft.pk]), self.form(returns="on", edits="0"))
        draft.refresh_from_db()
        assert draft.state == DraftState.SUBMITTED

    def test_is_for_people_of_the_entity(self, draft, leila):
        comment = said(draft, leila)
        client = client_of(UserFactory(role=Role.FOCAL_POINT))
        addresses = [
            reverse("draft_comments", args=[draft.pk]),
            reverse("comment_answer", args=[comment.pk]),
            reverse("comment_settle", args=[comment.pk]),
        ]
        assert {client.post(address, self.form()).status_code for address in addresses} == {404}
        assert client_of(leila).get(addresses[0], {"field": "no such"}).status_code == 404

    def test_of_a_field_that_is_gone_stands_with_the_whole(self, draft, mira, leila):
        Comment.objects.create(
            draft=draft, field="terms-gone", author=leila, written_at=NOON, language="en", words="Still here."
        )
        assert "Still here." in words_of(client_of(mira).get(draft.get_absolute_url()))
