"""What is known already: reference data and initiatives, read once for a document."""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from django.db.models import Q

from initiatives.choices import KINDS, AliasKind, EntryType, Variant
from initiatives.models import (
    ActionLine,
    ActionLineAlias,
    Country,
    Entity,
    EntityAlias,
    Identifier,
    Initiative,
    InitiativeText,
    Organisation,
    OtherTitle,
    Reference,
    Term,
)
from initiatives.querysets import InitiativeQuerySet
from portal.common.languages import Language
from portal.models import User
from reporting.importing.proposals.matching import Trie, form_of_all

PARENTHESIS = re.compile(r"\s*[(（][^()（）]*[)）]")
_ACRONYM = re.compile(r"[(（]\s*([A-Z0-9][A-Z0-9-]{2,11})\s*[)）]")

#: Names in daily use that no list of names has.
_SHORT_NAMES = {
    "GBR": ["United Kingdom"],
    "KOR": ["South Korea"],
    "TZA": ["Tanzania"],
    "USA": ["United States"],
    "VNM": ["Vietnam"],
    "TUR": ["Turkey"],
    "CZE": ["Czech Republic"],
    "LAO": ["Lao PDR"],
    "CIV": ["Ivory Coast"],
}


class Named(NamedTuple):
    """Something that a text may name."""

    kind: Literal["country", "entity", "organisation"]
    id: int
    name: str


@dataclass
class KnownInitiative:
    """An initiative that is filed already."""

    id: int
    entity: int
    acronym: str
    titles: list[tuple[str, str]] = field(default_factory=list)  # language and words, the original first
    other_titles: list[str] = field(default_factory=list)
    identifiers: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.titles[0][1] if self.titles else ""


@dataclass
class Known:
    """All that a document is matched with."""

    lines: dict[int, ActionLine]
    line_names: Trie[int]
    line_forms: list[tuple[str, int]]  # names of the sub-lines of C7 in one word, the longest first
    names: Trie[Named]
    initiatives: dict[int, KnownInitiative]
    kinds: set[str]  # codes of the kinds of initiative
    references: dict[tuple[str, str], int]  # by words and address


def initiatives_for(viewer: User | None, entities: Sequence[Entity]) -> InitiativeQuerySet:
    """Return the initiatives that a document of the entities may be matched with: those that the viewer sees.

    Without a viewer, as in a command, they are what is public and the entities' own. One that was merged is known by
    the other, which has its titles and numbers.
    """
    unmerged = Initiative.objects.filter(merged_into=None)
    if viewer is not None:
        return unmerged.visible_to(viewer)
    return unmerged.public() | unmerged.filter(entity__in=entities)


def read_known(
    *, entities: Sequence[Entity], language: str, note_words: Collection[str], viewer: User | None = None
) -> Known:
    """Read what a document in `language` may name to the viewer, in a fixed number of queries."""
    languages = list(dict.fromkeys([language, Language.ENGLISH]))
    lines = {line.pk: line for line in ActionLine.objects.select_related("parent")}
    line_names, line_forms = _line_names(lines, languages)
    return Known(
        lines=lines,
        line_names=line_names,
        line_forms=line_forms,
        names=_names(languages),
        initiatives=_initiatives(initiatives_for(viewer, entities)),
        kinds=set(Term.objects.filter(vocabulary__code=KINDS).values_list("code", flat=True)),
        references=_references(note_words),
    )


def _line_names(lines: dict[int, ActionLine], languages: list[str]) -> tuple[Trie[int], list[tuple[str, int]]]:
    trie: Trie[int] = Trie()
    joined: dict[str, int] = {}
    names = [
        (name, line)
        for line in lines.values()
        for name in [
            line.short_name_en,
            *(getattr(line, f"{field}_{language}") for field in ("name", "current_name") for language in languages),
        ]
        if name
    ]
    aliases = ActionLineAlias.objects.filter(kind=AliasKind.ALIAS, language__in=languages)
    names += [(alias.text, lines[alias.line_id]) for alias in aliases]
    for name, line in names:
        trie.add(name, line.pk)
        if line.parent:
            forms = form_of_all(name)
            if forms[:1] == form_of_all(line.parent.code):  # `C7 e-government`
                forms = forms[1:]
            joined["".join(forms)] = line.pk
    for line in lines.values():
        if line.parent:
            joined[line.code.split("-")[-1].casefold()] = line.pk
    return trie, sorted(joined.items(), key=lambda pair: -len(pair[0]))


def _names(languages: list[str]) -> Trie[Named]:
    """Return the names of countries, entities and other bodies."""
    trie: Trie[Named] = Trie()
    fields = [f"name_{language}" for language in languages]
    for country in Country.objects.exclude(entry_type=EntryType.SUPPLEMENTARY):
        named = Named("country", country.pk, country.name_en)
        for name in [*(getattr(country, name) for name in fields), *_SHORT_NAMES.get(country.iso3, [])]:
            trie.add(name, named, case="capital")
            trie.add(PARENTHESIS.sub("", name), named, case="capital")  # Iran (Islamic Republic of)
    for entity in Entity.objects.all():
        named = Named("entity", entity.pk, entity.acronym)
        for name in (getattr(entity, name) for name in fields):
            trie.add(name, named, case="capital")
        trie.add(entity.acronym, named, case="exact")
        trie.add(entity.code, named, case="exact")
    for alias in EntityAlias.objects.select_related("entity"):
        trie.add(
            alias.text,
            Named("entity", alias.entity_id, alias.entity.acronym),
            case="exact" if len(form_of_all(alias.text)) == 1 else "capital",
        )
    for pk, name in Organisation.objects.values_list("pk", "name"):
        trie.add(name, Named("organisation", pk, name), case="capital")
    return trie


def _initiatives(seen: InitiativeQuerySet) -> dict[int, KnownInitiative]:
    """Return these initiatives with all their titles and numbers."""
    within = Q(initiative__in=seen.values("pk"))
    found: dict[int, KnownInitiative] = {}
    texts = (
        InitiativeText.objects.filter(within, variant=Variant.GENERAL)
        .order_by("initiative_id", "based_on", "pk")
        .values_list(
            "initiative_id", "initiative__entity_id", "initiative__entity__acronym", "language", "title", "state"
        )
    )
    for pk, entity, acronym, language, title, state in texts:
        known = found.setdefault(pk, KnownInitiative(pk, entity, acronym))
        known.titles.insert(0 if state == "original" else len(known.titles), (language, title))
    for pk, title in OtherTitle.objects.filter(within).values_list("initiative_id", "text"):
        if pk in found:
            found[pk].other_titles.append(title)
    for pk, value in Identifier.objects.filter(within).values_list("initiative_id", "value"):
        if pk in found:
            found[pk].identifiers.append(value)
    return found


def _references(note_words: Collection[str]) -> dict[tuple[str, str], int]:
    """Return the references that print exactly what a note says."""
    printed_so = Reference.objects.filter(Q(document=None) | Q(document__address=""), text__in=note_words)
    rows = printed_so.exclude(text="").order_by("-pk").values_list("text", "address", "pk")
    return {(text, address): pk for text, address, pk in rows}


def titles_of(title: str) -> list[str]:
    """Return a title and what it is without what stands in parentheses."""
    short = " ".join(PARENTHESIS.sub(" ", title).split())
    return [title, short] if short and short != title else [title]


def acronym_of(title: str) -> str:
    """Return the acronym that a title gives in parentheses, or nothing."""
    found = _ACRONYM.search(title)
    return found[1] if found else ""


def by_identifier(initiatives: dict[int, KnownInitiative]) -> dict[str, list[int]]:
    """Return the initiatives by their identifiers."""
    found: dict[str, list[int]] = defaultdict(list)
    for known in initiatives.values():
        for value in known.identifiers:
            found[value].append(known.id)
    return found
