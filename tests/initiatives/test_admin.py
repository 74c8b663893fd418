"""The administration of people and reference data."""

import datetime as dt

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from initiatives import models
from initiatives.choices import Role
from portal.models import ApiToken, TokenScope, User
from portal.tokens import make_token
from reporting.models import Call, CallCover, Layout
from tests import factories as make
from tests.support.pages import words_of

pytestmark = pytest.mark.django_db

ROWS = {
    User: make.UserFactory,
    models.Membership: make.MembershipFactory,
    models.Entity: make.EntityFactory,
    models.Unit: make.UnitFactory,
    models.Organisation: make.OrganisationFactory,
    models.Country: lambda: make.IncomeClassificationFactory().country,
    models.CountryGroup: lambda: make.GroupMembershipFactory().group,
    models.ActionLine: lambda: make.FacilitationFactory().line,
    models.Vocabulary: make.VocabularyFactory,
    models.Term: make.TermFactory,
    models.Session: make.SessionFactory,
    models.Workplan: make.WorkplanFactory,
    models.ImpactArea: make.ImpactAreaFactory,
    models.WorkplanEntry: make.WorkplanEntryFactory,
    models.Indicator: make.IndicatorFactory,
    models.Breakdown: make.BreakdownFactory,
    models.Category: make.CategoryFactory,
    models.NamedItem: make.NamedItemFactory,
    Call: lambda: make.CallCoverFactory().call,
    Layout: lambda: make.LayoutSectionFactory().layout,
}


def url(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def administrator():
    return make.UserFactory(role=Role.ADMINISTRATOR, is_staff=True, is_superuser=True)


@pytest.fixture
def in_admin(client, administrator):
    client.force_login(administrator)
    return client


def form_of(page):
    """What a browser would send back: the fields of the form and of its inlines as they stand."""
    forms = [page.context["adminform"].form]
    for formset in page.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    sent = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                sent[field.html_name] = value
    return sent


class TestPages:
    def test_are_there_for_people_their_programs_and_reference_data_alone(self):
        ours = {
            model for model in admin.site._registry if model._meta.app_label in {"portal", "initiatives", "reporting"}
        }
        assert ours == {*ROWS, ApiToken, models.Mailing, models.Result}

    @pytest.mark.parametrize("model", ROWS, ids=lambda model: model.__name__)
    def test_open_for_an_administrator(self, in_admin, model):
        row = ROWS[model]()
        assert in_admin.get(url(model, "changelist"), {"q": "a"}).status_code == 200
        assert in_admin.get(url(model, "add")).status_code == 200
        assert in_admin.get(url(model, "change", row.pk)).status_code == 200

    @pytest.mark.parametrize("model", ROWS, ids=lambda model: model.__name__)
    def test_list_in_a_fixed_number_of_queries(self, in_admin, model, django_assert_max_num_queries):
        for _number in range(5):
            ROWS[model]()
        with django_assert_max_num_queries(16):
            in_admin.get(url(model, "changelist"))

    @pytest.mark.parametrize("model", ROWS, ids=lambda model: model.__name__)
    def test_delete_nothing(self, in_admin, model):
        row = ROWS[model]()
        assert in_admin.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
        assert model.objects.filter(pk=row.pk).exists()

    @pytest.mark.parametrize("role", [Role.STAFF, Role.FOCAL_POINT, Role.SECRETARIAT, Role.COMMISSION, Role.DELEGATE])
    def test_are_closed_to_every_other_role(self, client, role):
        client.force_login(make.UserFactory(role=role))
        assert client.get(reverse("admin:index")).status_code in {302, 403}
        assert client.get(reverse("admin:login")).status_code == 403
        assert client.get(url(models.Country, "changelist")).status_code in {302, 403}

    def test_send_a_visitor_to_the_one_door(self, client):
        answer = client.get(reverse("admin:login"))
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_login"))


class TestPrograms:
    """Tokens are made and revoked by the people that they act for; here they are seen."""

    @pytest.fixture
    def token(self):
        now = timezone.now()
        return make_token(
            user=make.UserFactory(email="ann@example.org"),
            name="Nightly report",
            scopes=[TokenScope.READ],
            expires_at=now + dt.timedelta(days=30),
            now=now,
        )[0]

    def test_are_listed_with_the_person_that_they_act_for(self, in_admin, token):
        page = in_admin.get(url(ApiToken, "changelist"), {"q": "ann@example.org"}).content.decode()
        assert "Nightly report" in page
        assert token.opening in page

    def test_open_without_what_lets_them_in(self, in_admin, token):
        page = in_admin.get(url(ApiToken, "change", token.pk)).content.decode()
        assert "Nightly report" in page
        assert token.digest not in page

    @pytest.mark.parametrize("page", ["add", "change", "delete"])
    def test_are_neither_made_nor_changed_nor_deleted_here(self, in_admin, token, page):
        args = [] if page == "add" else [token.pk]
        assert in_admin.post(url(ApiToken, page, *args), {"name": "Mine", "post": "yes"}).status_code == 403
        assert list(ApiToken.objects.values_list("name", flat=True)) == ["Nightly report"]


class TestResults:
    """People of entities write and correct them as drafts, which one judge reads; here they are seen."""

    def test_are_listed_and_opened(self, in_admin):
        result = make.ResultFactory(value=40)
        page = in_admin.get(url(models.Result, "changelist"), {"q": result.indicator.code}).content.decode()
        assert str(result.initiative) in page
        assert "40" in in_admin.get(url(models.Result, "change", result.pk)).content.decode()

    @pytest.mark.parametrize("page", ["add", "change", "delete"])
    def test_are_neither_made_nor_changed_nor_deleted_here(self, in_admin, page):
        result = make.ResultFactory(value=40)
        args = [] if page == "add" else [result.pk]
        assert in_admin.post(url(models.Result, page, *args), {"value": "41", "post": "yes"}).status_code == 403
        assert models.Result.objects.get().value == 40


class TestClosingAnAccount:
    @pytest.fixture
    def mira(self) -> User:
        return make.UserFactory(role=Role.STAFF, entity=make.EntityFactory(code="UNIDO"), name="Mira")

    def close(self, in_admin, person, **said):
        """Send the page back without the tick that lets the person sign in."""
        page = url(User, "change", person.pk)
        sent = form_of(in_admin.get(page))
        sent.pop("is_active")
        return in_admin.post(page, sent | said)

    def test_asks_who_takes_what_the_person_holds(self, in_admin, mira):
        unido = mira.memberships.get().entity
        initiative = make.InitiativeFactory(entity=unido, holder=mira)
        draft = make.UpdateDraftFactory(initiative=initiative, holder=mira)
        stranger = make.UserFactory(role=Role.STAFF, entity=make.EntityFactory(code="OTHER"))
        nadia = make.UserFactory(role=Role.FOCAL_POINT, entity=unido, name="Nadia")
        planner = make.UserFactory(role=Role.SECRETARIAT, entity=unido)  # holds plans, and no initiative
        assert "holds records of UNIDO" in words_of(in_admin.get(url(User, "change", mira.pk)))
        for said in ({}, {"successor": stranger.pk}, {"successor": planner.pk}):
            answer = self.close(in_admin, mira, **said)
            assert answer.status_code == 200
            assert "successor" in answer.context["adminform"].form.errors
        mira.refresh_from_db()
        assert mira.is_active
        answer = self.close(in_admin, mira, successor=nadia.pk)
        assert answer.status_code == 302
        for one in (mira, initiative, draft):
            one.refresh_from_db()
        assert (mira.is_active, initiative.holder, draft.holder) == (False, nadia, nadia)
        assert nadia.notifications.count() == 2
        assert mira.memberships.get().until is None  # its role stays as it was

    def test_leaves_it_without_holder_where_that_is_said(self, in_admin, mira):
        initiative = make.InitiativeFactory(entity=mira.memberships.get().entity, holder=mira)
        answer = self.close(in_admin, mira, to_nobody="on")
        assert answer.status_code == 302
        initiative.refresh_from_db()
        mira.refresh_from_db()
        assert (mira.is_active, initiative.holder) == (False, None)

    def test_asks_nothing_of_who_holds_nothing(self, in_admin, mira):
        assert "successor" not in in_admin.get(url(User, "change", mira.pk)).content.decode()
        assert self.close(in_admin, mira).status_code == 302
        mira.refresh_from_db()
        assert not mira.is_active


class TestPeople:
    def test_are_filed_with_an_email_in_lower_case(self, in_admin):
        sent = {
            "email": "Ann.Other@Example.org",
            "name": "Ann",
            "language": "fr",
            "usable_password": "true",
            "password1": "a long enough password",
            "password2": "a long enough password",
        }
        assert in_admin.post(url(User, "add"), sent).status_code == 302
        person = User.objects.get(name="Ann")
        assert person.email == "ann.other@example.org"
        assert person.check_password("a long enough password")
        assert not person.is_staff

    def test_need_a_password_of_twelve_characters(self, in_admin):
        sent = {"email": "a@example.org", "name": "Ann", "language": "en", "usable_password": "true"}
        page = in_admin.post(url(User, "add"), sent | {"password1": "short-one", "password2": "short-one"})
        assert "at least 12 characters" in page.content.decode()

    def test_get_roles_by_the_rules_and_are_told_in_a_sentence(self, in_admin):
        person = make.UserFactory()
        page = in_admin.get(url(User, "change", person.pk))
        sent = form_of(page) | {
            "memberships-TOTAL_FORMS": "1",
            "memberships-0-user": person.pk,
            "memberships-0-role": Role.STAFF,
            "memberships-0-since": "2021-01-01",
        }
        refused = in_admin.post(url(User, "change", person.pk), sent)
        assert "Staff, focal points and secretariats need an entity" in refused.content.decode()
        sent["memberships-0-entity"] = make.EntityFactory().pk
        assert in_admin.post(url(User, "change", person.pk), sent).status_code == 302
        assert person.memberships.get().role == Role.STAFF

    def test_show_who_changed_them(self, in_admin, administrator):
        person = make.UserFactory(name="Before")
        sent = form_of(in_admin.get(url(User, "change", person.pk))) | {"name": "After"}
        assert in_admin.post(url(User, "change", person.pk), sent).status_code == 302
        page = in_admin.get(url(User, "change", person.pk)).content.decode()
        assert f"changed – {administrator.name}" in page

    def test_hand_out_no_rights_unless_they_are_superusers(self, client, administrator):
        clerk = make.UserFactory(is_staff=True)
        clerk.user_permissions.set(Permission.objects.filter(content_type__model="user"))
        client.force_login(clerk)
        page = client.get(url(User, "change", clerk.pk))
        sent = form_of(page) | {"is_superuser": "on", "is_staff": "on"}
        assert client.post(url(User, "change", clerk.pk), sent).status_code == 302
        clerk.refresh_from_db()
        assert not clerk.is_superuser
        password = reverse("admin:auth_user_password_change", args=[administrator.pk])
        assert client.get(password).status_code == 403
        assert client.post(url(User, "change", administrator.pk), {"name": "Mine"}).status_code == 403


class TestReferenceRows:
    def test_keep_their_code(self, in_admin):
        entity = make.EntityFactory(code="UNIDO")
        sent = form_of(in_admin.get(url(models.Entity, "change", entity.pk))) | {"code": "OTHER", "name_en": "New name"}
        assert in_admin.post(url(models.Entity, "change", entity.pk), sent).status_code == 302
        entity.refresh_from_db()
        assert (entity.code, entity.name_en) == ("UNIDO", "New name")


class TestCover:
    @pytest.mark.parametrize(
        ("lines", "sentence"),
        [
            ('{"style": "title"}', "This has to be a list, in square brackets."),
            ('[{"style": "big", "text": "A"}]', "Entry 1: “style” has to be one of body, acronym, session"),
            ('[{"style": "title", "text": 5}]', "Entry 1: “text” is not as expected."),
            ('[{"style": "title", "text": "A", "colour": "red"}]', "Entry 1: “colour” is not as expected."),
        ],
    )
    def test_is_refused_with_a_sentence_where_compiling_could_not_read_it(self, in_admin, lines, sentence):
        call = make.CallCoverFactory().call
        sent = form_of(in_admin.get(url(Call, "change", call.pk))) | {"covers-0-lines": lines}
        page = in_admin.post(url(Call, "change", call.pk), sent)
        assert sentence in page.content.decode().replace("&quot;", '"')

    def test_is_kept_where_it_is_right(self, in_admin):
        call = make.CallCoverFactory().call
        lines = '[{"style": "text", "lead": "DISCLAIMER:", "text": "The views …"}]'
        sent = form_of(in_admin.get(url(Call, "change", call.pk))) | {"covers-0-lines": lines}
        assert in_admin.post(url(Call, "change", call.pk), sent).status_code == 302
        assert CallCover.objects.get(call=call).lines == [
            {"style": "text", "lead": "DISCLAIMER:", "text": "The views …"}
        ]


class TestLetterOfACall:
    def test_is_entered_as_plain_words_in_a_language(self, in_admin):
        call = make.CallFactory()
        sent = form_of(in_admin.get(url(Call, "change", call.pk))) | {
            "letters-TOTAL_FORMS": "1",
            "letters-0-language": "fr",
            "letters-0-state": "original",
            "letters-0-asks": "Ce qui a été fait.\n\nCe qui reste <à faire>.",
        }
        assert in_admin.post(url(Call, "change", call.pk), sent).status_code == 302
        (letter,) = call.letters.all()
        assert (letter.language, letter.asks) == (
            "fr",
            "<p>Ce qui a été fait.</p><p>Ce qui reste &lt;à faire&gt;.</p>",
        )


class TestFrontOfALayout:
    def test_is_refused_where_entries_are_no_list_of_words(self, in_admin):
        layout = make.LayoutFactory()
        sent = form_of(in_admin.get(url(Layout, "change", layout.pk)))
        page = in_admin.post(
            url(Layout, "change", layout.pk), sent | {"front": '[{"kind": "list", "entries": "{facilitated_lines}"}]'}
        )
        assert "Entry 1: “entries” is not as expected." in page.content.decode()
