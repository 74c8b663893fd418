"""What a document has to know about a language: its tag, its direction, its own comma and full words."""

RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})


def tag(language: str) -> str:
    """Return the language as BCP 47 writes it: `zh-hans` is `zh-Hans`, `pt-br` is `pt-BR`."""
    first, *rest = language.replace("_", "-").split("-")
    return "-".join([first.lower(), *(part.title() if len(part) == 4 else part.upper() for part in rest)])


def base(language: str) -> str:
    """Return the language without script and country: `zh-hans` is `zh`."""
    return language.replace("_", "-").split("-")[0].lower()


def direction(language: str) -> str:
    """Return `rtl` for a language written from right to left, `ltr` for any other."""
    return "rtl" if base(language) in RIGHT_TO_LEFT else "ltr"


def html_attributes(language: str) -> str:
    """Return the attributes of a tag whose words are in the language; nothing for no language."""
    return f' lang="{tag(language)}" dir="{direction(language)}"' if language else ""


def comma(language: str) -> str:
    """Return the comma that separates the marks of two notes on one spot."""
    return "،" if base(language) in RIGHT_TO_LEFT - {"he", "yi"} else ","
