"""What is derived: one module per noun."""

from reporting.models.calls import Call, CallCover, CallLetter
from reporting.models.compilations import Artifact, Compilation
from reporting.models.imports import Import
from reporting.models.layouts import Layout, LayoutSection
from reporting.models.outcomes import Outcome
from reporting.models.seals import Clearance, Delivery, PrintedVersion, Seal, Withdrawal
from reporting.models.submissions import Item, Section, Submission
from reporting.models.workbooks import WorkbookRow, WorkbookUpload

__all__ = [
    "Artifact",
    "Call",
    "CallCover",
    "CallLetter",
    "Clearance",
    "Compilation",
    "Delivery",
    "Import",
    "Item",
    "Layout",
    "LayoutSection",
    "Outcome",
    "PrintedVersion",
    "Seal",
    "Section",
    "Submission",
    "Withdrawal",
    "WorkbookRow",
    "WorkbookUpload",
]
