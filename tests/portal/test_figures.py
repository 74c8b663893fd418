"""Numbers in Roman and Chinese figures."""

import subprocess
import sys
from pathlib import Path

import pytest

from portal.common.figures import chinese, chinese_value, roman, roman_value


class TestRoman:
    @pytest.mark.parametrize(
        ("number", "text"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (49, "XLIX"), (99, "XCIX"), (1994, "MCMXCIV")]
    )
    def test_are_written_and_read(self, number: int, text: str) -> None:
        assert roman(number) == text
        assert roman_value(text) == roman_value(text.lower()) == number

    def test_are_read_as_they_were_written(self) -> None:
        assert [roman_value(roman(number)) for number in range(1, 4000)] == list(range(1, 4000))

    @pytest.mark.parametrize("text", ["", "IIII", "VX", "IC", "mix up", "vv", "12"])
    def test_are_told_from_letters(self, text: str) -> None:
        assert roman_value(text) == 0

    def test_end_at_four_thousand(self) -> None:
        assert (roman(0), roman(4000)) == ("0", "4000")


class TestChinese:
    @pytest.mark.parametrize(
        ("number", "text"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (25, "二十五"), (99, "九十九")]
    )
    def test_are_written_and_read(self, number: int, text: str) -> None:
        assert chinese(number) == text
        assert chinese_value(text) == number

    def test_are_read_as_they_were_written(self) -> None:
        assert [chinese_value(chinese(number)) for number in range(1, 100)] == list(range(1, 100))

    @pytest.mark.parametrize("text", ["", "一二三", "十十", "部分", "百"])
    def test_are_told_from_other_signs(self, text: str) -> None:
        assert chinese_value(text) == 0

    def test_end_at_a_hundred(self) -> None:
        assert (chinese(0), chinese(100)) == ("0", "100")


class TestModule:
    def test_is_there_for_a_process_without_django(self) -> None:
        root = Path(__file__).resolve().parents[2]
        program = "import sys; sys.path.insert(0, sys.argv[1]); import portal.common.figures; print(*sys.modules)"
        said = subprocess.run(
            [sys.executable, "-I", "-c", program, str(root)], capture_output=True, text=True, check=True
        )
        assert "portal.common.figures" in said.stdout
        assert "django" not in said.stdout
