"""Reading the web page of a compilation inside the portal, as a document that can do nothing."""

import base64
import hashlib
import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reporting.choices import FileFormat, Part
from reporting.standing import notices_of
from reporting.verification.integrity import as_made
from reporting.views.compilations import gone_page, visible_compilation

ANYWAY = "anyway"  # in the address of who has read the notices

_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)


@require_safe
def compilation_read(request: HttpRequest, call: str, slug: str, number: int) -> HttpResponse:
    """Show the HTML file that was made, unless the store has lost or changed it. It runs no script and sends nothing.

    The browser gives it no part in the portal's cookies and pages; its links to records work. The file cannot say
    that it was withdrawn or superseded since: a page before it does.
    """
    compilation = visible_compilation(request, call, slug, number)
    page = (FileFormat.HTML, Part.WHOLE)
    artifact = next((file for file in compilation.artifacts.all() if (file.format, file.part) == page), None)
    if artifact is None:
        raise Http404
    notices = notices_of(compilation.submission, request.user) if hasattr(compilation, "seal") else []
    if any(notice.is_grave for notice in notices) and ANYWAY not in request.GET:
        return render(request, "reporting/read_anyway.html", {"compilation": compilation, "notices": notices})
    content = as_made(artifact)
    if content is None:
        return gone_page(request, compilation, artifact.file_name)
    headers = {"Content-Security-Policy": _policy(content), "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type="text/html; charset=utf-8", headers=headers)


def _policy(content: bytes) -> str:
    """Return what the page may do: have its own style, and be left through a link that the reader follows."""
    style = _STYLE.search(content)
    digest = base64.b64encode(hashlib.sha256(style[1] if style else b"").digest()).decode()
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src 'sha256-{digest}'",
            "style-src-attr 'unsafe-inline'",  # widths of columns
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation",
        ]
    )
