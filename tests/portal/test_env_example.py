"""`.env.example` is the list of what can be set."""

import re

from tests.support.environment import ROOT


class TestEnvExample:
    def test_names_every_variable_that_the_settings_read_and_no_other(self):
        settings = (ROOT / "portal" / "settings.py").read_text()
        read = set(re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"', settings))
        listed = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))
        assert listed == read
