"""Drafts in tests: handed in and approved, and what their form says against them."""

from typing import Any

import pytest

from initiatives.models import Draft
from initiatives.services.drafts import DraftIncomplete, approve_draft, submit_draft
from portal.models import User
from tests.factories import NOON


def approved(draft: Draft, by: User) -> Draft:
    """Hand a draft in for who holds it, and let another person approve it."""
    submitted = submit_draft(draft=draft, user=_holder(draft), now=NOON)
    return approve_draft(draft=submitted, edits=submitted.edits, user=by, now=NOON)


def wrong_with(draft: Draft) -> dict[str, str]:
    """Return what the form says when the draft is handed in, by field."""
    with pytest.raises(DraftIncomplete) as refused:
        submit_draft(draft=draft, user=_holder(draft), now=NOON)
    form: Any = refused.value.form
    return {name: " ".join(map(str, said)) for name, said in form.errors.items()}


def _holder(draft: Draft) -> User:
    assert draft.holder
    return draft.holder
