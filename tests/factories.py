"""Rows for tests: valid with as little as possible, so that a test spells out only what it is about.

UserFactory(role=Role.STAFF, entity=unido)                  a person with a role, password `PASSWORD`
MembershipFactory(role=Role.DELEGATE)                       with its country; staff and the like with their entity
InitiativeFactory(published=True, title="Learning hub")     with its English text
UpdateFactory(paragraph="<p>News.</p>")      of 2021, approved; UpdateDraftFactory is under way
DraftFactory(title="Learning hub")                          of a new initiative; also submitted=True, returned=True;
                                                            of_record=True or initiative=... changes one that is there
EvidenceFactory(initiative=initiative, public=True)         with its StoredFile, a photograph
PassageFactory(body="<p>A trend.</p>")
IndicatorFactory(cumulative=True)                           also yes=, items=, pending=, middle_income=True
ResultFactory(indicator=indicator, value=5)                 of 2021; country=, period_start=, period_end=
CallFactory(slug="25")                                      for 2021
SubmissionFactory(call=call, entities=[unido])              with a layout; sections and items are made beside it
SectionFactory(submission=submission), ItemFactory(section=section, initiative=initiative) or passage=, heading=
CompilationFactory(submission=submission, done=True)        also running=True, failed=True
SealFactory(submission=submission)                          with its compilation; nothing is compiled really, for that
                                                            see `tests.support.compiling`
WithdrawalFactory(seal=seal, confirmed=True)                also without `confirmed`: only proposed
"""

import datetime as dt
import hashlib
from typing import Any

import factory
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile

from initiatives import choices, models
from initiatives.drafting import areas, editions, entries, indicators, passages, results, targets, updates, workplans
from initiatives.drafting.initiatives import content_of
from initiatives.drafting.updates import TEXT_FIELDS
from portal.common.uploads import FileType
from portal.models import User
from reporting import choices as reporting_choices
from reporting import models as reporting_models
from reporting.compilation.snapshot import fingerprint

PASSWORD = "a long enough password"
NOON = dt.datetime(2021, 11, 22, 12, tzinfo=dt.UTC)
YEAR_START, YEAR_END = dt.date(2021, 1, 1), dt.date(2022, 1, 1)
A_FILE = b"<p>A file.</p>"
KINDS = "kinds"  # the vocabulary of kinds of initiative


FIRST = 1000  # number of a sequence


class Factory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True
        skip_postgeneration_save = True

    @classmethod
    def _setup_next_sequence(cls) -> int:
        """Of as many digits as the last, so that “Category 1001” comes after the one before in the alphabet too."""
        return FIRST


# People and entities


class EntityFactory(Factory):
    class Meta:
        model = models.Entity
        django_get_or_create = ["code"]

    code = factory.Sequence(lambda n: f"ENT{n}")
    acronym = factory.SelfAttribute("code")
    name_en = factory.LazyAttribute(lambda entity: f"Entity {entity.code}")
    kind = "specialized agency"


class EntityAliasFactory(Factory):
    class Meta:
        model = models.EntityAlias

    entity = factory.SubFactory(EntityFactory)
    text = factory.Sequence(lambda n: f"Alias {n}")


class UnitFactory(Factory):
    class Meta:
        model = models.Unit

    entity = factory.SubFactory(EntityFactory)
    name = factory.Sequence(lambda n: f"Unit {n}")


class OrganisationFactory(Factory):
    class Meta:
        model = models.Organisation

    name = factory.Sequence(lambda n: f"Organization {n}")
    kind = choices.OrganisationKind.OTHER


class UserFactory(Factory):
    """With `role`, and `entity` or `country` where the role has one, the person holds that role."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.LazyFunction(lambda: make_password(PASSWORD))

    @classmethod
    def _create(
        cls,
        model_class: type[User],
        *args: Any,
        role: str = "",
        entity: models.Entity | None = None,
        country: models.Country | None = None,
        **kwargs: Any,
    ) -> User:
        user = super()._create(model_class, *args, **kwargs)
        if role:
            MembershipFactory(user=user, role=role, entity=entity, country=country)
        return user


class MembershipFactory(Factory):
    class Meta:
        model = models.Membership

    user = factory.SubFactory(UserFactory)
    role = choices.Role.STAFF
    since = dt.date(2020, 1, 1)

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        if kwargs["role"] in choices.ENTITY_ROLES and kwargs.get("entity") is None:
            kwargs["entity"] = EntityFactory()
        if kwargs["role"] == choices.Role.DELEGATE and kwargs.get("country") is None:
            kwargs["country"] = CountryFactory()
        return kwargs


# Geography


def _letters(number: int) -> str:
    """Three capital letters for a number of a sequence, of which there are 17,576."""
    return "".join(chr(65 + (number - FIRST) // 26**place % 26) for place in (2, 1, 0))


class CountryFactory(Factory):
    class Meta:
        model = models.Country
        django_get_or_create = ["iso3"]

    iso3 = factory.Sequence(_letters)
    name_en = factory.LazyAttribute(lambda country: f"Country {country.iso3}")
    entry_type = choices.EntryType.M49
    un_member = choices.UnMembership.MEMBER


class CountryGroupFactory(Factory):
    class Meta:
        model = models.CountryGroup

    code = factory.Sequence(lambda n: f"GROUP{n}")
    name_en = factory.LazyAttribute(lambda group: f"Group {group.code}")
    kind = choices.GroupKind.ORGANISATION


class GroupMembershipFactory(Factory):
    class Meta:
        model = models.GroupMembership

    country = factory.SubFactory(CountryFactory)
    group = factory.SubFactory(CountryGroupFactory)


class IncomeClassificationFactory(Factory):
    class Meta:
        model = models.IncomeClassification

    country = factory.SubFactory(CountryFactory)
    fiscal_year = 2022
    income_group = choices.IncomeGroup.UPPER_MIDDLE
    source = "test"


# Taxonomy


class ActionLineFactory(Factory):
    class Meta:
        model = models.ActionLine
        django_get_or_create = ["code"]

    code = factory.Sequence(lambda n: f"X{n}")
    order = factory.Sequence(lambda n: 1000 + n)
    name_en = factory.LazyAttribute(lambda line: f"Action line {line.code}")
    short_name_en = factory.SelfAttribute("name_en")


class ActionLineAliasFactory(Factory):
    class Meta:
        model = models.ActionLineAlias

    line = factory.SubFactory(ActionLineFactory)
    kind = choices.AliasKind.ALIAS
    language = "en"
    text = factory.Sequence(lambda n: f"alias {n}")


class FacilitationFactory(Factory):
    class Meta:
        model = models.Facilitation

    entity = factory.SubFactory(EntityFactory)
    line = factory.SubFactory(ActionLineFactory)
    role = choices.FacilitationRole.CO_FACILITATOR
    source = "test"


class VocabularyFactory(Factory):
    class Meta:
        model = models.Vocabulary
        django_get_or_create = ["code"]

    code = factory.Sequence(lambda n: f"vocabulary-{n}")
    name_en = factory.LazyAttribute(lambda vocabulary: f"Vocabulary {vocabulary.code}")


class TermFactory(Factory):
    class Meta:
        model = models.Term
        django_get_or_create = ["vocabulary", "code"]

    vocabulary = factory.SubFactory(VocabularyFactory)
    code = factory.Sequence(lambda n: f"term-{n}")
    name_en = factory.LazyAttribute(lambda term: f"Term {term.code}")


class KindFactory(TermFactory):
    """A kind of initiative; `KindFactory(code="event")` is the same row each time."""

    vocabulary = factory.SubFactory(VocabularyFactory, code=KINDS, name_en="Kinds of initiative")
    code = "programme"
    name_en = factory.LazyAttribute(lambda term: term.code.capitalize())


# Initiatives


class InitiativeFactory(Factory):
    """With its original text; `title=""` makes none."""

    class Meta:
        model = models.Initiative

    class Params:
        published = factory.Trait(published_at=NOON)
        invented = factory.Trait(is_invented=True)

    entity = factory.SubFactory(EntityFactory)
    kind = factory.SubFactory(KindFactory)
    slug = factory.Sequence(lambda n: f"initiative-{n}")
    title = factory.LazyAttribute(lambda initiative: initiative.slug.replace("-", " ").capitalize())

    @classmethod
    def _create(
        cls,
        model_class: type[models.Initiative],
        *args: Any,
        title: str,
        description: str = "",
        language: str = "en",
        **kwargs: Any,
    ) -> models.Initiative:
        initiative = super()._create(model_class, *args, **kwargs)
        if title:
            InitiativeTextFactory(initiative=initiative, title=title, description=description, language=language)
        return initiative


class InitiativeTextFactory(Factory):
    class Meta:
        model = models.InitiativeText

    initiative = factory.SubFactory(InitiativeFactory, title="")
    language = "en"
    title = factory.Sequence(lambda n: f"Title {n}")


class OtherTitleFactory(Factory):
    class Meta:
        model = models.OtherTitle

    initiative = factory.SubFactory(InitiativeFactory)
    language = "en"
    text = factory.Sequence(lambda n: f"Other title {n}")


class DatedPartFactory(Factory):
    class Meta:
        model = models.DatedPart

    initiative = factory.SubFactory(InitiativeFactory)
    label = factory.Sequence(lambda n: f"Part {n}")
    state = choices.EventState.HELD


class InitiativePlaceFactory(Factory):
    """In a country, unless `group` is given with `country=None`."""

    class Meta:
        model = models.InitiativePlace

    initiative = factory.SubFactory(InitiativeFactory)
    country = factory.SubFactory(CountryFactory)


class InitiativeLineFactory(Factory):
    class Meta:
        model = models.InitiativeLine

    initiative = factory.SubFactory(InitiativeFactory)
    line = factory.SubFactory(ActionLineFactory)
    basis = choices.Basis.STATED


class InitiativeTermFactory(Factory):
    class Meta:
        model = models.InitiativeTerm

    initiative = factory.SubFactory(InitiativeFactory)
    term = factory.SubFactory(TermFactory)
    basis = choices.Basis.STATED


class IdentifierFactory(Factory):
    class Meta:
        model = models.Identifier

    initiative = factory.SubFactory(InitiativeFactory)
    scheme = "project number"
    value = factory.Sequence(lambda n: f"{180000 + n}")


class ParticipationFactory(Factory):
    """Of another entity, unless `organisation` is given with `entity=None`."""

    class Meta:
        model = models.Participation

    initiative = factory.SubFactory(InitiativeFactory)
    entity = factory.SubFactory(EntityFactory)
    role = choices.ParticipationRole.PARTNER


class JointInvitationFactory(Factory):
    """Not answered yet; `joined=True` was accepted."""

    class Meta:
        model = models.JointInvitation

    class Params:
        joined = factory.Trait(state=choices.InvitationState.JOINED, answered_at=NOON)

    initiative = factory.SubFactory(InitiativeFactory)
    entity = factory.SubFactory(EntityFactory)
    language = "en"
    invited_by = factory.SubFactory(UserFactory)
    invited_at = NOON


class EntityTextFactory(Factory):
    """What an entity says of an initiative that it has joined."""

    class Meta:
        model = models.EntityText

    initiative = factory.SubFactory(InitiativeFactory)
    entity = factory.SubFactory(EntityFactory)
    language = "en"
    description = "<p>What we do in it.</p>"


class RelationFactory(Factory):
    class Meta:
        model = models.Relation

    source = factory.SubFactory(InitiativeFactory)
    target = factory.SubFactory(InitiativeFactory)
    kind = choices.RelationKind.PART_OF


# Updates


class UpdateFactory(Factory):
    """With its original text when words are given: `paragraph`, `results`, `obstacles`, `lessons`, ..."""

    class Meta:
        model = models.Update

    initiative = factory.SubFactory(InitiativeFactory)
    entity = factory.SelfAttribute("initiative.entity")
    period_start = YEAR_START
    period_end = YEAR_END
    author = factory.SubFactory(UserFactory)
    author_role = choices.Role.STAFF
    decided_at = NOON
    decided_by = factory.SubFactory(UserFactory)

    @classmethod
    def _create(
        cls, model_class: type[models.Update], *args: Any, language: str = "en", **kwargs: Any
    ) -> models.Update:
        words = {part: kwargs.pop(part) for part in TEXT_FIELDS if part in kwargs}
        update = super()._create(model_class, *args, **kwargs)
        if words:
            UpdateTextFactory(update=update, language=language, **words)
        return update


class UpdateTextFactory(Factory):
    class Meta:
        model = models.UpdateText

    update = factory.SubFactory(UpdateFactory)
    language = "en"


def updates_of_years(*, initiative: models.Initiative, years: range, paragraph: str) -> list[models.Update]:
    """File an approved update for each year in a few queries; `{year}` in the paragraph is its own."""
    people = {"author": UserFactory(), "decided_by": UserFactory()}
    updates = models.Update.objects.bulk_create(
        UpdateFactory.build(
            initiative=initiative,
            period_start=dt.date(year, 1, 1),
            period_end=dt.date(year + 1, 1, 1),
            **people,
        )
        for year in years
    )
    models.UpdateText.objects.bulk_create(
        UpdateTextFactory.build(update=update, paragraph=paragraph.format(year=update.period_start.year))
        for update in updates
    )
    return updates


# Drafts


class DraftFactory(Factory):
    """Of a new initiative with title, kind and language; `initiative` or `of_record=True` changes one that is there.

    `content` is put over what stands in the form at the beginning.
    """

    class Meta:
        model = models.Draft

    class Params:
        of_record = factory.Trait(initiative=factory.SubFactory(InitiativeFactory))
        submitted = factory.Trait(state=choices.DraftState.SUBMITTED, submitted_at=NOON)
        returned = factory.Trait(
            state=choices.DraftState.RETURNED,
            submitted_at=NOON,
            decided_at=NOON,
            decided_by=factory.SubFactory(UserFactory),
            decision_note="Please add the country.",
        )
        approved = factory.Trait(
            state=choices.DraftState.APPROVED,
            submitted_at=NOON,
            decided_at=NOON,
            decided_by=factory.SubFactory(UserFactory),
            version=1,
        )

    of = choices.DraftOf.INITIATIVE
    entity = factory.Maybe("initiative", factory.SelfAttribute("initiative.entity"), factory.SubFactory(EntityFactory))
    initiative = None
    title = factory.Sequence(lambda n: f"Draft {n}")
    holder = factory.SubFactory(UserFactory)
    saved_by = factory.SelfAttribute("holder")
    begun_at = NOON
    saved_at = NOON

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        changed = kwargs.get("content") or {}
        if kwargs["initiative"]:
            kwargs["began_from"] = content_of(kwargs["initiative"])
            content = kwargs["began_from"] | changed
        else:
            content = {"title": kwargs["title"], "kind": KindFactory().code, "language": "en"} | changed
        return kwargs | {"content": content, "title": content["title"]}


class UpdateDraftFactory(DraftFactory):
    """Of a new update with words when they are given: `paragraph`, `results`, ...; `update` changes that one."""

    class Params:
        of_record = None

    of = choices.DraftOf.UPDATE
    update = None
    initiative = factory.Maybe(
        "update", factory.SelfAttribute("update.initiative"), factory.SubFactory(InitiativeFactory)
    )
    entity = factory.SelfAttribute("initiative.entity")
    period_start = factory.Maybe("update", factory.SelfAttribute("update.period_start"), YEAR_START)
    period_end = factory.Maybe("update", factory.SelfAttribute("update.period_end"), YEAR_END)

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        names = ["kind", "reason", "language", "public", "evidence", *TEXT_FIELDS]
        changed = {name: kwargs.pop(name) for name in names if name in kwargs} | (kwargs.get("content") or {})
        if kwargs["update"]:
            kwargs["began_from"] = updates.content_of(kwargs["update"])
            content = kwargs["began_from"] | changed
        else:
            content = {"kind": choices.UpdateKind.NEWS, "reason": "", "language": "en"}
            content |= dict.fromkeys(TEXT_FIELDS, "") | {"public": [], "evidence": []} | changed
        draft = models.Draft(initiative=kwargs["initiative"])
        return kwargs | {"content": content, "title": updates.title_of(draft, content)}


# Evidence


class StoredFileFactory(Factory):
    """A photograph of 8 by 4 pixels; `pdf=True` a document."""

    class Meta:
        model = models.StoredFile

    class Params:
        pdf = factory.Trait(type=FileType.PDF, name="report.pdf", width=None, height=None, thumbnail="")

    entity = factory.SubFactory(EntityFactory)
    name = "photo.jpg"
    type = FileType.JPEG
    width = 8
    height = 4
    size = len(A_FILE)
    sha256 = factory.Sequence(lambda n: hashlib.sha256(f"{n}".encode()).hexdigest())
    file = factory.Sequence(lambda n: ContentFile(A_FILE, f"evidence-{n}"))
    thumbnail = factory.Sequence(lambda n: ContentFile(A_FILE, f"evidence-{n}-small"))
    sent_by = factory.SubFactory(UserFactory)
    sent_at = NOON


class EvidenceFactory(Factory):
    """A photograph that its entity alone sees; `public=True` for everybody."""

    class Meta:
        model = models.Evidence

    class Params:
        public = factory.Trait(is_public=True, rights_holder="LOOM")

    initiative = factory.SubFactory(InitiativeFactory)
    file = factory.SubFactory(StoredFileFactory, entity=factory.SelfAttribute("..initiative.entity"))
    language = "en"
    caption = "Weavers at work"
    alternative_text = "Two people at a loom"


# Documents


class SessionFactory(Factory):
    class Meta:
        model = models.Session
        django_get_or_create = ["body", "number"]

    body = "CSTD"
    number = factory.Sequence(lambda n: 100 + n)
    name = factory.LazyAttribute(lambda session: f"Session {session.number}")
    year = 2022


class DocumentFactory(Factory):
    class Meta:
        model = models.Document

    kind = choices.DocumentKind.SUBMISSION
    title = factory.Sequence(lambda n: f"Document {n}")
    language = "en"


class PartFactory(Factory):
    class Meta:
        model = models.Part

    document = factory.SubFactory(DocumentFactory)
    order = factory.Sequence(lambda n: n + 1)
    kind = choices.PartKind.PARAGRAPH
    body = "<p>Three countries have opened a centre.</p>"
    printed = "Three countries have opened a centre."


class DocumentSymbolFactory(Factory):
    class Meta:
        model = models.DocumentSymbol

    document = factory.SubFactory(DocumentFactory)
    symbol = factory.Sequence(lambda n: f"E/CN.16/2022/{n}")


class MentionFactory(Factory):
    class Meta:
        model = models.Mention

    document = factory.SubFactory(DocumentFactory)
    initiative = factory.SubFactory(InitiativeFactory)
    kind = choices.MentionKind.SAYS
    locator = factory.Sequence(lambda n: f"para. {n + 1}")


class ReferenceFactory(Factory):
    class Meta:
        model = models.Reference

    text = factory.Sequence(lambda n: f"Reference {n}")


# Passages


class PassageFactory(Factory):
    """With its original text; `body=""` makes none."""

    class Meta:
        model = models.Passage

    entity = factory.SubFactory(EntityFactory)
    name = factory.Sequence(lambda n: f"Passage {n}")
    kind = choices.PassageKind.STATEMENT
    author = factory.SubFactory(UserFactory)
    author_role = choices.Role.STAFF

    @classmethod
    def _create(
        cls,
        model_class: type[models.Passage],
        *args: Any,
        body: str = "<p>Words of a passage.</p>",
        language: str = "en",
        **kwargs: Any,
    ) -> models.Passage:
        passage = super()._create(model_class, *args, **kwargs)
        if body:
            PassageTextFactory(passage=passage, body=body, language=language)
        return passage


class PassageDraftFactory(DraftFactory):
    """Of a new passage with words; `passage` changes that one. `content` is put over what stands in the form."""

    class Params:
        of_record = None

    of = choices.DraftOf.PASSAGE
    passage = None
    entity = factory.Maybe("passage", factory.SelfAttribute("passage.entity"), factory.SubFactory(EntityFactory))

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        changed = kwargs.get("content") or {}
        if kwargs["passage"]:
            kwargs["began_from"] = passages.content_of(kwargs["passage"])
            content = kwargs["began_from"] | changed
        else:
            content = {"kind": choices.PassageKind.STATEMENT, "name": kwargs["title"], "language": "en"}
            content |= {"body": "<p>Words of a passage.</p>"} | changed
        return kwargs | {"content": content, "title": content["name"]}


class PassageTextFactory(Factory):
    class Meta:
        model = models.PassageText

    passage = factory.SubFactory(PassageFactory, body="")
    language = "en"
    body = "<p>Words of a passage.</p>"


# Calls, layouts, submissions


class CallFactory(Factory):
    class Meta:
        model = reporting_models.Call
        django_get_or_create = ["slug"]

    slug = factory.Sequence(lambda n: f"call-{n}")
    session = factory.SubFactory(SessionFactory)
    state = reporting_choices.CallState.OPEN
    period_start = YEAR_START
    period_end = YEAR_END


class CallLetterFactory(Factory):
    class Meta:
        model = reporting_models.CallLetter

    call = factory.SubFactory(CallFactory)
    language = "en"
    asks = "<p>Tell us what was done, and what stood in the way.</p>"


class CallCoverFactory(Factory):
    class Meta:
        model = reporting_models.CallCover

    call = factory.SubFactory(CallFactory)
    language = "en"
    lines = factory.LazyFunction(
        lambda: [{"style": "title", "text": "Efforts in {year}"}, {"style": "entity", "text": "{entity} ({acronym})"}]
    )


class LayoutFactory(Factory):
    class Meta:
        model = reporting_models.Layout
        django_get_or_create = ["call", "entity"]

    call = factory.SubFactory(CallFactory)
    entity = factory.SubFactory(EntityFactory)


class LayoutSectionFactory(Factory):
    class Meta:
        model = reporting_models.LayoutSection

    layout = factory.SubFactory(LayoutFactory)
    order = factory.Sequence(lambda n: n)
    name_en = factory.Sequence(lambda n: f"Section {n}")


class SubmissionFactory(Factory):
    """Of `entities`, one made for it by default. The layout is the first entity's in the call."""

    class Meta:
        model = reporting_models.Submission

    call = factory.SubFactory(CallFactory)

    @classmethod
    def _create(
        cls,
        model_class: type[reporting_models.Submission],
        *args: Any,
        entities: list[models.Entity] | None = None,
        **kwargs: Any,
    ) -> reporting_models.Submission:
        if entities is None:
            entities = [kwargs["layout"].entity if "layout" in kwargs else EntityFactory()]
        kwargs.setdefault("slug", "-".join(entity.code for entity in entities))
        if "layout" not in kwargs:
            kwargs["layout"] = LayoutFactory(call=kwargs["call"], entity=entities[0])
        if kwargs.get("state") == reporting_choices.SubmissionState.PUBLISHED:
            kwargs.setdefault("published_at", NOON)
        submission = super()._create(model_class, *args, **kwargs)
        submission.entities.set(entities)
        return submission


class SectionFactory(Factory):
    class Meta:
        model = reporting_models.Section

    submission = factory.SubFactory(SubmissionFactory)
    order = factory.Sequence(lambda n: 1000 + n)
    name_en = factory.Sequence(lambda n: f"Section {n}")


class ItemFactory(Factory):
    """An `initiative`, a `passage`, a table of `indicators` (codes), or a heading, `heading="Trends"`.

    A passage is made where none of them is given.
    """

    class Meta:
        model = reporting_models.Item

    section = factory.SubFactory(SectionFactory)
    order = factory.Sequence(lambda n: 1000 + n)

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        if kwargs.get("initiative") is not None:
            facts = {
                "kind": reporting_choices.ItemKind.INITIATIVE,
                "heading_source": reporting_choices.HeadingSource.OWN,
                "text_source": reporting_choices.TextSource.PERIOD,
            }
        elif kwargs.get("indicators"):
            facts = {
                "kind": reporting_choices.ItemKind.TABLE,
                "text_source": reporting_choices.TextSource.NONE,
                "first_year": 2021,
                "last_year": 2026,
            }
        elif kwargs.get("heading") and kwargs.get("passage") is None:
            facts = {
                "kind": reporting_choices.ItemKind.HEADING,
                "heading_source": reporting_choices.HeadingSource.OTHER,
                "text_source": reporting_choices.TextSource.NONE,
            }
        else:
            passage = kwargs.get("passage") or PassageFactory()
            facts = {"kind": reporting_choices.ItemKind.PASSAGE, "passage": passage}
            if kwargs.get("heading"):
                facts["heading_source"] = reporting_choices.HeadingSource.OTHER
        return facts | kwargs


# Compilations


class ImportFactory(Factory):
    """A file that was read; its proposals wait for a person."""

    class Meta:
        model = reporting_models.Import
        skip_postgeneration_save = True

    file_name = "submission.docx"
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    size = 1000
    session = factory.SubFactory(SessionFactory)
    kind = choices.DocumentKind.SUBMISSION
    language = "en"
    state = reporting_choices.ImportState.READ
    document = factory.SubFactory(DocumentFactory, sha256=factory.SelfAttribute("..sha256"))

    @factory.post_generation
    def entities(self, create, extracted, **kwargs):
        for entity in extracted or [EntityFactory()]:  # one by one: the order of the links is that of the names
            self.entities.add(entity)


class CompilationFactory(Factory):
    class Meta:
        model = reporting_models.Compilation

    class Params:
        running = factory.Trait(
            state=reporting_choices.CompilationState.RUNNING,
            attempt=1,
            lease_until=NOON + dt.timedelta(minutes=5),
        )
        done = factory.Trait(
            state=reporting_choices.CompilationState.DONE,
            attempt=1,
            progress=100,
            finished_at=NOON,
            fingerprint="0" * 64,
        )
        failed = factory.Trait(
            state=reporting_choices.CompilationState.FAILED,
            attempt=1,
            finished_at=NOON,
            failure=reporting_choices.FailureReason.UNEXPECTED,
        )

    submission = factory.SubFactory(SubmissionFactory)
    number = factory.Sequence(lambda n: n + 1)
    language = "en"
    formats = factory.LazyFunction(lambda: ["docx", "pdf", "html"])
    requested_at = NOON
    not_before = NOON


class ArtifactFactory(Factory):
    """With a small file in the storage of the settings."""

    class Meta:
        model = reporting_models.Artifact

    compilation = factory.SubFactory(CompilationFactory, done=True)
    format = reporting_choices.FileFormat.HTML
    file = factory.LazyAttribute(lambda artifact: ContentFile(A_FILE, name=f"submission.{artifact.format}"))
    sha256 = hashlib.sha256(A_FILE).hexdigest()
    size = len(A_FILE)


# Seals


class ClearanceFactory(Factory):
    class Meta:
        model = reporting_models.Clearance

    compilation = factory.SubFactory(CompilationFactory, done=True)
    submission = factory.SelfAttribute("compilation.submission")
    entity = factory.LazyAttribute(lambda clearance: clearance.submission.entities.first())
    fingerprint = factory.SelfAttribute("compilation.fingerprint")
    cleared_by = factory.SubFactory(UserFactory)
    role = choices.Role.FOCAL_POINT
    cleared_at = NOON


def _named(compilation: reporting_models.Compilation) -> list[dict[str, Any]]:
    """The files of a compilation as a receipt names them."""
    files = compilation.artifacts.values("format", "part", "sha256", "size")
    return [{"name": f"{file['part']}.{file['format']}", **file} for file in files]


class SealFactory(Factory):
    class Meta:
        model = reporting_models.Seal

    number = factory.Sequence(lambda n: n + 1)
    submission = factory.SubFactory(SubmissionFactory, state=reporting_choices.SubmissionState.SEALED)
    compilation = factory.SubFactory(CompilationFactory, done=True, submission=factory.SelfAttribute("..submission"))
    fingerprint = factory.SelfAttribute("compilation.fingerprint")
    sealed_by = factory.SubFactory(UserFactory)
    role = choices.Role.SECRETARIAT
    entity = factory.LazyAttribute(lambda seal: seal.submission.entities.first())
    sealed_at = NOON
    receipt = factory.LazyAttribute(lambda seal: {"format": 1, "files": _named(seal.compilation)})
    receipt_sha256 = factory.LazyAttribute(lambda seal: fingerprint(seal.receipt))


class WithdrawalFactory(Factory):
    class Meta:
        model = reporting_models.Withdrawal

    class Params:
        confirmed = factory.Trait(
            confirmed_by=factory.SubFactory(UserFactory),
            confirmed_role=choices.Role.FOCAL_POINT,
            confirmed_at=NOON,
        )

    seal = factory.SubFactory(SealFactory)
    reason = "A figure in the summary was wrong."
    proposed_by = factory.SubFactory(UserFactory)
    proposed_role = choices.Role.SECRETARIAT
    proposed_at = NOON


class DeliveryFactory(Factory):
    class Meta:
        model = reporting_models.Delivery

    seal = factory.SubFactory(SealFactory)
    to_whom = "Secretariat of the Commission"
    sent_on = NOON.date()
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = NOON


class PrintedVersionFactory(Factory):
    class Meta:
        model = reporting_models.PrintedVersion

    compilation = factory.SubFactory(CompilationFactory, done=True)
    kind = reporting_choices.RecordKind.UPDATE
    record_id = factory.Sequence(lambda n: n + 1)
    language = "en"
    version = 1


class OutcomeFactory(Factory):
    """Held in November 2021."""

    class Meta:
        model = reporting_models.Outcome

    printed = factory.SubFactory(PrintedVersionFactory)
    kind = reporting_choices.PlanOutcome.HELD
    starts_on = dt.date(2021, 11, 1)
    starts_precision = "month"
    ends_on = dt.date(2021, 12, 1)
    ends_precision = "month"
    said_by = factory.SubFactory(UserFactory)
    said_at = NOON


class WorkbookUploadFactory(Factory):
    """Waiting to be read; `read=True` and `taken=True` are further on the way."""

    class Meta:
        model = reporting_models.WorkbookUpload

    class Params:
        read = factory.Trait(state=reporting_choices.WorkbookState.READ)
        taken = factory.Trait(
            state=reporting_choices.WorkbookState.TAKEN,
            conflicts=reporting_choices.ConflictChoice.LEAVE,
            decided_at=NOON,
        )

    file_name = factory.Sequence(lambda n: f"records-{n}.xlsx")
    sha256 = "0" * 64
    size = 9_000
    entity = factory.SubFactory(EntityFactory)
    language = "en"
    requested_by = factory.SubFactory(UserFactory)
    requested_at = NOON


class WorkbookRowFactory(Factory):
    class Meta:
        model = reporting_models.WorkbookRow

    upload = factory.SubFactory(WorkbookUploadFactory, read=True)
    number = factory.Sequence(lambda n: n + 3)
    title = factory.LazyAttribute(lambda row: f"Row {row.number}")
    verdict = reporting_choices.RowVerdict.ADDED
    cells = factory.LazyAttribute(
        lambda row: [{"name": "title", "was": "", "now": row.title, "theirs": "", "problem": ""}]
    )
    mine = factory.LazyAttribute(lambda row: {"title": row.title, "language": "en", "kind": KindFactory().code})


# Workplans


class WorkplanFactory(Factory):
    """With its original text."""

    class Meta:
        model = models.Workplan

    entity = factory.SubFactory(EntityFactory)
    slug = factory.Sequence(lambda n: f"workplan-{n}")
    edition = "2020"
    source = "test"

    @classmethod
    def _create(cls, model_class: type[models.Workplan], *args: Any, **kwargs: Any) -> models.Workplan:
        workplan = super()._create(model_class, *args, **kwargs)
        models.WorkplanText.objects.create(workplan=workplan, language="en", title=workplan.slug.capitalize())
        return workplan


class MandateFactory(Factory):
    class Meta:
        model = models.Mandate

    workplan = factory.SubFactory(WorkplanFactory)
    symbol = factory.Sequence(lambda n: f"GC.{n}/Res.1")


class ImpactAreaFactory(Factory):
    """With its original text."""

    class Meta:
        model = models.ImpactArea

    workplan = factory.SubFactory(WorkplanFactory)
    code = factory.Sequence(lambda n: f"AREA{n}")

    @classmethod
    def _create(cls, model_class: type[models.ImpactArea], *args: Any, **kwargs: Any) -> models.ImpactArea:
        area = super()._create(model_class, *args, **kwargs)
        models.ImpactAreaText.objects.create(area=area, language="en", name=area.code.capitalize())
        return area


class WorkplanEntryFactory(Factory):
    """A tool, with its original text."""

    class Meta:
        model = models.WorkplanEntry

    workplan = factory.SubFactory(WorkplanFactory)
    kind = choices.EntryKind.TOOL
    code = factory.Sequence(lambda n: f"TOOL{n}")

    @classmethod
    def _create(cls, model_class: type[models.WorkplanEntry], *args: Any, **kwargs: Any) -> models.WorkplanEntry:
        entry = super()._create(model_class, *args, **kwargs)
        models.WorkplanEntryText.objects.create(entry=entry, language="en", name=entry.code.capitalize())
        return entry


class MeasuringUnitFactory(TermFactory):
    vocabulary = factory.SubFactory(VocabularyFactory, code=choices.UNITS, name_en="Units of measurement")
    code = "firms"


class IndicatorFactory(Factory):
    """Of numbers that are new in each period; other traits: cumulative=True, yes=True, items=True, pending=True."""

    class Meta:
        model = models.Indicator

    class Params:
        cumulative = factory.Trait(
            value_kind=choices.ValueKind.AMOUNT,
            measures=choices.Measures.SINCE,
            since_on=dt.date(2020, 1, 1),
            across_periods=choices.Rule.LATEST,
        )
        yes = factory.Trait(
            value_kind=choices.ValueKind.YES,
            across_periods=choices.Rule.DISTINCT,
            across_places=choices.Rule.DISTINCT,
        )
        items = factory.Trait(
            value_kind=choices.ValueKind.ITEMS,
            across_periods=choices.Rule.DISTINCT,
            across_places=choices.Rule.DISTINCT,
        )
        pending = factory.Trait(unit=None)
        middle_income = factory.Trait(scope=choices.Scope.MIDDLE_INCOME)

    workplan = factory.SubFactory(WorkplanFactory)
    code = factory.Sequence(lambda n: f"IND-{n}")
    statement = factory.LazyAttribute(lambda indicator: f"# of {indicator.code}")
    statement_language = "en"
    owner = factory.SelfAttribute("workplan.entity")
    value_kind = choices.ValueKind.COUNT
    measures = choices.Measures.NEW
    unit = factory.SubFactory(MeasuringUnitFactory)
    across_periods = choices.Rule.SUM
    across_places = choices.Rule.SUM
    source = "test"


class IndicatorTextFactory(Factory):
    class Meta:
        model = models.IndicatorText

    indicator = factory.SubFactory(IndicatorFactory)
    language = "en"
    name = factory.Sequence(lambda n: f"Indicator {n}")


class BreakdownFactory(Factory):
    """Parts of a whole, unless `side_by_side=True`."""

    class Meta:
        model = models.Breakdown

    class Params:
        side_by_side = factory.Trait(kind=choices.BreakdownKind.SIDE_BY_SIDE)

    indicator = factory.SubFactory(IndicatorFactory)
    code = factory.Sequence(lambda n: f"breakdown-{n}")
    name_en = factory.LazyAttribute(lambda breakdown: breakdown.code.capitalize())
    kind = choices.BreakdownKind.PARTS


class CategoryFactory(Factory):
    class Meta:
        model = models.Category

    breakdown = factory.SubFactory(BreakdownFactory)
    code = factory.Sequence(lambda n: f"category-{n}")
    name_en = factory.LazyAttribute(lambda category: category.code.capitalize())


class TargetFactory(Factory):
    class Meta:
        model = models.Target

    indicator = factory.SubFactory(IndicatorFactory)
    kind = choices.TargetKind.TARGET
    year = 2025
    value = 10
    reason = "Agreed with the Board."
    set_by = factory.SubFactory(UserFactory)
    set_at = NOON


class ResultFactory(Factory):
    """A result of 2021, of a public initiative, not split by place."""

    class Meta:
        model = models.Result

    indicator = factory.SubFactory(IndicatorFactory)
    initiative = factory.SubFactory(InitiativeFactory, published=True)
    entity = factory.LazyAttribute(
        lambda result: result.initiative.entity if result.initiative else result.indicator.owner
    )
    period_start = YEAR_START
    period_end = YEAR_END
    value_kind = factory.SelfAttribute("indicator.value_kind")
    unit = factory.SelfAttribute("indicator.unit")
    value = factory.LazyAttribute(
        lambda result: None if result.no_value or result.value_kind in {"yes", "items"} else 5
    )
    no_value = ""
    decided_at = NOON


class ResultDraftFactory(DraftFactory):
    """Of a new result of 2021, 5 firms, not split; `result` corrects that one. `content` is put over what stands."""

    class Params:
        of_record = None

    of = choices.DraftOf.RESULT
    result = None
    initiative = factory.Maybe(
        "result", factory.SelfAttribute("result.initiative"), factory.SubFactory(InitiativeFactory)
    )

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        changed = kwargs.get("content") or {}
        if kwargs["result"]:
            kwargs["entity"] = kwargs["result"].entity
            kwargs["began_from"] = results.content_of(kwargs["result"])
            content = kwargs["began_from"] | changed
        else:
            indicator = kwargs.pop("indicator", None) or IndicatorFactory()
            content = results.beginning(indicator, "2021") | {"place": results.NOT_SPLIT, "language": "en"}
            content |= ({"value": "5"} if indicator.value_kind in choices.NUMBERS else {}) | changed
        draft = models.Draft(initiative=kwargs["initiative"])
        return kwargs | {"content": content, "title": results.title_of(draft, content)}


class IndicatorDraftFactory(DraftFactory):
    """Of a new indicator; `indicator` changes that one. `content` is put over what stands in the form."""

    class Params:
        of_record = None

    of = choices.DraftOf.INDICATOR
    indicator = None
    workplan = factory.Maybe(
        "indicator", factory.SelfAttribute("indicator.workplan"), factory.SubFactory(WorkplanFactory)
    )
    entity = factory.SelfAttribute("workplan.entity")

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        if kwargs["indicator"]:
            content = kwargs["began_from"] = indicators.content_of(kwargs["indicator"])
            kwargs.setdefault("why", "As the Board asked.")
        else:
            content = indicators.beginning() | {
                "code": "MIC-N1",
                "statement": "# of mills",
                "name": "Mills",
                "value_kind": choices.ValueKind.COUNT,
                "measures": choices.Measures.NEW,
                "across_periods": choices.Rule.SUM,
                "across_places": choices.Rule.SUM,
                "unit": MeasuringUnitFactory().code,
                "source": "IDB.52",
            }
        content = content | (kwargs.get("content") or {})
        draft = models.Draft(indicator=kwargs["indicator"])
        return kwargs | {"content": content, "title": indicators.title_of(draft, content)}


class EditionDraftFactory(DraftFactory):
    """Of the edition 2026 of a workplan, from 2026 on. `content` is put over what stands."""

    class Params:
        of_record = None

    of = choices.DraftOf.EDITION
    workplan = factory.SubFactory(WorkplanFactory)
    entity = factory.SelfAttribute("workplan.entity")

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        about = {"edition": "2026", "slug": "mic-2026", "begins_on": "2026-01-01", "source": "IDB.54"}
        content = editions.beginning(kwargs["workplan"]) | about | (kwargs.get("content") or {})
        draft = models.Draft(workplan=kwargs["workplan"])
        return kwargs | {"content": content, "title": editions.title_of(draft, content)}


class MatrixDraftFactory(DraftFactory):
    """That changes the texts of a workplan; `area` or `entry` changes that one. `content` is put over what stands."""

    class Params:
        of_record = None

    area = None
    entry = None
    workplan = factory.LazyAttribute(
        lambda made: made.area.workplan if made.area else made.entry.workplan if made.entry else WorkplanFactory()
    )
    entity = factory.SelfAttribute("workplan.entity")
    why = "As the Board asked."

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        about: Any
        changes: Any
        if kwargs["area"]:
            about, changes, record = choices.DraftOf.AREA, areas, kwargs["area"]
        elif kwargs["entry"]:
            about, changes, record = choices.DraftOf.ENTRY, entries, kwargs["entry"]
        else:
            about, changes, record = choices.DraftOf.WORKPLAN, workplans, kwargs["workplan"]
        began_from: dict[str, Any] = changes.content_of(record)
        content = began_from | (kwargs.get("content") or {})
        draft = models.Draft(workplan=kwargs["workplan"], area=kwargs["area"], entry=kwargs["entry"])
        return kwargs | {
            "of": about,
            "began_from": began_from,
            "content": content,
            "title": changes.title_of(draft, content),
        }


class TargetDraftFactory(DraftFactory):
    """Of a target of 2027, with a reason. `content` is put over what stands."""

    class Params:
        of_record = None

    of = choices.DraftOf.TARGET
    indicator = factory.SubFactory(IndicatorFactory)
    workplan = factory.SelfAttribute("indicator.workplan")
    entity = factory.SelfAttribute("indicator.owner")

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        content = targets.beginning() | {"year": "2027", "value": "40", "reason": "Agreed with the Board."}
        content |= kwargs.get("content") or {}
        draft = models.Draft(indicator=kwargs["indicator"])
        return kwargs | {"content": content, "title": targets.title_of(draft, content)}


class NamedItemFactory(Factory):
    class Meta:
        model = models.NamedItem

    indicator = factory.SubFactory(IndicatorFactory, items=True)
    name = factory.Sequence(lambda n: f"Technology {n}")
    language = "en"


class ResultItemFactory(Factory):
    class Meta:
        model = models.ResultItem

    item = factory.SubFactory(NamedItemFactory)
    result = factory.SubFactory(ResultFactory, indicator=factory.SelfAttribute("..item.indicator"))


class ResultPartFactory(Factory):
    class Meta:
        model = models.ResultPart

    category = factory.SubFactory(CategoryFactory)
    result = factory.SubFactory(ResultFactory, indicator=factory.SelfAttribute("..category.breakdown.indicator"))
    value = 5
