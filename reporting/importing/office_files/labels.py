"""Numbers in the figures and letters of lists."""

from portal.common.figures import roman


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
