"""Filing and correcting results: what the constraints of a row cannot see is judged here.

A result comes here approved. Forms, the offline workbook and the API judge by the same function before.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from initiatives.choices import NUMBERS, PERCENT, BreakdownKind, ValueKind
from initiatives.models import (
    Category,
    Evidence,
    GroupMembership,
    Indicator,
    NamedItem,
    Result,
    ResultItem,
    ResultPart,
    ResultText,
)
from initiatives.tasks import add_up_later
from portal.common.decimals import digits
from portal.common.errors import PersonError
from portal.common.forms import errors_by_field
from portal.common.languages import reader_language
from portal.models import User

Errors = dict[str, list[str]]
#: The named items of a result with how many adopted each; words name one that is not there yet.
Items = Mapping[NamedItem | str, int]

#: The field that each constraint is about, for those that look at several.
_ABOUT = {
    "result_period_ends_after_it_starts": "period_end",
    "result_is_of_a_country_or_a_group": "country",
    "result_has_a_value_or_says_why_not": "value",
    "yes_is_said_of_a_country": "country",
    "result_is_a_number": "value",
    "result_is_not_negative": "value",
    "things_are_counted_whole": "value",
    "share_is_a_hundred_at_most": "value",
    "number_has_a_unit": "unit",
    "results_of_a_place_do_not_overlap": "period_start",
}


class ResultRefused(PersonError):
    """Carries what is wrong by field; what is wrong with the whole stands under "__all__"."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(errors)
        self.errors = errors
        self.sentence = " ".join(sentence for sentences in errors.values() for sentence in sentences)


def judge_result(
    *, result: Result, parts: Mapping[Category, Decimal] | None = None, items: Items | None = None
) -> Errors:
    """Return what is wrong with a result, with its parts and named items, by field; nothing where it may be filed."""
    errors: Errors = defaultdict(list)
    indicator = Indicator.objects.select_related("unit").filter(pk=result.indicator_id).first()
    if indicator is None:
        return {"indicator": [_("Say which indicator it is of.")]}
    result.value_kind = indicator.value_kind  # the fields are judged before what they say together
    try:
        result.full_clean(exclude=["decided_at"])  # what is judged is approved later
    except ValidationError as refused:
        errors.update(errors_by_field(refused, Result, _ABOUT))
        if "value" in errors and indicator.value_kind == ValueKind.YES:
            errors["yes"] = errors.pop("value")
        if "period_start" in errors and (there := overlapping(result)):
            where = {"address": there.get_absolute_url()}
            errors["period_start"].append(_("It is at %(address)s: correct that one, or choose other days.") % where)
    if result.period_end and indicator.retired_on and result.dated_on >= indicator.retired_on:
        errors["period_end"].append(_("The indicator is retired: it takes results up to the day before that."))
    if result.period_end and indicator.since_on and result.period_end <= indicator.since_on:
        since = date_format(indicator.since_on, "DATE_FORMAT")
        errors["period_end"].append(
            _("The indicator counts since %(day)s, and the period ends before that.") % {"day": since}
        )
    if result.period_start and result.period_start > timezone.localdate():
        errors["period_start"].append(_("The period has not begun yet: a result is what was reached."))
    if not errors:
        for name, sentence in _about(result, indicator, parts or {}, items or {}):
            errors[name].append(sentence)
    return dict(errors)


def overlapping(result: Result) -> Result | None:
    """Return the result that is there already for the place and for days of the period of another one."""
    if not (result.period_start and result.period_end):
        return None
    reporter = {"initiative": result.initiative_id} if result.initiative_id else {"entity": result.entity_id}
    same = Result.objects.filter(
        **reporter,
        initiative__isnull=result.initiative_id is None,
        indicator=result.indicator_id,
        country=result.country_id,
        group=result.group_id,
        category=result.category_id,
        period_start__lt=result.period_end,
        period_end__gt=result.period_start,
    )
    return same.exclude(pk=result.pk).first()


def _about(
    result: Result, indicator: Indicator, parts: Mapping[Category, Decimal], items: Items
) -> Iterator[tuple[str, str]]:
    """Yield what is wrong, each with its field."""
    if not _is_among_places(result):
        place = {"place": result.country or result.group}
        name = "country" if result.country_id else "group"
        yield name, _("The initiative does not work in: %(place)s. Add it there first.") % place
    if _is_above_all(result, indicator) and not result.figures_note:
        yield "value", _("This is more than 100 per cent: change it, or say why it is right.")
    yield from _about_parts(result, indicator, parts)
    if indicator.value_kind == ValueKind.ITEMS:
        if bool(items) == bool(result.no_value):
            yield "items", _("Name what it is about, or say why there is nothing: one of the two.")
        if any(isinstance(item, NamedItem) and item.indicator_id != indicator.pk for item in items):
            yield "items", _("One of these belongs to another indicator.")
        if any(number < 1 for number in items.values()):
            yield "items", _("What is named was adopted at least once.")
    elif items:
        yield "items", _("This indicator counts no named items.")


def may_be_above_all(indicator: Indicator) -> bool:
    """Whether more than 100 per cent may be meant, and is asked about: of a share it is refused, of a change usual."""
    is_asked = indicator.value_kind in NUMBERS and indicator.value_kind not in {ValueKind.SHARE, ValueKind.CHANGE}
    return is_asked and (indicator.unit is None or indicator.unit.code == PERCENT)


def _is_above_all(result: Result, indicator: Indicator) -> bool:
    is_percent = result.unit is not None and result.unit.code == PERCENT
    return is_percent and result.value is not None and result.value > 100 and may_be_above_all(indicator)


def _is_among_places(result: Result) -> bool:
    """Whether the initiative works in the country or group, by itself or through a group of the day."""
    initiative = result.initiative
    if initiative is None or initiative.covers_all_member_states or not (result.country_id or result.group_id):
        return True
    places = initiative.places.all()
    if result.group_id:
        return places.filter(group=result.group_id).exists()
    inside = GroupMembership.objects.in_force_on(result.dated_on).filter(country=result.country_id)
    return places.filter(country=result.country_id).exists() or places.filter(group__in=inside.values("group")).exists()


def _about_parts(result: Result, indicator: Indicator, parts: Mapping[Category, Decimal]) -> Iterator[tuple[str, str]]:
    known = set(
        Category.objects.filter(breakdown__indicator=indicator, breakdown__kind=BreakdownKind.PARTS).values_list(
            "pk", flat=True
        )
    )
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for category, value in parts.items():
        if category.pk not in known:
            yield "parts", _("“%(part)s” is no part of this indicator.") % {"part": category}
        elif not value.is_finite() or (value < 0 and indicator.value_kind != ValueKind.CHANGE):
            yield "parts", _("“%(part)s”: this is no number of a part.") % {"part": category}
        else:
            sums[category.breakdown_id] += value
    if parts and result.value is None:
        yield "parts", _("There are parts, but not the whole: give the value too.")
    elif any(whole != result.value for whole in sums.values()) and not result.figures_note:
        wrong = next(whole for whole in sums.values() if whole != result.value)
        yield (
            "parts",
            _("The parts make %(parts)s and the whole is %(whole)s: change one of them, or say why that is right.")
            % {"parts": digits(wrong), "whole": digits(result.value or Decimal())},
        )


@transaction.atomic
def file_result(
    *,
    result: Result,
    now: dt.datetime,
    parts: Mapping[Category, Decimal] | None = None,
    items: Items | None = None,
    narratives: Mapping[str, str] | None = None,
    evidence: Collection[Evidence] = (),
) -> Result:
    """File a new, approved result. The first narrative is the original; new named items are in its language.

    Raises ResultRefused.
    """
    result.decided_at = result.decided_at or now
    if errors := judge_result(result=result, parts=parts, items=items):
        raise ResultRefused(errors)
    result.save(force_insert=True)
    _write_around(result, parts or {}, items or {}, next(iter(narratives or {}), reader_language()))
    for number, (language, narrative) in enumerate((narratives or {}).items()):
        state = {"state": "checked", "based_on": 1} if number else {}
        ResultText.objects.create(result=result, language=language, narrative=narrative, **state)
    result.evidence.set(evidence)
    add_up_later(result.indicator_id)
    return result


@transaction.atomic
def correct_result(
    *,
    result: Result,
    changes: Mapping[str, Any],
    reason: str,
    user: User,
    now: dt.datetime,
    parts: Mapping[Category, Decimal] | None = None,
    items: Items | None = None,
    language: str = "",
) -> Result:
    """Change fields of a filed result. The history keeps what stood there. Parts and items not given stay.

    `language` is that of named items that are new.
    Raises ResultRefused, also where no reason is given.
    """
    current = Result.objects.select_for_update(of=("self",)).get(pk=result.pk)
    if not reason.strip():
        raise ResultRefused({"correction_reason": [_("Say why it is corrected.")]})
    for name, value in changes.items():
        setattr(current, name, value)
    current.corrected_at, current.correction_reason = now, reason
    current.decided_by, current.decided_at, current.decision_note = user, now, reason
    stands = {part.category: part.value for part in current.parts.select_related("category")}
    named: dict[NamedItem | str, int] = {
        link.item: link.adoptions for link in current.item_links.select_related("item")
    }
    parts, items = stands if parts is None else parts, named if items is None else items
    if errors := judge_result(result=current, parts=parts, items=items):
        raise ResultRefused(errors)
    current.save()
    if (parts, items) != (stands, named):
        current.parts.all().delete()
        current.item_links.all().delete()
        _write_around(current, parts, items, language or reader_language())
    add_up_later(current.indicator_id)
    return current


def _write_around(result: Result, parts: Mapping[Category, Decimal], items: Items, language: str) -> None:
    ResultPart.objects.bulk_create(ResultPart(result=result, category=one, value=value) for one, value in parts.items())
    ResultItem.objects.bulk_create(
        ResultItem(result=result, item=_item(result, one, language), adoptions=number) for one, number in items.items()
    )


def _item(result: Result, named: NamedItem | str, language: str) -> NamedItem:
    """Return the named item, one that is there by these words, or a new one."""
    if isinstance(named, NamedItem):
        return named
    known = NamedItem.objects.filter(indicator=result.indicator_id, name__iexact=named).first()
    return known or NamedItem.objects.create(indicator_id=result.indicator_id, name=named, language=language)
