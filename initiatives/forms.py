"""What people write into the pages of `initiatives`."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from initiatives.choices import ENTITY_ROLES, KINDS, ParticipationRole, PassageKind, UpdateKind
from initiatives.drafting.commenting import Beside
from initiatives.drafting.results import PeriodField
from initiatives.models import Entity, Indicator, Initiative, JointInvitation, Passage, Term, Unit
from initiatives.models.comments import LONGEST as LONGEST_COMMENT
from initiatives.models.joint import LONGEST as LONGEST_WORDS
from initiatives.querysets import EntityQuerySet, IndicatorQuerySet, InitiativeQuerySet
from portal.common.languages import Language, reader_language
from portal.common.periods import Period
from portal.models import User


def told_period(text: str) -> Period:
    """Return the period that an update tells of. Raises ValidationError for what is none, and for one far away."""
    try:
        period = Period.parse(text)
    except ValueError as error:
        raise forms.ValidationError(str(error)) from error
    if not 2003 <= period.start.year <= timezone.localdate().year + 1:
        raise forms.ValidationError(_("Write a period between 2003 and next year."))
    return period


class StartUpdateForm(forms.Form):
    """For which initiative and period a person begins an update."""

    initiative = forms.ModelChoiceField(
        Initiative.objects.none(), label=_("Initiative"), to_field_name="slug", empty_label=_("Choose an initiative")
    )
    period = forms.CharField(
        label=_("Period"), max_length=21, help_text=_("The year you report on, such as 2021, or two: 2025-2026.")
    )
    kind = forms.ChoiceField(choices=UpdateKind.choices, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, initiatives: InitiativeQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["initiative"]
        field.queryset = initiatives  # type: ignore[attr-defined]  # a ModelChoiceField has one
        field.label_from_instance = lambda initiative: initiative.title  # type: ignore[attr-defined]

    def clean_period(self) -> Period:
        return told_period(self.cleaned_data["period"])


class StartResultForm(forms.Form):
    """Of which indicator and period a person begins a result, and who reports it."""

    initiative = forms.ModelChoiceField(
        Initiative.objects.none(),
        label=_("Initiative"),
        to_field_name="slug",
        required=False,
        empty_label=_("None: the entity reports it directly"),
    )
    entity = forms.ModelChoiceField(Entity.objects.none(), label=_("Entity"), to_field_name="code", empty_label=None)
    period = PeriodField()
    indicator = forms.ModelChoiceField(
        Indicator.objects.none(),
        label=_("Indicator"),
        to_field_name="code",
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        *args: Any,
        initiatives: InitiativeQuerySet,
        entities: EntityQuerySet,
        indicators: IndicatorQuerySet,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["initiative"].queryset = initiatives
        fields["initiative"].label_from_instance = lambda initiative: initiative.title
        fields["entity"].queryset = entities
        self.only = entities[0] if len(entities) == 1 else None
        if self.only:
            fields["entity"].required = False
            fields["entity"].widget = forms.HiddenInput()
        fields["indicator"].queryset = indicators
        fields["indicator"].label_from_instance = indicator_told

    def clean_entity(self) -> Any:
        return self.cleaned_data["entity"] or self.only

    def clean(self) -> dict[str, Any]:
        """What is retired takes results of the time before."""
        written = self.cleaned_data
        indicator, period = written.get("indicator"), written.get("period")
        if indicator and period and indicator.retired_on and period.end > indicator.retired_on:
            day = {"day": date_format(indicator.retired_on, "DATE_FORMAT")}
            self.add_error("period", _("The indicator is retired since %(day)s: it takes results up to then.") % day)
        return written


def indicator_told(indicator: Indicator) -> str:
    """Return what somebody has to know who reports on an indicator."""
    unit = indicator.unit or (_now("unit pending") if indicator.is_unit_pending else indicator.get_value_kind_display())
    told = f"{indicator.code} · {indicator.statement} ({unit}; {indicator.get_measures_display()})"
    if indicator.retired_on:
        told += f" – {_now('retired on %(day)s') % {'day': date_format(indicator.retired_on, 'DATE_FORMAT')}}"
    return told


class BeginInitiativeForm(forms.Form):
    """Title and kind: all that a new initiative needs."""

    entity = forms.ModelChoiceField(Entity.objects.none(), label=_("Entity"), to_field_name="code", empty_label=None)
    title = forms.CharField(
        label=_("Title"), max_length=400, help_text=_("As it shall be printed, without the acronym of your entity.")
    )
    kind = forms.ChoiceField(label=_("Kind"))
    language = forms.ChoiceField(label=_("Language you write in"), choices=Language.choices)

    def __init__(self, *args: Any, entities: EntityQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entity"].queryset = entities  # type: ignore[attr-defined]  # a ModelChoiceField has one
        kinds = Term.objects.filter(vocabulary__code=KINDS).order_by("order", "name_en")
        choices = [("", _("Choose a kind")), *((kind.code, kind.name) for kind in kinds)]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField has them
        if not self.is_bound:
            self.fields["title"].widget.attrs["autofocus"] = True
        if len(entities) == 1:
            self.fields["entity"].initial = entities[0].code
            self.fields["entity"].widget = forms.HiddenInput()


class BeginPassageForm(forms.Form):
    """What a new passage is, and what colleagues call it."""

    entity = forms.ModelChoiceField(Entity.objects.none(), label=_("Entity"), to_field_name="code", empty_label=None)
    kind = forms.ChoiceField(label=_("What it is"), choices=PassageKind.choices)
    name = forms.CharField(
        label=_("Name for the desk"),
        max_length=Passage._meta.get_field("name").max_length,
        help_text=_("Never printed: colleagues find it by this, such as “2026: what hinders small firms”."),
    )
    language = forms.ChoiceField(label=_("Language you write in"), choices=Language.choices)

    def __init__(self, *args: Any, entities: EntityQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entity"].queryset = entities  # type: ignore[attr-defined]  # a ModelChoiceField has one
        if len(entities) == 1:
            self.fields["entity"].initial = entities[0].code
            self.fields["entity"].widget = forms.HiddenInput()


class SavedForm(forms.Form):
    """Which save the writer's page began from, and why what is approved is changed."""

    edits = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    why = forms.CharField(
        label=_("Why you change it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Whoever approves it reads it, and whoever looks at the history."),
    )


class ApproveForm(forms.Form):
    """That a reviewer approves what the page showed; a reason where the reviewer wrote it."""

    edits = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    words = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any = None, *, is_author: bool, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="id_approve_%s", initial=initial)
        if is_author:
            self.fields["words"].help_text = _("You wrote it yourself: say why no other person can approve it.")
        else:
            self.fields["words"].widget = forms.HiddenInput()


class ReturnForm(forms.Form):
    """What should change before the draft is handed in again."""

    edits = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    words = forms.CharField(
        label=_("What should change"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The author reads it beside the text."),
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="id_return_%s", initial=initial)


class HandOverForm(forms.Form):
    """Who shall hold a draft from now on, and why."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("Hand it to"), empty_label=_("Choose a person"))
    words = forms.CharField(label=_("Why"), required=False, max_length=1000)

    def __init__(self, data: Any = None, *, people: QuerySet[User]) -> None:
        super().__init__(data, auto_id="id_hand_over_%s")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]  # a ModelChoiceField has one


class CommentForm(forms.Form):
    """What somebody says beside a field of a draft, and of which words of it."""

    field = forms.CharField(widget=forms.HiddenInput, required=False)
    paragraph = forms.TypedChoiceField(label=_("It speaks of"), required=False, coerce=int, empty_value=None)
    quote = forms.CharField(
        label=_("Only these words"), required=False, help_text=_("Copied from the text. Empty: all of it.")
    )
    words = forms.CharField(label=_("Comment"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    language = forms.ChoiceField(label=_("Language you write in"), choices=Language.choices)
    edits = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    returns = forms.BooleanField(label=_("Return the draft with this comment"), required=False)

    def __init__(self, data: Any = None, *, beside: Beside, may_return: bool, initial: dict[str, Any]) -> None:
        super().__init__(data, auto_id=f"id_comment_{beside.key}_%s", initial=initial | {"field": beside.name})
        paragraphs = [
            (str(number), f"{number + 1}. {Truncator(words).words(8)}")
            for number, words in enumerate(beside.paragraphs)
        ]
        self.fields["paragraph"].choices = [("", _("the whole field")), *paragraphs]  # type: ignore[attr-defined]
        if len(paragraphs) < 2:
            del self.fields["paragraph"]
        if not beside.takes_quote:
            del self.fields["quote"]
        if not may_return:
            del self.fields["returns"], self.fields["edits"]
        for field in self.fields.values():
            field.widget.attrs["form"] = f"comment-on-{beside.key}"  # which stands outside the form of the draft
        self.fields["words"].widget.attrs["autofocus"] = True


# Joint initiatives


class InviteEntityForm(forms.ModelForm):
    """Which entity is invited to an initiative, as what, and what it is told."""

    class Meta:
        model = JointInvitation
        fields = ("entity", "role", "words", "language")
        labels: ClassVar = {"entity": _("Entity"), "language": _("Language you write in")}
        help_texts: ClassVar = {
            "entity": _("Those that have a focal point here, who answers."),
            "words": _("Its focal points read them with the invitation."),
        }
        widgets: ClassVar = {"words": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, data: Any = None, *, entities: EntityQuerySet, **kwargs: Any) -> None:
        super().__init__(data, initial={"language": reader_language()}, **kwargs)
        self.fields["entity"].queryset = entities  # type: ignore[attr-defined]  # a ModelChoiceField has one
        self.fields["entity"].empty_label = _("Choose an entity")  # type: ignore[attr-defined]
        self.fields["role"].choices = ParticipationRole.choices  # type: ignore[attr-defined]


class WhyForm(forms.Form):
    """Why an invitation is declined, or joint work ended: the other entity reads it."""

    reason = forms.CharField(
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_WORDS,
        help_text=_("The other entity reads it."),
        error_messages={"required": _("Say why: the other entity reads it.")},
    )
    language = forms.ChoiceField(label=_("Language you write in"), choices=Language.choices)

    def __init__(self, data: Any = None, *, prefix: str) -> None:
        super().__init__(data, prefix=prefix, initial={"language": reader_language()})


class AskForm(forms.Form):
    """What the owner of a joint initiative should change."""

    words = forms.CharField(
        label=_("What should change"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_COMMENT,
        error_messages={"required": _("Write what should change.")},
    )
    language = forms.ChoiceField(label=_("Language you write in"), choices=Language.choices)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="id_ask_%s", initial={"language": reader_language()})


# People


class InviteForm(forms.Form):
    """Who is to serve an entity."""

    entity = forms.ModelChoiceField(Entity.objects.none(), label=_("Entity"), empty_label=None)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(
        label=_("Name"), max_length=150, help_text=_("As colleagues know it. An account that is there keeps its name.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, role.label) for role in ENTITY_ROLES])
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), required=False, empty_label=_("none"))

    def __init__(self, *args: Any, entities: Sequence[Entity], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Entity.objects.filter(pk__in=[entity.pk for entity in entities])
        self.fields["entity"].queryset = own  # type: ignore[attr-defined]
        self.fields["unit"].queryset = Unit.objects.filter(entity__in=own)  # type: ignore[attr-defined]
        if len(entities) == 1:
            self.fields["entity"].widget = forms.HiddenInput()
            self.initial["entity"] = entities[0].pk

    def clean(self) -> dict[str, Any]:
        unit, entity = self.cleaned_data.get("unit"), self.cleaned_data.get("entity")
        if unit and entity and unit.entity_id != entity.pk:
            self.add_error("unit", _("Choose a unit of the same entity."))
        return self.cleaned_data


class UnitForm(forms.Form):
    """The unit of a person."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), required=False, empty_label=_("none"))

    def __init__(self, *args: Any, entity: Entity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = entity.units.all()  # type: ignore[attr-defined]


class LeaveForm(forms.Form):
    """From when to when a person is away."""

    since = forms.DateField(label=_("First day away"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("First day back"), widget=forms.DateInput(attrs={"type": "date"}))
    acting = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Acts as focal point meanwhile"),
        required=False,
        empty_label=_("nobody"),
        help_text=_("Approves and returns in these days, as the focal point would."),
    )

    def __init__(self, *args: Any, others: QuerySet[User] | None, **kwargs: Any) -> None:
        """`others` may act for a focal point; nobody acts for others but the deputies of their records."""
        super().__init__(*args, **kwargs)
        self.fields["acting"].queryset = others if others is not None else User.objects.none()  # type: ignore[attr-defined]
        if others is None:
            self.fields["acting"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until <= since:
            self.add_error("until", _("The first day back has to come after the first day away."))
        return self.cleaned_data


class SuccessorForm(forms.Form):
    """Who takes what a person holds. The queryset of successors is set by the form that asks."""

    successor = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who takes what this person holds"),
        required=False,
        empty_label=_("Choose a person"),
        help_text=_(
            "Drafts of workplans, indicators and targets go to a person of the secretariat alone. "
            "Without one they have no holder, and stay on the page of their workplan or indicator."
        ),
    )
    to_nobody = forms.BooleanField(label=_("Nobody yet: list it as without holder"), required=False)


class EndForm(SuccessorForm):
    """Who takes what a person holds who leaves."""

    def __init__(self, *args: Any, others: QuerySet[User], holds: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = others  # type: ignore[attr-defined]
        if not holds:
            for name in ("successor", "to_nobody"):
                self.fields[name].widget = forms.HiddenInput()
