"""Addresses below `/api/v1/` of what is stored."""

from django.urls import path

import portal.common.addresses  # noqa: F401  # knows what <word:code> is
from initiatives.api import (
    action_lines,
    countries,
    documents,
    entities,
    indicators,
    initiatives,
    passage_drafts,
    passages,
    result_drafts,
    results,
    target_drafts,
    update_drafts,
    updates,
    workplans,
)

urlpatterns = [
    path("action-lines/", action_lines.ActionLineList.as_view(), name="api_action_line_list"),
    path("action-lines/<word:code>/", action_lines.ActionLineDetail.as_view(), name="api_action_line_detail"),
    path("countries/", countries.CountryList.as_view(), name="api_country_list"),
    path("countries/<word:iso3>/", countries.CountryDetail.as_view(), name="api_country_detail"),
    path("entities/", entities.EntityList.as_view(), name="api_entity_list"),
    path("entities/<word:code>/", entities.EntityDetail.as_view(), name="api_entity_detail"),
    path("documents/", documents.DocumentList.as_view(), name="api_document_list"),
    path("documents/<int:pk>/", documents.DocumentDetail.as_view(), name="api_document_detail"),
    path("documents/<int:pk>/parts/", documents.PartList.as_view(), name="api_part_list"),
    path("indicators/", indicators.IndicatorList.as_view(), name="api_indicator_list"),
    path("indicators/<word:code>/", indicators.IndicatorDetail.as_view(), name="api_indicator_detail"),
    path("initiatives/", initiatives.InitiativeList.as_view(), name="api_initiative_list"),
    path("initiatives/<word:name>/", initiatives.InitiativeDetail.as_view(), name="api_initiative_detail"),
    path("passages/", passages.PassageList.as_view(), name="api_passage_list"),
    path("passages/<int:pk>/", passages.PassageDetail.as_view(), name="api_passage_detail"),
    path("passages/<int:pk>/carry-on/", passage_drafts.PassageCarryOn.as_view(), name="api_passage_carry_on"),
    path("passages/<int:pk>/change/", passage_drafts.PassageChange.as_view(), name="api_passage_change"),
    path("passages/drafts/", passage_drafts.PassageDraftList.as_view(), name="api_passage_draft_list"),
    path("passages/drafts/<int:pk>/", passage_drafts.PassageDraftDetail.as_view(), name="api_passage_draft_detail"),
    path(
        "passages/drafts/<int:pk>/approve/",
        passage_drafts.PassageDraftApprove.as_view(),
        name="api_passage_draft_approve",
    ),
    path(
        "passages/drafts/<int:pk>/return/", passage_drafts.PassageDraftReturn.as_view(), name="api_passage_draft_return"
    ),
    path(
        "passages/drafts/<int:pk>/submit/", passage_drafts.PassageDraftSubmit.as_view(), name="api_passage_draft_submit"
    ),
    path("results/", results.ResultList.as_view(), name="api_result_list"),
    path("results/<int:pk>/", results.ResultDetail.as_view(), name="api_result_detail"),
    path("results/<int:pk>/change/", result_drafts.ResultChange.as_view(), name="api_result_change"),
    path("results/drafts/", result_drafts.ResultDraftList.as_view(), name="api_result_draft_list"),
    path("results/drafts/<int:pk>/", result_drafts.ResultDraftDetail.as_view(), name="api_result_draft_detail"),
    path(
        "results/drafts/<int:pk>/approve/", result_drafts.ResultDraftApprove.as_view(), name="api_result_draft_approve"
    ),
    path("results/drafts/<int:pk>/files/", result_drafts.ResultDraftFiles.as_view(), name="api_result_draft_files"),
    path("results/drafts/<int:pk>/return/", result_drafts.ResultDraftReturn.as_view(), name="api_result_draft_return"),
    path("results/drafts/<int:pk>/submit/", result_drafts.ResultDraftSubmit.as_view(), name="api_result_draft_submit"),
    path("targets/drafts/", target_drafts.TargetDraftList.as_view(), name="api_target_draft_list"),
    path("targets/drafts/<int:pk>/", target_drafts.TargetDraftDetail.as_view(), name="api_target_draft_detail"),
    path(
        "targets/drafts/<int:pk>/approve/", target_drafts.TargetDraftApprove.as_view(), name="api_target_draft_approve"
    ),
    path("targets/drafts/<int:pk>/return/", target_drafts.TargetDraftReturn.as_view(), name="api_target_draft_return"),
    path("targets/drafts/<int:pk>/submit/", target_drafts.TargetDraftSubmit.as_view(), name="api_target_draft_submit"),
    path("updates/", updates.UpdateList.as_view(), name="api_update_list"),
    path("updates/<int:pk>/", updates.UpdateDetail.as_view(), name="api_update_detail"),
    path("updates/<int:pk>/change/", update_drafts.UpdateChange.as_view(), name="api_update_change"),
    path("updates/drafts/", update_drafts.DraftList.as_view(), name="api_draft_list"),
    path("updates/drafts/<int:pk>/", update_drafts.DraftDetail.as_view(), name="api_draft_detail"),
    path("updates/drafts/<int:pk>/approve/", update_drafts.DraftApprove.as_view(), name="api_draft_approve"),
    path("updates/drafts/<int:pk>/files/", update_drafts.DraftFiles.as_view(), name="api_draft_files"),
    path("updates/drafts/<int:pk>/return/", update_drafts.DraftReturn.as_view(), name="api_draft_return"),
    path("updates/drafts/<int:pk>/submit/", update_drafts.DraftSubmit.as_view(), name="api_draft_submit"),
    path("workplans/", workplans.WorkplanList.as_view(), name="api_workplan_list"),
    path("workplans/<word:slug>/", workplans.WorkplanDetail.as_view(), name="api_workplan_detail"),
]
