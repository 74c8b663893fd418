"""Descriptions of what the portal hands out as data."""

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from reporting.compilation import snapshot

FOLDER = Path(snapshot.__file__).parent / "assets"


@require_safe
def snapshot_schema(request: HttpRequest, number: int) -> HttpResponse:
    """Show what stands in the JSON file of a submission of this format, as JSON Schema. Files name its address."""
    schema = FOLDER / f"snapshot-{number}.schema.json"
    if not schema.is_file():
        raise Http404
    return HttpResponse(schema.read_bytes(), content_type="application/schema+json")
