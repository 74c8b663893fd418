"""What search finds among the records, and the entries that triggers keep for it."""

import pytest
from django.db import connection

from initiatives.choices import PartKind, UpdateKind
from initiatives.models import (
    Document,
    Initiative,
    InitiativeText,
    Passage,
    SearchEntry,
    Update,
)
from initiatives.search import Asked, matching, swaps
from portal.common.filters import MOST_CHARACTERS, MOST_WORDS
from tests.factories import (
    DocumentFactory,
    DocumentSymbolFactory,
    EntityFactory,
    IdentifierFactory,
    InitiativeFactory,
    InitiativeTextFactory,
    OtherTitleFactory,
    PartFactory,
    PassageFactory,
    PassageTextFactory,
    UpdateFactory,
)

pytestmark = pytest.mark.django_db


def initiatives(typed: str) -> list[Initiative]:
    return list(matching(Initiative.objects.order_by("pk"), typed))


def updates(typed: str) -> list[Update]:
    return list(matching(Update.objects.order_by("pk"), typed))


class TestWordsOfALanguage:
    """Each text is read as its language bends words; what is typed is asked in all of them."""

    @pytest.mark.parametrize(
        ("language", "title", "typed"),
        [
            ("en", "Training young entrepreneurs in robotics", "train entrepreneur"),
            ("fr", "Renforcement des capacités numériques des femmes", "capacité numérique"),
            ("es", "Fortalecimiento de las industrias creativas", "industria creativa"),
            ("ru", "Развитие цифровых навыков в сельских школах", "цифровой навык"),
            ("ar", "تطوير المهارات الرقمية للشباب", "المهاره الرقميه"),
            ("zh", "支持中小企业的数字化转型", "数字"),
        ],
    )
    def test_find_a_title_by_other_forms_of_its_words(self, language: str, title: str, typed: str) -> None:
        found = InitiativeFactory(title=title, language=language)
        InitiativeFactory(title="Something else")
        assert initiatives(typed) == [found]

    def test_find_two_ideographs_in_a_row_and_no_two_apart(self) -> None:
        found = InitiativeFactory(title="数字经济政策", language="zh")
        InitiativeFactory(title="数学与汉字", language="zh")
        assert initiatives("数字") == [found]

    def test_find_ideographs_in_an_english_text(self) -> None:
        found = InitiativeFactory(title="Made in China 2025 (中国制造2025)")
        assert initiatives("中国制造") == [found]

    def test_find_a_translation(self) -> None:
        found = InitiativeFactory(title="Smart factories")
        InitiativeTextFactory(initiative=found, language="es", state="checked", title="Fábricas inteligentes")
        assert initiatives("fabrica inteligente") == [found]

    def test_are_one_record_though_several_languages_match(self) -> None:
        found = InitiativeFactory(title="Innovation")
        InitiativeTextFactory(initiative=found, language="fr", state="checked", title="Innovation")
        assert initiatives("innovation") == [found]


class TestWordsAsTyped:
    def test_may_lack_accents(self) -> None:
        found = InitiativeFactory(title="Économie créative à Genève", language="fr")
        assert initiatives("economie creative geneve") == [found]

    def test_may_have_accents_that_the_text_lacks(self) -> None:
        found = InitiativeFactory(title="Cafe of engineers")
        assert initiatives("café") == [found]

    def test_may_be_composed_of_letters_and_marks(self) -> None:
        found = InitiativeFactory(title="Économie", language="fr")
        assert initiatives("E\u0301conomie") == [found]

    def test_may_lack_the_vowel_signs_of_arabic(self) -> None:
        found = InitiativeFactory(title="الإِدَارَة الذكيّة", language="ar")
        assert initiatives("الادارة الذكية") == [found]

    def test_may_end_early_in_the_last_word_alone(self) -> None:
        found = InitiativeFactory(title="Blockchain observatory")
        assert initiatives("blockchain observ") == [found]
        assert initiatives("blockch observatory") == []

    def test_have_all_to_be_there(self) -> None:
        found = InitiativeFactory(title="Robots", description="<p>For hospitals.</p>")
        InitiativeFactory(title="Robots for schools")
        assert initiatives("robot hospital") == [found]

    def test_in_quotes_have_to_stand_in_a_row(self) -> None:
        found = InitiativeFactory(title="Digital skills for all")
        InitiativeFactory(title="Skills for digital jobs")
        assert initiatives('"digital skills"') == [found]
        assert initiatives("«digital skills»") == [found]

    def test_behind_a_minus_must_not_be_there(self) -> None:
        found = InitiativeFactory(title="Hubs for farmers")
        InitiativeFactory(title="Hubs for robots")
        assert initiatives("hub -robots") == [found]
        assert initiatives('hub -"for robots"') == [found]

    def test_ask_for_nothing_where_there_are_none(self) -> None:
        found = InitiativeFactory()
        assert initiatives("  ") == [found]

    @pytest.mark.parametrize(
        "typed",
        [
            *(
                "!!",
                "&|!()<->:*",
                "-",
                '"',
                '""',
                "'",
                "\\",
                "%",
                "_",
                "\0",
                "-hub",
                "((((",
                "[a-z]+",
                "';--",
                "\ud800",
            ),
            *("ŉ", "½", ":*", "a:*b", "<->", "🚜", "\u202e", "x" * 1_000_000, "a " * 500_000, '"' * 500_000),
        ],
    )
    def test_find_nothing_where_they_make_no_sense(self, typed: str) -> None:
        InitiativeFactory(title="Hub of robots")
        assert initiatives(typed) == []

    def test_of_a_text_of_marks_are_found_all_the_same(self) -> None:
        found = InitiativeFactory(title="Research & development (R&D), <b>100%</b> 'open'")
        assert initiatives("R&D 100% 'open'") == [found]

    def test_count_once_however_often_they_are_typed(self) -> None:
        assert Asked.parse("robot hub -lab robot -lab") == Asked(("hub", "robot"), ("lab",))
        assert Asked.parse("a " * 99 + "b").wanted == ("a", "b")

    def test_beyond_the_sixteenth_are_not_read(self) -> None:
        words = tuple(f"w{number}" for number in range(20))
        assert Asked.parse(" ".join(words)).wanted == words[:MOST_WORDS]

    def test_beyond_the_longest_search_are_not_read(self) -> None:
        assert Asked.parse("a" * MOST_CHARACTERS + " robots").wanted == ("a" * MOST_CHARACTERS,)


class TestSwaps:
    def test_put_each_two_neighbouring_letters_into_the_other_order(self) -> None:
        assert swaps("seen,") == ["esen", "sene"]

    @pytest.mark.parametrize("typed", ["ict", "A/RES/80", "C7-EGOV", "industrialisation", "2030", "4.0"])
    def test_are_not_tried_in_short_and_long_words_and_in_numbers(self, typed: str) -> None:
        assert swaps(typed) == []


class TestNumbersAndSymbols:
    def test_of_a_project_lead_to_its_initiative(self) -> None:
        found = InitiativeFactory()
        IdentifierFactory(initiative=found, scheme="UNIDO project number", value="180231", label="SAP ID 180231")
        assert initiatives("180231") == [found]
        assert initiatives("SAP ID 180231") == [found]

    @pytest.mark.parametrize("symbol", ["A/RES/80/173", "IDB.48/CRP.8", "GC.19/Res.5", "E/CN.16/2022/2"])
    def test_of_a_document_are_found_as_printed(self, symbol: str) -> None:
        found = DocumentFactory()
        DocumentSymbolFactory(document=found, symbol=symbol)
        DocumentFactory(title=symbol[:-1] + "9")
        assert list(matching(Document.objects.all(), symbol)) == [found]
        assert list(matching(Document.objects.all(), symbol.lower())) == [found]

    @pytest.mark.parametrize("symbol", ["A/RES/80/173", "IDB.48/CRP.8", "180231"])
    def test_in_the_middle_of_a_text_are_found_too(self, symbol: str) -> None:
        found = UpdateFactory(paragraph=f"<p>As asked (see {symbol}), work began.</p>")
        UpdateFactory(paragraph="<p>As asked (see A/RES/80/17, IDB.48/CRP.9, 180232), work began.</p>")
        assert updates(symbol) == [found]

    def test_of_a_document_lead_to_it_beside_its_title(self) -> None:
        found = DocumentFactory(title="Report of the Director General")
        DocumentSymbolFactory(document=found, symbol="IDB.48/3")
        assert list(matching(Document.objects.all(), "report IDB.48/3")) == [found]


class TestWhatARecordIsFoundBy:
    def test_an_initiative_by_its_other_titles_in_any_language(self) -> None:
        found = InitiativeFactory(title="Industrial hub")
        OtherTitleFactory(initiative=found, language="ru", text="Промышленные центры")
        assert initiatives("промышленный центр") == [found]
        assert initiatives("hub центры") == [found]

    def test_an_initiative_by_the_words_of_its_footnotes(self) -> None:
        found = InitiativeFactory(
            description='<p>Digital<span data-footnote="See the Lima &amp; Abu Dhabi Declaration">*</span> economy.</p>'
        )
        assert initiatives("Abu Dhabi Declaration") == [found]
        assert initiatives('"digital economy"') == [found]

    def test_an_initiative_by_a_word_that_is_set_in_two_ways(self) -> None:
        found = InitiativeFactory(description="<p>CO<sub>2</sub> of <strong>micro</strong>grids</p><p>Kenya</p>")
        assert initiatives("CO2 microgrids kenya") == [found]

    def test_an_initiative_by_no_name_of_a_tag(self) -> None:
        InitiativeFactory(description='<p><a href="https://example.org/secret">Read</a> <strong>more</strong></p>')
        assert initiatives("strong") == initiatives("secret") == initiatives("href") == []

    def test_an_update_by_its_paragraph_and_the_title_of_its_initiative(self) -> None:
        found = UpdateFactory(initiative=InitiativeFactory(title="Robot lab"), paragraph="<p>It opened in Tunis.</p>")
        assert updates("robot tunis") == [found]

    def test_every_record_by_the_acronym_of_its_entity(self) -> None:
        unido = EntityFactory(code="UNIDO")
        initiative = InitiativeFactory(entity=unido, title="Robot lab", place="Tunis")
        update = UpdateFactory(initiative=initiative, paragraph="<p>News.</p>")
        passage, document = PassageFactory(entity=unido), DocumentFactory(entity=unido)
        assert initiatives("unido robot tunis") == [initiative]
        assert updates("unido news") == [update]
        assert list(matching(Passage.objects.all(), "unido")) == [passage]
        assert list(matching(Document.objects.all(), "unido")) == [document]

    def test_an_update_by_nothing_that_its_entity_keeps_for_itself(self) -> None:
        UpdateFactory(paragraph="<p>News.</p>", obstacles="<p>Bankruptcy.</p>", reason="Quarrels.")
        assert updates("bankruptcy") == updates("quarrels") == []

    @pytest.mark.parametrize("kind", [UpdateKind.STILL_TRUE, UpdateKind.NOTHING])
    def test_an_update_by_no_paragraph_that_is_not_printed(self, kind: str) -> None:
        update = UpdateFactory(paragraph="<p>Bankruptcy.</p>")
        assert updates("bankruptcy") == [update]
        Update.objects.update(kind=kind, reason="Nothing new.")
        assert updates("bankruptcy") == []

    def test_a_passage_by_its_body_and_not_by_the_name_for_the_desk(self) -> None:
        found = PassageFactory(name="Backlog", body="<p>Connectivity grows.</p>")
        assert list(matching(Passage.objects.all(), "connectivity")) == [found]
        assert list(matching(Passage.objects.all(), "backlog")) == []

    def test_a_document_by_a_part_of_it(self) -> None:
        found = DocumentFactory(language="fr")
        PartFactory(document=found, order=1, body="<p>Les capacités productives.</p>")
        assert list(matching(Document.objects.all(), "capacité productive")) == [found]

    @pytest.mark.parametrize(
        ("kind", "body"),
        [
            (PartKind.OUTSIDE, "<p>Vienna</p>"),
            (PartKind.DELETED, "<p>Vienna</p>"),
            (PartKind.RUNNING, "<p>Vienna</p>"),
            (PartKind.PARAGRAPH, ""),
            (PartKind.PARAGRAPH, "<p> </p>"),
        ],
    )
    def test_a_document_by_nothing_that_its_page_does_not_show(self, kind: str, body: str) -> None:
        part = PartFactory(document=DocumentFactory(), order=1, kind=kind, body=body, printed="Vienna, 2019")
        assert not matching(Document.objects.all(), "vienna").exists()
        assert SearchEntry.objects.get(piece="part", piece_id=part.pk).is_internal

    def test_a_long_text_by_its_first_words(self) -> None:
        found = InitiativeFactory(description="<p>Albatross " + "mountain river " * 100_000 + "</p>")
        assert initiatives("albatross") == [found]


class TestEntriesFollow:
    """Whoever changes the records, and in whichever way."""

    def test_a_text_that_is_changed_by_sql(self) -> None:
        changed = InitiativeFactory(title="Harbour")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE initiatives_initiativetext SET title = 'Meadow'")
        assert initiatives("harbour") == []
        assert initiatives("meadow") == [changed]

    def test_a_text_that_goes(self) -> None:
        initiative = InitiativeFactory(title="Harbour")
        InitiativeText.objects.filter(initiative=initiative).delete()
        assert initiatives("harbour") == []

    def test_a_record_that_goes_with_all_that_is_its_own(self) -> None:
        initiative = InitiativeFactory()
        UpdateFactory(initiative=initiative, paragraph="<p>News.</p>", results="<p>Results.</p>")
        OtherTitleFactory(initiative=initiative)
        document = DocumentFactory()
        PartFactory(document=document, order=1)
        DocumentSymbolFactory(document=document)
        passage = PassageFactory()
        for record in (initiative, document, passage):
            record.delete()
        assert not SearchEntry.objects.exists()

    def test_an_identifier_and_another_title_that_come_and_go(self) -> None:
        initiative = InitiativeFactory()
        for part in (IdentifierFactory(initiative=initiative, value="X77"), OtherTitleFactory(initiative=initiative)):
            word = getattr(part, "value", "") or part.text
            assert initiatives(word) == [initiative]
            part.delete()
            assert initiatives(word) == []

    def test_a_symbol_that_moves_to_another_document(self) -> None:
        first, second = DocumentFactory(), DocumentFactory()
        symbol = DocumentSymbolFactory(document=first, symbol="GC.18/7")
        symbol.document = second
        symbol.save()
        assert list(matching(Document.objects.all(), "GC.18/7")) == [second]

    def test_a_document_whose_language_was_wrong(self) -> None:
        document = DocumentFactory(language="en")
        PartFactory(document=document, order=1, body="<p>Развитие навыков</p>")
        assert not matching(Document.objects.all(), "навыкам развитие").exists()
        document.language = "ru"
        document.save()
        assert list(matching(Document.objects.all(), "навыкам развитие")) == [document]

    def test_the_new_title_of_an_initiative_with_its_updates(self) -> None:
        update = UpdateFactory(initiative=InitiativeFactory(title="Harbour"), paragraph="<p>News.</p>")
        update.initiative.texts.update(title="Meadow")
        assert updates("harbour") == []
        assert updates("meadow") == [update]

    def test_an_update_that_moves_to_another_initiative(self) -> None:
        update = UpdateFactory(initiative=InitiativeFactory(title="Harbour"), paragraph="<p>News.</p>")
        Update.objects.update(initiative=InitiativeFactory(title="Meadow"))
        assert updates("harbour") == []
        assert updates("meadow") == [update]

    def test_the_entity_and_the_place_of_an_initiative(self) -> None:
        initiative = InitiativeFactory(place="Tunis")
        initiative.place, initiative.entity = "Hanoi", EntityFactory(acronym="ITU")
        initiative.save()
        assert initiatives("tunis") == []
        assert initiatives("itu hanoi") == [initiative]

    def test_the_new_acronym_of_an_entity(self) -> None:
        entity = EntityFactory(acronym="OLDNAME")
        passage, document = PassageFactory(entity=entity), DocumentFactory(entity=entity)
        update = UpdateFactory(initiative=InitiativeFactory(entity=entity), paragraph="<p>News.</p>")
        entity.acronym = "NEWNAME"
        entity.save()
        found = [matching(kind.objects.all(), "newname") for kind in (Initiative, Update, Passage, Document)]
        assert [row.get() for row in found] == [update.initiative, update, passage, document]
        assert not SearchEntry.objects.filter(words="oldname").exists()

    def test_a_translation_of_a_passage(self) -> None:
        passage = PassageFactory()
        text = PassageTextFactory(passage=passage, language="fr", state="checked", body="<p>Tendances</p>")
        assert list(matching(Passage.objects.all(), "tendance")) == [passage]
        text.delete()
        assert not matching(Passage.objects.all(), "tendance").exists()

    def test_and_are_written_once(self) -> None:
        update = UpdateFactory(paragraph="<p>News.</p>", results="<p>Results.</p>")
        update.texts.get().save()
        update.save()
        kinds = SearchEntry.objects.filter(kind="update").values_list("piece", flat=True)
        assert sorted(kinds) == ["told", "told_inside"]
