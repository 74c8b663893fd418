"""Which language a text seems to be in."""

import pytest

from reporting.importing.language import likely_language

TEXTS = {
    "en": "The weavers of the north count the looms of the village. "
    "The dyers write to the mills in the valley for wool and the rest.",
    "fr": "Les tisserands du nord comptent les métiers dans le village. "
    "La laine des vallées va sur les marchés pour une foire et les fêtes.",
    "es": "Los tejedores del norte cuentan los telares en el pueblo. "
    "La lana de las montañas va con una carta para los molinos y las ferias.",
    "ru": "Ткачи северного района считают станки в деревне и пишут письма на мельницы.",
    "ar": "يعد نساجو الشمال الأنوال في القرية ويكتبون رسائل إلى المطاحن.",
    "zh": "北方的织工在村里数织机，并给山谷里的磨坊写信。",
}


class TestLikelyLanguage:
    @pytest.mark.parametrize("language", TEXTS)
    def test_is_told_by_letters_and_small_words(self, language):
        assert likely_language(TEXTS[language]) == language

    @pytest.mark.parametrize("text", ["", "2021", "UNIDO, GMIS, LKDF", "The mill."])
    def test_is_left_open_where_few_words_tell(self, text):
        assert likely_language(text) == ""

    def test_is_that_of_most_words_where_names_are_in_another(self):
        assert likely_language(f"{TEXTS['en']} Conseil des tisserands et des teinturiers 织工") == "en"
