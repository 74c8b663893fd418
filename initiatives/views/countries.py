"""The countries, the page of one, and which of them are middle-income countries in a fiscal year."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from initiatives.filters import CountryFilter
from initiatives.incomes import fiscal_years, income_history, middle_income_in
from initiatives.models import Country, CountryGroup, Document, Initiative, InitiativePlace, Mention, Update
from initiatives.queries import in_six_languages, initiatives_by, latest_initiatives, latest_updates
from initiatives.querysets import fiscal_year
from portal.common.addresses import lead_to_code
from portal.common.lists import Listing

FEW = 5


@require_safe
def country_list(request: HttpRequest) -> HttpResponse:
    """Member States and observers: their income group today, and how many public initiatives name them."""
    listing = Listing(
        request,
        CountryFilter,
        name="country_list",
        export="country_export",
        shown=lambda countries: countries.with_income_group(on=timezone.localdate()),
    )
    counts = initiatives_by("country")
    rows = [(country, counts.get(country.pk, 0)) for country in listing.page.object_list]
    return listing.response("initiatives/country_list.html", rows=rows)


@require_safe
def country_detail(request: HttpRequest, code: str) -> HttpResponse:
    """What is done in a country, its groups and its income groups. A code in other letters leads to the one in use."""
    country = Country.objects.public().filter(iso3=code).first()
    if country is None:
        return lead_to_code(request, Country.objects.public(), code, field="iso3")
    named = InitiativePlace.objects.filter(country=country).values("initiative")
    public = Initiative.objects.public().listed().counted().filter(pk__in=named)
    updates = Update.objects.visible_to(request.user).filter(initiative__in=named)
    mentioning = Mention.objects.visible_to(request.user).filter(country=country).values("document")
    documents = Document.objects.visible_to(request.user).filter(pk__in=mentioning)
    context = {
        "country": country,
        "names": in_six_languages(country),
        "groups": CountryGroup.objects.of_country(country, on=timezone.localdate()),
        "income_columns": [{"label": _("Fiscal years")}, {"label": _("In force")}, {"label": _("Income group")}],
        "income_rows": [
            [{"text": span.years}, {"text": span.in_force}, {"text": span.label}] for span in income_history(country)
        ],
        "initiatives": latest_initiatives(public, FEW),
        "initiative_count": initiatives_by("country").get(country.pk, 0),
        "updates": latest_updates(updates, request.user),
        "documents": documents.select_related("session", "entity")[:FEW],
        "document_count": documents.count(),
    }
    return render(request, "initiatives/country_detail.html", context)


@require_safe
def middle_income(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """The middle-income countries of a fiscal year of the World Bank, and who joined and left with it."""
    years = fiscal_years()
    if year is None:
        year = next((known for known in years if known <= fiscal_year(timezone.localdate())), None)
    elif year not in years:
        raise Http404
    context = {
        "years": years,
        "year": year,
        "told": middle_income_in(year) if year else None,
        "earlier": year - 1 if year and year - 1 in years else None,
        "later": year + 1 if year and year + 1 in years else None,
    }
    return render(request, "initiatives/middle_income.html", context)
