"""The JSON: the frozen text itself, and the schema that describes it."""

import copy
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from reporting.choices import FIGURES, RecordKind
from reporting.compilation import document
from reporting.compilation.gather import gather
from reporting.compilation.renderers import render
from reporting.compilation.snapshot import FORMAT, fingerprint
from reporting.views.schemas import FOLDER
from tests.factories import ItemFactory, ResultFactory

from . import samples

VALIDATOR = Draft202012Validator(json.loads((FOLDER / f"snapshot-{FORMAT}.schema.json").read_text(encoding="utf-8")))


class TestData:
    @pytest.mark.parametrize("part", ["whole", "summary"])
    def test_are_the_snapshot_so_that_their_hash_is_the_fingerprint(self, part: document.Part):
        sample = samples.unido()
        content = render(document.build(sample, part=part), "json").content
        assert hashlib.sha256(content).hexdigest() == fingerprint(sample)
        assert json.loads(content) == sample

    def test_hold_letters_of_all_languages_as_they_are(self):
        content = render(document.build(samples.in_six_languages()), "json").content.decode()
        assert samples.ARABIC in content
        assert samples.CHINESE in content


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield each part of a schema that describes an object."""
    if isinstance(schema, dict):
        if "properties" in schema and schema.get("type") == "object":
            yield schema
        for inner in schema.values():
            yield from objects(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from objects(inner)


class TestSchema:
    def test_is_one(self):
        Draft202012Validator.check_schema(VALIDATOR.schema)
        assert VALIDATOR.schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert VALIDATOR.schema["properties"]["format"] == {"const": FORMAT}

    def test_lets_nothing_in_that_it_does_not_name(self):
        found = list(objects(VALIDATOR.schema))
        assert len(found) == 18
        assert all(part["additionalProperties"] is False for part in found)

    def test_knows_the_kinds_of_records(self):
        assert VALIDATOR.schema["$defs"]["record"]["properties"]["kind"]["enum"] == RecordKind.values

    @pytest.mark.parametrize("sample", ["unido", "undesa", "in_six_languages", "arabic"])
    def test_describes_snapshots(self, sample: str):
        VALIDATOR.validate(getattr(samples, sample)())

    def test_describes_a_later_issue_without_references(self):
        VALIDATOR.validate(samples.of_html("<p>a</p>", mark="Corr.1", references={}, submission="UNIDO-Corr1"))

    @pytest.mark.django_db
    def test_describes_what_is_read_from_the_records(self):
        section = ItemFactory().section
        submission = section.submission
        result = ResultFactory()
        for kind in FIGURES:
            ItemFactory(section=section, kind=kind, indicators=[result.indicator.code])
        VALIDATOR.validate(json.loads(json.dumps(gather(submission, "en"))))

    @pytest.mark.parametrize(
        ("where", "change"),
        [
            ("a name of a person", lambda sample: sample["sections"][0]["record"].update(user="A. Person")),
            ("another format", lambda sample: sample.update(format=1)),
            ("something more", lambda sample: sample.update(comment="internal")),
            ("no portal", lambda sample: sample.pop("portal")),
            ("a portal with a slash at the end", lambda sample: sample.update(portal="https://portal.example.org/")),
            ("a mark of its own", lambda sample: sample.update(mark="Draft")),
            ("no entity", lambda sample: sample.update(entities=[])),
            ("an id with signs", lambda sample: sample["sections"][0]["items"][0].update(id="I-1")),
            ("an unknown kind", lambda sample: sample["sections"][0]["record"].update(kind="comment")),
            ("no version", lambda sample: sample["sections"][0]["record"].update(version=0)),
            ("no record", lambda sample: sample["sections"][0]["items"][0].pop("record")),
            ("an unknown block", lambda sample: sample["front"].append({"kind": "chart"})),
            ("an unknown line", lambda sample: sample["cover"].append({"style": "logo", "text": ""})),
            ("a year as a number", lambda sample: sample["references"]["1"].update(year=2020)),
            ("a reference by name", lambda sample: sample["references"].update(x=sample["references"]["1"])),
        ],
    )
    def test_refuses(self, where: str, change: Callable[[dict[str, Any]], object]):
        sample: dict[str, Any] = copy.deepcopy(dict(samples.undesa()))
        change(sample)
        with pytest.raises(ValidationError):
            VALIDATOR.validate(sample)

    @pytest.mark.django_db
    def test_is_served_to_everybody(self, client: Client):
        answer = client.get(reverse("snapshot_schema", args=[FORMAT]))
        assert answer.headers["Content-Type"] == "application/schema+json"
        assert answer.json() == VALIDATOR.schema
        assert reverse("snapshot_schema", args=[FORMAT]) == f"/schemas/snapshot-{FORMAT}.json"
