"""Filters of lists: the same on pages, in exports and in the API, and strict: what they do not know is an error.

A list declares its facets, each by what may be chosen (`Choices`) and where a record holds it (a source):

    class InitiativeFilter(RecordFilter):
        entity = Facet(_("Entity"), among=Rows(...), source=Column("entity_id"))
        line = Facet(_("Action line"), among=Rows(...), source=Links(...))

A parameter that is repeated means one or the other; different parameters narrow each other.
"""

# ruff: noqa: S608 - the statements are made of names of our own; what people write goes in as parameters
import copy
import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import django_filters
from django import forms
from django.db import connection, models
from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pyroaring import BitMap

Key = Any  # an id, a year, a word
Holders = dict[Key, BitMap]  # the ids of the records that have each key
Statement = tuple[str, list[Any]]  # with its parameters
Label = Any  # words, translated when they are shown

MOST_CHARACTERS = 200  # characters that one may search for
MOST_WORDS = 16  # different words among them
MOST_VALUES = 100  # that one may choose in one facet
MOST_UNKNOWN = 5  # parameters that are named as unknown
SHOWN = 40  # characters of a wrong value that an error repeats


# What may be chosen


@dataclass(frozen=True)
class Option:
    """One choice of a facet: as addresses write it, as the database holds it, in words."""

    value: str
    key: Key
    label: str
    depth: int = 0  # 1 for what belongs to the choice above


class Choices(Protocol):
    """What may be chosen in a facet."""

    def keys(self, values: Collection[str]) -> dict[str, Key]:
        """Return the keys of those values that exist."""

    def options(self, keys: Collection[Key]) -> list[Option]:
        """Return the options of those keys, in the order in which a reader looks for them."""


@dataclass(frozen=True)
class Words:
    """The choices of a field, such as `Status`."""

    choices: type[models.TextChoices]

    def keys(self, values: Collection[str]) -> dict[str, Key]:
        return {value: value for value in self.choices.values if value in values}

    def options(self, keys: Collection[Key]) -> list[Option]:
        return [Option(value, value, str(label)) for value, label in self.choices.choices if value in keys]


@dataclass(frozen=True)
class Values:
    """The values that a column holds."""

    rows: Callable[[], QuerySet[Any, Any]]  # of single values

    def keys(self, values: Collection[str]) -> dict[str, Key]:
        return {value: value for value in self.rows() if value in values}

    def options(self, keys: Collection[Key]) -> list[Option]:
        return [Option(str(key), key, str(key)) for key in sorted(keys, key=str)]


@dataclass(frozen=True)
class Years:
    """Years for which records can stand, the latest first."""

    first: int
    last: int

    def keys(self, values: Collection[str]) -> dict[str, Key]:
        return {str(year): year for year in range(self.first, self.last + 1) if str(year) in values}

    def options(self, keys: Collection[Key]) -> list[Option]:
        return [Option(str(key), key, str(key)) for key in sorted(keys, reverse=True)]


@dataclass(frozen=True)
class Rows:
    """Rows of reference data, in their own order: `value` is the field that addresses hold."""

    rows: Callable[[], QuerySet[Any]]
    value: str = "code"
    label: Callable[[Any], str] = str
    by_label: bool = False  # sorted by their words in the reader's language
    parent: str = ""  # the field that leads to the row above, in a tree of two levels

    def keys(self, values: Collection[str]) -> dict[str, Key]:
        return dict(self.rows().filter(**{f"{self.value}__in": values}).values_list(self.value, "pk"))

    def options(self, keys: Collection[Key]) -> list[Option]:
        found = [
            Option(
                str(getattr(row, self.value)),
                row.pk,
                self.label(row),
                int(bool(self.parent and getattr(row, self.parent))),
            )
            for row in self.rows().filter(pk__in=keys)
        ]
        return sorted(found, key=lambda option: option.label.casefold()) if self.by_label else found


# Where a record holds it


class Source(Protocol):
    """Where a record holds what people choose by."""

    def narrow(self, keys: Sequence[Key]) -> Q:
        """Keep records that have one of the keys."""

    def holders(self, records: QuerySet[Any]) -> Holders:
        """Return which of the records have each key."""


class InColumns:
    """In columns of the record: `holders_of` reads those of all facets of a list together."""

    @property
    def columns(self) -> list[str]:
        """Return their names."""
        raise NotImplementedError

    def held(self, found: dict[str, Holders]) -> Holders:
        """Return which records have each key, of which have each value of each column."""
        raise NotImplementedError

    def holders(self, records: QuerySet[Any]) -> Holders:
        return self.held(holders_in_columns(records, self.columns))


@dataclass(frozen=True)
class Column(InColumns):
    """In a column of its own."""

    name: str

    @property
    def columns(self) -> list[str]:
        return [self.name]

    def narrow(self, keys: Sequence[Key]) -> Q:
        return Q(**{f"{self.name}__in": keys})

    def held(self, found: dict[str, Holders]) -> Holders:
        return found[self.name]


@dataclass(frozen=True)
class Links:
    """In other rows. What is linked is the record, or what its field `to` names: an update's initiative.

    `pairs` are (what is linked, key); `having` finds what is linked to one of some keys.
    """

    pairs: Callable[[], QuerySet[Any, Any]]
    having: Callable[[Sequence[Key]], QuerySet[Any, Any]]
    to: str = "pk"

    def narrow(self, keys: Sequence[Key]) -> Q:
        return Q(**{f"{self.to}__in": self.having(keys)})

    def holders(self, records: QuerySet[Any]) -> Holders:
        return holders_in(pairs_of(records, self.to, self.pairs()))


@dataclass(frozen=True)
class Lists(Links):
    """In other rows, as a list of keys in each."""

    def holders(self, records: QuerySet[Any]) -> Holders:
        sql, params = pairs_of(records, self.to, self.pairs())
        return holders_in((f"SELECT record, unnest(keys) FROM ({sql}) AS pair(record, keys)", params))


@dataclass(frozen=True)
class YearsBetween:
    """In two columns of days, the second excluded: each year that they touch. In one alone: the year of the day."""

    start: str
    end: str = ""

    def narrow(self, keys: Sequence[Key]) -> Q:
        touched = Q()
        for year in keys:
            first, after = dt.date(int(year), 1, 1), dt.date(int(year) + 1, 1, 1)
            last = Q(**{f"{self.end}__gt": first} if self.end else {f"{self.start}__gte": first})
            touched |= Q(last, **{f"{self.start}__lt": after})
        return touched

    def holders(self, records: QuerySet[Any]) -> Holders:
        days, params = statement_of(records.order_by().values_list("pk", self.start, self.end or self.start))
        last = "until - 1" if self.end else "until"
        years = f"generate_series(extract(year FROM since)::int, extract(year FROM {last})::int)"
        return holders_in((f"SELECT record, {years} FROM ({days}) AS day(record, since, until)", params))


@dataclass(frozen=True)
class Flags(InColumns):
    """In a column for each key, after a common opening of their names, that says whether the record has it."""

    keys: tuple[Key, ...]
    opening: str

    @property
    def columns(self) -> list[str]:
        return [f"{self.opening}{key}" for key in self.keys]

    def narrow(self, keys: Sequence[Key]) -> Q:
        return Q(*((f"{self.opening}{key}", True) for key in keys), _connector=Q.OR)

    def held(self, found: dict[str, Holders]) -> Holders:
        return {key: found[f"{self.opening}{key}"].get(True, BitMap()) for key in self.keys}


def holders_of(sources: Collection[Source], records: QuerySet[Any]) -> dict[Source, Holders]:
    """Return for each source which of the records have each key: one statement reads all that are columns."""
    columns = {name for source in sources if isinstance(source, InColumns) for name in source.columns}
    found = holders_in_columns(records, sorted(columns)) if columns else {}
    return {
        source: source.held(found) if isinstance(source, InColumns) else source.holders(records) for source in sources
    }


def holders_in_columns(records: QuerySet[Any], columns: Sequence[str]) -> dict[str, Holders]:
    """Return for each column which of the records have each value."""
    sql, params = statement_of(records.order_by().values_list("pk", *columns))
    keys = [f"key_{number}" for number in range(len(columns))]
    found: dict[str, Holders] = {column: {} for column in columns}
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH held(record, {', '.join(keys)}) AS MATERIALIZED ({sql}) "
            f"SELECT GROUPING({', '.join(keys)}), {', '.join(keys)}, array_agg(record) FROM held "
            f"GROUP BY GROUPING SETS ({', '.join(f'({key})' for key in keys)})",
            params,
        )
        for grouping, *values, held in cursor.fetchall():
            # a bit for each key, the first key the highest: that of the key of the group is not set
            place = len(columns) - (~grouping & (2 ** len(columns) - 1)).bit_length()
            if values[place] is not None:
                found[columns[place]][values[place]] = BitMap(held)
    return found


def pairs_of(records: QuerySet[Any], to: str, pairs: QuerySet[Any, Any]) -> Statement:
    """Return a statement of (record, key) for pairs of (what the field `to` of records names, key)."""
    sql, params = statement_of(pairs)
    if to == "pk":
        return sql, params
    owned, more = statement_of(records.order_by().values_list("pk", to))
    joined = f"SELECT record, key FROM ({sql}) AS pair(owner, key) JOIN ({owned}) AS owned(record, owner) USING (owner)"
    return joined, [*params, *more]


def holders_in(pairs: Statement) -> Holders:
    """Return which records have each key, of a statement that gives (record, key)."""
    sql, params = pairs
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT key, array_agg(record) FROM ({sql}) AS pair(record, key) WHERE key IS NOT NULL GROUP BY key",
            params,
        )
        return {key: BitMap(records) for key, records in cursor.fetchall()}


def statement_of(queryset: QuerySet[Any, Any]) -> Statement:
    """Return the statement of a queryset, also of one that Django knows to be empty."""
    sql, params = queryset.query.get_compiler(connection=connection, elide_empty=False).as_sql()
    return sql, list(params)


# The filters


def typed_words(raw: str) -> str:
    """Return what somebody typed into a field of search, with single blanks between its words."""
    return " ".join(raw.replace("\0", " ").split())


def too_much(typed: str) -> str:
    """Return the sentence for somebody who searches for too much; empty for others."""
    if len(typed) > MOST_CHARACTERS:
        return _now("A search may have %(most)d characters. Search for a few words of it.") % {"most": MOST_CHARACTERS}
    if len(set(typed.split())) > MOST_WORDS:
        return _now("A search may have %(most)d words. Search for a few of them.") % {"most": MOST_WORDS}
    return ""


class WordsField(forms.CharField):
    """Words to search for."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "max_length": _("Search for at most %(limit_value)d characters, not for %(show_value)d.")
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MOST_CHARACTERS, **options)

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) <= MOST_CHARACTERS and (problem := too_much(value)):
            raise forms.ValidationError(problem)


class ChosenField(forms.Field):
    """What is chosen in a facet: gives a mapping of the values to their keys."""

    widget = forms.SelectMultiple

    def __init__(self, *, among: Choices, **options: Any) -> None:
        super().__init__(**options)
        self.among = among

    def clean(self, value: Any) -> dict[str, Key]:
        values = list(dict.fromkeys(one for one in value or [] if one))  # forms send fields that nobody filled
        if len(values) > MOST_VALUES:
            raise forms.ValidationError(_("Choose at most %(most)d."), params={"most": MOST_VALUES})
        keys = self.among.keys([one for one in values if "\0" not in one]) if values else {}
        if unknown := [shortened(one) for one in values if one not in keys]:
            raise forms.ValidationError(_("Nothing has the code “%(code)s”."), params={"code": "”, “".join(unknown)})
        return {one: keys[one] for one in values}


class OneField(forms.ChoiceField):
    """One of a few words."""

    def validate(self, value: Any) -> None:
        if value and not self.valid_value(value):
            known = ", ".join(code for code, _label in list(self.choices) if code)  # type: ignore[arg-type]
            raise forms.ValidationError(
                _("“%(value)s” is none of its values: %(known)s."), params={"value": shortened(value), "known": known}
            )


class ListFilter(django_filters.Filter):
    """A filter of a list. Each list gets copies of its own; what they were made of never changes, so they share it."""

    def __deepcopy__(self, _memo: Any) -> "ListFilter":
        return copy.copy(self)


class Several(ListFilter):
    """Any number of choices, of which a record has to have one."""

    field_class = ChosenField

    def __init__(self, label: Label, *, among: Choices, source: Source) -> None:
        super().__init__(label=label, among=among)
        self.among = among
        self.source = source

    def filter(self, qs: QuerySet[Any], value: dict[str, Key]) -> QuerySet[Any]:
        return qs.filter(self.source.narrow(list(value.values()))) if value else qs

    def told(self, asked: dict[str, Key]) -> list[tuple[str, str]]:
        """Return what was asked for: each value with its words."""
        return [(option.value, option.label) for option in self.among.options(list(asked.values()))]


class Search(ListFilter):
    """Words; `find` keeps of a queryset what they find."""

    field_class = WordsField

    def __init__(self, label: Label, *, find: Callable[[Any, str], QuerySet[Any]]) -> None:
        super().__init__(label=label)
        self.find = find

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return self.find(qs, value) if value else qs

    def told(self, asked: str) -> list[tuple[str, str]]:
        """Return what was asked for, in quotation marks; it has no value that could be taken away alone."""
        return [("", f"“{asked}”")]


class One(ListFilter):
    """One of a few words, without counts. `narrow` is a method of the list: (queryset, value) -> queryset."""

    field_class = OneField

    def __init__(self, label: Label, *, choices: Sequence[tuple[str, Label]], narrow: str) -> None:
        super().__init__(label=label, choices=[("", ""), *choices])
        self.narrow = narrow

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return getattr(self.parent, self.narrow)(qs, value)

    def told(self, asked: str) -> list[tuple[str, str]]:
        """Return what was asked for in words; it has no value that could be taken away alone."""
        return [("", str(dict(self.extra["choices"])[asked]))]


class Facet(Several):
    """Choices that people tick, with a count beside each. Shown `alone` too: where there is only one choice."""

    def __init__(self, label: Label, *, among: Choices, source: Source, alone: bool = True) -> None:
        super().__init__(label, among=among, source=source)
        self.alone = alone


@dataclass(frozen=True)
class Order:
    """One order of a list. The last field of `by` is unique, so that pages do not overlap."""

    label: Label
    by: Sequence[str | Combinable]


class FilterForm(forms.Form):
    """The parameters of an address. The list names those that it does not know."""

    unknown: Collection[str] = ()

    def clean(self) -> None:
        for name in self.unknown:
            self.add_error(None, forms.ValidationError(unknown_parameter(name), code="unknown"))


class RecordFilter(django_filters.FilterSet):
    """Which records a reader asks for, of those that the reader may see.

    `is_valid()` or `errors` first; then `qs` has the records, in no order. The parameters in `others` (page, cursor)
    are left to the caller; any other that is not a filter is an error.

    Where no choices are shown, as to a program, a list need not offer them (`offers_choices`): then it has only filters
    that are asked for, and those that leave something out unless they are.
    """

    base_filters: dict[str, django_filters.Filter]  # those that the class declares
    orders: ClassVar[dict[str, Order]] = {}
    default_order: ClassVar[str] = ""
    #: Parameters that say which list is meant, such as a period: they stay when all filters are taken away.
    settings: ClassVar[Collection[str]] = ("order",)
    #: Facets that are counted among records that the list shows only to those who choose in them.
    apart: ClassVar[Collection[str]] = ()
    #: What the list is counted from: a write to one of them makes cached counts void.
    watched: ClassVar[Sequence[type[models.Model]]] = ()
    #: Most records that are counted anew after a write while the reader waits.
    counted_at_once: ClassVar[int] = 5_000
    #: So many records that one more or less is seen nowhere: pages end long before.
    beyond_all_pages: ClassVar[int] = 50_000

    class Meta:
        form = FilterForm
        fields: ClassVar[list[str]] = []

    def __init__(
        self, data: QueryDict, *, user: Any, others: Collection[str] = (), offers_choices: bool = True
    ) -> None:
        self.user = user
        declared = type(self).base_filters
        if not offers_choices:  # to copy them all and make their fields takes longer than to read a page
            self.base_filters = {
                name: filter_ for name, filter_ in declared.items() if name in data or isinstance(filter_, One)
            }
        super().__init__(data, queryset=self.visible(user))
        self.is_bound = True
        if offers_choices or data.keys() - declared.keys() - set(others):
            further = self.further_filters()
            self.filters |= {name: filter_ for name, filter_ in further.items() if offers_choices or name in data}
        for filter_ in self.filters.values():
            filter_.model, filter_.parent = self.queryset.model, self
        if self.orders:
            choices = [(code, order.label) for code, order in self.orders.items()]
            self.filters["order"] = One(_("Order"), choices=choices, narrow="as_it_is")
            self.filters["order"].parent = self
        unknown = [name for name in data if name not in self.filters and name not in others]
        self.form.unknown = unknown[:MOST_UNKNOWN]

    # What a list may say of itself

    def visible(self, user: Any) -> QuerySet[Any]:
        """Return what the reader may see."""
        return self._meta.model._default_manager.visible_to(user)

    def indexed(self) -> QuerySet[Any]:
        """Return the records of which the choices are counted, whoever may see them.

        A list that watches nothing keeps no index, so it may leave out what its reader does not see.
        """
        return self._meta.model._default_manager.all()

    def audience(self) -> Any:
        """Return what decides which records the reader sees: readers of one audience share cached counts."""
        return self.user.pk if self.user.is_authenticated else None

    def further_filters(self) -> dict[str, django_filters.Filter]:
        """Return filters that follow from data, by the names of their parameters."""
        return {}

    def as_usual(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Leave out what a list shows only to those who ask for it."""
        return queryset

    def shows_all(self, *, without: str) -> bool:
        """Whether what a list leaves out as a rule is asked for, or counted: `without` is a facet not applied."""
        return without in self.apart or any(name in self.asked for name in self.apart)

    def as_it_is(self, queryset: QuerySet[Any], _value: Any) -> QuerySet[Any]:
        """Of the order: it narrows nothing."""
        return queryset

    # What callers ask

    @property
    def errors(self) -> dict[str, list[str]]:
        """Return what is wrong, in sentences, by the parameter that it is about."""
        found = {
            name: [str(error) for error in errors] for name, errors in self.form.errors.items() if name != "__all__"
        }
        return found | {name: [unknown_parameter(name)] for name in self.form.unknown}

    @property
    def asked(self) -> dict[str, Any]:
        """Return what was asked for, by parameter: words, or values with their keys. Without what nobody filled in."""
        return {name: value for name, value in self.form.cleaned_data.items() if value and name not in self.settings}

    @property
    def is_filtered(self) -> bool:
        return bool(self.asked)

    @property
    def facets(self) -> dict[str, Facet]:
        return {name: filter_ for name, filter_ in self.filters.items() if isinstance(filter_, Facet)}

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return self._narrowed(queryset)

    def unticked(self, *, without: str = "") -> QuerySet[Any]:
        """Return what the filters leave that are no facets. `without` is a facet that the list shows more for."""
        return self._narrowed(self.queryset.all(), but=self.facets, without=without)

    def _narrowed(self, queryset: QuerySet[Any], *, but: Collection[str] = (), without: str = "") -> QuerySet[Any]:
        for name, value in self.form.cleaned_data.items():
            if name not in but:
                queryset = self.filters[name].filter(queryset, value)
        return queryset if self.shows_all(without=without) else self.as_usual(queryset)

    @property
    def order(self) -> str:
        """Return the code of the order asked for."""
        return self.form.cleaned_data.get("order") or self.default_order

    def ordered(self, queryset: QuerySet[Any], order: str = "") -> QuerySet[Any]:
        """Return records in the order asked for, or in another by its code."""
        return queryset.order_by(*self.orders[order or self.order].by)

    def address(self, *, without: str = "", value: str = "") -> QueryDict:
        """Return the parameters of what is asked for, without empty ones: to link to it, or to less of it.

        `without` leaves a parameter out, or where `value` is given that one value of it.
        """
        address = QueryDict(mutable=True)
        for name, asked in self.form.cleaned_data.items():
            values = list(asked) if isinstance(asked, dict) else [asked] if asked else []
            if name == "order" and asked == self.default_order:
                values = []
            if name == without:
                values = [one for one in values if value and one != value]
            if values:
                address.setlist(name, values)
        return address


def shortened(value: str) -> str:
    """Return a value from an address as an error may repeat it."""
    value = value.replace("\0", "�")
    return value if len(value) <= SHOWN else value[:SHOWN] + "…"


def unknown_parameter(name: str) -> str:
    return _now("There is no filter “%(name)s”.") % {"name": shortened(name)}
