"""The words of a table of indicators, in the official languages.

They are printed into the frozen text, in the language of the document and not of the page that a person looks at, so
they stand here and not in the catalogues of the interface. Counts follow a colon: no language needs a plural for them.
"""

from typing import TypedDict

from reporting.compilation import languages


class TableWords(TypedDict):
    """What is said, where."""

    # heads of columns
    indicator: str
    year: str
    value: str
    new: str
    so_far: str
    baseline: str
    target: str
    reporting: str
    state: str
    unit: str
    results: str
    initiatives: str
    years: str
    # cells
    final: str
    provisional: str
    no_data: str
    no_total: str
    pending: str
    not_set: str
    of: str
    of_group: str
    new_and_so_far: str
    so_far_alone: str
    # notes
    source: str
    scoped: str
    since: str
    may_repeat: str
    not_added: str
    by_unit: str
    carried: str
    within: str
    not_split: str
    in_groups: str
    out_of_scope: str
    unclassified: str
    unanswered: str
    provisional_values: str
    countries: str
    left: str
    adoptions: str
    places: str
    unsplit: str
    comma: str
    # instead of a chart
    no_chart: str


IN = {
    "en": TableWords(
        indicator="Indicator",
        year="Year",
        value="Value",
        new="New in the year",
        so_far="So far",
        baseline="Baseline",
        target="Target",
        reporting="Reporting",
        state="State",
        unit="Unit",
        results="Results",
        initiatives="Initiatives",
        years="Years",
        final="final",
        provisional="provisional",
        no_data="no data",
        no_total="no total",
        pending="unit pending",
        not_set="not set",
        of="{count} of {all}",
        of_group="{count} ({still} of {all} in FY{year})",
        new_and_so_far="{new} new, {so_far} so far",
        so_far_alone="{so_far} so far",
        source="Source: {source}. {workplan}, edition {edition}.",
        scoped="Middle-income countries only, by their income group on the last day of each period.",
        since="Counted since {day}.",
        may_repeat="The same firm or job may be counted more than once.",
        not_added="Values of several countries are not added up.",
        by_unit="The unit is not agreed yet, so values are listed by unit and have no total.",
        carried="Carried from earlier years, the earliest {year}: {value} (initiatives: {count}).",
        within="Initiatives left out because a programme that they are part of counts: {count}.",
        not_split="Beside it, not split by country: {value}.",
        in_groups="Beside it, of groups of countries: {value}.",
        out_of_scope="Values not counted, of countries outside the scope that day: {count}.",
        unclassified="Values not counted, of countries that were unclassified that day: {count}.",
        unanswered="Initiatives that gave a reason in place of a value: {count}.",
        provisional_values="Provisional values: {count}.",
        countries="Countries, each with its first year: {list}.",
        left="{country} {year} (no longer in the group)",
        adoptions="Adoptions: {new} in the year, {so_far} so far.",
        places="By place: {list}.",
        unsplit="not split",
        comma=", ",
        no_chart="No chart is drawn: there is nothing to show yet.",
    ),
    "fr": TableWords(
        indicator="Indicateur",
        year="Année",
        value="Valeur",
        new="Nouveau dans l’année",
        so_far="Jusqu’ici",
        baseline="Niveau de référence",
        target="Cible",
        reporting="Ont répondu",
        state="État",
        unit="Unité",
        results="Résultats",
        initiatives="Initiatives",
        years="Années",
        final="définitif",
        provisional="provisoire",
        no_data="pas de données",
        no_total="pas de total",
        pending="unité à définir",
        not_set="non fixé",
        of="{count} sur {all}",
        of_group="{count} ({still} sur {all} pour l’exercice {year})",
        new_and_so_far="{new} de plus, {so_far} jusqu’ici",
        so_far_alone="{so_far} jusqu’ici",
        source="Source : {source}. {workplan}, édition {edition}.",
        scoped="Pays à revenu intermédiaire seulement, selon leur groupe de revenu au dernier jour de chaque période.",
        since="Compté depuis le {day}.",
        may_repeat="La même entreprise ou le même emploi peut être compté plus d’une fois.",
        not_added="Les valeurs de plusieurs pays ne s’additionnent pas.",
        by_unit="L’unité n’est pas encore arrêtée : les valeurs sont listées par unité, sans total.",
        carried="Reporté d’années antérieures, la plus ancienne étant {year} : {value} (initiatives : {count}).",
        within="Initiatives laissées de côté, car un programme dont elles font partie compte : {count}.",
        not_split="À côté, non ventilé par pays : {value}.",
        in_groups="À côté, de groupes de pays : {value}.",
        out_of_scope="Valeurs non comptées, de pays hors du champ ce jour-là : {count}.",
        unclassified="Valeurs non comptées, de pays non classés ce jour-là : {count}.",
        unanswered="Initiatives ayant donné une raison au lieu d’une valeur : {count}.",
        provisional_values="Valeurs provisoires : {count}.",
        countries="Pays, chacun avec sa première année : {list}.",
        left="{country} {year} (n’est plus dans le groupe)",
        adoptions="Adoptions : {new} dans l’année, {so_far} jusqu’ici.",
        places="Par lieu : {list}.",
        unsplit="non ventilé",
        comma=", ",
        no_chart="Pas de graphique : il n’y a encore rien à montrer.",
    ),
    "es": TableWords(
        indicator="Indicador",
        year="Año",
        value="Valor",
        new="Nuevo en el año",
        so_far="Hasta ahora",
        baseline="Línea de base",
        target="Meta",
        reporting="Informaron",
        state="Estado",
        unit="Unidad",
        results="Resultados",
        initiatives="Iniciativas",
        years="Años",
        final="definitivo",
        provisional="provisional",
        no_data="sin datos",
        no_total="sin total",
        pending="unidad pendiente",
        not_set="sin fijar",
        of="{count} de {all}",
        of_group="{count} ({still} de {all} en el ejercicio {year})",
        new_and_so_far="{new} nuevos, {so_far} hasta ahora",
        so_far_alone="{so_far} hasta ahora",
        source="Fuente: {source}. {workplan}, edición {edition}.",
        scoped="Solo países de ingresos medianos, según su grupo de ingresos el último día de cada período.",
        since="Se cuenta desde el {day}.",
        may_repeat="La misma empresa o el mismo empleo puede contarse más de una vez.",
        not_added="Los valores de varios países no se suman.",
        by_unit="La unidad aún no está acordada: los valores se enumeran por unidad, sin total.",
        carried="Tomado de años anteriores, el primero {year}: {value} (iniciativas: {count}).",
        within="Iniciativas no incluidas porque cuenta un programa del que forman parte: {count}.",
        not_split="Aparte, sin desglosar por país: {value}.",
        in_groups="Aparte, de grupos de países: {value}.",
        out_of_scope="Valores no contados, de países fuera del ámbito ese día: {count}.",
        unclassified="Valores no contados, de países sin clasificar ese día: {count}.",
        unanswered="Iniciativas que dieron una razón en lugar de un valor: {count}.",
        provisional_values="Valores provisionales: {count}.",
        countries="Países, cada uno con su primer año: {list}.",
        left="{country} {year} (ya no está en el grupo)",
        adoptions="Adopciones: {new} en el año, {so_far} hasta ahora.",
        places="Por lugar: {list}.",
        unsplit="sin desglosar",
        comma=", ",
        no_chart="No hay gráfico: aún no hay nada que mostrar.",
    ),
    "ru": TableWords(
        indicator="Показатель",
        year="Год",
        value="Значение",
        new="Новых за год",
        so_far="Всего",
        baseline="Исходный уровень",
        target="Целевой показатель",
        reporting="Представили данные",
        state="Состояние",
        unit="Единица",
        results="Результаты",
        initiatives="Инициативы",
        years="Годы",
        final="окончательно",
        provisional="предварительно",
        no_data="нет данных",
        no_total="нет итога",
        pending="единица не определена",
        not_set="не задано",
        of="{count} из {all}",
        of_group="{count} ({still} из {all} в {year} фин. году)",
        new_and_so_far="новых: {new}, всего: {so_far}",
        so_far_alone="всего: {so_far}",
        source="Источник: {source}. {workplan}, редакция {edition}.",
        scoped="Только страны со средним уровнем дохода по их группе на последний день каждого периода.",
        since="Учитывается с {day}.",
        may_repeat="Одно и то же предприятие или рабочее место может быть учтено более одного раза.",
        not_added="Значения нескольких стран не складываются.",
        by_unit="Единица ещё не согласована: значения перечислены по единицам, без итога.",
        carried="Перенесено из прошлых лет, самый ранний {year}: {value} (инициатив: {count}).",
        within="Инициативы, не учтённые, поскольку учтена программа, частью которой они являются: {count}.",
        not_split="Кроме того, без разбивки по странам: {value}.",
        in_groups="Кроме того, по группам стран: {value}.",
        out_of_scope="Неучтённые значения стран, не входивших в группу в тот день: {count}.",
        unclassified="Неучтённые значения стран, не классифицированных в тот день: {count}.",
        unanswered="Инициативы, указавшие причину вместо значения: {count}.",
        provisional_values="Предварительные значения: {count}.",
        countries="Страны, каждая с первым годом: {list}.",
        left="{country} {year} (больше не входит в группу)",
        adoptions="Внедрений: за год {new}, всего {so_far}.",
        places="По местам: {list}.",
        unsplit="без разбивки",
        comma=", ",
        no_chart="Диаграммы нет: показывать пока нечего.",
    ),
    "zh": TableWords(
        indicator="指标",
        year="年份",
        value="数值",
        new="当年新增",
        so_far="累计",
        baseline="基线",
        target="目标",
        reporting="已报告",
        state="状态",
        unit="单位",
        results="结果",
        initiatives="举措",
        years="年份",
        final="最终",
        provisional="暂定",
        no_data="无数据",
        no_total="无合计",
        pending="单位待定",
        not_set="未设定",
        of="{count}/{all}",
        of_group="{count}（{year}财年{all}个中的{still}个）",
        new_and_so_far="新增{new}，累计{so_far}",
        so_far_alone="累计{so_far}",
        source="资料来源：{source}。{workplan}，{edition}版。",
        scoped="仅限中等收入国家，以每一期间最后一天的收入组别为准。",
        since="自{day}起计算。",
        may_repeat="同一企业或工作岗位可能被计算不止一次。",
        not_added="多个国家的数值不相加。",
        by_unit="单位尚未商定：数值按单位列出，没有合计。",
        carried="沿用以往年份的数值，最早为{year}年：{value}（举措：{count}）。",
        within="因所属方案已计入而未计入的举措：{count}。",
        not_split="另有未按国家细分的数值：{value}。",
        in_groups="另有国家组别的数值：{value}。",
        out_of_scope="未计入的数值（该国当日不在范围内）：{count}。",
        unclassified="未计入的数值（该国当日未分类）：{count}。",
        unanswered="说明原因而未提供数值的举措：{count}。",
        provisional_values="暂定数值：{count}。",
        countries="各国及其首个年份：{list}。",
        left="{country} {year}（已不在组别内）",
        adoptions="采用次数：当年{new}，累计{so_far}。",
        places="按地点：{list}。",
        unsplit="未细分",
        comma="、",
        no_chart="未绘制图表：目前尚无可显示的内容。",
    ),
    "ar": TableWords(
        indicator="المؤشر",
        year="السنة",
        value="القيمة",
        new="الجديد في السنة",
        so_far="حتى الآن",
        baseline="خط الأساس",
        target="الهدف",
        reporting="من قدّموا بيانات",
        state="الحالة",
        unit="الوحدة",
        results="النتائج",
        initiatives="المبادرات",
        years="السنوات",
        final="نهائي",
        provisional="مؤقت",
        no_data="لا توجد بيانات",
        no_total="لا يوجد مجموع",
        pending="الوحدة لم تُحدَّد بعد",
        not_set="غير محدد",
        of="{count} من {all}",
        of_group="{count} ({still} من {all} في السنة المالية {year})",
        new_and_so_far="الجديد: {new}، حتى الآن: {so_far}",
        so_far_alone="حتى الآن: {so_far}",
        source="المصدر: {source}. {workplan}، طبعة {edition}.",
        scoped="البلدان المتوسطة الدخل فقط، حسب فئة دخلها في اليوم الأخير من كل فترة.",
        since="محسوب منذ {day}.",
        may_repeat="قد تُحسب المؤسسة نفسها أو الوظيفة نفسها أكثر من مرة.",
        not_added="لا تُجمع قيم بلدان متعددة.",
        by_unit="لم يُتفق بعد على الوحدة، ولذلك تُدرج القيم حسب الوحدة من دون مجموع.",
        carried="مرحَّل من سنوات سابقة، أقدمها {year}: {value} (المبادرات: {count}).",
        within="مبادرات لم تُحسب لأن برنامجا هي جزء منه محسوب: {count}.",
        not_split="إضافة إلى ذلك، غير موزع حسب البلد: {value}.",
        in_groups="إضافة إلى ذلك، لمجموعات من البلدان: {value}.",
        out_of_scope="قيم غير محسوبة لبلدان خارج النطاق في ذلك اليوم: {count}.",
        unclassified="قيم غير محسوبة لبلدان غير مصنفة في ذلك اليوم: {count}.",
        unanswered="مبادرات ذكرت سببا بدلا من قيمة: {count}.",
        provisional_values="قيم مؤقتة: {count}.",
        countries="البلدان، وإلى جانب كل منها سنته الأولى: {list}.",
        left="{country} {year} (لم يعد ضمن المجموعة)",
        adoptions="حالات الاعتماد: {new} في السنة، {so_far} حتى الآن.",
        places="حسب المكان: {list}.",
        unsplit="غير موزع",
        comma="، ",
        no_chart="لا يُرسم رسم بياني: لا يوجد ما يُعرض بعد.",
    ),
}


def table_words(language: str) -> TableWords:
    """Return the words in the language, in English where it is none of the six."""
    return IN.get(languages.base(language), IN["en"])
