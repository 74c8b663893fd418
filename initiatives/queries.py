"""Reads over several models, for the pages about initiatives and updates."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from initiatives.choices import FURTHER_FIELDS, Basis, DraftState, InvitationState, RelationKind
from initiatives.filters import InitiativeFilter
from initiatives.models import (
    DatedPart,
    Document,
    Draft,
    Entity,
    EntityText,
    Evidence,
    Identifier,
    Initiative,
    InitiativeLine,
    InitiativePlace,
    InitiativeTerm,
    InitiativeText,
    JointInvitation,
    Mention,
    OtherTitle,
    Part,
    Participation,
    Passage,
    Reference,
    Relation,
    Update,
    UpdateText,
    Vocabulary,
)
from initiatives.models.base import best_text
from initiatives.models.documents import MENTIONED
from initiatives.querysets import InitiativeQuerySet, PartQuerySet, UpdateQuerySet
from initiatives.search import matching
from portal.common import richtext
from portal.common.filters import Key
from portal.common.languages import Language, reader_language
from portal.common.periods import Period
from portal.common.reading import Table, give_rows
from portal.common.tallies import counts
from portal.models import User

AnyQuerySet = TypeVar("AnyQuerySet", bound="QuerySet[Any]")

# Lists of initiatives


def on_cards(initiatives: InitiativeQuerySet) -> list[Initiative]:
    """Return initiatives with all that their cards show, in two queries."""
    found = list(initiatives.for_listing())
    give_rows((found, _ON_CARD))
    return found


def merge_targets(initiative: Initiative, words: str) -> InitiativeQuerySet:
    """Return other initiatives of the same entity that hold the words, or have them as their address."""
    others = Initiative.objects.filter(entity=initiative.entity_id).listed().exclude(pk=initiative.pk)
    found = Q(pk__in=matching(others, words).values("pk")) | Q(slug=words)
    return others.filter(found).with_title().order_by("summary__title_key", "pk")


NOTHING_YET = "none"  # in addresses: no update for the period


def with_update_of(initiatives: AnyQuerySet, period: Period, *, initiative: str = "pk") -> AnyQuerySet:
    """Annotate what the entity tells of the period: `draft_pk` of what is under way, `update_pk` of the last update.

    `update_state` is that of the draft, else approved where there is an update. Rows name an entity, and in the column
    `initiative` what it tells about.
    """
    told = {"initiative": OuterRef(initiative), "entity": OuterRef("entity")}
    updates = Update.objects.overlapping(period.start, period.end).filter(**told).order_by("-period_start", "-pk")
    drafts = Draft.objects.of_updates().open().overlapping(period.start, period.end).filter(**told)
    drafts = drafts.order_by("-period_start", "-pk")
    approved = updates.annotate(approved=Value(DraftState.APPROVED.value)).values("approved")
    return initiatives.annotate(
        update_pk=Subquery(updates.values("pk")[:1]),
        draft_pk=Subquery(drafts.values("pk")[:1]),
        update_state=Coalesce(Subquery(drafts.values("state")[:1]), Subquery(approved[:1])),
    )


@dataclass(frozen=True)
class JointState:
    """What the page of an initiative tells of its joint work: to everybody who has joined, to people of both more."""

    joined: list[JointInvitation]
    texts: list[EntityText]
    under_way: list[JointInvitation]  # that the reader's entities made or were invited by, and that are open
    writer: Entity | None  # for which the reader writes about it, as one that has joined


def joint_state(initiative: Initiative, *, own: Collection[int]) -> JointState:
    """Return it in two queries. `own` are the entities for which the reader writes."""
    invitations = list(initiative.joint_invitations.open().select_related("entity"))
    joined = [one for one in invitations if one.state == InvitationState.JOINED]
    concerned = initiative.entity_id in own
    texts = list(initiative.entity_texts.select_related("entity"))
    return JointState(
        joined=joined,
        texts=texts,
        under_way=[one for one in invitations if concerned or one.entity_id in own],
        writer=None if concerned else next((one.entity for one in joined if one.entity_id in own), None),
    )


def best_of_each_entity(texts: Iterable[EntityText], language: str) -> list[EntityText]:
    """Return of each entity its text in the language, else its original."""
    by_entity: dict[int, list[EntityText]] = {}
    for text in texts:
        by_entity.setdefault(text.entity_id, []).append(text)
    return [best for of_one in by_entity.values() if (best := best_text(of_one, language))]


# Where a former address leads


def initiative_today(visible: QuerySet[Initiative], slug: str) -> Initiative | None:
    """Return what stands for the initiative that has, or had, the address. None where the reader does not see both."""
    found = visible.filter(slug=slug).first() or visible.filter(former_addresses__slug=slug).first()
    return standing_for(found, visible) if found else None


def standing_for(initiative: Initiative, visible: QuerySet[Initiative]) -> Initiative | None:
    """Return the initiative into which this one was merged in the end, itself where it was not.

    None where that is not among those that the reader sees.
    """
    passed = [initiative.pk]
    into = initiative.merged_into_id
    while into:
        if into in passed:  # only an edit past the portal could make a ring
            return None
        passed.append(into)
        into = Initiative.objects.filter(pk=into).values_list("merged_into_id", flat=True).first()
    return visible.filter(pk=passed[-1]).first()


# Where an update is read


def update_address(pk: int, seen_slug: str) -> str:
    """Return where an update is read: at its place on its initiative.

    `seen_slug` is that of the initiative, empty where the reader does not see it: then it is a page of its own.
    """
    if seen_slug:
        return f"{reverse('initiative_detail', args=[seen_slug])}#update-{pk}"
    return reverse("update_detail", args=[pk])


def unseen_title(entity: Entity | str) -> str:
    """Return what an initiative is called to readers who do not see it."""
    return str(_("An initiative of %(entity)s") % {"entity": entity})


# The page of one initiative

#: How a relation reads from its target.
_REVERSED = {
    RelationKind.PART_OF: _("has the part"),
    RelationKind.PHASE_OF: _("has the phase"),
    RelationKind.EDITION_OF: _("has the edition"),
    RelationKind.FOLLOWS: _("followed by"),
    RelationKind.LEGACY_OF: _("left as its legacy"),
    RelationKind.REPLACES: _("replaced by"),
    RelationKind.SAME_AS: _("same as"),
    RelationKind.SEE_ALSO: _("related to"),
}


#: What the page shows of other tables, each by the name of its relation.
_SHOWN = {
    "texts": Table(InitiativeText, ("initiative_id",), ("variant", "id")),
    "other_titles": Table(OtherTitle, ("initiative_id",), ("text", "id")),
    "dated_parts": Table(DatedPart, ("initiative_id",), ("starts_on", "id")),
    "places": Table(InitiativePlace, ("initiative_id",), ("id",), ("country", "group")),
    "line_links": Table(InitiativeLine, ("initiative_id",), ("line.order", "id"), ("line",)),
    "term_links": Table(
        InitiativeTerm,
        ("initiative_id",),
        ("term__vocabulary.name_en", "term.order", "id"),
        ("term", "term__vocabulary"),
    ),
    "identifiers": Table(Identifier, ("initiative_id",), ("scheme", "value", "id")),
    "participations": Table(Participation, ("initiative_id",), ("role", "id"), ("entity", "organisation")),
    "references": Table(Reference, ("initiative_id",), ("id",)),
    "evidence": Table(Evidence, ("initiative_id",), ("id",), ("file", "update")),
}


#: Of them, what a card shows.
_ON_CARD = {name: _SHOWN[name] for name in ("line_links", "places")}


def read_rows_of(initiative: Initiative) -> None:
    """Read all that its page shows of other tables, in one query, as if it had been prefetched."""
    give_rows(([initiative], _SHOWN))


@dataclass(frozen=True)
class Related:
    """Another initiative, and how this one stands to it in words."""

    words: Promise | str
    initiative: Initiative
    is_kept_there: bool  # the other one says it, so it is changed in the record of that one


def related_initiatives(initiative: Initiative, user: User | AnonymousUser) -> list[Related]:
    """Return the relations in both directions, without those to initiatives that the reader does not see."""
    rows = list(
        Relation.objects.filter(Q(source=initiative) | Q(target=initiative)).order_by("kind", "source_id", "target_id")
    )
    forward = [(row.get_kind_display(), row.target_id) for row in rows if row.source_id == initiative.pk]
    backward = [(_REVERSED[RelationKind(row.kind)], row.source_id) for row in rows if row.target_id == initiative.pk]
    seen = Initiative.objects.visible_to(user).filter(merged_into=None).with_title().select_related("entity")
    others = seen.in_bulk([pk for _words, pk in forward + backward])
    told: dict[tuple[str, int], Related] = {}
    for is_kept_there, said in ((False, forward), (True, backward)):
        for words, pk in said:
            if pk in others:  # "same as" that both say of each other is told once
                told.setdefault((str(words), pk), Related(words, others[pk], is_kept_there))
    return list(told.values())


PLACES_SHOWN = 60  # in documents, of one initiative


@dataclass
class MentionedIn:
    """A document that mentions something, and where."""

    document: Document
    mentions: list[Mention]


def mentions_by_document(initiative: Initiative, user: User | AnonymousUser) -> list[MentionedIn]:
    """Return where documents that the reader sees mention the initiative, the latest document first."""
    documents = Document.objects.visible_to(user)
    mentions = Mention.objects.visible_to(user).filter(initiative=initiative, document__in=documents)
    found: dict[int, MentionedIn] = {}
    ordered = mentions.select_related("document__session", "part").order_by(
        F("document__dated_on").desc(nulls_last=True), "document_id", "part__order", "pk"
    )
    for mention in ordered[:PLACES_SHOWN]:
        found.setdefault(mention.document_id, MentionedIn(mention.document, [])).mentions.append(mention)
    return list(found.values())


def terms_by_vocabulary(links: Iterable[InitiativeTerm], *, inferred: bool) -> dict[Vocabulary, list[InitiativeTerm]]:
    """Group the terms of an initiative; those that nobody confirmed only where `inferred` asks for them."""
    groups: dict[Vocabulary, list[InitiativeTerm]] = defaultdict(list)
    for link in links:
        if inferred or link.basis == Basis.STATED:
            groups[link.term.vocabulary].append(link)
    return dict(groups)


def cited_in(*htmls: str) -> dict[int, Reference]:
    """Return what the footnotes of the texts cite, by id, in at most one query."""
    return Reference.objects.in_bulk({reference for html in htmls for reference in richtext.cited_references(html)})


# The pages of an entity and of an action line


def in_six_languages(row: Any, field: str = "name") -> list[tuple[str, str]]:
    """Return language and words of a name, in the order of the languages; those that are known."""
    named = ((language.value, getattr(row, f"{field}_{language.value}")) for language in Language)
    return [(language, words) for language, words in named if words]


@dataclass(frozen=True)
class ToldUpdate:
    """An approved update in a short list: its initiative's title, and how its paragraph begins."""

    title: str
    language: str
    url: str
    entity: Entity
    text: str
    text_language: str
    decided_at: dt.datetime | None


LATEST_UPDATES = 5
_OF_UPDATE = {"texts": Table(UpdateText, ("update_id",), ("id",))}
_TITLES = {"texts": _SHOWN["texts"]}


def latest_updates(updates: UpdateQuerySet, user: User | AnonymousUser) -> list[ToldUpdate]:
    """Return the latest approved of the updates that tell news of listed initiatives, in two queries."""
    found = updates.listed().with_paragraph().knowing_reader(user).order_by("-decided_at", "-pk")
    latest = list(found.select_related("entity", "initiative__entity")[:LATEST_UPDATES])
    give_rows((latest, _OF_UPDATE), ([update.initiative for update in latest], _TITLES))
    told = []
    for update in latest:
        initiative, text = update.initiative, update.original
        seen = update.shows_initiative  # type: ignore[attr-defined]  # annotated
        title = initiative.text_in(reader_language()) if seen else None
        slug = initiative.slug if seen else ""
        told.append(
            ToldUpdate(
                title=title.title if title else slug or unseen_title(initiative.entity),
                language=title.language if title else "",
                url=update_address(update.pk, slug),
                entity=update.entity,
                text=richtext.to_plain(text.paragraph) if text else "",
                text_language=text.language if text else "",
                decided_at=update.decided_at,
            )
        )
    return told


@dataclass(frozen=True)
class Joined:
    """An initiative of others, and what an entity does in it."""

    initiative: Initiative
    participation: Participation


def takes_part_in(entity: Entity, user: User | AnonymousUser, few: int) -> tuple[list[Joined], int]:
    """Return the latest roles of an entity in initiatives that the reader sees, and how many there are."""
    roles = Participation.objects.filter(entity=entity).order_by(F("since").desc(nulls_last=True), "-pk")
    held = list(roles.values_list("pk", "initiative"))
    # asked by their ids: joined, the database would read all initiatives to find the few hundred that matter
    visible = Initiative.objects.visible_to(user).listed().filter(pk__in={initiative for _role, initiative in held})
    seen = set(visible.values_list("pk", flat=True))
    nearest = [(role, initiative) for role, initiative in held if initiative in seen]
    shown = nearest[:few]
    participations = Participation.objects.in_bulk([role for role, _initiative in shown])
    initiatives = Initiative.objects.with_title().in_bulk([initiative for _role, initiative in shown])
    return [Joined(initiatives[initiative], participations[role]) for role, initiative in shown], len(nearest)


def latest_initiatives(initiatives: InitiativeQuerySet, few: int) -> list[Initiative]:
    """Return those of the initiatives of which an update was approved last, with all that a card shows."""
    pks = list(initiatives.latest_first().values_list("pk", flat=True)[:few])
    found = {initiative.pk: initiative for initiative in on_cards(Initiative.objects.filter(pk__in=pks))}
    return [found[pk] for pk in pks if pk in found]


def stated_in_lines(lines: Sequence[int], initiative: str = "pk") -> Exists:
    """Keep what is of an initiative that states one of the lines; `initiative` names its column."""
    return Exists(InitiativeLine.objects.filter(initiative=OuterRef(initiative), line__in=lines, basis=Basis.STATED))


def initiatives_by(facet: str) -> dict[Key, int]:
    """Return how many public initiatives there are by entity, or line, ...: what the list counts beside each choice."""
    everything = InitiativeFilter(QueryDict(), user=AnonymousUser())
    assert everything.is_valid()
    return counts(everything, facet)


# The page of a document

PARTS_PER_PAGE = 100  # places of a document on one page


def parts_on_page(document: Document, number: str | None) -> tuple[Page[int], PartQuerySet]:
    """Return a page of the places of a document, and the parts that stand there: all, also those kept inside."""
    last = document.parts.order_by("-order").values_list("order", flat=True).first() or 0
    page = Paginator(range(1, last + 1), PARTS_PER_PAGE).get_page(number)
    if not last:
        return page, Part.objects.none()
    parts = Part.objects.filter(document=document, order__gte=page.start_index(), order__lte=page.end_index())
    return page, parts.order_by("order")


def part_place(order: int) -> str:
    """Return where a part stands among the words of its document, to put behind their address: `?page=2#part-112`."""
    page = (order - 1) // PARTS_PER_PAGE + 1
    return f"?page={page}#part-{order}" if page > 1 else f"#part-{order}"


def part_name(order: int) -> str:
    """Return what a part is called where its document has no page or number for it."""
    return str(_("part %(number)s") % {"number": order})


@dataclass(frozen=True)
class Mentioned:
    """One thing that a document mentions."""

    words: str
    language: str
    url: str
    times: int
    first: int | None  # `order` of the part where it is first mentioned
    page: int | None
    locator: str


MENTIONED_SHOWN = 40  # of a kind


def mentioned_by_kind(document: Document, user: User | AnonymousUser) -> list[tuple[Promise, list[Mentioned], int]]:
    """Return what a document mentions: a label, the first things of that kind, and how many more there are.

    In a fixed number of queries. Initiatives and passages that the reader does not see are left out, and whatever
    stands in parts that the document does not print, but for people of its entity.
    """
    keys = [*(f"{name}_id" for name in MENTIONED), "starts_on", "starts_precision", "ends_on", "ends_precision"]
    rows = (
        Mention.objects.visible_to(user)
        .filter(document=document)
        .order_by()
        .values(*keys)
        .annotate(
            times=Count("pk"),
            first=Min("part__order"),
            on_page=Min("part__page"),
            where=Min("locator"),
            said=Min("words"),
        )
        .order_by("first", "where", *keys)
    )
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[next((name for name in MENTIONED if row[f"{name}_id"]), "date")].append(row)
    found = []
    for name, label in _LABELS.items():
        shown = _resolved(name, groups.get(name, []), user)
        if shown:
            found.append((label, shown[:MENTIONED_SHOWN], max(0, len(shown) - MENTIONED_SHOWN)))
    return found


_LABELS: dict[str, Promise] = {
    "initiative": _("Initiatives"),
    "passage": _("Passages"),
    "line": _("Action lines"),
    "country": _("Countries"),
    "entity": _("Entities"),
    "organisation": _("Organizations"),
    "date": _("Dates"),
}


def _resolved(name: str, rows: list[dict[str, Any]], user: User | AnonymousUser) -> list[Mentioned]:
    """Put words and addresses to things of one kind; those that the reader does not see fall out."""
    if name == "date":
        pairs = [(row, str(Mention(**{key: row[key] for key in _DATES}).dates_shown), "", "") for row in rows]
    else:
        ids = [row[f"{name}_id"] for row in rows]
        things = _things(name, ids, user)
        pairs = [(row, *_named(name, things[pk])) for row, pk in zip(rows, ids, strict=True) if pk in things]
    return [
        Mentioned(words or row["said"], language, url, row["times"], row["first"], row["on_page"], row["where"] or "")
        for row, words, language, url in pairs
    ]


_DATES = ["starts_on", "starts_precision", "ends_on", "ends_precision"]


def _things(name: str, ids: list[int], user: User | AnonymousUser) -> dict[int, Any]:
    if name == "initiative":
        return Initiative.objects.visible_to(user).with_title().in_bulk(ids)
    if name == "passage":
        return Passage.objects.visible_to(user).prefetch_related("texts").in_bulk(ids)
    model = Mention._meta.get_field(name).related_model
    return model._default_manager.in_bulk(ids)  # type: ignore[union-attr]  # a model


def _named(name: str, thing: Any) -> tuple[str, str, str]:
    """Return words, their language where it is not the reader's, and the address of the page, where there is one."""
    if name == "initiative":
        return thing.title or thing.slug, thing.title_language or "", thing.get_absolute_url()
    if name == "passage":
        text = thing.text_in(reader_language())
        opening = Truncator(richtext.to_plain(text.body)).words(20) if text else ""
        return opening, text.language if text else "", thing.get_absolute_url()
    if name == "country":
        return thing.name, "", f"{reverse('initiative_list')}?country={thing.iso3}"
    if name == "line":
        return f"{thing.code} {thing.current_name}", "", thing.get_absolute_url()
    return thing.name, "", thing.get_absolute_url() if name == "entity" else ""


# The page of one update


def further_fields(update: Update, text: UpdateText, *, is_own: bool) -> list[tuple[str, Any, str]]:
    """Return name, label and HTML of what is written beside the paragraph; for others what is public of it."""
    names = FURTHER_FIELDS if is_own else [name for name in FURTHER_FIELDS if name in update.public_fields]
    fields = [field for field in UpdateText._meta.fields if field.name in names]
    return [(field.name, field.verbose_name, html) for field in fields if (html := getattr(text, field.name))]
