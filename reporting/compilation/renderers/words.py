"""The few words that a document says of its own accord, in the official languages.

They belong to the document and not to the page that a person looks at, so they stand here and not in the catalogues
of the interface: a translator who improves a button must not change a sealed file.
"""

from typing import TypedDict

from reporting.compilation import languages


class Words(TypedDict):
    """What is said, where."""

    demonstration: str  # on every page of a file that holds invented records
    contents: str  # names the list of contents where the layout gives it no heading
    notes: str  # above the notes of the HTML file
    skip: str  # the first link of the HTML file
    back: str  # from a note to its mark
    table: str  # names the frame around a table that may be too wide for the screen


IN = {
    "en": Words(
        demonstration="Demonstration: holds invented records, not an official submission",
        contents="Contents",
        notes="Notes",
        skip="Skip to the text",
        back="Back to the text",
        table="Table",
    ),
    "fr": Words(
        demonstration="Démonstration : contient des données inventées, document non officiel",
        contents="Table des matières",
        notes="Notes",
        skip="Aller au texte",
        back="Retour au texte",
        table="Tableau",
    ),
    "es": Words(
        demonstration="Demostración: contiene registros inventados, no es un documento oficial",
        contents="Índice",
        notes="Notas",
        skip="Ir al texto",
        back="Volver al texto",
        table="Cuadro",
    ),
    "ru": Words(
        demonstration="Демонстрация: содержит вымышленные записи, не является официальным документом",
        contents="Содержание",
        notes="Примечания",
        skip="Перейти к тексту",
        back="Вернуться к тексту",
        table="Таблица",
    ),
    "zh": Words(
        demonstration="演示文件：含虚构记录，并非正式提交文件",
        contents="目录",
        notes="注",
        skip="跳至正文",
        back="返回正文",
        table="表",
    ),
    "ar": Words(
        demonstration="نسخة تجريبية: تتضمن سجلات غير حقيقية وليست وثيقة رسمية",
        contents="المحتويات",
        notes="الحواشي",
        skip="انتقل إلى النص",
        back="العودة إلى النص",
        table="جدول",
    ),
}


def words(language: str) -> Words:
    """Return the words in the language, in English where it is none of the six."""
    return IN.get(languages.base(language), IN["en"])
