import json

import pytest
from django.db import connection
from django.urls import reverse


class TestHealthz:
    def test_says_ok_without_a_database(self, client):
        answer = client.get("/healthz")
        assert (answer.status_code, answer.content) == (200, b"ok\n")
        assert "no-store" in answer["Cache-Control"]

    def test_refuses_to_be_written_to(self, client):
        assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
class TestReadyz:
    def ask(self, client) -> tuple[int, dict[str, bool]]:
        answer = client.get(reverse("readyz"))
        return answer.status_code, json.loads(answer.content)

    def test_says_yes_when_all_is_there(self, client):
        assert self.ask(client) == (200, {"database": True, "migrations": True, "broker": True, "storage": True})

    def test_names_a_migration_that_is_missing_and_no_more(self, client):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
        status, found = self.ask(client)
        assert status == 503
        assert found == {"database": True, "migrations": False, "broker": True, "storage": True}

    def test_tells_nobody_where_the_files_should_be(self, client, settings, tmp_path):
        (tmp_path / "no folder").write_text("but a file")
        settings.MEDIA_ROOT = tmp_path / "no folder"
        status, found = self.ask(client)
        assert status == 503
        assert found["storage"] is False
        assert str(tmp_path) not in json.dumps(found)

    def test_leaves_no_file_behind(self, client, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path / "files"
        self.ask(client)
        assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]

    def test_refuses_to_be_written_to(self, client):
        assert client.post("/readyz").status_code == 405
