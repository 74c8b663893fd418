"""Numbers in the figures and letters of lists."""


def label(number: int, style: str, mark: str) -> str:
    """Return what stands before an item of an ordered list, as pandoc names its style and marks."""
    text = {
        "LowerAlpha": letters(number),
        "UpperAlpha": letters(number).upper(),
        "LowerRoman": roman(number).lower(),
        "UpperRoman": roman(number),
    }.get(style, str(number))
    return {"OneParen": f"{text})", "TwoParens": f"({text})"}.get(mark, f"{text}.")


def letters(number: int) -> str:
    """Return a number as Word counts with letters: a to z, aa to zz."""
    return chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number < 2000 else str(number)


def roman(number: int) -> str:
    """Return a number from 1 to 3999 in Roman figures."""
    parts = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")]
    parts += [(10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, sign in parts:
        text += sign * (number // value)
        number %= value
    return text


def chinese(number: int) -> str:
    """Return a number from 1 to 99 in Chinese figures."""
    if not 0 < number < 100:
        return str(number)
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十") + (digits[ones] if ones else "")
