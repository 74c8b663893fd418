"""Passages as drafts: what begins them, what they become, and their pages. The rest they share with all drafts."""

import pytest
from django.urls import reverse

from initiatives.choices import DraftState, PassageKind, Role
from initiatives.drafting.passages import carried_over, content_of, follows
from initiatives.models import Draft, Entity, Passage
from initiatives.models.base import stale_languages
from initiatives.services.comments import Place, write_comment
from initiatives.services.drafts import (
    DraftIncomplete,
    NothingChanged,
    approve_draft,
    begin_change_of_passage,
    carry_on_passage,
    save_draft,
    submit_draft,
)
from portal.models import User
from tests.factories import (
    NOON,
    ActionLineFactory,
    CompilationFactory,
    CountryFactory,
    EntityFactory,
    InitiativeFactory,
    ItemFactory,
    PassageDraftFactory,
    PassageFactory,
    PassageTextFactory,
    ReferenceFactory,
    SectionFactory,
    SubmissionFactory,
    TermFactory,
    UserFactory,
)
from tests.support.pages import assert_rows_cost_nothing, client_of, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def unido() -> Entity:
    return EntityFactory(code="UNIDO")


@pytest.fixture
def staff(unido: Entity) -> User:
    return UserFactory(role=Role.STAFF, entity=unido, name="Mira")


@pytest.fixture
def focal_point(unido: Entity) -> User:
    return UserFactory(role=Role.FOCAL_POINT, entity=unido, name="Leila")


def approved(draft: Draft, staff: User, focal_point: User) -> Passage:
    draft = submit_draft(draft=draft, user=staff, now=NOON)
    draft = approve_draft(draft=draft, edits=draft.edits, user=focal_point, now=NOON)
    assert draft.passage
    return draft.passage


class TestApproving:
    def test_makes_the_passage_with_all_that_the_form_says(self, unido, staff, focal_point):
        ActionLineFactory(code="C5"), CountryFactory(iso3="SRB")
        term, hub = TermFactory(), InitiativeFactory(entity=unido, title="Learning hub")
        content = {
            "kind": "trend",
            "name": "2026: prices",
            "language": "fr",
            "body": "<p>Les prix.</p>",
            "lines": ["C5"],
            "countries": ["SRB"],
            f"terms-{term.vocabulary.code}": [term.code],
            "initiatives": [{"initiative": f"Learning hub (i/{hub.pk})"}],
        }
        draft = PassageDraftFactory(entity=unido, holder=staff, content=content)
        passage = approved(draft, staff, focal_point)
        assert {name: content_of(passage)[name] for name in content} == content
        assert (passage.author, passage.author_role, passage.original.state) == (staff, Role.STAFF, "original")
        assert Draft.objects.get().version == 1

    def test_of_a_change_leaves_what_it_does_not_touch(self, unido, staff, focal_point):
        passage = PassageFactory(entity=unido, kind=PassageKind.TREND, body="<p>One.</p>")
        PassageTextFactory(passage=passage, language="fr", state="checked", based_on=1)
        passage.initiatives.add(InitiativeFactory(entity=EntityFactory()))  # which the entity may not even see
        draft = begin_change_of_passage(passage=passage, user=staff, now=NOON)
        assert begin_change_of_passage(passage=passage, user=focal_point, now=NOON) == draft
        with pytest.raises(NothingChanged):
            submit_draft(draft=draft, user=staff, now=NOON)
        said = draft.content | {"body": "<p>Two.</p>"}
        draft = save_draft(draft=draft, content=said, edits=0, user=staff, now=NOON, why="Better.")
        assert passage.texts.get(language="en").body == "<p>One.</p>"
        assert approved(draft, staff, focal_point) == passage
        assert passage.texts.get(language="en").revision == 2
        assert stale_languages(passage.texts.all()) == ["fr"]
        assert passage.initiatives.count() == 1

    def test_needs_words_and_a_name_that_no_other_has(self, unido, staff):
        PassageFactory(entity=unido, name="Taken")
        PassageFactory(name="Free here")
        for name, body, wrong in (
            ("Taken", "<p>x</p>", ["name"]),
            ("", "", ["name", "body"]),
            ("Free here", "", ["body"]),
        ):
            draft = PassageDraftFactory(entity=unido, holder=staff, content={"name": name, "body": body})
            with pytest.raises(DraftIncomplete) as refused:
                submit_draft(draft=draft, user=staff, now=NOON)
            assert list(refused.value.form.errors) == wrong

    @pytest.mark.parametrize("named", ["Hidden", "i/999999999", "i/{pk}"])
    def test_refuses_an_initiative_that_the_entity_does_not_see(self, unido, staff, named):
        hidden = InitiativeFactory(title="Hidden")
        rows = [{"initiative": named.format(pk=hidden.pk)}]
        draft = PassageDraftFactory(entity=unido, holder=staff, content={"initiatives": rows})
        with pytest.raises(DraftIncomplete) as refused:
            submit_draft(draft=draft, user=staff, now=NOON)
        assert list(refused.value.form.errors) == ["initiatives"]

    def test_names_what_an_initiative_was_merged_into(self, unido, staff, focal_point):
        target = InitiativeFactory(entity=unido)
        source = InitiativeFactory(entity=unido, merged_into=target)
        rows = [{"initiative": f"i/{source.pk}"}]
        draft = PassageDraftFactory(entity=unido, holder=staff, content={"initiatives": rows})
        assert list(approved(draft, staff, focal_point).initiatives.all()) == [target]

    def test_never_carries_on_a_passage_of_others(self, unido, staff):
        other = PassageFactory()
        draft = PassageDraftFactory(entity=unido, holder=staff, content={"follows": str(other.pk)})
        assert follows(draft) is None
        with pytest.raises(DraftIncomplete):
            submit_draft(draft=draft, user=staff, now=NOON)


class TestCarryingOn:
    def test_begins_with_the_same_words_until_they_are_touched(self, unido, staff, focal_point):
        former = PassageFactory(entity=unido, name="2020: outlook", kind=PassageKind.OUTLOOK, body="<p>Ahead.</p>")
        former.lines.add(ActionLineFactory(code="C5"))
        draft = carry_on_passage(passage=former, year=2021, user=staff, now=NOON)
        assert carry_on_passage(passage=former, year=2021, user=focal_point, now=NOON) == draft
        assert (draft.title, draft.content["body"], draft.is_new) == ("2021: outlook", "<p>Ahead.</p>", True)
        assert carried_over(draft, former) == {"body", "lines"}
        html = words_of(client_of(staff).get(reverse("draft_edit", args=[draft.pk])))
        assert html.count("Carried over from the former passage") == 2
        said = draft.content | {"body": "<p>Further ahead.</p>"}
        draft = save_draft(draft=draft, content=said, edits=0, user=staff, now=NOON)
        assert carried_over(draft, former) == {"lines"}
        passage = approved(draft, staff, focal_point)
        assert (passage.follows, passage == former, former.texts.get().body) == (former, False, "<p>Ahead.</p>")
        again = carry_on_passage(passage=passage, year=2021, user=staff, now=NOON)
        assert again.title == "2021: outlook, 2021"


class TestPages:
    def test_begin_a_passage_with_its_kind_and_name(self, unido, staff):
        client = client_of(staff)
        assert reverse("passage_new") in words_of(client.get(reverse("desk")))
        said = {"entity": "UNIDO", "kind": "outlook", "name": "2026: outlook", "language": "fr"}
        refused = client.post(reverse("passage_new"), said | {"name": ""})
        assert (refused.status_code, Draft.objects.count()) == (422, 0)
        sent = client.post(reverse("passage_new"), said)
        draft = Draft.objects.get()
        assert sent.url == reverse("draft_edit", args=[draft.pk]) + "#id_body"
        assert (draft.title, draft.holder, draft.content["kind"]) == ("2026: outlook", staff, "outlook")
        assert "2026: outlook" in words_of(client.get(reverse("passage_list")))

    def test_keep_what_was_written_and_show_the_reviewer_what_changed(self, unido, staff, focal_point):
        passage = PassageFactory(entity=unido, name="Trend", body="<p>Prices fall.</p>")
        client = client_of(staff)
        edit = client.post(reverse("passage_change", args=[passage.pk])).url
        draft = Draft.objects.get()
        said = {"kind": "trend", "name": "Trend", "language": "en", "body": "<p>Prices rise.</p>", "edits": 0}
        assert client.post(edit, said | {"why": "New figures.", "submit": "yes"}).url == draft.get_absolute_url()
        html = words_of(client_of(focal_point).get(draft.get_absolute_url()))
        for words in ("<del>", "fall", "rise", "New figures."):
            assert words in html
        write_comment(draft=draft, place=Place("body"), words="Since when?", language="en", user=focal_point, now=NOON)
        draft.refresh_from_db()
        assert draft.state == DraftState.SUBMITTED

    def test_show_everybody_the_words_and_the_entity_the_rest(self, client, unido, staff):
        cited = ReferenceFactory(text="World Bank, 2021")
        note = f'<span data-footnote="" data-reference="{cited.pk}">*</span>'
        passage = PassageFactory(entity=unido, name="For the desk", kind=PassageKind.TREND, body=f"<p>Up.{note}</p>")
        PassageTextFactory(passage=passage, language="fr", state="checked", body="<p>En hausse.</p>")
        passage.initiatives.add(
            InitiativeFactory(entity=unido, title="Shown", published=True),
            InitiativeFactory(entity=unido, title="Hidden"),
        )
        published = SubmissionFactory(entities=[unido], published_at=NOON, state="published")
        drafting = SubmissionFactory(entities=[unido])
        for submission in (published, drafting):
            ItemFactory(section=SectionFactory(submission=submission), passage=passage)
        CompilationFactory(submission=published)
        html = words_of(client.get(passage.get_absolute_url()))
        for words in ("Trend", "Up.", "World Bank, 2021", "Shown", published.get_absolute_url()):
            assert words in html
        for words in ("For the desk", "Hidden", drafting.get_absolute_url(), "Change this passage", 'id="history"'):
            assert words not in html
        assert "En hausse." in words_of(client.get(f"{passage.get_absolute_url()}?text=fr"))
        html = words_of(client_of(staff).get(passage.get_absolute_url()))
        for words in ("For the desk", "Hidden", drafting.get_absolute_url(), "Change this passage", "Approved"):
            assert words in html

    def test_list_what_can_be_carried_on(self, unido, staff):
        former, other = PassageFactory(entity=unido, name="2020: trend"), PassageFactory(name="Of others")
        PassageFactory(entity=unido, name="2021: trend", follows=former)
        client = client_of(staff)
        html = words_of(client.get(reverse("passage_list")))
        assert "Of others" not in html
        assert html.count("Carried on already</p>") == 1
        assert reverse("passage_carry_on", args=[former.pk]) not in html
        narrowed = words_of(client.get(reverse("passage_list"), {"again": "yes"}))
        assert ("2021: trend" in narrowed, "2020: trend" in narrowed) == (True, False)
        assert client.post(reverse("passage_carry_on", args=[other.pk])).status_code == 403

    def test_cost_the_same_queries_however_much_there_is(self, unido, staff):
        def add() -> None:
            passage = PassageFactory(entity=unido)
            ItemFactory(section=SectionFactory(submission=SubmissionFactory(entities=[unido])), passage=passage)
            PassageDraftFactory(entity=unido)

        assert_rows_cost_nothing(client_of(staff), reverse("passage_list"), add)
