"""The draft of an initiative: its facts, and title and description in the language that they were written in."""

import datetime as dt
from collections.abc import Collection
from functools import cached_property
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from initiatives.choices import KINDS, Basis, Level, Role, Status, TextState, Variant
from initiatives.drafting import evidence, partners, texts
from initiatives.drafting.classified import ClassifiedForm, countries_to_choose, terms_field
from initiatives.drafting.evidence import EvidenceField
from initiatives.models import (
    ActionLine,
    Country,
    CountryGroup,
    Draft,
    Entity,
    Identifier,
    Initiative,
    InitiativeLine,
    InitiativePlace,
    InitiativeTerm,
    InitiativeText,
    Membership,
    OtherTitle,
    Term,
    Vocabulary,
)
from initiatives.services.initiatives import slugs_for
from portal.common import dates
from portal.common.forms import DateTextField, RichTextFormField, RowsField, SearchedChoices, codes_in_order
from portal.common.keys import one_of
from portal.common.languages import Language
from portal.common.merging import Value
from portal.models import User

AT_ONCE, ON_A_DAY, NOT_YET = "now", "day", "no"
PUBLICATION = [
    (AT_ONCE, _("at once, when it is approved")),
    (ON_A_DAY, _("on a day")),
    (NOT_YET, _("not yet: your entity alone sees it")),
]


class InitiativeForm(ClassifiedForm):
    """The record of an initiative. Title and kind are all it needs."""

    language = forms.ChoiceField(label=_("Language you write in"), choices=Language.choices)
    title = forms.CharField(
        label=_("Title"),
        max_length=InitiativeText._meta.get_field("title").max_length,
        help_text=_("As it shall be printed, without the acronym of your entity."),
    )
    kind = forms.ChoiceField(label=_("Kind"))
    description = RichTextFormField(
        label=_("Description"),
        required=False,
        help_text=_("What it is and whom it serves. What happens in a year goes into its updates."),
    )
    status = forms.ChoiceField(label=_("Status"), required=False)
    status_note = forms.CharField(
        label=_("Status in words"),
        required=False,
        max_length=Initiative._meta.get_field("status_note").max_length,
        help_text=_("Where no word of the list says it, such as “second phase begins when it is funded”."),
    )
    starts = DateTextField(label=_("Begins"), required=False)
    ends = DateTextField(label=_("Ends"), required=False)
    level = forms.ChoiceField(label=_("Level"), required=False)
    everywhere = forms.BooleanField(label=_("It covers all Member States"), required=False)
    countries = forms.MultipleChoiceField(label=_("Countries"), required=False, widget=SearchedChoices)
    groups = forms.MultipleChoiceField(label=_("Groups of countries"), required=False, widget=SearchedChoices)
    place = forms.CharField(label=_("Place"), required=False, max_length=Initiative._meta.get_field("place").max_length)
    lines = forms.MultipleChoiceField(label=_("Action lines"), required=False, widget=SearchedChoices)
    primary_line = forms.ChoiceField(
        label=_("Primary action line"), required=False, help_text=_("Under which it is printed where one has to stand.")
    )
    identifiers = RowsField(
        label=_("Numbers and links"),
        required=False,
        columns={
            "scheme": forms.CharField(label=_("Kind of number"), max_length=40),
            "value": forms.CharField(label=_("Number"), max_length=100),
            "address": forms.URLField(label=_("Address"), max_length=500, required=False, assume_scheme="https"),
            "label": forms.CharField(label=_("As printed"), max_length=300, required=False),
        },
        once=["scheme", "value"],
        help_text=_("Project numbers and pages by which others know it."),
    )
    other_titles = RowsField(
        label=_("Other titles"),
        required=False,
        columns={
            "language": forms.ChoiceField(label=_("Language"), choices=[("", "–"), *Language.choices]),
            "text": forms.CharField(label=_("Title"), max_length=400),
        },
        once=["language", "text"],
        help_text=_("Titles under which documents name it: it is found by them."),
    )
    evidence = EvidenceField(label=_("Photographs and documents"))
    participations = partners.participations_field()
    relations = partners.relations_field()
    stocktaking = texts.entry_field()
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    holder = forms.ChoiceField(label=_("Holder"), required=False, help_text=_("Who writes its updates."))
    deputy = forms.ChoiceField(label=_("Deputy"), required=False, help_text=_("Who writes while the holder is away."))
    publication = forms.ChoiceField(
        label=_("It becomes public"), choices=PUBLICATION, widget=forms.RadioSelect, initial=AT_ONCE, required=False
    )
    public_on = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, entity: Entity, initiative: Initiative | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entity, self.initiative = entity, initiative
        self.fields["evidence"].entity = entity  # type: ignore[attr-defined]  # an EvidenceField has one
        self.fields.update(texts.translation_fields())
        self.offer("kind", lambda: self.terms_of(KINDS), none=_("Choose a kind"))
        self.offer("status", lambda: Status.choices, none=_("not known"))
        self.offer("level", lambda: Level.choices, none=_("not known"))
        self.offer("primary_line", lambda: self.known_lines, none=_("none"))
        self.offer("countries", self._countries)
        self.offer("groups", lambda: [(group.code, group.name) for group in CountryGroup.objects.all()])
        self.offer("unit", lambda: [(str(unit.pk), unit.name) for unit in entity.units.all()], none=_("none"))
        self.offer("holder", lambda: self._people, none=_("nobody yet"))
        self.offer("deputy", lambda: self._people, none=_("nobody"))
        if initiative and initiative.published_at and initiative.published_at <= timezone.now():
            del self.fields["publication"], self.fields["public_on"]

    def _countries(self) -> list[tuple[str, str]]:
        places = InitiativePlace.objects.filter(initiative=self.initiative, country__isnull=False)
        return countries_to_choose(Country.objects.filter(pk__in=places.values("country")))

    @cached_property
    def _people(self) -> list[tuple[str, str]]:
        members = people_of(self.entity)
        if self.initiative:
            members |= User.objects.filter(pk__in=[self.initiative.holder_id, self.initiative.deputy_id])
        return [(str(person.pk), person.name) for person in members]

    @property
    def translations(self) -> list[texts.Translation]:
        """The fields of each translation, and how it stands."""
        return texts.translations_in(self, self.initiative, str(self["language"].value() or ""))

    def clean(self) -> dict[str, Any]:
        written = self.cleaned_data
        starts, ends = written.get("starts"), written.get("ends")
        if starts and ends and ends.after <= starts.first:
            self.add_error("ends", _("The end has to come after the start."))
        if (primary := written.get("primary_line")) and primary not in written.get("lines", []):
            self.add_error("primary_line", _("Choose the primary line among the action lines of the initiative."))
        if written.get("publication") == ON_A_DAY and not written.get("public_on") and "public_on" not in self.errors:
            self.add_error("public_on", _("Write the day on which it becomes public."))
        for name, said in texts.wrong_texts(written).items():
            self.add_error(name, said)
        if wrong := partners.wrong_participations(written.get("participations", [])):
            self.add_error("participations", forms.ValidationError(wrong))
        if wrong := partners.wrong_relations(written.get("relations", []), self.initiative, self.entity):
            self.add_error("relations", forms.ValidationError(wrong))
        return written

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"]
        if language in self.translated_into():
            raise forms.ValidationError(_("There is a translation into this language already; write in another one."))
        return language

    def translated_into(self) -> set[str]:
        """The languages in which a translation stands in the form."""
        return {language for language in Language.values if self[texts.part("title", language)].value()}


def translations_of(initiatives: Collection[int]) -> dict[int, set[str]]:
    """Return the languages into which each of these records is translated, by its id."""
    found: dict[int, set[str]] = {pk: set() for pk in initiatives}
    texts = InitiativeText.objects.filter(initiative__in=one_of(initiatives), variant=Variant.GENERAL)
    for pk, language in texts.exclude(state=TextState.ORIGINAL).values_list("initiative", "language"):
        found[pk].add(language)
    return found


RICH_TEXTS = {name for name, field in InitiativeForm.base_fields.items() if isinstance(field, RichTextFormField)}
RICH_TEXTS |= texts.RICH_TEXTS


def form_for(draft: Draft, sent: Any = None, **options: Any) -> InitiativeForm:
    """Return the form of the record that the draft is of."""
    return InitiativeForm(sent, entity=draft.entity, initiative=draft.initiative, **options)


def record_of(draft: Draft) -> Initiative | None:
    """Return the record as it is approved; None where the draft begins it."""
    return draft.initiative


def title_of(draft: Draft, content: dict[str, Value]) -> str:
    """Return what the draft is called."""
    return str(content.get("title") or "")


def needs_no_review(draft: Draft) -> bool:
    """Whether it is approved as soon as it is handed in."""
    return False


#: Who holds initiatives and what is told of them.
HOLDING = [Role.STAFF, Role.FOCAL_POINT]


def people_of(*entities: Entity, roles: Collection[str] = HOLDING) -> models.QuerySet[User]:
    """Return who may hold records of the entities today."""
    members = Membership.objects.active_on(timezone.localdate()).filter(entity__in=entities, role__in=roles)
    return User.objects.filter(pk__in=members.values("user"), is_active=True).order_by("name", "pk")


def content_of(initiative: Initiative) -> dict[str, Value]:
    """Return what stands in the record, by the names of the form."""
    return contents_of([initiative])[initiative.pk]


def contents_of(initiatives: Collection[Initiative]) -> dict[int, dict[str, Value]]:
    """Return what stands in each of these records, by its id, in a fixed number of queries."""
    pks = [initiative.pk for initiative in initiatives]
    kinds = dict(Term.objects.filter(vocabulary__code=KINDS).values_list("pk", "code"))
    vocabularies = Vocabulary.objects.exclude(code=KINDS).values_list("code", flat=True)
    none: dict[str, list[Any]] = {terms_field(code): [] for code in vocabularies}
    files = evidence.rows_of_many(pks)
    written = texts.texts_of(pks)
    taking_part, related = partners.participations_of(pks), partners.relations_of(initiatives)
    contents: dict[int, dict[str, Value]] = {}
    for one in initiatives:
        contents[one.pk] = {
            **written[one.pk],
            "kind": kinds[one.kind_id],
            "status": one.status,
            "status_note": one.status_note,
            **_dates_in(one),
            "level": one.level,
            "everywhere": "on" if one.covers_all_member_states else "",
            "countries": [],
            "groups": [],
            "place": one.place,
            "lines": [],
            "primary_line": "",
            "identifiers": [],
            "other_titles": [],
            "evidence": files[one.pk],
            "participations": taking_part[one.pk],
            "relations": related[one.pk],
            "unit": str(one.unit_id or ""),
            "holder": str(one.holder_id or ""),
            "deputy": str(one.deputy_id or ""),
            **_publication_of(one),
            **{name: [] for name in none},
        }

    def add(pk: int, name: str, value: Any) -> None:
        contents[pk][name].append(value)  # type: ignore[union-attr]  # made as a list above

    wanted = one_of(pks)
    places = InitiativePlace.objects.filter(initiative__in=wanted)
    for pk, country, group in places.values_list("initiative", "country__iso3", "group__code"):
        add(pk, "countries" if country else "groups", country or group)
    lines = InitiativeLine.objects.filter(initiative__in=wanted, basis=Basis.STATED)
    for pk, code, is_primary in lines.values_list("initiative", "line__code", "is_primary"):
        add(pk, "lines", code)
        if is_primary:
            contents[pk]["primary_line"] = code
    for model, name, columns in (
        (Identifier, "identifiers", ("scheme", "value", "address", "label")),
        (OtherTitle, "other_titles", ("language", "text")),
    ):
        for pk, *cells in model._default_manager.filter(initiative__in=wanted).values_list("initiative", *columns):
            add(pk, name, dict(zip(columns, cells, strict=True)))
    links = InitiativeTerm.objects.filter(initiative__in=wanted, basis=Basis.STATED)
    for pk, vocabulary, code in links.values_list("initiative", "term__vocabulary__code", "term__code"):
        if terms_field(vocabulary) in none:
            add(pk, terms_field(vocabulary), code)
    for content in contents.values():
        for name in ("countries", "groups", "lines", *none):
            content[name] = codes_in_order(content[name])
    return contents


def _publication_of(initiative: Initiative) -> dict[str, Value]:
    public = initiative.published_at
    if public is None:
        return {"publication": NOT_YET}
    if public > timezone.now():
        return {"publication": ON_A_DAY, "public_on": timezone.localdate(public).isoformat()}
    return {}


def _dates_in(initiative: Initiative) -> dict[str, str]:
    """Return the dates of the record as the form has them."""
    starts, ends = initiative.starts_on, initiative.ends_on
    return {
        "starts": dates.write(starts, initiative.starts_precision) if starts else "",
        "ends": dates.write(ends - dates.DAY, initiative.ends_precision) if ends else "",
    }


def apply(draft: Draft, form: InitiativeForm, *, now: dt.datetime) -> None:
    """Write what a valid form says into the record, or into a new one. Needs a transaction."""
    written = form.cleaned_data
    initiative = form.initiative or Initiative(entity=form.entity, slug=slugs_for([written["title"]])[0])
    initiative.kind = Term.objects.get(vocabulary__code=KINDS, code=written["kind"])
    initiative.status, initiative.status_note = written["status"], written["status_note"]
    initiative.level, initiative.place = written["level"], written["place"]
    initiative.covers_all_member_states = written["everywhere"]
    _set_dates(initiative, written["starts"], written["ends"])
    initiative.unit_id, initiative.holder_id, initiative.deputy_id = (
        int(written[name]) if written[name] else None for name in ("unit", "holder", "deputy")
    )
    initiative.published_at = _public_from(form, now) if "publication" in form.fields else initiative.published_at
    initiative.save()
    texts.write_texts(initiative, written)
    _write_places(initiative, written["countries"], written["groups"])
    _write_lines(initiative, written["lines"], written["primary_line"])
    for name in form.fields:
        if name.startswith(terms_field("")):
            _write_terms(initiative, name.removeprefix(terms_field("")), written[name])
    _write_rows(initiative.identifiers, written["identifiers"])
    _write_rows(initiative.other_titles, written["other_titles"])
    evidence.apply_rows(written["evidence"], initiative=initiative, language=written["language"])
    _write_rows(initiative.participations, partners.participation_rows(written["participations"]))
    _write_rows(initiative.relations, partners.relation_rows(written["relations"]))
    draft.initiative = initiative


def _set_dates(initiative: Initiative, starts: dates.DateRange | None, ends: dates.DateRange | None) -> None:
    """Set what the form says. A day that is more exact than its precision stays while the form says no other date."""
    stood = {name: dates.parse(said) if said else None for name, said in _dates_in(initiative).items()}
    first, after = initiative.starts_on, initiative.ends_on
    if starts != stood["starts"]:
        first = starts and starts.first
    if ends != stood["ends"]:
        after = ends and ends.after
    if first and after and after <= first:  # the one that stays does not go with the new one: as exact as is said
        first, after = starts and starts.first, ends and ends.after
    initiative.starts_on, initiative.ends_on = first, after
    initiative.starts_precision = starts.precision if starts else initiative.starts_precision
    initiative.ends_precision = ends.precision if ends else initiative.ends_precision


def _public_from(form: InitiativeForm, now: dt.datetime) -> dt.datetime | None:
    match form.cleaned_data["publication"] or AT_ONCE:
        case "day":
            day, stands = form.cleaned_data["public_on"], form.initiative and form.initiative.published_at
            if stands and timezone.localdate(stands) == day:
                return stands
            return timezone.make_aware(dt.datetime.combine(day, dt.time()))
        case "no":
            return None
    return now


def _write_places(initiative: Initiative, countries: Collection[str], groups: Collection[str]) -> None:
    initiative.places.exclude(country=None).exclude(country__iso3__in=countries).delete()
    initiative.places.exclude(group=None).exclude(group__code__in=groups).delete()
    for country in Country.objects.filter(iso3__in=countries):
        initiative.places.get_or_create(country=country, group=None)
    for group in CountryGroup.objects.filter(code__in=groups):
        initiative.places.get_or_create(country=None, group=group)


def _write_lines(initiative: Initiative, lines: Collection[str], primary: str) -> None:
    """Stated lines alone: what is inferred waits on, unless a person states it here."""
    stated = initiative.line_links.filter(basis=Basis.STATED)
    stated.exclude(line__code__in=lines).delete()
    stated.filter(is_primary=True).exclude(line__code=primary).update(is_primary=False)
    for line in ActionLine.objects.filter(code__in=lines):
        facts = {"basis": Basis.STATED, "is_primary": line.code == primary}
        initiative.line_links.exclude(**facts).filter(line=line).update(**facts)
        initiative.line_links.get_or_create(line=line, defaults=facts)


def _write_terms(initiative: Initiative, vocabulary: str, codes: Collection[str]) -> None:
    """Stated terms alone, as lines."""
    links = initiative.term_links.filter(term__vocabulary__code=vocabulary)
    links.filter(basis=Basis.STATED).exclude(term__code__in=codes).delete()
    links.filter(term__code__in=codes).exclude(basis=Basis.STATED).update(basis=Basis.STATED)
    for term in Term.objects.filter(vocabulary__code=vocabulary, code__in=codes):
        initiative.term_links.get_or_create(term=term, defaults={"basis": Basis.STATED})


def _write_rows(kept: Any, wanted: list[dict[str, Any]]) -> None:
    """Rows of an initiative, by their manager. Those that are said again stay as they are, with what else they hold."""
    for row in kept.all():
        said = next((one for one in wanted if all(getattr(row, name) == value for name, value in one.items())), None)
        if said is None:
            row.delete()
        else:
            wanted = [one for one in wanted if one is not said]
    for one in wanted:
        kept.create(**one)
