"""Making the files of a seal again, from its frozen snapshot, whatever became of records and renderers since."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from reporting.choices import Outcome
from reporting.compilation.snapshot import Snapshot
from reporting.models import Artifact, Seal
from reporting.receipts import SealedFile
from reporting.verification.integrity import as_made, frozen_text
from reporting.verification.texts import CannotCompare, same_text


class SnapshotChanged(Exception):
    """What is stored is not what was sealed: somebody edited it, past the portal."""


class RebuiltFile(TypedDict):
    """One file of a seal, and how it came out again."""

    name: str
    sealed: str  # SHA-256
    rebuilt: str  # SHA-256
    outcome: Outcome


class ChangedTool(TypedDict):
    """A renderer, a font or the templates in another version than at the time of sealing."""

    name: str
    sealed: str
    now: str


class RebuildReport(TypedDict):
    """Outcome of a rebuild: the fingerprint was checked before anything was made."""

    files: list[RebuiltFile]
    changed_tools: list[ChangedTool]


def sealed_snapshot(seal: Seal) -> Snapshot:
    """Return what was sealed. Raises SnapshotChanged where the stored text has not the sealed fingerprint."""
    snapshot = frozen_text(seal.compilation)
    if snapshot is None:
        raise SnapshotChanged
    return snapshot


def report(seal: Seal, rebuilt: Sequence[Artifact], versions: Mapping[str, str]) -> RebuildReport:
    """Compare the rebuilt files with the sealed ones: by the hashes of the receipt, else word by word."""
    made = {(artifact.format, artifact.part): artifact for artifact in rebuilt}
    kept = {(artifact.format, artifact.part): artifact for artifact in seal.compilation.artifacts.all()}
    before = seal.receipt["renderers"]
    return {
        "files": [
            _compared(file, made.get((file["format"], file["part"])), kept.get((file["format"], file["part"])))
            for file in seal.receipt["files"]
        ],
        "changed_tools": [
            {"name": name, "sealed": before.get(name, ""), "now": versions.get(name, "")}
            for name in sorted({*before, *versions})
            if before.get(name) != versions.get(name)
        ],
    }


def _compared(sealed: SealedFile, rebuilt: Artifact | None, kept: Artifact | None) -> RebuiltFile:
    return {
        "name": sealed["name"],
        "sealed": sealed["sha256"],
        "rebuilt": rebuilt.sha256 if rebuilt else "",
        "outcome": _outcome(sealed, rebuilt, kept),
    }


def _outcome(sealed: SealedFile, rebuilt: Artifact | None, kept: Artifact | None) -> Outcome:
    if rebuilt and rebuilt.sha256 == sealed["sha256"]:
        return Outcome.SAME_BYTES
    before, now = as_made(kept) if kept else None, as_made(rebuilt) if rebuilt else None
    if before is None or now is None:  # gone, or not the sealed bytes any more, which would prove nothing
        return Outcome.NOT_COMPARED
    try:
        return Outcome.SAME_TEXT if same_text(sealed["format"], before, now) else Outcome.OTHER_TEXT
    except CannotCompare:
        return Outcome.NOT_COMPARED
