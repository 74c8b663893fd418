"""Exact numbers as text."""

from decimal import Decimal


def digits(value: Decimal) -> str:
    """Return a number in digits, without an exponent and without the zeros that its column adds; none is rounded."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
