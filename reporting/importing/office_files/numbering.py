"""Numbers that Word prints before paragraphs and keeps nowhere in the text."""

import re
from collections.abc import Callable
from typing import Any

from portal.common.figures import chinese, roman
from reporting.importing.office_files.labels import letters

Element = Any
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

FORMATS: dict[str, Callable[[int], str]] = {
    "lowerLetter": letters,
    "upperLetter": lambda number: letters(number).upper(),
    "lowerRoman": lambda number: roman(number).lower(),
    "upperRoman": roman,
    "decimalZero": lambda number: f"{number:02}",
    "none": lambda _number: "",
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "ideographTraditional", "japaneseCounting"), chinese
    ),
}


class Level:
    """How one depth of a list is numbered."""

    def __init__(self, element: Element) -> None:
        self.start = number_in(element.find(f"{W}start"), 1)
        self.format = value_in(element.find(f"{W}numFmt")) or "decimal"
        self.text = value_in(element.find(f"{W}lvlText"))
        self.style = value_in(element.find(f"{W}pStyle"))


class Numbering:
    """Counts through a text, as Word does: lists that share a definition go on counting."""

    def __init__(self, root: Element) -> None:
        self.levels: dict[str, dict[int, Level]] = {}  # by list
        self.counts: dict[str, dict[int, int]] = {}  # by definition
        self.definition: dict[str, str] = {}
        self.restarts: dict[str, dict[int, int]] = {}  # lists that begin anew: depth to number
        self.of_style: dict[str, int] = {}  # depth by style
        if root is None:
            return
        definitions = {
            element.get(f"{W}abstractNumId", ""): {
                number_in(level, 0, "ilvl"): Level(level) for level in element.findall(f"{W}lvl")
            }
            for element in root.findall(f"{W}abstractNum")
        }
        for element in root.findall(f"{W}num"):
            name = element.get(f"{W}numId", "")
            self.definition[name] = value_in(element.find(f"{W}abstractNumId"))
            self.levels[name] = dict(definitions.get(self.definition[name], {}))
            for change in element.findall(f"{W}lvlOverride"):
                depth = number_in(change, 0, "ilvl")
                if (level := change.find(f"{W}lvl")) is not None:
                    self.levels[name][depth] = Level(level)
                if (start := change.find(f"{W}startOverride")) is not None:
                    self.restarts.setdefault(name, {})[depth] = number_in(start, 1)
        self.of_style = {
            level.style: depth for levels in definitions.values() for depth, level in levels.items() if level.style
        }

    def label(self, name: str, depth: int) -> str:
        """Count one paragraph of a list, and return what stands before it; empty before a bullet."""
        levels = self.levels.get(name, {})
        if depth not in levels:
            return ""
        counts = self.counts.setdefault(self.definition[name], {})
        for at, number in self.restarts.pop(name, {}).items():
            counts[at] = number - 1
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for deeper in [at for at in counts if at > depth]:
            del counts[deeper]
        for higher in range(depth):
            if higher not in counts and higher in levels:
                counts[higher] = levels[higher].start
        if levels[depth].format == "bullet":
            return ""

        def printed(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            level = levels.get(at)
            return FORMATS.get(level.format, str)(counts.get(at, level.start)) if level else ""

        return re.sub(r"%([1-9])", printed, levels[depth].text).strip()


def value_in(element: Element) -> str:
    return str(element.get(f"{W}val", "")) if element is not None else ""


def number_in(element: Element, otherwise: int, name: str = "val") -> int:
    said = element.get(f"{W}{name}", "") if element is not None else ""
    return int(said) if re.fullmatch(r"\d{1,5}", said) else otherwise
