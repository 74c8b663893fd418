"""Filters, counts and orders on one model, and who sees which rows."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import (
    Case,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, ExtractYear, Now
from django.db.models.lookups import Exact, LessThanOrEqual
from django.utils import timezone

from initiatives.choices import (
    ENTITY_ROLES,
    KEPT_INSIDE,
    MIDDLE_INCOME,
    NOT_PRINTED,
    NUMBERS,
    OPEN_DRAFTS,
    OPEN_INVITATIONS,
    PLANNED,
    DraftOf,
    DraftState,
    EntryType,
    InvitationState,
    MailingState,
    Readiness,
    Role,
    TargetKind,
    TextState,
    UnMembership,
    UpdateKind,
    Variant,
)
from portal.common.languages import reader_language

if TYPE_CHECKING:
    from initiatives import models as records  # named in strings
    from portal.models import User


def entities_of(user: User | AnonymousUser, *roles: str) -> list[int]:
    """The ids of the entities in which the person holds one of the roles today."""
    return sorted({entity for role, entity in roles_today(user) if role in roles and entity})


def roles_today(user: User | AnonymousUser) -> list[tuple[str, int | None]]:
    """Return the roles that the person holds today, each with its entity where it has one.

    They are read once for an instance of the person, which lives as long as a request: a page asks a dozen times, and
    ids make shorter statements than the subquery that finds them.
    """
    if not user.is_authenticated:
        return []
    if not hasattr(user, "_roles_today"):
        held = user.memberships.active_on(timezone.localdate()).values_list("role", "entity")
        user._roles_today = list(held)  # type: ignore[attr-defined]
    return user._roles_today  # type: ignore[attr-defined]


class MembershipQuerySet(models.QuerySet["records.Membership"]):
    def active_on(self, day: dt.date) -> MembershipQuerySet:
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)

    def visible_to(self, user: User | AnonymousUser) -> MembershipQuerySet:
        """Names of people are seen inside their entity; everyone sees what they are themselves."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(user=user) | Q(entity__in=entities_of(user, *ENTITY_ROLES)))


def fiscal_year(day: dt.date) -> int:
    """Return the World Bank fiscal year that contains the day: 1 July 2021 to 30 June 2022 is 2022."""
    return day.year + (day.month >= 7)


def _in_force_on(day: dt.date) -> Q:
    """Begun by that day, or nobody knows when, and not ended."""
    return Q(Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gt=day))


class ParticipationQuerySet(models.QuerySet["records.Participation"]):
    def in_force_on(self, day: dt.date) -> ParticipationQuerySet:
        return self.filter(_in_force_on(day))


class FacilitationQuerySet(models.QuerySet["records.Facilitation"]):
    def in_force_on(self, day: dt.date) -> FacilitationQuerySet:
        return self.filter(_in_force_on(day))


class GroupMembershipQuerySet(models.QuerySet["records.GroupMembership"]):
    def in_force_on(self, day: dt.date) -> GroupMembershipQuerySet:
        return self.filter(_in_force_on(day))


class CountryQuerySet(models.QuerySet["records.Country"]):
    def public(self) -> CountryQuerySet:
        """Countries and areas of the M49 standard; supplementary entries are used for nothing public."""
        return self.filter(entry_type=EntryType.M49)

    def states(self) -> CountryQuerySet:
        """Member States and observers: what pages, tiles and counts hold."""
        return self.public().filter(un_member__in=[UnMembership.MEMBER, UnMembership.OBSERVER])

    def with_income_group(self, *, on: dt.date) -> CountryQuerySet:
        """Annotate `income_group`: that of the day; empty or None where the country is unclassified then."""
        return self.annotate(
            classified=FilteredRelation(
                "income_classifications", condition=Q(income_classifications__fiscal_year=fiscal_year(on))
            ),
            income_group=F("classified__income_group"),
        )

    def middle_income(self, *, on: dt.date) -> CountryQuerySet:
        """Lower and upper middle income in the fiscal year of the World Bank that contains the day."""
        return self.with_income_group(on=on).filter(Q(income_group__in=MIDDLE_INCOME))


class CountryGroupQuerySet(models.QuerySet["records.CountryGroup"]):
    def of_country(self, country: records.Country, *, on: dt.date) -> CountryGroupQuerySet:
        """Those that the country is in on the day."""
        return self.filter(pk__in=country.memberships.in_force_on(on).values("group"))


class WorkplanQuerySet(models.QuerySet["records.Workplan"]):
    def visible_to(self, user: User | AnonymousUser) -> WorkplanQuerySet:
        """Workplans are public."""
        return self

    def written_by(self, user: User | AnonymousUser) -> WorkplanQuerySet:
        """Those of entities in whose secretariat the person is."""
        return self.filter(entity__in=entities_of(user, Role.SECRETARIAT))


class MatrixQuerySet(models.QuerySet[Any]):
    """Areas and entries of workplans."""

    def in_force(self) -> MatrixQuerySet:
        """Those that are part of their workplan still."""
        return self.filter(retired_because="")


class IndicatorQuerySet(models.QuerySet["records.Indicator"]):
    def visible_to(self, user: User | AnonymousUser) -> IndicatorQuerySet:
        """Indicators are public."""
        return self

    def in_force(self, on: dt.date) -> IndicatorQuerySet:
        """Those that are not retired on the day."""
        return self.filter(Q(retired_on=None) | Q(retired_on__gt=on))

    def with_readiness(self) -> IndicatorQuerySet:
        """Annotate `readiness`, from what is defined, aimed at and publicly reported."""
        results: Any = self.model._meta.get_field("results").related_model
        targets: Any = self.model._meta.get_field("targets").related_model
        known = results._default_manager.public().filter(indicator=OuterRef("pk"), no_value="")
        year = ExtractYear(ExpressionWrapper(F("period_end") - dt.timedelta(days=1), output_field=models.DateField()))
        first = known.order_by("period_end").annotate(year=year).values("year")[:1]
        last = known.order_by("-period_end").annotate(year=year).values("year")[:1]
        baselines = targets._default_manager.in_force().filter(indicator=OuterRef("pk"), kind=TargetKind.BASELINE)
        return self.annotate(
            readiness=Case(
                When(Q(unit=None, value_kind__in=NUMBERS), then=Value(Readiness.UNIT_PENDING)),
                When(~Exists(known), then=Value(Readiness.DEFINED)),
                When(Exact(Subquery(first), Subquery(last)), then=Value(Readiness.FIRST_DATA)),
                When(~Exists(baselines), then=Value(Readiness.NO_BASELINE)),
                default=Value(Readiness.REPORTABLE),
                output_field=models.CharField(),
            )
        )


class TargetQuerySet(models.QuerySet["records.Target"]):
    def in_force(self) -> TargetQuerySet:
        """The last row for each indicator, kind and year, unless it took back what was said."""
        return self.filter(self._holds())

    def knowing_in_force(self) -> TargetQuerySet:
        """Annotate `is_in_force`."""
        return self.annotate(is_in_force=ExpressionWrapper(self._holds(), output_field=models.BooleanField()))

    def _holds(self) -> Q:
        later = self.model._default_manager.annotate(of_kind=Coalesce("category_id", 0)).filter(
            of_kind=Coalesce(OuterRef("category_id"), 0),
            indicator=OuterRef("indicator"),
            kind=OuterRef("kind"),
            year=OuterRef("year"),
            pk__gt=OuterRef("pk"),
        )
        return ~Exists(later) & Q(value__isnull=False)


class ResultQuerySet(models.QuerySet["records.Result"]):
    def public(self) -> ResultQuerySet:
        """Those of public initiatives, and what an entity reports directly."""
        return self.filter(Q(initiative=None) | Q(initiative__published_at__lte=Now()))

    def public_each_by_key(self) -> ResultQuerySet:
        """The same for few results: the initiative of each is looked up, where `public` may read all initiatives.

        For 400 results of 20,000 initiatives that takes 1 ms instead of 6.
        """
        initiatives: Any = self.model._meta.get_field("initiative").related_model
        published_at = initiatives.objects.filter(pk=OuterRef("initiative")).values("published_at")
        return self.filter(Q(initiative=None) | LessThanOrEqual(Subquery(published_at), Now()))

    def visible_to(self, user: User | AnonymousUser) -> ResultQuerySet:
        """What is public, and everything of one's own entity."""
        public = Q(initiative=None) | Q(initiative__published_at__lte=Now())
        return self.filter(public | Q(entity__in=entities_of(user, *ENTITY_ROLES)))

    def for_listing(self) -> ResultQuerySet:
        """The latest first, with all that a row shows. As joins it would take longer to plan than to read."""
        shown = self.select_related("indicator", "unit").prefetch_related("country", "group", "category")
        return shown.order_by("-period_end", "indicator__code", "pk")


class EntityQuerySet(models.QuerySet["records.Entity"]):
    def visible_to(self, user: User | AnonymousUser) -> EntityQuerySet:
        """Entities are public."""
        return self

    def for_listing(self) -> EntityQuerySet:
        """With the action lines that they facilitate today, in a fixed number of queries."""
        roles: Any = self.model._meta.get_field("facilitations").related_model
        today = roles.objects.in_force_on(timezone.localdate()).select_related("line").order_by("line__order", "pk")
        return self.prefetch_related(Prefetch("facilitations", today, to_attr="roles_today"))

    def written_by(self, user: User | AnonymousUser) -> EntityQuerySet:
        """Entities whose records the person may write."""
        return self.filter(pk__in=entities_of(user, *ENTITY_ROLES))

    def planned_by(self, user: User | AnonymousUser) -> EntityQuerySet:
        """Entities whose workplans, indicators and targets the person may write: its secretariat."""
        return self.filter(pk__in=entities_of(user, Role.SECRETARIAT))

    def approved_by(self, user: User | AnonymousUser) -> EntityQuerySet:
        """Entities whose records the person may approve."""
        return self.filter(pk__in=entities_of(user, Role.FOCAL_POINT))

    def knowing_approver(self, user: User | AnonymousUser) -> EntityQuerySet:
        """Annotate `approves`: whether the person may approve their records."""
        return self.annotate(approves=Q(pk__in=entities_of(user, Role.FOCAL_POINT)))

    def composed_by(self, user: User | AnonymousUser) -> EntityQuerySet:
        """Entities whose submissions the person may compose and compile."""
        return self.filter(pk__in=entities_of(user, Role.FOCAL_POINT, Role.SECRETARIAT))

    def sealed_by(self, user: User | AnonymousUser) -> EntityQuerySet:
        """Entities whose submissions the person may seal and send."""
        return self.filter(pk__in=entities_of(user, Role.SECRETARIAT))


#: Of initiatives: the one of which an update was approved last, first. An index of their summaries has this order.
LATEST_FIRST = [F("summary__last_approved_at").desc(nulls_last=True), F("summary__initiative_id").desc()]


class InitiativeQuerySet(models.QuerySet["records.Initiative"]):
    def public(self) -> InitiativeQuerySet:
        return self.filter(published_at__lte=Now())

    def visible_to(self, user: User | AnonymousUser) -> InitiativeQuerySet:
        """What is public, everything of one's own entity, and what it is invited to or has joined."""
        public = self.filter(published_at__lte=Now())
        if not user.is_authenticated:
            return public
        invitations: Any = self.model._meta.get_field("joint_invitations").related_model
        own = entities_of(user, *ENTITY_ROLES)
        return self.filter(
            Q(published_at__lte=Now())
            | Q(entity__in=own)
            | Q(pk__in=invitations.objects.open().filter(entity__in=own).values("initiative"))
        )

    def written_by(self, user: User | AnonymousUser) -> InitiativeQuerySet:
        """Those that the person may write updates about: of their entities, and those that these have joined."""
        return self.written_for(entities_of(user, *ENTITY_ROLES))

    def written_for(self, entities: Any) -> InitiativeQuerySet:
        """Those that the entities report on: their own, and those that they have joined."""
        invitations: Any = self.model._meta.get_field("joint_invitations").related_model
        joined = invitations.objects.joined().filter(entity__in=entities)
        return self.filter(Q(entity__in=entities) | Q(pk__in=joined.values("initiative")))

    def listed(self) -> InitiativeQuerySet:
        """Without those that were archived or merged into another: their pages stay."""
        return self.filter(archived_at=None, merged_into=None)

    def knowing_holder(self, day: dt.date) -> InitiativeQuerySet:
        """Annotate `lacks_holder`: nobody holds it, or somebody who does not serve the entity any more."""
        entities: Any = self.model._meta.get_field("entity").related_model
        memberships: Any = entities._meta.get_field("memberships").related_model
        serving = memberships.objects.active_on(day).filter(role__in=ENTITY_ROLES, user__is_active=True)
        holding = serving.filter(user=OuterRef("holder"), entity=OuterRef("entity"))
        return self.annotate(lacks_holder=~Exists(holding))

    def without_holder(self, day: dt.date) -> InitiativeQuerySet:
        return self.knowing_holder(day).filter(Q(lacks_holder=True))

    def counted(self) -> InitiativeQuerySet:
        """Those of a kind that counts as an initiative: a mere context or coordination does not."""
        return self.filter(kind__counts_as_initiative=True)

    def with_title(self, language: str | None = None) -> InitiativeQuerySet:
        """Annotate `title` and `title_language`: in the language asked for, else the original."""
        # unique constraints allow one text each, so the joins add no rows
        return self.annotate(
            asked_text=FilteredRelation(
                "texts",
                condition=Q(texts__variant=Variant.GENERAL, texts__language=language or reader_language()),
            ),
            original_text=FilteredRelation(
                "texts", condition=Q(texts__variant=Variant.GENERAL, texts__state=TextState.ORIGINAL)
            ),
        ).annotate(
            title=Coalesce("asked_text__title", "original_text__title"),
            title_language=Coalesce("asked_text__language", "original_text__language"),
        )

    def with_last_approval(self) -> InitiativeQuerySet:
        """Annotate `last_approved_at`: when an update was approved last."""
        return self.annotate(last_approved_at=F("summary__last_approved_at"))

    def through_summaries(self) -> InitiativeQuerySet:
        """All of them: each has a summary. Said so, the join may begin there, in the order of its indexes."""
        return self.filter(summary__isnull=False)

    def latest_first(self) -> InitiativeQuerySet:
        return self.through_summaries().order_by(*LATEST_FIRST)

    def for_listing(self) -> InitiativeQuerySet:
        """With what the initiative itself leads to; `queries.on_cards` reads what a card shows of other tables."""
        return (
            self.with_title().with_last_approval().select_related("entity", "kind").order_by("summary__title_key", "pk")
        )

    def for_detail(self) -> InitiativeQuerySet:
        """With what the initiative itself leads to; `queries.read_rows_of` reads what leads to it."""
        return self.with_title().select_related("entity", "kind")


class UpdateQuerySet(models.QuerySet["records.Update"]):
    def visible_to(self, user: User | AnonymousUser) -> UpdateQuerySet:
        """Those of public initiatives, everything of one's own entity, and both sides of joint initiatives."""
        public = Q(initiative__published_at__lte=Now())
        if not user.is_authenticated:
            return self.filter(public)
        own = entities_of(user, *ENTITY_ROLES)
        initiatives: Any = self.model._meta.get_field("initiative").related_model
        invitations: Any = initiatives._meta.get_field("joint_invitations").related_model
        joined = invitations.objects.joined().filter(entity__in=own).values("initiative")
        joint = Q(initiative__entity__in=own) | Q(initiative__in=joined)
        return self.filter(public | Q(entity__in=own) | joint)

    def listed(self) -> UpdateQuerySet:
        """Without those of initiatives that were archived or merged into another: they stay on their pages."""
        return self.filter(initiative__archived_at=None, initiative__merged_into=None)

    def knowing_reader(self, user: User | AnonymousUser) -> UpdateQuerySet:
        """Annotate `shows_initiative`: whether the person sees the initiative too, which may be another entity's."""
        initiatives: Any = self.model._meta.get_field("initiative").related_model
        seen = initiatives._default_manager.visible_to(user).filter(pk=OuterRef("initiative"))
        # looked up for each row that is shown: by EXISTS the database would read all initiatives for a page of five
        is_seen = Subquery(seen.order_by().values(seen=Value(True))[:1])
        return self.annotate(shows_initiative=Coalesce(is_seen, Value(False)))

    def overlapping(self, start: dt.date, end: dt.date) -> UpdateQuerySet:
        return self.filter(period_start__lt=end, period_end__gt=start)

    def for_timeline(self) -> UpdateQuerySet:
        """Latest first, with their texts."""
        return self.select_related("entity", "initiative").prefetch_related("texts").order_by("-period_start", "-pk")

    def for_listing(self) -> UpdateQuerySet:
        """With all that a row of the list shows, in a fixed number of queries."""
        return self.select_related("entity", "initiative__entity").prefetch_related("texts", "initiative__texts")

    def with_paragraph(self) -> UpdateQuerySet:
        """Those that told news: "still true" and "nothing to report" print no paragraph of their own."""
        return self.filter(kind=UpdateKind.NEWS)


class DraftQuerySet(models.QuerySet["records.Draft"]):
    def visible_to(self, user: User | AnonymousUser) -> DraftQuerySet:
        """Those of one's own entity, and of joint initiatives what their entities write for all to read.

        Who has joined reads changes of the initiative, its owner the own texts of who has joined. Updates stay with
        their entity until they are approved: their form promises that part of it is for that entity alone.
        """
        own = entities_of(user, *ENTITY_ROLES)
        if not user.is_authenticated:
            return self.none()
        initiatives: Any = self.model._meta.get_field("initiative").related_model
        invitations: Any = initiatives._meta.get_field("joint_invitations").related_model
        joined = invitations.objects.joined()
        of_owner = Q(of=DraftOf.INITIATIVE, initiative__in=joined.filter(entity__in=own).values("initiative"))
        joining = joined.filter(initiative=OuterRef("initiative"), entity=OuterRef("entity"))
        of_joined = Q(Exists(joining), of=DraftOf.ENTITY_TEXT, initiative__entity__in=own)
        return self.filter(Q(entity__in=own) | of_owner | of_joined)

    def written_by(self, user: User | AnonymousUser) -> DraftQuerySet:
        """Those of a kind that the person may write for their entity: what is planned is for its secretariat alone."""
        planned = Q(of__in=PLANNED, entity__in=entities_of(user, Role.SECRETARIAT))
        return self.filter(planned | ~Q(of__in=PLANNED) & Q(entity__in=entities_of(user, *ENTITY_ROLES)))

    def open(self) -> DraftQuerySet:
        """Under way: neither approved nor withdrawn."""
        return self.filter(state__in=OPEN_DRAFTS)

    def approved(self) -> DraftQuerySet:
        return self.filter(state=DraftState.APPROVED)

    def of_updates(self) -> DraftQuerySet:
        return self.filter(of=DraftOf.UPDATE)

    def of_passages(self) -> DraftQuerySet:
        return self.filter(of=DraftOf.PASSAGE)

    def of_results(self) -> DraftQuerySet:
        return self.filter(of=DraftOf.RESULT)

    def of_targets(self) -> DraftQuerySet:
        return self.filter(of=DraftOf.TARGET)

    def of_indicators(self) -> DraftQuerySet:
        return self.filter(of=DraftOf.INDICATOR)

    def of_editions(self) -> DraftQuerySet:
        return self.filter(of=DraftOf.EDITION)

    def of_matrices(self) -> DraftQuerySet:
        """Of what stands in a workplan: its texts, areas and entries."""
        return self.filter(of__in=[DraftOf.WORKPLAN, DraftOf.AREA, DraftOf.ENTRY])

    def overlapping(self, start: dt.date, end: dt.date) -> DraftQuerySet:
        return self.filter(period_start__lt=end, period_end__gt=start)

    def listed(self) -> DraftQuerySet:
        """Without those of initiatives that were archived or merged into another: they stay on their pages."""
        return self.filter(initiative__archived_at=None, initiative__merged_into=None)

    def for_review(self) -> DraftQuerySet:
        """Waiting for a focal point, longest first."""
        return self.filter(state=DraftState.SUBMITTED).order_by("submitted_at", "pk")


class CommentQuerySet(models.QuerySet["records.Comment"]):
    def visible_to(self, user: User | AnonymousUser) -> CommentQuerySet:
        """Those beside drafts that the person sees."""
        drafts: Any = self.model._meta.get_field("draft").related_model
        return self.filter(draft__in=drafts._default_manager.visible_to(user))


class NotificationQuerySet(models.QuerySet["records.Notification"]):
    def visible_to(self, user: User | AnonymousUser) -> NotificationQuerySet:
        """One's own, as long as one may see what they are about."""
        if not user.is_authenticated:
            return self.none()
        drafts: Any = self.model._meta.get_field("draft").related_model
        initiatives: Any = self.model._meta.get_field("initiative").related_model
        seen = Q(draft__in=drafts._default_manager.visible_to(user))
        seen |= Q(initiative__in=initiatives._default_manager.visible_to(user))
        # of an initiative that is not public, who was invited still reads that the work has ended
        seen |= Q(invitation__entity__in=entities_of(user, *ENTITY_ROLES))
        return self.filter(seen, to=user)

    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at=None)

    def for_listing(self) -> NotificationQuerySet:
        """With all that their sentences say, in a fixed number of queries."""
        related = ["invitation__entity", "invitation__ended_for", "invitation__initiative__entity"]
        return self.select_related("by", "draft", "initiative", *related).prefetch_related("initiative__texts")


class JointInvitationQuerySet(models.QuerySet["records.JointInvitation"]):
    def visible_to(self, user: User | AnonymousUser) -> JointInvitationQuerySet:
        """Those to one's own entity, and those of its initiatives."""
        own = entities_of(user, *ENTITY_ROLES)
        return self.filter(Q(entity__in=own) | Q(initiative__entity__in=own))

    def open(self) -> JointInvitationQuerySet:
        """Neither declined nor ended."""
        return self.filter(state__in=OPEN_INVITATIONS)

    def joined(self) -> JointInvitationQuerySet:
        """Accepted: the entity writes its part."""
        return self.filter(state=InvitationState.JOINED)

    def ever_joined(self) -> JointInvitationQuerySet:
        """Accepted at some time, whether or not it has ended since."""
        return self.filter(answered_at__isnull=False).exclude(state=InvitationState.DECLINED)

    def open_first(self) -> JointInvitationQuerySet:
        """What waits for an answer, then what is joint, then what is over; in each the latest first."""
        states = [InvitationState.INVITED, InvitationState.JOINED]
        place = Case(*(When(state=state, then=place) for place, state in enumerate(states)), default=len(states))
        return self.order_by(place, "-invited_at", "-pk")

    def for_listing(self) -> JointInvitationQuerySet:
        """With all that a row shows, in a fixed number of queries."""
        related = self.select_related("entity", "initiative__entity", "ended_for")
        return related.prefetch_related("initiative__texts")


class EntityTextQuerySet(models.QuerySet["records.EntityText"]):
    def visible_to(self, user: User | AnonymousUser) -> EntityTextQuerySet:
        """Those on initiatives that the person sees, and everything of one's own entity."""
        initiatives: Any = self.model._meta.get_field("initiative").related_model
        seen = Q(initiative__in=initiatives._default_manager.visible_to(user))
        return self.filter(seen | Q(entity__in=entities_of(user, *ENTITY_ROLES)))


class MailingQuerySet(models.QuerySet["records.Mailing"]):
    def claimable(self, now: dt.datetime) -> MailingQuerySet:
        """Those whose pause is over, and those whose worker let its lease run out."""
        return self.filter(
            Q(state__in=[MailingState.WAITING, MailingState.PAUSED], not_before__lte=now)
            | Q(state=MailingState.SENDING, lease_until__lt=now)
        )


class EvidenceQuerySet(models.QuerySet["records.Evidence"]):
    def public(self) -> EvidenceQuerySet:
        return self.filter(self._is_public())

    def visible_to(self, user: User | AnonymousUser) -> EvidenceQuerySet:
        """What is marked public, of public initiatives and results, and everything that one's own entity tells."""
        own = entities_of(user, *ENTITY_ROLES)
        told = Q(update=None, initiative__entity__in=own) | Q(update__entity__in=own)
        return self.filter(self._is_public() | told | Q(initiative=None, file__entity__in=own))

    def _is_public(self) -> Q:
        results: Any = self.model._meta.get_field("results").related_model
        shown = Q(Exists(results.objects.public().filter(evidence=OuterRef("pk"))))
        of_public = Q(initiative__published_at__lte=Now()) | Q(initiative=None) & shown
        return Q(is_public=True) & of_public


class StoredFileQuerySet(models.QuerySet["records.StoredFile"]):
    def visible_to(self, user: User | AnonymousUser) -> StoredFileQuerySet:
        """Those that public evidence shows, and everything of one's own entity."""
        evidence: Any = self.model._meta.get_field("evidence").related_model
        shown = evidence.objects.public().filter(file=OuterRef("pk"))
        return self.filter(Exists(shown) | Q(entity__in=entities_of(user, *ENTITY_ROLES)))


class PassageQuerySet(models.QuerySet["records.Passage"]):
    def visible_to(self, user: User | AnonymousUser) -> PassageQuerySet:
        """All of them: what is approved is public."""
        return self

    def for_own_list(self) -> PassageQuerySet:
        """With all that a row of the list shows, in a fixed number of queries; `is_carried_on`: another one follows."""
        following = self.model._default_manager.filter(follows=OuterRef("pk"))
        return self.select_related("entity").prefetch_related("texts").annotate(is_carried_on=Exists(following))


class DocumentQuerySet(models.QuerySet["records.Document"]):
    def visible_to(self, user: User | AnonymousUser) -> DocumentQuerySet:
        """What is public, bibliographic records, which hold no words of the document, and those of one's own entity."""
        public = Q(published_at__lte=Now()) | Q(sha256="")
        return self.filter(public | Q(entity__in=entities_of(user, *ENTITY_ROLES)))

    def with_open_file(self) -> DocumentQuerySet:
        """Those whose file holds nothing that their page keeps inside the entity, such as comments and deletions."""
        return self.exclude(parts__kind__in=KEPT_INSIDE)

    def for_listing(self) -> DocumentQuerySet:
        """With all that a row of the list shows, in a fixed number of queries."""
        return self.select_related("entity", "session").prefetch_related("symbols")


class PartQuerySet(models.QuerySet["records.Part"]):
    def visible_to(self, user: User | AnonymousUser) -> PartQuerySet:
        """Of documents that the person sees: what they print, and everything of those of one's own entity."""
        own = Q(document__entity__in=entities_of(user, *ENTITY_ROLES))
        return self.filter(~Q(kind__in=NOT_PRINTED) | own)


class MentionQuerySet(models.QuerySet["records.Mention"]):
    def printed(self) -> MentionQuerySet:
        """Those of the document as a whole, and in parts that it prints."""
        return self.exclude(part__kind__in=NOT_PRINTED)

    def visible_to(self, user: User | AnonymousUser) -> MentionQuerySet:
        """Of documents that the person sees: those that are printed, and all in those of one's own entity."""
        own = Q(document__entity__in=entities_of(user, *ENTITY_ROLES))
        return self.filter(~Q(part__kind__in=NOT_PRINTED) | own)
