"""Whether what is stored of a seal is still what was sealed."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.core.cache import cache
from django.db.models.fields.files import FieldFile
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reporting.compilation.snapshot import Snapshot, fingerprint
from reporting.models import Artifact, Compilation, Seal

CHUNK = 1024 * 1024
KEPT = 5 * 60  # seconds for which pages tell what was found before they have all files read again


def frozen_text(compilation: Compilation) -> Snapshot | None:
    """Return the frozen text; None where there is none, or somebody edited it past the portal.

    The fingerprint of a sealed text is the one that its seal names, which a trigger keeps from being changed.
    """
    snapshot: Snapshot | None = compilation.snapshot
    seal: Seal | None = getattr(compilation, "seal", None)
    expected = seal.fingerprint if seal else compilation.fingerprint
    return snapshot if snapshot and fingerprint(snapshot) == expected else None


def as_made(artifact: Artifact) -> bytes | None:
    """Return a stored file; None where it is gone, cannot be read, or is not the one that was made.

    Of a sealed compilation the receipt says which one that is, and not the row of the file.
    """
    seal: Seal | None = getattr(artifact.compilation, "seal", None)
    return unchanged(artifact.file, sealed_sha256(seal, artifact) if seal else artifact.sha256)


def unchanged(stored: FieldFile, sha256: str) -> bytes | None:
    """Return the bytes of a stored file; None where it is gone, cannot be read, or has another SHA-256."""
    try:
        with stored.open("rb") as file:
            content: bytes = file.read()
    except (OSError, ValueError):  # ValueError: no file was kept
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def sealed_sha256(seal: Seal, artifact: Artifact) -> str:
    """Return the SHA-256 that the receipt gives for the file of this format and part, empty where it names none."""
    files = seal.receipt.get("files", [])
    key = (artifact.format, artifact.part)
    return next((str(file["sha256"]) for file in files if (file["format"], file["part"]) == key), "")


def integrity_problems(seal: Seal) -> list[str]:
    """Return a sentence for each thing stored of a seal that is no longer as it was sealed; empty where all is well.

    The receipt is the measure: a trigger keeps everybody from changing it.
    """
    problems = [*_text_problems(seal), *_receipt_problems(seal), *_file_problems(seal)]
    cache.set(_key(seal), problems, KEPT)
    return problems


def last_integrity_problems(seal: Seal) -> list[str]:
    """Return the same as it was found some minutes ago at most: pages that anybody opens need not read all files.

    A verification, and a rebuild that has ended, have it found anew.
    """
    found: list[str] | None = cache.get(_key(seal))
    return integrity_problems(seal) if found is None else found


def _key(seal: Seal) -> str:
    rebuilt = seal.rebuilds.filter(finished_at__isnull=False).count()  # by a worker, whose cache is another one
    return f"integrity of seal {seal.pk} {seal.receipt_sha256} {rebuilt} {get_language()}".replace(" ", "-")


def _text_problems(seal: Seal) -> list[str]:
    snapshot = seal.compilation.snapshot
    if not snapshot:
        return [_("The text that was sealed is no longer stored in the database.")]
    if frozen_text(seal.compilation) is None:
        return [
            _(
                "The text stored in the database is not the one that was sealed: its fingerprint is %(stored)s, and "
                "%(sealed)s was sealed."
            )
            % {"stored": fingerprint(snapshot), "sealed": seal.fingerprint}
        ]
    if seal.compilation.fingerprint != seal.fingerprint:
        return [_("The fingerprint stored with the compilation is not the one that was sealed.")]
    return []


def _receipt_problems(seal: Seal) -> list[str]:
    said = (seal.receipt.get("number"), seal.receipt.get("fingerprint"))
    if said != (seal.number, seal.fingerprint):
        return [_("The stored receipt is not that of this seal.")]
    return []


def _file_problems(seal: Seal) -> list[str]:
    artifacts = {(artifact.format, artifact.part): artifact for artifact in seal.compilation.artifacts.all()}
    problems = []
    for entry in seal.receipt.get("files", []):
        artifact = artifacts.pop((entry["format"], entry["part"]), None)
        if artifact is None:
            problems.append(_("The sealed file %(name)s is no longer stored.") % {"name": entry["name"]})
        elif sentence := _file_problem(artifact, entry):
            problems.append(sentence)
    problems += [
        _("The file %(name)s stands with the sealed ones, and the receipt does not name it.") % {"name": each.file_name}
        for each in artifacts.values()
    ]
    return problems


def _file_problem(artifact: Artifact, entry: Mapping[str, Any]) -> str:
    try:
        stored = sha256_of(artifact)
    except FileNotFoundError:
        return _("The sealed file %(name)s is no longer stored.") % {"name": entry["name"]}
    except OSError:
        return _("The stored file %(name)s cannot be read.") % {"name": entry["name"]}
    if stored != entry["sha256"]:
        return _("The stored file %(name)s is not the one that was sealed: its bytes have changed.") % {
            "name": entry["name"]
        }
    if artifact.sha256 != entry["sha256"]:
        return _("The SHA-256 stored with the file %(name)s is not the one that was sealed.") % {"name": entry["name"]}
    return ""


def sha256_of(artifact: Artifact) -> str:
    """Return the SHA-256 of a stored file. Raises OSError."""
    digest = hashlib.sha256()
    with artifact.file.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
