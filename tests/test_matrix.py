"""Who gets which answer from which address: one table of role, method, URL and status.

Each line has the name of a URL, a method, and the record it is asked about, then one answer for each role: a status,
or `sign-in` for being sent to sign in. A URL without its lines, or without a rule for its prefix, fails.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker, Settings

from initiatives.choices import DraftState, EventState, InvitationState, Role
from initiatives.mailing import stop_token
from initiatives.models import Entity, Initiative
from initiatives.services.comments import Place, write_comment
from initiatives.services.drafts import begin_entity_text
from initiatives.services.initiatives import change_address
from initiatives.services.notifications import notify
from portal.models import NotificationKind, User
from reporting.choices import FileFormat, RecordKind, SubmissionState, TextSource
from reporting.models import Compilation
from reporting.services.imports import digest, proposals_of
from tests.factories import (
    NOON,
    ActionLineFactory,
    ArtifactFactory,
    CallFactory,
    CompilationFactory,
    CountryFactory,
    DatedPartFactory,
    DeliveryFactory,
    DocumentFactory,
    DraftFactory,
    EntityFactory,
    EvidenceFactory,
    IncomeClassificationFactory,
    IndicatorFactory,
    InitiativeFactory,
    ItemFactory,
    JointInvitationFactory,
    PassageDraftFactory,
    PassageFactory,
    PrintedVersionFactory,
    ResultDraftFactory,
    ResultFactory,
    SealFactory,
    SectionFactory,
    SessionFactory,
    SubmissionFactory,
    TargetDraftFactory,
    UpdateDraftFactory,
    UpdateFactory,
    UserFactory,
    WithdrawalFactory,
    WorkbookRowFactory,
    WorkbookUploadFactory,
)
from tests.support.importing import accepted, asked_for, read_in
from tests.support.loading import undone_afterwards
from tests.support.pictures import photo
from tests.support.sealing import cleared, frozen, prepared, sealed

# Staff, focal point and secretariat are those of the entity that the records belong to; `other` is staff of another,
# `joint` of one that makes the submissions of `_add_submissions` together with it, and has joined an initiative of it.
ROLES = [
    *("visitor", "reader", "delegate"),
    *("staff", "other", "joint", "focal", "secretariat"),
    *("commission", "administrator"),
]

# name               method about         visitor reader  deleg.  staff   other   joint   focal   secret. commis. admin.
MATRIX = """
 home                GET    -             200     200     200     200     200     200     200     200     200     200
 home                POST   -             405     405     405     405     405     405     405     405     405     405
 healthz             GET    -             200     200     200     200     200     200     200     200     200     200
 healthz             POST   -             405     405     405     405     405     405     405     405     405     405
 readyz              GET    -             200     200     200     200     200     200     200     200     200     200
 readyz              POST   -             405     405     405     405     405     405     405     405     405     405
 search              GET    -             200     200     200     200     200     200     200     200     200     200
 search              POST   -             405     405     405     405     405     405     405     405     405     405
 search_suggestions  GET    -             200     200     200     200     200     200     200     200     200     200
 search_suggestions  POST   -             405     405     405     405     405     405     405     405     405     405
 styleguide          GET    -             404     404     404     404     404     404     404     404     404     404
 styleguide          POST   -             405     405     405     405     405     405     405     405     405     405
 styleguide_scheme   GET    dark          404     404     404     404     404     404     404     404     404     404
 styleguide_scheme   POST   dark          405     405     405     405     405     405     405     405     405     405
 set_language        GET    -             302     302     302     302     302     302     302     302     302     302
 set_language        POST   -             302     302     302     302     302     302     302     302     302     302

 initiative_list     GET    -             200     200     200     200     200     200     200     200     200     200
 initiative_list     POST   -             405     405     405     405     405     405     405     405     405     405
 update_list         GET    -             200     200     200     200     200     200     200     200     200     200
 update_list         POST   -             405     405     405     405     405     405     405     405     405     405
 initiative_detail   GET    public        200     200     200     200     200     200     200     200     200     200
 initiative_detail   GET    hidden        404     404     404     200     404     404     200     200     404     404
 initiative_detail   POST   public        405     405     405     405     405     405     405     405     405     405
 initiative_detail   GET    former        301     301     301     301     301     301     301     301     301     301
 initiative_detail   GET    former-hid.   404     404     404     301     404     404     301     301     404     404
 initiative_detail   GET    merged        301     301     301     301     301     301     301     301     301     301
 initiative_detail   GET    merged-hid.   404     404     404     301     404     404     301     301     404     404
 initiative_detail   GET    joined        404     404     404     200     404     200     200     200     404     404
 initiative_short    GET    public        302     302     302     302     302     302     302     302     302     302
 initiative_short    GET    hidden        404     404     404     302     404     404     302     302     404     404
 initiative_short    GET    merged        302     302     302     302     302     302     302     302     302     302
 initiative_short    GET    merged-hid.   404     404     404     302     404     404     302     302     404     404
 initiative_short    POST   public        405     405     405     405     405     405     405     405     405     405
 initiative_history  GET    public        200     200     200     200     200     200     200     200     200     200
 initiative_history  GET    hidden        404     404     404     200     404     404     200     200     404     404
 initiative_history  POST   public        405     405     405     405     405     405     405     405     405     405
 initiative_manage   GET    public        sign-in 403     403     403     403     403     200     403     403     403
 initiative_manage   GET    hidden        sign-in 404     404     403     404     404     200     403     404     404
 initiative_manage   POST   public        sign-in 403     403     403     403     403     302     403     403     403
 initiative_manage   POST   hidden        sign-in 404     404     403     404     404     302     403     404     404

 entity_detail       GET    own           200     200     200     200     200     200     200     200     200     200
 entity_detail       POST   own           405     405     405     405     405     405     405     405     405     405
 document_detail     GET    record        200     200     200     200     200     200     200     200     200     200
 document_detail     GET    read-in       404     404     404     200     404     404     200     200     404     404
 document_detail     GET    read-public   200     200     200     200     200     200     200     200     200     200
 document_detail     POST   record        405     405     405     405     405     405     405     405     405     405
 document_file       GET    record        404     404     404     404     404     404     404     404     404     404
 document_file       GET    read-in       404     404     404     200     404     404     200     200     404     404
 document_file       GET    read-public   200     200     200     200     200     200     200     200     200     200
 document_file       POST   record        405     405     405     405     405     405     405     405     405     405
 evidence_file       GET    shown         200     200     200     200     200     200     200     200     200     200
 evidence_file       GET    internal      404     404     404     200     404     404     200     200     404     404
 evidence_file       POST   shown         405     405     405     405     405     405     405     405     405     405
 evidence_thumbnail  GET    shown         200     200     200     200     200     200     200     200     200     200
 evidence_thumbnail  GET    internal      404     404     404     200     404     404     200     200     404     404
 evidence_thumbnail  POST   shown         405     405     405     405     405     405     405     405     405     405
 action_line_list    GET    -             200     200     200     200     200     200     200     200     200     200
 action_line_list    POST   -             405     405     405     405     405     405     405     405     405     405
 action_line_detail  GET    line          200     200     200     200     200     200     200     200     200     200
 action_line_detail  POST   line          405     405     405     405     405     405     405     405     405     405

 initiative_export   GET    csv           200     200     200     200     200     200     200     200     200     200
 initiative_export   GET    xlsx          200     200     200     200     200     200     200     200     200     200
 initiative_export   GET    json          200     200     200     200     200     200     200     200     200     200
 initiative_export   POST   csv           405     405     405     405     405     405     405     405     405     405
 update_export       GET    csv           200     200     200     200     200     200     200     200     200     200
 update_export       GET    xlsx          200     200     200     200     200     200     200     200     200     200
 update_export       GET    json          200     200     200     200     200     200     200     200     200     200
 update_export       POST   csv           405     405     405     405     405     405     405     405     405     405
 document_export     GET    csv           200     200     200     200     200     200     200     200     200     200
 document_export     GET    xlsx          200     200     200     200     200     200     200     200     200     200
 document_export     GET    json          200     200     200     200     200     200     200     200     200     200
 document_export     POST   csv           405     405     405     405     405     405     405     405     405     405
 entity_export       GET    csv           200     200     200     200     200     200     200     200     200     200
 entity_export       GET    xlsx          200     200     200     200     200     200     200     200     200     200
 entity_export       GET    json          200     200     200     200     200     200     200     200     200     200
 entity_export       POST   csv           405     405     405     405     405     405     405     405     405     405
 submission_export   GET    csv           200     200     200     200     200     200     200     200     200     200
 submission_export   GET    xlsx          200     200     200     200     200     200     200     200     200     200
 submission_export   GET    json          200     200     200     200     200     200     200     200     200     200
 submission_export   POST   csv           405     405     405     405     405     405     405     405     405     405
 document_list       GET    -             200     200     200     200     200     200     200     200     200     200
 document_list       POST   -             405     405     405     405     405     405     405     405     405     405
 entity_list         GET    -             200     200     200     200     200     200     200     200     200     200
 entity_list         POST   -             405     405     405     405     405     405     405     405     405     405
 country_list        GET    -             200     200     200     200     200     200     200     200     200     200
 country_list        POST   -             405     405     405     405     405     405     405     405     405     405
 middle_income       GET    -             200     200     200     200     200     200     200     200     200     200
 middle_income       POST   -             405     405     405     405     405     405     405     405     405     405
 middle_income_year  GET    year          200     200     200     200     200     200     200     200     200     200
 middle_income_year  POST   year          405     405     405     405     405     405     405     405     405     405
 country_detail      GET    country       200     200     200     200     200     200     200     200     200     200
 country_detail      POST   country       405     405     405     405     405     405     405     405     405     405
 workplan_list       GET    -             200     200     200     200     200     200     200     200     200     200
 workplan_list       POST   -             405     405     405     405     405     405     405     405     405     405
 workplan_detail     GET    workplan      200     200     200     200     200     200     200     200     200     200
 workplan_detail     POST   workplan      405     405     405     405     405     405     405     405     405     405
 indicator_detail    GET    indicator     200     200     200     200     200     200     200     200     200     200
 indicator_detail    POST   indicator     405     405     405     405     405     405     405     405     405     405
 indicator_export    GET    figures       200     200     200     200     200     200     200     200     200     200
 indicator_export    POST   figures       405     405     405     405     405     405     405     405     405     405
 indicator_chart     GET    chart         200     200     200     200     200     200     200     200     200     200
 indicator_chart     POST   chart         405     405     405     405     405     405     405     405     405     405
 country_export      GET    csv           200     200     200     200     200     200     200     200     200     200
 country_export      GET    xlsx          200     200     200     200     200     200     200     200     200     200
 country_export      GET    json          200     200     200     200     200     200     200     200     200     200
 country_export      POST   csv           405     405     405     405     405     405     405     405     405     405

 desk                GET    -             sign-in 200     200     200     200     200     200     200     200     200
 desk                POST   -             sign-in 405     405     405     405     405     405     405     405     405
 people_list         GET    -             sign-in 403     403     403     403     403     200     403     403     403
 people_list         POST   -             sign-in 405     405     405     405     405     405     405     405     405
 person_invite       GET    -             sign-in 403     403     403     403     403     200     403     403     403
 person_invite       POST   -             sign-in 403     403     403     403     403     422     403     403     403
 person_detail       GET    staff         sign-in 404     404     403     404     404     200     403     404     404
 person_detail       POST   staff         sign-in 404     404     403     404     404     302     403     404     404
 desk_row            GET    public        sign-in 403     403     200     403     403     200     200     403     403
 desk_row            POST   public        sign-in 403     403     302     403     403     302     302     403     403
 desk_row            GET    hidden        sign-in 404     404     200     404     404     200     200     404     404
 desk_tell           GET    public        sign-in 403     403     200     403     403     200     200     403     403
 desk_tell           POST   public        sign-in 403     403     302     403     403     302     302     403     403
 desk_tell           GET    hidden        sign-in 404     404     200     404     404     200     200     404     404
 desk_hand_over      GET    -             405     405     405     405     405     405     405     405     405     405
 desk_hand_over      POST   -             sign-in 403     403     302     302     302     302     302     403     403
 planned_list        GET    -             sign-in 403     403     200     200     200     200     200     403     403
 planned_list        POST   -             sign-in 405     405     405     405     405     405     405     405     405
 plan                GET    own           sign-in 404     404     200     404     404     200     200     404     404
 plan                POST   own           sign-in 404     404     302     404     404     302     302     404     404
 plan_of_part        GET    own           sign-in 404     404     200     404     404     200     200     404     404
 plan_of_part        POST   own           sign-in 404     404     302     404     404     302     302     404     404
 desk_waiting        GET    -             sign-in 200     200     200     200     200     200     200     200     200
 desk_waiting        POST   -             sign-in 405     405     405     405     405     405     405     405     405
 words_used          GET    -             sign-in 403     403     200     200     200     200     200     403     403
 words_used          POST   -             sign-in 405     405     405     405     405     405     405     405     405
 wording_list        GET    -             sign-in 403     403     200     200     200     200     200     403     403
 wording_list        POST   -             sign-in 405     405     405     405     405     405     405     405     405
 wording_take        GET    of-draft      sign-in 405     405     405     405     405     405     405     405     405
 wording_take        POST   of-draft      sign-in 404     404     302     404     404     302     302     404     404

 passage_list        GET    -             sign-in 403     403     200     200     200     200     200     403     403
 passage_list        POST   -             sign-in 405     405     405     405     405     405     405     405     405
 passage_new         GET    -             sign-in 403     403     200     200     200     200     200     403     403
 passage_new         POST   new           sign-in 403     403     302     422     422     302     302     403     403
 passage_detail      GET    own           200     200     200     200     200     200     200     200     200     200
 passage_detail      POST   own           405     405     405     405     405     405     405     405     405     405
 passage_change      GET    own           405     405     405     405     405     405     405     405     405     405
 passage_change      POST   own           sign-in 403     403     302     403     403     302     302     403     403
 passage_carry_on    GET    own           405     405     405     405     405     405     405     405     405     405
 passage_carry_on    POST   own           sign-in 403     403     302     403     403     302     302     403     403
 result_new          GET    -             sign-in 403     403     200     200     200     200     200     403     403
 result_new          GET    public        sign-in 403     403     200     403     403     200     200     403     403
 result_new          GET    hidden        sign-in 404     404     200     404     404     200     200     404     404
 result_new          POST   public        sign-in 403     403     302     403     403     302     302     403     403
 result_new          POST   joined        sign-in 404     404     302     404     302     302     302     404     404
 result_detail       GET    own           200     200     200     200     200     200     200     200     200     200
 result_detail       GET    hidden        404     404     404     200     404     404     200     200     404     404
 result_detail       POST   own           405     405     405     405     405     405     405     405     405     405
 result_change       GET    own           405     405     405     405     405     405     405     405     405     405
 result_change       POST   own           sign-in 403     403     302     403     403     302     302     403     403
 result_change       POST   hidden        sign-in 404     404     302     404     404     302     302     404     404
 target_begin        GET    own           405     405     405     405     405     405     405     405     405     405
 target_begin        POST   own           sign-in 403     403     403     403     403     403     302     403     403
 target_begin        POST   other         sign-in 403     403     403     403     403     403     403     403     403
 indicator_begin     GET    own           405     405     405     405     405     405     405     405     405     405
 indicator_begin     POST   own           sign-in 403     403     403     403     403     403     302     403     403
 indicator_begin     POST   other         sign-in 403     403     403     403     403     403     403     403     403
 workplan_change     GET    own           sign-in 403     403     403     403     403     403     200     403     403
 workplan_change     POST   own           sign-in 403     403     403     403     403     403     302     403     403
 workplan_change     POST   other         sign-in 403     403     403     403     403     403     403     403     403
 edition_begin       GET    own           405     405     405     405     405     405     405     405     405     405
 edition_begin       POST   own           sign-in 403     403     403     403     403     403     302     403     403
 edition_begin       POST   other         sign-in 403     403     403     403     403     403     403     403     403
 indicator_change    GET    own           405     405     405     405     405     405     405     405     405     405
 indicator_change    POST   own           sign-in 403     403     403     403     403     403     302     403     403
 indicator_change    POST   other         sign-in 403     403     403     403     403     403     403     403     403
 update_new          GET    -             sign-in 403     403     200     200     200     200     200     403     403
 update_new          GET    public        sign-in 403     403     200     403     403     200     200     403     403
 update_new          GET    hidden        sign-in 404     404     200     404     404     200     200     404     404
 update_new          POST   public        sign-in 403     403     302     403     403     302     302     403     403
 update_new          POST   hidden        sign-in 404     404     302     404     404     302     302     404     404
 update_new          POST   joined        sign-in 404     404     302     404     302     302     302     404     404
 update_detail       GET    approved      sign-in 200     200     200     200     200     200     200     200     200
 update_detail       GET    approved-hid. sign-in 404     404     200     404     404     200     200     404     404
 update_detail       POST   approved      sign-in 405     405     405     405     405     405     405     405     405
 update_change       GET    approved      405     405     405     405     405     405     405     405     405     405
 update_change       POST   approved      sign-in 403     403     302     403     403     302     302     403     403
 update_change       POST   approved-hid. sign-in 404     404     302     404     404     302     302     404     404

 joint_list          GET    -             sign-in 403     403     200     200     200     200     200     403     403
 joint_list          POST   -             sign-in 405     405     405     405     405     405     405     405     405
 joint_detail        GET    joining       sign-in 404     404     200     404     200     200     200     404     404
 joint_detail        POST   joining       sign-in 404     404     403     404     403     302     403     404     404
 joint_detail        GET    invited       sign-in 404     404     200     404     200     200     200     404     404
 joint_detail        POST   invited       sign-in 404     404     403     404     403     302     403     404     404
 entity_text_begin   GET    joined        405     405     405     405     405     405     405     405     405     405
 entity_text_begin   POST   joined        404     404     404     403     404     302     403     403     404     404
 entity_text_begin   POST   public        sign-in 403     403     403     403     403     403     403     403     403
 initiative_ask      GET    joined        404     404     404     403     404     200     403     403     404     404
 initiative_ask      GET    public        sign-in 403     403     403     403     403     403     403     403     403
 initiative_ask      POST   joined        404     404     404     403     404     302     403     403     404     404

 draft_new           GET    -             sign-in 403     403     200     200     200     200     200     403     403
 draft_new           POST   -             sign-in 403     403     422     422     422     422     422     403     403
 initiatives_alike   GET    -             sign-in 200     200     200     200     200     200     200     200     200
 initiatives_alike   POST   -             sign-in 405     405     405     405     405     405     405     405     405
 find_participants   GET    -             sign-in 200     200     200     200     200     200     200     200     200
 find_participants   POST   -             sign-in 405     405     405     405     405     405     405     405     405
 find_initiatives    GET    -             sign-in 200     200     200     200     200     200     200     200     200
 find_initiatives    POST   -             sign-in 405     405     405     405     405     405     405     405     405
 draft_begin         GET    public        405     405     405     405     405     405     405     405     405     405
 draft_begin         POST   public        sign-in 403     403     302     403     403     302     302     403     403
 draft_begin         POST   hidden        404     404     404     302     404     404     302     302     404     404
 draft_begin         POST   joined        404     404     404     302     404     302     302     302     404     404
 draft_detail        GET    of-update     sign-in 404     404     200     404     404     200     200     404     404
 draft_detail        GET    of-passage    sign-in 404     404     200     404     404     200     200     404     404
 draft_detail        GET    of-result     sign-in 404     404     200     404     404     200     200     404     404
 draft_detail        GET    of-target     sign-in 404     404     200     404     404     200     200     404     404
 draft_detail        GET    draft         sign-in 404     404     200     404     404     200     200     404     404
 draft_detail        GET    submitted     sign-in 404     404     200     404     404     200     200     404     404
 draft_detail        GET    approved      sign-in 404     404     200     404     404     200     200     404     404
 draft_detail        GET    of-joined     sign-in 404     404     200     404     200     200     200     404     404
 draft_detail        GET    own-text      sign-in 404     404     200     404     200     200     200     404     404
 draft_detail        POST   draft         sign-in 405     405     405     405     405     405     405     405     405
 draft_edit          GET    of-update     sign-in 404     404     200     404     404     200     200     404     404
 draft_edit          GET    of-passage    sign-in 404     404     200     404     404     200     200     404     404
 draft_edit          GET    of-result     sign-in 404     404     200     404     404     200     200     404     404
 draft_edit          GET    of-target     sign-in 404     404     403     404     404     403     200     404     404
 draft_edit          GET    draft         sign-in 404     404     200     404     404     200     200     404     404
 draft_edit          GET    submitted     sign-in 404     404     302     404     404     302     302     404     404
 draft_edit          GET    of-joined     sign-in 404     404     200     404     403     200     200     404     404
 draft_edit          GET    own-text      sign-in 404     404     403     404     200     403     403     404     404
 draft_edit          POST   draft         sign-in 404     404     302     404     404     302     302     404     404
 draft_edit          POST   submitted     sign-in 404     404     409     404     404     409     409     404     404
 draft_edit          POST   returned      sign-in 404     404     302     404     404     302     302     404     404
 draft_upload        GET    draft         405     405     405     405     405     405     405     405     405     405
 draft_upload        POST   draft         401     404     404     422     404     404     422     422     404     404
 draft_upload        POST   submitted     401     404     404     409     404     404     409     409     404     404
 draft_autosave      GET    draft         405     405     405     405     405     405     405     405     405     405
 draft_autosave      POST   draft         401     404     404     200     404     404     200     200     404     404
 draft_autosave      POST   submitted     401     404     404     409     404     404     409     409     404     404
 draft_submit        GET    draft         405     405     405     405     405     405     405     405     405     405
 draft_submit        POST   draft         sign-in 404     404     302     404     404     302     302     404     404
 draft_submit        POST   of-target     sign-in 404     404     403     404     404     403     302     404     404
 draft_submit        POST   submitted     sign-in 404     404     409     404     404     409     409     404     404
 draft_withdraw      GET    draft         405     405     405     405     405     405     405     405     405     405
 draft_withdraw      POST   draft         sign-in 404     404     302     404     404     302     302     404     404
 draft_withdraw      POST   approved      sign-in 404     404     409     404     404     409     409     404     404
 draft_reopen        GET    withdrawn     405     405     405     405     405     405     405     405     405     405
 draft_reopen        POST   withdrawn     sign-in 404     404     302     404     404     302     302     404     404
 draft_reopen        POST   draft         sign-in 404     404     409     404     404     409     409     404     404
 draft_approve       GET    submitted     405     405     405     405     405     405     405     405     405     405
 draft_approve       POST   draft         sign-in 404     404     403     404     404     409     403     404     404
 draft_approve       POST   submitted     sign-in 404     404     403     404     404     302     403     404     404
 draft_approve       POST   of-target     sign-in 404     404     403     404     404     302     403     404     404
 draft_approve       POST   of-focal      sign-in 404     404     403     404     404     422     403     404     404
 draft_approve       POST   of-joined     sign-in 404     404     403     404     403     409     403     404     404
 draft_approve       POST   own-text      sign-in 404     404     403     404     403     403     403     404     404
 draft_return        GET    submitted     405     405     405     405     405     405     405     405     405     405
 draft_return        POST   draft         sign-in 404     404     403     404     404     409     403     404     404
 draft_return        POST   submitted     sign-in 404     404     403     404     404     302     403     404     404
 draft_return        POST   of-focal      sign-in 404     404     403     404     404     302     403     404     404

 draft_hand_over     GET    draft         405     405     405     405     405     405     405     405     405     405
 draft_hand_over     POST   draft         sign-in 404     404     302     404     404     302     302     404     404
 draft_hand_over     POST   approved      sign-in 404     404     409     404     404     409     409     404     404

 draft_comments      GET    draft         sign-in 404     404     302     404     404     302     302     404     404
 draft_comments      POST   draft         sign-in 404     404     302     404     404     302     302     404     404
 draft_comments      POST   approved      sign-in 404     404     302     404     404     302     302     404     404
 comment_answer      GET    of-staff      405     405     405     405     405     405     405     405     405     405
 comment_answer      POST   of-staff      sign-in 404     404     302     404     404     302     302     404     404
 comment_settle      GET    of-staff      405     405     405     405     405     405     405     405     405     405
 comment_settle      POST   of-staff      sign-in 404     404     302     404     404     302     302     404     404

 notification_list   GET    -             sign-in 200     200     200     200     200     200     200     200     200
 notification_list   POST   -             sign-in 405     405     405     405     405     405     405     405     405
 notification_open   GET    of-staff      sign-in 404     404     302     404     404     404     404     404     404
 notification_open   POST   of-staff      sign-in 405     405     405     405     405     405     405     405     405
 notification_read   GET    of-staff      405     405     405     405     405     405     405     405     405     405
 notification_read   POST   of-staff      sign-in 404     404     302     404     404     404     404     404     404
 notification_read_all GET    -             405     405     405     405     405     405     405     405     405     405
 notification_read_all POST   -             sign-in 302     302     302     302     302     302     302     302     302
 mail_stop           GET    of-staff      200     200     200     200     200     200     200     200     200     200
 mail_stop           GET    forged        404     404     404     404     404     404     404     404     404     404
 mail_stop           POST   of-staff      200     200     200     200     200     200     200     200     200     200
 mail_stop           POST   forged        404     404     404     404     404     404     404     404     404     404

 verify              GET    -             200     200     200     200     200     200     200     200     200     200
 verify              POST   -             422     422     422     422     422     422     422     422     422     422

 import_list         GET    -             sign-in 403     403     200     200     200     200     200     200     403
 import_list         POST   -             sign-in 403     403     422     422     422     422     422     422     403
 import_detail       GET    read          sign-in 404     404     200     404     404     200     200     404     404
 import_detail       GET    asked-for     sign-in 404     404     200     404     404     200     200     200     404
 import_detail       POST   read          sign-in 405     405     405     405     405     405     405     405     405
 import_words        GET    read          sign-in 404     404     200     404     404     200     200     404     404
 import_words        GET    asked-for     sign-in 404     404     404     404     404     404     404     404     404
 import_words        POST   read          sign-in 405     405     405     405     405     405     405     405     405
 import_file         GET    read          sign-in 404     404     200     404     404     200     200     404     404
 import_file         GET    asked-for     sign-in 404     404     200     404     404     200     200     200     404
 import_file         POST   read          sign-in 405     405     405     405     405     405     405     405     405
 import_accept       GET    read          sign-in 405     405     405     405     405     405     405     405     405
 import_accept       POST   read          sign-in 404     404     403     404     404     302     302     404     404
 import_accept       POST   asked-for     sign-in 404     404     403     404     404     409     409     403     404
 import_accept       POST   filed         sign-in 404     404     403     404     404     409     409     404     404
 import_undo         GET    filed         sign-in 404     404     403     404     404     200     200     404     404
 import_undo         GET    asked-for     sign-in 404     404     403     404     404     200     200     403     404
 import_undo         POST   filed         sign-in 404     404     403     404     404     302     302     404     404
 import_undo         POST   read          sign-in 404     404     403     404     404     302     302     404     404
 import_undo         POST   asked-for     sign-in 404     404     403     404     404     409     409     403     404

 workbook_list       GET    -             sign-in 403     403     200     200     200     200     200     403     403
 workbook_list       POST   -             sign-in 403     403     422     422     422     422     422     403     403
 workbook_download   GET    -             sign-in 403     403     200     200     200     200     200     403     403
 workbook_download   POST   -             sign-in 405     405     405     405     405     405     405     405     405
 workbook_texts      GET    -             sign-in 403     403     200     200     200     200     200     403     403
 workbook_texts      POST   -             sign-in 405     405     405     405     405     405     405     405     405
 workbook_detail     GET    book          sign-in 404     404     200     404     404     404     404     404     404
 workbook_detail     GET    book-taken    sign-in 404     404     200     404     404     404     404     404     404
 workbook_detail     POST   book          sign-in 405     405     405     405     405     405     405     405     405
 workbook_accept     GET    book          sign-in 405     405     405     405     405     405     405     405     405
 workbook_accept     POST   book          sign-in 404     404     302     404     404     404     404     404     404
 workbook_accept     POST   book-taken    sign-in 404     404     409     404     404     404     404     404     404
 workbook_drop       GET    book          sign-in 405     405     405     405     405     405     405     405     405
 workbook_drop       POST   book          sign-in 404     404     302     404     404     404     404     404     404
 workbook_drop       POST   book-taken    sign-in 404     404     409     404     404     404     404     404     404
 workbook_submit     GET    book          sign-in 405     405     405     405     405     405     405     405     405
 workbook_submit     POST   book          sign-in 404     404     409     404     404     404     404     404     404
 workbook_submit     POST   book-taken    sign-in 404     404     302     404     404     404     404     404     404
 workbook_choose     GET    book          sign-in 405     405     405     405     405     405     405     405     405
 workbook_choose     POST   book          sign-in 404     404     302     404     404     404     404     404     404
 workbook_choose     POST   book-taken    sign-in 404     404     409     404     404     404     404     404     404

 snapshot_schema     GET    format-2      200     200     200     200     200     200     200     200     200     200
 snapshot_schema     GET    format-9      404     404     404     404     404     404     404     404     404     404
 snapshot_schema     POST   format-2      405     405     405     405     405     405     405     405     405     405

 submission_list     GET    -             200     200     200     200     200     200     200     200     200     200
 submission_list     POST   -             405     405     405     405     405     405     405     405     405     405
 submission_detail   GET    drafting      404     404     404     200     404     200     200     200     404     404
 submission_detail   GET    sent          404     404     404     200     404     200     200     200     200     404
 submission_detail   GET    published     200     200     200     200     200     200     200     200     200     200
 submission_detail   POST   published     405     405     405     405     405     405     405     405     405     405
 compilation_request GET    drafting      405     405     405     405     405     405     405     405     405     405
 compilation_request POST   drafting      404     404     404     403     404     403     302     302     404     404
 compilation_request POST   sent          404     404     404     403     404     403     409     409     403     404
 compilation_request POST   published     sign-in 403     403     403     403     403     409     409     403     403
 compilation_detail  GET    drafting      404     404     404     200     404     200     200     200     404     404
 compilation_detail  GET    published     404     404     404     200     404     200     200     200     404     404
 compilation_detail  POST   drafting      405     405     405     405     405     405     405     405     405     405
 compilation_compare GET    drafting      404     404     404     200     404     200     200     200     404     404
 compilation_compare GET    published     404     404     404     200     404     200     200     200     404     404
 compilation_compare POST   drafting      405     405     405     405     405     405     405     405     405     405
 compilation_retry   GET    drafting      405     405     405     405     405     405     405     405     405     405
 compilation_retry   POST   drafting      404     404     404     403     404     403     302     302     404     404
 compilation_retry   POST   done          404     404     404     403     404     403     409     409     404     404
 artifact_download   GET    done          404     404     404     200     404     200     200     200     404     404
 artifact_download   GET    published     404     404     404     200     404     200     200     200     404     404
 artifact_download   POST   done          405     405     405     405     405     405     405     405     405     405
 compilation_read    GET    draft         404     404     404     200     404     404     200     200     404     404
 compilation_read    GET    published     200     200     200     200     200     200     200     200     200     200
 compilation_read    POST   draft         405     405     405     405     405     405     405     405     405     405

 record_version      GET    draft         404     404     404     200     404     404     200     200     404     404
 record_version      GET    published     200     200     200     200     200     200     200     200     200     200
 record_version      POST   published     405     405     405     405     405     405     405     405     405     405
 record_uses         GET    draft         404     404     404     200     404     404     200     200     404     404
 record_uses         GET    published     200     200     200     200     200     200     200     200     200     200
 record_uses         POST   published     405     405     405     405     405     405     405     405     405     405

 submission_edit     GET    drafting      sign-in 404     404     403     404     403     200     200     404     404
 submission_edit     GET    published     sign-in 403     403     403     403     403     200     200     403     403
 submission_edit     POST   drafting      sign-in 404     404     403     404     403     422     422     404     404
 figures_new         GET    drafting      sign-in 404     404     403     404     403     200     200     404     404
 figures_new         POST   drafting      sign-in 404     404     403     404     403     422     422     404     404
 figures_edit        GET    drafting      sign-in 404     404     403     404     403     200     200     404     404
 figures_edit        POST   drafting      sign-in 404     404     403     404     403     302     302     404     404
 submission_review   GET    drafting      405     405     405     405     405     405     405     405     405     405
 submission_review   POST   drafting      404     404     404     403     404     403     302     302     404     404
 submission_review   POST   published     sign-in 403     403     403     403     403     409     409     403     403
 submission_return   GET    in-review     405     405     405     405     405     405     405     405     405     405
 submission_return   POST   in-review     404     404     404     403     404     404     302     403     404     404
 submission_return   POST   seal-public   sign-in 403     403     403     403     403     409     403     403     403
 compilation_clear   GET    in-review     405     405     405     405     405     405     405     405     405     405
 compilation_clear   POST   in-review     404     404     404     403     404     404     302     403     404     404
 compilation_clear   POST   seal-public   sign-in 403     403     403     403     403     409     403     403     403
 submission_seal     GET    cleared       404     404     404     403     404     404     403     200     404     404
 submission_seal     GET    seal-public   sign-in 403     403     403     403     403     403     200     403     403
 submission_seal     POST   in-review     404     404     404     403     404     404     403     409     404     404
 submission_seal     POST   cleared       404     404     404     403     404     404     403     302     404     404
 submission_seal     POST   seal-public   sign-in 403     403     403     403     403     403     409     403     403
 submission_drop     GET    in-review     404     404     404     403     404     404     200     200     404     404
 submission_drop     POST   in-review     404     404     404     403     404     404     409     409     404     404
 submission_drop     POST   seal-public   sign-in 403     403     403     403     403     409     409     403     403
 submission_publish  GET    seal-sent     405     405     405     405     405     405     405     405     405     405
 submission_publish  POST   sealed        404     404     404     403     404     404     403     403     404     404
 submission_publish  POST   seal-sent     404     404     404     403     404     404     403     403     302     404
 submission_publish  POST   seal-public   sign-in 403     403     403     403     403     403     403     409     403
 seal_detail         GET    drafting      404     404     404     404     404     404     404     404     404     404
 seal_detail         GET    sealed        404     404     404     200     404     404     200     200     404     404
 seal_detail         GET    seal-sent     404     404     404     200     404     404     200     200     200     404
 seal_detail         GET    seal-public   200     200     200     200     200     200     200     200     200     200
 seal_detail         POST   seal-public   405     405     405     405     405     405     405     405     405     405
 receipt_json        GET    sealed        404     404     404     200     404     404     200     200     404     404
 receipt_json        GET    seal-public   200     200     200     200     200     200     200     200     200     200
 receipt_json        POST   seal-public   405     405     405     405     405     405     405     405     405     405
 receipt_pdf         GET    seal-sent     404     404     404     200     404     404     200     200     200     404
 receipt_pdf         POST   seal-public   405     405     405     405     405     405     405     405     405     405
 seal_dossier        GET    sealed        404     404     404     403     404     404     200     200     404     404
 seal_dossier        GET    seal-public   sign-in 403     403     403     403     403     200     200     403     403
 seal_dossier        POST   seal-public   405     405     405     405     405     405     405     405     405     405
 delivery_record     GET    sealed        405     405     405     405     405     405     405     405     405     405
 delivery_record     POST   sealed        404     404     404     403     404     404     403     302     404     404
 delivery_record     POST   seal-public   sign-in 403     403     403     403     403     403     302     403     403
 seal_rebuild        GET    sealed        405     405     405     405     405     405     405     405     405     405
 seal_rebuild        POST   sealed        404     404     404     403     404     404     302     302     404     404
 seal_rebuild        POST   seal-public   sign-in 403     403     403     403     403     302     302     403     403
 later_issue         GET    sealed        404     404     404     403     404     404     200     200     404     404
 later_issue         GET    seal-public   sign-in 403     403     403     403     403     200     200     403     403
 later_issue         POST   sealed        404     404     404     403     404     404     302     302     404     404
 later_issue         POST   seal-public   sign-in 403     403     403     403     403     302     302     403     403
 withdrawal_propose  GET    sealed        405     405     405     405     405     405     405     405     405     405
 withdrawal_propose  POST   sealed        404     404     404     403     404     404     403     302     404     404
 withdrawal_propose  POST   seal-sent     404     404     404     403     404     404     403     302     302     404
 withdrawal_propose  POST   seal-public   sign-in 403     403     403     403     403     403     302     302     403
 withdrawal_decide   GET    proposed      405     405     405     405     405     405     405     405     405     405
 withdrawal_decide   POST   proposed      404     404     404     403     404     404     302     302     302     404
 withdrawal_decide   POST   seal-public   sign-in 403     403     403     403     403     409     409     409     403

 api_root            GET    -             200     200     200     200     200     200     200     200     200     200
 api_root            POST   -             405     405     405     405     405     405     405     405     405     405
 api_schema          GET    -             200     200     200     200     200     200     200     200     200     200
 api_schema          POST   -             405     405     405     405     405     405     405     405     405     405
 api_entity_list     GET    -             200     200     200     200     200     200     200     200     200     200
 api_entity_list     POST   -             405     405     405     405     405     405     405     405     405     405
 api_entity_detail   GET    known         200     200     200     200     200     200     200     200     200     200
 api_entity_detail   POST   known         405     405     405     405     405     405     405     405     405     405
 api_action_line_list GET    -             200     200     200     200     200     200     200     200     200     200
 api_action_line_list POST   -             405     405     405     405     405     405     405     405     405     405
 api_action_line_detail GET    known         200     200     200     200     200     200     200     200     200     200
 api_action_line_detail POST   known         405     405     405     405     405     405     405     405     405     405
 api_country_list    GET    -             200     200     200     200     200     200     200     200     200     200
 api_country_list    POST   -             405     405     405     405     405     405     405     405     405     405
 api_country_detail  GET    known         200     200     200     200     200     200     200     200     200     200
 api_country_detail  POST   known         405     405     405     405     405     405     405     405     405     405
 api_initiative_list GET    -             200     200     200     200     200     200     200     200     200     200
 api_initiative_list POST   -             405     405     405     405     405     405     405     405     405     405
 api_initiative_detail GET    public        200     200     200     200     200     200     200     200     200     200
 api_initiative_detail GET    hidden        404     404     404     200     404     404     200     200     404     404
 api_initiative_detail GET    former        308     308     308     308     308     308     308     308     308     308
 api_initiative_detail GET    merged        308     308     308     308     308     308     308     308     308     308
 api_initiative_detail GET    former-hid.   404     404     404     308     404     404     308     308     404     404
 api_initiative_detail GET    merged-hid.   404     404     404     308     404     404     308     308     404     404
 api_initiative_detail POST   public        405     405     405     405     405     405     405     405     405     405
 api_update_list     GET    -             200     200     200     200     200     200     200     200     200     200
 api_update_list     POST   -             405     405     405     405     405     405     405     405     405     405
 api_update_detail   GET    approved      200     200     200     200     200     200     200     200     200     200
 api_update_detail   GET    approved-hid. 404     404     404     200     404     404     200     200     404     404
 api_update_detail   POST   approved      405     405     405     405     405     405     405     405     405     405
 api_update_change   GET    approved      405     405     405     405     405     405     405     405     405     405
 api_update_change   POST   approved      401     403     403     200     403     403     200     200     403     403
 api_update_change   POST   approved-hid. 401     404     404     200     404     404     200     200     404     404
 api_draft_list      GET    -             200     200     200     200     200     200     200     200     200     200
 api_draft_list      POST   -             401     400     400     400     400     400     400     400     400     400
 api_draft_list      POST   public        401     403     403     201     403     403     201     201     403     403
 api_draft_list      POST   hidden        401     404     404     201     404     404     201     201     404     404
 api_draft_detail    GET    draft         404     404     404     200     404     404     200     200     404     404
 api_draft_detail    GET    submitted     404     404     404     200     404     404     200     200     404     404
 api_draft_detail    GET    returned      404     404     404     200     404     404     200     200     404     404
 api_draft_detail    GET    approved      404     404     404     200     404     404     200     200     404     404
 api_draft_detail    POST   draft         405     405     405     405     405     405     405     405     405     405
 api_draft_detail    PUT    draft         401     404     404     200     404     404     200     200     404     404
 api_draft_detail    PUT    submitted     401     404     404     409     404     404     409     409     404     404
 api_draft_detail    PUT    returned      401     404     404     200     404     404     200     200     404     404
 api_draft_detail    PUT    approved      401     404     404     409     404     404     409     409     404     404
 api_draft_detail    PATCH  draft         401     404     404     200     404     404     200     200     404     404
 api_draft_detail    PATCH  submitted     401     404     404     409     404     404     409     409     404     404
 api_draft_detail    PATCH  returned      401     404     404     200     404     404     200     200     404     404
 api_draft_detail    PATCH  approved      401     404     404     409     404     404     409     409     404     404
 api_draft_files     GET    draft         405     405     405     405     405     405     405     405     405     405
 api_draft_files     POST   draft         401     404     404     201     404     404     201     201     404     404
 api_draft_files     POST   submitted     401     404     404     409     404     404     409     409     404     404
 api_draft_submit    GET    draft         405     405     405     405     405     405     405     405     405     405
 api_draft_submit    POST   draft         401     404     404     200     404     404     200     200     404     404
 api_draft_submit    POST   submitted     401     404     404     409     404     404     409     409     404     404
 api_draft_submit    POST   returned      401     404     404     200     404     404     200     200     404     404
 api_draft_submit    POST   approved      401     404     404     409     404     404     409     409     404     404
 api_draft_approve   GET    submitted     405     405     405     405     405     405     405     405     405     405
 api_draft_approve   POST   draft         401     404     404     403     404     404     409     403     404     404
 api_draft_approve   POST   submitted     401     404     404     403     404     404     200     403     404     404
 api_draft_approve   POST   of-focal      401     404     404     403     404     404     422     403     404     404
 api_draft_approve   POST   returned      401     404     404     403     404     404     409     403     404     404
 api_draft_approve   POST   approved      401     404     404     403     404     404     409     403     404     404
 api_draft_return    GET    submitted     405     405     405     405     405     405     405     405     405     405
 api_draft_return    POST   draft         401     404     404     403     404     404     409     403     404     404
 api_draft_return    POST   submitted     401     404     404     403     404     404     200     403     404     404
 api_draft_return    POST   of-focal      401     404     404     403     404     404     200     403     404     404
 api_draft_return    POST   returned      401     404     404     403     404     404     409     403     404     404
 api_draft_return    POST   approved      401     404     404     403     404     404     409     403     404     404
 api_document_list   GET    -             200     200     200     200     200     200     200     200     200     200
 api_document_list   POST   -             405     405     405     405     405     405     405     405     405     405
 api_document_detail GET    record        200     200     200     200     200     200     200     200     200     200
 api_document_detail GET    read-in       404     404     404     200     404     404     200     200     404     404
 api_document_detail GET    read-public   200     200     200     200     200     200     200     200     200     200
 api_document_detail POST   record        405     405     405     405     405     405     405     405     405     405
 api_part_list       GET    record        200     200     200     200     200     200     200     200     200     200
 api_part_list       GET    read-in       404     404     404     200     404     404     200     200     404     404
 api_part_list       GET    read-public   200     200     200     200     200     200     200     200     200     200
 api_part_list       POST   record        405     405     405     405     405     405     405     405     405     405
 api_passage_list    GET    -             200     200     200     200     200     200     200     200     200     200
 api_passage_list    POST   -             405     405     405     405     405     405     405     405     405     405
 api_passage_detail  GET    approved      200     200     200     200     200     200     200     200     200     200
 api_passage_detail  POST   approved      405     405     405     405     405     405     405     405     405     405
 api_passage_change  GET    own           405     405     405     405     405     405     405     405     405     405
 api_passage_change  POST   own           401     403     403     200     403     403     200     200     403     403
 api_passage_carry_on GET  own  405  405  405  405  405  405  405  405  405  405
 api_passage_carry_on POST  own  401  403  403  200  403  403  200  200  403  403
 api_passage_draft_list GET  -  200  200  200  200  200  200  200  200  200  200
 api_passage_draft_list POST  -  401  400  400  400  400  400  400  400  400  400
 api_passage_draft_list POST  new  401  403  403  201  422  422  201  201  403  403
 api_passage_draft_detail GET  draft  404  404  404  200  404  404  200  200  404  404
 api_passage_draft_detail POST  draft  405  405  405  405  405  405  405  405  405  405
 api_passage_draft_detail PUT  draft  401  404  404  200  404  404  200  200  404  404
 api_passage_draft_detail PATCH  draft  401  404  404  200  404  404  200  200  404  404
 api_passage_draft_detail PATCH  submitted  401  404  404  409  404  404  409  409  404  404
 api_passage_draft_submit GET  draft  405  405  405  405  405  405  405  405  405  405
 api_passage_draft_submit POST  draft  401  404  404  200  404  404  200  200  404  404
 api_passage_draft_approve GET  submitted  405  405  405  405  405  405  405  405  405  405
 api_passage_draft_approve POST  submitted  401  404  404  403  404  404  200  403  404  404
 api_passage_draft_return GET  submitted  405  405  405  405  405  405  405  405  405  405
 api_passage_draft_return POST  submitted  401  404  404  403  404  404  200  403  404  404
 api_result_list GET  -  200  200  200  200  200  200  200  200  200  200
 api_result_list POST  -  405  405  405  405  405  405  405  405  405  405
 api_result_detail GET  own  200  200  200  200  200  200  200  200  200  200
 api_result_detail GET  hidden  404  404  404  200  404  404  200  200  404  404
 api_result_detail POST  own  405  405  405  405  405  405  405  405  405  405
 api_result_change  GET    own    405  405  405  405  405  405  405  405  405  405
 api_result_change  POST   own    401  403  403  200  403  403  200  200  403  403
 api_result_change  POST   hidden 401  404  404  200  404  404  200  200  404  404
 api_result_draft_list GET  -  200  200  200  200  200  200  200  200  200  200
 api_result_draft_list POST  -  401  400  400  400  400  400  400  400  400  400
 api_result_draft_list POST  public  401  403  403  201  403  403  201  201  403  403
 api_result_draft_list POST  hidden  401  404  404  201  404  404  201  201  404  404
 api_result_draft_list POST  joined  401  404  404  201  404  201  201  201  404  404
 api_result_draft_list POST  directly  401  403  403  201  201  201  201  201  403  403
 api_result_draft_detail GET  draft  404  404  404  200  404  404  200  200  404  404
 api_result_draft_detail POST  draft  405  405  405  405  405  405  405  405  405  405
 api_result_draft_detail PUT  draft  401  404  404  200  404  404  200  200  404  404
 api_result_draft_detail PATCH  draft  401  404  404  200  404  404  200  200  404  404
 api_result_draft_detail PATCH  submitted  401  404  404  409  404  404  409  409  404  404
 api_result_draft_files GET  draft  405  405  405  405  405  405  405  405  405  405
 api_result_draft_files POST  draft  401  404  404  201  404  404  201  201  404  404
 api_result_draft_files POST  submitted  401  404  404  409  404  404  409  409  404  404
 api_result_draft_submit GET  draft  405  405  405  405  405  405  405  405  405  405
 api_result_draft_submit POST  draft  401  404  404  200  404  404  200  200  404  404
 api_result_draft_approve GET  submitted  405  405  405  405  405  405  405  405  405  405
 api_result_draft_approve POST  submitted  401  404  404  403  404  404  200  403  404  404
 api_result_draft_return GET  submitted  405  405  405  405  405  405  405  405  405  405
 api_result_draft_return POST  submitted  401  404  404  403  404  404  200  403  404  404
api_target_draft_list GET  -  200  200  200  200  200  200  200  200  200  200
api_target_draft_list POST  -  401  400  400  400  400  400  400  400  400  400
api_target_draft_list POST  own  401  403  403  403  403  403  403  201  403  403
api_target_draft_list POST  other  401  403  403  403  403  403  403  403  403  403
api_target_draft_detail GET  draft  404  404  404  200  404  404  200  200  404  404
api_target_draft_detail POST  draft  405  405  405  405  405  405  405  405  405  405
api_target_draft_detail PUT  draft  401  404  404  403  404  404  403  200  404  404
api_target_draft_detail PATCH  draft  401  404  404  403  404  404  403  200  404  404
api_target_draft_detail PATCH  submitted  401  404  404  403  404  404  403  409  404  404
api_target_draft_submit GET  draft  405  405  405  405  405  405  405  405  405  405
api_target_draft_submit POST  draft  401  404  404  403  404  404  403  200  404  404
api_target_draft_approve GET  submitted  405  405  405  405  405  405  405  405  405  405
api_target_draft_approve POST  submitted  401  404  404  403  404  404  200  403  404  404
api_target_draft_return GET  submitted  405  405  405  405  405  405  405  405  405  405
api_target_draft_return POST  submitted  401  404  404  403  404  404  200  403  404  404
 api_workplan_list GET  -  200  200  200  200  200  200  200  200  200  200
 api_workplan_list POST  -  405  405  405  405  405  405  405  405  405  405
 api_workplan_detail GET  workplan  200  200  200  200  200  200  200  200  200  200
 api_workplan_detail POST  workplan  405  405  405  405  405  405  405  405  405  405
 api_indicator_list GET  -  200  200  200  200  200  200  200  200  200  200
 api_indicator_list POST  -  405  405  405  405  405  405  405  405  405  405
 api_indicator_detail GET  indicator  200  200  200  200  200  200  200  200  200  200
 api_indicator_detail POST  indicator  405  405  405  405  405  405  405  405  405  405
 api_call_list       GET    -             200     200     200     200     200     200     200     200     200     200
 api_call_list       POST   -             405     405     405     405     405     405     405     405     405     405
 api_call_detail     GET    call          200     200     200     200     200     200     200     200     200     200
 api_call_detail     POST   call          405     405     405     405     405     405     405     405     405     405
 api_submission_list GET    -             200     200     200     200     200     200     200     200     200     200
 api_submission_list POST   -             405     405     405     405     405     405     405     405     405     405
 api_submission_detail GET    drafting      404     404     404     200     404     200     200     200     404     404
 api_submission_detail GET    sent          404     404     404     200     404     200     200     200     200     404
 api_submission_detail GET    published     200     200     200     200     200     200     200     200     200     200
 api_submission_detail POST   published     405     405     405     405     405     405     405     405     405     405
 api_compilations_of GET    drafting      404     404     404     200     404     200     200     200     404     404
 api_compilations_of GET    sent          404     404     404     200     404     200     200     200     200     404
 api_compilations_of GET    published     200     200     200     200     200     200     200     200     200     200
 api_compilations_of POST   published     405     405     405     405     405     405     405     405     405     405
 api_compilation_list GET    -             200     200     200     200     200     200     200     200     200     200
 api_compilation_list POST   -             405     405     405     405     405     405     405     405     405     405
 api_compilation_detail GET    drafting      404     404     404     200     404     200     200     200     404     404
 api_compilation_detail GET    published     404     404     404     200     404     200     200     200     404     404
 api_compilation_detail GET    sealed        404     404     404     200     404     404     200     200     404     404
 api_compilation_detail GET    seal-sent     404     404     404     200     404     404     200     200     200     404
 api_compilation_detail GET    seal-public   200     200     200     200     200     200     200     200     200     200
 api_compilation_detail POST   seal-public   405     405     405     405     405     405     405     405     405     405
 api_search          GET    words         200     200     200     200     200     200     200     200     200     200
 api_search          GET    nothing       400     400     400     400     400     400     400     400     400     400
 api_search          POST   words         405     405     405     405     405     405     405     405     405     405
 api_unknown         GET    nothing       404     404     404     404     404     404     404     404     404     404
 api_unknown         POST   nothing       404     404     404     404     404     404     404     404     404     404
"""

#: Addresses of packages, by rule: what everybody may be answered, and what the administrator may be. Nothing there
#: shows or changes a record of the portal to anybody but the administrator.
RULES = {
    "accounts/": ({200, 302, 404, 405, 422}, {200, 302, 404, 405, 422}),
    "admin/": ({302, 403}, {200, 302, 403, 404, 405}),
}


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    name: str
    method: str
    about: str
    answers: list[str]

    def __str__(self) -> str:
        return f"{self.name}-{self.method}-{self.about}"


LINES = [Line(*words[:3], words[3:]) for words in map(str.split, MATRIX.strip().splitlines()) if words]


@dataclass
class Records:
    """The records that the lines are about, one person for each role but the visitor, and where the files lie."""

    people: dict[str, User]
    files: Path
    sessions: dict[str, str] = field(default_factory=dict)  # by role, of those who have signed in
    addresses: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    forms: dict[tuple[str, str], Any] = field(default_factory=dict)


@dataclass
class World:
    """The records, and a client for each role."""

    records: Records
    clients: dict[str, Client]

    def ask(self, line: Line, role: str, method: str = "") -> HttpResponse:
        """Ask, read the answer to its end, and undo what it changed."""
        arguments = self.records.addresses.get((line.name, line.about), [])
        data = self.records.forms.get((line.name, line.about), {})
        method = method or line.method
        form: dict[str, Any] = {"data": data}
        if line.name.startswith("api_") and line.name != "api_search":  # which is asked as a page is
            form = {} if method == "GET" else {"data": data, "content_type": "application/json"}
        if isinstance(data, bytes) and method == "POST":
            form = {"data": data, "content_type": "application/octet-stream", "query_params": {"name": "photo.jpg"}}
        with transaction.atomic():
            ask = getattr(self.clients[role], method.lower())
            response: HttpResponse = ask(reverse(line.name, args=arguments), **form)
            if response.streaming:
                response.getvalue()  # a large file keeps its slot, of which there are few, until it is read
            transaction.set_rollback(True)
        return response


def answer(response: HttpResponse) -> str:
    to_sign_in = response.status_code == 302 and response["Location"].startswith(reverse("account_login"))
    return "sign-in" if to_sign_in else str(response.status_code)


def _people() -> dict[str, User]:
    entity, other, joint = EntityFactory(code="UNIDO"), EntityFactory(code="OTHER"), EntityFactory(code="JOINT")
    return {
        "reader": UserFactory(),
        "delegate": UserFactory(role=Role.DELEGATE),
        "staff": UserFactory(role=Role.STAFF, entity=entity),
        "other": UserFactory(role=Role.STAFF, entity=other),
        "joint": UserFactory(role=Role.STAFF, entity=joint),
        "focal": UserFactory(role=Role.FOCAL_POINT, entity=entity),
        "secretariat": UserFactory(role=Role.SECRETARIAT, entity=entity),
        "commission": UserFactory(role=Role.COMMISSION),
        "administrator": UserFactory(role=Role.ADMINISTRATOR, is_staff=True, is_superuser=True),
    }


@pytest.fixture(scope="module")
def records(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Records]:
    """Made once, since every answer is undone."""
    files = tmp_path_factory.mktemp("files")
    as_in_each_test = override_settings(
        MEDIA_ROOT=files, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]
    )
    with undone_afterwards(django_db_blocker):
        with as_in_each_test, translation.override("en"):
            made = _records(files)
        yield made


@pytest.fixture
def clients(db: None, records: Records, settings: Settings) -> dict[str, Client]:
    """Made for each test, since answers change cookies; with the sessions of before."""
    settings.MEDIA_ROOT = records.files
    made = {role: Client() for role in ROLES}
    for role, session in records.sessions.items():
        made[role].cookies[settings.SESSION_COOKIE_NAME] = session
    return made


def _session_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def world(records: Records, clients: dict[str, Client]) -> World:
    return World(records, clients)


def _records(files: Path) -> Records:
    made = Records(_people(), files)
    entity = Entity.objects.get(code="UNIDO")
    public, hidden = InitiativeFactory(entity=entity, published=True), InitiativeFactory(entity=entity)
    _add_former_addresses(made, public, hidden)
    for about, initiative in [("public", public), ("hidden", hidden)]:
        for name in (
            "initiative_detail",
            "initiative_history",
            "initiative_manage",
            "draft_begin",
            "desk_row",
            "desk_tell",
        ):
            made.addresses[name, about] = [initiative.slug]
        made.addresses["initiative_short", about] = [initiative.pk]
        made.forms["initiative_manage", about] = {"act": "archive", "archive-reason": "Filed twice."}
        made.forms["desk_row", about] = {"status": "planned", "seen-status": ""}
        made.forms["desk_tell", about] = {"kind": "nothing", "period": "2016", "reason": "It rests."}
        made.forms["update_new", about] = {"initiative": initiative.slug, "period": "2015"}
    for about, initiative in [("approved", public), ("approved-hid.", hidden)]:
        update = UpdateFactory(initiative=initiative, paragraph="<p>News.</p>")
        for name in ("update_detail", "update_change"):
            made.addresses[name, about] = [update.pk]
    _add_drafts(made, entity)
    _add_joint(made, entity, public)
    for about, evidence in {
        "shown": EvidenceFactory(initiative=public, public=True),
        "internal": EvidenceFactory(initiative=public),
    }.items():
        for name in ("evidence_file", "evidence_thumbnail"):
            made.addresses[name, about] = [evidence.file_id]
    made.addresses["person_detail", "staff"] = [made.people["staff"].memberships.get().pk]
    made.forms["person_detail", "staff"] = {"act": "unit"}
    _add_update_drafts(made, public)
    _add_passages(made, entity)
    _add_results(made, public, hidden)
    _add_targets(made, entity)
    for number in (2, 9):
        made.addresses["snapshot_schema", f"format-{number}"] = [number]
    made.addresses["styleguide_scheme", "dark"] = ["dark"]
    for name in {line.name for line in LINES if line.name.endswith("_export")}:
        made.addresses |= {(name, format): [format] for format in ("csv", "xlsx", "json")}
    _add_pages_of_records(made, entity)
    _add_submissions(made, entity)
    _add_wording(made, entity)
    _add_printed(made, entity)
    _add_plans(made, public)
    _add_seals(made)
    _add_workbooks(made, entity)
    _add_imports(made, entity)  # last, since what they propose depends on what is there
    _add_api(made, entity)
    made.sessions = {role: _session_of(person) for role, person in made.people.items()}
    return made


def _add_former_addresses(made: Records, public: Any, hidden: Any) -> None:
    """An address that each had before, and a public record that was merged into each."""
    for ending, initiative in [("", public), ("-hid.", hidden)]:
        former = initiative.slug
        change_address(initiative=initiative, slug=f"{former}-today")
        made.addresses["initiative_detail", f"former{ending}"] = [former]
        merged = InitiativeFactory(entity=initiative.entity, published=True, merged_into=initiative)
        made.addresses["initiative_detail", f"merged{ending}"] = [merged.slug]
        made.addresses["initiative_short", f"merged{ending}"] = [merged.pk]
        initiative.refresh_from_db()


def _add_pages_of_records(made: Records, entity: Any) -> None:
    line = ActionLineFactory()
    made.addresses["entity_detail", "own"] = [entity.code]
    made.addresses["action_line_detail", "line"] = [line.code]
    classified = IncomeClassificationFactory()
    made.addresses["country_detail", "country"] = [classified.country.iso3]
    made.addresses["middle_income_year", "year"] = [classified.fiscal_year]
    reported = ResultFactory(country=classified.country)
    code = reported.indicator.code
    for opening in ("", "api_"):
        made.addresses[f"{opening}indicator_detail", "indicator"] = [code]
        made.addresses[f"{opening}workplan_detail", "workplan"] = [reported.indicator.workplan.slug]
    made.addresses["indicator_export", "figures"] = [code, "csv"]
    made.addresses["indicator_chart", "chart"] = [code, "en", "svg"]
    documents = {
        "record": DocumentFactory(entity=entity),
        "read-in": read_in("Words that nobody else sees.", entity).document,
        "read-public": read_in("Words that everybody sees.", entity).document,
    }
    documents["read-public"].published_at = NOON
    documents["read-public"].save()
    for about, document in documents.items():
        for name in ("document_detail", "document_file"):
            made.addresses[name, about] = [document.pk]


def _add_imports(made: Records, entity: Any) -> None:
    """A file that waits, sent by the Commission; one that was read; one that was filed."""
    imports = {
        "asked-for": asked_for(entity, by=made.people["commission"]),
        "read": read_in("A first sentence.", entity),
        "filed": accepted(read_in("Another sentence.", entity), by=made.people["focal"]),
    }
    for about, imported in imports.items():
        for name in {line.name for line in LINES if line.name.startswith("import_") and line.about == about}:
            made.addresses[name, about] = [imported.pk]
    made.forms["import_accept", "read"] = {"digest": digest(proposals_of(imports["read"]))}


def _add_workbooks(made: Records, entity: Any) -> None:
    """One that was read, and one that was taken in."""
    books = {
        "book": WorkbookUploadFactory(entity=entity, requested_by=made.people["staff"], read=True),
        "book-taken": WorkbookUploadFactory(entity=entity, requested_by=made.people["staff"], taken=True),
    }
    for about, upload in books.items():
        for name in ("workbook_detail", "workbook_accept", "workbook_drop", "workbook_submit"):
            made.addresses[name, about] = [upload.pk]
        row = WorkbookRowFactory(upload=upload, draft=DraftFactory(entity=entity) if about == "book-taken" else None)
        made.addresses["workbook_choose", about] = [upload.pk, row.pk]


def _add_update_drafts(made: Records, public: Any) -> None:
    """Drafts of updates: the API knows them; on pages they are as any other draft."""

    def year(number: int) -> dict[str, Any]:
        return {"period_start": f"{number}-01-01", "period_end": f"{number + 1}-01-01", "paragraph": "<p>News.</p>"}

    staff = made.people["staff"]
    drafts = {
        "draft": UpdateDraftFactory(initiative=public, holder=staff, **year(2016)),
        "submitted": UpdateDraftFactory(initiative=public, holder=staff, submitted=True, **year(2017)),
        "returned": UpdateDraftFactory(initiative=public, holder=staff, returned=True, **year(2018)),
        "approved": UpdateDraftFactory(initiative=public, holder=staff, approved=True, **year(2019)),
        "of-focal": UpdateDraftFactory(initiative=public, holder=made.people["focal"], submitted=True, **year(2020)),
    }
    for about, draft in drafts.items():
        for act in ("detail", "files", "submit", "approve", "return"):
            made.addresses[f"api_draft_{act}", about] = [draft.pk]
        made.forms["api_draft_files", about] = photo()
        text = {"kind": "news", "language": "en", "paragraph": "<p>New.</p>", "edits": 0}
        made.forms["api_draft_detail", about] = text
        made.forms["api_draft_approve", about] = {"edits": 0}
        made.forms["api_draft_return", about] = {"edits": 0, "note": "Say where."}
    for act in ("detail", "edit"):
        made.addresses[f"draft_{act}", "of-update"] = [drafts["draft"].pk]


def _add_passages(made: Records, entity: Any) -> None:
    """One that is approved and one that is begun; drafts of passages are on pages as any other draft."""
    passage = PassageFactory(entity=entity)
    for name in ("passage_detail", "passage_change", "passage_carry_on"):
        made.addresses[name, "own"] = [passage.pk]
    made.forms["passage_new", "new"] = {"entity": entity.code, "kind": "trend", "name": "A trend", "language": "en"}
    draft = PassageDraftFactory(entity=entity, holder=made.people["staff"])
    for act in ("detail", "edit"):
        made.addresses[f"draft_{act}", "of-passage"] = [draft.pk]
    submitted = PassageDraftFactory(entity=entity, holder=made.people["staff"], submitted=True)
    for about, one in {"draft": draft, "submitted": submitted}.items():
        for act in ("detail", "submit", "approve", "return"):
            made.addresses[f"api_passage_draft_{act}", about] = [one.pk]
        words = {"kind": "trend", "name": "A trend", "language": "en", "body": "<p>New.</p>", "edits": 0}
        made.forms["api_passage_draft_detail", about] = words
        made.forms["api_passage_draft_approve", about] = {"edits": 0}
        made.forms["api_passage_draft_return", about] = {"edits": 0, "note": "Say where."}


def _add_results(made: Records, public: Any, hidden: Any) -> None:
    """One of a public initiative, one of a hidden one, and one that is begun."""
    for about, initiative in [("own", public), ("hidden", hidden)]:
        result = ResultFactory(initiative=initiative)
        for name in ("result_detail", "result_change", "api_result_detail", "api_result_change"):
            made.addresses[name, about] = [result.pk]
    joined = Initiative.objects.get(joint_invitations__state=InvitationState.JOINED)
    for about, initiative in [("public", public), ("hidden", hidden), ("joined", joined)]:
        form = {"initiative": initiative.slug, "period": "2015", "indicator": result.indicator.code}
        made.forms["result_new", about] = made.forms["api_result_draft_list", about] = form
    made.forms["api_result_draft_list", "directly"] = {"period": "2015", "indicator": result.indicator.code}
    draft = ResultDraftFactory(initiative=public, holder=made.people["staff"])
    for act in ("detail", "edit"):
        made.addresses[f"draft_{act}", "of-result"] = [draft.pk]
    submitted = ResultDraftFactory(initiative=public, holder=made.people["staff"], submitted=True)
    for about, one in {"draft": draft, "submitted": submitted}.items():
        for act in ("detail", "files", "submit", "approve", "return"):
            made.addresses[f"api_result_draft_{act}", about] = [one.pk]
        made.forms["api_result_draft_files", about] = photo()
        said = {"place": "not-split", "period": "2021", "value": "7", "language": "en", "edits": 0}
        made.forms["api_result_draft_detail", about] = said
        made.forms["api_result_draft_approve", about] = {"edits": 0}
        made.forms["api_result_draft_return", about] = {"edits": 0, "note": "Say where."}


def _add_targets(made: Records, entity: Any) -> None:
    """An indicator of the entity, and a target that its secretariat has begun."""
    indicator = IndicatorFactory(workplan__entity=entity)
    other = IndicatorFactory()
    for name in ("indicator_begin", "edition_begin", "workplan_change"):
        made.addresses[name, "own"] = [indicator.workplan.slug]
        made.addresses[name, "other"] = [other.workplan.slug]
    for about in ("own", "other"):
        made.forms["workplan_change", about] = {"record": "new-area"}
    for name in ("target_begin", "indicator_change"):
        made.addresses[name, "own"] = [indicator.code]
        made.addresses[name, "other"] = [other.code]
    draft = TargetDraftFactory(indicator=indicator, holder=made.people["secretariat"])
    for act in ("detail", "edit"):
        made.addresses[f"draft_{act}", "of-target"] = [draft.pk]
    made.addresses["draft_submit", "of-target"] = [draft.pk]
    submitted = TargetDraftFactory(indicator=indicator, holder=made.people["secretariat"], submitted=True)
    made.addresses["draft_approve", "of-target"] = [submitted.pk]
    made.forms["draft_approve", "of-target"] = {"edits": 0}
    for about, one in (("own", indicator), ("other", other)):
        made.forms["api_target_draft_list", about] = {"indicator": one.code}
    for about, one in (("draft", draft), ("submitted", submitted)):
        for act in ("detail", "submit", "approve", "return"):
            made.addresses[f"api_target_draft_{act}", about] = [one.pk]
        said = {"kind": "target", "year": 2027, "value": "50", "reason": "Agreed.", "edits": 0}
        made.forms["api_target_draft_detail", about] = said
        made.forms["api_target_draft_approve", about] = {"edits": 0}
        made.forms["api_target_draft_return", about] = {"edits": 0, "note": "Since when?"}


def _add_drafts(made: Records, entity: Any) -> None:
    staff, focal = made.people["staff"], made.people["focal"]
    drafts = {
        "draft": DraftFactory(entity=entity, holder=staff),
        "submitted": DraftFactory(entity=entity, holder=staff, submitted=True),
        "returned": DraftFactory(entity=entity, holder=staff, returned=True),
        "approved": DraftFactory(initiative=InitiativeFactory(entity=entity), holder=staff, approved=True),
        "withdrawn": DraftFactory(entity=entity, holder=staff, state=DraftState.WITHDRAWN),
        "of-focal": DraftFactory(entity=entity, holder=focal, submitted=True),
    }
    for about, draft in drafts.items():
        for act in ("detail", "edit", "autosave", "upload", "submit", "withdraw", "reopen", "approve", "return"):
            made.addresses[f"draft_{act}", about] = [draft.pk]
            made.forms[f"draft_{act}", about] = {"edits": 0}
        made.forms["draft_return", about] = {"edits": 0, "words": "Say where."}
        made.addresses["draft_comments", about] = made.addresses["draft_hand_over", about] = [draft.pk]
        made.forms["draft_hand_over", about] = {"person": staff.pk}
        made.forms["draft_comments", about] = {"field": "title", "words": "Why?", "language": "en"}
    place = Place("title")
    comment = write_comment(draft=drafts["draft"], place=place, words="Why?", language="en", user=focal, now=NOON)
    for act in ("answer", "settle"):
        made.addresses[f"comment_{act}", "of-staff"] = [comment.pk]
    made.forms["comment_answer", "of-staff"] = {"words": "So.", "language": "en"}
    notify(people=[staff], kind=NotificationKind.ASSIGNMENT, about=drafts["draft"], by=None, now=NOON)
    for act in ("open", "read"):
        made.addresses[f"notification_{act}", "of-staff"] = [staff.notifications.latest("pk").pk]
    made.addresses |= {("mail_stop", "of-staff"): [stop_token(staff)], ("mail_stop", "forged"): ["MQ:1:x"]}


def _add_joint(made: Records, entity: Any, public: Any) -> None:
    """An initiative that the other entity has joined, which is not public; and one of that entity, not answered yet."""
    joint = Entity.objects.get(code="JOINT")
    joined = InitiativeFactory(entity=entity)
    invitations = {
        "joining": JointInvitationFactory(initiative=joined, entity=joint, joined=True),
        "invited": JointInvitationFactory(initiative=InitiativeFactory(entity=joint), entity=entity),
    }
    for about, invitation in invitations.items():
        made.addresses["joint_detail", about] = [invitation.pk]
    made.forms["joint_detail", "joining"] = {"act": "end", "end-reason": "It is over.", "end-language": "en"}
    made.forms["joint_detail", "invited"] = {"act": "accept"}
    for about, initiative in [("joined", joined), ("public", public)]:
        for name in ("initiative_detail", "draft_begin", "entity_text_begin", "initiative_ask"):
            made.addresses[name, about] = [initiative.slug]
    made.forms["initiative_ask", "joined"] = {"words": "It ended in May.", "language": "en"}
    made.forms["update_new", "joined"] = {"initiative": joined.slug, "period": "2015"}
    own_text = begin_entity_text(initiative=joined, entity=joint, user=made.people["joint"], now=NOON)
    for about, draft in [("of-joined", DraftFactory(initiative=joined)), ("own-text", own_text)]:
        for act in ("detail", "edit", "approve"):
            made.addresses[f"draft_{act}", about] = [draft.pk]
        made.forms["draft_approve", about] = {"edits": 0}


#: Names of the API that tell programs what a page tells people.
SHOWN_BY = {
    "api_initiative_detail": "initiative_detail",
    "api_update_detail": "update_detail",
    "api_update_change": "update_change",
    "api_passage_change": "passage_change",
    "api_passage_carry_on": "passage_carry_on",
    "api_document_detail": "document_detail",
    "api_part_list": "document_detail",
    "api_submission_detail": "submission_detail",
    "api_compilations_of": "submission_detail",
}


def _add_api(made: Records, entity: Any) -> None:
    """What programs ask for, where the address names a record."""
    for name, page in SHOWN_BY.items():
        made.addresses |= {(name, about): found for (shown, about), found in made.addresses.items() if shown == page}
    forms = {about: form for (shown, about), form in made.forms.items() if shown == "update_new"}
    made.forms |= {("api_draft_list", about): form for about, form in forms.items()}
    made.forms["api_passage_draft_list", "new"] = made.forms["passage_new", "new"]
    for about in {line.about for line in LINES if line.name == "api_compilation_detail"}:
        slug = f"call-{about}" if about in SubmissionState.values and about != SubmissionState.SEALED else about
        found = Compilation.objects.filter(submission__call__slug=slug).latest("number")
        made.addresses["api_compilation_detail", about] = [found.pk]
    made.addresses["api_passage_detail", "approved"] = [PassageFactory(entity=entity).pk]
    made.forms["api_search", "words"] = {"q": "words"}
    made.addresses["api_unknown", "nothing"] = ["nothing"]
    made.addresses["api_entity_detail", "known"] = ["UNIDO"]
    made.addresses["api_action_line_detail", "known"] = [ActionLineFactory().code]
    made.addresses["api_country_detail", "known"] = [CountryFactory().iso3]
    made.addresses["api_call_detail", "call"] = [f"call-{SubmissionState.DRAFTING}"]


def _add_submissions(made: Records, entity: Any) -> None:
    session = SessionFactory(number=25)
    together = [entity, Entity.objects.get(code="JOINT")]
    for state in (SubmissionState.DRAFTING, SubmissionState.SENT, SubmissionState.PUBLISHED):
        call = CallFactory(slug=f"call-{state}", session=session)
        submission = SubmissionFactory(call=call, entities=together, state=state)
        passage = PassageFactory(entity=entity)
        ItemFactory(section=SectionFactory(submission=submission), passage=passage)
        failed = CompilationFactory(submission=submission, number=1, failed=True)
        done = CompilationFactory(submission=submission, number=2, done=True)
        artifact = ArtifactFactory(compilation=done, format=FileFormat.HTML)
        where = [call.slug, submission.slug]
        for name in ("submission_detail", "compilation_request", "submission_review", "seal_detail"):
            made.addresses[name, state.value] = where
        made.forms["compilation_request", state.value] = {"formats": ["pdf"], "language": "en"}
        made.addresses["submission_edit", state.value] = where
        if state == SubmissionState.DRAFTING:
            section = SectionFactory(submission=submission)
            figures = ItemFactory(section=section, indicators=[IndicatorFactory(workplan__entity=entity).code])
            made.addresses["figures_new", state.value] = [*where, section.pk]
            made.addresses["figures_edit", state.value] = [*where, figures.pk]
            made.forms["submission_edit", state.value] = {"act": "nothing", "item": figures.pk}
            made.forms["figures_edit", state.value] = {
                "kind": "table",
                "rows": "years",
                "indicators": figures.indicators,
                "first_year": 2020,
                "last_year": 2021,
            }
        for name in ("compilation_detail", "compilation_compare", "compilation_retry"):
            made.addresses[name, state.value] = [*where, failed.number]
        made.addresses["artifact_download", state.value] = [*where, done.number, artifact.file_name]
        if state == SubmissionState.DRAFTING:
            made.addresses["compilation_retry", "done"] = [*where, done.number]
            made.addresses["artifact_download", "done"] = [*where, done.number, artifact.file_name]


#: Submissions on their way to a seal, and after it.
SEALING = ["in-review", "cleared", "sealed", "seal-sent", "seal-public", "proposed"]


def _add_wording(made: Records, entity: Any) -> None:
    section = SectionFactory(submission=SubmissionFactory(entities=[entity], state=SubmissionState.DRAFTING))
    worded = {"text_source": TextSource.WORDING, "wording": "<p>In other words.</p>"}
    item = ItemFactory(section=section, initiative=InitiativeFactory(entity=entity, published=True), **worded)
    made.addresses["wording_take", "of-draft"] = [item.pk]


def _add_plans(made: Records, initiative: Any) -> None:
    """An outlook that was told, and a part of an event; both are moved, which may be said again and again."""
    seal = SealFactory(submission__entities=[initiative.entity], sealed_at=timezone.now())
    update = UpdateFactory(initiative=initiative, outlook="<p>A fair.</p>")
    part = DatedPartFactory(initiative=initiative, state=EventState.PLANNED)
    printed = [
        PrintedVersionFactory(compilation=seal.compilation, kind=kind, record_id=pk)
        for kind, pk in [(RecordKind.UPDATE, update.pk), (RecordKind.INITIATIVE, initiative.pk)]
    ]
    made.addresses["plan", "own"] = [printed[0].pk]
    made.addresses["plan_of_part", "own"] = [printed[1].pk, part.pk]
    for name in ("plan", "plan_of_part"):
        made.forms[name, "own"] = {"kind": "moved", "seen": "0", "when": "2199", "language": "en"}


def _add_seals(made: Records) -> None:
    for about in SEALING:
        dossier = prepared("UNIDO", call=about)
        submission = dossier.submission
        where = [about, submission.slug]
        compilation = frozen(submission)
        if about != "in-review":
            cleared(dossier, compilation)
        if about not in {"in-review", "cleared"}:
            seal = sealed(dossier, compilation)
            if about != "sealed":
                DeliveryFactory(seal=seal, sent_on=NOON.date())
                submission.state = SubmissionState.SENT
            if about == "seal-public":
                submission.state, submission.published_at = SubmissionState.PUBLISHED, NOON
            submission.save()
        proposal = WithdrawalFactory(seal=seal).pk if about == "proposed" else 1
        for name in {line.name for line in LINES if line.about == about}:
            made.addresses[name, about] = [*where, *([compilation.number] if name == "compilation_clear" else [])]
        entity_and_text = {"entity": "UNIDO", "fingerprint": compilation.fingerprint}
        for name, form in {
            "submission_return": {"reason": "Name the country."},
            "compilation_clear": entity_and_text,
            "submission_seal": entity_and_text,
            "delivery_record": {"to_whom": "CSTD", "channel": "email", "sent_on": timezone.localdate().isoformat()},
            "submission_drop": {"reason": "Opened by mistake."},
            "later_issue": {"kind": "revision"},
            "withdrawal_propose": {"reason": "A figure was wrong."},
            "withdrawal_decide": {"proposal": proposal, "confirm": ""},
        }.items():
            made.forms[name, about] = form


def _add_printed(made: Records, entity: Any) -> None:
    """Two versions that were printed: one in a draft, one in a text that was sealed and published."""
    session = SessionFactory(number=25)
    states = {"draft": SubmissionState.DRAFTING, "published": SubmissionState.PUBLISHED}
    for record, (about, state) in enumerate(states.items(), 900_001):  # no update has such a number
        call = CallFactory(slug=f"prints-{about}", session=session)
        submission = SubmissionFactory(call=call, entities=[entity], state=state)
        compilation = CompilationFactory(submission=submission, number=1, done=True)
        page = ArtifactFactory(compilation=compilation, format=FileFormat.HTML)
        if state == SubmissionState.PUBLISHED:
            receipt = {"files": [{"format": page.format, "part": page.part, "sha256": page.sha256}]}
            SealFactory(submission=submission, compilation=compilation, number=800, receipt=receipt)
        PrintedVersionFactory(compilation=compilation, record_id=record)
        made.addresses["compilation_read", about] = [call.slug, submission.slug, compilation.number]
        made.addresses["record_version", about] = [f"u{record}_en_1"]
        made.addresses["record_uses", about] = [f"u{record}"]


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, route)
        else:
            yield route, pattern


def ruled(prefix: str) -> list[str]:
    """Return an address for each pattern below the prefix."""
    names = {"admin/": "admin:", "accounts/": ""}[prefix]
    found = []
    for route, pattern in patterns(get_resolver()):
        if route.startswith(prefix) and pattern.name:
            arguments = ["1"] * pattern.pattern.regex.groups
            if pattern.name == "view_on_site":
                arguments = ["1", "1"]
            if pattern.name == "app_list":
                arguments = ["initiatives"]
            found.append(reverse(names + pattern.name, args=arguments))
    return found


class TestMatrix:
    def test_has_a_line_for_every_url_and_both_methods(self):
        lined = {(line.name, line.method) for line in LINES}
        for route, pattern in patterns(get_resolver()):
            if any(route.startswith(prefix) for prefix in RULES):
                continue
            assert pattern.name, f"{route} has no name"
            assert {(pattern.name, "GET"), (pattern.name, "POST")} <= lined, f"{route} is missing from the table"

    def test_names_only_urls_that_exist(self):
        known = {pattern.name for _route, pattern in patterns(get_resolver())}
        assert {line.name for line in LINES} <= known

    @pytest.mark.parametrize("name", dict.fromkeys(line.name for line in LINES))
    def test_holds(self, world, name):
        lines = [line for line in LINES if line.name == name]
        asked = {str(line): [answer(world.ask(line, role)) for role in ROLES] for line in lines}
        assert asked == {str(line): line.answers for line in lines}

    @pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
    def test_knows_no_other_method(self, world, method):
        taken = {"set_language", "api_unknown"} | {line.name for line in LINES if line.method == method}
        for line in {line.name: line for line in LINES if line.name not in taken}.values():
            assert answer(world.ask(line, "focal", method)) == "405", line


class TestForgedForms:
    def test_change_nothing(self, world):
        """Every form asks for its token, also from those who may send it."""
        for line in LINES:
            done = next((status for status in ("302", "200", "201") if status in line.answers), None)
            if line.method != "GET" and done and (done == "302" or line.name.startswith("api_")):
                role = ROLES[line.answers.index(done)]
                world.clients[role].handler.enforce_csrf_checks = True
                assert answer(world.ask(line, role)) == "403", line


class TestRules:
    @pytest.mark.parametrize("prefix", RULES)
    @pytest.mark.parametrize("role", ROLES)
    def test_hold_for_every_url_below_their_prefix(self, clients, prefix, role):
        everybody, administrator = RULES[prefix]
        allowed = administrator if role == "administrator" else everybody
        addresses = ruled(prefix)
        assert len(addresses) >= 10
        for address in addresses:
            for method in ("get", "post"):
                with transaction.atomic():
                    response = getattr(clients[role], method)(address)
                    transaction.set_rollback(True)
                assert response.status_code in allowed, (method, address)

    def test_keep_everybody_but_the_administrator_out_of_the_administration(self, clients):
        for role in ROLES:
            response = clients[role].get(reverse("admin:index"))
            assert response.status_code == (200 if role == "administrator" else 302), role

    @pytest.mark.parametrize(
        "name", ["account", "account_change_password", "account_reauthenticate", "token_new", "token_revoke"]
    )
    def test_send_visitors_of_own_pages_to_sign_in(self, clients, name):
        arguments = [1] if name == "token_revoke" else []
        assert answer(clients["visitor"].get(reverse(name, args=arguments))) == "sign-in"
