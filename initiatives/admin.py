"""The administration: people, their roles, and reference data.

Nothing that entities write is here: they have pages of their own. Codes stay as they are once a row is filed, because
the files of reference data know it by them, and nothing is deleted that other records may rest on.
"""

from collections.abc import Sequence
from typing import Any

from allauth.account.decorators import secure_admin_login
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db import models
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from initiatives.forms import SuccessorForm
from initiatives.models import (
    ActionLine,
    ActionLineAlias,
    Breakdown,
    Category,
    Country,
    CountryGroup,
    Entity,
    EntityAlias,
    Facilitation,
    GroupMembership,
    ImpactArea,
    ImpactAreaText,
    IncomeClassification,
    Indicator,
    IndicatorText,
    Mailing,
    Mandate,
    Membership,
    NamedItem,
    Organisation,
    Result,
    Session,
    Target,
    Term,
    Unit,
    Vocabulary,
    Workplan,
    WorkplanEntry,
    WorkplanEntryText,
    WorkplanText,
)
from initiatives.permissions import person_of
from initiatives.services.notifications import send_again
from initiatives.services.people import SuccessorMissing, close_account, entities_held_for, may_take, successors
from portal.models import ApiToken, User

admin.site.site_header = _("Administration")
admin.site.site_title = _("Administration")
admin.site.index_title = _("People, roles and reference data")
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # one door for all

NAMES = ["name_en", "name_fr", "name_es", "name_ru", "name_ar", "name_zh"]
CHANGES_SHOWN = 20


class Kept(admin.ModelAdmin):
    """Rows that stay: the fields that name them are written once, and nothing is deleted."""

    written_once: Sequence[str] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        fields = list(super().get_readonly_fields(request, obj))
        return [*fields, *self.written_once] if obj else fields

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class Rows(admin.TabularInline):
    """Rows that belong to another; they may go."""

    extra = 0


class OnlySeen(admin.ModelAdmin):
    """Rows that are neither made nor changed nor deleted here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class WithHistory(admin.ModelAdmin):
    """Shows who changed a row when, from the events that the database keeps."""

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        fields = list(super().get_readonly_fields(request, obj))
        return [*fields, "latest_changes"] if obj else fields

    @admin.display(description=_("latest changes"))
    def latest_changes(self, obj: Any) -> str:
        events = list(
            obj.pgh_event_model.objects.filter(pgh_obj_id=obj.pk)
            .select_related("pgh_context")
            .order_by("-pgh_id")[:CHANGES_SHOWN]
        )
        contexts = [event.pgh_context.metadata if event.pgh_context else {} for event in events]
        people = User.objects.in_bulk([context["user"] for context in contexts if context.get("user")])
        lines = [
            (
                formats.date_format(timezone.localtime(event.pgh_created_at), "DATETIME_FORMAT"),
                LABELS.get(event.pgh_label, event.pgh_label),
                people.get(context.get("user")) or context.get("command") or "–",
            )
            for event, context in zip(events, contexts, strict=True)
        ]
        return format_html_join("", "<div>{} – {} – {}</div>", lines)


LABELS = {"insert": _("added"), "update": _("changed"), "delete": _("deleted")}


# People and roles


class LowerCaseEmail(forms.ModelForm):
    """Whoever signs in is looked up in lower-case letters."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class NewPerson(LowerCaseEmail, AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["email", "name", "language"]


class ChangedPerson(SuccessorForm, LowerCaseEmail, UserChangeForm):
    """An account that holds records is closed together with saying who takes them."""

    class Meta:
        model = User
        fields = "__all__"  # noqa: DJ007 - the fieldsets below choose

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held_for = list(entities_held_for(self.instance))
        others = successors(*self.held_for).exclude(pk=self.instance.pk) if self.held_for else User.objects.none()
        self.fields["successor"].queryset = others  # type: ignore[attr-defined]  # a ModelChoiceField has one

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if "is_active" not in self.changed_data or found.get("is_active") or found.get("to_nobody"):
            return found
        successor = found.get("successor")
        if self.held_for and not successor and "successor" not in self.errors:
            self.add_error("successor", str(SuccessorMissing.sentence))
        left = [
            entity
            for entity in self.held_for
            if successor and not may_take(successor, person=self.instance, entity=entity)
        ]
        if left:
            words = _("This person does not serve %(entities)s, whose records have to be taken too.")
            self.add_error("successor", str(words) % {"entities": ", ".join(map(str, left))})
        return found


class Roles(Rows):
    """A role ends with a date. It is not deleted, so that who approved what can be told later."""

    model = Membership
    fk_name = "user"
    fields = ["role", "entity", "unit", "country", "since", "until", "acting_for"]
    autocomplete_fields = ["entity", "unit", "country", "acting_for"]
    can_delete = False


@admin.register(User)
class PersonAdmin(WithHistory, UserAdmin):
    """People are not deleted: what they wrote keeps its author. Without "may sign in" the account is closed."""

    form = ChangedPerson
    add_form = NewPerson
    list_display = ["email", "name", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff", "memberships__role", "memberships__entity"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    readonly_fields = ["last_login", "joined_at"]
    filter_horizontal = ["groups", "user_permissions"]
    fieldsets = [
        (None, {"fields": ["email", "password", "name", "language", "is_active"]}),
        (_("Administration"), {"fields": ["is_staff", "is_superuser", "groups", "user_permissions"]}),
        (_("History"), {"fields": ["joined_at", "last_login", "latest_changes"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "name", "language", "usable_password", "password1", "password2"]})]
    inlines = [Roles]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who takes what the person holds is asked where there is something to take."""
        shown = list(super().get_fieldsets(request, obj))
        if obj is None or not obj.is_active or not self.has_change_permission(request, obj):
            return shown
        held_for = ", ".join(map(str, entities_held_for(obj)))
        if held_for:
            words = _("This person holds records of %(entities)s. Closing the account hands them over.")
            fields: Any = {"fields": ["successor", "to_nobody"], "description": words % {"entities": held_for}}
            shown.insert(1, (_("When the account is closed"), fields))
        return shown

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change and "is_active" in form.changed_data and not obj.is_active:
            close_account(
                person=obj,
                successor=None if form.cleaned_data["to_nobody"] else form.cleaned_data["successor"],
                to_nobody=form.cleaned_data["to_nobody"],
                by=person_of(request),
                now=timezone.now(),
            )
        super().save_model(request, obj, form, change)

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        """Only a superuser hands out rights in the administration."""
        fields = super().get_readonly_fields(request, obj)
        rights = ["is_staff", "is_superuser", "groups", "user_permissions"]
        return fields if getattr(request.user, "is_superuser", False) else [*fields, *rights]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a superuser changes a superuser, its password above all."""
        mine = not (obj and obj.is_superuser) or getattr(request.user, "is_superuser", False)
        return mine and super().has_change_permission(request, obj)

    def get_inlines(self, request: HttpRequest, obj: models.Model | None) -> list[Any]:
        return [Roles] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(Membership)
class MembershipAdmin(WithHistory, Kept):
    list_display = ["user", "role", "entity", "country", "since", "until"]
    list_filter = ["role", "entity"]
    list_select_related = ["user", "entity", "country"]
    search_fields = ["user__email", "user__name"]
    autocomplete_fields = ["user", "entity", "unit", "country", "acting_for"]
    written_once = ["user", "role", "entity", "country"]


# Entities and other bodies


class EntityAliases(Rows):
    model = EntityAlias


class Units(Rows):
    model = Unit


@admin.register(Entity)
class EntityAdmin(Kept):
    list_display = ["code", "acronym", "name_en", "kind"]
    list_filter = ["kind"]
    search_fields = ["code", "acronym", "name_en", "aliases__text"]
    fields = ["code", "acronym", "kind", *NAMES]
    written_once = ["code"]
    inlines = [EntityAliases, Units]


@admin.register(Unit)
class UnitAdmin(Kept):
    list_display = ["name", "entity"]
    list_filter = ["entity"]
    list_select_related = ["entity"]
    search_fields = ["name"]
    autocomplete_fields = ["entity"]
    written_once = ["entity"]


@admin.register(Organisation)
class OrganisationAdmin(WithHistory, Kept):
    list_display = ["name", "kind", "country"]
    list_filter = ["kind"]
    list_select_related = ["country"]
    search_fields = ["name"]
    autocomplete_fields = ["country"]


# Geography


class GroupsOfCountry(Rows):
    model = GroupMembership
    autocomplete_fields = ["group"]


class IncomeGroups(Rows):
    model = IncomeClassification
    fields = ["fiscal_year", "income_group", "source", "note"]


@admin.register(Country)
class CountryAdmin(Kept):
    list_display = ["iso3", "name_en", "un_member", "entry_type"]
    list_filter = ["un_member", "entry_type"]
    search_fields = ["iso3", "name_en", "name_fr", "name_es"]
    fields = ["iso3", "iso2", "m49", "entry_type", "un_member", *NAMES, "note"]
    written_once = ["iso3", "iso2", "m49", "entry_type"]
    inlines = [GroupsOfCountry, IncomeGroups]


class CountriesOfGroup(Rows):
    model = GroupMembership
    autocomplete_fields = ["country"]


@admin.register(CountryGroup)
class CountryGroupAdmin(Kept):
    list_display = ["code", "name_en", "kind"]
    list_filter = ["kind"]
    search_fields = ["code", "name_en"]
    fields = ["code", "kind", "parent", *NAMES]
    autocomplete_fields = ["parent"]
    written_once = ["code"]
    inlines = [CountriesOfGroup]


# Action lines and other classifications


class ActionLineAliases(Rows):
    model = ActionLineAlias


class Facilitations(Rows):
    model = Facilitation
    autocomplete_fields = ["entity"]


@admin.register(ActionLine)
class ActionLineAdmin(Kept):
    list_display = ["code", "name_en", "current_name_en"]
    search_fields = ["code", "name_en", "aliases__text"]
    written_once = ["code", "parent", "order"]
    inlines = [Facilitations, ActionLineAliases]


@admin.register(Vocabulary)
class VocabularyAdmin(Kept):
    list_display = ["code", "name_en", "source"]
    search_fields = ["code", "name_en"]
    fields = ["code", *NAMES, "source"]
    written_once = ["code"]


@admin.register(Term)
class TermAdmin(Kept):
    list_display = ["code", "name_en", "vocabulary", "counts_as_initiative"]
    list_filter = ["vocabulary"]
    list_select_related = ["vocabulary"]
    search_fields = ["code", "name_en"]
    fields = ["vocabulary", "code", "order", "parent", "counts_as_initiative", *NAMES, "source"]
    autocomplete_fields = ["vocabulary", "parent"]
    written_once = ["vocabulary", "code"]


# Workplans: what is reported against their indicators is not here


class TextsOfWorkplan(Rows):
    model = WorkplanText


class Mandates(Rows):
    model = Mandate


@admin.register(Workplan)
class WorkplanAdmin(WithHistory, Kept):
    list_display = ["slug", "edition", "entity", "symbol"]
    list_filter = ["entity"]
    list_select_related = ["entity"]
    search_fields = ["slug", "symbol", "texts__title"]
    autocomplete_fields = ["entity", "supersedes", "core_functions"]
    written_once = ["slug", "entity"]
    inlines = [TextsOfWorkplan, Mandates]


class TextsOfArea(Rows):
    model = ImpactAreaText


@admin.register(ImpactArea)
class ImpactAreaAdmin(WithHistory, Kept):
    list_display = ["code", "workplan", "order"]
    list_filter = ["workplan"]
    list_select_related = ["workplan"]
    search_fields = ["code", "texts__name"]
    autocomplete_fields = ["workplan", "term"]
    written_once = ["workplan", "code"]
    inlines = [TextsOfArea]


class TextsOfEntry(Rows):
    model = WorkplanEntryText


@admin.register(WorkplanEntry)
class WorkplanEntryAdmin(WithHistory, Kept):
    list_display = ["code", "kind", "workplan", "order"]
    list_filter = ["workplan", "kind"]
    list_select_related = ["workplan"]
    search_fields = ["code", "acronym", "texts__name", "texts__words"]
    autocomplete_fields = ["workplan", "phase_of", "printed_beside", "areas"]
    raw_id_fields = ["initiative"]
    written_once = ["workplan", "kind", "code"]
    inlines = [TextsOfEntry]


class TextsOfIndicator(Rows):
    model = IndicatorText


class Breakdowns(Rows):
    model = Breakdown
    fields = ["code", "kind", *NAMES]
    can_delete = False


class Targets(Rows):
    """A target is never changed: a new row takes its place, with its reason."""

    model = Target
    fields = ["kind", "category", "year", "value", "reason", "set_by", "set_at"]
    readonly_fields = ["set_by", "set_at"]
    autocomplete_fields = ["category"]

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(Indicator)
class IndicatorAdmin(WithHistory, Kept):
    list_display = ["code", "workplan", "value_kind", "measures", "unit", "scope", "retired_on"]
    list_filter = ["workplan", "value_kind"]
    list_select_related = ["workplan", "unit"]
    search_fields = ["code", "statement", "texts__name"]
    autocomplete_fields = ["workplan", "area", "owner", "unit", "supersedes"]
    written_once = ["workplan", "code"]
    inlines = [TextsOfIndicator, Breakdowns, Targets]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for one in formset.forms:
            if isinstance(one.instance, Target) and one.instance.pk is None:
                one.instance.set_by, one.instance.set_at = request.user, timezone.now()
        super().save_formset(request, form, formset, change)


class Categories(Rows):
    model = Category
    fields = ["code", "order", *NAMES]
    can_delete = False


@admin.register(Breakdown)
class BreakdownAdmin(WithHistory, Kept):
    list_display = ["code", "indicator", "kind"]
    list_filter = ["kind"]
    list_select_related = ["indicator"]
    search_fields = ["code", "name_en", "indicator__code"]
    fields = ["indicator", "code", "kind", *NAMES]
    autocomplete_fields = ["indicator"]
    written_once = ["indicator", "code"]
    inlines = [Categories]


@admin.register(Category)
class CategoryAdmin(WithHistory, Kept):
    list_display = ["code", "breakdown", "name_en"]
    list_select_related = ["breakdown"]
    search_fields = ["code", "name_en", "breakdown__indicator__code"]
    fields = ["breakdown", "code", "order", *NAMES]
    autocomplete_fields = ["breakdown"]
    written_once = ["breakdown", "code"]


@admin.register(Result)
class ResultAdmin(WithHistory, OnlySeen):
    """People of entities write and correct results as drafts, so that all of them pass the same judge."""

    list_display = ["indicator", "entity", "initiative", "country", "period_start", "period_end", "value", "no_value"]
    list_filter = ["indicator"]
    list_select_related = ["indicator", "entity", "initiative", "country"]
    search_fields = ["indicator__code", "entity__acronym", "initiative__slug"]
    show_full_result_count = False


@admin.register(NamedItem)
class NamedItemAdmin(WithHistory, Kept):
    list_display = ["name", "indicator"]
    list_select_related = ["indicator"]
    search_fields = ["name", "indicator__code"]
    autocomplete_fields = ["indicator"]
    written_once = ["indicator"]


@admin.register(Session)
class SessionAdmin(Kept):
    list_display = ["body", "number", "name", "starts_on", "place"]
    list_filter = ["body"]
    search_fields = ["body", "name"]
    written_once = ["body", "number"]


@admin.register(ApiToken)
class ApiTokenAdmin(WithHistory, OnlySeen):
    """Which programs act for whom. People make and revoke tokens on their own page."""

    list_display = ["name", "user", "opening", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
    list_select_related = ["user"]
    search_fields = ["name", "user__email", "user__name", "opening"]
    fields = ["name", "user", "opening", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
    date_hierarchy = "created_at"


@admin.register(Mailing)
class MailingAdmin(OnlySeen):
    """Which mails wait, went out or were given up, and why. What they say is not kept."""

    list_display = ["to", "state", "made_at", "not_before", "tries_left", "finished_at", "failure", "server_said"]
    list_filter = ["state", "failure"]
    list_select_related = ["to"]
    search_fields = ["to__email", "to__name"]
    fields = ["to", "state", "made_at", "not_before", "attempt", "tries_left", "finished_at", "failure", "server_said"]
    actions = ["send_again"]

    @admin.action(description=_("Send those that failed again"), permissions=["view"])
    def send_again(self, request: HttpRequest, chosen: models.QuerySet[Mailing]) -> None:
        count = sum(send_again(mailing=mailing, now=timezone.now()) for mailing in chosen)
        sentence = ngettext("%(count)s mail is sent again.", "%(count)s mails are sent again.", count)
        self.message_user(request, sentence % {"count": count})
