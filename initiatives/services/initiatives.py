"""The life of an initiative's record: its address, and whether lists hold it."""

import datetime as dt
import re
from collections.abc import Iterable

import pghistory
from django.db import IntegrityError, models, transaction
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from initiatives.models import FormerAddress, Initiative
from portal.common.errors import PersonError
from portal.common.names import free_name

LONGEST_ADDRESS: int = Initiative._meta.get_field("slug").max_length or 0
LONGEST_MADE = LONGEST_ADDRESS - 10  # of one made from a title, with room for a number behind it

#: Words that the portal needs below `/initiatives/`.
RESERVED = {"api", "edit", "export", "history", "import", "manage", "map", "new", "search"}

_BETWEEN_WORDS = re.compile(r"[./:;,·•–—|&+]+")


class AddressNotUsable(PersonError):
    def __init__(self, sentence: Promise | str) -> None:
        self.sentence = sentence


class ReasonMissing(PersonError):
    sentence = _("Say why, so that whoever looks at the history understands it.")


class AlreadyArchived(PersonError):
    sentence = _("This initiative is archived already.")


class NotArchived(PersonError):
    sentence = _("This initiative is not archived.")


class InitiativeIsMerged(PersonError):
    sentence = _("This initiative was merged into another one, so it cannot be changed any more.")


# Addresses


def slugs_for(titles: Iterable[str]) -> list[str]:
    """Return a free address for an initiative of each title, in two queries.

    Letters of any script stay; a title without any gives `initiative-1`. Long ones end between two words. Where an
    address is or was that of another initiative, or of one before in the list, a number follows it.
    """
    wanted = [_from_title(title) for title in titles]
    begun = models.Q(pk__in=[])
    for base in {base or "initiative" for base in wanted}:
        begun |= models.Q(slug__startswith=base)
    taken = set(RESERVED)
    for model in (Initiative, FormerAddress):
        taken |= set(model._default_manager.filter(begun).values_list("slug", flat=True))
    found = []
    for base in wanted:
        if base:
            slug = free_name(base, taken, longest=LONGEST_ADDRESS)
        else:
            slug = free_name("initiative", {*taken, "initiative"}, longest=LONGEST_ADDRESS, first=1)
        taken.add(slug)
        found.append(slug)
    return found


def _from_title(title: str) -> str:
    """Return the words of a title as an address has them, empty where it has no letter and no digit."""
    slug = slugify(_BETWEEN_WORDS.sub(" ", title), allow_unicode=True)
    if len(slug) > LONGEST_MADE:
        whole_words = slug[: LONGEST_MADE + 1].rpartition("-")[0]
        # a language without blanks has no words to cut between
        slug = whole_words if len(whole_words) > LONGEST_MADE // 2 else slug[:LONGEST_MADE]
    return slug.strip("-_")


def change_address(*, initiative: Initiative, slug: str) -> Initiative:
    """Give an initiative another address; the former one leads there from then on, which a trigger sees to.

    Raises AddressNotUsable where the address is empty, too long, no address, needed by the portal, or that of another
    initiative now or formerly; InitiativeIsMerged.
    """
    slug = slug.strip()
    if not slug:
        raise AddressNotUsable(_("Write the new address."))
    if len(slug) > LONGEST_ADDRESS:
        raise AddressNotUsable(
            _("The address has %(length)s characters; %(most)s is the most.")
            % {"length": len(slug), "most": LONGEST_ADDRESS}
        )
    if (plain := slugify(slug, allow_unicode=True).strip("-_")) != slug:
        if not plain:
            raise AddressNotUsable(_("An address needs letters or digits."))
        raise AddressNotUsable(
            _("An address has small letters, digits and hyphens. Take “%(slug)s”, for example.") % {"slug": plain}
        )
    if slug in RESERVED:
        raise AddressNotUsable(_("The portal needs the address “%(slug)s” itself.") % {"slug": slug})
    try:
        with transaction.atomic():
            current = Initiative.objects.select_for_update(no_key=True).get(pk=initiative.pk)
            if current.merged_into_id:
                raise InitiativeIsMerged
            current.slug = slug
            current.save(update_fields=["slug"])
            # after the change, which waits for whoever leaves that address at the same moment
            if FormerAddress.objects.filter(slug=slug).exclude(initiative=current).exists():
                raise _taken(slug)
            FormerAddress.objects.filter(slug=slug).delete()
    except IntegrityError:
        raise _taken(slug) from None
    return current


def _taken(slug: str) -> AddressNotUsable:
    return AddressNotUsable(
        _("The address “%(slug)s” is, or was, that of another initiative. Choose another one.") % {"slug": slug}
    )


# Archiving


@transaction.atomic
def archive_initiative(*, initiative: Initiative, reason: str, now: dt.datetime) -> Initiative:
    """Take an initiative out of lists and counts; its page stays. Raises ReasonMissing, AlreadyArchived or
    InitiativeIsMerged.
    """
    current = _unmerged(initiative, reason)
    if current.archived_at:
        raise AlreadyArchived
    with pghistory.context(archive_reason=reason.strip()):
        current.archived_at = now
        current.save(update_fields=["archived_at"])
    return current


@transaction.atomic
def restore_initiative(*, initiative: Initiative, reason: str) -> Initiative:
    """Bring an archived initiative back into lists. Raises ReasonMissing, NotArchived or InitiativeIsMerged."""
    current = _unmerged(initiative, reason)
    if not current.archived_at:
        raise NotArchived
    with pghistory.context(restore_reason=reason.strip()):
        current.archived_at = None
        current.save(update_fields=["archived_at"])
    return current


def _unmerged(initiative: Initiative, reason: str) -> Initiative:
    if not reason.strip():
        raise ReasonMissing
    current = Initiative.objects.select_for_update(no_key=True).get(pk=initiative.pk)
    if current.merged_into_id:
        raise InitiativeIsMerged
    return current
