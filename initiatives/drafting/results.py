"""The draft of a result: what was reached of an indicator, in a place and a period, or why nothing can be told.

The form judges what comes from a page, a file or a program alike: a mapping by the names of its fields goes in, and
what is wrong comes out by field. What a result may say is judged by `services/results.py`.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from copy import deepcopy
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from django import forms
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.choices import flatten_choices
from django.utils.translation import gettext_lazy as _

from initiatives.choices import NUMBERS, UNITS, BreakdownKind, NoValue, TextState, ValueKind, Variant
from initiatives.drafting import evidence
from initiatives.drafting.evidence import EvidenceField
from initiatives.drafting.updates import role_in
from initiatives.models import (
    Category,
    Country,
    CountryGroup,
    Draft,
    Evidence,
    GroupMembership,
    Indicator,
    Initiative,
    NamedItem,
    Result,
    ResultItem,
    ResultPart,
    ResultText,
    Term,
)
from initiatives.querysets import DraftQuerySet
from initiatives.services.results import correct_result, file_result, judge_result, may_be_above_all, overlapping
from portal.common import dates
from portal.common.decimals import digits
from portal.common.forms import RichTextFormField, RowsField, RowsWidget, WrongCell
from portal.common.languages import Language, reader_language
from portal.common.merging import Value
from portal.common.periods import Period

NOT_SPLIT = "not-split"  # the code of no place in particular
GROUP = "group:"  # before the code of a group of countries
FIRST_YEAR = 2003
LONGEST_PERIOD = 21  # 2024-07-01/2025-07-01
MOST_DIGITS, MOST_DECIMALS = 18, 10  # as the columns have them
#: Under which field of the form the judge's fields stand, where they are called otherwise.
_STANDS_UNDER = {"country": "place", "group": "place", "period_start": "period", "period_end": "period"}
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)")


# Fields


class NumberField(forms.CharField):
    """A number as it is typed: digits of any script, blanks between thousands, a point before decimals."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "dir": "ltr", "class": "number-input"}

    def to_python(self, value: Any) -> Any:
        text = str(super().to_python(value) or "")
        bare = re.sub(r"\s", "", text).replace("٫", ".").replace("−", "-")
        if not bare:
            return None
        if not _NUMBER.fullmatch(bare):
            raise forms.ValidationError(
                _("“%(text)s” is no number. Write digits, with a point before decimals: 1234.5."),
                params={"text": text[:60]},
            )
        whole, _point, decimals = bare.lstrip("+-").partition(".")
        if len(whole) > MOST_DIGITS or len(decimals) > MOST_DECIMALS:
            raise forms.ValidationError(_("This is no number that can be kept: 18 digits at most, and 10 decimals."))
        return Decimal(bare)


class PeriodField(forms.CharField):
    """`2025`, `2025-Q3`, `2025-11`, `2025-2026` or `2024-07-01/2025-07-01`. Gives a Period."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Period"),
            max_length=LONGEST_PERIOD,
            help_text=_(
                "2025, 2025-Q3, 2025-11, 2025-2026, or first day and day after the last: 2024-07-01/2025-07-01."
            ),
            **options,
        )

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return read_period(text) if text else None


def read_period(text: str) -> Period:
    """Return the period that a result tells of. Raises ValidationError for what is none, and for one far away."""
    try:
        if re.fullmatch(r"\d{4}-(Q[1-4]|\d{2})", text.strip(), re.ASCII):
            period = Period(*dates.parse(text)[:2])
        else:
            period = Period.parse(text)
    except ValueError as error:
        form = _("A quarter is written 2025-Q3, a month 2025-11, and other days 2024-07-01/2025-07-01.")
        raise forms.ValidationError(f"{error} {form}") from error
    if not FIRST_YEAR <= period.start.year <= timezone.localdate().year + 1:
        raise forms.ValidationError(_("Write a period between 2003 and next year."))
    return period


def period_code(period: Period) -> str:
    """Return a period as `read_period` reads it."""
    for precision in (dates.Precision.QUARTER, dates.Precision.MONTH):
        text = dates.write(period.start, precision)
        if dates.parse(text)[:2] == (period.start, period.end):
            return text
    return period.code


class PlaceField(forms.ChoiceField):
    """A country by its code, a group of countries, or not split. What is not offered may be named too.

    Gives the record, or None for not split; the judge tells whether it may be that one.
    """

    def valid_value(self, value: str) -> bool:
        return True

    def clean(self, value: Any) -> Country | CountryGroup | None:
        code = super().clean(value)
        if code == NOT_SPLIT:
            return None
        place: Country | CountryGroup | None
        if code.startswith(GROUP):
            place = CountryGroup.objects.filter(code=code.removeprefix(GROUP)).first()
        else:
            place = Country.objects.filter(iso3=code.upper()).first()
        if place is None:
            raise forms.ValidationError(
                _("“%(code)s” is neither a country nor a group of countries."), params={"code": code[:60]}
            )
        return place


def place_code(place: Country | CountryGroup | None) -> str:
    """Return a place as `PlaceField` reads it."""
    if isinstance(place, Country):
        return place.iso3
    return f"{GROUP}{place.code}" if place else NOT_SPLIT


class PartsWidget(RowsWidget):
    """A number for each part that the indicator knows. Only parts with a number are sent on."""

    template_name = "widgets/parts.html"
    use_fieldset = True
    offered: list[Category] = []  # set for each form

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        rows = super().value_from_datadict(data, files, name)
        return rows if name in data else [row for row in rows if row["value"]]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        rows = [row for row in value or [] if isinstance(row, dict)]
        context = super().get_context(name, [], attrs)
        said = {row.get("part"): row.get("value", "") for row in rows}
        parts = {part_code(one): one for one in self.offered}
        groups: dict[str, list[dict[str, Any]]] = {}
        for number, code in enumerate([*parts, *(code for code in said if code not in parts)]):
            one = parts.get(str(code))
            cells = self.cells(name, number, {"part": code, "value": said.get(code, "")})
            cells[1]["attrs"].pop("aria-label")  # a label is seen
            row = {"part": cells[0], "value": cells[1], "label": one.name if one else code}
            groups.setdefault(one.breakdown.name if one else "", []).append(row)
        context["widget"]["groups"] = [
            (head, f"{name}-{number}", of) for number, (head, of) in enumerate(groups.items())
        ]
        return context

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-value"


class PartsField(RowsField):
    """The parts of a whole. Gives what `judge_result` takes; `offered` are the parts that there are."""

    def __init__(self, **options: Any) -> None:
        columns = {
            "part": forms.ChoiceField(label=_("Part"), widget=forms.HiddenInput),
            "value": NumberField(label=_("Value")),
        }
        super().__init__(columns=columns, once=["part"], required=False, **options)
        self.widget = PartsWidget(columns)
        self.offer([])

    def __deepcopy__(self, memo: Any) -> Any:
        """Each form offers the parts of its own indicator."""
        copied = super().__deepcopy__(memo)
        copied.columns = copied.widget.columns = deepcopy(self.columns, memo)
        return copied

    def offer(self, parts: Iterable[Category]) -> None:
        self.widget.offered = list(parts)
        self.columns["part"].choices = [(part_code(one), str(one)) for one in self.widget.offered]  # type: ignore[attr-defined]

    def clean(self, value: Any) -> Any:
        parts = {part_code(one): one for one in self.widget.offered}
        errors: list[forms.ValidationError] = []
        cleaned: dict[Category, Decimal] = {}
        for number, row in enumerate(value or []):
            code = str(row.get("part") or "").strip()
            part = parts.get(code)
            if part is None and (code or row.get("value")):  # also without a value: what is not understood is not lost
                unknown = _("“%(part)s” is no part of this indicator.") % {"part": code[:60]}
                if parts:
                    unknown += " " + _("Its parts are: %(parts)s.") % {"parts": ", ".join(parts)}
                errors.append(WrongCell(unknown, number, "part"))
                continue
            if part is None or not row.get("value"):
                continue
            if part in cleaned:  # as a file may have it, or two people who wrote apart
                errors.append(WrongCell(_("“%(name)s” is named twice.") % {"name": part}, number, "part"))
                continue
            try:
                cleaned[part] = self.columns["value"].clean(row["value"])
            except forms.ValidationError as error:
                errors += [WrongCell(f"{part}: {sentence}", number, "value") for sentence in error.messages]
        if errors:
            raise forms.ValidationError(errors)
        return cleaned


def part_code(part: Category) -> str:
    """Return the name of a part in contents: `sex/women`."""
    return f"{part.breakdown.code}/{part.code}"


# The form


class ResultForm(forms.Form):
    """What was reached of an indicator. Which fields a page shows depends on the indicator; a file may fill in any."""

    indicator = forms.CharField(label=_("Indicator"), max_length=30, widget=forms.HiddenInput)
    place = PlaceField(label=_("Place"))
    period = PeriodField()
    category = forms.ChoiceField(label=_("Which kind"), required=False)
    value = NumberField(label=_("Value"), required=False)
    yes = forms.ChoiceField(
        label=_("Is it so?"),
        required=False,
        choices=[("", _("Choose")), ("yes", _("Yes")), ("no", _("No"))],
    )
    items = RowsField(
        label=_("What is named"),
        required=False,
        columns={
            "name": forms.CharField(label=_("Name"), max_length=300),
            "adoptions": forms.IntegerField(
                label=_("Adopted by how many"), min_value=1, max_value=10**9, required=False
            ),
        },
        help_text=_("Each counts once for the indicator, however many adopt it. Use the name that it has already."),
    )
    no_value = forms.ChoiceField(
        label=_("Or why there is nothing to tell"), required=False, choices=[("", "–"), *NoValue.choices]
    )
    unit = forms.ChoiceField(
        label=_("Unit"), required=False, help_text=_("That of the indicator is pending, so each result says its own.")
    )
    parts = PartsField(label=_("Of these"), help_text=_("Leave empty what is not known. Parts add up to the value."))
    figures_note = forms.CharField(
        label=_("Why the figures are right"),
        required=False,
        max_length=500,
        help_text=_("Only where the parts do not add up, or where it is more than 100 per cent."),
    )
    is_provisional = forms.BooleanField(
        label=_("Provisional"), required=False, help_text=_("Tick it where the figure is not final yet.")
    )
    source = forms.CharField(label=_("Where it comes from"), required=False, max_length=500)
    language = forms.ChoiceField(label=_("Language you write in"), choices=Language.choices)
    narrative = RichTextFormField(
        label=_("What it shows"), required=False, help_text=_("In a few sentences. Everybody reads it with the value.")
    )
    evidence = EvidenceField(label=_("Photographs and documents"))

    def __init__(
        self, *args: Any, draft: Draft, find: Callable[[str], Indicator | None] | None = None, **kwargs: Any
    ) -> None:
        """`find` tells which indicator has a code, where somebody has asked already."""
        super().__init__(*args, **kwargs)
        self.draft = draft
        self._find = find or indicator_of_code
        #: The result that is there already for days of this place and period, where one is.
        self.there: Result | None = None
        fields: Any = self.fields
        fields["evidence"].entity = draft.entity
        fields["place"].choices = cache(self._places)
        fields["category"].choices = cache(lambda: [("", _("Choose")), *((one.code, one.name) for one in self.kinds)])
        fields["unit"].choices = cache(self._units)
        fields["parts"].offer(self.known_parts)

    @cached_property
    def indicator_chosen(self) -> Indicator | None:
        """The indicator that the content names."""
        said = self.data if self.is_bound else self.initial
        return self._find(str(said.get("indicator") or self.draft.content.get("indicator") or ""))

    def _categories(self, kind: BreakdownKind) -> list[Category]:
        return self.indicator_chosen.categories_of(kind) if self.indicator_chosen else []

    @cached_property
    def kinds(self) -> list[Category]:
        """The kinds that stand side by side, of which a result is of one."""
        return self._categories(BreakdownKind.SIDE_BY_SIDE)

    @cached_property
    def known_parts(self) -> list[Category]:
        return self._categories(BreakdownKind.PARTS)

    def _places(self) -> list[Any]:
        """The places of the initiative, and the one that is chosen; of what is said of countries alone, no others."""
        countries, groups = places_of(self.draft.initiative)
        is_of_countries = self.indicator_chosen is not None and self.indicator_chosen.value_kind == ValueKind.YES
        said = self.data if self.is_bound else self.initial
        chosen = str(said.get("place") or "")
        offered: list[Any] = [("", _("Choose"))]
        if not is_of_countries:
            offered.append((NOT_SPLIT, _("Not split by country")))
        offered.append((_("Countries"), [(one.iso3, one.name) for one in countries]))
        if not is_of_countries and groups:
            offered.append((_("Groups of countries"), [(place_code(one), one.name) for one in groups]))
        if chosen and chosen not in dict(flatten_choices(offered)):
            offered.append((chosen, _named(chosen)))
        return offered

    def _units(self) -> list[tuple[str, Any]]:
        units = Term.objects.filter(vocabulary__code=UNITS).order_by("order", "name_en")
        return [("", _("Choose")), *((unit.code, unit.name) for unit in units)]

    # What the page shows

    @property
    def counts(self) -> bool:
        return self.indicator_chosen is not None and self.indicator_chosen.value_kind in NUMBERS

    @property
    def says_yes(self) -> bool:
        return self.indicator_chosen is not None and self.indicator_chosen.value_kind == ValueKind.YES

    @property
    def names_items(self) -> bool:
        return self.indicator_chosen is not None and self.indicator_chosen.value_kind == ValueKind.ITEMS

    @property
    def may_need_note(self) -> bool:
        """Whether figures may be right that look as if they were not."""
        return bool(self.known_parts) or bool(self.indicator_chosen and may_be_above_all(self.indicator_chosen))

    @cached_property
    def named_before(self) -> list[str]:
        """Names that the indicator knows, to be used again."""
        if not self.names_items:
            return []
        return list(NamedItem.objects.filter(indicator=self.indicator_chosen).values_list("name", flat=True))

    # Judging

    def clean_indicator(self) -> Indicator:
        if self.indicator_chosen is None or self.indicator_chosen.code != self.cleaned_data["indicator"]:
            raise forms.ValidationError(_("The portal knows no indicator of this code."))
        if self.draft.result and self.draft.result.indicator_id != self.indicator_chosen.pk:
            raise forms.ValidationError(_("A result stays with its indicator. Withdraw this, and report on the other."))
        return self.indicator_chosen

    def clean_items(self) -> dict[NamedItem | str, int]:
        """Names that the indicator knows are its items, others are words that will name new ones."""
        if not self.cleaned_data["items"]:
            return {}
        known = {one.name.casefold(): one for one in NamedItem.objects.filter(indicator=self.indicator_chosen)}
        found: dict[NamedItem | str, int] = {}
        seen = set()
        for number, row in enumerate(self.cleaned_data["items"]):
            folded = row["name"].casefold()
            if folded in seen:
                raise WrongCell(_("“%(name)s” is named twice.") % {"name": row["name"]}, number, "name")
            seen.add(folded)
            found[known.get(folded, row["name"])] = row["adoptions"] or 1
        return found

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"]
        texts = ResultText.objects.filter(result=self.draft.result_id).exclude(state=TextState.ORIGINAL)
        if self.draft.result_id and texts.filter(language=language).exists():
            raise forms.ValidationError(_("There is a translation into this language already; write in another one."))
        return language

    def clean(self) -> dict[str, Any]:
        written = self.cleaned_data
        indicator: Indicator | None = written.get("indicator")
        if indicator is None or not {"place", "period"} <= written.keys():
            return written
        if written.get("value") is not None and not self.counts:
            self.add_error("value", _("This indicator takes no number."))
        if written.get("yes") and not self.says_yes:
            self.add_error("yes", _("This indicator takes no yes or no."))
        shows = written.get("evidence") or written.get("source")
        if written.get("yes") == "yes" and not shows and "source" not in self.errors:
            self.add_error("source", _("Say what shows it: add a file, or say where it comes from."))
        if self.draft.initiative is None and not written.get("source") and not self.errors.get("source"):
            self.add_error("source", _("Say where it comes from, since no initiative reports it."))
        self.result = self._result(indicator, written)
        wrong = judge_result(result=self.result, parts=written.get("parts") or {}, items=written.get("items") or {})
        for name, sentences in wrong.items():
            self._refuse(_STANDS_UNDER.get(name, name), sentences)
        self.there = overlapping(self.result) if "period" in self.errors else None
        return written

    def _refuse(self, name: str, sentences: list[str]) -> None:
        """Say under the field what is wrong; what is wrong with it by itself was said already, and comes first."""
        if name not in self.fields:
            self.add_error(None, sentences)
        elif name not in self.errors:
            self.add_error(name, sentences)

    def _result(self, indicator: Indicator, written: Mapping[str, Any]) -> Result:
        """Return the result as it would be filed, in the place of the one that it corrects."""
        place, period = written["place"], written["period"]
        result = Result(
            pk=self.draft.result_id,
            indicator=indicator,
            entity=self.draft.entity,
            initiative=self.draft.initiative,
            country=place if isinstance(place, Country) else None,
            group=place if isinstance(place, CountryGroup) else None,
            category=next((one for one in self.kinds if one.code == written.get("category")), None),
            period_start=period.start,
            period_end=period.end,
            value_kind=indicator.value_kind,
            value=written.get("value"),
            yes={"yes": True, "no": False}.get(written.get("yes") or ""),
            no_value=written.get("no_value") or "",
            is_provisional=bool(written.get("is_provisional")),
            figures_note=written.get("figures_note") or "",
            source=written.get("source") or "",
        )
        code = written.get("unit")
        unit = Term.objects.filter(vocabulary__code=UNITS, code=code).first() if code else None
        result.unit = unit or indicator.unit
        result._state.adding = self.draft.result_id is None  # so that it is not held against the one that it corrects
        return result


def indicator_of_code(code: str) -> Indicator | None:
    """Return the indicator of a code with all that the form looks at."""
    found = Indicator.objects.filter(code=code).select_related("unit", "workplan")
    return found.prefetch_related("texts", "breakdowns__categories__breakdown").first()


RICH_TEXTS = {"narrative"}

#: The columns of a result that its form says.
COLUMNS = [
    *("country", "group", "category", "period_start", "period_end", "unit", "value", "yes", "no_value"),
    *("is_provisional", "figures_note", "source"),
]


def _named(code: str) -> str:
    """Return what a place is called that is not offered."""
    try:
        return str(PlaceField().clean(code))
    except forms.ValidationError:
        return code


def places_of(initiative: Initiative | None) -> tuple[list[Country], list[CountryGroup]]:
    """Return the countries and groups in which an initiative works, by name; all of them where it is without bounds."""
    if initiative is None or initiative.covers_all_member_states:
        countries, groups = Country.objects.public(), CountryGroup.objects.all()
    else:
        groups = CountryGroup.objects.filter(initiative_places__initiative=initiative).distinct()
        members = GroupMembership.objects.in_force_on(timezone.localdate()).filter(group__in=groups.values("pk"))
        own = Q(initiative_places__initiative=initiative) | Q(pk__in=members.values("country"))
        countries = Country.objects.filter(own).distinct()
    return sorted(countries, key=lambda one: one.name), sorted(groups, key=lambda one: one.name)


# What all drafts have


def form_for(draft: Draft, sent: Any = None, **options: Any) -> ResultForm:
    """Return the form of the record that the draft is of."""
    return ResultForm(sent, draft=draft, **options)


def record_of(draft: Draft) -> Result | None:
    """Return the record as it is approved; None where the draft begins it."""
    return draft.result


def title_of(draft: Draft, content: dict[str, Value]) -> str:
    """Return what the draft is called."""
    if draft.initiative is None:
        return called(content, "")
    text = draft.initiative.texts.filter(variant=Variant.GENERAL, state=TextState.ORIGINAL).first()
    return called(content, text.title if text else draft.initiative.slug)


def called(content: Mapping[str, Value], title: str) -> str:
    """Return indicator, place and period, and the `title` of the initiative where there is one."""
    place = str(content.get("place") or "")
    words = [str(content.get("indicator") or ""), "" if place == NOT_SPLIT else place, str(content.get("period") or "")]
    return " · ".join(word for word in [*words, title] if word)


def needs_no_review(draft: Draft) -> bool:
    """Whether it is approved as soon as it is handed in."""
    return False


def beginning(indicator: Indicator, period: str) -> dict[str, Value]:
    """Return what a new result begins with."""
    return BLANK | {"indicator": indicator.code, "period": period, "language": reader_language()}


BLANK: dict[str, Value] = {
    name: [] if name in {"items", "parts", "evidence"} else "" for name in ResultForm.base_fields
}


def content_of(result: Result) -> dict[str, Value]:
    """Return what stands in the record, by the names of the form."""
    return contents_of([result])[result.pk]


def contents_of(results: Collection[Result]) -> dict[int, dict[str, Value]]:
    """Return what stands in each of these records, by its id, in a fixed number of queries."""
    pks = [result.pk for result in results]
    read = Result.objects.filter(pk__in=pks).select_related(
        "indicator", "initiative", "country", "group", "category", "unit"
    )
    parts = ResultPart.objects.select_related("category__breakdown")
    around = [
        Prefetch("texts", ResultText.objects.filter(state=TextState.ORIGINAL)),
        Prefetch("parts", parts.order_by("category__breakdown__code", "category__order")),
        Prefetch("item_links", ResultItem.objects.select_related("item").order_by("item__name")),
        Prefetch("evidence", Evidence.objects.order_by("pk")),
    ]
    return {result.pk: _content(result) for result in read.prefetch_related(*around)}


def _content(result: Result) -> dict[str, Value]:
    text = next(iter(result.texts.all()), None)
    return {
        "indicator": result.indicator.code,
        "place": place_code(result.country or result.group),
        "period": period_code(Period(result.period_start, result.period_end)),
        "category": result.category.code if result.category else "",
        "value": "" if result.value is None else digits(result.value),
        "yes": "" if result.yes is None else "yes" if result.yes else "no",
        "items": [{"name": one.item.name, "adoptions": str(one.adoptions)} for one in result.item_links.all()],
        "no_value": result.no_value,
        "unit": result.unit.code if result.unit and result.indicator.unit_id is None else "",
        "parts": [{"part": part_code(one.category), "value": digits(one.value)} for one in result.parts.all()],
        "figures_note": result.figures_note,
        "is_provisional": "on" if result.is_provisional else "",
        "source": result.source,
        "language": text.language if text else reader_language(),
        "narrative": text.narrative if text else "",
        "evidence": [evidence.row_of(one) for one in result.evidence.all()],
    }


class UnderWay:
    """What drafts tell that is not approved yet, each by a name: finds a second one of a place and of days.

    The constraint of results keeps apart what is approved.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[Any, ...], list[tuple[Period, Any]]] = defaultdict(list)

    def add(self, name: Any, initiative: int | None, content: Mapping[str, Value]) -> None:
        if (period := _period_in(content)) is not None:
            self._found[_about(initiative, content)].append((period, name))

    def other_than(self, name: Any, initiative: int | None, content: Mapping[str, Value]) -> Any:
        """Return the name of another one that tells of the same; None where none does."""
        period = _period_in(content)
        for known, other in self._found[_about(initiative, content)]:
            if period and other != name and known.start < period.end and period.start < known.end:
                return other
        return None


def _about(initiative: int | None, content: Mapping[str, Value]) -> tuple[Any, ...]:
    return (initiative, *(content.get(name) or "" for name in ("indicator", "place", "category")))


def _period_in(content: Mapping[str, Value]) -> Period | None:
    try:
        return read_period(str(content.get("period") or ""))
    except forms.ValidationError:
        return None


def under_way_in(drafts: DraftQuerySet) -> UnderWay:
    """Return what these drafts of results tell, in one query; each is named as in a workbook."""
    found = UnderWay()
    said = ("indicator", "place", "category", "period")
    rows = drafts.values_list("pk", "result", "initiative", *(f"content__{name}" for name in said))
    for pk, result, initiative, *values in rows:
        found.add(f"r{result}" if result else f"d{pk}", initiative, dict(zip(said, values, strict=True)))
    return found


def apply(draft: Draft, form: ResultForm, *, now: dt.datetime) -> None:
    """Write what a valid form says into the record, or into a new one. Needs a transaction.

    Who wrote and who approves stand in the draft. What the figures say is only changed as a correction with a reason.
    """
    written = form.cleaned_data
    said = {name: getattr(form.result, name) for name in COLUMNS}
    about = {"author": draft.saved_by, "author_role": role_in(draft.saved_by, draft.entity) if draft.saved_by else ""}
    if draft.result is None:
        result = form.result
        for name, value in about.items():
            setattr(result, name, value)
        result.decided_by, result.decision_note = draft.decided_by, draft.decision_note
        file_result(result=result, now=now, parts=written["parts"], items=written["items"])
        draft.result = result
    else:
        result = draft.result
        stood = {name: getattr(result, name) for name in COLUMNS}
        parts = {one.category: one.value for one in result.parts.select_related("category")}
        items = {one.item: one.adoptions for one in result.item_links.select_related("item")}
        if (said, written["parts"], written["items"]) != (stood, parts, items):
            assert draft.decided_by  # nothing of a result is approved without a person
            result = correct_result(
                result=result,
                changes=said | about,
                reason=draft.why,
                user=draft.decided_by,
                now=now,
                parts=written["parts"],
                items=written["items"],
                language=written["language"],
            )
    _write_text(result, written["language"], written["narrative"])
    # what shows a result on the initiative of another entity is kept with the result alone
    own = draft.initiative if draft.initiative and draft.initiative.entity_id == draft.entity_id else None
    result.evidence.set(evidence.kept(written["evidence"], initiative=own, language=written["language"]))
    Evidence.objects.filter(initiative=None, file__entity=draft.entity, results=None).delete()


def _write_text(result: Result, language: str, narrative: str) -> None:
    text = result.texts.filter(state=TextState.ORIGINAL).first()
    if text is None:
        if narrative:
            result.texts.create(state=TextState.ORIGINAL, language=language, narrative=narrative)
    elif (text.language, text.narrative) != (language, narrative):
        text.language, text.narrative = language, narrative
        text.save()
