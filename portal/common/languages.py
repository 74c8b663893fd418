"""The languages in which texts are written: the official languages of the United Nations."""

from functools import cache
from typing import Any

from django.db import models
from django.utils.translation import get_language


class Language(models.TextChoices):
    """Each by its own name, so that a reader finds it in any interface language."""

    ARABIC = "ar", "العربية"
    CHINESE = "zh", "中文"
    ENGLISH = "en", "English"
    FRENCH = "fr", "Français"
    RUSSIAN = "ru", "Русский"
    SPANISH = "es", "Español"


def direction(language: str) -> str:
    """Return "rtl" or "ltr", as the `dir` attribute of HTML has it."""
    return "rtl" if language == Language.ARABIC else "ltr"


def interface_language(language: str) -> str:
    """Return the code by which Django knows a language of texts: `zh-hans` for `zh`."""
    return "zh-hans" if language == Language.CHINESE else language


def reader_language() -> str:
    """Return the language of the page being made, as texts name it: `zh` for Django's `zh-hans`."""
    return _of_interface(get_language())


@cache  # asked for each name on a page, of which a list has hundreds
def _of_interface(language: str | None) -> str:
    code = (language or Language.ENGLISH)[:2]
    return code if code in Language.values else Language.ENGLISH


def in_language(row: Any, field: str, language: str | None = None) -> str:
    """Return `row.<field>_<language>`, of the reader by default, or the English words where that is empty."""
    return getattr(row, f"{field}_{language or reader_language()}") or getattr(row, f"{field}_en")
