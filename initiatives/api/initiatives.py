"""Initiatives, in the API."""

from collections.abc import Callable
from typing import Any

from django.db.models import Case, CharField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from initiatives.api.shared import (
    LineOfRecord,
    TermOfRecord,
    based_on,
    best_first,
    day,
    if_own,
    language_of_text,
    precision,
    revision_of_text,
    state_of_text,
    stated,
    visible_initiatives,
)
from initiatives.choices import EventState, Level, OrganisationKind, ParticipationRole, RelationKind, Status, Variant
from initiatives.filters import InitiativeFilter
from initiatives.models import (
    DatedPart,
    Document,
    EntityText,
    Evidence,
    Identifier,
    Initiative,
    InitiativeLine,
    InitiativePlace,
    InitiativeTerm,
    InitiativeText,
    Mention,
    OtherTitle,
    Participation,
    Reference,
    Relation,
)
from initiatives.queries import initiative_today, standing_for
from portal.common.api.problems import Problem
from portal.common.api.records import InnerRecord, Reader, Record, column, named, row_of, rows_of
from portal.common.api.views import RecordDetail, RecordList
from portal.common.languages import Language
from portal.common.uploads import FileType

ID_LENGTH = 19  # of a number that any id can be

LEADS_ON = {"type": "object", "properties": {"address": {"type": "string", "format": "uri"}}, "required": ["address"]}


class TextOfInitiative(InnerRecord):
    language = language_of_text()
    state = state_of_text()
    revision = revision_of_text()
    title = column(serializers.CharField(), "title")
    description = column(serializers.CharField(allow_blank=True, help_text="HTML"), "description")


class EveryTextOfInitiative(InnerRecord):
    language = language_of_text()
    variant = column(serializers.ChoiceField(Variant.choices, help_text="the use it is written for"), "variant")
    state = state_of_text()
    revision = revision_of_text()
    based_on = based_on()
    title = column(serializers.CharField(), "title")
    description = column(serializers.CharField(allow_blank=True, help_text="HTML"), "description")


class OwnText(InnerRecord):
    """What an entity that has joined the initiative of another one says of it in its own words."""

    entity = column(serializers.CharField(help_text="code"), "entity__code")
    language = language_of_text()
    state = state_of_text()
    revision = revision_of_text()
    based_on = based_on()
    description = column(serializers.CharField(help_text="HTML"), "description")


class OtherTitleRecord(InnerRecord):
    language = language_of_text()
    text = column(serializers.CharField(), "text")


class PlaceCountry(InnerRecord):
    code = column(serializers.CharField(help_text="ISO 3166-1 alpha-3"), "country__iso3")
    name = named("country__")


class PlaceGroup(InnerRecord):
    code = column(serializers.CharField(), "group__code")
    name = named("group__")


class IdentifierRecord(InnerRecord):
    scheme = column(serializers.CharField(), "scheme")
    value = column(serializers.CharField(), "value")
    label = column(serializers.CharField(allow_blank=True, help_text="as printed"), "label")
    address = column(serializers.CharField(allow_blank=True), "address")


class DatedPartRecord(InnerRecord):
    label = column(serializers.CharField(), "label")
    state = column(serializers.ChoiceField(EventState.choices), "state")
    starts_on = day("starts_on", "the earliest day that the source allows")
    starts_precision = precision("starts_precision")
    ends_on = day("ends_on", "the first day after the latest")
    ends_precision = precision("ends_precision")


class ParticipationRecord(InnerRecord):
    role = column(serializers.ChoiceField(ParticipationRole.choices), "role")
    entity = column(serializers.CharField(allow_null=True, help_text="code, of an entity"), "entity__code")
    organisation = column(
        serializers.CharField(allow_null=True, help_text="name, of another body"), "organisation__name"
    )
    organisation_kind = column(serializers.ChoiceField(OrganisationKind.choices, allow_null=True), "organisation__kind")
    since = day("since", "the first day")
    until = day("until", "the first day without the role")


class RelationRecord(InnerRecord):
    """This initiative is `kind` that one."""

    kind = column(serializers.ChoiceField(RelationKind.choices), "kind")
    id = column(serializers.IntegerField(help_text="of the other initiative"), "target_id")
    slug = column(serializers.CharField(), "target__slug")


class RelationToRecord(InnerRecord):
    """That initiative is `kind` this one."""

    kind = column(serializers.ChoiceField(RelationKind.choices), "kind")
    id = column(serializers.IntegerField(help_text="of the other initiative"), "source_id")
    slug = column(serializers.CharField(), "source__slug")


class ReferenceRecord(InnerRecord):
    text = column(serializers.CharField(allow_blank=True), "text")
    author = column(serializers.CharField(allow_blank=True), "author")
    title = column(serializers.CharField(allow_blank=True), "title")
    year = column(serializers.IntegerField(allow_null=True), "year")
    address = column(serializers.CharField(allow_blank=True), "address")


class MentionedIn(InnerRecord):
    document = column(serializers.IntegerField(help_text="id of the document"), "document_id")
    kind = column(serializers.CharField(), "kind")
    locator = column(serializers.CharField(allow_blank=True), "locator")


def address_of_file(file: str) -> Callable[[Reader], Concat]:
    """Return the address of the file whose id stands at the path."""

    def address(reader: Reader) -> Concat:
        before, after = reverse("evidence_file", args=[0]).split("0")
        return Concat(Value(reader.root + before), Cast(file, CharField()), Value(after))

    return address


class EvidenceRecord(InnerRecord):
    """A photograph or document; what is not public is for people of the entity."""

    name = column(serializers.CharField(help_text="of the file"), "file__name")
    type = column(serializers.ChoiceField(FileType.choices), "file__type")
    size = column(serializers.IntegerField(help_text="in bytes"), "file__size")
    sha256 = column(serializers.CharField(), "file__sha256")
    address = column(serializers.URLField(help_text="of the file, to be saved"), address_of_file("file"))
    language = language_of_text()
    caption = column(serializers.CharField(allow_blank=True), "caption")
    alternative_text = column(serializers.CharField(allow_blank=True), "alternative_text")
    rights_holder = column(serializers.CharField(allow_blank=True), "rights_holder")
    is_public = column(serializers.BooleanField(), "is_public")
    update = column(
        serializers.IntegerField(allow_null=True, help_text="id of the update that it belongs to, if it does"),
        "update_id",
    )


def _evidence(reader: Reader) -> QuerySet[Evidence]:
    return Evidence.objects.visible_to(reader.user).filter(initiative=OuterRef("pk")).order_by("pk")


class KindOfInitiative(InnerRecord):
    code = column(serializers.CharField(), "kind__code")
    name = named("kind__")


def _texts(reader: Reader) -> QuerySet[InitiativeText]:
    texts = InitiativeText.objects.filter(initiative=OuterRef("pk"), variant=Variant.GENERAL)
    return best_first(texts, reader)


def _of_initiative(model: Any, *order: str) -> Any:
    return lambda _reader: model.objects.filter(initiative=OuterRef("pk")).order_by(*order, "pk")


def _page(slug: str, reader: Reader) -> str:
    return reader.root + reverse("initiative_detail", args=[slug])


def _permanent(pk: int, reader: Reader) -> str:
    return reader.root + reverse("initiative_short", args=[pk])


class InitiativeRecord(Record):
    """A programme, project, event, publication or other work that an entity reports on."""

    id = column(serializers.IntegerField(help_text="never changes"), "pk")
    slug = column(serializers.CharField(help_text="as in its address, which may change"), "slug")
    entity = column(serializers.CharField(help_text="code"), "entity__code")
    unit = column(
        serializers.CharField(allow_null=True, help_text="for people of the entity"),
        lambda reader: if_own(reader, "entity", "unit__name"),
    )
    kind = column(KindOfInitiative(), lambda reader: KindOfInitiative.as_json(reader))
    level = column(serializers.ChoiceField(Level.choices, allow_blank=True), "level")
    status = column(serializers.ChoiceField(Status.choices, allow_blank=True), "status")
    status_note = column(
        serializers.CharField(allow_blank=True, help_text="status in the words of the source"), "status_note"
    )
    starts_on = day("starts_on", "the earliest day that the source allows")
    starts_precision = precision("starts_precision")
    ends_on = day("ends_on", "the first day after the latest")
    ends_precision = precision("ends_precision")
    dated_parts = column(DatedPartRecord(many=True), rows_of(DatedPartRecord, _of_initiative(DatedPart, "starts_on")))
    covers_all_member_states = column(serializers.BooleanField(), "covers_all_member_states")
    countries = column(
        PlaceCountry(many=True),
        rows_of(
            PlaceCountry,
            lambda _: InitiativePlace.objects.filter(initiative=OuterRef("pk"), country__isnull=False).order_by("pk"),
        ),
    )
    groups = column(
        PlaceGroup(many=True),
        rows_of(
            PlaceGroup,
            lambda _: InitiativePlace.objects.filter(initiative=OuterRef("pk"), group__isnull=False).order_by("pk"),
        ),
    )
    place = column(serializers.CharField(allow_blank=True, help_text="in words"), "place")
    text = column(
        TextOfInitiative(allow_null=True, help_text="in the first of the reader's languages, else the original"),
        row_of(TextOfInitiative, _texts),
    )
    texts = column(
        EveryTextOfInitiative(many=True, required=False, help_text="every language and use"),
        rows_of(EveryTextOfInitiative, _of_initiative(InitiativeText, "variant")),
        on_request=True,
    )
    own_texts = column(
        OwnText(many=True, required=False, help_text="what entities that have joined say of it, in every language"),
        rows_of(OwnText, _of_initiative(EntityText, "entity__code")),
        on_request=True,
    )
    other_titles = column(OtherTitleRecord(many=True), rows_of(OtherTitleRecord, _of_initiative(OtherTitle, "text")))
    lines = column(
        LineOfRecord(many=True),
        rows_of(
            LineOfRecord, lambda reader: stated(reader, InitiativeLine.objects.order_by("-is_primary", "line__order"))
        ),
    )
    terms = column(
        TermOfRecord(many=True),
        rows_of(
            TermOfRecord,
            lambda reader: stated(
                reader, InitiativeTerm.objects.order_by("term__vocabulary__code", "term__order", "term__code")
            ),
        ),
    )
    identifiers = column(
        IdentifierRecord(many=True), rows_of(IdentifierRecord, _of_initiative(Identifier, "scheme", "value"))
    )
    evidence = column(
        EvidenceRecord(many=True, required=False, help_text="photographs and documents"),
        rows_of(EvidenceRecord, _evidence),
        on_request=True,
    )
    participations = column(
        ParticipationRecord(many=True), rows_of(ParticipationRecord, _of_initiative(Participation, "role"))
    )
    relations = column(
        RelationRecord(many=True),
        rows_of(
            RelationRecord,
            lambda reader: Relation.objects.filter(
                source=OuterRef("pk"), target__in=visible_initiatives(reader)
            ).order_by("kind", "target"),
        ),
    )
    relations_to_it = column(
        RelationToRecord(many=True),
        rows_of(
            RelationToRecord,
            lambda reader: Relation.objects.filter(
                target=OuterRef("pk"), source__in=visible_initiatives(reader)
            ).order_by("kind", "source"),
        ),
    )
    references = column(
        ReferenceRecord(many=True, required=False),
        rows_of(ReferenceRecord, _of_initiative(Reference)),
        on_request=True,
    )
    mentioned_in = column(
        MentionedIn(many=True, required=False),
        rows_of(
            MentionedIn,
            lambda reader: (
                Mention.objects.visible_to(reader.user)
                .filter(initiative=OuterRef("pk"), document__in=Document.objects.visible_to(reader.user))
                .order_by("document", "pk")
            ),
        ),
        on_request=True,
    )
    is_invented = column(serializers.BooleanField(help_text="for demonstration"), "is_invented")
    published_at = column(serializers.DateTimeField(allow_null=True), "published_at")
    archived_at = column(serializers.DateTimeField(allow_null=True), "archived_at")
    merged_into = column(
        serializers.IntegerField(allow_null=True, help_text="id; for those who see that initiative"),
        lambda reader: Initiative.objects.visible_to(reader.user).filter(pk=OuterRef("merged_into")).values("pk")[:1],
    )
    last_approved_at = column(
        serializers.DateTimeField(allow_null=True, help_text="when an update was approved last"),
        "summary__last_approved_at",
    )
    years = column(
        serializers.ListField(child=serializers.IntegerField(), help_text="in which it ran, or an update told of it"),
        "summary__years",
    )
    languages = column(
        serializers.ListField(child=serializers.ChoiceField(Language.choices), help_text="in which it has a text"),
        "summary__languages",
    )
    page = column(serializers.URLField(help_text="for people, today"), "slug", after=_page)
    permanent_address = column(serializers.URLField(help_text="leads to the page for ever"), "pk", after=_permanent)

    every_language = ("texts",)


class Initiatives:
    record = InitiativeRecord

    def rows(self: Any) -> QuerySet[Initiative]:
        return Initiative.objects.visible_to(self.request.user)


class InitiativeList(Initiatives, RecordList):
    """Initiatives, filtered as on the page. Every vocabulary's code is a parameter too, with codes of its terms.

    Archived and merged ones are left out unless `archived=yes`; those of a kind that does not count as an initiative
    unless the kind is asked for, or words are searched.
    """

    filter = InitiativeFilter


class InitiativeDetail(Initiatives, RecordDetail):
    """One initiative, by its id or its slug. A former slug, and one of an initiative that was merged, leads on."""

    lookups = {"name": "name"}

    @extend_schema(responses={200: InitiativeRecord, 308: LEADS_ON})
    def get(self, request: Request, **kwargs: Any) -> Response:
        try:
            return super().get(request, **kwargs)
        except Problem:
            if self.found(**kwargs).exists():
                raise  # it stands here, and something else is wrong
        query = request.META.get("QUERY_STRING", "")
        address = reverse("api_initiative_detail", args=[self.address_today(kwargs["name"])])
        address += f"?{query}" if query else ""
        return Response({"address": request.build_absolute_uri(address)}, status=308, headers={"Location": address})

    def found(self, **kwargs: Any) -> QuerySet[Initiative]:
        return _called(self.rows().filter(merged_into=None), kwargs["name"])

    def address_today(self, name: str) -> str:
        """Return what stands in the address today, of an initiative that is called otherwise now. Raises Http404."""
        called = _called(self.rows(), name).first()
        stands = standing_for(called, self.rows()) if called else initiative_today(self.rows(), name)
        if stands is None:
            raise Http404
        return str(stands.pk) if name.isdigit() else stands.slug


def _called(initiatives: QuerySet[Initiative], name: str) -> QuerySet[Initiative]:
    """Return the initiative with this id, or with this slug; a slug of digits alone yields to an id."""
    if not (name.isascii() and name.isdigit() and len(name) < ID_LENGTH):
        return initiatives.filter(slug=name)
    found = initiatives.filter(Q(pk=int(name)) | Q(slug=name))
    return found.order_by(Case(When(pk=int(name), then=0), default=1))[:1]
