"""What browsers may keep."""

import pytest
from django.urls import reverse

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


class TestPages:
    def test_of_signed_in_people_are_kept_by_no_browser(self, client):
        client.force_login(UserFactory())
        assert "no-store" in client.get(reverse("initiative_list"))["Cache-Control"]

    def test_of_visitors_may_be_kept(self, client):
        assert "no-store" not in client.get(reverse("initiative_list")).get("Cache-Control", "")
