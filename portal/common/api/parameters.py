"""Parameters that addresses of the API have in common, each as the schema tells it."""

from collections.abc import Iterable

from drf_spectacular.utils import OpenApiParameter

from portal.common.api.paging import LIMIT, MOST


def limit_parameter(most: int = MOST) -> OpenApiParameter:
    """Describe how many records may be asked for at once."""
    described = {"type": "integer", "minimum": 1, "maximum": most, "default": min(LIMIT, most)}
    return OpenApiParameter("limit", described, description="How many records a page has.")


#: They shape an answer without changing what it is about.
SHAPING = [
    OpenApiParameter("fields", str, description="Members to answer, by comma. The others are not even read."),
    OpenApiParameter("omit", str, description="Members to leave out, by comma."),
    OpenApiParameter("languages", str, enum=["all"], description="“all” adds the texts and names in every language."),
]
CURSOR = OpenApiParameter("cursor", str, description="Where the page begins: taken from “next” or “previous”.")
PAGING = [
    CURSOR,
    limit_parameter(),
    OpenApiParameter(
        "count", str, enum=["false", "true"], default="false", description="“true” adds how many records there are."
    ),
]


def names_of(parameters: Iterable[OpenApiParameter]) -> list[str]:
    return [parameter.name for parameter in parameters]
