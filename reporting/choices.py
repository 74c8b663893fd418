"""The words that records of `reporting` choose from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CallState(models.TextChoices):
    PLANNED = "planned", _("planned")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")
    POSTPONED = "postponed", _("postponed")
    CANCELLED = "cancelled", _("cancelled")


class HeadingNumbers(models.TextChoices):
    NONE = "none", _("none")
    ARABIC = "arabic", _("1., 2., 3.")
    ROMAN = "roman", _("I., II., III.")
    CHINESE = "chinese", _("一、二、三、")


class ParagraphNumbers(models.TextChoices):
    NONE = "none", _("none")
    THROUGH = "through", _("through the text")


class RunningLinks(models.TextChoices):
    LINKS = "links", _("stay links")
    FOOTNOTES = "footnotes", _("become footnotes")


class FillingRule(models.TextChoices):
    """How a section gets its items before a hand touches them."""

    BY_HAND = "by_hand", _("by hand")
    INITIATIVES = "initiatives", _("initiatives with an approved update for the period")
    INDICATORS = "indicators", _("a table of all indicators of the workplans of its entities")


class SubmissionState(models.TextChoices):
    ASKED = "asked", _("asked")
    DRAFTING = "drafting", _("drafting")
    IN_REVIEW = "in_review", _("in review")
    RETURNED = "returned", _("returned")
    CLEARED = "cleared", _("cleared")
    SEALED = "sealed", _("sealed")
    SENT = "sent", _("sent")
    PUBLISHED = "published", _("published")
    NOTHING_TO_REPORT = "nothing_to_report", _("nothing to report")
    DECLINED = "declined", _("declined")
    SUPERSEDED = "superseded", _("superseded")
    WITHDRAWN = "withdrawn", _("withdrawn")


class IssueKind(models.TextChoices):
    """Whether a submission is the first of its entity, or corrects or replaces a sealed one."""

    ORIGINAL = "original", _("original")
    CORRIGENDUM = "corrigendum", _("corrigendum")
    REVISION = "revision", _("revision")

    @property
    def abbreviation(self) -> str:
        """Return `Corr` or `Rev`, as the United Nations print it in every language; empty for the original."""
        return {"corrigendum": "Corr", "revision": "Rev"}.get(self.value, "")


class Channel(models.TextChoices):
    """How a sealed submission was sent."""

    EMAIL = "email", _("e-mail")
    UPLOAD = "upload", _("upload to a site")
    PORTAL = "portal", _("this portal")
    OTHER = "other", _("another way")


class PlanOutcome(models.TextChoices):
    """What became of what a submission told as planned."""

    HELD = "held", _("held or done")
    MOVED = "moved", _("moved")
    DROPPED = "dropped", _("dropped")


class ItemKind(models.TextChoices):
    PASSAGE = "passage", _("passage")
    INITIATIVE = "initiative", _("initiative")
    HEADING = "heading", _("heading")
    TABLE = "table", _("table of indicators")
    CHART = "chart", _("chart of an indicator")


#: Items that print what results of indicators come to.
FIGURES = [ItemKind.TABLE, ItemKind.CHART]


class TableRows(models.TextChoices):
    """What the rows of a table of indicators are."""

    INDICATORS = "indicators", _("indicators, with a column for each year")
    YEARS = "years", _("years, with a table for each indicator")


class HeadingSource(models.TextChoices):
    OWN = "own", _("its own title")
    OTHER = "other", _("other words")
    NONE = "none", _("none")


class TextSource(models.TextChoices):
    """Which text of its record an item prints."""

    PERIOD = "period", _("paragraph of the period, else the description")
    DESCRIPTION = "description", _("description")
    WORDING = "wording", _("a wording of its own")
    NONE = "none", _("none, the heading alone")


class RecordKind(models.TextChoices):
    """The kinds of records that a compiled text comes from."""

    INITIATIVE = "initiative", _("initiative")
    ENTITY_TEXT = "entity_text", _("own text")
    UPDATE = "update", _("update")
    PASSAGE = "passage", _("passage")
    ITEM = "item", _("wording")
    SECTION = "section", _("section")
    COVER = "cover", _("cover")
    LAYOUT = "layout", _("layout")
    REFERENCE = "reference", _("reference")


class CompilationState(models.TextChoices):
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class FailureReason(models.TextChoices):
    """Why a compilation was given up, in words that say what to do."""

    EMPTY = "empty", _("The submission has no text yet. Add items to its sections, then compile again.")
    RENDERER = (
        "renderer",
        _("A file could not be made from this text. Tell an administrator the number of this compilation."),
    )
    TIMEOUT = "timeout", _("Making a file took too long. Try again; if it happens again, tell an administrator.")
    FONT = "font", _("A font is missing on the server. Tell an administrator: “make setup” installs it.")
    DISK_FULL = "disk_full", _("The disk of the server is full. Tell an administrator, then try again.")
    SNAPSHOT_CHANGED = (
        "snapshot_changed",
        _("The text stored in the database is not the one that was sealed. Tell an administrator at once."),
    )
    UNAVAILABLE = "unavailable", _("The server was too busy. Try again in some minutes.")
    UNEXPECTED = (
        "unexpected",
        _("Something went wrong that nobody expected. Tell an administrator the number of this compilation."),
    )


class ImportState(models.TextChoices):
    """How far a file has come that is read in."""

    QUEUED = "queued", _("waits for a worker")
    READING = "reading", _("is being read")
    READ = "read", _("read: its proposals wait for a person")
    FAILED = "failed", _("cannot be read")
    FILED = "filed", _("filed as records")
    UNDONE = "undone", _("undone")


class WorkbookState(models.TextChoices):
    """How far a workbook has come that was sent back."""

    QUEUED = "queued", _("waits for a worker")
    READING = "reading", _("is being read")
    READ = "read", _("read: nothing is saved yet")
    ACCEPTED = "accepted", _("waits to be taken in")
    TAKING = "taking", _("is being taken in")
    TAKEN = "taken", _("taken in")
    HANDED = "handed", _("its drafts wait to be submitted")
    SUBMITTING = "submitting", _("its drafts are being submitted")
    FAILED = "failed", _("cannot be read")
    DROPPED = "dropped", _("left")


#: States in which a workbook waits for a worker, and in which one holds it.
WORKBOOKS_WAITING = [WorkbookState.QUEUED, WorkbookState.ACCEPTED, WorkbookState.HANDED]
WORKBOOKS_WORKED_ON = [WorkbookState.READING, WorkbookState.TAKING, WorkbookState.SUBMITTING]


class WorkbookFormat(models.TextChoices):
    """What was sent: facts as sheets, or texts as a Word file."""

    XLSX = "xlsx", "XLSX"
    DOCX = "docx", "DOCX"


class RowVerdict(models.TextChoices):
    """What a row of a workbook is beside its record."""

    ADDED = "added", _("added")
    CHANGED = "changed", _("changed")
    CONFLICT = "conflict", _("conflict")
    REFUSED = "refused", _("refused")
    UNCHANGED = "unchanged", _("unchanged")


class ConflictChoice(models.TextChoices):
    """What becomes of rows in which others changed the same meanwhile."""

    LEAVE = "leave", _("leave these rows out")
    THEIRS = "theirs", _("take them in, but keep what others wrote where both changed the same")
    MINE = "mine", _("take them in as the workbook has them")


class RowOutcome(models.TextChoices):
    """What became of a row when its workbook was taken in."""

    WRITTEN = "written", _("is in a draft")
    SAME = "same", _("said already")
    LEFT = "left", _("left out")
    SUBMITTED = "submitted", _("submitted")


class DamageKind(models.TextChoices):
    """What pages, conversion or haste broke in a document that is read in."""

    PAGE_BREAK = "page_break", _("text broken by the end of a page")
    PAGE_NUMBER = "page_number", _("page number in the text")
    RUNNING_HEAD = "running_head", _("running head or foot in the text")
    NOTE_BLOCK = "note_block", _("footnotes in the text")
    JOINED_MARKS = "joined_marks", _("footnote marks run together")
    PLAIN_MARK = "plain_mark", _("footnote mark that is no more raised")
    UNMATCHED_NOTE = "unmatched_note", _("footnote without a mark")
    UNMATCHED_MARK = "unmatched_mark", _("mark without a footnote")
    CUT_WORD = "cut_word", _("word cut in two")
    LOST_SPACE = "lost_space", _("lost space")
    BROKEN_LINE = "broken_line", _("lines run into one paragraph")
    BROKEN_LIST = "broken_list", _("list broken in two, or entries run together")
    SPLIT_TABLE = "split_table", _("table split over pages")
    REPEATED_HEAD = "repeated_head", _("head of a table repeated")
    DEAD_LINK = "dead_link", _("link without a target")
    COVER_SLIP = "cover_slip", _("slip on the cover")
    OTHER_LANGUAGE = "other_language", _("another language than the one given: read it in again with the right one")


class ProposalKind(models.TextChoices):
    """What a document that is read in proposes to file."""

    COVER_FACT = "cover_fact", _("fact of the cover")
    SECTION = "section", _("section")
    PASSAGE = "passage", _("passage")
    INITIATIVE = "initiative", _("initiative")
    REFERENCE = "reference", _("reference")
    IDENTIFIER = "identifier", _("identifier")
    MENTION = "mention", _("mention of an initiative")
    LINE = "line", _("action line")
    COUNTRY = "country", _("country")
    ENTITY = "entity", _("entity")
    ORGANISATION = "organisation", _("organization")
    DATE = "date", _("date")
    LAYOUT = "layout", _("layout")


class Outcome(models.TextChoices):
    """How one sealed file came out when it was made again."""

    SAME_BYTES = "same_bytes", _("the same bytes")
    SAME_TEXT = "same_text", _("other bytes, the same text word for word")
    OTHER_TEXT = "other_text", _("another text")
    NOT_COMPARED = "not_compared", _("other bytes, and the two files cannot be compared")


class FileFormat(models.TextChoices):
    DOCX = "docx", _("Word (DOCX)")
    ODT = "odt", _("OpenDocument text (ODT)")
    PDF = "pdf", _("PDF")
    HTML = "html", _("web page (HTML)")
    MD = "md", _("Markdown")
    JSON = "json", _("data (JSON)")


class Part(models.TextChoices):
    WHOLE = "whole", _("whole submission")
    SUMMARY = "summary", _("summary alone")
