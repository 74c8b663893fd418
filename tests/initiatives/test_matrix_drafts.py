"""What stands in a workplan as drafts: texts, areas and entries, their place, and what is taken out."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from initiatives.choices import DraftOf, EntryKind, TextState
from initiatives.models import Draft, Entity, Workplan, WorkplanEntry, WorkplanEntryText
from initiatives.models.base import stale_languages
from initiatives.services.drafts import approve_draft, begin_area, begin_entry
from portal.models import User
from tests import factories as make
from tests.support import deciding
from tests.support.pages import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def workplan(unido: Entity) -> Workplan:
    return make.WorkplanFactory(entity=unido, slug="mic-2020")


def approved(draft: Draft, by: User, **content: Any) -> Draft:
    draft.content |= content
    draft.save()
    return deciding.approved(draft, by)


def wrong_with(draft: Draft, **content: Any) -> dict[str, str]:
    """What the form says of a draft that is handed in, by field."""
    draft.content |= content
    draft.save()
    return deciding.wrong_with(draft)


def names(workplan: Workplan, kind: str = EntryKind.TOOL) -> list[str]:
    entries = WorkplanEntry.objects.in_force().filter(workplan=workplan, kind=kind).order_by("order", "pk")
    return [entry.texts.get(state=TextState.ORIGINAL).name for entry in entries]


class TestTexts:
    def test_are_written_in_each_language_and_mandates_in_their_order(self, workplan, secretariat, focal_point):
        kept = make.MandateFactory(workplan=workplan, symbol="GC.18/Res.9")
        make.MandateFactory(workplan=workplan, symbol="GC.17/Res.1")
        function = make.TermFactory(vocabulary__code="core-functions", code="POLICY")
        draft = make.MatrixDraftFactory(workplan=workplan, holder=secretariat)
        mandates = [{"symbol": "IDB.48/Dec.1", "what": "Took note"}, {"symbol": "GC.18/Res.9", "what": "Asked for it"}]
        said = {"title": "Partnering", "title-fr": "Partenariat", "adopted_on": "2020-07-01", "mandates": mandates}
        approved(draft, focal_point, **said, core_functions=["POLICY"])
        workplan.refresh_from_db()
        assert str(workplan.adopted_on) == "2020-07-01"
        assert {text.language: (text.title, text.state) for text in workplan.texts.all()} == {
            "en": ("Partnering", TextState.ORIGINAL),
            "fr": ("Partenariat", TextState.CHECKED),
        }
        assert list(workplan.mandates.values_list("symbol", "what")) == [
            ("IDB.48/Dec.1", "Took note"),
            ("GC.18/Res.9", "Asked for it"),
        ]
        assert kept in workplan.mandates.all()
        assert list(workplan.core_functions.all()) == [function]

    @pytest.mark.parametrize(
        ("content", "field", "says"),
        [
            ({"title": ""}, "title", "required"),
            ({"title": "x" * 401}, "title", "400"),
            ({"summary-ar": "ملخص"}, "title-ar", "in this language too"),
            ({"language": "de"}, "language", "de is not one of the available choices"),
            ({"core_functions": ["NONE"]}, "core_functions", "NONE"),
            ({"mandates": [{"symbol": "", "what": "Asked"}]}, "mandates", "Row 1, Symbol"),
            ({"mandates": [{"symbol": "A"}, {"symbol": "A"}]}, "mandates", "Row 2 says again"),
        ],
    )
    def test_are_refused_at_their_field(self, workplan, secretariat, content, field, says):
        wrong = wrong_with(make.MatrixDraftFactory(workplan=workplan, holder=secretariat), **content)
        assert list(wrong) == [field]
        assert says in wrong[field]


class TestAnArea:
    def test_is_added_with_a_code_of_its_own_behind_the_others(self, workplan, secretariat, focal_point):
        first = make.ImpactAreaFactory(workplan=workplan, code="TRADE", order=4)
        draft = begin_area(workplan=workplan, user=secretariat, now=make.NOON)
        assert begin_area(workplan=workplan, user=secretariat, now=make.NOON) == draft
        area = approved(draft, focal_point, name="Trade!", focus="Standards\nLaboratories").area
        assert (area.code, area.order, list(workplan.areas.all())) == ("TRADE-2", 5, [first, area])
        assert area.texts.get().focus.splitlines() == ["Standards", "Laboratories"]

    def test_of_a_name_that_the_workplan_has_is_refused(self, workplan, secretariat):
        make.ImpactAreaFactory(workplan=workplan, code="Skills")
        draft = begin_area(workplan=workplan, user=secretariat, now=make.NOON)
        assert wrong_with(draft, name="skills") == {"name": "The workplan has an area of this name already."}

    def test_stays_while_anything_belongs_to_it(self, workplan, secretariat, focal_point):
        area = make.ImpactAreaFactory(workplan=workplan)
        indicator = make.IndicatorFactory(workplan=workplan, area=area, code="T1")
        entry = make.WorkplanEntryFactory(workplan=workplan, code="Advice", printed_beside=area)
        draft = make.MatrixDraftFactory(area=area, holder=secretariat)
        wrong = wrong_with(draft, retired_because="It was merged.")
        assert list(wrong) == ["retired_because"]
        assert "it stays: T1, Advice. Retire them first" in wrong["retired_because"]
        area.retired_because = "It was merged."
        with pytest.raises(ValidationError):
            area.full_clean()  # as the administration does
        indicator.area = entry.printed_beside = None
        indicator.save()
        entry.save()
        assert approved(draft, focal_point).area.retired_because == "It was merged."
        assert list(wrong_with(make.IndicatorDraftFactory(workplan=workplan), area=area.code)) == ["area"]


class TestAnEntry:
    def test_is_added_where_it_was_put(self, workplan, secretariat, focal_point):
        for order, name in ((6, "Audit"), (7, "Survey")):
            make.WorkplanEntryFactory(workplan=workplan, code=name, order=order)
        area = make.ImpactAreaFactory(workplan=workplan, code="TECH")
        draft = begin_entry(workplan=workplan, kind=EntryKind.TOOL, user=secretariat, now=make.NOON)
        said = {"name": "Clinic", "acronym": "CLN", "areas": ["TECH"], "printed_beside": "TECH", "place": "2"}
        entry = approved(draft, focal_point, **said).entry
        assert names(workplan) == ["Audit", "Clinic", "Survey"]
        assert (entry.code, entry.printed_beside, list(entry.areas.all())) == ("CLN", area, [area])

    def test_moves_and_leaves_those_before_it_as_they_were(self, workplan, secretariat, focal_point):
        entries = [
            make.WorkplanEntryFactory(workplan=workplan, code=code, order=6 + n) for n, code in enumerate("ABCD")
        ]
        approved(make.MatrixDraftFactory(entry=entries[3], holder=secretariat), focal_point, place="2")
        assert names(workplan) == ["A", "D", "B", "C"]
        approved(make.MatrixDraftFactory(entry=entries[0], holder=secretariat), focal_point, place="")
        assert names(workplan) == ["D", "B", "C", "A"]

    def test_keeps_its_translations_and_those_of_others_go_stale(self, workplan, secretariat, focal_point):
        entry = make.WorkplanEntryFactory(workplan=workplan, code="Audit")
        french = WorkplanEntryText.objects.create(
            entry=entry, language="fr", name="Bilan", state=TextState.CHECKED, based_on=1
        )
        approved(make.MatrixDraftFactory(entry=entry, holder=secretariat), focal_point, name="Energy audit")
        french.refresh_from_db()
        assert french.name == "Bilan"
        assert stale_languages(entry.texts.all()) == ["fr"]

    def test_of_a_phase_names_its_tool(self, workplan, secretariat, focal_point):
        tool = make.WorkplanEntryFactory(workplan=workplan, code="CIRP")
        draft = begin_entry(workplan=workplan, kind=EntryKind.PHASE, user=secretariat, now=make.NOON)
        assert list(wrong_with(draft, name="Scoping")) == ["phase_of"]
        phase = approved(draft, focal_point, phase_of="CIRP").entry
        assert (phase.phase_of, phase.kind) == (tool, EntryKind.PHASE)
        again = make.MatrixDraftFactory(entry=phase, holder=secretariat)
        assert not {"areas", "initiative"} & again.content.keys()
        assert approved(again, focal_point, name="Scoping mission").entry.phase_of == tool
        draft = make.MatrixDraftFactory(entry=tool, holder=secretariat)
        wrong = wrong_with(draft, retired_because="It has ended.")
        assert wrong == {"retired_because": "It has phases, so it stays. Retire them first."}

    @pytest.mark.parametrize(
        ("content", "field", "says"),
        [
            ({"name": "", "words": ""}, "name", "An entry needs a name or words."),
            ({"name": "audit"}, "name", "The workplan has an entry of this kind and name already."),
            ({"name": "x" * 301}, "name", "300"),
            ({"acronym": "x" * 21}, "acronym", "20"),
            ({"place": "first"}, "place", "whole number"),
            ({"place": "0"}, "place", "1"),
            ({"areas": ["NONE"]}, "areas", "NONE"),
            ({"printed_beside": "OTHER"}, "printed_beside", "OTHER"),
            ({"initiative": "i/999999"}, "initiative", "There is no initiative"),
            ({"applies_to_all_areas": "on", "areas": ["TECH"]}, "areas", "applies to all areas already"),
        ],
    )
    def test_is_refused_at_its_field(self, workplan, secretariat, content, field, says):
        make.WorkplanEntryFactory(workplan=workplan, code="Audit")
        make.ImpactAreaFactory(workplan=workplan, code="TECH")
        make.ImpactAreaFactory(code="OTHER")
        draft = begin_entry(workplan=workplan, kind=EntryKind.TOOL, user=secretariat, now=make.NOON)
        wrong = wrong_with(draft, **{"name": "Survey"} | content)
        assert list(wrong) == [field]
        assert says in wrong[field]

    def test_leads_to_no_initiative_that_its_entity_may_not_read(self, workplan, secretariat, focal_point):
        hidden = make.InitiativeFactory(title="Hidden")
        own = make.InitiativeFactory(entity=workplan.entity, title="Own")
        draft = begin_entry(workplan=workplan, kind=EntryKind.TOOL, user=secretariat, now=make.NOON)
        assert list(wrong_with(draft, name="Clinic", initiative=f"i/{hidden.pk}")) == ["initiative"]
        assert approved(draft, focal_point, initiative=f"i/{own.pk}").entry.initiative == own

    def test_of_an_edition_that_was_superseded_stays(self, workplan, secretariat):
        entry = make.WorkplanEntryFactory(workplan=workplan)
        make.WorkplanFactory(entity=workplan.entity, supersedes=workplan)
        draft = make.MatrixDraftFactory(entry=entry, holder=secretariat)
        assert "Another edition has superseded this workplan" in wrong_with(draft, name="Other")["__all__"]


class TestPages:
    @pytest.fixture
    def writer(self, secretariat: User) -> Client:
        writer = Client()
        writer.force_login(secretariat)
        return writer

    def test_lead_from_the_workplan_to_its_change_and_back(self, client, workplan, writer, focal_point):
        make.ImpactAreaFactory(workplan=workplan, code="TECH")
        entry = make.WorkplanEntryFactory(workplan=workplan, code="Audit", applies_to_all_areas=True)
        here, change = workplan.get_absolute_url(), reverse("workplan_change", args=[workplan.slug])
        assert "Change texts, areas and entries" in words_of(writer.get(here))
        assert "Change texts, areas and entries" not in words_of(client.get(here))
        assert "Audit" in words_of(writer.get(change))
        edit = writer.post(change, {"record": f"entry-{entry.pk}"}).headers["Location"]
        assert writer.post(change, {"record": f"entry-{entry.pk}"}).headers["Location"] == edit
        assert "is being changed" in words_of(writer.get(change))
        sent = {"language": "en", "name": "Energy audit", "applies_to_all_areas": "on", "place": "1"}
        sent |= {"edits": "0", "why": "As its document has it.", "submit": "yes"}
        draft = Draft.objects.get()
        assert writer.post(edit, sent).headers["Location"] == draft.get_absolute_url()
        assert "Energy audit" not in words_of(client.get(here))
        approve_draft(draft=draft, edits=Draft.objects.get().edits, user=focal_point, now=make.NOON)
        assert "Energy audit" in words_of(client.get(here))
        assert "As its document has it." not in words_of(client.get(here))
        told = words_of(writer.get(here))
        assert "Changed: Energy audit" in told
        assert "As its document has it." in told

    def test_tell_everybody_what_was_taken_out_and_why(self, client, workplan):
        make.WorkplanEntryFactory(workplan=workplan, code="Kiosk", retired_because="The programme ended in 2024.")
        page = words_of(client.get(workplan.get_absolute_url()))
        assert page.index("No longer part of the workplan") < page.index("Kiosk")
        assert "The programme ended in 2024." in page
        assert client.get(f"/api/v1/workplans/{workplan.slug}/").json()["entries"] == []

    @pytest.mark.parametrize("chosen", ["", "entry-", "entry-x", "area-0", "new-house", "entry-" + "9" * 30, "edition"])
    def test_begin_nothing_that_is_not_there(self, workplan, writer, chosen):
        change = reverse("workplan_change", args=[workplan.slug])
        assert writer.post(change, {"record": chosen}).status_code == 404
        assert not Draft.objects.exists()

    def test_begin_nothing_of_another_workplan(self, workplan, writer):
        entry = make.WorkplanEntryFactory()
        change = reverse("workplan_change", args=[workplan.slug])
        assert writer.post(change, {"record": f"entry-{entry.pk}"}).status_code == 404

    @pytest.mark.parametrize("chosen", ["workplan", "new-area", *(f"new-{kind}" for kind in EntryKind.values)])
    def test_show_the_form_of_each_kind(self, workplan, writer, chosen):
        edit = writer.post(reverse("workplan_change", args=[workplan.slug]), {"record": chosen}).headers["Location"]
        assert writer.get(edit).status_code == 200
        assert writer.get(Draft.objects.get().get_absolute_url()).status_code == 200

    def test_cost_the_same_however_many_rows_there_are(
        self, workplan, writer, django_assert_num_queries: DjangoAssertNumQueries
    ):
        change = reverse("workplan_change", args=[workplan.slug])
        make.WorkplanEntryFactory(workplan=workplan)
        make.ImpactAreaFactory(workplan=workplan)
        writer.get(change)
        counted = []
        for _turn in range(2):
            with django_assert_num_queries(100, exact=False) as queries:
                writer.get(change)
            counted.append(len(queries))
            for number in range(5):
                entry = make.WorkplanEntryFactory(workplan=workplan, order=number)
                make.MatrixDraftFactory(entry=entry)
        assert counted[0] == counted[1]

    def test_of_drafts_are_of_three_kinds(self, workplan, secretariat):
        area, entry = make.ImpactAreaFactory(workplan=workplan), make.WorkplanEntryFactory(workplan=workplan)
        for about in ({}, {"area": area}, {"entry": entry}):
            make.MatrixDraftFactory(workplan=workplan, holder=secretariat, **about)
        kinds = set(Draft.objects.of_matrices().values_list("of", flat=True))
        assert kinds == {DraftOf.WORKPLAN, DraftOf.AREA, DraftOf.ENTRY}
