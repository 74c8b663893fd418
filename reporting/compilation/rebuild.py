"""Making the files of a seal again, from its frozen snapshot, whatever became of records and renderers since."""

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

from reporting.compilation.snapshot import Snapshot, fingerprint
from reporting.models import Artifact, Seal
from reporting.receipts import SealedFile
from reporting.verification.texts import CannotCompare, same_text

Outcome = Literal["same_bytes", "same_text", "other_text", "not_compared"]


class SnapshotChanged(Exception):
    """What is stored is not what was sealed: somebody edited it, past the portal."""


class RebuiltFile(TypedDict):
    """One file of a seal, and how it came out again."""

    name: str
    sealed: str  # SHA-256
    rebuilt: str  # SHA-256
    outcome: Outcome  # `not_compared`: other bytes, and one of the two files cannot be read


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
    snapshot = seal.compilation.snapshot
    if not snapshot or fingerprint(snapshot) != seal.fingerprint:
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
        return "same_bytes"
    if rebuilt is None or kept is None:
        return "not_compared"
    try:
        with kept.file.open("rb") as before, rebuilt.file.open("rb") as now:
            return "same_text" if same_text(sealed["format"], before.read(), now.read()) else "other_text"
    except (CannotCompare, OSError):
        return "not_compared"
