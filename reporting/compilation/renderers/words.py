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


class SourceWords(TypedDict):
    """How a document tells where each of its texts comes from."""

    heading: str  # above the list
    lead: str  # below that heading
    where: str  # above the two columns
    record: str
    cover: str
    front: str
    text: str  # below a heading that comes from another record
    notes: str
    kinds: dict[str, str]  # by kind of record, with its id
    version: str  # of a record without language versions
    version_in: str  # of a text in one language
    written: str  # a version, and who wrote it
    cited: str  # a reference, and the text whose note cites it
    roles: dict[str, str]  # by code, as they stand after `written`
    role_of: str  # with the entity for which it is held
    unknown: str  # a version of which nobody knows the writer
    languages: dict[str, str]


SOURCES = {
    "en": SourceWords(
        heading="Where each text comes from",
        lead="Each heading and text with the version of the record that it was printed from, and the role of who "
        "wrote that version. A note comes from the record of its paragraph; what it cites has a row of its own.",
        where="In this document",
        record="Record",
        cover="Cover",
        front="Before the first section",
        text="Text",
        notes="Notes: {numbers}",
        kinds={
            "initiative": "Description of initiative {id}",
            "entity_text": "Own text {id}",
            "update": "Update {id}",
            "passage": "Passage {id}",
            "item": "Wording {id}",
            "section": "Section {id}",
            "cover": "Cover {id}",
            "layout": "Layout {id}",
            "reference": "Reference {id}",
        },
        version="{record}, version {version}",
        version_in="{record}, version {version} ({language})",
        written="{version}, written by {writer}",
        cited="{reference}; cited in: {text}",
        roles={
            "staff": "staff",
            "focal_point": "a focal point",
            "secretariat": "the secretariat",
            "commission": "the secretariat of the Commission",
            "delegate": "a delegate",
            "administrator": "an administrator",
        },
        role_of="{role} of {entity}",
        unknown="{version}, role not recorded",
        languages={
            "ar": "Arabic",
            "zh": "Chinese",
            "en": "English",
            "fr": "French",
            "ru": "Russian",
            "es": "Spanish",
        },
    ),
    "fr": SourceWords(
        heading="D’où vient chaque texte",
        lead="Chaque titre et chaque texte, avec la version de la fiche dont il est tiré et la fonction de qui l’a "
        "rédigée. Une note vient de la fiche de son paragraphe ; ce qu’elle cite a sa propre ligne.",
        where="Dans ce document",
        record="Fiche",
        cover="Couverture",
        front="Avant la première section",
        text="Texte",
        notes="Notes : {numbers}",
        kinds={
            "initiative": "Description de l’initiative {id}",
            "entity_text": "Texte propre {id}",
            "update": "Mise à jour {id}",
            "passage": "Passage {id}",
            "item": "Formulation {id}",
            "section": "Section {id}",
            "cover": "Couverture {id}",
            "layout": "Mise en page {id}",
            "reference": "Référence {id}",
        },
        version="{record}, version {version}",
        version_in="{record}, version {version} ({language})",
        written="{version}, rédaction : {writer}",
        cited="{reference} ; note dans : {text}",
        roles={
            "staff": "personnel",
            "focal_point": "point focal",
            "secretariat": "secrétariat",
            "commission": "secrétariat de la Commission",
            "delegate": "délégation",
            "administrator": "administration du portail",
        },
        role_of="{role} ({entity})",
        unknown="{version}, fonction non enregistrée",
        languages={
            "ar": "arabe",
            "zh": "chinois",
            "en": "anglais",
            "fr": "français",
            "ru": "russe",
            "es": "espagnol",
        },
    ),
    "es": SourceWords(
        heading="De dónde viene cada texto",
        lead="Cada título y cada texto, con la versión de la ficha de la que procede y la función de quien la "
        "redactó. Una nota procede de la ficha de su párrafo; lo que cita tiene su propia fila.",
        where="En este documento",
        record="Ficha",
        cover="Portada",
        front="Antes de la primera sección",
        text="Texto",
        notes="Notas: {numbers}",
        kinds={
            "initiative": "Descripción de la iniciativa {id}",
            "entity_text": "Texto propio {id}",
            "update": "Actualización {id}",
            "passage": "Pasaje {id}",
            "item": "Redacción {id}",
            "section": "Sección {id}",
            "cover": "Portada {id}",
            "layout": "Diseño {id}",
            "reference": "Referencia {id}",
        },
        version="{record}, versión {version}",
        version_in="{record}, versión {version} ({language})",
        written="{version}, redacción: {writer}",
        cited="{reference}; nota en: {text}",
        roles={
            "staff": "personal",
            "focal_point": "punto focal",
            "secretariat": "secretaría",
            "commission": "secretaría de la Comisión",
            "delegate": "delegación",
            "administrator": "administración del portal",
        },
        role_of="{role} ({entity})",
        unknown="{version}, función no registrada",
        languages={
            "ar": "árabe",
            "zh": "chino",
            "en": "inglés",
            "fr": "francés",
            "ru": "ruso",
            "es": "español",
        },
    ),
    "ru": SourceWords(
        heading="Откуда взят каждый текст",
        lead="Каждый заголовок и текст с версией записи, из которой он взят, и ролью автора этой версии. Примечание "
        "взято из записи своего абзаца; источник, на который оно ссылается, указан отдельной строкой.",
        where="В этом документе",
        record="Запись",
        cover="Обложка",
        front="Перед первым разделом",
        text="Текст",
        notes="Примечания: {numbers}",
        kinds={
            "initiative": "Описание инициативы {id}",
            "entity_text": "Собственный текст {id}",
            "update": "Обновление {id}",
            "passage": "Фрагмент {id}",
            "item": "Формулировка {id}",
            "section": "Раздел {id}",
            "cover": "Обложка {id}",
            "layout": "Макет {id}",
            "reference": "Источник {id}",
        },
        version="{record}, версия {version}",
        version_in="{record}, версия {version} ({language})",
        written="{version}, автор: {writer}",
        cited="{reference}; примечание в тексте: {text}",
        roles={
            "staff": "сотрудник",
            "focal_point": "координатор",
            "secretariat": "секретариат",
            "commission": "секретариат Комиссии",
            "delegate": "делегат",
            "administrator": "администратор",
        },
        role_of="{role} ({entity})",
        unknown="{version}, роль не указана",
        languages={
            "ar": "арабский",
            "zh": "китайский",
            "en": "английский",
            "fr": "французский",
            "ru": "русский",
            "es": "испанский",
        },
    ),
    "zh": SourceWords(
        heading="各段文字的来源",
        lead="列出每个标题和每段文字所取自的记录版本，以及撰写该版本者的身份。注与其所在段落出自同一记录；所引用的资料另列一行。",
        where="本文件中的位置",
        record="记录",
        cover="封面",
        front="第一节之前",
        text="正文",
        notes="注：{numbers}",
        kinds={
            "initiative": "倡议 {id} 的说明",
            "entity_text": "自有文本 {id}",
            "update": "进展 {id}",
            "passage": "段落 {id}",
            "item": "措辞 {id}",
            "section": "章节 {id}",
            "cover": "封面 {id}",
            "layout": "版式 {id}",
            "reference": "参考资料 {id}",
        },
        version="{record}，第 {version} 版",
        version_in="{record}，第 {version} 版（{language}）",
        written="{version}，撰写者：{writer}",
        cited="{reference}；引用处：{text}",
        roles={
            "staff": "工作人员",
            "focal_point": "协调人",
            "secretariat": "秘书处",
            "commission": "委员会秘书处",
            "delegate": "代表",
            "administrator": "管理员",
        },
        role_of="{entity} {role}",
        unknown="{version}，身份未记录",
        languages={
            "ar": "阿拉伯文",
            "zh": "中文",
            "en": "英文",
            "fr": "法文",
            "ru": "俄文",
            "es": "西班牙文",
        },
    ),
    "ar": SourceWords(
        heading="مصدر كل نص",
        lead="كل عنوان ونص مع نسخة السجل التي أُخذ منها وصفة من كتبها. تأتي الحاشية من سجل فقرتها، ولما تستشهد به سطر "
        "خاص.",
        where="في هذه الوثيقة",
        record="السجل",
        cover="الغلاف",
        front="قبل القسم الأول",
        text="النص",
        notes="الحواشي: {numbers}",
        kinds={
            "initiative": "وصف المبادرة {id}",
            "entity_text": "النص الخاص {id}",
            "update": "التحديث {id}",
            "passage": "المقطع {id}",
            "item": "الصياغة {id}",
            "section": "القسم {id}",
            "cover": "الغلاف {id}",
            "layout": "التصميم {id}",
            "reference": "المرجع {id}",
        },
        version="{record}، النسخة {version}",
        version_in="{record}، النسخة {version} ({language})",
        written="{version}، الكاتب: {writer}",
        cited="{reference}؛ وردت الحاشية في: {text}",
        roles={
            "staff": "موظف",
            "focal_point": "جهة التنسيق",
            "secretariat": "الأمانة",
            "commission": "أمانة اللجنة",
            "delegate": "مندوب",
            "administrator": "مدير البوابة",
        },
        role_of="{role} ({entity})",
        unknown="{version}، الصفة غير مسجلة",
        languages={
            "ar": "العربية",
            "zh": "الصينية",
            "en": "الإنكليزية",
            "fr": "الفرنسية",
            "ru": "الروسية",
            "es": "الإسبانية",
        },
    ),
}


def source_words(language: str) -> SourceWords:
    """Return how sources are told in the language, in English where it is none of the six."""
    return SOURCES.get(languages.base(language), SOURCES["en"])
