"""Names that have to be free."""

from collections.abc import Container


def free_name(wanted: str, taken: Container[str], *, longest: int, joint: str = "-", first: int = 2) -> str:
    """Return the wanted name, with a number after it where it is taken; it is never longer than `longest`."""
    found, number = wanted[:longest], first
    while found in taken:
        ending = f"{joint}{number}"
        found = wanted[: longest - len(ending)] + ending
        number += 1
    return found
