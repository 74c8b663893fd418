"""Numbers in Roman and Chinese figures, written and read.

Nothing here needs Django: the child processes that read files of unknown origin count with it too.
"""

import re

CHINESE = "一二三四五六七八九"  # from 1
_ROMAN = {
    "M": 1000,
    "CM": 900,
    "D": 500,
    "CD": 400,
    "C": 100,
    "XC": 90,
    "L": 50,
    "XL": 40,
    "X": 10,
    "IX": 9,
    "V": 5,
    "IV": 4,
    "I": 1,
}


def roman(number: int) -> str:
    """Return a number from 1 to 3999 in Roman figures, any other in Arabic ones."""
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for sign, value in _ROMAN.items():
        text += sign * (number // value)
        number %= value
    return text


def roman_value(text: str) -> int:
    """Return the value of a number in Roman figures, large or small, or 0 where it is none as `roman` writes them."""
    if not re.fullmatch(r"[MDCLXVI]+", text, re.IGNORECASE):
        return 0
    values = [_ROMAN[sign] for sign in text.upper()]
    total = sum(-value if after > value else value for value, after in zip(values, [*values[1:], 0], strict=True))
    return total if roman(total) == text.upper() else 0


def chinese(number: int) -> str:
    """Return a number from 1 to 99 in Chinese figures, any other in Arabic ones: 一, 十, 十二, 二十."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return (CHINESE[tens - 1] if tens > 1 else "") + ("十" if tens else "") + (CHINESE[ones - 1] if ones else "")


def chinese_value(text: str) -> int:
    """Return the value of a number up to 99 in Chinese figures, or 0 where it is none; 一十二 is read too."""
    found = re.fullmatch(rf"(?:([{CHINESE}])?(十))?([{CHINESE}])?", text)
    if not text or not found:
        return 0
    tens = (CHINESE.index(found[1]) + 1 if found[1] else 1) if found[2] else 0
    return 10 * tens + (CHINESE.index(found[3]) + 1 if found[3] else 0)
