"""Filing the reference data: `initiatives/reference/` says what the files hold and where it comes from.

A row of a file is known again by its key, such as the code of a country. The files win over what stands in the
database under that key; rows that people added beside them stay. Nothing is written where nothing differs. A workplan
is filed once: from then on the secretariat of its entity keeps it.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pghistory
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from initiatives.choices import (
    UNITS,
    AliasKind,
    EntryType,
    FacilitationRole,
    GroupKind,
    IncomeGroup,
    Measures,
    OrganisationKind,
    Rule,
    Scope,
    UnMembership,
)
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
    Mandate,
    Organisation,
    Session,
    Term,
    Unit,
    Vocabulary,
    Workplan,
    WorkplanEntry,
    WorkplanEntryText,
    WorkplanText,
)
from initiatives.services.csv_rows import FileDamaged, Row, read_rows
from portal.common.languages import Language

REFERENCE = Path(__file__).resolve().parent.parent / "reference"
NAMES = [f"name_{language}" for language in ("en", "fr", "es", "ru", "ar", "zh")]
BATCH = 2000


@dataclass(frozen=True)
class Filed:
    """What happened to the rows of one kind."""

    kind: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0


@transaction.atomic
def load_reference(folder: Path = REFERENCE) -> list[Filed]:
    """File everything, or nothing: raises FileDamaged with the place of the first mistake."""
    with pghistory.context(command="load_reference"):
        return [load(folder) for load in LOADERS]


# From rows to the database

Values = tuple[Row, dict[str, Any]]


def file_rows(model: type[models.Model], *, key: Sequence[str], rows: Iterable[Values]) -> Filed:
    """Add the rows whose key is new and change those that differ. Fields are named as columns: `country_id`."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    current = {tuple(getattr(one, name) for name in key): one for one in model._default_manager.all()}
    seen: set[tuple[Any, ...]] = set()
    added, changed, unchanged, differing = [], [], 0, set()
    file = ""
    for row, values in rows:
        file = row.file
        identity = tuple(values[name] for name in key)
        if identity in seen:
            raise row.damaged(key[0].removesuffix("_id"), _("this row stands in the file twice."))
        seen.add(identity)
        for name, value in values.items():
            longest = getattr(fields[name], "max_length", None)
            if longest and isinstance(value, str) and len(value) > longest:
                raise row.damaged(name, _("this is longer than %(longest)s characters.") % {"longest": longest})
        one = current.get(identity)
        if one is None:
            added.append(model(**values))
        elif differs := [name for name, value in values.items() if getattr(one, name) != value]:
            for name in differs:
                setattr(one, name, values[name])
            differing.update(differs)
            changed.append(one)
        else:
            unchanged += 1
    try:
        with transaction.atomic():
            model._default_manager.bulk_create(added, batch_size=BATCH)
            if changed:
                names = [fields[name].name for name in sorted(differing)]
                model._default_manager.bulk_update(changed, names, batch_size=BATCH)
    except IntegrityError as error:
        said = str(error).splitlines()[0]
        raise FileDamaged(_("%(file)s breaks a rule: %(said)s") % {"file": file, "said": said}) from None
    return Filed(str(model._meta.verbose_name_plural), len(added), len(changed), unchanged)


def ids(model: type[models.Model], *names: str) -> dict[Any, int]:
    """The ids of all rows by what the files call them."""
    rows = model._default_manager.values_list("pk", *names)
    return {row[1] if len(names) == 1 else row[1:]: row[0] for row in rows}


def six_names(row: Row) -> dict[str, Any]:
    return {"name_en": row.words("name_en"), **{name: row.text(name) for name in NAMES[1:]}}


def parents_first(rows: list[Row]) -> Iterator[list[Row]]:
    """Rows in batches, each after the batch that holds its parents, which are named by their code."""
    known: set[str] = set()
    while rows:
        batch = [row for row in rows if not row.text("parent") or row.text("parent") in known]
        if not batch:
            raise rows[0].damaged("parent", _("“%(text)s” is not known.") % {"text": rows[0].text("parent")})
        yield batch
        known.update(row.text("code") for row in batch)
        rows = [row for row in rows if row not in batch]


def file_tree(model: type[models.Model], rows: list[Row], values: Callable[[Row], dict[str, Any]]) -> Filed:
    """File rows with a code and a parent."""
    total = Filed(str(model._meta.verbose_name_plural))
    for batch in parents_first(rows):
        codes = ids(model, "code")
        filed = file_rows(
            model,
            key=["code"],
            rows=[(row, {**values(row), "parent_id": row.known_or_none("parent", codes)}) for row in batch],
        )
        total = Filed(
            total.kind,
            total.added + filed.added,
            total.changed + filed.changed,
            total.unchanged + filed.unchanged,
        )
    return total


def day_after(row: Row, column: str) -> dt.date | None:
    """The end of a half-open range from the last day that a file names."""
    day = row.day(column)
    return day + dt.timedelta(days=1) if day else None


# Geography


def countries(folder: Path) -> Filed:
    rows = read_rows(folder / "countries.csv", ["iso3", "iso2", "m49", "entry_type", "un_member", *NAMES, "note"])
    return file_rows(
        Country,
        key=["iso3"],
        rows=(
            (
                row,
                {
                    "iso3": row.words("iso3"),
                    "iso2": row.text("iso2"),
                    "m49": row.text("m49"),
                    "entry_type": row.choice("entry_type", EntryType),
                    "un_member": row.choice("un_member", UnMembership),
                    "note": row.text("note"),
                    **six_names(row),
                },
            )
            for row in rows
        ),
    )


def country_groups(folder: Path) -> Filed:
    return file_tree(
        CountryGroup,
        read_rows(folder / "country_groups.csv", ["code", "kind", "parent", *NAMES]),
        lambda row: {"code": row.words("code"), "kind": row.choice("kind", GroupKind), **six_names(row)},
    )


def group_memberships(folder: Path) -> Filed:
    rows = read_rows(folder / "group_memberships.csv", ["iso3", "group", "status", "since", "until", "source"])
    country, group = ids(Country, "iso3"), ids(CountryGroup, "code")
    return file_rows(
        GroupMembership,
        key=["country_id", "group_id", "since"],
        rows=(
            (
                row,
                {
                    "country_id": row.known("iso3", country),
                    "group_id": row.known("group", group),
                    "status": row.words("status"),
                    "since": row.day("since"),
                    "until": row.day("until"),
                    "source": row.text("source"),
                },
            )
            for row in rows
        ),
    )


def income_classifications(folder: Path) -> Filed:
    rows = read_rows(folder / "income_groups.csv", ["iso3", "fiscal_year", "income_group", "source", "note"])
    country = ids(Country, "iso3")
    return file_rows(
        IncomeClassification,
        key=["country_id", "fiscal_year"],
        rows=(
            (
                row,
                {
                    "country_id": row.known("iso3", country),
                    "fiscal_year": row.words("fiscal_year") and row.number_in("fiscal_year"),
                    "income_group": row.text("income_group") and row.choice("income_group", IncomeGroup),
                    "source": row.text("source"),
                    "note": row.text("note"),
                },
            )
            for row in rows
        ),
    )


# Entities and other bodies


def _entity_rows(folder: Path) -> list[Row]:
    return read_rows(folder / "entities.csv", ["code", "acronym", "kind", *NAMES, "aliases"])


def entities(folder: Path) -> Filed:
    return file_rows(
        Entity,
        key=["code"],
        rows=(
            (
                row,
                {
                    "code": row.words("code"),
                    "acronym": row.words("acronym"),
                    "kind": row.words("kind"),
                    **six_names(row),
                },
            )
            for row in _entity_rows(folder)
        ),
    )


def entity_aliases(folder: Path) -> Filed:
    entity = ids(Entity, "code")
    return file_rows(
        EntityAlias,
        key=["entity_id", "text"],
        rows=(
            (row, {"entity_id": row.known("code", entity), "text": text.strip()})
            for row in _entity_rows(folder)
            for text in row.text("aliases").split(";")
            if text.strip()
        ),
    )


def units(folder: Path) -> Filed:
    entity = ids(Entity, "code")
    return file_rows(
        Unit,
        key=["entity_id", "name"],
        rows=(
            (row, {"entity_id": row.known("entity", entity), "name": row.words("name")})
            for row in read_rows(folder / "units.csv", ["entity", "name"])
        ),
    )


def organisations(folder: Path) -> Filed:
    country = ids(Country, "iso3")
    return file_rows(
        Organisation,
        key=["name", "country_id"],
        rows=(
            (
                row,
                {
                    "name": row.words("name"),
                    "kind": row.choice("kind", OrganisationKind),
                    "country_id": row.known_or_none("country", country),
                },
            )
            for row in read_rows(folder / "organisations.csv", ["name", "kind", "country"])
        ),
    )


# Action lines and other classifications


def action_lines(folder: Path) -> Filed:
    columns = ["code", "parent", "order", *NAMES, "current_name_en", "short_name_en"]
    return file_tree(
        ActionLine,
        read_rows(folder / "action_lines.csv", columns),
        lambda row: {
            "code": row.words("code"),
            "order": row.words("order") and row.number_in("order"),
            "current_name_en": row.text("current_name_en"),
            "short_name_en": row.words("short_name_en"),
            **six_names(row),
        },
    )


def action_line_aliases(folder: Path) -> Filed:
    rows = read_rows(folder / "action_line_aliases.csv", ["line", "kind", "language", "text", "source"])
    line = ids(ActionLine, "code")
    return file_rows(
        ActionLineAlias,
        key=["line_id", "kind", "language", "text"],
        rows=(
            (
                row,
                {
                    "line_id": row.known("line", line),
                    "kind": row.choice("kind", AliasKind),
                    "language": row.choice("language", Language),
                    "text": row.words("text"),
                    "source": row.text("source"),
                },
            )
            for row in rows
        ),
    )


def facilitations(folder: Path) -> Filed:
    columns = ["line", "entity", "role", "since", "until", "source", "confidence", "note"]
    line, entity = ids(ActionLine, "code"), ids(Entity, "code")

    def note(row: Row) -> str:
        """Roles that no good source shows say so."""
        unsure = row.text("confidence") not in {"high", ""}
        parts = [row.text("note"), _confidence(row) if unsure else ""]
        return " ".join(part if part.endswith(".") else f"{part}." for part in parts if part)

    return file_rows(
        Facilitation,
        key=["entity_id", "line_id", "role", "since"],
        rows=(
            (
                row,
                {
                    "entity_id": row.known("entity", entity),
                    "line_id": row.known("line", line),
                    "role": row.choice("role", FacilitationRole),
                    "since": row.day("since"),
                    "until": row.day("until"),
                    "source": row.words("source"),
                    "note": note(row),
                },
            )
            for row in read_rows(folder / "facilitations.csv", columns)
        ),
    )


def vocabularies(folder: Path) -> Filed:
    return file_rows(
        Vocabulary,
        key=["code"],
        rows=(
            (row, {"code": row.words("code"), "source": row.text("source"), **six_names(row)})
            for row in read_rows(folder / "vocabularies.csv", ["code", *NAMES, "source"])
        ),
    )


def terms(folder: Path) -> Filed:
    columns = ["vocabulary", "code", "order", "counts_as_initiative", *NAMES, "source"]
    vocabulary = ids(Vocabulary, "code")
    return file_rows(
        Term,
        key=["vocabulary_id", "code"],
        rows=(
            (
                row,
                {
                    "vocabulary_id": row.known("vocabulary", vocabulary),
                    "code": row.words("code"),
                    "order": row.words("order") and row.number_in("order"),
                    "counts_as_initiative": row.yes("counts_as_initiative"),
                    "source": row.text("source"),
                    **six_names(row),
                },
            )
            for row in read_rows(folder / "terms.csv", columns)
        ),
    )


# Sessions


def sessions(folder: Path) -> Filed:
    columns = ["body", "number", "name", "year", "first_day", "last_day", "place", "format", "reporting_year"]
    return file_rows(
        Session,
        key=["body", "number"],
        rows=(
            (
                row,
                {
                    "body": row.words("body"),
                    "number": row.words("number") and row.number_in("number"),
                    "name": row.words("name"),
                    "year": row.words("year") and row.number_in("year"),
                    "starts_on": row.day("first_day"),
                    "ends_on": day_after(row, "last_day"),
                    "place": row.text("place"),
                    "format": row.text("format"),
                    "reporting_year": row.number_in("reporting_year"),
                    "source": row.text("source"),
                    "note": row.text("note"),
                },
            )
            for row in read_rows(folder / "sessions.csv", [*columns, "source", "confidence", "note"])
        ),
    )


# Workplans


def workplans(folder: Path) -> Filed:
    """File the workplans that are not there yet: the secretariat of the entity goes on with those that are."""
    path = folder / "workplans.json"
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FileDamaged(_("%(file)s is missing.") % {"file": path}) from None
    except ValueError as error:
        raise FileDamaged(_("%(file)s cannot be read: %(error)s.") % {"file": path.name, "error": error}) from None
    known = ids(Workplan, "slug")
    added = 0
    for one in told:
        if one.get("slug") in known:
            continue
        try:
            with transaction.atomic():
                _file_workplan(one)
        except KeyError as missing:
            raise FileDamaged(
                _("%(file)s: “%(name)s” is missing or not known.") % {"file": path.name, "name": missing.args[0]}
            ) from None
        except IntegrityError as error:
            said = str(error).splitlines()[0]
            raise FileDamaged(_("%(file)s breaks a rule: %(said)s") % {"file": path.name, "said": said}) from None
        added += 1
    return Filed(str(Workplan._meta.verbose_name_plural), added, 0, len(told) - added)


def _file_workplan(told: dict[str, Any]) -> None:
    """Raises KeyError for what is missing, or names what is not known."""
    entity = ids(Entity, "code")[told["entity"]]
    terms = ids(Term, "vocabulary__code", "code")
    facts = {name: told[name] for name in ("slug", "edition", "symbol", "body", "adopted_on", "source")}
    workplan = Workplan.objects.create(entity_id=entity, **facts)
    WorkplanText.objects.create(workplan=workplan, language="en", title=told["title"], summary=told["summary"])
    workplan.core_functions.set([terms["core-functions", code] for code in told["core_functions"]])
    Mandate.objects.bulk_create(
        Mandate(workplan=workplan, order=order, **one) for order, one in enumerate(told["mandates"], 1)
    )
    areas: dict[str, ImpactArea] = {}
    for order, one in enumerate(told["areas"], 1):
        code = one["code"]
        area = ImpactArea.objects.create(
            workplan=workplan, code=code, order=order, term_id=terms.get(("mic-areas", code))
        )
        ImpactAreaText.objects.create(area=area, language="en", name=one["name"], focus="\n".join(one["focus"]))
        areas[code] = area
    entries: dict[str, WorkplanEntry] = {}
    for order, one in enumerate(told["entries"], 1):
        applies_to = one.get("areas", [])
        entry = WorkplanEntry.objects.create(
            workplan=workplan,
            kind=one["kind"],
            code=one["code"],
            order=order,
            acronym=one.get("acronym", ""),
            phase_of=entries[one["phase_of"]] if "phase_of" in one else None,
            printed_beside=areas[one["beside"]] if "beside" in one else None,
            applies_to_all_areas=applies_to == "all",
        )
        if applies_to != "all":
            entry.areas.set([areas[code] for code in applies_to])
        words = {"name": one.get("name", ""), "words": one.get("words", "")}
        WorkplanEntryText.objects.create(entry=entry, language="en", **words)
        entries[one["code"]] = entry
    for order, one in enumerate(told["indicators"], 1):
        _file_indicator(one, workplan, areas, terms, order)


def _file_indicator(
    told: dict[str, Any], workplan: Workplan, areas: dict[str, ImpactArea], terms: dict[Any, int], order: int
) -> None:
    latest = Rule.SUM if told["measures"] == Measures.NEW else Rule.LATEST
    indicator = Indicator.objects.create(
        workplan=workplan,
        area=areas[told["area"]],
        code=told["code"],
        order=order,
        statement=told["statement"],
        statement_language="en",
        owner=workplan.entity,
        value_kind=told["value_kind"],
        measures=told["measures"],
        since_on=told.get("since"),
        unit_id=terms[UNITS, told["unit"]] if told["unit"] else None,
        scope=Scope.MIDDLE_INCOME,
        across_periods=told.get("across", latest),
        across_places=told.get("across", Rule.SUM),
        may_repeat=told.get("may_repeat", False),
        source=workplan.source,
    )
    IndicatorText.objects.create(indicator=indicator, language="en", name=told["name"], method=told["method"])
    for one in told.get("breakdowns", []):
        breakdown = Breakdown.objects.create(
            indicator=indicator, code=one["code"], kind=one["kind"], name_en=one["name"]
        )
        Category.objects.bulk_create(
            Category(breakdown=breakdown, code=code, order=number, name_en=name)
            for number, (code, name) in enumerate(one["categories"], 1)
        )


def _confidence(row: Row) -> str:
    return f"{row.text('confidence').capitalize()} confidence"


#: In this order: each needs what stands before it.
LOADERS = [
    countries,
    country_groups,
    group_memberships,
    income_classifications,
    entities,
    entity_aliases,
    units,
    organisations,
    action_lines,
    action_line_aliases,
    facilitations,
    vocabularies,
    terms,
    sessions,
    workplans,
]
