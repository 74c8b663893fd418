"""Two texts compared word by word."""

import random
import time

import pytest

from portal.common.words import BREAK, LARGEST, NOTE, Piece, difference, in_turns, similarity, tokens


def shown(old: str, new: str) -> str:
    """Return the difference as one line: `[-went-]{+came+}`."""
    forms = {"same": "%s", "went": "[-%s-]", "came": "{+%s+}"}
    return "".join(forms[piece.kind] % piece.text for piece in difference(old, new))


def sides(pieces: list[Piece]) -> tuple[str, str]:
    return (
        "".join(piece.text for piece in pieces if piece.kind != "came"),
        "".join(piece.text for piece in pieces if piece.kind != "went"),
    )


class TestTokens:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            (
                "Forty firms, in 1,000.5 days.",
                ["Forty", " ", "firms", ",", " ", "in", " ", "1,000.5", " ", "days", "."],
            ),
            ("l’industrie co-operation", ["l’industrie", " ", "co-operation"]),
            ("发展中国家，2021年", ["发", "展", "中", "国", "家", "，", "2021", "年"]),
            ("المُنَظَّمة، ٢٠٢١", ["المُنَظَّمة", "،", " ", "٢٠٢١"]),
            ("see https://a.org/x?y=1&z=2. End", ["see", " ", "https://a.org/x?y=1&z=2", ".", " ", "End"]),
            (f"a{NOTE}{BREAK}b", ["a", NOTE, BREAK, "b"]),
            ("«\u00a0Oui\u00a0»", ["«", "\u00a0", "Oui", "\u00a0", "»"]),
            ("a\nb", ["a", "\n", "b"]),
        ],
    )
    def test_are_words_ideographs_signs_and_blanks(self, text: str, found: list[str]):
        assert tokens(text) == found

    def test_joined_are_the_text_again(self):
        text = "Ünï e\u0301 👩‍💻 — „x“ 第四次 (IV)\u200f النص\u00ad _a_ #1…"
        assert "".join(tokens(text)) == text


class TestDifference:
    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("Forty people came.", "Fifty people came.", "[-Forty-]{+Fifty+} people came."),
            ("Firms learn.", "Small firms learn.", "[-Firms-]{+Small firms+} learn."),
            ("It is, as said, good.", "It is good.", "It is[-, as said,-] good."),
            ("It ends", "It ends.", "It ends{+.+}"),
            ("a b", "a  b", "a[- -]{+  +}b"),
            ("", "All new", "{+All new+}"),
            ("All gone", "", "[-All gone-]"),
            ("same", "same", "same"),
            ("第四次工业革命", "第五次工业革命。", "第[-四-]{+五+}次工业革命{+。+}"),
            ("تبني المنظمة القدرات", "تبني المنظمة هذه القدرات", "تبني المنظمة {+هذه +}القدرات"),
            ("A. B. C. D.", "A. C. D.", "A. [-B. -]C. D."),
        ],
    )
    def test_shows_the_words_that_went_and_came(self, old: str, new: str, told: str):
        assert shown(old, new) == told

    def test_joins_changes_that_only_a_blank_or_comma_parts(self):
        assert shown("one two, three end", "uno dos, tres end") == "[-one two, three-]{+uno dos, tres+} end"

    def test_takes_no_word_that_stayed_by_chance_for_an_anchor(self):
        old = "The lab opened early and trained forty people."
        new = "Costs of energy rose sharply and hurt small firms."
        assert shown(old, new) == (
            "[-The lab opened early and trained forty people-]{+Costs of energy rose sharply and hurt small firms+}."
        )

    def test_put_together_gives_both_texts_whatever_they_are(self):
        chance = random.Random(7)
        alphabet = ["a", "b", "c", " ", " ", ",", ".", "中", "国", NOTE, BREAK, "dé", "ل"]
        for _ in range(300):
            old, new = ("".join(chance.choices(alphabet, k=chance.randrange(30))) for _ in range(2))
            assert sides(difference(old, new)) == (old, new)

    def test_finds_one_word_in_a_paragraph_of_20000_characters(self):
        old = "第四次工业革命为发展中国家带来机遇，" * 1200
        new = old[:9_001] + "新" + old[9_001:]
        assert [piece for piece in difference(old, new) if piece.kind != "same"] == [Piece("came", "新")]

    def test_of_two_long_texts_holds_on_to_whole_sentences_and_stays_fast(self):
        chance = random.Random(3)

        def text(sentences: int) -> list[str]:
            return ["".join(chance.choices("天地玄黄宇宙洪荒", k=40)) + "。" for _ in range(sentences)]

        kept, first, last, other_first, other_last = text(1), text(100), text(100), text(100), text(100)
        old, new = "".join(first + kept + last), "".join(other_first + kept + other_last)
        assert len(tokens(old)) * len(tokens(new)) > LARGEST
        started = time.process_time()
        pieces = difference(old, new)
        assert time.process_time() - started < 2
        assert sides(pieces) == (old, new)
        assert any(kept[0] in piece.text for piece in pieces if piece.kind == "same")

    def test_joins_thousands_of_small_changes_without_copying_them_for_each(self):
        def text(letter: str) -> str:
            return "\n".join(" ".join(f"{letter}{line}-{word}" for word in range(8)) + "." for line in range(2000))

        started = time.process_time()
        pieces = difference(text("a"), text("b"))
        assert time.process_time() - started < 3  # ten seconds where each one copied
        assert [piece.kind for piece in pieces] == ["went", "came", "same"]


class TestTurns:
    def test_tells_what_stayed_and_what_stands_in_place_of_the_others(self):
        assert list(in_turns(["a", "b", "c"], ["a", "x", "y", "c", "d"])) == [
            (True, ["a"], ["a"]),
            (False, ["b"], ["x", "y"]),
            (True, ["c"], ["c"]),
            (False, [], ["d"]),
        ]


class TestSimilarity:
    def test_goes_from_nothing_to_all(self):
        assert similarity(["a", "b"], ["c", "d"]) == 0
        assert similarity(["a", "b"], ["b", "c"]) == 0.5
        assert similarity(["a", "b"], ["a", "b"]) == 1
        assert similarity([], []) == 1
