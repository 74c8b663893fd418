"""What tests of the API share: asking it, and holding each answer against the schema."""

import re
from typing import Any

import jsonschema
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.common.api.problems import MEDIA_TYPE
from portal.common.api.schema import schema

API = "/api/v1/"


def ask(client: Client, path: str, status: int = 200, **headers: str) -> Any:
    """Return the JSON at an address below `API`. Fails where the answer is not of the status and form announced."""
    response = client.get(API + path, headers=headers)
    assert response.status_code == status, response.content.decode()
    assert_announced(response)
    return response.json()


def queries(client: Client, path: str) -> int:
    """Return how many queries an address takes that was asked before."""
    ask(client, path)
    with CaptureQueriesContext(connection) as captured:
        ask(client, path)
    return len(captured)


def assert_announced(response: HttpResponse) -> None:
    """Fail where the schema does not announce the answer."""
    path = response.request["PATH_INFO"]
    found = {template: found for template, found in schema()["paths"].items() if re.fullmatch(_pattern(template), path)}
    operations = found[min(found, key=lambda template: template.count("{"))]  # drafts/ is no {id}/
    operation = operations[response.request["REQUEST_METHOD"].lower()]
    announced = operation["responses"][str(response.status_code)]["content"][response.headers["Content-Type"]]
    jsonschema.validate(
        response.json(),
        {**announced["schema"], "components": schema()["components"]},
        cls=jsonschema.Draft202012Validator,
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )


def _pattern(template: str) -> str:
    return re.sub(r"\{\w+\}", "[^/]+", re.escape(template).replace(r"\{", "{").replace(r"\}", "}"))


def problem(client: Client, path: str, status: int, **headers: str) -> Any:
    """Return what went wrong with a request. Fails where it is told otherwise than RFC 9457 has it."""
    response = client.get(API + path, headers=headers)
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == MEDIA_TYPE
    told = response.json()
    assert {"type", "title", "status", "detail", "instance"} <= told.keys()
    assert told["status"] == status
    return told


def parameters_of(told: Any) -> list[str]:
    """Return which parameters a problem names."""
    return [error["parameter"] for error in told["errors"]]
