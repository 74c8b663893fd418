"""The words of choices."""

import pytest
from django.utils import translation

from initiatives.choices import Status
from initiatives.models import Initiative
from portal.common.labels import label_of


class TestLabelOf:
    @pytest.mark.parametrize("language", ["en", "fr"])
    @pytest.mark.parametrize("value", [*Status.values, "", "unheard of"])
    def test_is_what_django_would_show(self, language, value):
        with translation.override(language):
            field = Initiative._meta.get_field("status")
            shown = Initiative(status=value)._get_FIELD_display(field=field)
            assert label_of(Status, value) == Initiative(status=value).get_status_display() == shown
