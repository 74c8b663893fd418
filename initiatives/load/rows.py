"""The rows of the load. Each record is made from a seed of its own, so one more record changes no other."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from initiatives.choices import (
    NUMBERS,
    Basis,
    DocumentKind,
    DraftOf,
    DraftState,
    EventState,
    Level,
    Measures,
    MentionKind,
    NoValue,
    OrganisationKind,
    ParticipationRole,
    PassageKind,
    RelationKind,
    Role,
    Rule,
    Scope,
    Status,
    TextState,
    UpdateKind,
    ValueKind,
)
from initiatives.demo.people import PASSWORD
from initiatives.load.copying import Tables
from initiatives.load.known import DESCRIBED_BY, ENTITIES, Known
from initiatives.load.words import LANGUAGES, Subject, reason, subject_of, tell
from initiatives.models import (
    DatedPart,
    Document,
    DocumentSymbol,
    Draft,
    Entity,
    Identifier,
    Indicator,
    IndicatorText,
    Initiative,
    InitiativeLine,
    InitiativePlace,
    InitiativeTerm,
    InitiativeText,
    Membership,
    Mention,
    NamedItem,
    Organisation,
    OtherTitle,
    Participation,
    Passage,
    PassageText,
    Reference,
    Relation,
    Result,
    ResultItem,
    Update,
    UpdateText,
    Workplan,
    WorkplanText,
)
from portal.common.dates import Precision
from portal.models import User

FIRST_YEAR, YEARS = 2006, 20
LAST_YEAR = FIRST_YEAR + YEARS - 1
ROLES_SINCE = dt.date(FIRST_YEAR, 1, 1)
SPREAD = 10  # of two neighbours one has as many more updates than ten as the other has fewer
STAFF = 4  # people of each entity who write
BODIES = {"Agency for Machines": OrganisationKind.GOVERNMENT, "College": OrganisationKind.ACADEMIA}  # of each country
PUBLIC_FIELDS = ["{}", "{results}", "{results,outlook}"]  # of updates, as COPY has a list
ORIGINALS = [55, 14, 12, 7, 6, 6]  # of a hundred texts, how many are written in each of LANGUAGES


@dataclass(frozen=True, slots=True)
class People:
    """Who works for an entity."""

    staff: list[int]
    focal_point: int


@dataclass(frozen=True, slots=True)
class Made:
    """An initiative as other records need it."""

    pk: int
    entity: Entity
    subject: Subject
    language: str
    first_year: int
    last_year: int
    project: str
    partner: str
    joint_with: Entity | None


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator as its results need it."""

    pk: int
    value_kind: str
    unit: int
    items: list[int]


def _rules(value_kind: str, measures: str, unit: str, periods: str, places: str) -> dict[str, str]:
    return {
        "value_kind": value_kind,
        "measures": measures,
        "unit": unit,
        "across_periods": periods,
        "across_places": places,
    }


_NEW = _rules(ValueKind.COUNT, Measures.NEW, "firms", Rule.SUM, Rule.SUM)
_CUMULATIVE = _rules(ValueKind.AMOUNT, Measures.SINCE, "tonnes", Rule.LATEST, Rule.SUM)
#: The indicators of each workplan; every other one looks at middle-income countries only.
INDICATORS = [
    *(_NEW, _NEW, _NEW, _CUMULATIVE, _CUMULATIVE, _CUMULATIVE),
    _rules(ValueKind.YES, Measures.NEW, "countries", Rule.DISTINCT, Rule.DISTINCT),
    _rules(ValueKind.ITEMS, Measures.NEW, "technologies", Rule.DISTINCT, Rule.DISTINCT),
    _rules(ValueKind.AMOUNT, Measures.SINCE, "", Rule.LATEST, Rule.SUM),
    _rules(ValueKind.SHARE, Measures.STANDING, "percent", Rule.LATEST, Rule.NONE),
]


@dataclass
class Load:
    """Fills the tables: `scale` 1 is 20,000 initiatives with 200,000 updates and 1,000,000 results."""

    scale: float
    known: Known
    tables: Tables = field(default_factory=Tables)

    def fill(self) -> None:
        self.initiatives = round(20_000 * self.scale)
        self.documents = round(4_000 * self.scale)
        self.references = max(1, round(5_000 * self.scale))
        self.passages = round(2_000 * self.scale)
        self.titles: set[str] = set()
        self.countries: dict[int, int] = {}  # where each initiative works
        self.people = self._people()
        self.organisations = self._organisations()
        made = [self._initiative(number) for number in range(self.initiatives)]
        for initiative in made:
            self._around(initiative, made)
            self._updates(initiative)
        indicators = self._workplans()
        for initiative in made:
            self._results(initiative, indicators[initiative.entity.pk])
        for number in range(self.documents):
            self._document(number, made)
        for number in range(self.references):
            self._reference(number)
        for number in range(self.passages):
            self._passage(number, made)

    # People and other bodies

    def _people(self) -> dict[int, People]:
        """Staff, focal point and secretariat of each entity; the password is that of the demo."""
        password = make_password(PASSWORD, salt="load")

        def person(email: str, name: str, role: str, entity: Entity | None, **rights: bool) -> int:
            user = self.tables[User].add(
                email=email, name=name, password=password, joined_at=_noon(FIRST_YEAR, 1, 1), mailed=[], **rights
            )
            self.tables[Membership].add(
                user_id=user, role=role, entity_id=entity.pk if entity else None, since=ROLES_SINCE
            )
            return user

        people = {}
        for entity in self.known.entities:
            name, code = entity.acronym, entity.code.lower()
            staff = [
                person(f"staff{number}.{code}@load.example.org", f"Staff {number} of {name}", Role.STAFF, entity)
                for number in range(1, STAFF + 1)
            ]
            focal_point = person(f"focal.{code}@load.example.org", f"Focal point of {name}", Role.FOCAL_POINT, entity)
            person(f"office.{code}@load.example.org", f"Secretariat of {name}", Role.SECRETARIAT, entity)
            people[entity.pk] = People(staff, focal_point)
        person("commission@load.example.org", "Secretariat of the Commission", Role.COMMISSION, None)
        person(
            *("admin@load.example.org", "Administrator", Role.ADMINISTRATOR, None),
            is_staff=True,
            is_superuser=True,
        )
        return people

    def _organisations(self) -> list[tuple[int, str]]:
        """Two bodies of each country."""
        made = []
        for country, names in zip(self.known.countries, self.known.country_names, strict=True):
            for body, kind in BODIES.items():
                name = f"Invented {body} ({names['en']})"
                pk = self.tables[Organisation].add(name=name, kind=kind, country_id=country)
                made.append((pk, name))
        return made

    # Initiatives

    def _initiative(self, number: int) -> Made:
        rng = Random(f"initiative {number}")  # noqa: S311
        known = self.known
        entity = rng.choices(known.entities, weights=range(len(ENTITIES) + 4, 4, -1))[0]
        people = self.people[entity.pk]
        where = _skewed(rng, len(known.countries))
        subject = subject_of(rng, known.country_names[where])
        language = rng.choices(LANGUAGES, weights=ORIGINALS)[0]
        told = self._updates_told(number)
        first_year = FIRST_YEAR + rng.randint(0, YEARS - told)
        last_year = first_year + told - 1
        project = f"{100_000 + number * 37 % 900_000}"
        joint_with = rng.choice(known.entities) if rng.random() < 0.08 else None
        published = rng.random() < 0.93
        title = self._new_title(subject, language)
        holder, deputy = rng.sample(people.staff, 2)
        starts = _starts(rng, first_year)
        ends = _ends(rng, last_year)
        all_states = rng.random() < 0.05
        pk = self.tables[Initiative].add(
            **starts,
            **ends,
            entity_id=entity.pk,
            unit_id=rng.choice(known.units[entity.pk]) if known.units[entity.pk] and rng.random() < 0.6 else None,
            holder_id=holder,
            deputy_id=deputy,
            kind_id=known.kinds[subject.activity],
            slug=f"{slugify(title, allow_unicode=True)[:100].strip('-')}-{number + 1}",
            level=rng.choices(["", *Level.values], weights=[10, 20, 25, 40, 5])[0],
            status=_status(rng, last_year, bool(ends)),
            covers_all_member_states=all_states,
            place="online" if rng.random() < 0.05 else "",
            is_invented=True,
            published_at=_noon(first_year, rng.randint(1, 12), rng.randint(1, 28)) if published else None,
        )
        organisation, name = self.organisations[2 * where + rng.randrange(2)]
        made = Made(
            pk=pk,
            entity=entity,
            subject=subject,
            language=language,
            first_year=first_year,
            last_year=last_year,
            project=project,
            partner=name if rng.random() < 0.7 or not joint_with else joint_with.acronym,
            joint_with=joint_with if joint_with != entity else None,
        )
        self._initiative_texts(rng, made, title)
        if not all_states:
            self._places(rng, pk, where)
        self.countries[pk] = known.countries[where]
        self._participations(rng, made, organisation)
        return made

    def _updates_told(self, number: int) -> int:
        """Ten on average, and exactly so for every two neighbours."""
        more = number // 2 * 7 % SPREAD
        if number == self.initiatives - 1 and number % 2 == 0:
            return SPREAD
        return SPREAD + more if number % 2 == 0 else SPREAD - more

    def _new_title(self, subject: Subject, language: str) -> str:
        """Return the first title of the subject that no initiative has."""
        title = next(title for phase in count(1) if (title := subject.title(language, phase)) not in self.titles)
        self.titles.add(title)
        return title

    def _initiative_texts(self, rng: Random, made: Made, title: str) -> None:
        description = tell(
            rng,
            made.subject,
            year=made.first_year,
            partner=made.partner,
            project=made.project,
            sentences=rng.randint(3, 7),
            cited=self._cited(rng, 0.2),
        )
        phase = title.removeprefix(made.subject.title(made.language))
        for language in _languages(rng, made.language, 0.5 if made.language != "en" else 0.25):
            same = language == made.language
            self.tables[InitiativeText].add(
                initiative_id=made.pk,
                language=language,
                state=TextState.ORIGINAL if same else rng.choice([TextState.CHECKED, TextState.MACHINE]),
                based_on=None if same else 1,
                title=title if same else made.subject.title(language) + phase,
                description=description.html(language),
            )

    def _places(self, rng: Random, pk: int, where: int) -> None:
        known = self.known
        others = [_skewed(rng, len(known.countries)) for _ in range(rng.choice([0, 0, 0, 1, 3]))]
        for place in dict.fromkeys([where, *others]):
            self.tables[InitiativePlace].add(initiative_id=pk, country_id=known.countries[place])
        if rng.random() < 0.15:
            self.tables[InitiativePlace].add(initiative_id=pk, group_id=rng.choice(known.groups))

    def _participations(self, rng: Random, made: Made, organisation: int) -> None:
        add = self.tables[Participation].add
        since = dt.date(made.first_year, 1, 1)
        if made.joint_with:
            add(initiative_id=made.pk, entity_id=made.joint_with.pk, role=ParticipationRole.CO_LEAD, since=since)
        if rng.random() < 0.6:
            role = rng.choice([ParticipationRole.HOST, ParticipationRole.DONOR, ParticipationRole.IMPLEMENTER])
            add(initiative_id=made.pk, organisation_id=organisation, role=role, since=since)
        if rng.random() < 0.3:
            other = rng.choice(self.known.entities)
            if other != made.entity:
                add(initiative_id=made.pk, entity_id=other.pk, role=ParticipationRole.PARTNER)

    def _around(self, made: Made, all_made: list[Made]) -> None:
        """What describes an initiative, and its relations to earlier ones."""
        rng = Random(f"around {made.pk}")  # noqa: S311
        known = self.known
        lines = dict.fromkeys(known.lines[_skewed(rng, len(known.lines))] for _ in range(rng.choice([1, 1, 2, 3])))
        basis = Basis.STATED if rng.random() < 0.85 else Basis.INFERRED
        for line in lines:
            self.tables[InitiativeLine].add(
                initiative_id=made.pk,
                line_id=line,
                basis=basis,
                is_primary=len(lines) == 1 and basis == Basis.STATED,
            )
        for vocabulary, most in DESCRIBED_BY.items():
            terms = known.terms[vocabulary]
            for term in rng.sample(terms, rng.randint(0, min(most, len(terms)))):
                self.tables[InitiativeTerm].add(
                    initiative_id=made.pk,
                    term_id=term,
                    basis=Basis.STATED if rng.random() < 0.8 else Basis.INFERRED,
                )
        self._identifiers(rng, made)
        if rng.random() < 0.2:
            self._other_titles(rng, made)
        if rng.random() < 0.05:
            for label, month in [("First meeting", 3), ("Second meeting", 10)]:
                start = dt.date(made.first_year, month, rng.randint(1, 20))
                self.tables[DatedPart].add(
                    initiative_id=made.pk,
                    label=label,
                    state=EventState.HELD,
                    starts_on=start,
                    ends_on=start + dt.timedelta(days=rng.randint(1, 5)),
                )
        place = made.pk - all_made[0].pk
        if place and rng.random() < 0.15:
            self.tables[Relation].add(
                source_id=made.pk, target_id=all_made[rng.randrange(place)].pk, kind=rng.choice(RelationKind.values)
            )

    def _identifiers(self, rng: Random, made: Made) -> None:
        scheme = f"{made.entity.acronym} project number"
        if rng.random() < 0.6:
            self.tables[Identifier].add(
                initiative_id=made.pk,
                scheme=scheme,
                value=made.project,
                label=f"Projects in {made.subject.country['en']} {made.project}",
                address=f"https://projects.example.org/{made.project}" if rng.random() < 0.5 else "",
            )
        if rng.random() < 0.05:
            self.tables[Identifier].add(
                initiative_id=made.pk, scheme="Grant", value=f"G-{made.first_year}-{rng.randint(1, 999):03}"
            )

    def _other_titles(self, rng: Random, made: Made) -> None:
        letters = "".join(word[0] for word in made.subject.title("en").split() if word[0].isalpha()).upper()
        self.tables[OtherTitle].add(initiative_id=made.pk, language="en", text=f"{letters}-{made.project[-3:]}")
        language = rng.choice(LANGUAGES)
        self.tables[OtherTitle].add(
            initiative_id=made.pk, language=language, text=f"{made.subject.title(language)} {made.first_year}"
        )

    # Updates

    def _updates(self, made: Made) -> None:
        rng = Random(f"updates {made.pk}")  # noqa: S311
        for year in range(made.first_year, made.last_year + 1):
            joint = made.joint_with if made.joint_with and year % 3 == 0 else None
            first = year == made.first_year
            kind = UpdateKind.NEWS if first else rng.choices(UpdateKind.values, weights=[84, 12, 4])[0]
            facts = {
                "initiative_id": made.pk,
                "entity_id": (joint or made.entity).pk,
                "period_start": dt.date(year, 1, 1),
                "period_end": dt.date(year + 1, 1, 1),
            }
            states = [DraftState.APPROVED, DraftState.SUBMITTED, DraftState.DRAFT, DraftState.RETURNED]
            state = rng.choices(states, weights=[55, 17, 20, 8] if year == LAST_YEAR else [985, 3, 10, 2])[0]
            if state != DraftState.APPROVED:
                self._draft(rng, made, facts, kind, state, year)
                continue
            pk = self.tables[Update].add(
                **facts,
                kind=kind,
                reason=reason(made.language, year) if kind == UpdateKind.NOTHING else "",
                public_fields=rng.choice(PUBLIC_FIELDS) if kind == UpdateKind.NEWS else PUBLIC_FIELDS[0],
                **self._decided(rng, joint or made.entity, kind, year, first=first),
            )
            if kind == UpdateKind.NEWS:
                self._update_texts(rng, made, pk, year)

    def _decided(self, rng: Random, entity: Entity, kind: str, year: int, *, first: bool) -> dict[str, Any]:
        """Author and decision."""
        people, own = self.people[entity.pk], rng.random() < 0.01
        submitted = _noon(year, 11, rng.randint(1, 20)) + dt.timedelta(minutes=rng.randrange(300))
        return {
            "author_id": people.focal_point if own else rng.choice(people.staff),
            "author_role": Role.FOCAL_POINT if own else Role.STAFF,
            "decided_at": submitted + dt.timedelta(hours=rng.randint(1, 200)),
            "decided_by_id": None if kind == UpdateKind.STILL_TRUE and not first else people.focal_point,
            "decision_note": "Nobody else could approve in time." if own else "",
        }

    def _draft(self, rng: Random, made: Made, facts: dict[str, Any], kind: str, state: str, year: int) -> None:
        """An update that somebody writes, or waits for a decision."""
        people = self.people[facts["entity_id"]]
        author = rng.choice(people.staff)
        saved = _noon(year, 11, rng.randint(1, 20)) + dt.timedelta(minutes=rng.randrange(300))
        told = self._told(rng, made, year) if kind == UpdateKind.NEWS else {}
        content = {
            "kind": kind,
            "reason": reason(made.language, year) if kind == UpdateKind.NOTHING else "",
            "language": made.language,
            **{name: text.html(made.language) for name, text in told.items()},
            "public": [],
            "evidence": [],
        }
        is_returned = state == DraftState.RETURNED
        self.tables[Draft].add(
            **facts,
            of=DraftOf.UPDATE,
            title=made.subject.title(made.language),
            content=json.dumps(content, ensure_ascii=False),
            began_from="{}",
            holder_id=author,
            state=state,
            edits=rng.randint(1, 6),
            begun_at=saved,
            saved_at=saved,
            saved_by_id=author,
            submitted_at=None if state == DraftState.DRAFT else saved,
            decided_by_id=people.focal_point if is_returned else None,
            decided_at=saved + dt.timedelta(hours=rng.randint(1, 200)) if is_returned else None,
            decision_note="Say where and when." if is_returned else "",
        )

    def _told(self, rng: Random, made: Made, year: int) -> dict[str, Any]:
        """What is told of a year, by the fields of its text."""

        def telling(sentences: int, cited: int = 0) -> Any:
            return tell(
                rng,
                made.subject,
                year=year,
                partner=made.partner,
                project=made.project,
                sentences=sentences,
                cited=cited,
            )

        told = {"paragraph": telling(rng.randint(3, 6), self._cited(rng, 0.1))}
        for name in ["results", "obstacles", "lessons", "proposals", "outlook"]:
            if rng.random() < 0.15:
                told[name] = telling(1)
        return told

    def _update_texts(self, rng: Random, made: Made, pk: int, year: int) -> None:
        told = self._told(rng, made, year)
        for language in _languages(rng, made.language, 0.08):
            same = language == made.language
            self.tables[UpdateText].add(
                update_id=pk,
                language=language,
                state=TextState.ORIGINAL if same else TextState.CHECKED,
                based_on=None if same else 1,
                **{name: text.html(language) for name, text in told.items()},
            )

    def _cited(self, rng: Random, often: float) -> int:
        return rng.randint(1, self.references) if rng.random() < often else 0

    # Workplans and results

    def _workplans(self) -> dict[int, list[Measured]]:
        """A workplan of each entity with an indicator of each kind, 200 in all at any scale."""
        made = {}
        for entity in self.known.entities:
            code = entity.code.lower()
            workplan = self.tables[Workplan].add(
                slug=f"load-{code}", entity_id=entity.pk, edition="2006", source="invented"
            )
            self.tables[WorkplanText].add(
                workplan_id=workplan, language="en", title=f"Workplan of {entity.acronym}", summary=""
            )
            made[entity.pk] = [
                self._indicator(entity, workplan, order, rules) for order, rules in enumerate(INDICATORS, 1)
            ]
        return made

    def _indicator(self, entity: Entity, workplan: int, order: int, rules: dict[str, str]) -> Measured:
        units = self.known.units_of_measurement
        unit = units[rules["unit"]] if rules["unit"] else None
        code = f"LOAD-{entity.code}-{order}"
        pk = self.tables[Indicator].add(
            **{name: rule for name, rule in rules.items() if name != "unit"},
            workplan_id=workplan,
            code=code,
            order=order,
            statement=f"# of {rules['unit'] or 'improvements'} {order}",
            statement_language="en",
            owner_id=entity.pk,
            unit_id=unit,
            since_on=ROLES_SINCE if rules["measures"] == Measures.SINCE else None,
            scope=Scope.MIDDLE_INCOME if order % 2 else Scope.EVERYWHERE,
            source="invented",
        )
        self.tables[IndicatorText].add(indicator_id=pk, language="en", name=f"Indicator {order}", method="")
        items = []
        if rules["value_kind"] == ValueKind.ITEMS:
            items = [
                self.tables[NamedItem].add(indicator_id=pk, name=f"Invented solution {number}", language="en")
                for number in range(1, 51)
            ]
        return Measured(pk, rules["value_kind"], unit or units["TJ"], items)

    def _results(self, made: Made, indicators: list[Measured]) -> None:
        """Five for each year that was told of: of one indicator by quarter and another one, or of five."""
        rng = Random(f"results {made.pk}")  # noqa: S311
        chosen = rng.sample(indicators, 5)
        by_quarter = rng.random() < 0.5
        country = self.countries[made.pk] if rng.random() < 0.92 else None
        for year in range(made.first_year, made.last_year + 1):
            for number in range(5):
                which, quarter = (chosen[0], number + 1) if by_quarter and number < 4 else (chosen[number], 0)
                self._result(rng, made, which, country, year, quarter)

    def _result(self, rng: Random, made: Made, which: Measured, country: int | None, year: int, quarter: int) -> None:
        end = dt.date(year + 1, 1, 1) if quarter in {0, 4} else dt.date(year, quarter * 3 + 1, 1)
        start = dt.date(year, quarter * 3 - 2, 1) if quarter else dt.date(year, 1, 1)
        is_told = rng.random() < 0.95
        if which.value_kind == ValueKind.YES:
            country = country or self.known.countries[0]
        pk = self.tables[Result].add(
            indicator_id=which.pk,
            entity_id=made.entity.pk,
            initiative_id=made.pk,
            country_id=country,
            period_start=start,
            period_end=end,
            value_kind=which.value_kind,
            unit_id=which.unit if is_told else None,
            value=rng.randint(1, 100) if is_told and which.value_kind in NUMBERS else None,
            yes=rng.random() < 0.8 if is_told and which.value_kind == ValueKind.YES else None,
            no_value="" if is_told else rng.choice(NoValue.values),
            is_provisional=year == LAST_YEAR,
            author_id=None,
            author_role=Role.STAFF,
            decided_by_id=self.people[made.entity.pk].focal_point,
            decided_at=dt.datetime(end.year, end.month, 20, 12, tzinfo=dt.UTC),
        )
        if is_told and which.items:
            for item in rng.sample(which.items, rng.choice([1, 1, 2])):
                self.tables[ResultItem].add(result_id=pk, item_id=item, adoptions=rng.randint(1, 9))

    # Documents, references, passages

    def _document(self, number: int, made: list[Made]) -> None:
        rng = Random(f"document {number}")  # noqa: S311
        known = self.known
        which = rng.choices(range(len(DocumentKind)), weights=[15, 10, 6, 4, 10, 35, 15, 5])[0]
        kind = DocumentKind.values[which]
        year = rng.randint(FIRST_YEAR, LAST_YEAR)
        country = known.country_names[_skewed(rng, len(known.countries))]
        subject = subject_of(rng, country)
        language = rng.choices(LANGUAGES, weights=ORIGINALS)[0]
        entity = rng.choice(known.entities)
        day = dt.date(year, rng.randint(1, 12), rng.randint(1, 28))
        pk = self.tables[Document].add(
            kind=kind,
            title=f"{subject.document_title(language, which, year)} {number + 1}",
            language=language,
            entity_id=entity.pk if rng.random() < 0.85 else None,
            session_id=known.sessions.get(year) if kind == DocumentKind.SUBMISSION else None,
            agenda_item=f"{rng.randint(1, 12)}" if rng.random() < 0.2 else "",
            dated_on=day if rng.random() < 0.6 else dt.date(year, 1, 1),
            date_precision=Precision.DAY if day.month > 1 else Precision.YEAR,
            author=entity.acronym if rng.random() < 0.5 else "",
            address=f"https://documents.example.org/{year}/{number + 1}" if rng.random() < 0.7 else "",
            published_at=_noon(year, 12, 1) if rng.random() < 0.9 else None,
        )
        if which in {1, 2, 3, 4}:
            self.tables[DocumentSymbol].add(document_id=pk, symbol=f"LOAD/CN.{which}/{year}/L.{number + 1}")
        for initiative in rng.sample(made, min(4, len(made))):
            self.tables[Mention].add(
                document_id=pk,
                initiative_id=initiative.pk,
                kind=rng.choice(MentionKind.values),
                locator=f"para. {rng.randint(1, 120)}",
            )

    def _reference(self, number: int) -> None:
        rng = Random(f"reference {number}")  # noqa: S311
        year = rng.randint(FIRST_YEAR, LAST_YEAR)
        subject = subject_of(rng, self.known.country_names[_skewed(rng, len(self.known.countries))])
        what = rng.random()
        self.tables[Reference].add(
            text=f"{subject.title('en')} (example.org)" if what < 0.6 else "",
            title=subject.title("en") if what >= 0.6 else "",
            author=rng.choice(self.known.entities).acronym if what >= 0.6 else "",
            year=year if what >= 0.6 else None,
            document_id=rng.randint(1, self.documents) if self.documents and what > 0.9 else None,
            initiative_id=rng.randint(1, self.initiatives) if what < 0.1 else None,
            address=f"https://references.example.org/{number + 1}" if rng.random() < 0.7 else "",
        )

    def _passage(self, number: int, made: list[Made]) -> None:
        rng = Random(f"passage {number}")  # noqa: S311
        known = self.known
        entity = known.entities[number % len(known.entities)]
        year = FIRST_YEAR + number // len(known.entities) % YEARS
        kind = rng.choice(PassageKind.values)
        where = _skewed(rng, len(known.countries))
        subject = subject_of(rng, known.country_names[where])
        language = rng.choices(LANGUAGES, weights=ORIGINALS)[0]
        people = self.people[entity.pk]
        name, line, spoken_of = f"{year}: {kind} {number + 1}", rng.choice(known.lines), rng.choice(made)
        told = tell(
            rng,
            subject,
            year=year,
            partner=entity.acronym,
            project=f"{100_000 + number}",
            sentences=rng.randint(3, 8),
            cited=self._cited(rng, 0.4),
        )
        if rng.random() > 0.9:  # somebody writes it still
            content = {"kind": kind, "name": name, "language": language, "body": told.html(language)}
            self._draft_of_passage(content, entity.pk, rng.choice(people.staff), _noon(year, 11, rng.randint(1, 20)))
            return
        pk = self.tables[Passage].add(
            entity_id=entity.pk, name=name, kind=kind, author_id=rng.choice(people.staff), author_role=Role.STAFF
        )
        for one in _languages(rng, language, 0.3):
            same = one == language
            self.tables[PassageText].add(
                passage_id=pk,
                language=one,
                state=TextState.ORIGINAL if same else TextState.CHECKED,
                based_on=None if same else 1,
                body=told.html(one),
            )
        self.tables[Passage.lines.through].add(passage_id=pk, actionline_id=line)
        self.tables[Passage.terms.through].add(passage_id=pk, term_id=rng.choice(known.terms["technologies"]))
        self.tables[Passage.countries.through].add(passage_id=pk, country_id=known.countries[where])
        self.tables[Passage.initiatives.through].add(passage_id=pk, initiative_id=spoken_of.pk)

    def _draft_of_passage(self, content: dict[str, str], entity: int, author: int, saved: dt.datetime) -> None:
        self.tables[Draft].add(
            of=DraftOf.PASSAGE,
            entity_id=entity,
            title=content["name"],
            content=json.dumps(content, ensure_ascii=False),
            began_from="{}",
            holder_id=author,
            state=DraftState.DRAFT,
            begun_at=saved,
            saved_at=saved,
            saved_by_id=author,
        )


def _noon(year: int, month: int, day: int) -> dt.datetime:
    return dt.datetime(year, month, day, 12, tzinfo=dt.UTC)


def _skewed(rng: Random, number: int) -> int:
    """Return an index; the first ones come more often, as some countries and lines do."""
    return int(number * rng.random() ** 1.7)


def _languages(rng: Random, original: str, often: float) -> Iterator[str]:
    """The language a text is written in, and one it is translated to where it is: English for all but English."""
    yield original
    if rng.random() < often:
        yield rng.choice(LANGUAGES[1:]) if original == "en" else "en"


def _starts(rng: Random, year: int) -> dict[str, Any]:
    """A first day as exact as sources are; sometimes nothing is known."""
    match rng.choice([Precision.DAY, Precision.MONTH, Precision.YEAR, Precision.YEAR, None]):
        case Precision.DAY:
            return {"starts_on": dt.date(year, rng.randint(1, 12), rng.randint(1, 28))}
        case Precision.MONTH:
            return {"starts_on": dt.date(year, rng.randint(1, 12), 1), "starts_precision": Precision.MONTH}
        case Precision.YEAR:
            return {"starts_on": dt.date(year, 1, 1), "starts_precision": Precision.YEAR}
    return {}


def _ends(rng: Random, year: int) -> dict[str, Any]:
    """The end of the year of the last update, unless the work goes on."""
    if year == LAST_YEAR or rng.random() < 0.2:
        return {}
    return {"ends_on": dt.date(year + 1, 1, 1), "ends_precision": Precision.YEAR}


def _status(rng: Random, last_year: int, has_ended: bool) -> str:
    unusual = rng.random()
    if unusual < 0.06:
        return rng.choice([Status.SUSPENDED, Status.CANCELLED, ""])
    if has_ended:
        return Status.COMPLETED
    return Status.ONGOING if last_year == LAST_YEAR or unusual < 0.9 else Status.PLANNED
