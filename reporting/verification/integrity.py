"""Whether what is stored of a seal is still what was sealed."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from reporting.compilation.snapshot import fingerprint
from reporting.models import Artifact, Seal

CHUNK = 1024 * 1024


def integrity_problems(seal: Seal) -> list[str]:
    """Return a sentence for each thing stored of a seal that is no longer as it was sealed; empty where all is well.

    The receipt is the measure: a trigger keeps everybody from changing it.
    """
    return [*_text_problems(seal), *_receipt_problems(seal), *_file_problems(seal)]


def _text_problems(seal: Seal) -> list[str]:
    snapshot = seal.compilation.snapshot
    if not snapshot:
        return [_("The text that was sealed is no longer stored in the database.")]
    stored = fingerprint(snapshot)
    if stored != seal.fingerprint:
        return [
            _(
                "The text stored in the database is not the one that was sealed: its fingerprint is %(stored)s, and "
                "%(sealed)s was sealed."
            )
            % {"stored": stored, "sealed": seal.fingerprint}
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
