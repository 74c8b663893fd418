"""The words that records of `initiatives` choose from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

KINDS = "kinds"  # the code of the vocabulary of kinds of initiative
UNITS = "units"  # that of units of measurement
PERCENT = "percent"  # one of them


class EntryType(models.TextChoices):
    """Why a country or area is in the table."""

    M49 = "m49", _("country or area of the M49 standard")
    SUPPLEMENTARY = "supplementary", _("present only because the World Bank classifies it")


class UnMembership(models.TextChoices):
    MEMBER = "yes", _("Member State")
    OBSERVER = "observer", _("observer")
    NONE = "no", _("neither")


class GroupKind(models.TextChoices):
    M49_WORLD = "m49_world", _("world")
    M49_REGION = "m49_region", _("region")
    M49_SUBREGION = "m49_subregion", _("sub-region")
    M49_INTERMEDIATE = "m49_intermediate", _("intermediate region")
    REGIONAL_GROUP = "regional_group", _("regional group of Member States")
    COMMISSION = "commission", _("regional commission")
    DEVELOPMENT = "development", _("development group")
    ORGANISATION = "organisation", _("organization of States")


class IncomeGroup(models.TextChoices):
    """Groups of the World Bank; a blank is a country temporarily unclassified."""

    LOW = "L", _("low income")
    LOWER_MIDDLE = "LM", _("lower middle income")
    UPPER_MIDDLE = "UM", _("upper middle income")
    HIGH = "H", _("high income")


#: What "middle-income country" means; a blank is none.
MIDDLE_INCOME = [IncomeGroup.LOWER_MIDDLE, IncomeGroup.UPPER_MIDDLE]


class AliasKind(models.TextChoices):
    ALIAS = "alias", _("name as texts use it")
    KEYWORD = "keyword", _("keyword that suggests it")


class FacilitationRole(models.TextChoices):
    ANNEX = "moderator_or_facilitator", _("moderator or facilitator (2005 annex)")
    LEAD = "lead", _("lead facilitator")
    CO_FACILITATOR = "co_facilitator", _("co-facilitator")
    PARTNER = "partner", _("partner")


class Basis(models.TextChoices):
    """How a line or term came to a record. Only stated ones count in public."""

    STATED = "stated", _("stated")
    INFERRED = "inferred", _("inferred, waiting for a person")


class OrganisationKind(models.TextChoices):
    GOVERNMENT = "government", _("government body")
    BUSINESS = "business", _("business")
    ACADEMIA = "academia", _("academia")
    CIVIL_SOCIETY = "civil_society", _("civil society")
    INTERNATIONAL = "international", _("international body")
    OTHER = "other", _("other")


class Role(models.TextChoices):
    """What a person may do; DESIGN section 6 is the table."""

    DELEGATE = "delegate", _("delegate of a member state")
    STAFF = "staff", _("staff")
    FOCAL_POINT = "focal_point", _("focal point")
    SECRETARIAT = "secretariat", _("secretariat of the entity")
    COMMISSION = "commission", _("secretariat of the Commission")
    ADMINISTRATOR = "administrator", _("administrator")


ENTITY_ROLES = [Role.STAFF, Role.FOCAL_POINT, Role.SECRETARIAT]


class Level(models.TextChoices):
    INTERNATIONAL = "international", _("international")
    REGIONAL = "regional", _("regional")
    NATIONAL = "national", _("national")
    LOCAL = "local", _("local")


class Status(models.TextChoices):
    PLANNED = "planned", _("planned")
    ONGOING = "ongoing", _("ongoing")
    COMPLETED = "completed", _("completed")
    SUSPENDED = "suspended", _("suspended")
    CANCELLED = "cancelled", _("cancelled")


class EventState(models.TextChoices):
    PLANNED = "planned", _("planned")
    EXPECTED = "expected", _("expected")
    HELD = "held", _("held")


class TextState(models.TextChoices):
    ORIGINAL = "original", _("original")
    MACHINE = "machine", _("machine translation, unchecked")
    CHECKED = "checked", _("translation checked by a person")


class Variant(models.TextChoices):
    """Which use a text is written for."""

    GENERAL = "general", _("general")
    STOCKTAKING = "stocktaking", _("WSIS Stocktaking or Prizes (150-200 words)")


class ParticipationRole(models.TextChoices):
    LEAD = "lead", _("lead")
    CO_LEAD = "co_lead", _("co-lead")
    FACILITATOR = "facilitator", _("facilitator")
    HOST = "host", _("host")
    DONOR = "donor", _("donor")
    IMPLEMENTER = "implementer", _("implementer")
    STEERING_MEMBER = "steering_member", _("member of the steering committee")
    PARTNER = "partner", _("partner")
    PARTICIPANT = "participant", _("participant")


class RelationKind(models.TextChoices):
    """Read from left to right: this record is `kind` that record."""

    PART_OF = "part_of", _("part of")
    PHASE_OF = "phase_of", _("phase of")
    EDITION_OF = "edition_of", _("edition of")
    FOLLOWS = "follows", _("follows")
    LEGACY_OF = "legacy_of", _("legacy of")
    REPLACES = "replaces", _("replaces")
    SAME_AS = "same_as", _("same as")
    SEE_ALSO = "see_also", _("related to")


class UpdateKind(models.TextChoices):
    NEWS = "news", _("what happened in the period")
    STILL_TRUE = "still_true", _("still true, nothing new")
    NOTHING = "nothing", _("nothing to report")


#: What an update tells beside its paragraph, by the names of its fields.
FURTHER_FIELDS = ["results", "obstacles", "lessons", "proposals", "outlook"]


class DraftOf(models.TextChoices):
    """The kind of record that a draft changes or begins."""

    INITIATIVE = "initiative", _("initiative")
    UPDATE = "update", _("update")
    ENTITY_TEXT = "entity_text", _("own text on a joint initiative")
    PASSAGE = "passage", _("passage")
    RESULT = "result", _("result")
    TARGET = "target", _("baseline or target")
    INDICATOR = "indicator", _("indicator")
    EDITION = "edition", _("edition of a workplan")
    WORKPLAN = "workplan", _("workplan")
    AREA = "area", _("impact area")
    ENTRY = "entry", _("entry of a workplan")


#: What a draft of each kind is that begins a record; of updates and own texts a list tells more.
BEGUN = {
    DraftOf.INITIATIVE: _("new initiative"),
    DraftOf.PASSAGE: _("new passage"),
    DraftOf.RESULT: _("new result"),
    DraftOf.TARGET: _("new baseline or target"),
    DraftOf.INDICATOR: _("new indicator"),
    DraftOf.EDITION: _("new edition of a workplan"),
    DraftOf.AREA: _("new impact area of a workplan"),
    DraftOf.ENTRY: _("new entry of a workplan"),
}
#: And one that changes a record. No draft changes a target or an edition that is there.
CHANGED = {
    DraftOf.INITIATIVE: _("change of an initiative"),
    DraftOf.PASSAGE: _("change of a passage"),
    DraftOf.RESULT: _("correction of a result"),
    DraftOf.INDICATOR: _("change of an indicator"),
    DraftOf.WORKPLAN: _("change of a workplan"),
    DraftOf.AREA: _("change of an impact area"),
    DraftOf.ENTRY: _("change of an entry of a workplan"),
}

#: What the secretariat of an entity writes, and nobody else.
PLANNED = [
    *(DraftOf.TARGET, DraftOf.INDICATOR, DraftOf.EDITION),
    *(DraftOf.WORKPLAN, DraftOf.AREA, DraftOf.ENTRY),
]


class DraftState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    APPROVED = "approved", _("approved")
    WITHDRAWN = "withdrawn", _("withdrawn")


#: What is under way: neither approved nor withdrawn.
OPEN_DRAFTS = [DraftState.DRAFT, DraftState.SUBMITTED, DraftState.RETURNED]


class InvitationState(models.TextChoices):
    """How far an entity is with a joint initiative of another one."""

    INVITED = "invited", _("invited")
    JOINED = "joined", _("accepted")
    DECLINED = "declined", _("declined")
    ENDED = "ended", _("ended")


#: Neither declined nor ended.
OPEN_INVITATIONS = [InvitationState.INVITED, InvitationState.JOINED]


class MailingState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    PAUSED = "paused", _("to be tried again")
    SENT = "sent", _("sent")
    NEEDLESS = "needless", _("not needed any more")
    FAILED = "failed", _("failed")


class MailFailure(models.TextChoices):
    """Why a mail was given up."""

    UNREACHABLE = "unreachable", _("The mail server could not be reached or took nothing, for hours.")
    SIGN_IN = "sign_in", _("The mail server refused the name or password of the portal, for hours.")
    REFUSED = "refused", _("The mail server refuses this address or this mail for good.")
    UNEXPECTED = "unexpected", _("Something went wrong in the portal; its log tells what.")


class DocumentKind(models.TextChoices):
    SUBMISSION = "submission", _("submission")
    RESOLUTION = "resolution", _("resolution")
    DECISION = "decision", _("decision")
    DECLARATION = "declaration", _("declaration")
    REPORT = "governing_body_report", _("report to a governing body")
    PUBLICATION = "publication", _("publication")
    NEWS = "news", _("news")
    LETTER = "letter", _("letter")


class PartKind(models.TextChoices):
    """What a part is in its document."""

    COVER = "cover", _("cover")
    FRONT = "front", _("front matter")
    CONTENTS = "contents", _("contents list")
    HEADING = "heading", _("heading")
    PARAGRAPH = "paragraph", _("paragraph")
    ENTRY = "entry", _("entry of a list")
    QUOTATION = "quotation", _("quotation")
    TABLE = "table", _("table")
    NOTE = "note", _("footnote")
    RUNNING = "running", _("page number, running head or repeated head of a table")
    OUTSIDE = "outside", _("outside the running text: header, footer, text box, comment")
    DELETED = "deleted", _("deleted in the file")


#: What a file holds beside the words that it prints; only people of the entity see it.
NOT_PRINTED = [PartKind.OUTSIDE, PartKind.DELETED, PartKind.RUNNING]

#: What of it may be meant for the entity alone: comments and deletions. With them the file stays inside.
KEPT_INSIDE = [PartKind.OUTSIDE, PartKind.DELETED]


class MentionKind(models.TextChoices):
    SAYS = "says", _("tells about")
    CITES = "cites", _("cites")
    MANDATES = "mandates", _("mandates")
    RECOGNISES = "recognises", _("recognises")
    ANNOUNCES = "announces", _("announces")


class PassageKind(models.TextChoices):
    STATEMENT = "statement", _("statement")
    TREND = "trend", _("trend")
    ACHIEVEMENT = "achievement", _("achievement")
    OBSTACLE = "obstacle", _("obstacle")
    LESSON = "lesson", _("lesson")
    PROPOSAL = "proposal", _("proposal to the Commission")
    OUTLOOK = "outlook", _("outlook")
    QUOTATION = "quotation", _("quotation")


class EntryKind(models.TextChoices):
    """What stands in the matrix of a workplan beside its areas and indicators."""

    TOOL = "tool", _("tool")
    PHASE = "phase", _("phase of a tool")
    GOVERNMENT_ROLE = "role", _("role of governments")
    OUTCOME = "outcome", _("outcome")
    OUTPUT = "output", _("output within the organization")
    PACKAGE = "package", _("integrated package")
    ELEMENT = "element", _("element of integrated packages")
    COOPERATION = "cooperation", _("form of cooperation")


class ValueKind(models.TextChoices):
    """What one result of an indicator is."""

    COUNT = "count", _("number of things: whole, not negative")
    AMOUNT = "amount", _("amount: any number that is not negative")
    SHARE = "share", _("share of a whole in per cent: 0 to 100")
    CHANGE = "change", _("change: any number, also a negative one")
    YES = "yes", _("yes or no for a country")
    ITEMS = "items", _("named items")


#: Whose results are numbers, and have a unit.
NUMBERS = [ValueKind.COUNT, ValueKind.AMOUNT, ValueKind.SHARE, ValueKind.CHANGE]


class Measures(models.TextChoices):
    NEW = "new", _("what is new in the period")
    SINCE = "since", _("all since a stated start")
    STANDING = "standing", _("what stands at the end of the period")


class Scope(models.TextChoices):
    EVERYWHERE = "everywhere", _("everywhere")
    MIDDLE_INCOME = "middle_income", _("middle-income countries only")


class Rule(models.TextChoices):
    """How several values make one, across periods or across places."""

    SUM = "sum", _("they are added up")
    LATEST = "latest", _("the latest one counts")
    DISTINCT = "distinct", _("what they name is counted once")
    NONE = "none", _("there is no total")


class Succession(models.TextChoices):
    CONTINUES = "continues", _("continues it, by the same definition")
    MAPS = "maps", _("takes its place, by another definition")


class BreakdownKind(models.TextChoices):
    PARTS = "parts", _("parts of a whole, which add up to it")
    SIDE_BY_SIDE = "side_by_side", _("kinds side by side, which have no total")


class TargetKind(models.TextChoices):
    BASELINE = "baseline", _("baseline")
    TARGET = "target", _("target")


class NoValue(models.TextChoices):
    """Why a result has no value. No data is never zero."""

    NOT_MEASURED = "not_measured", _("It was not measured.")
    NOT_YET = "not_yet", _("It is not known yet.")
    NOT_APPLICABLE = "not_applicable", _("It does not apply in this period.")
    CONFIDENTIAL = "confidential", _("It cannot be told.")


class Readiness(models.TextChoices):
    """How far an indicator is. For the first two there is neither a total nor a chart."""

    DEFINED = "defined", _("defined, nothing reported yet")
    UNIT_PENDING = "unit_pending", _("unit pending")
    FIRST_DATA = "first_data", _("first data")
    NO_BASELINE = "no_baseline", _("no baseline")
    REPORTABLE = "reportable", _("reportable")
