"""The draft of a passage: words of an entity in the language that they were written in, and what they speak of."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from initiatives.choices import KINDS, PassageKind, TextState
from initiatives.drafting import partners
from initiatives.drafting.classified import ClassifiedForm, countries_to_choose, terms_field
from initiatives.drafting.updates import role_in
from initiatives.models import (
    ActionLine,
    Country,
    Draft,
    Initiative,
    Passage,
    PassageText,
    Reference,
    Term,
    Vocabulary,
)
from initiatives.queries import standing_for
from portal.common import richtext
from portal.common.forms import RichTextFormField, RowsField, SearchedChoices, codes_in_order
from portal.common.languages import Language, reader_language
from portal.common.merging import Value

#: What a passage that carries on another one begins with; both say the same until somebody touches it.
CARRIED = ["body", "lines", "countries", "initiatives"]
OTHERS_READ = 30  # passages of the entity whose references may be cited again
LONGEST_NAME: int = Passage._meta.get_field("name").max_length or 0
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


class PassageForm(ClassifiedForm):
    """Text of an entity that belongs to no single initiative."""

    language = forms.ChoiceField(label=_("Language you write in"), choices=Language.choices)
    kind = forms.ChoiceField(label=_("What it is"), choices=PassageKind.choices)
    name = forms.CharField(
        label=_("Name for the desk"),
        max_length=LONGEST_NAME,
        help_text=_("Never printed: colleagues find it by this, such as “2026: what hinders small firms”."),
    )
    body = RichTextFormField(label=_("Text"), help_text=_("As it shall stand in the submission."))
    lines = forms.MultipleChoiceField(label=_("Action lines"), required=False, widget=SearchedChoices)
    countries = forms.MultipleChoiceField(label=_("Countries"), required=False, widget=SearchedChoices)
    initiatives = RowsField(
        label=_("Initiatives it speaks of"),
        required=False,
        columns={
            "initiative": partners.InitiativeField(label=_("Initiative"), address="find_initiatives", max_length=450)
        },
        once=["initiative"],
        help_text=_("Their pages show it. Type some letters of the title, then choose."),
    )
    follows = forms.ChoiceField(label=_("Carries on"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        self.offer("countries", self._countries)
        self.offer("follows", self._former, none="–")
        body: Any = self.fields["body"].widget
        body.references = SimpleLazyObject(lambda: [(one.pk, str(one)) for one in citable_for(draft)])

    def _countries(self) -> list[tuple[str, str]]:
        return countries_to_choose(Country.objects.filter(passages=self.draft.passage_id or 0))

    def _former(self) -> list[tuple[str, str]]:
        others = Passage.objects.filter(entity=self.draft.entity_id).exclude(pk=self.draft.passage_id or 0)
        return [(str(pk), name) for pk, name in others.values_list("pk", "name")]

    def about_fields(self) -> list[forms.BoundField]:
        """What it is classified by."""
        return [self["lines"], *self.vocabulary_fields, self["countries"]]

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"]
        translated = PassageText.objects.filter(passage=self.draft.passage_id).exclude(state=TextState.ORIGINAL)
        if self.draft.passage_id and translated.filter(language=language).exists():
            raise forms.ValidationError(_("There is a translation into this language already; write in another one."))
        return language

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Passage.objects.filter(entity=self.draft.entity_id).exclude(pk=self.draft.passage_id or 0)
        if others.filter(name=name).exists():
            raise forms.ValidationError(_("A passage of your entity has this name already. Choose another one."))
        return name

    def clean_initiatives(self) -> list[Initiative]:
        """What stands in the record stays, be it hidden from the entity; what was merged is what it was merged into."""
        named: list[Initiative] = [row["initiative"] for row in self.cleaned_data["initiatives"]]
        readable = Initiative.objects.filter(partners.readable_by(self.draft.entity))
        standing = Initiative.objects.filter(passages=self.draft.passage_id or 0)
        found = {}
        for one in named:
            today = standing_for(one, readable) or standing.filter(pk=one.pk).first()
            if today is None:
                raise forms.ValidationError(partners.unknown_initiative(f"i/{one.pk}"))
            found[today.pk] = today
        return list(found.values())


RICH_TEXTS = {"body"}


def form_for(draft: Draft, sent: Any = None, **options: Any) -> PassageForm:
    """Return the form of the record that the draft is of."""
    return PassageForm(sent, draft=draft, **options)


def record_of(draft: Draft) -> Passage | None:
    """Return the record as it is approved; None where the draft begins it."""
    return draft.passage


def title_of(draft: Draft, content: dict[str, Value]) -> str:
    """Return what the draft is called."""
    return str(content.get("name") or "")


def needs_no_review(draft: Draft) -> bool:
    """Whether it is approved as soon as it is handed in."""
    return False


def content_of(passage: Passage) -> dict[str, Value]:
    """Return what stands in the record, by the names of the form."""
    text = passage.texts.filter(state=TextState.ORIGINAL).first()
    named = partners.names_of(passage.initiatives.order_by("pk"), passage.entity_id)
    content: dict[str, Any] = {
        "language": text.language if text else reader_language(),
        "kind": passage.kind,
        "name": passage.name,
        "body": text.body if text else "",
        "lines": codes_in_order(list(passage.lines.values_list("code", flat=True))),
        "countries": codes_in_order(list(passage.countries.values_list("iso3", flat=True))),
        "initiatives": [{"initiative": name} for name in named.values()],
        "follows": str(passage.follows_id or ""),
    }
    for vocabulary in Vocabulary.objects.exclude(code=KINDS).values_list("code", flat=True):
        content[terms_field(vocabulary)] = []
    terms = passage.terms.exclude(vocabulary__code=KINDS).order_by("code")
    for vocabulary, code in terms.values_list("vocabulary__code", "code"):
        content[terms_field(vocabulary)].append(code)
    return content


def beginning_from(passage: Passage, year: int) -> dict[str, Value]:
    """Return what a passage begins with that carries on this one: its words, under a name of the year."""
    name, had_year = _YEAR.subn(str(year), passage.name, count=1)
    if not had_year or name == passage.name:
        name = f"{passage.name[: LONGEST_NAME - 6]}, {year}"
    return content_of(passage) | {"name": name, "follows": str(passage.pk)}


def follows(draft: Draft) -> Passage | None:
    """Return the passage that the draft carries on."""
    number = str(draft.content.get("follows") or "")
    if not re.fullmatch("[0-9]{1,18}", number):
        return None
    found = Passage.objects.filter(entity=draft.entity_id, pk=int(number))
    return found.prefetch_related("texts").first()


def carried_over(draft: Draft, former: Passage | None) -> set[str]:
    """Return the fields of a new passage that say the same as the one it carries on: nobody has touched them yet."""
    if not draft.is_new or former is None:
        return set()
    said = content_of(former)
    return {name for name in CARRIED if draft.content.get(name) and draft.content[name] == said.get(name)}


def citable_for(draft: Draft) -> list[Reference]:
    """Return what footnotes may cite: what it cites already, what other passages of the entity cite, and references
    about the initiatives that it speaks of."""
    others = PassageText.objects.filter(passage__entity=draft.entity_id, state=TextState.ORIGINAL).order_by("-pk")
    htmls = [str(draft.content.get("body") or ""), *others.values_list("body", flat=True)[:OTHERS_READ]]
    cited = {reference for html in htmls for reference in richtext.cited_references(html)}
    rows = draft.content.get("initiatives") or []
    named = partners.numbers_in(str(row.get("initiative")) for row in rows if isinstance(row, dict))
    found = Reference.objects.filter(Q(pk__in=cited) | Q(initiative__in=named))
    return list(found.order_by("text", "title", "pk"))


def apply(draft: Draft, form: PassageForm, *, now: dt.datetime) -> None:
    """Write what a valid form says into the record, or into a new one. Needs a transaction.

    Who wrote and who approves stand in the draft.
    """
    written = form.cleaned_data
    passage = draft.passage or Passage(entity=draft.entity)
    passage.name, passage.kind = written["name"], written["kind"]
    passage.follows_id = int(written["follows"]) if written["follows"] else None
    passage.author = draft.saved_by
    passage.author_role = role_in(draft.saved_by, draft.entity) if draft.saved_by else ""
    passage.save()
    text = passage.texts.filter(state=TextState.ORIGINAL).first() or PassageText(passage=passage)
    if (text.language, text.body) != (written["language"], written["body"]):
        text.language, text.body = written["language"], written["body"]
        text.save()
    passage.lines.set(ActionLine.objects.filter(code__in=written["lines"]))
    passage.countries.set(Country.objects.filter(iso3__in=written["countries"]))
    passage.initiatives.set(written["initiatives"])
    for name in form.fields:
        if name.startswith(terms_field("")):
            _write_terms(passage, name.removeprefix(terms_field("")), written[name])
    draft.passage = passage


def _write_terms(passage: Passage, vocabulary: str, codes: list[str]) -> None:
    of_vocabulary = Term.objects.filter(vocabulary__code=vocabulary)
    passage.terms.remove(*passage.terms.filter(vocabulary__code=vocabulary).exclude(code__in=codes))
    passage.terms.add(*of_vocabulary.filter(code__in=codes))
