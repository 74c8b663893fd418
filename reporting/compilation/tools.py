"""The programs that render, as the settings of this installation have them."""

from django.conf import settings

from reporting.compilation.renderers import Tools


def tools() -> Tools:
    """Return the programs and their limits."""
    if settings.PANDOC:
        return Tools(seconds=settings.RENDERER_SECONDS, pandoc=[settings.PANDOC])
    return Tools(seconds=settings.RENDERER_SECONDS)
