"""Words by which documents say what they are made of, in the six languages of the United Nations.

All words are written as `fold` leaves them: small letters without accents. They match at the beginning of a word
(`project` finds "Projects"), in Arabic and Chinese anywhere. English is always tried too: titles are often left in it.
"""

import re
import unicodedata
from functools import cache

from portal.common.figures import CHINESE, chinese_value

Words = dict[str, str]  # by language: alternatives, separated by `|`

SUMMARY: Words = {
    "en": "executive summary|summary|abstract",
    "fr": "resume|synthese|sommaire executif",
    "es": "resumen|sintesis",
    "ru": "резюме|краткое изложение|краткое содержание|краткии обзор",
    "ar": "ملخص|موجز|خلاصة",
    "zh": "摘要|概要|提要",
}
INITIATIVES: Words = {
    "en": "initiative|project|programme|program|activit",
    "fr": "initiative|projet|programme|activite",
    "es": "iniciativa|proyecto|programa|actividad",
    "ru": "инициатив|проект|программ|мероприяти|деятельност",
    "ar": "مبادر|مشروع|مشاريع|برنامج|برامج|انشطة",
    "zh": "倡议|项目|方案|计划|活动|举措",
}
OVERVIEW: Words = {
    "en": "analy|trend|experience",
    "fr": "analy|tendance|experience",
    "es": "analisis|analitic|tendencia|experiencia",
    "ru": "анали|тенденци|опыт",
    "ar": "تحليل|اتجاه|تجارب",
    "zh": "分析|趋势|经验",
}
OUTLOOK: Words = {
    "en": "future|planned|outlook|next step|way forward|looking ahead|upcoming",
    "fr": "futur|avenir|prevu|perspective|prochaine",
    "es": "futur|prevista|previsto|perspectiva|proximo",
    "ru": "будущ|планируем|перспектив|дальнеиши|следующие шаги",
    "ar": "مستقبل|مقبلة|قادمة|مزمع|افاق|مخطط",
    "zh": "未来|今后|前景|展望|下一步",
}
RECOMMENDATIONS: Words = {
    "en": "recommendation|proposal|suggestion",
    "fr": "recommandation|proposition|suggestion",
    "es": "recomendacion|propuesta|sugerencia",
    "ru": "рекомендаци|предложени",
    "ar": "توصي|مقترح|اقتراح",
    "zh": "建议|提案",
}
#: Headings of a look at what goes on: those of `OVERVIEW` say what it is about, these what it is.
SURVEYS: Words = {
    "en": "overview",
    "fr": "apercu|panorama",
    "es": "panorama",
    "ru": "обзор",
    "ar": "استعراض|لمحة",
    "zh": "概述|概览",
}
LESSONS: Words = {
    "en": "lesson",
    "fr": "enseignement|lecon",
    "es": "leccion",
    "ru": "урок|извлеченн",
    "ar": "دروس|الدرس",
    "zh": "经验教训",
}
OBSTACLES: Words = {
    "en": "obstacle|challenge|barrier|constraint|difficult",
    "fr": "obstacle|defi|difficult",
    "es": "obstaculo|desafio|dificult",
    "ru": "препятстви|вызов|проблем|трудност",
    "ar": "تحدي|عقبات|معوقات",
    "zh": "挑战|障碍|困难",
}
ACHIEVEMENTS: Words = {
    "en": "achievement|accomplishment|progress made",
    "fr": "realisation|progres",
    "es": "logro|avance",
    "ru": "достижени|прогресс",
    "ar": "انجاز|منجزات",
    "zh": "成就|成果|进展",
}
#: Headings that open or close a text, or a part of it, and name nothing that an entity does.
GENERAL: Words = {
    "en": "introduction|background|context|conclusion|foreword|preface|objective|result|impact|obstacle|challenge|"
    "lesson|achievement|progress|annex|appendix|reference|bibliography|contact|acknowledg|method|overview|abbreviation|"
    "partner|beneficiar|timeline|scope|approach|rationale",
    "fr": "introduction|contexte|conclusion|avant-propos|preface|objectif|resultat|impact|obstacle|difficulte|defi|"
    "enseignement|lecon|realisation|progres|annexe|reference|bibliographie|contact|remerciement|methode|apercu",
    "es": "introduccion|antecedente|contexto|conclusion|prefacio|prologo|objetivo|resultado|impacto|obstaculo|"
    "desafio|leccion|logro|progreso|anexo|referencia|bibliografia|contacto|agradecimiento|metodo|panorama",
    "ru": "введение|контекст|заключение|вывод|предислови|цел|результат|препятстви|проблем|вызов|урок|достижени|"
    "прогресс|приложени|литератур|контакт|общие сведени|справочн",
    "ar": "مقدمة|خلفية|معلومات اساسية|سياق|خاتمة|استنتاج|تمهيد|هدف|اهداف|نتائج|عقبات|تحديات|دروس|انجازات|مرفق|مراجع",
    "zh": "引言|导言|背景|结论|前言|序言|目标|成果|影响|障碍|挑战|经验教训|成就|进展|附件|参考文献|联系",
}
#: Headings that sort what stands under them by region or level.
GROUPS: Words = {
    "en": r"(?:at )?(?:the )?(?:global|international|interregional|regional|national|local|country)"
    r"(?:(?:,| and|, and) (?:the )?(?:global|international|regional|national|local))*"
    r" (?:level|levels|activities|initiatives|projects|programmes)"
    r"|(?:(?:sub-saharan|north|northern|west|western|east|eastern|southern|south|central|latin) )?"
    r"(?:africa|america|asia|europe|the americas|arab states|arab region)(?: and (?:the )?\w+(?: \w+)?)?",
    "fr": r"(?:au )?niveaux? (?:mondial|international|regional|national|local)(?: et \w+)?"
    r"|afrique|asie|europe|ameriques?",
    "es": r"(?:a )?nivel (?:mundial|internacional|regional|nacional|local)(?: y \w+)?|africa|asia|europa|americas?",
    "ru": r"(?:на )?(?:глобальн|международн|региональн|национальн|местн)\w+ уров\w+|африка|азия|европа|америка",
    "ar": "(?:على )?(?:ال)?(?:صعيد|مستوى) (?:ال)?(?:عالمي|دولي|اقليمي|وطني|محلي)|افريقيا|اسيا|اوروبا",
    "zh": "(?:全球|国际|区域|国家|地方)(?:一级|层面|各级)|非洲|亚洲|欧洲|美洲|拉丁美洲",
}
#: Headings of what stands after the parts of a document.
CLOSING: Words = {
    "en": "conclusion|concluding|references|bibliography|annex|appendix|contact|further information",
    "fr": "conclusion|references|bibliographie|annexe|contact",
    "es": "conclusion|referencias|bibliografia|anexo|contacto",
    "ru": "заключение|выводы|литература|приложение|контакт",
    "ar": "خاتمة|الخاتمة|استنتاج|الاستنتاج|مراجع|المراجع|مرفق|المرفق",
    "zh": "结论|结语|参考文献|附件|联系",
}
#: Headings of texts before the parts of a document, whose sisters are its parts.
OPENING: Words = {
    "en": "executive summary|summary|abstract|foreword|preface|introduction|acknowledg|abbreviation|acronym",
    "fr": "resume|synthese|avant-propos|preface|introduction|remerciement|sigles|abreviation",
    "es": "resumen|sintesis|prefacio|prologo|introduccion|agradecimiento|siglas|abreviatura",
    "ru": "резюме|краткое|предислови|введение|сокращени",
    "ar": "ملخص|موجز|خلاصة|تمهيد|مقدمة|مختصرات",
    "zh": "摘要|概要|提要|前言|序言|引言|导言|缩略",
}
CONTENTS: Words = {
    "en": "table of contents|contents|list of contents",
    "fr": "table des matieres|sommaire",
    "es": "indice|contenido|tabla de contenido|sumario",
    "ru": "содержание|оглавление",
    "ar": "المحتويات|جدول المحتويات|فهرس المحتويات|الفهرس",
    "zh": "目录|目次|目 录|目 次",
}
#: What stands over the page numbers of a contents list, and over its paragraph numbers.
CONTENTS_HEAD: Words = {
    "en": "page|pages|paragraphs|chapter|section",
    "fr": "page|pages|paragraphes|chapitre",
    "es": "pagina|paginas|parrafos|capitulo",
    "ru": "страница|стр.|пункты|глава",
    "ar": "الصفحة|صفحة|الفقرات|الفصل",
    "zh": "页次|页码|段次|章次|页",
}
#: Words before a number that name a part: "Part one", "Chapter 2", "الجزء الأول".
PARTS: Words = {
    "en": "part|chapter|section|annex|appendix",
    "fr": "partie|chapitre|section|annexe|premiere partie|deuxieme partie|troisieme partie|quatrieme partie",
    "es": "parte|capitulo|seccion|anexo|primera parte|segunda parte|tercera parte|cuarta parte",
    "ru": "часть|глава|раздел|приложение",
    "ar": "الجزء|الفصل|القسم|الباب|المرفق",
    "zh": "附件|附录",
}
#: What stands before the name of who speaks on a cover.
SUBMITTED_BY: Words = {
    "en": "submission by|submission from|submitted by|contribution by|contribution from|contribution of|input by|"
    "input from|inputs from|report by|prepared by|joint submission by|joint submission of|joint contribution by",
    "fr": "contribution de|contribution du|contribution presentee par|communication de|communication presentee par|"
    "presente par|presentee par|soumis par|soumise par|soumission de|rapport de|rapport du|etabli par",
    "es": "contribucion de|contribucion del|contribucion presentada por|comunicacion de|presentado por|presentada por|"
    "documento presentado por|informe de|informe del|preparado por",
    "ru": "представлено|представлен|представленныи|материалы, представленные|вклад|сообщение|доклад",
    "ar": "مقدم من|مقدمة من|المقدمة من|المقدم من|مساهمة من|مساهمة|تقرير",
    "zh": "提交单位|提交人|提交方|提交者|提交机构|总干事的报告|秘书长的报告",
}
#: Of those, who reports to a governing body on its own behalf: the head of its secretariat, no contributor.
REPORT_BY: Words = {
    "en": "report by|report of|note by",
    "fr": "rapport de|rapport du|rapport etabli|note du|note de",
    "es": "informe de|informe del|nota del|nota de",
    "ru": "доклад|записка",
    "ar": "تقرير|مذكرة",
    "zh": "的报告|的说明",
}
DISCLAIMER: Words = {
    "en": "disclaimer",
    "fr": "avertissement|clause de non-responsabilite|avis de non-responsabilite|decharge de responsabilite|deni de",
    "es": "descargo de responsabilidad|exencion de responsabilidad|aviso legal|advertencia|clausula de exencion",
    "ru": "оговорка|отказ от ответственности|ограничение ответственности|заявление об ограничении|примечание об",
    "ar": "اخلاء مسؤولية|اخلاء المسؤولية|تنويه|بيان اخلاء|اخلاء طرف",
    "zh": "免责声明|免责条款",
}
#: By which a disclaimer is known that does not call itself one.
VIEWS: Words = {
    "en": "views presented here|views expressed|do not necessarily reflect",
    "fr": "opinions exprimees|vues exprimees|ne refletent pas necessairement|ne refletent pas",
    "es": "opiniones expresadas|opiniones presentadas|no reflejan necesariamente",
    "ru": "мнения, изложенные|взгляды, изложенные|не обязательно отражают|мнения, выраженные",
    "ar": "الاراء الواردة|الاراء المعرب|لا تعبر بالضرورة|لا تعكس بالضرورة",
    "zh": "所表达的观点|观点仅代表|不一定反映|并不一定代表",
}
#: By which the paragraph is known that says what a submission is for.
PURPOSE: Words = {
    "en": "prepared as an input|prepared as input|input to the report|prepared in response|in response to the request|"
    "contribution to the report",
    "fr": "contribution au rapport|en reponse a la demande|comme suite a la demande|a ete etabli|a ete etablie",
    "es": "contribucion al informe|en respuesta a la solicitud|en respuesta a la peticion|se ha preparado|se preparo",
    "ru": "в качестве вклада|в ответ на просьбу|для доклада|в ответ на запрос",
    "ar": "مساهمة في تقرير|استجابة لطلب|بناء على طلب|كمساهمة في|اسهاما في",
    "zh": "作为对秘书长报告|根据.{0,12}的要求|应.{0,20}要求|为编写",
}
#: Bodies by the code that their sessions have.
BODIES: dict[str, Words] = {
    "CSTD": {
        "en": "commission on science and technology for development",
        "fr": "commission de la science et de la technique au service du developpement|"
        "commission de la science et de la technologie au service du developpement",
        "es": "comision de ciencia y tecnologia para el desarrollo",
        "ru": "комиссия по науке и технике в целях развития|комиссии по науке и технике в целях развития",
        "ar": "اللجنة المعنية بتسخير العلم والتكنولوجيا لاغراض التنمية|لجنة تسخير العلم والتكنولوجيا لاغراض التنمية",
        "zh": "科学和技术促进发展委员会|科技促进发展委员会",
    },
    "IDB": {
        "en": "industrial development board",
        "fr": "conseil du developpement industriel",
        "es": "junta de desarrollo industrial",
        "ru": "совет по промышленному развитию",
        "ar": "مجلس التنمية الصناعية",
        "zh": "工业发展理事会",
    },
    "GC": {
        "en": "general conference",
        "fr": "conference generale",
        "es": "conferencia general",
        "ru": "генеральная конференция",
        "ar": "المؤتمر العام",
        "zh": "大会",
    },
    "PBC": {
        "en": "programme and budget committee",
        "fr": "comite des programmes et des budgets",
        "es": "comite de programa y de presupuesto",
        "ru": "комитет по программным и бюджетным вопросам",
        "ar": "لجنة البرنامج والميزانية",
        "zh": "方案预算委员会",
    },
}
AGENDA_ITEM: Words = {
    "en": r"(?:agenda )?items? \d+(?: ?\([a-z]\))?(?: of the (?:provisional )?agenda)?",
    "fr": r"points? \d+(?: [a-z]\))? de l.ordre du jour(?: provisoire)?",
    "es": r"temas? \d+(?: [a-z]\))? (?:del programa|de la agenda|del orden del dia)(?: provisional)?",
    "ru": r"пункт \d+(?: [а-я]\))? (?:предварительнои )?повестки дня",
    "ar": r"البند \d+(?: \([^)]*\))? من جدول الاعمال(?: الموقت)?",
    "zh": r"(?:临时)?议程项目 ?\d+(?: ?[(（][a-z][)）])?",
}
#: "Submissions from ... on their efforts": what stands before and after the phrase for contributors.
CONTRIBUTIONS_FROM: Words = {
    "en": "submissions from|contributions from|inputs from",
    "fr": "contributions des|contributions d.|communications des|communications d.",
    "es": "contribuciones de|comunicaciones de|presentaciones de",
    "ru": "материалы|сообщения|вклады",
    "ar": "مساهمات|المساهمات المقدمة من|اسهامات",
    "zh": "来自",
}
EFFORTS: Words = {
    "en": "on their efforts|on efforts|on the efforts|on their activities",
    "fr": "sur leurs efforts|sur les efforts|concernant les efforts|sur l.action",
    "es": "sobre sus esfuerzos|sobre los esfuerzos|sobre su labor",
    "ru": "об их усилиях|о своих усилиях|об усилиях|о деятельности",
    "ar": "عن جهودها|بشان جهودها|عن الجهود|بشان الجهود",
    "zh": "关于其|所做的努力",
}
SALUTATIONS: Words = {
    "en": "dear |excellency|your excellency|sir,|madam,",
    "fr": "cher |chere |monsieur|madame|excellence",
    "es": "estimado|estimada|excelencia|senor|senora",
    "ru": "уважаем|ваше превосходительство|господин|госпожа",
    "ar": "سعادة|تحية طيبة|السيد |السيدة |حضرة",
    "zh": "尊敬的|阁下",
}
CAPTIONS: Words = {
    "en": r"table \d|figure \d|box \d|chart \d|map \d|source\b|note:|photo\b|subject:|re:|ref\b|tel\b|fax\b|e-?mail",
    "fr": r"tableau \d|figure \d|encadre \d|graphique \d|source\b|note :|objet|ref\b|tel\b",
    "es": r"cuadro \d|tabla \d|figura \d|grafico \d|recuadro \d|fuente\b|nota:|asunto|ref\b|tel\b",
    "ru": r"таблица \d|рисунок \d|диаграмма \d|источник|примечание|тема:|касательно|тел\b",
    "ar": r"الجدول \d|الشكل \d|الاطار \d|المصدر|ملاحظة|الموضوع|هاتف",
    "zh": r"表 ?\d|图 ?\d|方框 ?\d|来源|资料来源|注：|主题|电话",
}
MONTHS: dict[str, list[str]] = {
    "en": [
        "january|jan",
        "february|feb",
        "march|mar",
        "april|apr",
        "may",
        "june|jun",
        "july|jul",
        "august|aug",
        "september|sept|sep",
        "october|oct",
        "november|nov",
        "december|dec",
    ],
    "fr": [
        "janvier",
        "fevrier",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "aout",
        "septembre",
        "octobre",
        "novembre",
        "decembre",
    ],
    "es": [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre|setiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    "ru": [
        "января|январь",
        "февраля|февраль",
        "марта|март",
        "апреля|апрель",
        "мая|маи",
        "июня|июнь",
        "июля|июль",
        "августа|август",
        "сентября|сентябрь",
        "октября|октябрь",
        "ноября|ноябрь",
        "декабря|декабрь",
    ],
    "ar": [
        "كانون الثاني ?/ ?يناير|يناير|كانون الثاني",
        "شباط ?/ ?فبراير|فبراير|شباط",
        "اذار ?/ ?مارس|مارس|اذار",
        "نيسان ?/ ?ابريل|ابريل|نيسان",
        "ايار ?/ ?مايو|مايو|ايار",
        "حزيران ?/ ?يونيه|حزيران ?/ ?يونيو|يونيو|يونيه|حزيران",
        "تموز ?/ ?يوليه|تموز ?/ ?يوليو|يوليو|يوليه|تموز",
        "اب ?/ ?اغسطس|اغسطس",
        "ايلول ?/ ?سبتمبر|سبتمبر|ايلول",
        "تشرين الاول ?/ ?اكتوبر|اكتوبر|تشرين الاول",
        "تشرين الثاني ?/ ?نوفمبر|نوفمبر|تشرين الثاني",
        "كانون الاول ?/ ?ديسمبر|ديسمبر|كانون الاول",
    ],
    "zh": [f"{number}月" for number in range(1, 13)],
}
AND: Words = {"en": "and|&", "fr": "et", "es": "y|e", "ru": "и", "ar": "و", "zh": "和|与|及|、"}


# Letters


def flat(text: str) -> str:
    """Return small letters without accents, the figures of all scripts as 0 to 9; as many letters as the text has."""
    return text.lower() if text.isascii() else "".join(map(_flat, text))


@cache
def _flat(letter: str) -> str:
    if letter.isascii():
        return letter.lower()
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    if letter in "\u2018\u2019\u02bc":
        return "'"
    if letter in "\u2010\u2011\u00ad":
        return "-"
    if letter.isspace():
        return " "
    base = [part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part)]
    return base[0].lower() if base else letter


def fold(text: str) -> str:
    """Return a text as words are compared: flat, without marks over letters, with single blanks."""
    if text.isascii():
        return " ".join(text.lower().split())
    bare = (
        letter for letter in unicodedata.normalize("NFC", text) if letter != "ـ" and not unicodedata.combining(letter)
    )
    return " ".join(flat("".join(bare)).split())


# Matching


def speaks_of(words: Words, text: str, language: str) -> bool:
    """Whether any of the words stands in the text."""
    return _pattern(alternatives(words, language)).search(fold(text)) is not None


def speaks_of_in_any_language(words: Words, text: str) -> bool:
    """Whether any of the words, in any language, stands in the text."""
    return any(_pattern(fold(one)).search(fold(text)) is not None for one in words.values())


def begins_with(words: Words, text: str, language: str) -> bool:
    """Whether the text begins with one of the words."""
    return _pattern(alternatives(words, language)).match(fold(text)) is not None


def is_one_of(words: Words, text: str, language: str) -> bool:
    """Whether the text is one of the words, but for marks around it."""
    return fold(text).strip(" :.*-–—()[]") in alternatives(words, language).split("|")


def is_all(words: Words, text: str, language: str) -> bool:
    """Whether the whole text is what one of the expressions describes."""
    return re.fullmatch(alternatives(words, language), fold(text).strip(" :.")) is not None


def alternatives(words: Words, language: str) -> str:
    """Return the words of the language, and the English ones, as alternatives of a regular expression."""
    return "|".join(fold(words[one]) for one in dict.fromkeys((language, "en")) if one in words)


@cache
def _pattern(alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w)(?:{one})" if one[:1] < "\u0590" else one for one in alternatives.split("|")))


# Numbers in words


def _list(words: str) -> list[str]:
    """Return the words of a line: lists as long as these are read more easily without a quotation mark at each."""
    return words.split()


_EN = _list(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_EN_TENS = _list("twenty thirty forty fifty sixty seventy eighty ninety")
_ES = _list(
    "primer segund tercer cuart quint sext septim octav noven decim undecim duodecim decimotercer decimocuart "
    "decimoquint decimosext decimoseptim decimoctav decimonoven"
)
_ES_TENS = _list("vigesim trigesim cuadragesim quincuagesim sexagesim septuagesim octogesim nonagesim")
_FR = _list(
    "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
    "dix-neuf"
)
_FR_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre-vingt"}
_RU = _list(
    "перв втор трет четверт пят шест седьм восьм девят десят одиннадцат двенадцат тринадцат четырнадцат пятнадцат "
    "шестнадцат семнадцат восемнадцат девятнадцат"
)
_RU_TENS = _list("двадцат тридцат сороков пятидесят шестидесят семидесят восьмидесят девяност")
_RU_TENS_BEFORE = _list("двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто")
_AR = _list("الاولى الثانية الثالثة الرابعة الخامسة السادسة السابعة الثامنة التاسعة العاشرة")
_AR_TENS = _list("العشر الثلاث الاربع الخمس الست السبع الثمان التسع")


@cache
def _ordinals() -> dict[str, int]:
    """Return the numbers from 1 to 99 by their ordinal words, hyphens as blanks."""
    found: dict[str, int] = {}
    for number, word in enumerate(_EN, start=1):
        found[word] = number
    for ten, word in enumerate(_EN_TENS, start=2):
        found[f"{word[:-1]}ieth"] = 10 * ten
        found.update({f"{word} {_EN[one - 1]}": 10 * ten + one for one in range(1, 10)})
    for ending in ("o", "a", ""):
        found.update({f"{word}{ending}": number for number, word in enumerate(_ES, start=1)})
        for ten, word in enumerate(_ES_TENS, start=2):
            found[f"{word}{ending or 'o'}"] = 10 * ten
            for before in ("o", "a"):
                found.update({f"{word}{before} {_ES[one - 1]}{ending}": 10 * ten + one for one in range(1, 10)})
    for ending in ("o", "a"):  # in two words: "décimo noveno"
        found.update({f"decim{ending} {_ES[one - 1]}{ending}": 10 + one for one in range(1, 10)})
    found.update({"premier": 1, "premiere": 1, "second": 2, "seconde": 2})
    for number in range(2, 100):
        found[_french_ordinal(number)] = number
    for ending in ("ая", "ои", "ую", "ыи", "ья", "ьеи", "ью", "ии"):
        found.update({f"{word}{ending}": number for number, word in enumerate(_RU, start=1)})
        for ten, word in enumerate(_RU_TENS, start=2):
            found[f"{word}{ending}"] = 10 * ten
            before = _RU_TENS_BEFORE[ten - 2]
            found.update({f"{before} {_RU[one - 1]}{ending}": 10 * ten + one for one in range(1, 10)})
    ones = ["الحادية", *_AR[1:9]]
    found.update({word: number for number, word in enumerate(_AR, start=1)})
    for number, word in enumerate(ones, start=1):
        found[f"{word} عشرة"] = 10 + number
        for ten, tens in enumerate(_AR_TENS, start=2):
            found.update({f"{word} و{tens}{ending}": 10 * ten + number for ending in ("ون", "ين")})
    for ten, tens in enumerate(_AR_TENS, start=2):
        found.update({f"{tens}{ending}": 10 * ten for ending in ("ون", "ين")})
    return found


def _french_ordinal(number: int) -> str:
    ten = max((known for known in _FR_TENS if known <= number), default=0)
    one = number - ten
    if not ten or not one:
        cardinal = _FR_TENS[ten] if ten else _FR[one - 1]
    else:
        joint = " et " if one in {1, 11} and ten < 80 else " "
        cardinal = f"{_FR_TENS[ten]}{joint}{_FR[one - 1]}"
    if cardinal.endswith("f"):
        cardinal = cardinal[:-1] + "v"
    if cardinal.endswith("q"):
        cardinal += "u"
    return cardinal.removesuffix("e").replace("-", " ") + "ieme"


def ordinal(words: str) -> int | None:
    """Return the number that the words say: `Twenty-fifth`, `25th`, `vigésimo quinto`, `الخامسة والعشرون`, `二十五`."""
    folded = fold(words).replace("-", " ")
    if figures := re.fullmatch(r"(\d{1,3}) ?(?:st|nd|rd|th|e|eme|er|re|o|a|°|\.o|\.a|я|и|ая|ои)?\.?", folded):
        return int(figures[1])
    if folded in _ordinals():
        return _ordinals()[folded]
    return chinese_value(folded) or None


_SESSION = {
    "en": r"(?P<number>[\w-]+(?: [\w-]+)??) (?:(?:regular|special|annual|resumed|ordinary) )?session\b",
    "fr": r"(?P<number>[\w-]+(?: et [\w-]+| [\w-]+)?) (?:reunion|session)\b",
    "es": r"(?P<number>[\w.°-]+(?: [\w-]+)?) (?:periodo (?:ordinario |extraordinario )?de sesiones|reunion|sesion)\b",
    "ru": r"(?P<number>[\w-]+(?: [\w-]+)?) (?:(?:очереднои|очередная) )?сесси\w*",
    "ar": r"(?:الدورة|دورتها|دورته) (?P<number>\w+(?: \w+)?)",
    "zh": rf"第(?P<number>[{CHINESE}十]+|\d+)(?:届|次)(?:会议|年会|常会)?",
}


_LONGEST_LINE = 600  # letters of a line that may name a session


def session_in(text: str, language: str) -> tuple[int, int, int] | None:
    """Return the number of a session that the text names, with begin and end of its words; None where it names none."""
    letters = flat(text[:_LONGEST_LINE])
    for one in dict.fromkeys((language, "en")):
        for found in re.finditer(_SESSION.get(one, _SESSION["en"]), letters):
            words = found["number"]
            for begin in [0, *(match.end() for match in re.finditer(r"[ ]", words))]:
                number = ordinal(words[begin:]) if one != "ar" else ordinal(words) or ordinal(words.split()[0])
                if number:
                    start = found.start() if one in {"ar", "zh"} else found.start("number") + begin
                    return number, start, found.end()
    return None
