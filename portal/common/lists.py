"""Pages that list records: filters with counts beside their choices, order, pages, and what can be taken away."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from portal.common.exports import ExportFormat
from portal.common.filters import MOST_CHARACTERS, One, RecordFilter, shortened
from portal.common.htmx import wants_fragment
from portal.common.tallies import tallies

SIZES = (25, 50, 100)  # records on a page
MOST_ROWS = 10_000  # that one can turn pages through: to find one more, the database has to pass all those before
OTHERS = ("page", "per_page")  # parameters that narrow nothing


@dataclass(frozen=True)
class Tag:
    """Something that is asked for, and the address without it."""

    facet: str
    label: str
    address: str


@dataclass(frozen=True)
class Switch:
    """A filter that is one box to tick."""

    name: str
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Setting:
    """One value of an order or page size."""

    value: str
    label: Any
    chosen: bool


class FirstPages(Paginator):
    """The pages of the first MOST_ROWS records. How many there are in all is known already."""

    def __init__(self, rows: Any, per_page: int, *, total: int) -> None:
        super().__init__(rows, per_page)
        self.total = total

    @cached_property
    def count(self) -> int:
        return min(self.total, MOST_ROWS)


class Listing:
    """What a list page shows, and all that is wrong with its address.

    `name` and `export` are names of addresses: of the page, and of the list as a file where it can be one. `shown`
    gives rows all that the page shows of them; it gets those of one page, so it may join what it likes.
    """

    def __init__(
        self,
        request: HttpRequest,
        filter_class: Callable[..., RecordFilter],
        *,
        name: str,
        export: str = "",
        shown: Callable[[Any], Iterable[Any]],
    ) -> None:
        self.request = request
        self.path = reverse(name)
        self.export = export
        self.filter = filter_class(request.GET, user=request.user, others=OTHERS)
        self.status = 200 if self.filter.is_valid() else 400
        self.errors = self._errors_of_filter()
        self.tallies = tallies(self.filter)
        self.per_page = self._per_page()
        self.page = self._page(shown)

    # The rows

    @property
    def total(self) -> int:
        return self.tallies.total

    @property
    def is_cut(self) -> bool:
        """Whether there are more records than one can turn pages through."""
        return self.total > MOST_ROWS

    def _page(self, shown: Callable[[Any], Iterable[Any]]) -> Page[Any]:
        """Return the page asked for. Its records are found by their ids alone, and then read with all they show."""
        ids: Any = self.tallies.ids
        if ids is None:
            ids = self.filter.ordered(self.filter.qs).values_list("pk", flat=True)
        paginator = FirstPages(ids, self.per_page, total=self.total)
        page = paginator.page(self._number(paginator.num_pages))
        wanted = list(page.object_list)
        rows = {row.pk: row for row in shown(self.filter.queryset.filter(pk__in=wanted))}
        page.object_list = [rows[pk] for pk in wanted if pk in rows]
        return page

    def _number(self, last: int) -> int:
        asked = self.request.GET.get("page") or "1"
        if not (asked.isascii() and asked.isdigit()) or not asked.strip("0"):
            self._is_wrong(_("“%(page)s” is no page. Pages are numbered from 1.") % {"page": shortened(asked)}, 400)
            return 1
        if len(asked) > 9 or int(asked) > last:
            sentence = _("There is no page %(page)s: the list ends with page %(last)d.")
            if self.is_cut:
                sentence = _(
                    "There is no page %(page)s: pages end with %(last)d. Choose filters that leave fewer records, or "
                    "take all of them away as a file."
                )
            self._is_wrong(sentence % {"page": shortened(asked), "last": last}, 404)
            return last
        return int(asked)

    def _per_page(self) -> int:
        asked = self.request.GET.get("per_page") or str(SIZES[0])
        if asked in map(str, SIZES):
            return int(asked)
        words = {"size": shortened(asked), "sizes": ", ".join(map(str, SIZES))}
        self._is_wrong(_("A page cannot have “%(size)s” records. Choose one of %(sizes)s.") % words, 400)
        return SIZES[0]

    # What is wrong

    def _is_wrong(self, sentence: str, status: int) -> None:
        self.errors.append(sentence)
        if self.status == 200:
            self.status = status

    def _errors_of_filter(self) -> list[str]:
        filters = self.filter.filters
        return [
            f"{filters[name].label}: {sentence}" if name in filters else sentence
            for name, sentences in self.filter.errors.items()
            for sentence in sentences
        ]

    # Addresses

    def query(self, *, without: str = "", value: str = "") -> QueryDict:
        """Return the parameters of the list, or of it without one filter or value; the page is not among them."""
        query = self.filter.address(without=without, value=value)
        if self.per_page != SIZES[0]:
            query["per_page"] = str(self.per_page)
        return query

    def address(self, query: QueryDict) -> str:
        return f"{self.path}?{query.urlencode()}" if query else self.path

    @property
    def everything(self) -> str:
        """Return the address of the list without filters; order, size of the pages and other settings stay."""
        query = self.query()
        for name in set(query) - {*self.filter.settings, "per_page"}:
            del query[name]
        return self.address(query)

    @property
    def shared(self) -> str:
        """Return the address of what is shown, without empty parameters."""
        query = self.query()
        if self.page.number > 1:
            query["page"] = str(self.page.number)
        return self.address(query)

    @property
    def exports(self) -> list[tuple[str, str]]:
        """Return the formats, and where the list lies in each."""
        if not self.export:
            return []
        query = self.filter.address().urlencode()
        return [
            (str(label), reverse(self.export, args=[code]) + (f"?{query}" if query else ""))
            for code, label in ExportFormat.choices
        ]

    # What one can choose

    @cached_property
    def tags(self) -> list[Tag]:
        """Return what is asked for, each with the address without it."""
        return [
            Tag(str(self.filter.filters[name].label), label, self.address(self.query(without=name, value=value)))
            for name, asked in self.filter.asked.items()
            for value, label in self._labels(name, asked)
        ]

    def _labels(self, name: str, asked: Any) -> list[tuple[str, str]]:
        """Return what one filter was asked for; a facet has read its words already."""
        for facet in self.tallies.facets:
            if facet.name == name:
                return [(choice.value, choice.label) for choice in facet.chosen]
        return self.filter.filters[name].told(asked)

    @property
    def words(self) -> str:
        """Return what was typed into the search field."""
        return self.request.GET.get("q", "")[: 2 * MOST_CHARACTERS].replace("\0", "")

    @property
    def switches(self) -> list[Switch]:
        """Return the filters that are one box to tick."""
        return [
            Switch(name, value, str(label), self.filter.asked.get(name) == value)
            for name, filter_ in self.filter.filters.items()
            if isinstance(filter_, One) and name not in self.filter.settings
            for value, label in filter_.extra["choices"]
            if value
        ]

    @property
    def orders(self) -> list[Setting]:
        return [Setting(code, order.label, code == self.filter.order) for code, order in self.filter.orders.items()]

    @property
    def sizes(self) -> list[Setting]:
        return [Setting(str(size), size, size == self.per_page) for size in SIZES]

    # The answer

    @property
    def is_fragment(self) -> bool:
        return wants_fragment(self.request)

    def response(self, template: str, **context: Any) -> HttpResponse:
        """Render the page, or its partial `listing` for htmx, which then shows the address without empty parameters."""
        response = render(
            self.request,
            f"{template}#listing" if self.is_fragment else template,
            {"listing": self, "page": self.page, **context},
            status=self.status,
        )
        patch_vary_headers(response, ["HX-Request"])
        if self.is_fragment:
            response["HX-Push-Url"] = self.shared if self.status == 200 else "false"
        return response
