"""Writing passages by program. What drafts of passages share with others stands in `drafts`."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import JSONField, Value
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from initiatives.api.drafts import (
    HTML,
    ApprovesDraft,
    BeginsFrom,
    ChangesDrafts,
    Drafts,
    ReturnsDraft,
    SavesDraft,
    SubmitsDraft,
    begins_from,
    number_seen,
    refusals,
    signed_in,
    written,
)
from initiatives.choices import DraftOf, DraftState, PassageKind
from initiatives.drafting.classified import terms_field
from initiatives.drafting.partners import names_of, numbers_in
from initiatives.drafting.passages import LONGEST_NAME
from initiatives.forms import BeginPassageForm
from initiatives.models import Draft, Entity, Initiative, Passage
from initiatives.permissions import person_of, writable_passage
from initiatives.services.drafts import begin_change_of_passage, begin_passage, carry_on_passage, shown_form_of
from portal.common.api.bodies import Body, Choice, Text, Whole
from portal.common.api.problems import Problem, ProblemDetails
from portal.common.api.records import Record, column
from portal.common.api.views import RecordList
from portal.common.languages import Language
from portal.models import User

_MOST_CODES = 300  # of lines, countries or the terms of a vocabulary: there are fewer
_MOST_INITIATIVES = 200  # rows of the form
_TERMS = terms_field("")  # how the names of the fields for terms begin

# What is sent


class StartPassageBody(Body):
    """What a new passage is, and what colleagues call it."""

    entity = Text(allow_blank=False, max_length=255, help_text="code of the entity that speaks")
    kind = Choice(PassageKind.choices)
    name = Text(allow_blank=False, max_length=LONGEST_NAME, help_text="never printed: colleagues find it by this")
    language = Choice(Language.choices)


def _codes(help_text: str) -> serializers.ListField:
    return serializers.ListField(
        child=Text(max_length=255), required=False, max_length=_MOST_CODES, help_text=f"codes of {help_text}"
    )


class PassageDraftBody(Body):
    """What an entity says. Of a whole draft, what is left out is empty."""

    edits = number_seen()
    why = Text(required=False, help_text="why what was approved is changed")
    kind = Choice(PassageKind.choices)
    name = Text(max_length=LONGEST_NAME, help_text="never printed: colleagues find it by this")
    language = Choice(Language.choices, help_text="of the text")
    body = Text(required=False, help_text=f"the text for print. {HTML}")
    lines = _codes("action lines")
    countries = _codes("countries, ISO 3166-1 alpha-3")
    terms = serializers.DictField(
        child=serializers.ListField(child=Text(max_length=255), max_length=_MOST_CODES),
        required=False,
        help_text="codes of terms, by the code of their vocabulary; a vocabulary that is left out stays by PATCH",
    )
    initiatives = serializers.ListField(
        child=Whole(min_value=1, max_value=2**31 - 1),
        required=False,
        max_length=_MOST_INITIATIVES,
        help_text="ids of the initiatives that it speaks of",
    )


class SavedPassageDraft(serializers.Serializer):
    """A draft as its writers see it."""

    edits = serializers.IntegerField(required=False, help_text="the number of saves")
    why = serializers.CharField(required=False, allow_blank=True)
    kind = serializers.ChoiceField(PassageKind.choices, required=False)
    name = serializers.CharField(required=False, allow_blank=True)
    language = serializers.ChoiceField(Language.choices, required=False)
    body = serializers.CharField(required=False, allow_blank=True)
    lines = serializers.ListField(child=serializers.CharField(), required=False)
    countries = serializers.ListField(child=serializers.CharField(), required=False)
    terms = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)
    initiatives = serializers.ListField(child=serializers.IntegerField(), required=False)


class PassageConflictDetails(ProblemDetails):
    """Why nothing was changed: how the draft stands now, and what was sent."""

    theirs = SavedPassageDraft(required=False)
    yours = SavedPassageDraft(required=False)


# What is answered


def _codes_written(name: str, help_text: str) -> Any:
    return column(
        serializers.ListField(child=serializers.CharField(), help_text=f"codes of {help_text}"),
        lambda _reader: Coalesce(KeyTransform(name, "content"), Value([], JSONField()), output_field=JSONField()),
    )


def _terms_in(content: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the codes of terms that stand in the fields of the form, by vocabulary."""
    return {name.removeprefix(_TERMS): codes for name, codes in content.items() if name.startswith(_TERMS) and codes}


def _initiatives_in(rows: Sequence[Mapping[str, str]] | None) -> list[int]:
    return numbers_in(str(row.get("initiative")) for row in rows or [])


class PassageDraftRecord(Record):
    """A passage that somebody writes or changes, for people of its entity."""

    id = column(serializers.IntegerField(), "pk")
    passage = column(
        serializers.IntegerField(allow_null=True, help_text="id of the passage that it changes, or has become"),
        "passage_id",
    )
    entity = column(serializers.CharField(help_text="code"), "entity__code")
    state = column(serializers.ChoiceField(DraftState.choices), "state")
    edits = column(serializers.IntegerField(help_text="number of saves"), "edits")
    why = column(serializers.CharField(allow_blank=True, help_text="why what was approved is changed"), "why")
    kind = written("kind", serializers.ChoiceField(PassageKind.choices))
    name = written("name", serializers.CharField(allow_blank=True, help_text="never printed"))
    language = written("language", serializers.ChoiceField(Language.choices))
    body = written("body")
    lines = _codes_written("lines", "action lines")
    countries = _codes_written("countries", "countries, ISO 3166-1 alpha-3")
    terms = column(
        serializers.DictField(
            child=serializers.ListField(child=serializers.CharField()), help_text="codes, by vocabulary"
        ),
        "content",
        after=lambda content, _reader: _terms_in(content),
    )
    initiatives = column(
        serializers.ListField(child=serializers.IntegerField(), help_text="ids"),
        lambda _reader: KeyTransform("initiatives", "content"),
        after=lambda rows, _reader: _initiatives_in(rows),
    )
    follows = column(
        serializers.IntegerField(allow_null=True, help_text="id of the passage of a former year that it carries on"),
        lambda _reader: KeyTransform("follows", "content"),
        after=lambda number, _reader: int(number) if number else None,
    )
    saved_at = column(serializers.DateTimeField(), "saved_at")
    submitted_at = column(serializers.DateTimeField(allow_null=True), "submitted_at")
    decided_at = column(serializers.DateTimeField(allow_null=True), "decided_at")
    decision_note = column(serializers.CharField(allow_blank=True), "decision_note")
    version = column(
        serializers.IntegerField(allow_null=True, help_text="of the passage, that it made when it was approved"),
        "version",
    )


#: What a draft holds under the same names in its form and in what is sent.
_CODES = ["lines", "countries"]
_SAME = ["kind", "name", "language", "body", *_CODES]


class OfPassages(Drafts):
    of = DraftOf.PASSAGE
    record = PassageDraftRecord
    body = PassageDraftBody
    written_at = "api_passage_draft_detail"
    refusals = refusals(PassageConflictDetails)

    def knows(self, field: str) -> bool:
        return field in {*_SAME, "initiatives"} or field.startswith(_TERMS)

    def as_form(self, draft: Draft, sent: Mapping[str, Any]) -> dict[str, Any]:
        """Raises Problem for a vocabulary that there is not; everything else is judged when it is handed in."""
        content = {name: sent[name] for name in _SAME if name in sent}
        known = shown_form_of(draft).fields
        for vocabulary, codes in sent.get("terms", {}).items():
            if terms_field(vocabulary) not in known:
                words = str(_("There is no vocabulary with this code."))
                raise Problem(422, words, errors=[{"pointer": f"/terms/{vocabulary[:100]}", "detail": words}])
            content[terms_field(vocabulary)] = codes
        if "initiatives" in sent:
            numbers = list(dict.fromkeys(sent["initiatives"]))
            named = names_of(list(Initiative.objects.filter(pk__in=numbers)), draft.entity_id)
            content["initiatives"] = [{"initiative": named.get(number, f"i/{number}")} for number in numbers]
        return content

    def as_sent(self, content: Mapping[str, Any]) -> dict[str, Any]:
        rows = {"terms": _terms_in(content), "initiatives": _initiatives_in(content.get("initiatives"))}
        same = {name: content.get(name, [] if name in _CODES else "") for name in _SAME}
        return same | rows

    def pointer(self, field: str, *cell: int | str) -> str:
        """Rows of initiatives are sent as ids, each once, so the whole list is pointed at."""
        return f"/terms/{field.removeprefix(_TERMS)}" if field.startswith(_TERMS) else f"/{field}"


# Beginning


class PassageDraftList(OfPassages, ChangesDrafts, RecordList):
    """Passages that people of your entities write or change: under way, withdrawn and approved ones."""

    successes: ClassVar = {"POST": (201,)}

    @extend_schema(
        summary="Begin a passage",
        description="Begins a passage of your entity. Write it by PATCH at the address in Location.",
        request=StartPassageBody,
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        signed_in(request)
        self.check_shape(request)
        body = self.sent(request, StartPassageBody)
        entities = Entity.objects.written_by(request.user)
        if not entities.exists():
            raise PermissionDenied
        form = BeginPassageForm(body, entities=entities)
        if not form.is_valid():
            raise self.told(form)
        content = {name: form.cleaned_data[name] for name in ("kind", "name", "language")}
        draft = begin_passage(
            entity=form.cleaned_data["entity"],
            content=content,
            user=person_of(request._request),
            now=timezone.now(),
        )
        return self.begun(request, draft, 201)


class _FromPassage(OfPassages, BeginsFrom):
    def record_to_write(self, request: Request, pk: int) -> Passage:
        return writable_passage(request.user, pk)


@begins_from(
    "Change a passage",
    "Begins the draft that changes an approved passage, or goes on with the one under way. What is approved stays "
    "public until the draft is approved. Write it, and why, by PATCH at the address in Location.",
)
class PassageChange(_FromPassage):
    """Change a passage that is approved."""

    def begin(self, record: Passage, user: User, now: dt.datetime) -> Draft:
        return begin_change_of_passage(passage=record, user=user, now=now)


@begins_from(
    "Carry a passage on",
    "Begins a new passage with the words of this one, under a name of the year, or goes on with the draft that does. "
    "Write it by PATCH at the address in Location.",
)
class PassageCarryOn(_FromPassage):
    """Say again what was said in a former year."""

    def begin(self, record: Passage, user: User, now: dt.datetime) -> Draft:
        return carry_on_passage(passage=record, year=timezone.localdate(now).year, user=user, now=now)


# Saving, handing in, deciding


@extend_schema_view(put=extend_schema(request=PassageDraftBody), patch=extend_schema(request=PassageDraftBody))
class PassageDraftDetail(OfPassages, SavesDraft):
    """One draft of a passage by its id, for people of its entity."""


class PassageDraftSubmit(OfPassages, SubmitsDraft):
    """Hand a draft in."""


class PassageDraftApprove(OfPassages, ApprovesDraft):
    """Approve a draft that was handed in."""


class PassageDraftReturn(OfPassages, ReturnsDraft):
    """Send a draft back."""
