"""How often somebody may ask: a visitor by address, a person, a token.

Counts lie in Django's cache. The default one belongs to one process, so several processes allow that much each.
"""

import hashlib
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class ReaderThrottle(SimpleRateThrottle):
    """`settings.API_RATES` has a rate such as `300/min` for `visitor`, `person` and `token`; an empty one is none."""

    def __init__(self) -> None:
        """The rate depends on who asks."""

    def allow_request(self, request: Request, view: Any) -> bool:
        self.scope = "visitor"
        if request.auth is not None:
            self.scope = "token"
        elif request.user.is_authenticated:
            self.scope = "person"
        self.rate = settings.API_RATES[self.scope] or None
        self.num_requests, self.duration = self.parse_rate(self.rate)
        return super().allow_request(request, view)

    def get_cache_key(self, request: Request, view: Any) -> str:
        if self.scope == "visitor":  # a proxy may hand on anything as an address
            return f"api-visitor-{hashlib.sha256(str(self.get_ident(request)).encode()).hexdigest()}"
        return f"api-{self.scope}-{request.user.pk if self.scope == 'person' else request.auth.pk}"
