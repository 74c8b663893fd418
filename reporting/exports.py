"""What files of lists of submissions hold."""

from collections import defaultdict
from collections.abc import Iterator

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from initiatives.exports import AddressOf, Facts, Named, batches, last_day, words_for
from initiatives.models import Entity
from portal.common.exports import Column
from portal.models import User
from reporting.choices import SubmissionState
from reporting.models import Call, Submission
from reporting.models.submissions import SubmissionEntity


def submission_columns() -> list[Column]:
    return [
        Column("address", _("Address")),
        Column("entity_codes", _("Entities (codes)")),
        Column("entities", _("Entities")),
        Column("issue", _("Issue")),
        Column("call_code", _("Call (code)")),
        Column("call", _("Call")),
        Column("period_start", _("First day of the period")),
        Column("period_end", _("Last day of the period")),
        Column("language", _("Language")),
        Column("state_code", _("State (code)")),
        Column("state", _("State")),
        Column("published_at", _("Published (UTC)")),
    ]


def submission_rows(
    submissions: QuerySet[Submission], *, address_of: AddressOf, user: User | AnonymousUser
) -> Iterator[Facts]:
    """Yield what a file says of each submission, in their order."""
    entities, states = Named(Entity), words_for(SubmissionState)
    calls = {call.pk: call for call in Call.objects.select_related("session")}
    rows = submissions.values(
        *("pk", "call", "slug", "language", "state", "issue_kind", "issue_number", "published_at"),
    )
    for batch in batches(rows):
        of: dict[int, list[int]] = defaultdict(list)
        links = SubmissionEntity.objects.filter(submission__in=[row["pk"] for row in batch]).order_by("entity__acronym")
        for submission, entity in links.values_list("submission", "entity"):
            of[submission].append(entity)
        for row in batch:
            call = calls[row["call"]]
            yield {
                "address": address_of(reverse("submission_detail", args=[call.slug, row["slug"]])),
                "entity_codes": entities.codes(of[row["pk"]]),
                "entities": entities.names(of[row["pk"]]),
                "issue": Submission(issue_kind=row["issue_kind"], issue_number=row["issue_number"]).mark or None,
                "call_code": call.slug,
                "call": str(call),
                "period_start": call.period_start,
                "period_end": last_day(call.period_end),
                "language": row["language"],
                "state_code": row["state"],
                "state": states[row["state"]],
                "published_at": row["published_at"],
            }
