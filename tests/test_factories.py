"""The rows that tests are made of."""

import factory
import pytest

from tests import factories

FACTORIES = [
    thing
    for thing in vars(factories).values()
    if isinstance(thing, type) and issubclass(thing, factory.django.DjangoModelFactory) and not thing._meta.abstract
]


@pytest.mark.django_db
class TestEveryFactory:
    @pytest.mark.parametrize("thing", FACTORIES, ids=lambda thing: thing.__name__)
    def test_makes_a_row_that_a_form_would_accept(self, thing, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        thing().full_clean()

    @pytest.mark.parametrize(
        ("thing", "trait"),
        [
            (factories.InitiativeFactory, "published"),
            (factories.InitiativeFactory, "invented"),
            (factories.JointInvitationFactory, "joined"),
            (factories.UpdateDraftFactory, "submitted"),
            (factories.UpdateDraftFactory, "returned"),
            (factories.DraftFactory, "approved"),
            (factories.PassageDraftFactory, "submitted"),
            (factories.CompilationFactory, "running"),
            (factories.CompilationFactory, "done"),
            (factories.CompilationFactory, "failed"),
        ],
    )
    def test_has_traits_that_make_valid_rows(self, thing, trait):
        thing(**{trait: True}).full_clean()
