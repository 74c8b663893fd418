"""The schema of the API: kept in the repository, complete, and true to its own examples."""

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from django.conf import settings
from django.test import Client

from portal.common.api.bodies import Body
from portal.common.api.schema import EXAMPLES, schema

KEPT = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"
READING = {"400", "401", "403", "404", "429"}
WRITING = READING | {"409", "413", "415", "422"}


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


OPERATIONS = {operation["operationId"]: (path, method, operation) for path, method, operation in operations()}


def written(value: Any) -> list[str]:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=True, width=120).splitlines()


class TestKeptSchema:
    def test_is_the_one_that_is_served(self):
        """Whoever changes the API changes docs/openapi.yaml with it, by `make schema`, and says so in CHANGELOG."""
        kept = yaml.safe_load(KEPT.read_text(encoding="utf-8"))
        differences = difflib.unified_diff(
            written(kept), written(schema()), "docs/openapi.yaml", "the API", lineterm=""
        )
        assert not (lines := list(differences)), "\n".join(["Run make schema. What changed:", *lines])

    @pytest.mark.django_db
    def test_is_served_to_everybody_in_english(self):
        answer = Client().get("/api/v1/schema/", headers={"Accept-Language": "fr"})
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/vnd.oai.openapi+json"
        assert answer.json()["openapi"].startswith("3.1")
        assert answer.json()["paths"].keys() == schema()["paths"].keys()


class TestSchema:
    def test_is_valid(self):
        from drf_spectacular.validation import validate_schema

        validate_schema(schema())

    def test_names_every_operation_once(self):
        ids = [operation["operationId"] for _path, _method, operation in operations()]
        assert len(ids) == len(set(ids)) >= 25

    @pytest.mark.parametrize("name", OPERATIONS)
    def test_says_what_each_operation_does_for_whom_and_how_it_is_refused(self, name):
        path, method, operation = OPERATIONS[name]
        assert operation["summary"], path
        assert operation["description"], path
        token, session = {"token": []}, {"cookieAuth": []}
        assert operation["security"] == ([token, session, {}] if method == "get" else [token, session])
        expected = READING if method == "get" else WRITING
        assert expected <= operation["responses"].keys()
        for status in expected:
            assert operation["responses"][status]["content"].keys() == {"application/problem+json"}

    @pytest.mark.parametrize("name", OPERATIONS)
    def test_describes_every_parameter(self, name):
        for parameter in OPERATIONS[name][2].get("parameters", []):
            assert parameter["in"] == "path" or parameter["description"], parameter["name"]

    def test_lets_no_unknown_member_into_a_body(self):
        components = schema()["components"]["schemas"]
        bodies = [body.__name__ for body in Body.__subclasses__()]
        assert len(bodies) >= 5
        for name in bodies:
            assert components[name]["additionalProperties"] is False


class TestExamples:
    def test_are_there_for_every_operation_and_no_other(self):
        assert EXAMPLES.keys() == OPERATIONS.keys()

    @pytest.mark.parametrize("name", OPERATIONS)
    def test_are_what_the_schema_says(self, name):
        _path, method, operation = OPERATIONS[name]
        example = EXAMPLES[name]
        answers = [body for status, body in operation["responses"].items() if status in ("200", "201")]
        self.agree(example["response"], answers[0]["content"]["application/json"])
        if method != "get" and not name.endswith("_files_post"):  # what is sent there is a file
            self.agree(example["request"], operation["requestBody"]["content"]["application/json"])

    def agree(self, example: Any, content: dict[str, Any]) -> None:
        assert example in [shown["value"] for shown in content["examples"].values()]
        whole = {"components": schema()["components"], **content["schema"]}
        validator = jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker())
        assert [error.message for error in validator.iter_errors(example)] == []
        assert self.unknown(example, content["schema"]) == []

    def unknown(self, value: Any, described: dict[str, Any], place: str = "") -> list[str]:
        """Members of the example that the schema does not know any more."""
        if "$ref" in described:
            described = schema()["components"]["schemas"][described["$ref"].rsplit("/", 1)[1]]
        if isinstance(value, list):
            items = described.get("items", {})
            return [found for item in value for found in self.unknown(item, items, place)]
        known = described.get("properties")
        if not isinstance(value, dict) or not known:
            return []
        found = [f"{place}/{name}" for name in value if name not in known]
        return found + [
            below
            for name, member in value.items()
            if name in known
            for below in self.unknown(member, known[name], f"{place}/{name}")
        ]
