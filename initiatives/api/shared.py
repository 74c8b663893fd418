"""What several records of the API share."""

from typing import Any

from django.db.models import Case, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce
from rest_framework import serializers

from initiatives.choices import ENTITY_ROLES, Basis, TextState
from initiatives.models import Initiative
from initiatives.querysets import entities_of
from portal.common.api.records import InnerRecord, Reader, column, named
from portal.common.dates import Precision
from portal.common.languages import Language


def own(reader: Reader, path: str) -> Q:
    """Whether the entity that the path leads to is one of the reader's own."""
    return Q(**{f"{path}__in": entities_of(reader.user, *ENTITY_ROLES)})


def if_own(reader: Reader, path: str, member: str) -> Case:
    """Return a member for people of the entity that the path leads to, and null for everybody else."""
    return Case(When(own(reader, path), then=F(member)), default=None)


def exact(path: str) -> Cast:
    """Return a number as text, to its last digit and without the zeros that its column adds."""
    return Cast(Func(F(path), function="TRIM_SCALE"), TextField())


def best_first(texts: QuerySet[Any], reader: Reader) -> QuerySet[Any]:
    """Keep the texts in the reader's languages and the original, the one to be read first."""
    wanted = [When(language=language, then=Value(place)) for place, language in enumerate(reader.languages)]
    original = When(state=TextState.ORIGINAL, then=Value(len(wanted)))
    kept = Q(language__in=reader.languages) | Q(state=TextState.ORIGINAL)
    return texts.filter(kept).order_by(Case(*wanted, original, output_field=IntegerField()))


class LineOfRecord(InnerRecord):
    code = column(serializers.CharField(), "line__code")
    name = named("line__")
    basis = column(
        serializers.ChoiceField(Basis.choices, help_text="inferred ones are seen by the entity alone"), "basis"
    )
    is_primary = column(serializers.BooleanField(), "is_primary")


class TermOfRecord(InnerRecord):
    vocabulary = column(serializers.CharField(help_text="code of the vocabulary"), "term__vocabulary__code")
    code = column(serializers.CharField(), "term__code")
    name = named("term__")
    basis = column(
        serializers.ChoiceField(Basis.choices, help_text="inferred ones are seen by the entity alone"), "basis"
    )


def stated(reader: Reader, links: QuerySet[Any]) -> QuerySet[Any]:
    """Keep what is stated; people of the entity see what waits for them too."""
    return links.filter(Q(basis=Basis.STATED) | own(reader, "initiative__entity"), initiative=OuterRef("pk"))


class Named(InnerRecord):
    code = column(serializers.CharField(), "code")
    name = named()


class NamedCountry(InnerRecord):
    code = column(serializers.CharField(help_text="ISO 3166-1 alpha-3"), "iso3")
    name = named()


class NamedTerm(InnerRecord):
    vocabulary = column(serializers.CharField(help_text="code of the vocabulary"), "vocabulary__code")
    code = column(serializers.CharField(), "code")
    name = named()


class NamedInitiative(InnerRecord):
    id = column(serializers.IntegerField(), "pk")
    slug = column(serializers.CharField(), "slug")


def visible_initiatives(reader: Reader) -> QuerySet[Initiative]:
    return Initiative.objects.visible_to(reader.user)


def slug_if_seen(reader: Reader) -> Coalesce:
    """Return the slug of the record's initiative, empty where the reader does not see that."""
    seen = visible_initiatives(reader).filter(pk=OuterRef("initiative"))
    return Coalesce(Subquery(seen.values("slug")), Value(""))


def day(path: str, help_text: str) -> Any:
    return column(serializers.DateField(allow_null=True, help_text=help_text), path)


def precision(path: str) -> Any:
    return column(serializers.ChoiceField(Precision.choices, help_text="how exact the source is"), path)


def language_of_text() -> Any:
    return column(serializers.ChoiceField(Language.choices), "language")


def state_of_text() -> Any:
    return column(serializers.ChoiceField(TextState.choices), "state")


def revision_of_text() -> Any:
    return column(serializers.IntegerField(help_text="grows with every change of the text"), "revision")


def based_on() -> Any:
    described = serializers.IntegerField(allow_null=True, help_text="revision of the original that it translates")
    return column(described, "based_on")


class TextVersion(InnerRecord):
    """Base of texts in one language: which one, how it came about, and on what it is based."""

    language = language_of_text()
    state = state_of_text()
    revision = revision_of_text()
    based_on = based_on()


def slug_of_initiative() -> Any:
    described = serializers.CharField(allow_blank=True, help_text="empty where you may not see the initiative")
    return column(described, slug_if_seen)
