"""How static files are found, named and served."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import ManifestFilesMixin
from django.core.checks import CheckMessage, Warning
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

NPM_PREFIX = "npm"
NPM_FILES = (  # what the pages ask for; the rest of these packages is never served
    "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap/dist/css/bootstrap.rtl.min.css",
    "htmx.org/dist/htmx.min.js",
)


class NpmFinder(BaseFinder):
    """Finds the few files that pages take from npm: `{% static "npm/htmx.org/dist/htmx.min.js" %}`."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=settings.BASE_DIR / "node_modules")
        self.storage.prefix = NPM_PREFIX  # type: ignore[attr-defined]  # collectstatic puts it before each name

    def missing(self) -> list[str]:
        return [name for name in NPM_FILES if not self.storage.exists(name)]

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Warn, no more: what does not show pages works without them."""
        if missing := self.missing():
            return [Warning(_packages_are_missing(missing), id="portal.W001")]
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        name = path.removeprefix(f"{NPM_PREFIX}/")
        found = [self.storage.path(name)] if name != path and name in NPM_FILES and self.storage.exists(name) else []
        return found if find_all else next(iter(found), None)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Yield each file with its storage. Raises ImproperlyConfigured where one is missing."""
        if missing := self.missing():
            raise ImproperlyConfigured(_packages_are_missing(missing))
        for name in NPM_FILES:
            yield name, self.storage


def _packages_are_missing(names: list[str]) -> str:
    return (
        f"The pages need {', '.join(names)} from npm. Run `npm ci` in the folder of package.json; "
        "a machine without npm has one in .venv/bin."
    )


class PageFilesConfig(StaticFilesConfig):
    """Collects no source maps, which only a debugger asks for, nor the pages of REST framework, which stay off."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "*.map", "rest_framework"]


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """Hashed names and compressed copies; links to source maps are not followed, since there are none."""

    keep_only_hashed_files = True
    patterns = tuple(
        (extension, tuple(pattern for pattern in patterns if "sourceMappingURL" not in str(pattern)))
        for extension, patterns in ManifestFilesMixin.patterns
    )

    def stored_name(self, name: str) -> str:
        """Return the hashed name. Raises ImproperlyConfigured, with what to do, where `name` was not collected."""
        try:
            return super().stored_name(name)
        except ValueError as error:
            raise ImproperlyConfigured(
                f"The page file {name} is not in {self.location}. Run `npm ci`, then `manage.py collectstatic`."
            ) from error
