"""Views of the API: one base for all, and one each for a list and for a record."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.common.api.languages import accepted_languages
from portal.common.api.paging import LIMIT, MOST, Cursor, WrongCursor, list_name, page_of
from portal.common.api.parameters import PAGING, SHAPING, names_of
from portal.common.api.problems import Problem, length_of_body, wrong_parameters
from portal.common.api.records import Reader, Record, languages_in
from portal.common.api.statements import Statement
from portal.common.tallies import total

KEPT_STATEMENTS = 100  # of all lists, for each choice of members and languages


class ApiView(APIView):
    """Base of all: refuses parameters that it does not know, and says what may be kept and for whom."""

    http_method_names: ClassVar = ["get", "head", "post", "put", "patch", "delete"]

    @property
    def most_bytes(self) -> int:
        """The largest body that is read."""
        return settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0

    @classmethod
    def described_parameters(cls) -> list[OpenApiParameter]:
        """The parameters of the address that are known, without those that a filter knows: as the schema tells them."""
        return []

    @classmethod
    def parameters(cls) -> list[str]:
        """Their names."""
        return names_of(cls.described_parameters())

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if length_of_body(request.META) > self.most_bytes:
            raise Problem(413)
        if request.method and getattr(self, request.method.lower(), None):
            known = self.known_parameters(request)
            if unknown := {name: [_unknown(name)] for name in request.query_params if name not in known}:
                raise wrong_parameters(unknown)

    def known_parameters(self, request: Request) -> set[str]:
        """The parameters that this request may have."""
        return set(self.parameters())

    def reader(self) -> Reader:
        header = self.request.headers.get("Accept-Language", "")
        return Reader(self.request.user, accepted_languages(header), self.request.build_absolute_uri("/")[:-1])

    def address(self, cursor: Cursor | None, of: str) -> str | None:
        """Return the address of another page with all parameters of this one."""
        if cursor is None:
            return None
        parameters = self.request.query_params.copy()
        parameters["cursor"] = cursor.written(of)
        return self.request.build_absolute_uri(f"{self.request.path}?{parameters.urlencode()}")

    def finalize_response(self, request: Request, response: HttpResponse, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say who may keep the answer; to whoever has it already, say only that it is still the same."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(answer, ["Accept-Language", "Authorization", "Cookie"])
        if not answer.has_header("Cache-Control"):
            # who it is was asked before; to ask again would fail again, outside of what answers errors
            reader = getattr(request, "_user", None)
            is_visitor = reader is not None and not reader.is_authenticated
            answer["Cache-Control"] = "no-cache" if is_visitor else "private, no-store"
        if request.method in ("GET", "HEAD") and isinstance(answer, Response) and answer.status_code == 200:
            answer.add_post_render_callback(lambda rendered: _tagged(request, rendered))
        return answer


def _unknown(name: str) -> str:
    return _("The parameter “%(name)s” is not known here.") % {"name": name[:100]}


def etag_of(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:40]}"'


def _tagged(request: Request, response: Response) -> HttpResponse | None:
    response["ETag"] = etag_of(response.content)
    kept = get_conditional_response(request._request, etag=response["ETag"], response=response)
    if kept is response:
        return None
    for header in ("Vary", "Cache-Control", "Content-Language"):
        if kept is not None and response.has_header(header):
            kept[header] = response[header]
    return kept


class UnknownAddress(ApiView):
    """Whatever stands at no other address."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super(ApiView, self).initial(request, *args, **kwargs)
        raise Problem(404)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise Problem(404)

    post = put = patch = delete = get


class RecordView(ApiView):
    """Base of what answers with records. A view names its record and which rows the reader may see."""

    record: ClassVar[type[Record]]

    @classmethod
    def described_parameters(cls) -> list[OpenApiParameter]:
        return [*SHAPING]

    def rows(self) -> QuerySet[Any]:
        """All rows that the reader may see at this address."""
        raise TypeError(f"{type(self).__name__} does not say which rows it shows")

    def shape(self, parameters: QueryDict, wrong: dict[str, list[str]]) -> list[str]:
        """Return the members asked for; what is wrong with the parameters goes to `wrong`."""
        columns = self.record.columns()
        named = {kind: _listed(parameters.getlist(kind)) for kind in ("fields", "omit")}
        for kind, names in named.items():
            unknown = [name for name in names if name not in columns]
            if unknown or (kind in parameters and not names):
                words = _("There is no “%(unknown)s”. There are: %(known)s.")
                told = {"unknown": ", ".join(unknown)[:200], "known": ", ".join(columns)}
                wrong.setdefault(kind, []).append(words % told)
        languages = parameters.getlist("languages")
        if languages and languages != ["all"]:
            words = _("This may only be “all”; one language is asked for by the header Accept-Language.")
            wrong.setdefault("languages", []).append(words)
        wanted = named["fields"] or [*self.record.usual(), *(self.record.every_language if languages else ())]
        return [name for name in columns if name in wanted and name not in named["omit"]]

    def answered(self, body: Any, records: Any) -> Response:
        response = Response(body)
        if languages := languages_in(records):
            response["Content-Language"] = ", ".join(sorted(languages))
        return response


def _listed(values: list[str]) -> list[str]:
    return [name for value in values for name in value.split(",") if name]


class RecordDetail(RecordView):
    """One record. A view names `lookups`: by which parts of the address its row is found."""

    lookups: ClassVar[Mapping[str, str]] = {"pk": "pk"}

    def get(self, request: Request, **kwargs: Any) -> Response:
        wrong: dict[str, list[str]] = {}
        names = self.shape(request.query_params, wrong)
        if wrong:
            raise wrong_parameters(wrong)
        found = self.record.read(self.found(**kwargs), self.reader(), names)
        if not found:
            raise Problem(404)
        record = next(iter(found.values()))
        return self.answered(record, record)

    def found(self, **kwargs: Any) -> QuerySet[Any]:
        """The row at this address, if the reader may see it."""
        return self.rows().filter(**{path: kwargs[part] for part, path in self.lookups.items()})


class RecordList(RecordView):
    """A list of records, page by page. A view names its filter, where the pages for people have one too.

    `by` is what the pages are ordered by: a number that no two rows share.
    """

    filter: ClassVar[Any] = None
    by: ClassVar[str] = "pk"

    @classmethod
    def orders(cls) -> tuple[str, str]:
        name = "id" if cls.by == "pk" else cls.by
        return name, f"-{name}"

    @classmethod
    def described_parameters(cls) -> list[OpenApiParameter]:
        first, last = cls.orders()
        order = OpenApiParameter("order", str, enum=[first, last], default=first, description="Or the other way.")
        return [*PAGING, order, *super().described_parameters()]

    def known_parameters(self, request: Request) -> set[str]:
        return super().known_parameters(request) | self.filters(request.query_params).keys()

    def filters(self, parameters: QueryDict) -> dict[str, list[str]]:
        """The parameters that narrow the list: all that no part of paging or shaping is; the filter judges them."""
        if self.filter is None:
            return {}
        own = set(self.parameters())
        return {name: values for name, values in parameters.lists() if name not in own}

    def get(self, request: Request, **kwargs: Any) -> Response:
        parameters = request.query_params
        wrong: dict[str, list[str]] = {}
        names = self.shape(parameters, wrong)
        limit = asked_limit(parameters, wrong)
        order = _one_of(parameters, "order", self.orders(), wrong)
        counted = _one_of(parameters, "count", ("false", "true"), wrong) == "true"
        narrowing = self.filters(parameters)
        rows, count = self.narrowed(narrowing, wrong, counted=counted)
        of = list_name(request.path, [*narrowing.items(), ("order", [order])])
        cursor = asked_cursor(parameters, of, wrong)
        if wrong:
            raise wrong_parameters(wrong)
        page = page_of(rows, cursor=cursor, limit=limit, by=self.by, descending=order == self.orders()[1])
        records = self.read(page.ids, names)
        body: dict[str, Any] = {
            "results": records,
            "next": self.address(page.next, of),
            "previous": self.address(page.previous, of),
        }
        if counted:
            body["count"] = rows.count() if count is None else count
        return self.answered(body, records)

    def narrowed(
        self, narrowing: dict[str, list[str]], wrong: dict[str, list[str]], *, counted: bool
    ) -> tuple[QuerySet[Any], int | None]:
        """Return the rows that the parameters leave, and how many where that is known without counting them."""
        if self.filter is None:
            return self.rows(), None
        data = QueryDict(mutable=True)
        for name, values in narrowing.items():
            data.setlist(name, values)
        filter = self.filter(data, user=self.request.user, offers_choices=False)
        if not filter.is_valid():
            for name, sentences in filter.errors.items():
                wrong.setdefault(name, []).extend(str(sentence) for sentence in sentences)
            return self.rows().none(), None
        return filter.qs, total(filter) if counted else None

    def read(self, ids: list[int], names: list[str]) -> list[dict[str, Any]]:
        """Return the records of a page in its order."""
        if not ids:
            return []
        reader = self.reader()
        if reader.user.is_authenticated or self.kwargs:
            found = self.record.read(self.rows().filter(pk__in=ids).order_by(), reader, names)
        else:
            statement = self.statement(reader.languages, reader.root, tuple(names))
            found = self.record.records(statement.rows(ids), reader, names)
        return [found[pk] for pk in ids if pk in found]

    @classmethod
    @lru_cache(maxsize=KEPT_STATEMENTS)
    def statement(cls, languages: tuple[str, ...], root: str, names: tuple[str, ...]) -> Statement:
        """Return the statement by which visitors read these members in these languages."""
        reader = Reader(AnonymousUser(), languages, root)
        return Statement(cls.record.values(cls(request=reader).rows(), reader, names))


def asked_limit(parameters: QueryDict, wrong: dict[str, list[str]], most: int = MOST) -> int:
    """Return how many records a page shall have; what is wrong with the parameter goes to `wrong`."""
    values = parameters.getlist("limit")
    if not values:
        return LIMIT
    text = values[0]
    if len(values) == 1 and text.isascii() and text.isdigit() and len(text) <= 6 and 1 <= int(text) <= most:
        return int(text)
    wrong["limit"] = [_("This is a number from 1 to %(most)s.") % {"most": most}]
    return LIMIT


def _one_of(parameters: QueryDict, name: str, choices: tuple[str, ...], wrong: dict[str, list[str]]) -> str:
    """Return the value of a parameter, the first of the choices by default."""
    values = parameters.getlist(name)
    if not values:
        return choices[0]
    if len(values) == 1 and values[0] in choices:
        return values[0]
    wrong[name] = [_("This is one of: %(choices)s.") % {"choices": ", ".join(choices)}]
    return choices[0]


def asked_cursor(parameters: QueryDict, of: str, wrong: dict[str, list[str]]) -> Cursor | None:
    """Return where the page begins; what is wrong with the parameter goes to `wrong`."""
    values = parameters.getlist("cursor")
    if not values:
        return None
    if len(values) > 1:
        wrong["cursor"] = [_("Give one cursor.")]
        return None
    try:
        return Cursor.read(values[0], of)
    except WrongCursor as error:
        wrong["cursor"] = [str(error)]
        return None
