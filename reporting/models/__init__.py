"""What is derived: one module per noun."""

from reporting.models.calls import Call, CallCover
from reporting.models.compilations import Artifact, Compilation
from reporting.models.layouts import Layout, LayoutSection
from reporting.models.submissions import Item, Section, Submission

__all__ = [
    "Artifact",
    "Call",
    "CallCover",
    "Compilation",
    "Item",
    "Layout",
    "LayoutSection",
    "Section",
    "Submission",
]
