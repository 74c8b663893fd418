"""Filing the demo records: invented people, real initiatives as documents name them, and invented ones that say so.

A record is filed once. The history tells what was filed before, so what people changed, renamed or deleted since
stays as they left it.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import models
from django.utils.translation import gettext_lazy as _

from initiatives.choices import Basis, DraftOf, DraftState, EntryKind, InvitationState, Role, TextState, UpdateKind
from initiatives.demo.people import PASSWORD, PEOPLE
from initiatives.drafting import results
from initiatives.drafting.updates import TEXT_FIELDS, title_of
from initiatives.models import (
    ActionLine,
    Country,
    CountryGroup,
    DatedPart,
    Document,
    DocumentSymbol,
    Draft,
    Entity,
    EntityText,
    Identifier,
    Indicator,
    Initiative,
    InitiativeLine,
    InitiativePlace,
    InitiativeTerm,
    InitiativeText,
    JointInvitation,
    Membership,
    Mention,
    Organisation,
    OtherTitle,
    Participation,
    Passage,
    PassageText,
    Reference,
    Relation,
    Result,
    Session,
    Term,
    Unit,
    Update,
    UpdateText,
    WorkplanEntry,
)
from initiatives.services.reference import Filed, ids
from initiatives.services.results import correct_result
from portal.common import dates
from portal.common.errors import PersonError
from portal.models import User

HERE = Path(__file__).resolve().parent
ROLES_SINCE = dt.date(2020, 1, 1)
CITED = re.compile(r'data-reference="([^"]+)"')


class ReferenceDataMissing(PersonError):
    sentence = _("The demo records need the reference data. Run “manage.py load_reference” first.")


def read(name: str, folder: Path = HERE) -> Any:
    """Return what a file of demo data says."""
    return json.loads((folder / name).read_text(encoding="utf-8"))


def filed_before(model: Any, *names: str) -> dict[Any, int]:
    """The ids of what was ever filed, deleted rows too, by what the first version said."""
    events = model.pgh_event_model.objects.filter(pgh_label="insert").values_list("pgh_obj_id", *names)
    return {row[1] if len(names) == 1 else row[1:]: row[0] for row in events}


def still_there(model: Any, *names: str) -> dict[Any, int]:
    """The same without what was deleted since."""
    there = set(model.objects.values_list("pk", flat=True))
    return {key: pk for key, pk in filed_before(model, *names).items() if pk in there}


class Names:
    """The ids of reference data and people by what the demo files call them."""

    def __init__(self) -> None:
        self.entities = ids(Entity, "code")
        self.terms = {
            f"{vocabulary}:{code}": pk
            for pk, vocabulary, code in Term.objects.values_list("pk", "vocabulary__code", "code")
        }
        if not {"UNIDO", "UNDESA"} <= self.entities.keys() or "kinds:programme" not in self.terms:
            raise ReferenceDataMissing
        self.lines = ids(ActionLine, "code")
        self.countries = ids(Country, "iso3")
        self.groups = ids(CountryGroup, "code")
        self.organisations = ids(Organisation, "name")
        self.units = ids(Unit, "name")
        self.sessions = {f"{body} {number}": pk for (body, number), pk in ids(Session, "body", "number").items()}

    @cached_property
    def people(self) -> dict[str, int]:
        return ids(User, "email")

    def person(self, entity: str, role: str, position: int = 0) -> int | None:
        """The id of a demo person by entity and role; None where the person was removed since."""
        emails = [person.email for person in PEOPLE if person.entity == entity and person.role == role]
        return self.people.get(emails[position % len(emails)])


def load_records(now: dt.datetime) -> list[Filed]:
    """File what belongs to `initiatives`. Raises ReferenceDataMissing. Call it in a transaction."""
    names = Names()
    return [
        load_people(names),
        load_documents(names, now),
        load_initiatives(names, now),
        load_references(),
        load_updates(names, now),
        load_passages(names),
        load_results(names, now),
    ]


def filed(model: type[models.Model], added: int, entries: int) -> Filed:
    return Filed(str(model._meta.verbose_name_plural), added=added, unchanged=entries - added)


# People


def load_people(names: Names) -> Filed:
    before = filed_before(User, "email")
    password = make_password(PASSWORD) if any(person.email not in before for person in PEOPLE) else ""
    new = [person for person in PEOPLE if person.email not in before]
    users = User.objects.bulk_create(
        User(
            email=person.email,
            name=person.name,
            password=password,
            is_staff=person.role == Role.ADMINISTRATOR,
            is_superuser=person.role == Role.ADMINISTRATOR,
        )
        for person in new
    )
    Membership.objects.bulk_create(
        Membership(
            user=user,
            role=person.role,
            entity_id=names.entities[person.entity] if person.entity else None,
            country_id=names.countries[person.country] if person.country else None,
            since=ROLES_SINCE,
        )
        for user, person in zip(users, new, strict=True)
        if person.role
    )
    return filed(User, len(users), len(PEOPLE))


# Documents and references


def load_documents(names: Names, now: dt.datetime) -> Filed:
    before = filed_before(Document, "kind", "title", "language")
    entries = read("documents.json")
    new = [entry for entry in entries if (entry["kind"], entry["title"], entry["language"]) not in before]
    documents = Document.objects.bulk_create(
        Document(
            kind=entry["kind"],
            title=entry["title"],
            language=entry["language"],
            entity_id=names.entities[entry["entity"]] if "entity" in entry else None,
            session_id=names.sessions[entry["session"]] if "session" in entry else None,
            agenda_item=entry.get("agenda_item", ""),
            dated_on=dates.parse(entry["date"])[0] if "date" in entry else None,
            date_precision=dates.parse(entry["date"])[2] if "date" in entry else dates.Precision.DAY,
            reissued_on=dates.parse(entry["reissued"])[0] if "reissued" in entry else None,
            author=entry.get("author", ""),
            address=entry.get("address", ""),
            note=entry.get("note", ""),
            published_at=now,
        )
        for entry in new
    )
    DocumentSymbol.objects.bulk_create(
        DocumentSymbol(document=document, symbol=symbol)
        for document, entry in zip(documents, new, strict=True)
        for symbol in entry.get("symbols", [])
    )
    return filed(Document, len(documents), len(entries))


def _document_ids(filed: dict[Any, int]) -> dict[str, int]:
    """The ids of demo documents by their key in the files."""
    named = {entry["key"]: (entry["kind"], entry["title"], entry["language"]) for entry in read("documents.json")}
    return {key: filed[name] for key, name in named.items() if name in filed}


def document_ids() -> dict[str, int]:
    """The ids of the demo documents that are still there."""
    return _document_ids(still_there(Document, "kind", "title", "language"))


REFERENCE_KEY = ["text", "title", "address", "document_id", "initiative_id"]


def _reference_keys(entries: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What names each reference again, in the order of REFERENCE_KEY."""
    documents = _document_ids(filed_before(Document, "kind", "title", "language"))
    initiatives = filed_before(Initiative, "slug")
    return [
        (
            *(entry.get(name, "") for name in REFERENCE_KEY[:3]),
            documents.get(entry.get("document", "")),
            initiatives.get(entry.get("initiative", "")),
        )
        for entry in entries
    ]


def load_references() -> Filed:
    before = filed_before(Reference, *REFERENCE_KEY)
    entries = read("references.json")
    documents, initiatives = set(document_ids().values()), set(still_there(Initiative, "slug").values())
    new = [
        Reference(
            text=text,
            title=title,
            address=address,
            document_id=document if document in documents else None,
            initiative_id=initiative if initiative in initiatives else None,
        )
        for text, title, address, document, initiative in _reference_keys(entries)
        if (text, title, address, document, initiative) not in before
    ]
    Reference.objects.bulk_create(new)
    return filed(Reference, len(new), len(entries))


class Texts:
    """Reads the texts of the demo and lets their footnotes cite the references as filed."""

    def __init__(self) -> None:
        entries = read("references.json")
        there = still_there(Reference, *REFERENCE_KEY)
        keys = zip(entries, _reference_keys(entries), strict=True)
        self.references = {entry["key"]: there.get(key, 0) for entry, key in keys}

    def read(self, name: str) -> str:
        """Return the HTML of one text in one line."""
        html = " ".join((HERE / "texts" / f"{name}.html").read_text(encoding="utf-8").split())
        return CITED.sub(lambda match: f'data-reference="{self.references[match[1]]}"', html)


# Initiatives


def all_initiatives() -> list[dict[str, Any]]:
    """Real initiatives, then invented ones, as the files tell them."""
    return [*read("initiatives.json"), *read("invented.json")]


def load_initiatives(names: Names, now: dt.datetime) -> Filed:
    before = filed_before(Initiative, "slug")
    entries = all_initiatives()
    new = [entry for entry in entries if entry["slug"] not in before]
    rows = Initiative.objects.bulk_create(
        Initiative(
            **_holders(entry, position, names),
            **_dated(entry),
            entity_id=names.entities[entry["entity"]],
            unit_id=names.units.get(entry.get("unit", "")),
            kind_id=names.terms[f"kinds:{entry['kind']}"],
            slug=entry["slug"],
            level=entry.get("level", ""),
            status=entry.get("status", ""),
            status_note=entry.get("status_note", ""),
            covers_all_member_states=entry.get("all_member_states", False),
            place=entry.get("place", ""),
            is_invented=entry.get("invented", False),
            published_at=now if entry.get("published", True) else None,
        )
        for position, entry in enumerate(new)
    )
    pairs = list(zip(rows, new, strict=True))
    InitiativeText.objects.bulk_create(text for row, entry in pairs for text in _initiative_texts(row, entry))
    OtherTitle.objects.bulk_create(
        OtherTitle(initiative=row, language=language, text=text)
        for row, entry in pairs
        for key, language in [("other_titles", "en"), ("other_titles_zh", "zh")]
        for text in entry.get(key, [])
    )
    DatedPart.objects.bulk_create(
        DatedPart(initiative=row, label=part["label"], state=part["state"], **_dated(part))
        for row, entry in pairs
        for part in entry.get("parts", [])
    )
    InitiativePlace.objects.bulk_create(
        [
            *(
                InitiativePlace(initiative=row, country_id=names.countries[iso3])
                for row, entry in pairs
                for iso3 in entry.get("countries", [])
            ),
            *(
                InitiativePlace(initiative=row, group_id=names.groups[code])
                for row, entry in pairs
                for code in entry.get("groups", [])
            ),
        ]
    )
    InitiativeLine.objects.bulk_create(
        InitiativeLine(
            initiative=row,
            line_id=names.lines[code],
            basis=basis,
            is_primary=code == entry["lines"].get("primary"),
        )
        for row, entry in pairs
        for basis in Basis.values
        for code in entry.get("lines", {}).get(basis, [])
    )
    InitiativeTerm.objects.bulk_create(
        InitiativeTerm(initiative=row, term_id=names.terms[term], basis=basis)
        for row, entry in pairs
        for basis in Basis.values
        for term in entry.get("terms", {}).get(basis, [])
    )
    for row, entry in pairs:
        if "tool" in entry:
            tools = WorkplanEntry.objects.filter(kind=EntryKind.TOOL, code=entry["tool"], initiative=None)
            tools.update(initiative=row)
    Identifier.objects.bulk_create(
        Identifier(initiative=row, **identifier) for row, entry in pairs for identifier in entry.get("identifiers", [])
    )
    Participation.objects.bulk_create(
        Participation(
            initiative=row,
            entity_id=names.entities[part["entity"]] if "entity" in part else None,
            organisation_id=names.organisations[part["organisation"]] if "organisation" in part else None,
            role=part["role"],
        )
        for row, entry in pairs
        for part in entry.get("participations", [])
    )
    JointInvitation.objects.bulk_create(_invitation(row, entry, names, now) for row, entry in pairs if "joint" in entry)
    EntityText.objects.bulk_create(
        EntityText(
            initiative=row,
            entity_id=names.entities[entry["joint"]["entity"]],
            language="en",
            description=entry["joint"]["text"],
        )
        for row, entry in pairs
        if "text" in entry.get("joint", {})
    )
    there = still_there(Initiative, "slug")
    Relation.objects.bulk_create(
        Relation(source=row, target_id=target, kind=relation["kind"])
        for row, entry in pairs
        for relation in entry.get("relations", [])
        if (target := there.get(relation["to"]))
    )
    documents = document_ids()
    Mention.objects.bulk_create(
        Mention(initiative=row, document_id=document, kind=mention["kind"], locator=mention["locator"])
        for row, entry in pairs
        for mention in entry.get("mentions", [])
        if (document := documents.get(mention["document"]))
    )
    return filed(Initiative, len(rows), len(entries))


def _invitation(initiative: Initiative, entry: dict[str, Any], names: Names, now: dt.datetime) -> JointInvitation:
    """Another entity is invited; it has joined where it says something of its own."""
    joint, owner = entry["joint"], entry["entity"]
    invitation = JointInvitation(
        initiative=initiative,
        entity_id=names.entities[joint["entity"]],
        role=joint["role"],
        words=joint["words"],
        language="en",
        invited_by_id=names.person(owner, Role.FOCAL_POINT),
        invited_at=now,
    )
    if "text" in joint:
        invitation.state = InvitationState.JOINED
        invitation.answered_by_id = names.person(joint["entity"], Role.FOCAL_POINT)
        invitation.answered_at = now
    return invitation


def _holders(entry: dict[str, Any], position: int, names: Names) -> dict[str, Any]:
    """Holder and deputy: the two staff members of UNIDO in turn; of UN DESA its staff and its focal point."""
    entity = entry["entity"]
    other = Role.STAFF if entity == "UNIDO" else Role.FOCAL_POINT
    return {
        "holder_id": names.person(entity, Role.STAFF, position),
        "deputy_id": names.person(entity, other, position + 1),
    }


def _dated(entry: dict[str, Any]) -> dict[str, Any]:
    """The fields of a half-open range from the dates as a file writes them."""
    fields: dict[str, Any] = {}
    if "starts" in entry:
        fields["starts_on"], _after, fields["starts_precision"] = dates.parse(entry["starts"])
    if "ends" in entry:
        _first, fields["ends_on"], fields["ends_precision"] = dates.parse(entry["ends"])
    return fields


def _initiative_texts(row: Initiative, entry: dict[str, Any]) -> Iterable[InitiativeText]:
    description = entry["description"]
    yield InitiativeText(
        initiative=row,
        language=entry.get("language", "en"),
        title=entry["title"],
        description=description if description.startswith("<") else f"<p>{description}</p>",
    )
    chinese = [{"language": "zh", "state": TextState.CHECKED, **entry["zh"]}] if "zh" in entry else []
    for text in [*chinese, *entry.get("translations", [])]:
        description = text["description"]
        yield InitiativeText(
            initiative=row,
            language=text["language"],
            state=text["state"],
            based_on=1,
            title=text["title"],
            description=description if description.startswith("<") else f"<p>{description}</p>",
        )


# Updates


def all_updates() -> list[dict[str, Any]]:
    """Real updates, then those of invented initiatives, as the files tell them."""
    invented = [
        {**update, "initiative": entry["slug"], "invented": True}
        for entry in read("invented.json")
        for update in entry["updates"]
    ]
    return [*read("updates.json"), *invented]


def load_updates(names: Names, now: dt.datetime) -> Filed:
    """File updates that are approved, and drafts of those that are not."""
    before = filed_before(Update, "initiative_id", "period_start")
    begun = filed_before(Draft, "initiative_id", "period_start")
    slugs = still_there(Initiative, "slug")
    initiatives = Initiative.objects.select_related("entity").in_bulk(slugs.values())
    texts = Texts()
    entries = all_updates()
    new: list[tuple[Any, Initiative]] = []
    drafts: list[tuple[Any, Initiative]] = []
    for entry in entries:
        pk = slugs.get(entry["initiative"])
        key = (pk, dt.date(entry["year"], 1, 1))
        if pk and key not in before and key not in begun:
            is_approved = entry.get("state", DraftState.APPROVED) == DraftState.APPROVED
            (new if is_approved else drafts).append((entry, initiatives[pk]))
    updates = Update.objects.bulk_create(_update(entry, initiative, names, now) for entry, initiative in new)
    UpdateText.objects.bulk_create(
        text
        for update, (entry, _initiative) in zip(updates, new, strict=True)
        for text in _update_texts(update, entry, texts)
    )
    Draft.objects.bulk_create(_draft(entry, initiative, names, texts, now) for entry, initiative in drafts)
    return filed(Update, len(updates) + len(drafts), len(entries))


def _handed_in(entry: dict[str, Any], now: dt.datetime) -> dt.datetime:
    """Invented ones were handed in each November, real ones now."""
    return dt.datetime(entry["year"], 11, 2, 10, tzinfo=dt.UTC) if entry.get("invented", False) else now


def _period(entry: dict[str, Any]) -> dict[str, dt.date]:
    return {"period_start": dt.date(entry["year"], 1, 1), "period_end": dt.date(entry["year"] + 1, 1, 1)}


def _update(entry: dict[str, Any], initiative: Initiative, names: Names, now: dt.datetime) -> Update:
    kind, entity = entry.get("kind", UpdateKind.NEWS), initiative.entity.code
    focal_point = names.person(entity, Role.FOCAL_POINT)
    own = entry.get("own", "")  # the reason of a focal point who approved a text of its own
    return Update(
        initiative=initiative,
        entity=initiative.entity,
        **_period(entry),
        kind=kind,
        reason=entry.get("reason", ""),
        author_id=focal_point if own else names.person(entity, Role.STAFF),
        author_role=Role.FOCAL_POINT if own else Role.STAFF,
        decided_by_id=None if kind == UpdateKind.STILL_TRUE else focal_point,  # it needs no review
        decided_at=_handed_in(entry, now) + dt.timedelta(days=7) if entry.get("invented", False) else now,
        decision_note=own,
    )


def _draft(entry: dict[str, Any], initiative: Initiative, names: Names, texts: Texts, now: dt.datetime) -> Draft:
    entity, state, handed_in = initiative.entity.code, entry["state"], _handed_in(entry, now)
    is_returned = state == DraftState.RETURNED
    staff = names.person(entity, Role.STAFF)
    draft = Draft(
        of=DraftOf.UPDATE,
        initiative=initiative,
        entity=initiative.entity,
        **_period(entry),
        holder_id=staff,
        saved_by_id=staff,
        state=state,
        begun_at=handed_in,
        saved_at=handed_in,
        submitted_at=None if state == DraftState.DRAFT else handed_in,
        decided_by_id=names.person(entity, Role.FOCAL_POINT) if is_returned else None,
        decided_at=handed_in + dt.timedelta(days=7) if is_returned else None,
        decision_note=entry.get("note", ""),
    )
    draft.content = {
        "kind": entry.get("kind", UpdateKind.NEWS),
        "reason": entry.get("reason", ""),
        "language": entry.get("language", "en"),
        **dict.fromkeys(TEXT_FIELDS, ""),
        **_words(entry, texts),
        "public": [],
        "evidence": [],
    }
    draft.title = title_of(draft, draft.content)
    return draft


def _words(entry: dict[str, Any], texts: Texts) -> dict[str, str]:
    """Return the texts of an update in the language that it was written in, by their fields."""
    return {"paragraph": texts.read(entry["text"])} if "text" in entry else entry.get("words", {})


def _update_texts(update: Update, entry: dict[str, Any], texts: Texts) -> Iterable[UpdateText]:
    if words := _words(entry, texts):
        yield UpdateText(update=update, language=entry.get("language", "en"), **words)
    for text in entry.get("translations", []):
        yield UpdateText(update=update, language=text["language"], state=text["state"], based_on=1, **text["words"])


# Passages


def load_passages(names: Names) -> Filed:
    before = filed_before(Passage, "entity_id", "name")
    slugs = still_there(Initiative, "slug")
    texts = Texts()
    entries = read("passages.json")
    new = [entry for entry in entries if (names.entities[entry["entity"]], entry["name"]) not in before]
    for entry in new:
        passage = Passage.objects.create(
            entity_id=names.entities[entry["entity"]],
            name=entry["name"],
            kind=entry["kind"],
            author_id=names.person(entry["entity"], Role.SECRETARIAT),
            author_role=Role.SECRETARIAT,
        )
        body = texts.read(entry["text"]) if "text" in entry else entry["body"]
        PassageText.objects.create(passage=passage, language="en", body=body)
        passage.lines.set(names.lines[code] for code in entry.get("lines", []))
        passage.terms.set(names.terms[term] for term in entry.get("terms", []))
        passage.countries.set(names.countries[iso3] for iso3 in entry.get("countries", []))
        passage.initiatives.set(pk for slug in entry.get("initiatives", []) if (pk := slugs.get(slug)))
    return filed(Passage, len(new), len(entries))


# Results


def load_results(names: Names, now: dt.datetime) -> Filed:
    """File results through the form that people fill in; those that nobody approved yet as drafts."""
    before = set(filed_before(Result, "initiative_id", "indicator_id", "period_start", "category_id"))
    begun = set(filed_before(Draft, "initiative_id", "title"))
    initiatives = Initiative.objects.select_related("entity").in_bulk(
        still_there(Initiative, "slug"), field_name="slug"
    )
    indicators = ids(Indicator, "code")
    people = User.objects.in_bulk()
    entries = read("results.json")
    added = 0
    for entry in entries:
        initiative = initiatives.get(entry["initiative"])
        if initiative is None or entry["content"]["indicator"] not in indicators:
            continue
        staff = people.get(names.person(initiative.entity.code, Role.STAFF) or 0)
        focal_point = people.get(names.person(initiative.entity.code, Role.FOCAL_POINT) or 0)
        content = results.BLANK | {"language": "en"} | entry["content"]
        about: dict[str, Any] = {"initiative": initiative, "entity": initiative.entity, "saved_by": staff}
        draft = Draft(of=DraftOf.RESULT, decided_by=focal_point, **about)
        draft.title = results.title_of(draft, content)
        form = results.form_for(draft, content)
        if entry.get("state"):
            if (initiative.pk, draft.title) not in begun:
                draft.content, draft.state, draft.holder, draft.decided_by = content, entry["state"], staff, None
                draft.begun_at = draft.saved_at = draft.submitted_at = now
                draft.save()
                added += 1
            continue
        period, kind = results.read_period(content["period"]), content["category"]
        category = next((one.pk for one in form.kinds if one.code == kind), None)
        if (initiative.pk, indicators[content["indicator"]], period.start, category) in before:
            continue
        if not form.is_valid():
            raise ValueError(f"{draft.title}: {form.errors.as_json()}")
        results.apply(draft, form, now=now)
        added += 1
        corrected = entry.get("corrected")
        if corrected and draft.result and focal_point:
            changes = {"value": corrected["value"]}
            correct_result(result=draft.result, changes=changes, reason=corrected["reason"], user=focal_point, now=now)
    return filed(Result, added, len(entries))
