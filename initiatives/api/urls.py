"""Addresses below `/api/v1/` of what is stored."""

from django.urls import path

from initiatives.api import action_lines, countries, entities

urlpatterns = [
    path("action-lines/", action_lines.ActionLineList.as_view(), name="api_action_line_list"),
    path("action-lines/<str:code>/", action_lines.ActionLineDetail.as_view(), name="api_action_line_detail"),
    path("countries/", countries.CountryList.as_view(), name="api_country_list"),
    path("countries/<str:iso3>/", countries.CountryDetail.as_view(), name="api_country_detail"),
    path("entities/", entities.EntityList.as_view(), name="api_entity_list"),
    path("entities/<str:code>/", entities.EntityDetail.as_view(), name="api_entity_detail"),
]
