"""Who takes part in an initiative, and what it is related to: rows of its form, filled in by searching."""

import re
from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from initiatives.choices import ParticipationRole, RelationKind, TextState, Variant
from initiatives.models import Entity, Initiative, InitiativeText, Organisation, Participation, Relation
from initiatives.search import matching
from portal.common import dates
from portal.common.forms import RowsField, day_input
from portal.common.keys import one_of
from portal.models import User

FEW = 12  # found at once
SYMMETRIC = [RelationKind.SAME_AS, RelationKind.SEE_ALSO]
_SHORT_ADDRESS = re.compile(r"\bi/(\d{1,9})\b\W*$")  # at the end of what names an initiative: "Open mills (i/12)"


class FoundField(forms.CharField):
    """Words that name a record; `choices.js` offers those that the address finds while somebody types."""

    def __init__(self, *, address: str, **options: Any) -> None:
        super().__init__(**options)
        self.widget.attrs |= {"data-find": reverse_lazy(address), "autocomplete": "off"}


# Entities and organizations


class ParticipantField(FoundField):
    """An entity or an organization. Gives the record."""

    def clean(self, value: Any) -> Entity | Organisation | None:
        words = super().clean(value)
        if not words:
            return None
        if found := _entity_named(words) or _organisation_named(words):
            return found
        raise forms.ValidationError(
            _(
                "The portal knows no entity or organization “%(words)s”. Choose one that it offers, or ask an "
                "administrator to add it."
            )
            % {"words": words}
        )


def _entity_named(words: str) -> Entity | None:
    named = Q(code__iexact=words) | Q(acronym__iexact=words) | Q(name_en__iexact=words) | Q(aliases__text__iexact=words)
    return Entity.objects.filter(named).order_by("pk").first()


def _organisation_named(words: str) -> Organisation | None:
    """An organization by its name, with its country behind it where several have that name."""
    if country := re.fullmatch(r"(.+) \(([A-Z]{3})\)", words):
        exact = Organisation.objects.filter(name=country[1], country__iso3=country[2])
        if found := exact.first():
            return found
    named = list(Organisation.objects.filter(name__iexact=words)[:2])
    if len(named) > 1:
        named = list(Organisation.objects.filter(name=words, country=None))
    return named[0] if len(named) == 1 else None


def participant_name(one: Entity | Organisation) -> str:
    """Return how the form names it, as ParticipantField reads it."""
    if isinstance(one, Entity):
        return one.code
    return f"{one.name} ({one.country.iso3})" if one.country else one.name


def find_participants(words: str) -> list[tuple[str, str]]:
    """Return entities and organizations with these words in a name: how the form names them, and what they are."""
    known = Q(code__icontains=words) | Q(acronym__icontains=words) | Q(aliases__text__icontains=words)
    for field in ("name_en", "name_fr", "name_es", "name_ru", "name_ar", "name_zh"):
        known |= Q(**{f"{field}__icontains": words})
    entities = Entity.objects.filter(known).distinct().order_by("acronym")[:FEW]
    organisations = Organisation.objects.filter(name__icontains=words).select_related("country").order_by("name")[:FEW]
    found = [(participant_name(one), one.name) for one in entities]
    return [*found, *((participant_name(one), one.get_kind_display()) for one in organisations)][:FEW]


def participations_field() -> RowsField:
    return RowsField(
        label=_("Who takes part"),
        required=False,
        columns={
            "who": ParticipantField(label=_("Entity or organization"), address="find_participants", max_length=320),
            "role": forms.ChoiceField(label=_("Role"), choices=[("", "–"), *ParticipationRole.choices]),
            "since": forms.DateField(label=_("Since"), required=False, widget=day_input()),
            "until": forms.DateField(label=_("Until"), required=False, widget=day_input()),
        },
        once=["who", "role", "since"],
        help_text=_("Partners, donors, hosts and others. Type some letters of the name, then choose."),
    )


def participations_of(initiatives: Collection[int]) -> dict[int, list[dict[str, str]]]:
    """Return the rows of the form for each of these records, by its id; the last day is the last that counts."""
    rows: dict[int, list[dict[str, str]]] = {pk: [] for pk in initiatives}
    participations = Participation.objects.filter(initiative__in=one_of(initiatives))
    for one in participations.select_related("entity", "organisation__country"):
        who = one.entity or one.organisation
        until = one.until - dates.DAY if one.until else None
        rows[one.initiative_id].append(
            {
                "who": participant_name(who) if who else "",
                "role": one.role,
                "since": one.since.isoformat() if one.since else "",
                "until": until.isoformat() if until else "",
            }
        )
    return rows


def wrong_participations(rows: Iterable[dict[str, Any]]) -> list[str]:
    """Return a sentence for each row that ends before it begins."""
    said = _("Row %(row)s: the last day comes before the first.")
    return [
        str(said) % {"row": number}
        for number, row in enumerate(rows, start=1)
        if row["since"] and row["until"] and row["until"] < row["since"]
    ]


def participation_rows(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what the rows of a valid form say, by the columns of the table."""
    return [
        {
            "entity_id": row["who"].pk if isinstance(row["who"], Entity) else None,
            "organisation_id": row["who"].pk if isinstance(row["who"], Organisation) else None,
            "role": row["role"],
            "since": row["since"],
            "until": row["until"] + dates.DAY if row["until"] else None,
        }
        for row in rows
    ]


# Other initiatives


class InitiativeField(FoundField):
    """Another initiative, by its short address at the end, its address or its title. Gives the record."""

    def clean(self, value: Any) -> Initiative | None:
        words = super().clean(value)
        if not words:
            return None
        if found := _initiative_named(words):
            return found
        raise forms.ValidationError(unknown_initiative(words))


def unknown_initiative(words: str) -> str:
    return str(_("There is no initiative “%(words)s”. Choose one that is offered.") % {"words": words})


def _initiative_named(words: str) -> Initiative | None:
    if short := _SHORT_ADDRESS.search(words):
        return Initiative.objects.filter(pk=int(short[1])).first()
    slug = words.rstrip("/").rpartition("/")[2]
    titles = InitiativeText.objects.filter(variant=Variant.GENERAL, title__iexact=words).values("initiative")
    named = list(Initiative.objects.filter(Q(slug=slug) | Q(pk__in=titles), merged_into=None)[:2])
    return named[0] if len(named) == 1 else None


def readable_by(entity: Entity) -> Q:
    return Q(entity=entity) | Q(pk__in=Initiative.objects.public().values("pk"))


def find_initiatives(words: str, user: User) -> list[tuple[str, str]]:
    """Return initiatives that the person sees and that hold the words: how the form names them, and whose they are."""
    seen = Initiative.objects.visible_to(user).listed()
    found = matching(seen, words).with_title().order_by("summary__title_key", "pk")[:FEW]
    return [
        (f"{one.title or one.slug} (i/{one.pk})", one.entity.acronym)  # type: ignore[attr-defined]  # annotated
        for one in found.select_related("entity")
    ]


def relations_field() -> RowsField:
    return RowsField(
        label=_("Related initiatives"),
        required=False,
        columns={
            "kind": forms.ChoiceField(label=_("This one is"), choices=[("", "–"), *RelationKind.choices]),
            "other": InitiativeField(label=_("Initiative"), address="find_initiatives", max_length=450),
        },
        once=["kind", "other"],
        help_text=_(
            "Read each row from left to right; the page of the other one tells it from its side. Type some letters of "
            "the title, then choose."
        ),
    )


def relations_of(initiatives: Collection[Initiative]) -> dict[int, list[dict[str, str]]]:
    """Return the rows of the form for each of these records, by its id.

    An initiative whose title the entity of the record may not read is named by its short address alone.
    """
    rows: dict[int, list[dict[str, str]]] = {one.pk: [] for one in initiatives}
    entities = {one.pk: one.entity_id for one in initiatives}
    relations = list(Relation.objects.filter(source__in=one_of(rows)).select_related("target"))
    named = _Named({one.target_id for one in relations})
    for one in relations:
        rows[one.source_id].append({"kind": one.kind, "other": named.to(entities[one.source_id], one.target)})
    return rows


class _Named:
    """How the form names initiatives: by title and short address, or that alone where the title is not to be read."""

    def __init__(self, pks: Collection[int]) -> None:
        self.public = set(Initiative.objects.public().filter(pk__in=pks).values_list("pk", flat=True))
        texts = InitiativeText.objects.filter(initiative__in=pks, variant=Variant.GENERAL, state=TextState.ORIGINAL)
        self.titles = dict(texts.values_list("initiative_id", "title"))

    def to(self, entity: int, initiative: Initiative) -> str:
        """Return how it is named to people of an entity, by its id."""
        is_readable = initiative.pk in self.public or initiative.entity_id == entity
        title = self.titles.get(initiative.pk, "") if is_readable else ""
        return f"{title} (i/{initiative.pk})" if title else f"i/{initiative.pk}"


def names_of(initiatives: Collection[Initiative], entity: int) -> dict[int, str]:
    """Return how the form names each of them to people of an entity, by its id."""
    named = _Named([one.pk for one in initiatives])
    return {one.pk: named.to(entity, one) for one in initiatives}


def numbers_in(names: Iterable[str]) -> list[int]:
    """Return the ids of the initiatives that these words name by their short address."""
    return [int(short[1]) for name in names if (short := _SHORT_ADDRESS.search(name))]


def wrong_relations(rows: Collection[dict[str, Any]], initiative: Initiative | None, entity: Entity) -> list[str]:
    """Return a sentence for each row that leads to the record itself, to a hidden one, or round in a ring."""
    wrong: list[str] = []
    if not rows:
        return wrong
    readable = {
        *Initiative.objects.filter(readable_by(entity), pk__in=[row["other"].pk for row in rows]).values_list(
            "pk", flat=True
        ),
        *(initiative.relations.values_list("target", flat=True) if initiative else []),
    }
    back = set(Relation.objects.filter(target=initiative).values_list("source", "kind")) if initiative else set()
    for number, row in enumerate(rows, start=1):
        other = row["other"]
        if initiative and other.pk == initiative.pk:
            said = str(_("An initiative cannot be related to itself."))
        elif other.pk not in readable:
            said = unknown_initiative(f"i/{other.pk}")
        elif row["kind"] not in SYMMETRIC and (other.pk, row["kind"]) in back:
            said = str(_("The other one says the same of this one. Both cannot be true."))
        else:
            continue
        wrong.append(str(_("Row %(row)s: %(error)s") % {"row": number, "error": said}))
    return wrong


def relation_rows(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"kind": row["kind"], "target_id": row["other"].pk} for row in rows]
