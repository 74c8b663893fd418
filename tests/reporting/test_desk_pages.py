"""The desk: my year."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.choices import BEGUN, CHANGED, DraftOf, Role
from initiatives.models import Draft, Update
from tests.factories import (
    NOON,
    CallFactory,
    CountryFactory,
    DraftFactory,
    EditionDraftFactory,
    EntityFactory,
    ImpactAreaFactory,
    IndicatorDraftFactory,
    IndicatorFactory,
    InitiativeFactory,
    KindFactory,
    MatrixDraftFactory,
    MembershipFactory,
    PassageDraftFactory,
    ResultDraftFactory,
    SubmissionFactory,
    TargetDraftFactory,
    UnitFactory,
    UpdateDraftFactory,
    UpdateFactory,
    UserFactory,
    WorkplanEntryFactory,
    WorkplanFactory,
)
from tests.support.pages import assert_rows_cost_nothing, queries_of, words_of

pytestmark = pytest.mark.django_db

DESK = reverse("desk")


@pytest.fixture
def unido():
    return EntityFactory(code="UNIDO")


@pytest.fixture
def staff(unido):
    return UserFactory(role=Role.STAFF, entity=unido, name="Mira")


@pytest.fixture
def focal_point(unido):
    return UserFactory(role=Role.FOCAL_POINT, entity=unido)


def desk(user, **asked):
    client = Client()
    client.force_login(user)
    return client.get(DESK, asked)


def rows(response):
    return response.context["page"].object_list


def titles(response):
    return [row.initiative.title for row in rows(response)]


def choices(response, name):
    """Return the choices of one facet with their counts."""
    (facet,) = (one for one in response.context["listing"].tallies.facets if one.name == name)
    return {choice.value: choice.count for choice in facet.choices}


class TestScopes:
    @pytest.fixture
    def three(self, unido, staff):
        unit = UnitFactory(entity=unido)
        staff.memberships.update(unit=unit)
        InitiativeFactory(title="Mine", entity=unido, holder=staff)
        InitiativeFactory(title="As deputy", entity=unido, deputy=staff)
        InitiativeFactory(title="Of my unit", entity=unido, unit=unit)
        InitiativeFactory(title="Of nobody", entity=unido)
        InitiativeFactory(title="Foreign", published=True)

    @pytest.mark.parametrize(
        ("show", "found"),
        [
            ("", ["As deputy", "Mine"]),
            ("mine", ["As deputy", "Mine"]),
            ("unit", ["Of my unit"]),
            ("all", ["As deputy", "Mine", "Of my unit", "Of nobody"]),
        ],
    )
    def test_show_what_they_say(self, staff, three, show, found):
        assert titles(desk(staff, show=show)) == found

    def test_are_counted(self, staff, three):
        assert [count for _scope, _label, count in desk(staff).context["scopes"]] == [2, 1, 4]

    def test_begin_with_the_nearest_that_holds_something(self, unido, staff, focal_point):
        InitiativeFactory(title="Of nobody", entity=unido)
        for person in (staff, focal_point):
            assert desk(person).context["scope"] == "all"

    def test_leave_out_what_is_mere_context(self, unido, staff):
        InitiativeFactory(entity=unido, kind=KindFactory(code="context", counts_as_initiative=False))
        assert titles(desk(staff)) == []


class TestPeriod:
    def test_is_that_of_the_latest_open_call(self, unido, staff):
        InitiativeFactory(entity=unido)
        CallFactory(period_start=dt.date(2025, 1, 1), period_end=dt.date(2027, 1, 1))
        CallFactory(period_start=dt.date(2028, 1, 1), period_end=dt.date(2029, 1, 1), state="closed")
        assert desk(staff).context["period"].code == "2025-2026"

    def test_is_not_that_of_a_call_to_others(self, staff):
        CallFactory(period_start=dt.date(2025, 1, 1), period_end=dt.date(2027, 1, 1), owner=EntityFactory())
        assert desk(staff).context["period"].code == str(timezone.localdate().year)

    def test_is_this_year_without_a_call(self, staff):
        assert desk(staff).context["period"].code == str(timezone.localdate().year)

    def test_can_be_any_other(self, staff):
        response = desk(staff, period="2009")
        assert response.context["period"].code == "2009"
        assert '<option value="2009" selected>' in words_of(response)

    def test_says_when_it_makes_no_sense(self, staff):
        response = desk(staff, period="soon")
        assert response.status_code == 400
        assert "is no period" in words_of(response)


class TestRows:
    def test_tell_the_state_of_the_period_and_what_to_do(self, unido, staff):
        for title, state in [("A", "draft"), ("B", "submitted"), ("C", "returned"), ("D", "approved")]:
            initiative = InitiativeFactory(title=title, entity=unido)
            if state == "approved":
                UpdateFactory(initiative=initiative)
            else:
                UpdateDraftFactory(initiative=initiative, **({state: True} if state != "draft" else {}))
        InitiativeFactory(title="E", entity=unido)
        UpdateFactory(
            initiative=InitiativeFactory(title="F", entity=unido),
            period_start="2020-01-01",
            period_end="2021-01-01",
        )
        response = desk(staff, period="2021")
        states = {row.initiative.title: row.initiative.update_state for row in rows(response)}
        assert states == {"A": "draft", "B": "submitted", "C": "returned", "D": "approved", "E": None, "F": None}
        html = words_of(response)
        assert html.count("Write update") == 2
        assert html.count(">Continue<") == 2
        assert html.count(">See<") == 2

    def test_show_an_open_update_before_an_approved_one(self, unido, staff):
        initiative = InitiativeFactory(entity=unido)
        draft = UpdateDraftFactory(initiative=initiative)
        UpdateFactory(initiative=initiative)
        (row,) = rows(desk(staff, period="2021"))
        assert row.update_draft == draft
        assert "approved update" not in row.missing
        assert not choices(desk(staff, period="2021"), "missing").get("update")

    def test_count_a_year_inside_a_longer_period(self, unido, staff):
        draft = UpdateDraftFactory(initiative__entity=unido)
        (row,) = rows(desk(staff, period="2021-2022"))
        assert row.update_draft == draft

    def test_tell_that_all_is_still_true_by_one_click(self, unido, staff):
        initiative = UpdateFactory(
            initiative__entity=unido, period_start="2020-01-01", period_end="2021-01-01", paragraph="<p>News.</p>"
        ).initiative
        sent = {"initiative": initiative.slug, "period": "2021", "kind": "still_true"}
        client = Client()
        client.force_login(staff)
        page = client.post(reverse("update_new"), sent, follow=True)
        assert "is still true" in words_of(page)
        update = initiative.updates.get(kind="still_true")
        assert (update.author, update.author_role, update.decided_by) == (staff, Role.STAFF, None)
        assert [(draft.update, draft.version) for draft in Draft.objects.all()] == [(update, 1)]

    def test_lead_to_the_form_where_nothing_was_told_that_could_be_true(self, unido, staff):
        initiative = InitiativeFactory(entity=unido)
        client = Client()
        client.force_login(staff)
        sent = {"initiative": initiative.slug, "period": "2021"}
        page = client.post(reverse("update_new"), sent | {"kind": "still_true"}, follow=True)
        assert "Nothing was approved before that could still be true." in words_of(page)
        assert (Draft.objects.get().content["kind"], initiative.updates.count()) == ("news", 0)
        Draft.objects.all().delete()
        page = client.post(reverse("update_new"), sent | {"kind": "nothing"}, follow=True)
        assert Draft.objects.get().content["kind"] == "nothing"
        assert "Why there is nothing to report" in words_of(page)

    def test_begin_an_update_by_one_click(self, unido, staff):
        initiative = InitiativeFactory(entity=unido)
        html = words_of(desk(staff, period="2021"))
        assert f'form="telling" name="initiative" value="{initiative.slug}">Write update' in html
        assert f'id="telling" method="post" action="{reverse("update_new")}"' in html
        assert 'name="period" value="2021"' in html

    def test_can_be_narrowed_by_state_and_words(self, unido, staff):
        UpdateDraftFactory(initiative=InitiativeFactory(title="Hub", entity=unido))
        InitiativeFactory(title="Lab", entity=unido)
        assert titles(desk(staff, period="2021", told="draft")) == ["Hub"]
        assert titles(desk(staff, period="2021", told="none")) == ["Lab"]
        assert titles(desk(staff, period="2021", q="lab")) == ["Lab"]

    def test_are_counted_by_state(self, unido, staff):
        UpdateDraftFactory(initiative__entity=unido)
        InitiativeFactory(entity=unido)
        assert choices(desk(staff, period="2021"), "told") == {"none": 1, "draft": 1}

    def test_of_five_hundred_initiatives_come_in_pages(self, unido, staff):
        for _ in range(30):
            InitiativeFactory(entity=unido)
        first = desk(staff)
        assert len(rows(first)) == 25
        assert titles(desk(staff, page="2")) != titles(first)

    def test_name_the_entity_for_people_of_two(self, unido, staff):
        desa = EntityFactory(acronym="UN DESA")
        MembershipFactory(user=staff, role=Role.STAFF, entity=desa)
        InitiativeFactory(entity=desa)
        assert 'data-label="Entity">UN DESA<' in words_of(desk(staff))


class TestMissing:
    def test_is_told_filtered_and_counted(self, unido, staff):
        InitiativeFactory(title="Bare", entity=unido)
        held = InitiativeFactory(
            title="Held", entity=unido, holder=staff, status="ongoing", covers_all_member_states=True
        )
        UpdateFactory(initiative=held)
        left = UserFactory()
        MembershipFactory(user=left, role=Role.STAFF, entity=unido, until=dt.date(2021, 1, 1))
        InitiativeFactory(title="Left", entity=unido, holder=left)
        response = desk(staff, period="2021", show="all")
        assert choices(response, "missing") == {"update": 2, "holder": 2, "status": 2, "line": 3, "place": 2}
        assert {row.initiative.title: len(row.missing) for row in rows(response)} == {"Bare": 5, "Held": 1, "Left": 5}
        assert "has left" in words_of(response)
        assert titles(desk(staff, period="2021", show="all", missing="holder")) == ["Bare", "Left"]
        assert titles(desk(staff, period="2021", show="all", missing=["update", "line"])) == ["Bare", "Held", "Left"]


class TestDueDate:
    def test_is_that_of_the_open_call_and_marks_what_is_late(self, unido, staff):
        today = timezone.localdate()
        told = InitiativeFactory(title="Told", entity=unido)
        UpdateFactory(initiative=told)
        InitiativeFactory(title="Silent", entity=unido)
        call = CallFactory(due_on=today)
        CallFactory(due_on=today - dt.timedelta(days=3), owner=EntityFactory())
        response = desk(staff)
        assert {row.due for row in rows(response)} == {today}
        assert not any(row.is_overdue for row in rows(response))
        call.due_on = today - dt.timedelta(days=1)
        call.save()
        assert {row.initiative.title: row.is_overdue for row in rows(desk(staff))} == {"Silent": True, "Told": False}
        assert titles(desk(staff, overdue="yes")) == ["Silent"]


class TestOrder:
    def test_can_begin_with_what_is_left_to_do(self, unido, staff):
        UpdateFactory(initiative=InitiativeFactory(title="Approved", entity=unido))
        UpdateDraftFactory(initiative=InitiativeFactory(title="Returned", entity=unido), returned=True)
        InitiativeFactory(title="Silent", entity=unido)
        assert titles(desk(staff, period="2021", order="told")) == ["Returned", "Silent", "Approved"]

    def test_names_nobody_of_another_entity(self, unido, staff):
        foreign = InitiativeFactory(published=True, holder=UserFactory(name="Hidden Name"))
        response = desk(staff, holder=foreign.holder_id)
        assert response.status_code == 400
        assert "Hidden Name" not in words_of(response)


class TestWaiting:
    def test_lists_for_focal_points_what_was_submitted_longest_first(self, unido, focal_point):
        for days, title in [(1, "Later"), (0, "First")]:
            UpdateDraftFactory(
                initiative=InitiativeFactory(title=title, entity=unido),
                submitted=True,
                submitted_at=NOON + dt.timedelta(days=days),
            )
        UpdateDraftFactory(initiative__entity=unido)
        UpdateDraftFactory(submitted=True)
        waiting = desk(focal_point).context["waiting"]
        assert [str(update) for update in waiting] == ["First", "Later"]
        assert "Waiting for your decision" in words_of(desk(focal_point))

    def test_shows_the_first_few_and_leads_to_the_rest(self, unido, focal_point, client):
        for _ in range(26):
            UpdateDraftFactory(initiative__entity=unido, submitted=True)
        response = desk(focal_point)
        assert len(response.context["waiting"]) == 5
        assert f'href="{reverse("desk_waiting")}"' in words_of(response)
        client.force_login(focal_point)
        assert len(client.get(reverse("desk_waiting")).context["page"]) == 25

    def test_is_not_for_staff(self, unido, staff, client):
        UpdateDraftFactory(initiative__entity=unido, submitted=True)
        assert not desk(staff).context["waiting"]
        client.force_login(staff)
        assert "Nothing waits for you" in words_of(client.get(reverse("desk_waiting")))


class TestReturned:
    def test_lists_what_came_back_to_author_or_holder(self, unido, staff):
        UpdateDraftFactory(initiative=InitiativeFactory(title="Written", entity=unido), holder=staff, returned=True)
        UpdateDraftFactory(initiative=InitiativeFactory(title="Held", entity=unido, holder=staff), returned=True)
        others = InitiativeFactory(title="Of others", entity=unido)
        UpdateDraftFactory(initiative=others, holder=UserFactory(), returned=True)
        returned = desk(staff).context["returned"]
        assert {str(update) for update in returned} == {"Written", "Held"}
        assert "Please add the country." in words_of(desk(staff))


class TestUnderWay:
    def test_offers_what_nobody_holds_to_those_who_may_write_it(self, unido, staff):
        office = UserFactory(role=Role.SECRETARIAT, entity=unido)
        PassageDraftFactory(entity=unido, title="Words of Ana", holder=None)
        PassageDraftFactory(entity=unido, title="Words of Ben", holder=UserFactory())
        TargetDraftFactory(entity=unido, indicator__code="MIC-T3", indicator__owner=unido, holder=None)
        UpdateDraftFactory(initiative=InitiativeFactory(entity=unido, holder=UserFactory()), holder=None)
        assert [str(draft) for draft in desk(staff).context["drafts"]] == ["Words of Ana"]
        assert {str(draft) for draft in desk(office).context["drafts"]} == {"Words of Ana", "MIC-T3 2027: 40"}
        assert "held by nobody" in words_of(desk(staff))

    @pytest.mark.parametrize(
        ("made", "words"),
        [
            (lambda unido: DraftFactory(entity=unido), "new initiative"),
            (lambda unido: PassageDraftFactory(entity=unido), "new passage"),
            (lambda unido: ResultDraftFactory(entity=unido), "new result"),
            (lambda unido: TargetDraftFactory(indicator__owner=unido), "new baseline or target"),
            (lambda unido: IndicatorDraftFactory(workplan__entity=unido), "new indicator"),
            (
                lambda unido: IndicatorDraftFactory(indicator=IndicatorFactory(workplan__entity=unido)),
                "change of an indicator",
            ),
            (lambda unido: EditionDraftFactory(workplan__entity=unido), "new edition of a workplan"),
            (lambda unido: MatrixDraftFactory(workplan=WorkplanFactory(entity=unido)), "change of a workplan"),
            (
                lambda unido: MatrixDraftFactory(area=ImpactAreaFactory(workplan__entity=unido)),
                "change of an impact area",
            ),
            (
                lambda unido: MatrixDraftFactory(entry=WorkplanEntryFactory(workplan__entity=unido)),
                "change of an entry of a workplan",
            ),
        ],
    )
    def test_says_what_each_draft_is(self, unido, made, words):
        draft, office = made(unido), UserFactory(role=Role.SECRETARIAT, entity=unido)
        Draft.objects.update(holder=office)
        told = words_of(desk(office))
        assert str(draft) in told
        assert words in told

    def test_has_words_for_drafts_of_all_kinds(self):
        named = {DraftOf.UPDATE, DraftOf.ENTITY_TEXT}  # with their period and entity
        assert BEGUN.keys() | CHANGED.keys() | named == set(DraftOf)
        assert set(DraftOf) - named - BEGUN.keys() == {DraftOf.WORKPLAN}
        assert set(DraftOf) - named - CHANGED.keys() == {DraftOf.EDITION, DraftOf.TARGET}


class TestWithoutEntity:
    def test_explains_what_the_account_can_do(self):
        delegate = UserFactory(role=Role.DELEGATE, country=CountryFactory(name_en="Serbia"))
        html = words_of(desk(delegate))
        assert "Delegate of a member state: Serbia" in html
        assert "ask its focal point" in html

    def test_counts_no_role_that_has_ended(self, unido):
        former = UserFactory()
        MembershipFactory(user=former, role=Role.STAFF, entity=unido, until=dt.date(2021, 1, 1))
        assert "takes part in no entity" in words_of(desk(former))


class TestQueries:
    def test_do_not_grow_with_the_rows(self, unido):
        person = UserFactory(role=Role.FOCAL_POINT, entity=unido)
        client = Client()
        client.force_login(person)

        def add() -> None:
            UpdateDraftFactory(initiative=InitiativeFactory(entity=unido, holder=UserFactory()), submitted=True)
            UpdateDraftFactory(initiative=InitiativeFactory(entity=unido, holder=person), returned=True)
            SubmissionFactory(entities=[unido])

        assert_rows_cost_nothing(client, f"{DESK}?period=2021&show=all", add)
        assert queries_of(client, f"{DESK}?period=2021&show=all") <= 21

    def test_do_not_grow_with_what_waits(self, unido):
        client = Client()
        client.force_login(UserFactory(role=Role.FOCAL_POINT, entity=unido))
        assert_rows_cost_nothing(
            client, reverse("desk_waiting"), lambda: UpdateDraftFactory(initiative__entity=unido, submitted=True)
        )


class TestWholeWay:
    def test_from_the_desk_to_an_approved_update(self, unido, staff, focal_point):
        """What the next compile prints was begun by one click on the desk."""
        initiative = InitiativeFactory(entity=unido, published=True)
        writer, reviewer = Client(), Client()
        writer.force_login(staff)
        reviewer.force_login(focal_point)
        form = writer.post(reverse("update_new"), {"initiative": initiative.slug, "period": "2021"}, follow=True)
        text = {"edits": "0", "kind": "news", "language": "en", "paragraph": "<p>News.</p>", "submit": "yes"}
        writer.post(form.redirect_chain[-1][0], text)
        (draft,) = reviewer.get(DESK).context["waiting"]
        reviewer.post(reverse("draft_approve", args=[draft.pk]), {"edits": "1"})
        assert Update.objects.get().decided_by == focal_point
        assert "News." in words_of(Client().get(initiative.get_absolute_url()))
