"""The frozen text of a submission: plain data, canonical JSON, and its fingerprint.

`gather` fills it from the records, `document` reads nothing else. Whatever a compiled file says stands here, so the
same snapshot always gives the same document, whatever happens to the records afterwards.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Literal, NotRequired, TypedDict

FORMAT = 2  # grows when a snapshot of today could not be read by the code of yesterday


class CoverLine(TypedDict):
    """One paragraph of the cover. The styles are those of the cover that UNCTAD puts before each submission."""

    style: Literal["body", "acronym", "session", "dates", "title", "label", "entity", "text"]
    lead: NotRequired[str]  # printed in bold before the text, such as "DISCLAIMER:"
    text: str


class FrontBlock(TypedDict):
    """One block between the cover and the first section."""

    kind: Literal["title", "subtitle", "paragraph", "list", "contents"]
    text: NotRequired[str]  # for `contents`: its heading, which may be empty
    entries: NotRequired[list[str]]  # for `list`


class Record(TypedDict):
    """The version of a record that a text came from, and who wrote it: a role, never a name."""

    kind: Literal["initiative", "entity_text", "update", "passage", "item", "section", "cover", "layout", "reference"]
    id: int
    language: str  # of the version of its text, empty where the record has none
    version: int
    role: str  # code of `initiatives.choices.Role`; empty where a command wrote it, or nobody knows
    entity: str  # code of the entity for which the person holds the role; may be empty


class Aim(TypedDict):
    """A baseline or a target."""

    year: int
    kind: str  # code of the kind side by side that it is for; may be empty
    value: str


class YearOfIndicator(TypedDict):
    """The figures of one year and kind, as `initiatives.aggregation` tells them. A number is text and exact."""

    year: int
    kind: str  # code of the kind side by side; empty where there are none
    value: str | None  # None: no data, or no total
    so_far: str | None
    still_in_scope: int | None  # of the countries so far
    of: int | None  # Member States in the scope at the end of the year
    fiscal_year: int | None  # of the income groups that this rests on
    adoptions: str | None  # of named items
    adoptions_so_far: str | None
    carried: int  # initiatives of which a value of an earlier year counts
    carried_value: str | None
    carried_from: int | None
    provisional: int
    within_programmes: int
    not_split: str | None  # beside the value
    in_groups: str | None  # beside the value


class YearOfReporting(TypedDict):
    """Who reported for a year, and what of it does not count."""

    year: int
    expected: int
    reporting: int
    no_data: int
    provisional: int
    out_of_scope: int
    unclassified: int


class CountryOfIndicator(TypedDict):
    """A country that is counted up to the last year."""

    code: str  # ISO 3166
    name: str
    since: int
    in_scope: bool  # in the scope at the end of the last year too


class PlaceOfIndicator(TypedDict):
    """The value of one place in the last year, where values of several places have no total."""

    name: str  # empty: not split
    kind: str
    value: str


class UnitOfIndicator(TypedDict):
    """What was reported in one unit, while that of the indicator is pending."""

    code: str
    name: str
    results: int
    initiatives: int
    first_year: int
    last_year: int


class Kind(TypedDict):
    code: str
    name: str


class IndicatorFigures(TypedDict):
    """What results of an indicator come to, exact, with all that has to be said beside it."""

    code: str
    name: str
    language: str  # of the name
    unit: str  # in the language of the document; empty while it is pending
    value_kind: str  # code of `initiatives.choices.ValueKind`
    scope: str  # code of `initiatives.choices.Scope`
    since: str  # day from which values count, as ISO 8601 writes it; may be empty
    has_total: bool
    may_repeat: bool
    is_pending: bool  # its unit
    workplan: str
    edition: str
    source: str
    kinds: list[Kind]
    baselines: list[Aim]
    targets: list[Aim]
    years: list[YearOfIndicator]
    reporting: list[YearOfReporting]
    countries: list[CountryOfIndicator]
    places: list[PlaceOfIndicator]
    units: list[UnitOfIndicator]


class Figures(TypedDict):
    """The exact figures behind a table or chart; its words, in which they are rounded, are the text of the item."""

    first_year: int
    last_year: int
    indicators: list[IndicatorFigures]


class Chart(TypedDict):
    """A picture that the renderers draw, below the text of its item."""

    specification: str  # of Vega-Lite, as JSON
    alternative: str  # what it shows, in words
    address: str  # of the page that shows it


class Item(TypedDict):
    """One piece of a section: an optional heading, then an optional text."""

    id: str  # of its text: record and version in `[a-z0-9_]`, at most 32 characters; paragraphs add `_p1`, `_p2`, ...
    record: Record
    about: int | None  # id of the initiative it tells of
    numbered: bool  # counted 1, 2, 3 through the section, the number printed before the heading
    heading: str  # may be empty: running text without heading
    heading_id: str  # of its block; empty without heading
    heading_record: Record | None  # a title comes from its initiative, the text below it from an update
    level: int  # of the heading, counted below the section: 1 is one level under the section's heading
    html: str  # the clean subset of `portal.common.richtext`; may be empty
    language: str
    figures: NotRequired[Figures]  # of a table or chart of indicators
    chart: NotRequired[Chart]


class Section(TypedDict):
    """One part of the submission, under a heading of level 1."""

    id: str
    record: Record
    heading: str
    summary: bool  # the executive summary: it can be taken out alone
    items: list[Item]


class Reference(TypedDict):
    """What a footnote cites. Any part may be empty."""

    text: str  # the words as printed in former documents; where given, they are printed instead of what follows
    author: str
    title: str
    year: str
    address: str
    record: Record


class LayoutFacts(TypedDict):
    """What the layout of the entity and call says about the page."""

    heading_numbers: Literal["none", "arabic", "roman", "chinese"]  # "1. Summary", "I. Summary", "一、 摘要"
    paragraph_numbers: Literal["none", "through"]  # through the text, but not in the summary
    contents_depth: int  # levels in the contents list, where the front has one
    running_links: NotRequired[Literal["links", "footnotes"]]  # links in the text stay links, or print as footnotes


class Snapshot(TypedDict):
    """All that one compiled submission says. All of it is public: roles, never names of people."""

    format: int
    portal: str  # its address: pages of the records stand under `<portal>/records/`
    call: str  # its address in the portal: `25`, `gc-19`
    submission: str  # the same: `UNIDO`, `UNIDO-Rev1`
    entities: list[str]  # codes
    mark: str  # of a later issue: `Corr.1`, `Rev.2`; empty for the original
    title: str  # of the document, for its properties
    author: str  # the entities, for its properties
    subject: str  # the call, for its properties
    language: str  # `en`, `ar`, `zh-hans`, ...
    demonstration: bool  # holds invented records, said on every page
    layout: LayoutFacts
    cover: list[CoverLine]
    cover_record: Record | None
    front: list[FrontBlock]
    front_record: Record | None
    sections: list[Section]
    references: dict[str, Reference]  # by the id that `data-reference` names


def canonical(data: Mapping[str, object]) -> bytes:
    """Return the one way to write a snapshot, or a receipt: UTF-8 JSON, keys sorted, no blanks."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def fingerprint(facts: Mapping[str, object]) -> str:
    """Return the SHA-256 of the canonical form of a snapshot, or of a receipt, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(facts)).hexdigest()
