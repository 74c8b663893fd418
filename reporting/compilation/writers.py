"""Who wrote the versions that a text comes from: the role in which, as the history tells, and never a name."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import F
from django.utils import timezone

from initiatives.choices import ENTITY_ROLES, Role
from initiatives.models import Entity, Membership
from portal.common.history import events, first_of_each
from reporting.choices import RecordKind
from reporting.compilation.snapshot import Record

#: A person with two roles in an entity wrote in the first of these.
_FIRST = [*ENTITY_ROLES, Role.COMMISSION]


class Writers:
    """Makes the records of a snapshot; `fill` then asks for all their writers at once, in a fixed number of queries."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        """`entities` of the submission come first where a person serves several."""
        self._entities = {entity.pk: entity.code for entity in entities}
        self._asked: dict[type[models.Model], dict[int, list[Record]]] = defaultdict(lambda: defaultdict(list))

    def record(self, kind: RecordKind, row: Any, *, of: Any = None, language: str = "") -> Record:
        """Return the version that `row` holds; `of` is the record, where the row is its text in one language.

        An update and a passage know the role of their author, for versions that a command wrote.
        """
        role = getattr(of, "author_role", "")
        record = Record(
            kind=kind.value,  # type: ignore[typeddict-item]  # the same words
            id=(of or row).pk,
            language=language,
            version=row.revision,
            role=role,
            entity=self._entities.get(of.entity_id, "") if role else "",
        )
        self._asked[type(row)][row.pk].append(record)
        return record

    def fill(self) -> None:
        """Put role and entity to all records made so far."""
        written = {
            (model, pk): (user, moment)
            for model, rows in self._asked.items()
            for pk, user, moment in _first_events(model, list(rows))
            if user
        }
        roles = _roles(people={user for user, _moment in written.values()}, own=set(self._entities))
        for (model, pk), (user, moment) in written.items():
            for held in [role for role in roles[user] if _was_held(role, _day(moment))][:1]:
                for record in self._asked[model][pk]:
                    record["role"] = held.role
                    record["entity"] = held.entity.code if held.entity else ""


def _first_events(model: type[models.Model], pks: list[int]) -> Any:
    """Return id, user and moment of the event that made the version which each row holds now."""
    found = first_of_each(events(model, pgh_obj__in=pks, revision=F("pgh_obj__revision")))
    return found.values_list("pgh_obj", "pgh_context__metadata__user", "pgh_created_at")


def _roles(*, people: set[int], own: set[int]) -> dict[int, list[Membership]]:
    found: dict[int, list[Membership]] = defaultdict(list)
    for role in Membership.objects.filter(user__in=people, role__in=_FIRST).select_related("entity"):
        found[role.user_id].append(role)
    for held in found.values():
        held.sort(key=lambda role: (role.entity_id not in own, _FIRST.index(Role(role.role)), role.pk))
    return found


def _day(moment: dt.datetime) -> dt.date:
    """Return the day in Geneva, as roles are dated, whatever time zone a person chose or the database answers in."""
    return timezone.localdate(moment, timezone.get_default_timezone())


def _was_held(role: Membership, day: dt.date) -> bool:
    return role.since <= day and (role.until is None or role.until > day)
