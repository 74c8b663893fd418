"""The draft of an initiative: its form, what stands in a record, how it is applied, and what helps to fill it in."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils import timezone

from initiatives.choices import AliasKind, Basis, EntryType, Level, RelationKind, Role, Status, TextState, Variant
from initiatives.drafting.changes import changes_of
from initiatives.drafting.hints import alike, suggested_lines
from initiatives.drafting.initiatives import AT_ONCE, NOT_YET, ON_A_DAY, InitiativeForm, apply, content_of
from initiatives.drafting.partners import find_initiatives, find_participants
from initiatives.models import Draft, Initiative, InitiativeText
from initiatives.queries import related_initiatives
from initiatives.services.drafts import content_sent, shown_form_of
from portal.common.dates import Precision
from portal.common.history import events
from tests.factories import (
    NOON,
    ActionLineAliasFactory,
    ActionLineFactory,
    CountryFactory,
    CountryGroupFactory,
    DraftFactory,
    EntityAliasFactory,
    EntityFactory,
    EvidenceFactory,
    IdentifierFactory,
    InitiativeFactory,
    InitiativeLineFactory,
    InitiativePlaceFactory,
    InitiativeTermFactory,
    InitiativeTextFactory,
    KindFactory,
    OrganisationFactory,
    OtherTitleFactory,
    ParticipationFactory,
    RelationFactory,
    TermFactory,
    UnitFactory,
    UserFactory,
    VocabularyFactory,
)

pytestmark = pytest.mark.django_db

TRACKED = [
    *("texts", "places", "line_links", "term_links", "identifiers", "other_titles"),
    *("participations", "relations", "evidence"),
]
LATER = timezone.now() + dt.timedelta(days=400)


@pytest.fixture
def entity():
    return EntityFactory()


@pytest.fixture
def full(entity):
    """A record in which something stands in every field."""
    holder, deputy = (UserFactory(role=Role.STAFF, entity=entity) for _ in range(2))
    initiative = InitiativeFactory(
        entity=entity,
        title="Learning hub",
        description="<p>For <strong>teachers</strong>.</p><p>مركز &amp; 学习</p>",
        published=True,
        status=Status.ONGOING,
        status_note="second phase",
        starts_on=dt.date(2021, 7, 1),
        starts_precision=Precision.QUARTER,
        ends_on=dt.date(2025, 1, 1),
        ends_precision=Precision.YEAR,
        level=Level.INTERNATIONAL,
        place="Vienna",
        covers_all_member_states=True,
        unit=UnitFactory(entity=entity),
        holder=holder,
        deputy=deputy,
    )
    # by the alphabet of their names in another order than by their codes
    for iso3, name in [("DEU", "Germany"), ("DNK", "Denmark")]:
        InitiativePlaceFactory(initiative=initiative, country=CountryFactory(iso3=iso3, name_en=name))
    InitiativePlaceFactory(initiative=initiative, country=None, group=CountryGroupFactory())
    for order, code in [(2, "C1"), (1, "C7")]:
        InitiativeLineFactory(initiative=initiative, line=ActionLineFactory(code=code, order=order))
    initiative.line_links.filter(line__code="C7").update(is_primary=True)
    InitiativeLineFactory(initiative=initiative, line=ActionLineFactory(code="C3"), basis=Basis.INFERRED)
    sdgs = VocabularyFactory(code="sdg")
    InitiativeTermFactory(initiative=initiative, term=TermFactory(vocabulary=sdgs, code="4"))
    InitiativeTermFactory(initiative=initiative, term=TermFactory(vocabulary=sdgs, code="9"), basis=Basis.INFERRED)
    IdentifierFactory(initiative=initiative, value="180001", address="https://example.org/180001", label="Project page")
    OtherTitleFactory(initiative=initiative, language="fr", text="Pôle d’apprentissage")
    EvidenceFactory(initiative=initiative, public=True)
    EvidenceFactory(initiative=initiative, file__pdf=True)
    ParticipationFactory(initiative=initiative, until=dt.date(2024, 1, 1))
    ministry = OrganisationFactory(name="Ministry of Trade", country=CountryFactory(iso3="SRB"))
    ParticipationFactory(initiative=initiative, entity=None, organisation=ministry, since=dt.date(2022, 5, 1))
    RelationFactory(source=initiative, target=InitiativeFactory(entity=entity, title="Learning"))
    RelationFactory(source=initiative, target=InitiativeFactory(title="Hidden elsewhere"), kind=RelationKind.FOLLOWS)
    InitiativeTextFactory(
        initiative=initiative,
        language="fr",
        title="Pôle",
        state=TextState.MACHINE,
        based_on=1,
        description="<p>Pour</p>",
    )
    InitiativeTextFactory(
        initiative=initiative, variant=Variant.STOCKTAKING, title="Hub, in short", description="<p>In short.</p>"
    )
    return initiative


def form_with(initiative, **changed):
    """The form of a record, with something in it changed."""
    return InitiativeForm(content_of(initiative) | changed, entity=initiative.entity, initiative=initiative)


def applied(form):
    assert form.is_valid(), form.errors
    draft = Draft(entity=form.entity, initiative=form.initiative)
    apply(draft, form, now=NOON)
    assert draft.initiative
    return Initiative.objects.get(pk=draft.initiative.pk)


def new(entity, **content):
    """The form of a new initiative."""
    begun = {"title": "Learning hub", "kind": KindFactory().code, "language": "en"}
    return InitiativeForm(begun | content, entity=entity)


def as_a_browser_sends(draft):
    """What the page of a draft sends back when nothing is touched: each box in the order in which it is shown."""
    sent = QueryDict(mutable=True)
    form = shown_form_of(draft)
    for name, field in form.fields.items():
        value = draft.content.get(name, field.initial or "")
        if value and isinstance(value[0], dict):
            for number, row in enumerate(value):
                sent.update({f"{name}-{number}-{column}": cell for column, cell in row.items()})
        elif isinstance(value, list):
            sent.setlist(name, [code for code, _label in field.choices if code in value])
        else:
            sent[name] = value
    return sent


class TestWhatNobodyChanged:
    def test_stays_as_it_is_without_a_trace_in_the_history(self, full):
        before = content_of(full)
        rows = {name: list(getattr(full, name).order_by("pk").values()) for name in TRACKED}
        facts = Initiative.objects.values().get(pk=full.pk)
        counted = {model: events(model).count() for model in (Initiative, InitiativeText)}
        initiative = applied(form_with(full))
        assert content_of(initiative) == before
        assert {name: list(getattr(initiative, name).order_by("pk").values()) for name in TRACKED} == rows
        assert Initiative.objects.values().get(pk=full.pk) == facts
        assert {model: events(model).count() for model in counted} == counted

    def test_comes_back_from_the_page_as_it_stood(self, full):
        draft = DraftFactory(initiative=full)
        content = content_sent(shown_form_of(draft), as_a_browser_sends(draft))
        assert content.items() <= draft.began_from.items()
        draft.content = content
        assert changes_of(draft, shown_form_of(draft)) == []

    def test_stays_hidden_where_it_was_not_public(self):
        initiative = InitiativeFactory()
        assert applied(form_with(initiative)).published_at is None

    def test_becomes_public_at_the_moment_that_was_said_before(self):
        initiative = InitiativeFactory(published_at=LATER)
        assert applied(form_with(initiative)).published_at == LATER

    def test_may_be_a_holder_who_left_and_a_place_that_is_not_offered_any_more(self, entity):
        holder = UserFactory(is_active=False)
        initiative = InitiativeFactory(entity=entity, holder=holder)
        former = CountryFactory(iso3="YUG", entry_type=EntryType.SUPPLEMENTARY)
        InitiativePlaceFactory(initiative=initiative, country=former)
        initiative = applied(form_with(initiative))
        assert initiative.holder == holder
        assert initiative.places.get().country == former
        assert not new(entity, holder=str(holder.pk), countries=["YUG"]).is_valid()

    @pytest.mark.parametrize(
        ("first", "after", "precision"),
        [
            (dt.date(2021, 11, 22), dt.date(2021, 11, 23), Precision.DAY),
            (dt.date(2021, 11, 1), dt.date(2021, 12, 1), Precision.MONTH),
            (dt.date(2021, 10, 1), dt.date(2022, 1, 1), Precision.QUARTER),
            (dt.date(2021, 1, 1), dt.date(2022, 1, 1), Precision.YEAR),
            (dt.date(2021, 1, 1), dt.date(2022, 1, 1), Precision.ABOUT),
            (dt.date(987, 1, 1), dt.date(988, 1, 1), Precision.YEAR),
        ],
    )
    def test_are_dates_as_exact_as_they_were(self, first, after, precision):
        initiative = InitiativeFactory(
            starts_on=first, starts_precision=precision, ends_on=after, ends_precision=precision
        )
        initiative = applied(form_with(initiative))
        assert (initiative.starts_on, initiative.starts_precision) == (first, precision)
        assert (initiative.ends_on, initiative.ends_precision) == (after, precision)

    def test_are_days_that_are_more_exact_than_their_precision(self, entity):
        days = {"starts_on": dt.date(2021, 11, 9), "ends_on": dt.date(2021, 11, 20)}
        initiative = InitiativeFactory(
            entity=entity, **days, starts_precision=Precision.MONTH, ends_precision=Precision.YEAR
        )
        initiative = applied(form_with(initiative, place="Graz"))
        assert (initiative.starts_on, initiative.ends_on) == tuple(days.values())
        initiative = applied(form_with(initiative, ends="2023"))
        assert (initiative.starts_on, initiative.ends_on) == (days["starts_on"], dt.date(2024, 1, 1))
        initiative.ends_on = days["ends_on"]
        initiative.save()
        initiative = applied(form_with(initiative, starts="2021-11-25"))  # behind the day that would stay
        assert (initiative.starts_on, initiative.ends_on) == (dt.date(2021, 11, 25), dt.date(2022, 1, 1))


class TestEachField:
    @pytest.mark.parametrize(
        ("content", "facts"),
        [
            ({"status": "completed", "status_note": "handed over"}, ("completed", "handed over")),
            ({"status": "", "status_note": ""}, ("", "")),
        ],
    )
    def test_status(self, full, content, facts):
        initiative = applied(form_with(full, **content))
        assert (initiative.status, initiative.status_note) == facts

    def test_texts(self, full):
        initiative = applied(form_with(full, title="مركز التعلم", description="<p>学习 🦕</p>", language="ar"))
        text = initiative.texts.get(state=TextState.ORIGINAL, variant=Variant.GENERAL)
        assert (text.language, text.title, text.description) == ("ar", "مركز التعلم", "<p>学习 🦕</p>")
        assert text.state == TextState.ORIGINAL

    def test_kind_level_and_place(self, full):
        KindFactory(code="event")
        initiative = applied(form_with(full, kind="event", level="regional", place="Nairobi", everywhere=""))
        assert (initiative.kind.code, initiative.level, initiative.place) == ("event", Level.REGIONAL, "Nairobi")
        assert not initiative.covers_all_member_states

    def test_dates(self, full):
        initiative = applied(form_with(full, starts="~2019", ends="2023-Q1"))
        assert (initiative.starts_on, initiative.starts_precision) == (dt.date(2019, 1, 1), Precision.ABOUT)
        assert (initiative.ends_on, initiative.ends_precision) == (dt.date(2023, 4, 1), Precision.QUARTER)

    def test_dates_that_nobody_knows(self, full):
        initiative = applied(form_with(full, starts="", ends=""))
        assert (initiative.starts_on, initiative.ends_on) == (None, None)

    def test_countries_and_groups(self, full):
        CountryFactory(iso3="KEN")
        CountryGroupFactory(code="LDC")
        kept = full.places.get(country__iso3="DEU").pk
        initiative = applied(form_with(full, countries=["DEU", "KEN"], groups=["LDC"]))
        assert {place.country.iso3 for place in initiative.places.exclude(country=None)} == {"DEU", "KEN"}
        assert [place.group.code for place in initiative.places.exclude(group=None)] == ["LDC"]
        assert initiative.places.filter(pk=kept).exists()

    def test_lines_and_the_primary_one(self, full):
        initiative = applied(form_with(full, lines=["C1"], primary_line="C1"))
        stated = initiative.line_links.filter(basis=Basis.STATED)
        assert [(link.line.code, link.is_primary) for link in stated] == [("C1", True)]

    def test_lines_leave_inferred_ones_until_a_person_states_them(self, full):
        assert applied(form_with(full, lines=[], primary_line="")).line_links.get().basis == Basis.INFERRED
        link = applied(form_with(full, lines=["C3"], primary_line="C3")).line_links.get()
        assert (link.line.code, link.basis, link.is_primary) == ("C3", Basis.STATED, True)

    def test_terms_likewise(self, full):
        assert applied(form_with(full, **{"terms-sdg": []})).term_links.get().basis == Basis.INFERRED
        link = applied(form_with(full, **{"terms-sdg": ["9"]})).term_links.get()
        assert (link.term.code, link.basis) == ("9", Basis.STATED)

    def test_rows_that_are_said_again_keep_what_else_they_hold(self, full):
        row = content_of(full)["identifiers"][0]
        added = {"scheme": "web page", "value": "hub", "label": "The hub", "address": "example.org/hub"}
        initiative = applied(form_with(full, identifiers=[added, row]))
        assert set(initiative.identifiers.values_list("scheme", "address", "label")) == {
            ("project number", "https://example.org/180001", "Project page"),
            ("web page", "https://example.org/hub", "The hub"),
        }

    def test_rows_that_are_not_said_any_more_go(self, full):
        initiative = applied(form_with(full, identifiers=[], other_titles=[{"language": "zh", "text": "学习中心"}]))
        assert not initiative.identifiers.exists()
        assert initiative.other_titles.get().text == "学习中心"

    def test_people(self, full):
        deputy = full.deputy
        initiative = applied(form_with(full, unit="", holder=str(deputy.pk), deputy=""))
        assert (initiative.unit, initiative.holder, initiative.deputy) == (None, deputy, None)

    def test_makes_a_new_record_of_title_and_kind(self, entity):
        initiative = applied(new(entity, title="مركز التعلم"))
        assert (initiative.entity, initiative.texts.get().title) == (entity, "مركز التعلم")
        assert applied(new(entity, title="مركز التعلم")).slug != initiative.slug


class TestPublication:
    @pytest.mark.parametrize(("said", "public"), [("", NOON), (AT_ONCE, NOON), (NOT_YET, None)])
    def test_is_at_once_unless_something_else_is_said(self, entity, said, public):
        assert applied(new(entity, publication=said)).published_at == public

    def test_is_at_the_beginning_of_a_day(self, entity):
        initiative = applied(new(entity, publication=ON_A_DAY, public_on="2031-02-03"))
        assert timezone.localtime(initiative.published_at).isoformat() == "2031-02-03T00:00:00+01:00"

    def test_needs_the_day(self, entity):
        assert list(new(entity, publication=ON_A_DAY).errors) == ["public_on"]
        assert list(new(entity, publication=ON_A_DAY, public_on="soon").errors) == ["public_on"]

    def test_is_not_asked_for_what_is_public(self, full):
        assert "publication" not in form_with(full).fields
        assert applied(form_with(full, publication=NOT_YET)).published_at == NOON

    def test_of_a_hidden_record_may_be_changed(self):
        assert applied(form_with(InitiativeFactory(), publication=AT_ONCE)).published_at == NOON
        assert applied(form_with(InitiativeFactory(published_at=LATER), publication=NOT_YET)).published_at is None


class TestErrors:
    @pytest.mark.parametrize(
        ("content", "wrong"),
        [
            ({"title": ""}, "title"),
            ({"title": "x" * 401}, "title"),
            ({"kind": ""}, "kind"),
            ({"kind": "unheard of"}, "kind"),
            ({"language": "xx"}, "language"),
            ({"starts": "last summer"}, "starts"),
            ({"ends": "2021-13"}, "ends"),
            ({"starts": "9999"}, "starts"),
            ({"starts": "2021", "ends": "2020"}, "ends"),
            ({"countries": ["QQQ"]}, "countries"),
            ({"countries": "QQQ"}, "countries"),
            ({"primary_line": "C1"}, "primary_line"),
            ({"holder": "0"}, "holder"),
            ({"publication": "never"}, "publication"),
        ],
    )
    def test_stand_at_the_field(self, entity, content, wrong):
        ActionLineFactory(code="C1")
        assert list(new(entity, **content).errors) == [wrong]

    def test_of_an_end_in_the_year_of_the_beginning_there_are_none(self, entity):
        assert new(entity, starts="2021-11", ends="2021").is_valid()

    def test_of_rows_name_row_and_column(self, entity):
        rows = [
            {"scheme": "project", "value": "1", "address": ""},
            {"scheme": "", "value": "2", "address": "not an address"},
        ]
        said = new(entity, identifiers=rows).errors["identifiers"]
        assert said == ["Row 2, Kind of number: This field is required.", "Row 2, Address: Enter a valid URL."]

    @pytest.mark.parametrize(
        ("name", "row"),
        [
            ("identifiers", {"scheme": "project", "value": "1", "address": ""}),
            ("other_titles", {"language": "fr", "text": "Pôle"}),
        ],
    )
    def test_of_rows_name_the_one_that_is_there_twice(self, entity, name, row):
        assert new(entity, **{name: [row, row]}).errors[name] == ["Row 2 says again what stands in a row before."]

    def test_say_that_a_translation_stands_in_the_language(self, full):
        assert list(form_with(full, language="fr").errors) == ["language"]


class TestChanges:
    def test_of_a_text_are_its_words(self, full):
        draft = DraftFactory(initiative=full, content={"title": "Learning centre"})
        (change,) = changes_of(draft, shown_form_of(draft))
        assert (change.name, change.is_text) == ("title", True)
        assert [(piece.text, piece.kind) for piece in change.pieces if piece.kind != "same"] == [
            ("hub", "went"),
            ("centre", "came"),
        ]

    def test_of_choices_are_what_they_are_called(self, full):
        CountryFactory(iso3="KEN", name_en="Kenya")
        draft = DraftFactory(initiative=full, content={"countries": ["DEU", "KEN"], "status": "completed"})
        status, countries = changes_of(draft, shown_form_of(draft))
        assert (countries.went, countries.came, countries.stayed) == (["Denmark"], ["Kenya"], ["Germany"])
        assert [(piece.kind, piece.text) for piece in status.pieces] == [("went", "ongoing"), ("came", "completed")]

    def test_of_a_new_one_are_all_that_is_filled_in(self):
        draft = DraftFactory(title="Learning hub")
        assert [change.name for change in changes_of(draft, shown_form_of(draft))] == ["language", "title", "kind"]

    def test_of_rows_are_their_cells(self, full):
        row = {"scheme": "web page", "value": "hub", "address": ""}
        draft = DraftFactory(initiative=full, content={"identifiers": [row]})
        (change,) = changes_of(draft, shown_form_of(draft))
        assert change.came == ["web page · hub"]
        assert change.went == ["project number · 180001 · https://example.org/180001 · Project page"]

    def test_of_partners_are_words_and_not_codes(self, full):
        row = {"who": "Ministry of Trade (SRB)", "role": "host", "since": "", "until": ""}
        draft = DraftFactory(initiative=full, content={"participations": [row], "title-fr": "Pôle ouvert"})
        partners, title = changes_of(draft, shown_form_of(draft))
        assert partners.came == ["Ministry of Trade (SRB) · host"]
        assert (title.is_text, title.language) == (True, "fr")


class TestPartners:
    def row(self, who, role="host", since="", until=""):
        return {"who": who, "role": role, "since": since, "until": until}

    def test_are_named_by_code_acronym_name_or_alias_of_an_entity_or_the_name_of_an_organisation(self, full):
        other = EntityFactory(code="LOOMS", acronym="UN Looms", name_en="Programme of Looms")
        EntityAliasFactory(entity=other, text="the Looms")
        company = OrganisationFactory(name="Weaving Ltd")
        rows = [self.row(who, since=f"202{at}-01-01") for at, who in enumerate(["looms", "UN LOOMS", "The looms"])]
        initiative = applied(form_with(full, participations=[*rows, self.row("weaving ltd", until="2024-12-31")]))
        assert [one.entity for one in initiative.participations.order_by("pk")] == [other, other, other, None]
        last = initiative.participations.get(organisation=company)
        assert (last.since, last.until) == (None, dt.date(2025, 1, 1))

    def test_in_several_countries_need_the_country(self, full):
        kenyan = OrganisationFactory(name="Ministry of Trade", country=CountryFactory(iso3="KEN"))
        assert list(form_with(full, participations=[self.row("Ministry of Trade")]).errors) == ["participations"]
        initiative = applied(form_with(full, participations=[self.row("Ministry of Trade (KEN)")]))
        assert initiative.participations.get().organisation == kenyan

    def test_keep_the_row_that_is_said_again(self, full):
        kept = full.participations.get(entity=None).pk
        rows = [row for row in content_of(full)["participations"] if row["who"].startswith("Ministry")]
        assert applied(form_with(full, participations=rows)).participations.get().pk == kept

    @pytest.mark.parametrize(
        ("row", "said"),
        [
            ({"who": "Nobody we know"}, "Row 1, Entity or organization: The portal knows no entity"),
            ({"who": "LOOMS", "role": ""}, "Row 1, Role: This field is required."),
            ({"who": "LOOMS", "since": "2024-02-01", "until": "2024-01-01"}, "Row 1: the last day comes before"),
            ({"who": "LOOMS", "since": "last year"}, "Row 1, Since: Enter a valid date."),
        ],
    )
    def test_that_are_wrong_are_named(self, entity, row, said):
        EntityFactory(code="LOOMS")
        (error,) = new(entity, participations=[self.row(**row)]).errors["participations"]
        assert error.startswith(said)

    def test_are_found_by_words_of_their_names(self):
        EntityFactory(code="LOOMS", name_fr="Métiers ouverts")
        OrganisationFactory(name="Open ouverts Ltd", country=CountryFactory(iso3="KEN"))
        assert [value for value, _label in find_participants("ouverts")] == ["LOOMS", "Open ouverts Ltd (KEN)"]


class TestRelations:
    def rows(self, other, kind="part_of"):
        return [{"kind": kind, "other": other}]

    def test_lead_to_another_one_by_short_address_address_or_title(self, full, entity):
        other = InitiativeFactory(entity=entity, title="Open mills", slug="open-mills")
        for said in (
            f"Whatever (i/{other.pk})",
            "https://example.org/initiatives/open-mills/",
            "open-mills",
            "OPEN MILLS",
        ):
            full.relations.all().delete()
            assert applied(form_with(full, relations=self.rows(said))).relations.get().target == other

    def test_name_no_title_that_the_entity_may_not_read(self, full):
        hidden = full.relations.get(kind=RelationKind.FOLLOWS).target
        assert {"kind": "follows", "other": f"i/{hidden.pk}"} in content_of(full)["relations"]
        assert not new(EntityFactory(), relations=self.rows(f"i/{hidden.pk}")).is_valid()

    def test_lead_neither_to_itself_nor_back(self, full, entity):
        other = InitiativeFactory(entity=entity)
        RelationFactory(source=other, target=full)
        assert "related to itself" in str(form_with(full, relations=self.rows(f"i/{full.pk}")).errors)
        assert "says the same of this one" in str(form_with(full, relations=self.rows(f"i/{other.pk}")).errors)
        assert form_with(full, relations=self.rows(f"i/{other.pk}", "see_also")).is_valid()

    def test_are_told_from_both_sides_and_once(self, full, entity):
        other = InitiativeFactory(entity=entity, title="Open mills")
        RelationFactory(source=other, target=full, kind=RelationKind.SAME_AS)
        rows = [*self.rows(f"i/{other.pk}", "same_as"), *self.rows(f"i/{other.pk}", "follows")]
        applied(form_with(full, relations=rows))
        person = UserFactory(role=Role.STAFF, entity=entity)
        assert {str(one.words) for one in related_initiatives(full, person)} == {"follows", "same as"}
        told = [str(one.words) for one in related_initiatives(other, person)]
        assert sorted(told) == ["followed by", "same as"]

    def test_are_found_among_what_the_person_sees(self, full, entity):
        hidden = InitiativeFactory(title="Learning elsewhere")
        found = [value for value, _label in find_initiatives("learning", UserFactory(role=Role.STAFF, entity=entity))]
        assert f"Learning hub (i/{full.pk})" in found
        assert not [value for value in found if str(hidden.pk) in value]


class TestTranslations:
    def text(self, initiative, language="fr"):
        return initiative.texts.get(variant=Variant.GENERAL, language=language)

    def test_that_are_new_translate_the_original_as_it_stands_after(self, full):
        initiative = applied(
            form_with(full, title="Learning centre", **{"title-ar": "مركز", "description-ar": "<p>نص</p>"})
        )
        text, original = self.text(initiative, "ar"), self.text(initiative, "en")
        assert (text.title, text.description, text.state) == ("مركز", "<p>نص</p>", TextState.CHECKED)
        assert text.based_on == original.revision == 2

    def test_go_stale_where_the_original_changes_until_somebody_says_otherwise(self, full):
        initiative = applied(form_with(full, title="Learning centre"))
        assert self.text(initiative).based_on == 1
        assert [(one.language, one.is_stale) for one in form_with(full).translations if one.is_filled] == [("fr", True)]
        initiative = applied(form_with(full, **{"title-fr": "Centre"}))  # a mended word alone makes it no newer
        assert (self.text(initiative).title, self.text(initiative).based_on) == ("Centre", 1)
        initiative = applied(form_with(full, **{"fresh-fr": "on", "state-fr": "checked"}))
        assert (self.text(initiative).based_on, self.text(initiative).state) == (2, TextState.CHECKED)
        assert not any(one.is_stale for one in form_with(full).translations)

    def test_need_a_title_and_go_when_emptied(self, full):
        assert list(form_with(full, **{"title-fr": ""}).errors) == ["title-fr"]
        initiative = applied(form_with(full, **{"title-fr": "", "description-fr": ""}))
        assert not initiative.texts.filter(language="fr").exists()

    def test_may_become_the_original(self, full):
        initiative = applied(form_with(full, language="fr", title="Pôle", **{"title-fr": "", "description-fr": ""}))
        assert self.text(initiative).state == TextState.ORIGINAL

    def test_of_an_entry_for_a_use_stand_beside_the_general_text(self, full, entity):
        initiative = applied(form_with(full, stocktaking="<p>Shorter.</p>"))
        entry = initiative.texts.get(variant=Variant.STOCKTAKING)
        assert (entry.title, entry.description, entry.language) == ("Hub, in short", "<p>Shorter.</p>", "en")
        assert not applied(form_with(full, stocktaking="")).texts.filter(variant=Variant.STOCKTAKING).exists()
        entry = applied(new(entity, stocktaking="<p>New.</p>")).texts.get(variant=Variant.STOCKTAKING)
        assert (entry.title, entry.state) == ("Learning hub", TextState.ORIGINAL)


class TestAlike:
    def test_finds_titles_that_are_written_nearly_the_same(self, full):
        assert alike("Learning hubs", AnonymousUser()) == [full]
        assert alike("Space debris", AnonymousUser()) == []

    def test_shows_hidden_ones_to_their_entity_alone(self, entity):
        hidden = InitiativeFactory(entity=entity, title="Learning hub")
        assert alike("Learning hub", UserFactory(role=Role.STAFF, entity=entity)) == [hidden]
        assert alike("Learning hub", UserFactory(role=Role.STAFF)) == []

    def test_leaves_out_the_record_itself_and_merged_ones(self, full):
        InitiativeFactory(title="Learning hub", published=True, merged_into=full)
        assert alike("Learning hub", AnonymousUser(), other_than=full) == []

    @pytest.mark.parametrize("title", ["", "  ", "hub", "\0" * 9, "x" * 100_000, "🦕🦕🦕🦕🦕", "100% _sure_ \\"])
    def test_bears_any_title(self, full, title):
        assert alike(title, AnonymousUser()) == []


class TestSuggestedLines:
    @pytest.fixture(autouse=True)
    def _aliases(self):
        egov, health = ActionLineFactory(code="C7-EGOV", order=1), ActionLineFactory(code="C7-EHEA", order=2)
        for line, text in [(egov, "e-government"), (egov, "public services"), (health, "télémédecine")]:
            ActionLineAliasFactory(line=line, kind=AliasKind.ALIAS, text=text)

    def test_name_the_words_that_led_to_them_and_most_words_first(self):
        found = suggested_lines("<p>TELEMEDECINE, E-Government</p><p>and <b>public services</b></p>")
        assert [(hint.line.code, hint.words) for hint in found] == [
            ("C7-EGOV", ["e-government", "public services"]),
            ("C7-EHEA", ["télémédecine"]),
        ]

    def test_leave_out_what_is_chosen_already(self):
        assert suggested_lines("Public services", known=["C7-EGOV"]) == []

    @pytest.mark.parametrize(
        ("alias", "text"), [("远程医疗", "<p>该项目支持远程医疗。</p>"), ("การแพทย์ทางไกล", "โครงการการแพทย์ทางไกลใหม่")]
    )
    def test_are_found_where_words_run_into_each_other(self, alias, text):
        line = ActionLineAliasFactory(kind=AliasKind.KEYWORD, text=alias).line
        assert [(hint.line, hint.words) for hint in suggested_lines(text)] == [(line, [alias])]

    @pytest.mark.parametrize("text", ["", "publicservices", "public", "republic services", "<p>health</p>"])
    def test_need_whole_words(self, text):
        assert suggested_lines(text) == []


class TestUnsavedDraft:
    def test_of_the_factory_is_what_a_form_takes(self):
        draft = DraftFactory(title="Learning hub", of_record=True)
        assert Draft.objects.get(pk=draft.pk).content == draft.began_from
