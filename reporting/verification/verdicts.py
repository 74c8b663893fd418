"""What a file is, in sentences: sealed here, an altered copy, a draft, of another portal, or none of these."""

import hashlib
import re
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reporting.later_issues import Notice, Reader, notices_of_seal
from reporting.models import Artifact, Compilation, Seal, Submission
from reporting.verification import files, texts
from reporting.verification.files import Limits, Reading
from reporting.verification.integrity import as_made, integrity_problems, sealed_sha256
from reporting.verification.texts import Change

HASH = re.compile(r"[0-9a-f]{64}")
MOST_LIKE_SIZES = 10  # sealed files of the same size that are compared byte by byte
MOST_LISTED = 12  # properties, and names of parts
LIKE = 0.5  # of its words a JSON file shares with the sealed one that it names: less is another text
BLOCK = 4096


class Kind(models.TextChoices):
    """What a file can be."""

    SEALED = "sealed", gettext_lazy("sealed file")
    ALTERED = "altered", gettext_lazy("altered copy of a sealed file")
    RECEIPT = "receipt", gettext_lazy("receipt of a seal")
    DRAFT = "draft", gettext_lazy("never sealed")
    ELSEWHERE = "elsewhere", gettext_lazy("file of another portal")
    UNKNOWN = "unknown", gettext_lazy("unknown file")
    UNREADABLE = "unreadable", gettext_lazy("unreadable file")


@dataclass(frozen=True)
class ChangedProperty:
    """A property of a file, such as its author or the day of its last change."""

    name: str
    sealed: str
    here: str


@dataclass(frozen=True)
class Verdict:
    """The answer. Title and sentences are in the reader's language."""

    kind: Kind
    title: str
    sha256: str
    sentences: list[str] = field(default_factory=list)
    seal: Seal | None = None
    artifact: Artifact | None = None  # the sealed file that it is, or is an altered copy of
    notices: list[Notice] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    properties: list[ChangedProperty] = field(default_factory=list)
    may_read: bool = False  # the submission of the seal

    @property
    def is_in_force(self) -> bool:
        """A sealed file, neither withdrawn nor superseded, and what is stored of its seal is as it was sealed."""
        return self.kind == Kind.SEALED and not any(notice.is_grave for notice in self.notices)

    @property
    def level(self) -> str:
        """How the answer looks, beside its words: `good`, `attention` or `bad`."""
        if self.is_in_force:
            return "good"
        if self.kind == Kind.RECEIPT:
            return "info"
        return "bad" if self.kind in {Kind.ALTERED, Kind.UNREADABLE} else "attention"


def verify(content: bytes, *, reader: Reader, name: str = "", limits: Limits | None = None) -> Verdict:
    """Say what a file is. `name` is the one it has now; only a sentence depends on it.

    The limits hold for all reading together: of the file, and of those with which it is compared. Raises CannotTake
    where the file is empty or too large.
    """
    if not content:
        raise files.is_empty()
    if len(content) > files.LIMIT:
        raise files.too_large()
    sha256 = hashlib.sha256(content).hexdigest()
    if sealed := _sealed_file(sha256):
        return _sealed(*sealed, sha256=sha256, name=name, reader=reader)
    budget = files.Budget(limits or Limits())
    reading = budget.read(content)
    seal, artifact = _copied(content, reading, budget)
    if seal:
        return _altered(content, reading, seal, artifact, reader=reader, budget=budget)
    if seal := _receipted(reading.fingerprint):
        return _receipt(seal, sha256, is_whole=reading.format == "receipt", reader=reader)
    return _unsealed(reading, sha256)


def verify_hash(digits: str, *, reader: Reader) -> Verdict:
    """Say what has this SHA-256, or this fingerprint of a text. Raises CannotTake for anything but 64 digits."""
    sha256 = "".join(digits.split()).lower()
    if not HASH.fullmatch(sha256):
        raise files.CannotTake(_("A SHA-256 has 64 digits, each 0 to 9 or a to f."))
    seal = Seal.objects.filter(fingerprint=sha256).select_related(*_WITH_SEAL).first()
    if seal:
        return replace(
            _about(seal, Kind.SEALED, sha256, reader=reader),
            title=_("This is the fingerprint of the text that %(seal)s sealed, which its JSON file has as SHA-256.")
            % {"seal": seal},
        )
    if sealed := _sealed_file(sha256):
        return _sealed(*sealed, sha256=sha256, name="", reader=reader)
    if seal := _receipted(sha256):
        return _receipt(seal, sha256, is_whole=True, reader=reader)
    return _unsealed(Reading(fingerprint=sha256), sha256)


# Looking up

_WITH_SEAL = ("submission__call__session", "compilation", "entity", "withdrawal")


def _sealed_file(sha256: str) -> tuple[Seal, Artifact | None] | None:
    """Return the seal whose receipt names a file of this hash, and the row of that file where it is still there.

    Only receipts are asked: a trigger keeps them, and rows can be edited past the portal.
    """
    seal = Seal.objects.filter(receipt__contains={"files": [{"sha256": sha256}]}).select_related(*_WITH_SEAL).first()
    if seal is None:
        return None
    named = [artifact for artifact in seal.compilation.artifacts.all() if sealed_sha256(seal, artifact) == sha256]
    return seal, next(iter(named), None)


def _copied(content: bytes, reading: Reading, budget: files.Budget) -> tuple[Seal | None, Artifact | None]:
    """Return the seal that this may be a copy of: it names its text, or it is nearly the same, byte by byte."""
    seals = Seal.objects.select_related(*_WITH_SEAL)
    if reading.fingerprint and (seal := seals.filter(fingerprint=reading.fingerprint).first()):
        return seal, None
    alike = Artifact.objects.filter(compilation__seal__isnull=False, size=len(content)).order_by("-pk")
    for artifact in alike.select_related("compilation__seal", "compilation__submission__call")[:MOST_LIKE_SIZES]:
        stored = as_made(artifact)
        if stored and _differing(stored, content, most=len(content) // 100 + 1):
            return seals.get(compilation=artifact.compilation), artifact
    if reading.format == "json":
        call, submission = (reading.properties.get(name, "").strip('"') for name in ("call", "submission"))
        for seal in seals.filter(submission__call__slug=call, submission__slug=submission):
            artifact_of_text = seal.compilation.artifacts.filter(format="json").first()
            stored = as_made(artifact_of_text) if artifact_of_text else None
            if stored and texts.likeness(budget.read(stored), reading) >= LIKE:
                return seal, artifact_of_text
    return None, None


def _receipted(sha256: str) -> Seal | None:
    """Return the seal whose receipt, as JSON, has this hash."""
    found = Seal.objects.filter(receipt_sha256=sha256).exclude(receipt_sha256="")
    return found.select_related(*_WITH_SEAL).first()


def _differing(a: bytes, b: bytes, *, most: int) -> tuple[int, int] | None:
    """Return how many bytes differ and the position of the first, from 1; None where the sizes or too many differ."""
    if len(a) != len(b):
        return None
    count, first = 0, 0
    for start in range(0, len(a), BLOCK):
        block_a, block_b = a[start : start + BLOCK], b[start : start + BLOCK]
        if block_a == block_b:
            continue
        wrong = [at for at, (x, y) in enumerate(zip(block_a, block_b, strict=True), start + 1) if x != y]
        first = first or wrong[0]
        count += len(wrong)
        if count > most:
            return None
    return count, first


# Sealed files


def _about(seal: Seal, kind: Kind, sha256: str, *, reader: Reader) -> Verdict:
    """Return a verdict with what has to be known about the seal, its title still to be said."""
    title = _("What is stored is not what was sealed")
    changed = [Notice("bad", title, sentence, is_grave=True) for sentence in integrity_problems(seal)]
    notices = [*notices_of_seal(seal, reader), *changed]
    return Verdict(kind, "", sha256, seal=seal, notices=notices, may_read=_may_read(reader, seal.submission))


def _sealed(seal: Seal, artifact: Artifact | None, *, sha256: str, name: str, reader: Reader) -> Verdict:
    names = [entry["name"] for entry in seal.receipt.get("files", []) if entry["sha256"] == sha256]
    sealed_name = names[0] if names else artifact.file_name if artifact else ""
    sentences = [_("Not one byte of it has changed since %(seal)s sealed it.") % {"seal": seal}]
    if name and sealed_name and name != sealed_name:
        sentences.append(
            _("It was sealed under the name %(sealed)s, and has another name now; that changes nothing.")
            % {"sealed": sealed_name}
        )
    about = _about(seal, Kind.SEALED, sha256, reader=reader)
    title = _("This is a sealed file: %(name)s of %(seal)s.") % {"name": sealed_name, "seal": seal}
    return replace(about, title=title, sentences=sentences, artifact=artifact)


def _receipt(seal: Seal, sha256: str, *, is_whole: bool, reader: Reader) -> Verdict:
    about = _about(seal, Kind.RECEIPT, sha256, reader=reader)
    if is_whole:
        title = _("This is the receipt of %(seal)s, as it was issued.") % {"seal": seal}
        return replace(about, title=title)
    title = _("This file says that it is the receipt of %(seal)s.") % {"seal": seal}
    return replace(
        about, title=title, sentences=[_("Its words were not compared: read them beside the page of the seal.")]
    )


def _may_read(reader: Reader, submission: Submission) -> bool:
    return reader is None or Submission.objects.visible_to(reader).filter(pk=submission.pk).exists()


# Altered copies


def _altered(
    content: bytes,
    reading: Reading,
    seal: Seal,
    artifact: Artifact | None,
    *,
    reader: Reader,
    budget: files.Budget,
) -> Verdict:
    sha256 = hashlib.sha256(content).hexdigest()
    about = replace(
        _about(seal, Kind.ALTERED, sha256, reader=reader),
        title=_("This is an altered copy of %(seal)s: it is not a file that was sealed.") % {"seal": seal},
    )
    format = artifact.format if artifact else reading.format
    sealed = [each for each in seal.compilation.artifacts.filter(format=format) if artifact in {None, each}]
    if not sealed:
        unlike = _("%(seal)s has no file of this format, so the words were not compared.") % {"seal": seal}
        return replace(about, sentences=[*_made_here(sha256), unlike])
    stored = [(each, bytes_) for each in sealed if (bytes_ := as_made(each)) is not None]
    if not stored:
        gone = _("The sealed file is no longer stored as it was, so the two cannot be compared.")
        return replace(about, sentences=[gone])
    if reading.problem or reading.format != format:
        same_size = [each for each in stored if len(each[1]) == len(content)]
        closest, original = next(iter(same_size), stored[0])
        sentences = [
            *_made_here(sha256),
            *_how_bytes_differ(original, content),
            files.why(reading.problem or "damaged"),
        ]
        return replace(about, sentences=sentences, artifact=closest)
    readings = [(each, original, budget.read(original)) for each, original in stored]
    closest, original, sealed_reading = max(readings, key=lambda each: texts.likeness(each[2], reading))
    sentences = [*_made_here(sha256), *_how_bytes_differ(original, content)]
    changes: list[Change] = []
    if sealed_reading.problem:
        sentences.append(_("The words of the sealed file cannot be read within the limits, so they were not compared."))
    else:
        changes = texts.compared(sealed_reading, reading)
        sentences.append(_how_texts_differ(changes, sealed_reading, reading))
    sentences += _how_parts_differ(sealed_reading.parts, reading.parts)
    properties = _changed_properties(sealed_reading, reading) if about.may_read else []
    if changes and not about.may_read:
        sentences.append(_("Which words differ is shown to those who may read the submission."))
        changes = []
    return replace(about, sentences=sentences, artifact=closest, changes=changes, properties=properties)


def _made_here(sha256: str) -> list[str]:
    if Artifact.objects.filter(sha256=sha256).exists():
        return [_("It was made here from the same text, but it is not one of the files that were sealed.")]
    return []


def _how_bytes_differ(sealed: bytes, content: bytes) -> list[str]:
    if found := _differing(sealed, content, most=len(sealed)):
        count, first = found
        return [
            ngettext(
                "It is as long as the sealed file, and %(count)s of its %(size)s bytes differs, at position %(first)s.",
                "It is as long as the sealed file, and %(count)s of its %(size)s bytes differ, the first at position "
                "%(first)s.",
                count,
            )
            % {"count": count, "size": len(sealed), "first": first}
        ]
    if content.startswith(sealed):
        count = len(content) - len(sealed)
        return [
            ngettext(
                "It begins with the whole sealed file; %(count)s byte was added at its end.",
                "It begins with the whole sealed file; %(count)s bytes were added at its end.",
                count,
            )
            % {"count": count}
        ]
    if sealed.startswith(content):
        return [
            _("It is the beginning of the sealed file: %(count)s of %(size)s bytes.")
            % {"count": len(content), "size": len(sealed)}
        ]
    return []


def _how_texts_differ(changes: list[Change], sealed: Reading, reading: Reading) -> str:
    if changes:
        return ngettext(
            "The text differs in %(count)s place (sealed words that are missing: %(gone)s, new words: %(new)s).",
            "The text differs in %(count)s places (sealed words that are missing: %(gone)s, new words: %(new)s).",
            len(changes),
        ) % {
            "count": len(changes),
            "gone": sum(change.words_gone for change in changes),
            "new": sum(change.words_new for change in changes),
        }
    if reading.format == "json":
        if reading.fingerprint == sealed.fingerprint:
            return _("Its data are those that were sealed: only blanks, or the order of its entries, differ.")
        return _("Its words are all the same: other data in it differ.")
    return _("Its words are all the same: only what is around the text differs.")


def _changed_properties(sealed: Reading, reading: Reading) -> list[ChangedProperty]:
    before, after = (
        {**each.properties, "fingerprint": "" if each.format == "json" else each.fingerprint, "portal": each.portal}
        for each in (sealed, reading)
    )
    changed = [
        ChangedProperty(name, before.get(name, ""), after.get(name, ""))
        for name in dict.fromkeys([*before, *after])
        if before.get(name, "") != after.get(name, "")
    ]
    return changed[:MOST_LISTED]


def _how_parts_differ(sealed: dict[str, str], here: dict[str, str]) -> list[str]:
    other = [name for name in sealed if name in here and sealed[name] != here[name]]
    return [
        sentence % {"parts": _listed(names)}
        for sentence, names in [
            (_("Parts of the file that differ: %(parts)s."), other),
            (_("Parts that were added: %(parts)s."), sorted(here.keys() - sealed.keys())),
            (_("Parts that are missing: %(parts)s."), sorted(sealed.keys() - here.keys())),
        ]
        if names
    ]


def _listed(names: list[str]) -> str:
    shown = ", ".join(name[:80] for name in names[:MOST_LISTED])
    return f"{shown}, …" if len(names) > MOST_LISTED else shown


# All other files


def _unsealed(reading: Reading, sha256: str) -> Verdict:
    drafts = models.Q(artifacts__sha256=sha256)
    if reading.fingerprint:
        drafts |= models.Q(fingerprint=reading.fingerprint)
    if Compilation.objects.filter(drafts).exists():
        return Verdict(Kind.DRAFT, _("This was compiled here, but never sealed."), sha256, _not_to_rely_on())
    if reading.portal and reading.portal.rstrip("/") != settings.PORTAL_URL:
        return Verdict(
            Kind.ELSEWHERE,
            _("This file says that it is from another portal: %(portal)s") % {"portal": reading.portal},
            sha256,
            [_("Ask there whether it was sealed. This portal cannot know.")],
        )
    if reading.problem:
        return Verdict(
            Kind.UNREADABLE,
            _("This file cannot be read, and it is none of the files that were sealed here."),
            sha256,
            [files.why(reading.problem)],
        )
    sentences = []
    if reading.portal:
        sentences.append(
            _("It says that it is from this portal, but nothing with its fingerprint was ever compiled here.")
        )
    title = _("This is neither a file that was sealed here nor a copy of one that can be recognized.")
    return Verdict(Kind.UNKNOWN, title, sha256, sentences)


def _not_to_rely_on() -> list[str]:
    return [_("It may differ from what was sent. Rely on sealed files alone.")]
