"""Search, in the API: what the reader may see of all that holds the words, the best first."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from initiatives.models import Draft, SearchKind
from initiatives.search import Asked
from portal.common.api.paging import Cursor, list_name
from portal.common.api.parameters import CURSOR, limit_parameter
from portal.common.api.problems import wrong_parameters
from portal.common.api.records import Name
from portal.common.api.views import ApiView, asked_cursor, asked_limit
from portal.common.filters import too_much, typed_words
from portal.common.languages import Language
from reporting.models import Submission
from reporting.search import KINDS, SUBMISSION, Result, results_of, search_all

MOST_RESULTS = 100  # of one page: the text of each is read and marked

#: Where one record of a kind is read.
DETAIL: dict[str, str] = {
    SearchKind.INITIATIVE: "api_initiative_detail",
    SearchKind.UPDATE: "api_update_detail",
    SearchKind.PASSAGE: "api_passage_detail",
    SearchKind.DOCUMENT: "api_document_detail",
    SearchKind.DRAFT: "api_draft_detail",
}


class FoundRecord(serializers.Serializer):
    """A record that holds the words, and where it does so best."""

    kind = serializers.ChoiceField([(kind, str(label)) for kind, label in KINDS.items()])
    id = serializers.IntegerField()
    address = serializers.URLField(allow_blank=True, help_text="of the record in the API; empty where it has none")
    page = serializers.CharField(allow_blank=True, help_text="for people; empty where it has none")
    title = Name()
    marked_title = serializers.CharField(help_text="HTML with the words in <mark>")
    extract = serializers.CharField(allow_blank=True, help_text="HTML with the words in <mark>")
    language = serializers.ChoiceField(Language.choices, allow_blank=True, help_text="of the text with the words")
    entity = serializers.CharField(allow_blank=True, help_text="as printed")
    year = serializers.CharField(allow_blank=True, help_text="or years")


class CountOfKind(serializers.Serializer):
    kind = serializers.CharField()
    number = serializers.IntegerField()
    and_more = serializers.BooleanField(help_text="there are at least so many")


class SearchAnswer(serializers.Serializer):
    """One page of what was found."""

    results = FoundRecord(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    counts = CountOfKind(many=True)
    nearly = FoundRecord(many=True, help_text="titles that are written nearly so, where little was found")


WORDS = OpenApiParameter("q", str, required=True, description="Words to search for; “a phrase”, or -none of that.")
KIND = OpenApiParameter("kind", str, many=True, enum=list(KINDS), description="Only records of these kinds.")


class Search(ApiView):
    """Search in initiatives, updates, passages, documents, submissions and own drafts, in every language.

    The best come first. Pages move when records are written meanwhile, unlike those of lists.
    """

    @classmethod
    def described_parameters(cls) -> list[OpenApiParameter]:
        return [WORDS, KIND, CURSOR, limit_parameter(MOST_RESULTS)]

    @extend_schema(responses={200: SearchAnswer})
    def get(self, request: Request) -> Response:
        wrong: dict[str, list[str]] = {}
        typed, kinds = self.asked(wrong)
        of = list_name(request.path, [("q", [typed]), ("kind", kinds)])
        limit = asked_limit(request.query_params, wrong, MOST_RESULTS)
        cursor = asked_cursor(request.query_params, of, wrong)
        if wrong:
            raise wrong_parameters(wrong)
        asked = Asked.parse(typed)
        found, near = search_all(asked, request.user)
        hits = [hit for hit in found.hits if not kinds or hit.kind in kinds]
        begin = cursor.row if cursor else 0
        ahead = Cursor(begin + limit) if begin + limit < len(hits) else None
        back = Cursor(max(0, begin - limit)) if begin else None
        shown = {
            "results": self.shown(results_of(hits[begin : begin + limit], asked, request.user)),
            "next": self.address(ahead, of),
            "previous": self.address(back, of),
            "counts": [
                {"kind": count.kind, "number": count.number, "and_more": count.and_more} for count in found.counts
            ],
            "nearly": self.shown(results_of(near, asked, request.user)),
        }
        return Response(shown)

    def asked(self, wrong: dict[str, list[str]]) -> tuple[str, list[str]]:
        """Return words and kinds; what is wrong with them goes to `wrong`."""
        parameters = self.request.query_params
        typed = typed_words(parameters.get("q", ""))
        if not typed:
            wrong["q"] = [_("Say what to search for.")]
        elif problem := too_much(typed):
            wrong["q"] = [problem]
        kinds = parameters.getlist("kind")
        if any(kind not in KINDS for kind in kinds):
            wrong["kind"] = [_("This is one of: %(choices)s.") % {"choices": ", ".join(KINDS)}]
        return typed, kinds

    def shown(self, results: Iterable[Result]) -> list[dict[str, Any]]:
        """Return results as a program reads them, with addresses of both kinds."""
        results = list(results)
        submissions = {result.hit.record_id for result in results if result.hit.kind == SUBMISSION}
        places = {
            pk: [call, slug]
            for pk, call, slug in Submission.objects.visible_to(self.request.user)
            .filter(pk__in=submissions)
            .values_list("pk", "call__slug", "slug")
        }
        drafts = [result.hit.record_id for result in results if result.hit.kind == SearchKind.DRAFT]
        of_updates = set(Draft.objects.of_updates().filter(pk__in=drafts).values_list("pk", flat=True))
        return [self.shown_one(result, places, of_updates) for result in results]

    def shown_one(self, result: Result, places: dict[int, list[str]], of_updates: set[int]) -> dict[str, Any]:
        hit, absolute = result.hit, self.request.build_absolute_uri
        name, where = DETAIL.get(hit.kind, "api_submission_detail"), places.get(hit.record_id, [hit.record_id])
        has_address = hit.kind != SearchKind.DRAFT or hit.record_id in of_updates
        address = absolute(reverse(name, args=where if hit.kind == SUBMISSION else [hit.record_id]))
        return {
            "kind": hit.kind,
            "id": hit.record_id,
            "address": address if has_address else "",
            "page": absolute(result.url) if result.url else "",
            "title": {"language": result.title_language, "text": str(result.title)},
            "marked_title": str(result.marked_title),
            "extract": str(result.extract),
            "language": hit.language,
            "entity": str(result.entity),
            "year": result.year,
        }
