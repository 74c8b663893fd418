"""Snapshots in our own words, as rich as real submissions."""

from typing import Any

from portal.common import richtext
from reporting.compilation.snapshot import FORMAT, CoverLine, FrontBlock, Item, Record, Reference, Section, Snapshot

COVER: list[CoverLine] = [
    {"style": "body", "text": "COMMISSION ON SCIENCE AND TECHNOLOGY FOR DEVELOPMENT"},
    {"style": "acronym", "text": "(CSTD)"},
    {"style": "session", "text": "Twenty-fifth session"},
    {"style": "dates", "text": "Geneva, 28 March to 1 April 2022"},
    {"style": "title", "text": "Submissions on efforts in 2021 to implement the outcomes of the WSIS"},
    {"style": "label", "text": "Submission by"},
    {"style": "entity", "text": "United Nations Industrial Development Organization"},
    {
        "style": "text",
        "text": "This text was prepared as an input to the report of the Secretary-General to the 25th session, as the "
        "Economic and Social Council asked in its resolution 2006/46.",
    },
    {
        "style": "text",
        "lead": "DISCLAIMER:",
        "text": "The views are those of the contributor and need not be those of the United Nations.",
    },
]


def record_of(kind: Any, number: int, *, language: str = "en", **facts: Any) -> Record:
    """Return where a text came from: the first version, by staff of UNIDO."""
    return {
        "kind": kind,
        "id": number,
        "language": language,
        "version": 1,
        "role": "staff",
        "entity": "UNIDO",
        **facts,  # type: ignore[typeddict-item]
    }


REFERENCES: dict[str, Reference] = {
    "1": {
        "text": "",
        "author": "ITU",
        "title": "Facts and figures",
        "year": "2020",
        "address": "https://example.org/f?a=1&b=2",
        "record": record_of("reference", 1, language=""),
    },
    "2": {
        "text": "Projects in Serbia 200037",
        "author": "x",
        "title": "y",
        "year": "",
        "address": "https://open.example.org/projects/200037",
        "record": record_of("reference", 2, language=""),
    },
    "3": {
        "text": "",
        "author": "Division for Industry",
        "title": "A report without address",
        "year": "2019",
        "address": "",
        "record": record_of("reference", 3, language=""),
    },
    "4": {
        "text": "A page that is gone",
        "author": "",
        "title": "",
        "year": "",
        "address": "#",
        "record": record_of("reference", 4, language=""),
    },
}

SPECIAL = "# $ * _ @ \\ ` ~ [ ] = + - / <label> & < > \" ' { } | ^ % // /* x */ -- --- ... 1. https://a.b"
EMOJI = "👍 😀"
FRENCH = "« L’industrie »"
CHINESE = "第四次工业革命为发展中国家带来机遇，也带来挑战。“数字化”转型需要能力建设。"
ARABIC = "تدعم المنظمة الدول الأعضاء في الثورة الصناعية الرابعة، وتبني القدرات في ٢٠٢١."


def item(html: str, *, heading: str = "", record: int = 1, **facts: Any) -> Item:
    """Return one item, an initiative whose heading is its title; ids tell record and version."""
    source = record_of("initiative", record)
    return {
        "id": f"i{record}_en_1",
        "record": facts.pop("source", source),
        "about": record,
        "numbered": False,
        "heading": heading,
        "heading_id": f"i{record}_en_1" if heading.strip() else "",
        "heading_record": source if heading.strip() else None,
        "level": 1,
        "html": richtext.clean(html),
        "language": "en",
        **facts,  # type: ignore[typeddict-item]
    }


def section(heading: str, items: list[Item], *, number: int = 1, summary: bool = False) -> Section:
    return {
        "id": f"s{number}_1",
        "record": record_of("section", number, language=""),
        "heading": heading,
        "summary": summary,
        "items": items,
    }


def snapshot(sections: list[Section], **facts: Any) -> Snapshot:
    """Return a snapshot of these sections, without cover and front unless given."""
    return {
        "format": FORMAT,
        "portal": "https://portal.example.org",
        "call": "25",
        "submission": "UNIDO",
        "entities": ["UNIDO"],
        "mark": "",
        "title": "Submission to the twenty-fifth session",
        "author": "United Nations Industrial Development Organization",
        "subject": "CSTD, twenty-fifth session",
        "language": "en",
        "demonstration": False,
        "layout": {"heading_numbers": "none", "paragraph_numbers": "none", "contents_depth": 2},
        "cover": [],
        "cover_record": None,
        "front": [],
        "front_record": record_of("layout", 1, language=""),
        "sections": sections,
        "references": REFERENCES,
        **facts,  # type: ignore[typeddict-item]
    }


def of_html(html: str, **facts: Any) -> Snapshot:
    """Return a snapshot of one section with one text."""
    return snapshot([section("Overview", [item(html)])], **facts)


NUMBERED = """
<p>The programme helps small manufacturers to choose and use digital tools. It began with a survey of 240 firms
and trains advisers in four regions.<span data-footnote="" data-reference="2">*</span> <em>Training comes first</em>,
machines follow, as set out in the <a href="https://example.org/plan">plan of 2019</a>.</p>
<p>In 2021 the centre opened its doors:</p>
<ul><li><p>three lines for demonstration,</p></li><li><p>a course of <strong>twelve weeks</strong> for women who
manage firms,</p></li><li><p>advice on the spot.</p></li></ul>
"""


def unido() -> Snapshot:
    """Return a submission like that of UNIDO: a summary with notes, an overview, numbered initiatives."""
    summary = """
<p>The Organization works towards industry that is inclusive and sustainable, and sees digital tools as one way to
get there.<span data-footnote="What the fourth industrial revolution is, see https://example.org/4ir.">*</span> It
is co-facilitator of <em>access to information and knowledge</em>, of <em>capacity building</em> and of the
<em>enabling environment</em>, as the <a href="#">declaration of 2019</a> and the
<a href="https://example.org/mtpf">medium-term programme</a> say.</p>
<p>Work was done in four countries, among them Serbia<span data-footnote="" data-reference="2">*</span><span
data-footnote="Second source:" data-reference="1">*</span> and India. A survey of innovation asked firms in 58
sectors. One obstacle stays: small firms lack people who can judge what a technology is worth to them.</p>
"""
    overview = """
<p>Three trends shaped the year. First, firms that had digital tools before the pandemic stood it better; second, the
gap between large and small firms grew; third, standards began to follow practice.<span data-footnote=""
data-reference="1">*</span></p>
<h2>Connecting firms</h2>
<p>The target of connecting all businesses is measured by three indicators<span data-footnote=""
data-reference="3">*</span> that few countries report.</p>
<table><thead><tr><th>Indicator</th><th>Countries that report</th><th>Since</th></tr></thead><tbody>
<tr><td>Firms with access to the Internet</td><td>74</td><td>2005</td></tr>
<tr><td>Firms with a page of their own</td><td>61</td><td>2007</td></tr>
<tr><td>Firms that take orders over the Internet</td><td>43</td><td>2011</td></tr></tbody></table>
<blockquote><p>Technology is not the hard part; finding the time to learn is.</p></blockquote>
<h3>What firms ask for</h3>
<ol><li><p>advice that is not tied to a vendor,</p></li><li><p>credit for small sums,</p></li>
<li><p>people with skills.</p></li></ol>
<p>Obstacles named by partners were cost, skills and trust, in this order, in a survey that
<a href="https://example.org/survey">the portal</a> holds.</p>
"""
    numbered = [
        item(NUMBERED, heading=heading, record=20 + count, numbered=True)
        for count, heading in enumerate(
            [
                "Global Manufacturing and Industrialization Summit",
                "Learning and Knowledge Development Facility",
                "Start-ups and small firms in the Islamic Republic of Iran",
                "National Manufacturing Innovation Survey 2021",
                "Global Innovation Network",
                "Intelligent manufacturing technology",
                "Smart manufacturing in Serbia",
            ]
        )
    ]
    opening = item("<p>Work at national, regional and international level goes on in seven initiatives:</p>", record=11)
    return snapshot(
        [
            section("Executive Summary", [item(summary, record=1)], number=1, summary=True),
            section("Analytical Overview", [item(overview, record=2)], number=2),
            section("Current and future initiatives", [opening, *numbered], number=3),
        ],
        cover=COVER,
        demonstration=True,
    )


def undesa() -> Snapshot:
    """Return a submission like that of UN DESA: facilitated lines, contents, roman numbers, unnumbered sub-headings."""
    front: list[FrontBlock] = [
        {"kind": "title", "text": "Report on the implementation of the outcomes of the World Summit"},
        {"kind": "subtitle", "text": "January – December 2022"},
        {"kind": "paragraph", "text": "The Department serves as facilitator of these action lines:"},
        {
            "kind": "list",
            "entries": [
                "C1 – The role of public authorities",
                "C7 – ICT applications: E-government",
                "C11 – International and regional cooperation",
            ],
        },
        {"kind": "contents", "text": "Contents"},
    ]
    text = """<p>The Survey compares the online services of 193 Member States.<span data-footnote=""
data-reference="1">*</span> It found progress in every region, and a gap between cities and their
countries.</p><p>Cities that publish what they learn help others: a network of 40 cities began in 2022, and its
method has been used in 12 countries.</p>"""
    themes = [
        item(text * 2, heading=heading, record=30 + count)
        for count, heading in enumerate(
            [
                "E-government in the world",
                "E-government in cities",
                "Internet Governance Forum",
                "Science, technology and innovation",
                "High-level political forum",
                "Indicators",
            ]
        )
    ]
    return snapshot(
        [
            section("Summary", [item(text, record=3)], number=1, summary=True),
            section("Analytical overview of trends and experiences", [item(text, record=4), *themes], number=2),
            section("Future actions", [item(text, record=5)], number=3),
        ],
        title="Report on the implementation of the outcomes of the World Summit",
        author="United Nations Department of Economic and Social Affairs",
        cover=COVER,
        front=front,
        layout={"heading_numbers": "roman", "paragraph_numbers": "none", "contents_depth": 2},
    )


def in_six_languages() -> Snapshot:
    """Return a submission in English with a paragraph in each other official language, an emoji and special signs."""
    return snapshot(
        [
            section(
                "Voices",
                [
                    item(f"<p>Signs: {SPECIAL.replace('&', '&amp;').replace('<', '&lt;')} {EMOJI}</p>", record=1),
                    item(f"<p>{ARABIC}</p>", heading="التقرير", record=2, language="ar"),
                    item(f"<p>{CHINESE}</p>", heading="报告", record=3, language="zh"),
                    item(f"<p>{FRENCH} et l’emploi.</p>", heading="Rapport", record=4, language="fr"),
                    item("<p>Промышленность и цифровые технологии.</p>", record=5, language="ru"),
                    item("<p>¿Qué piden las empresas? Formación.</p>", record=6, language="es"),
                    item(
                        f'<p>English with <span lang="fr">{FRENCH}</span> inside and <span lang="ar" dir="rtl">كلمة'
                        '</span> too.</p><p lang="ar" dir="rtl">فقرة عربية (WSIS 2003) كاملة.</p>',
                        record=7,
                    ),
                ],
            )
        ],
        cover=COVER,
    )


def arabic() -> Snapshot:
    """Return a submission in Arabic, with contents, numbered paragraphs, a table and Latin words inside."""
    text = (
        "<p>تعمل المنظمة من أجل صناعة شاملة ومستدامة"
        '<span data-footnote="انظر الصفحة" data-reference="1">*</span><span data-footnote="حاشية ثانية">*</span>'
        '، وفق قرار <a href="https://example.org/ar">المجلس 2006/46</a> وبرنامج WSIS Forum 2021.</p>'
        "<ul><li><p>التدريب</p></li><li><p>المشورة (SMEs)</p></li></ul>"
        "<table><thead><tr><th>المؤشر</th><th>العدد</th></tr></thead>"
        "<tbody><tr><td>الدول</td><td>74</td></tr></tbody></table>"
    )
    return snapshot(
        [
            section("ملخص تنفيذي", [item(text, record=1, language="ar")], number=1, summary=True),
            section(
                "لمحة عامة تحليلية",
                [
                    item(text, heading="التصنيع الذكي", record=2, language="ar", numbered=True),
                    item(text, heading="الشبكة العالمية للابتكار", record=3, language="ar", numbered=True),
                ],
                number=2,
            ),
        ],
        title="تقرير إلى الدورة الخامسة والعشرين",
        author="منظمة الأمم المتحدة للتنمية الصناعية",
        subject="اللجنة المعنية بتسخير العلم والتكنولوجيا لأغراض التنمية",
        language="ar",
        demonstration=True,
        cover=[
            {"style": "body", "text": "اللجنة المعنية بتسخير العلم والتكنولوجيا لأغراض التنمية"},
            {"style": "session", "text": "الدورة الخامسة والعشرون"},
            {"style": "dates", "text": "جنيف، 28 آذار/مارس - 1 نيسان/أبريل 2022"},
            {"style": "title", "text": "مساهمات في تنفيذ نتائج القمة العالمية لمجتمع المعلومات"},
            {"style": "label", "text": "مقدمة من"},
            {"style": "entity", "text": "منظمة الأمم المتحدة للتنمية الصناعية"},
            {"style": "text", "text": "أعد هذا النص مساهمة في تقرير الأمين العام إلى الدورة."},
            {"style": "text", "lead": "إخلاء مسؤولية:", "text": "الآراء هي آراء صاحب المساهمة."},
        ],
        front=[{"kind": "contents", "text": "المحتويات"}],
        layout={"heading_numbers": "arabic", "paragraph_numbers": "through", "contents_depth": 2},
    )
