"""The reference data that the load points to, by its codes and in an order that no database chooses."""

from collections import defaultdict
from random import Random

from initiatives.choices import KINDS, UNITS, EntryType
from initiatives.load.words import LANGUAGES
from initiatives.models import ActionLine, Country, CountryGroup, Entity, Session, Term, Unit
from portal.common.languages import in_language

#: The entities of the load; the first ones have more initiatives.
ENTITIES = [
    *("UNIDO", "UNDESA", "ITU", "UNESCO", "UNCTAD", "UNDP", "FAO", "WHO", "ILO", "WMO"),
    *("UPU", "UNEP", "UN-Habitat", "ICAO", "WIPO", "ITC", "WTO", "ECA", "ECE", "ECLAC"),
]
#: Kinds of initiative, one for each activity of words.json.
KINDS_USED = [
    *("programme", "project", "event", "platform", "policy-input", "study"),
    *("network", "survey", "partnership", "tool", "event-series", "initiative"),
]
#: How many terms of each vocabulary an initiative has at most.
DESCRIBED_BY = {
    "sdgs": 3,
    "technologies": 3,
    "sectors": 1,
    "thematic-areas": 1,
    "core-functions": 1,
    "4ir-enablers": 2,
}


class Known:
    """The ids of reference data. Raises KeyError where a code of the load is missing."""

    def __init__(self) -> None:
        entities = {entity.code: entity for entity in Entity.objects.all()}
        self.entities = [entities[code] for code in ENTITIES]
        self.units: dict[int, list[int]] = defaultdict(list)
        for pk, entity in Unit.objects.order_by("name").values_list("pk", "entity_id"):
            self.units[entity].append(pk)
        self.terms: dict[str, list[int]] = defaultdict(list)
        kinds = {}
        self.units_of_measurement = {}
        for pk, vocabulary, code in Term.objects.order_by("code").values_list("pk", "vocabulary__code", "code"):
            self.terms[vocabulary].append(pk)
            if vocabulary == KINDS:
                kinds[code] = pk
            if vocabulary == UNITS:
                self.units_of_measurement[code] = pk
        self.kinds = [kinds[code] for code in KINDS_USED]
        self.lines = list(ActionLine.objects.order_by("order").values_list("pk", flat=True))
        self.groups = list(CountryGroup.objects.order_by("code").values_list("pk", flat=True))
        self.sessions = {
            session.year: session.pk for session in Session.objects.filter(body="CSTD").order_by("-number")
        }
        countries = list(Country.objects.filter(entry_type=EntryType.M49).order_by("iso3"))
        Random("countries").shuffle(countries)  # noqa: S311  # the first ones have more; those are not all in A
        self.countries = [country.pk for country in countries]
        self.country_names = [
            {language: in_language(country, "name", language) for language in LANGUAGES} for country in countries
        ]
