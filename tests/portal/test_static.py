"""Which files pages get, and what is said when they are missing."""

import json
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage
from pytest_django import Settings

from portal.common.static import NPM_FILES, NpmFinder

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def finder_without_packages(tmp_path: Path) -> NpmFinder:
    finder = NpmFinder()
    finder.storage = FileSystemStorage(location=tmp_path)
    return finder


class TestNpmFinder:
    def test_serves_the_named_files_and_nothing_else(self) -> None:
        finder = NpmFinder()
        assert [name for name, _ in finder.list(None)] == list(NPM_FILES)
        assert Path(finder.find(f"npm/{NPM_FILES[0]}")).is_file()
        assert finder.find("npm/bootstrap/package.json") is None
        assert finder.find("npm/../package.json", find_all=True) == []

    def test_says_what_to_do_where_packages_are_missing(self, finder_without_packages: NpmFinder) -> None:
        with pytest.raises(ImproperlyConfigured, match="Run `npm ci`"):
            list(finder_without_packages.list(None))
        (warning,) = finder_without_packages.check()
        assert "htmx.min.js" in warning.msg
        assert warning.is_serious() is False

    def test_has_nothing_to_say_where_they_are(self) -> None:
        assert NpmFinder().check() == []


class TestManifestStorage:
    def test_names_files_by_their_content_and_keeps_a_compressed_copy(self) -> None:
        name = staticfiles_storage.stored_name("portal.css")
        assert name != "portal.css"
        assert staticfiles_storage.exists(name)
        assert staticfiles_storage.exists(f"{name}.gz")

    def test_collects_no_source_maps(self, settings: Settings) -> None:
        assert list(Path(settings.STATIC_ROOT).rglob("*.map")) == []

    def test_says_what_to_do_where_a_file_was_not_collected(self) -> None:
        with pytest.raises(ImproperlyConfigured, match="collectstatic"):
            staticfiles_storage.url("not-there.css")


class TestPackageLock:
    def test_pins_every_package_and_names_no_host(self) -> None:
        lock = json.loads((ROOT / "package-lock.json").read_text())
        packages = {name: facts for name, facts in lock["packages"].items() if name}
        assert all(facts["integrity"].startswith("sha512-") for facts in packages.values())
        assert all("resolved" not in facts for facts in packages.values())
        assert packages["node_modules/htmx.org"]["version"].startswith("2.0.")
