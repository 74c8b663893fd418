"""Opening a submission and filling its sections."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext_lazy as _

from initiatives.choices import UpdateKind
from initiatives.models import Entity, Indicator, Initiative, JointInvitation
from initiatives.querysets import IndicatorQuerySet, InitiativeQuerySet
from portal.common.errors import PersonError
from reporting.choices import FillingRule, HeadingSource, ItemKind, TextSource
from reporting.models import Call, Item, Layout, Section, Submission
from reporting.models.layouts import Outline
from reporting.querysets import FINAL

YEARS_BY_RULE = 4  # up to the last one of the period, as columns
OUTLINE_FIELDS = [field.name for field in Outline._meta.get_fields()]


class CallWithoutLayout(PersonError):
    def __init__(self, call: Call, entity: Entity) -> None:
        self.sentence = _("The call %(call)s has no layout for %(entity)s. Add one in the administration.") % {
            "call": call,
            "entity": entity,
        }


class SubmissionIsSealed(PersonError):
    sentence = _("This submission is sealed: its text is final. For a late change, open a corrigendum or a revision.")


@transaction.atomic
def open_submission(*, call: Call, entities: Sequence[Entity], language: str = "en") -> Submission:
    """Return the submission of the entities to the call; open it with the sections of the layout where there is none.

    The layout is that of the first entity. Raises CallWithoutLayout.
    """
    slug = "-".join(entity.code for entity in entities)
    if existing := Submission.objects.filter(call=call, slug=slug).first():
        return existing
    layout = Layout.objects.filter(call=call, entity=entities[0], name="").first()
    if layout is None:
        raise CallWithoutLayout(call, entities[0])
    submission = Submission.objects.create(call=call, slug=slug, layout=layout, language=language)
    submission.entities.set(entities)
    for row in layout.sections.all():
        Section.objects.create(submission=submission, **{name: getattr(row, name) for name in OUTLINE_FIELDS})
    fill_sections(submission=submission)
    return submission


@transaction.atomic
def fill_sections(*, submission: Submission) -> int:
    """Add what the rule of each section finds and the section does not hold yet, at its end; return how many.

    What a hand has placed or changed stays as it is, and so does all of a submission whose text is final.
    """
    if Submission.objects.select_for_update().get(pk=submission.pk).state in FINAL:
        return 0
    add = {FillingRule.INITIATIVES: _add_initiatives, FillingRule.INDICATORS: _add_indicators}
    sections = submission.sections.select_for_update().filter(rule__in=add)
    return sum(add[FillingRule(section.rule)](section, submission) for section in sections)


def _add_initiatives(section: Section, submission: Submission) -> int:
    found = list(reported_initiatives(submission).exclude(items__section=section))
    last = _last_order(section)
    Item.objects.bulk_create(
        Item(
            section=section,
            order=last + position,
            kind=ItemKind.INITIATIVE,
            initiative=initiative,
            heading_source=HeadingSource.OWN,
            is_numbered=True,
            text_source=TextSource.PERIOD,
        )
        for position, initiative in enumerate(found, start=1)
    )
    return len(found)


def _add_indicators(section: Section, submission: Submission) -> int:
    """Add a table for each workplan, of the indicators that no table or chart of the section has yet."""
    held = {code for codes in section.items.values_list("indicators", flat=True) for code in codes}
    by_workplan: dict[int, list[str]] = {}
    for indicator in indicators_of(submission).exclude(code__in=held):
        by_workplan.setdefault(indicator.workplan_id, []).append(indicator.code)
    last = _last_order(section)
    tables = []
    for position, codes in enumerate(by_workplan.values(), start=1):
        table = new_figures(section=section)
        table.order, table.indicators = last + position, codes
        tables.append(table)
    Item.objects.bulk_create(tables)
    return len(tables)


def _last_order(section: Section) -> int:
    return section.items.aggregate(last=Max("order"))["last"] or 0


# Tables and charts that a person places


def new_figures(*, section: Section) -> Item:
    """Return a table for the end of a section, not saved yet, of the last years up to the end of the period."""
    last_year = section.submission.call.last_year
    return Item(
        section=section,
        kind=ItemKind.TABLE,
        text_source=TextSource.NONE,
        first_year=last_year - YEARS_BY_RULE + 1,
        last_year=last_year,
    )


@transaction.atomic
def save_figures(*, item: Item) -> Item:
    """Keep a table or chart; a new one goes to the end of its section. Raises SubmissionIsSealed."""
    _hold_open(item)
    if item.pk is None:
        item.order = _last_order(item.section) + 1
    item.heading_source = HeadingSource.OTHER if item.heading else HeadingSource.NONE
    item.save()
    return item


@transaction.atomic
def remove_figures(*, item: Item) -> None:
    """Take a table or chart out of its section. Raises SubmissionIsSealed."""
    _hold_open(item)
    item.delete()


@transaction.atomic
def move_figures(*, item: Item, down: bool) -> None:
    """Change places with the item before or after it; at the end nothing moves. Raises SubmissionIsSealed."""
    _hold_open(item)
    item.refresh_from_db(fields=["order"])
    others = Item.objects.filter(section=item.section_id)
    after, before = others.filter(order__gt=item.order), others.filter(order__lt=item.order)
    beside = after.order_by("order").first() if down else before.order_by("-order").first()
    if beside is not None:
        item.order, beside.order = beside.order, item.order
        Item.objects.bulk_update([item, beside], ["order"])


def _hold_open(item: Item) -> None:
    """Lock the submission of an item; raise SubmissionIsSealed where its text is final."""
    submission = Submission.objects.select_for_update().get(sections=item.section_id)
    if submission.state in FINAL:
        raise SubmissionIsSealed


def indicators_of(submission: Submission) -> IndicatorQuerySet:
    """Indicators of the workplans of the entities in the edition that is in force, without those retired before."""
    return (
        Indicator.objects.filter(workplan__entity__in=submission.entities.all(), workplan__superseded_by=None)
        .exclude(retired_on__lte=submission.call.period_start)
        .order_by("workplan", "order", "code")
    )


def reported_initiatives(submission: Submission) -> InitiativeQuerySet:
    """Public initiatives of the entities that count as such and have an approved update for the period of the call.

    Also those of others that they have joined, with an update of theirs: it is printed although the joint work may
    have ended since. "Nothing to report" is no report. What was archived or merged stands where it stood, and comes to
    no new section.
    """
    call = submission.call
    joined = JointInvitation.objects.ever_joined().filter(entity__in=submission.entities.all())
    return (
        Initiative.objects.public()
        .listed()
        .counted()
        .filter(
            Q(entity__in=submission.entities.all()) | Q(pk__in=joined.values("initiative")),
            updates__kind__in=[UpdateKind.NEWS, UpdateKind.STILL_TRUE],
            updates__entity__in=submission.entities.all(),
            updates__period_start__lt=call.period_end,
            updates__period_end__gt=call.period_start,
        )
        .distinct()
        .with_title(submission.language)
        .order_by(F("title"), "pk")
    )
