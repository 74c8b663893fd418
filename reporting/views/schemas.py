"""Descriptions of what the portal hands out as data."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from reporting.compilation import snapshot

SCHEMA = Path(snapshot.__file__).parent / "assets" / f"snapshot-{snapshot.FORMAT}.schema.json"


@require_safe
def snapshot_schema(request: HttpRequest) -> HttpResponse:
    """Show what stands in the JSON file of a submission, as JSON Schema."""
    return HttpResponse(SCHEMA.read_bytes(), content_type="application/schema+json")
