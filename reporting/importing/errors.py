"""Why a file is not read in: all sentences for the problems that its readers name."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.common.errors import PersonError


class CannotRead(PersonError):
    """A file that is not read in; its sentence says what is wrong with it and what to do."""

    def __init__(self, sentence: Promise | str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


#: By the word of the reader. A worker keeps them in English and pages translate them, so no number stands in them
#: that is filled in.
SENTENCES = {
    "empty": _("The file is empty. Choose the file that holds the document."),
    "too_many_bytes": _("The file is larger than 25 MB, the most that is read. Split it, or save it without pictures."),
    "too_many_words": _("The document has more words than are read of one. Split it into several files."),
    "long_word": _(
        "A word of the document has more than 5,000 letters. Set blanks between its words, or leave it out."
    ),
    "too_long": _("The text is longer than what is read of one. Split it into several files and read them one by one."),
    "too_large": _("Reading the file takes more time or memory than is given to a file. Split it into several."),
    "encrypted": _("The file is protected by a password. Save it without one, and read that file."),
    "macros": _("The file holds macros, which are never run here. Save it without macros, as DOCX or ODT."),
    "old_word": _("The file is in the format of Word up to 2003, or of another old program. Save it as DOCX."),
    "rtf": _("The file is in Rich Text Format. Save it as DOCX."),
    "sheet": _("The file is a workbook. Copy the text into a document and save that as DOCX."),
    "slides": _("The file is a presentation. Save its text as DOCX."),
    "chunks": _("The file holds another document inside it. Open it in Word, save it again as DOCX, and read that."),
    "entities": _("The file declares entities of XML, which no document needs. Save it again as DOCX or ODT."),
    "no_document": _("The file is no document that can be read. Save it as DOCX, ODT, PDF, HTML or text."),
    "no_text": _("The file is no text: it has signs in it that only programs read. Save it as DOCX or PDF."),
    "no_words": _("The file has no words. If it holds pictures of pages, recognise their text (OCR) first."),
    "scan": _(
        "The PDF is a scan: it has pictures of pages and no letters. Have its text recognised first (OCR), "
        "and read in the file that comes out."
    ),
    "letters": _(
        "The PDF does not tell which letters its signs stand for. Save it again from the program that it was made "
        "with, or have its text recognised (OCR)."
    ),
    "unreadable": _(
        "The file is damaged, or reading it takes more memory than is given to a file. Open it in the program that "
        "made it, and save it again, in several files if it is long."
    ),
    "damaged": _("The file is damaged and cannot be read. Open it in the program that made it, and save it again."),
}
_ANY = _("The file cannot be read. Save it again as DOCX, and read that.")


def cannot_read(problem: str) -> CannotRead:
    """Return what a person is told of a problem."""
    return CannotRead(str(SENTENCES.get(problem, _ANY)))
