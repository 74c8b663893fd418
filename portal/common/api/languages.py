"""In which languages a program wants texts, and the names of reference data in them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, F, Field, Func, Q, Value, When
from django.db.models.functions import NullIf
from django.utils.translation.trans_real import parse_accept_lang_header

from portal.common.languages import Language


def accepted_languages(header: str) -> tuple[str, ...]:
    """Return the languages of an `Accept-Language` that texts can be in, the most wanted first."""
    wanted = [code[:2] for code, quality in parse_accept_lang_header(header) if quality > 0]
    return tuple(dict.fromkeys(code for code in wanted if code in Language.values))


class Json(Field):
    """The type `json` of PostgreSQL, which keeps the order of members. psycopg2 reads it, so nothing is converted."""

    def db_type(self, connection: Any) -> str:
        return "json"


class JsonObject(Func):
    """A JSON object of expressions by name, in their order."""

    function = "JSON_BUILD_OBJECT"
    output_field = Json()

    def __init__(self, **members: Any) -> None:
        pairs = [part for name, member in members.items() for part in (Value(name), member)]
        super().__init__(*pairs)

    def __repr__(self) -> str:
        return "JsonObject()"


class WithoutNulls(Func):
    """A JSON object without the members that are null."""

    function = "JSON_STRIP_NULLS"
    output_field = Json()


def named_in(languages: Iterable[str], path: str = "", field: str = "name") -> Case:
    """Return {language, text} of `<path><field>_<language>`: the first language with words, else English.

    Null where the record that the path leads to is not there.
    """
    wanted = list(languages)
    if Language.ENGLISH in wanted:
        wanted = wanted[: wanted.index(Language.ENGLISH)]
    cases = [
        When(~Q(**{column: ""}) & Q(**{f"{column}__isnull": False}), then=_text(language, column))
        for language in wanted
        for column in [f"{path}{field}_{language}"]
    ]
    english = f"{path}{field}_en"
    return Case(*cases, When(Q(**{f"{english}__isnull": False}), then=_text("en", english)), output_field=Json())


def _text(language: str, column: str) -> JsonObject:
    return JsonObject(language=Value(str(language)), text=F(column))


def all_names(field: str = "name") -> WithoutNulls:
    """Return {language: text} of every language in which there are words."""
    columns = {str(language): NullIf(F(f"{field}_{language}"), Value("")) for language in Language.values}
    return WithoutNulls(JsonObject(**columns))
