"""What the list of submissions is filtered by: on its page, in exports and in the API."""

from typing import ClassVar

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from initiatives.filters import ENTITIES, YEARS
from portal.common.filters import Column, Facet, Links, Order, RecordFilter, Rows, Search, Words, YearsBetween
from portal.common.languages import Language
from reporting.choices import SubmissionState
from reporting.models import Call, Delivery, Item, Section, Submission
from reporting.models.submissions import SubmissionEntity
from reporting.search import matching


class SubmissionFilter(RecordFilter):
    """Submissions. The year is the one that they report on."""

    q = Search(_("Words"), find=matching)
    entity = Facet(
        _("Entity"),
        among=ENTITIES,
        source=Links(
            lambda: SubmissionEntity.objects.values_list("submission_id", "entity_id"),
            lambda keys: SubmissionEntity.objects.filter(entity__in=keys).values("submission"),
        ),
    )
    call = Facet(_("Call"), among=Rows(Call.objects.for_listing, value="slug"), source=Column("call_id"))
    year = Facet(_("Year reported on"), among=YEARS, source=YearsBetween("call__period_start", "call__period_end"))
    state = Facet(_("State"), among=Words(SubmissionState), source=Column("state"), alone=False)
    language = Facet(_("Language"), among=Words(Language), source=Column("language"), alone=False)

    default_order = "call"
    orders: ClassVar = {
        "call": Order(_("Latest call first"), ["-call__period_start", "call__slug", "slug", "pk"]),
        "entity": Order(_("By entity"), ["slug", "-call__period_start", "pk"]),
        "published": Order(_("Latest published first"), [F("published_at").desc(nulls_last=True), "-pk"]),
    }
    watched = (Submission, SubmissionEntity, Section, Item, Call, Delivery)

    class Meta(RecordFilter.Meta):
        model = Submission
