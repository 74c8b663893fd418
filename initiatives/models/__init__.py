"""What is stored: one module per noun."""

from initiatives.models.comments import Comment
from initiatives.models.documents import Document, DocumentSymbol, Mention, Part, Reference, Session
from initiatives.models.drafts import Draft
from initiatives.models.entities import Absence, Entity, EntityAlias, Membership, Organisation, Unit
from initiatives.models.evidence import Evidence, StoredFile
from initiatives.models.geography import Country, CountryGroup, GroupMembership, IncomeClassification
from initiatives.models.indicators import Breakdown, Category, Indicator, IndicatorText, Target
from initiatives.models.initiatives import (
    DatedPart,
    FormerAddress,
    Identifier,
    Initiative,
    InitiativeLine,
    InitiativePlace,
    InitiativeSummary,
    InitiativeTerm,
    InitiativeText,
    OtherTitle,
    Participation,
    Relation,
)
from initiatives.models.joint import EntityText, JointInvitation
from initiatives.models.notifications import Mailing, Notification
from initiatives.models.passages import Passage, PassageText
from initiatives.models.results import NamedItem, Result, ResultItem, ResultPart, ResultText
from initiatives.models.search import SearchEntry, SearchKind
from initiatives.models.taxonomy import ActionLine, ActionLineAlias, Facilitation, Term, Vocabulary
from initiatives.models.updates import Update, UpdateText
from initiatives.models.workplans import (
    ImpactArea,
    ImpactAreaText,
    Mandate,
    Workplan,
    WorkplanEntry,
    WorkplanEntryText,
    WorkplanText,
)

__all__ = [
    "Absence",
    "ActionLine",
    "ActionLineAlias",
    "Breakdown",
    "Category",
    "Comment",
    "Country",
    "CountryGroup",
    "DatedPart",
    "Document",
    "DocumentSymbol",
    "Draft",
    "Entity",
    "EntityAlias",
    "EntityText",
    "Evidence",
    "Facilitation",
    "FormerAddress",
    "GroupMembership",
    "Identifier",
    "ImpactArea",
    "ImpactAreaText",
    "IncomeClassification",
    "Indicator",
    "IndicatorText",
    "Initiative",
    "InitiativeLine",
    "InitiativePlace",
    "InitiativeSummary",
    "InitiativeTerm",
    "InitiativeText",
    "JointInvitation",
    "Mailing",
    "Mandate",
    "Membership",
    "Mention",
    "NamedItem",
    "Notification",
    "Organisation",
    "OtherTitle",
    "Part",
    "Participation",
    "Passage",
    "PassageText",
    "Reference",
    "Relation",
    "Result",
    "ResultItem",
    "ResultPart",
    "ResultText",
    "SearchEntry",
    "SearchKind",
    "Session",
    "StoredFile",
    "Target",
    "Term",
    "Unit",
    "Update",
    "UpdateText",
    "Vocabulary",
    "Workplan",
    "WorkplanEntry",
    "WorkplanEntryText",
    "WorkplanText",
]
