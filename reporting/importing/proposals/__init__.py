"""Which records a document would make: what `outline` found, matched with reference data and known initiatives.

`propose` reads, in a fixed number of queries whatever the length, and writes nothing; `services.filing` files.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from initiatives.models import Entity, Session
from portal.models import User
from reporting.importing.outline import Outline
from reporting.importing.proposals.found import Planned, Proposal, Proposals
from reporting.importing.proposals.proposing import Proposing

if TYPE_CHECKING:
    from reporting.importing.mending import Mended

__all__ = ["Planned", "Proposal", "Proposals", "propose"]


def propose(
    mended: "Mended",
    outline: Outline,
    *,
    entities: Sequence[Entity],
    session: Session | None,
    language: str,
    viewer: User | None = None,
) -> Proposals:
    """Return what the document would make. Without a session it is no submission, and only mentions are proposed.

    Known initiatives are those that the viewer may see; without a viewer, those of the entities and public ones.
    """
    return Proposing(mended, outline, entities=entities, session=session, language=language, viewer=viewer).proposals()
