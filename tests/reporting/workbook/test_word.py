"""The texts of records as one Word file: out, edited in a word processor, and in again."""

import pytest

from initiatives.choices import Role
from initiatives.models import Draft
from initiatives.services.drafts import begin_change, save_draft
from portal.common import richtext
from reporting.choices import WorkbookFormat, WorkbookState
from reporting.services.workbooks import accept_workbook, choose_for_row, request_workbook, submit_workbook
from reporting.tasks import work_on_workbook_task
from reporting.workbook.run import read_and_judge
from tests.factories import (
    NOON,
    CallFactory,
    DraftFactory,
    EntityFactory,
    EntityTextFactory,
    InitiativeFactory,
    JointInvitationFactory,
    KindFactory,
    ReferenceFactory,
    UpdateFactory,
    UserFactory,
)
from tests.support.workbooks import below, reworded, texts_taken_out, with_words

pytestmark = pytest.mark.django_db

HARD = (
    "<h2>Aims &amp; more</h2><p>One <strong>bold</strong> word, H<sub>2</sub>O, "
    '<a href="https://example.org/a">a link</a>.<span data-footnote="See https://example.org/n, p. 3.">*</span></p>'
    "<h3>Below</h3><ul><li><p>first</p></li><li><p>second</p><ul><li><p>inside</p></li></ul></li></ul>"
    '<ul><li><p>Another list</p></li></ul><ol type="a" start="3" data-delimiter="()"><li><p>x</p></li></ol>'
    "<blockquote><p>Quoted.</p><p>Twice.</p></blockquote>"
    "<table><thead><tr><th>Head</th><th>Two</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
    '<p>Line<br>break <span lang="fr" dir="ltr">mot</span></p><p lang="ar" dir="rtl">مركز التعلم</p>'
    '<p>Cites<span data-footnote="" data-reference="{reference}">*</span>'
    '<span data-footnote="own words">*</span> [x] 🏭.</p>'
)


@pytest.fixture
def entity():
    CallFactory()  # asks for 2021
    return EntityFactory(code="UNIDO", acronym="UNIDO")


@pytest.fixture
def mira(entity):
    return UserFactory(role=Role.STAFF, entity=entity, name="Mira")


@pytest.fixture
def hub(entity):
    """With a description that has all that a text can hold, and an update of the year."""
    KindFactory(code="programme")
    description = HARD.format(reference=ReferenceFactory(text="Decision IDB.45/Dec.2", address="").pk)
    made = InitiativeFactory(entity=entity, title="Hub", description=description)
    UpdateFactory(initiative=made, paragraph="<p>Opened in Vienna.</p><p>Ten firms came.</p>")
    return made


@pytest.fixture
def quiet(entity, hub):
    """Nothing is told of it yet."""
    return InitiativeFactory(entity=entity, title="مركز", language="ar", description="<p>مركز التعلم.</p>")


def judged(content, entity):
    rows, _notices = read_and_judge(content, entity)
    return {row.record: row for row in rows}


def cells(row):
    return {cell.name: cell for cell in row.cells}


def sent(content, entity, mira):
    upload = request_workbook(content=content, name="texts.docx", entity=entity, user=mira, now=NOON)
    work_on_workbook_task(upload_id=upload.pk)
    upload.refresh_from_db()
    return upload


def taken_in(upload, conflicts="leave"):
    accept_workbook(upload=upload, only_good=True, conflicts=conflicts, why="On the train.", now=NOON)
    work_on_workbook_task(upload_id=upload.pk)
    upload.refresh_from_db()
    return upload


class TestOwnExport:
    def test_changes_nothing(self, entity, quiet):
        DraftFactory(entity=entity, title="Begun", content={"title": "Begun", "kind": "programme", "language": "en"})
        content = texts_taken_out(entity)
        for one in (content, reworded(content, lambda _word: None)):
            rows = judged(one, entity)
            assert len(rows) == 5
            assert {row.verdict for row in rows.values()} == {"unchanged"}


class TestATextThatChanged:
    def test_goes_into_drafts_and_keeps_what_word_cannot_hold(self, entity, hub, quiet, mira):
        def edit(word):
            for paragraph in word.paragraphs:
                if paragraph.text.startswith("Cites"):
                    paragraph.runs[0].text = "It cites"
                if paragraph.text.startswith("Ten firms"):
                    paragraph.insert_paragraph_before("Five came ").add_run("early").bold = True
            below(word, f"[i{quiet.pk}:2021 paragraph")._p.addnext(word.add_paragraph("افتتح في 2021.")._p)

        upload = sent(reworded(texts_taken_out(entity), edit), entity, mira)
        assert (upload.state, upload.format, upload.notices) == (WorkbookState.READ, WorkbookFormat.DOCX, [])
        verdicts = dict(upload.rows.values_list("record", "verdict"))
        assert verdicts == {
            f"i{hub.pk}": "changed",
            f"i{hub.pk}:2021": "changed",
            f"i{quiet.pk}": "unchanged",
            f"i{quiet.pk}:2021": "added",
        }
        taken_in(upload)
        description, told, begun = Draft.objects.order_by("pk")
        assert description.content["description"] == description.began_from["description"].replace(
            "<p>Cites", "<p>It cites"
        )
        assert told.content["paragraph"] == (
            "<p>Opened in Vienna.</p><p>Five came <strong>early</strong></p><p>Ten firms came.</p>"
        )
        assert (begun.content["kind"], begun.content["paragraph"]) == ("news", "<p>افتتح في 2021.</p>")
        assert {draft.why for draft in (description, told, begun)} == {"On the train."}
        assert {row.verdict for row in judged(texts_taken_out(entity), entity).values()} == {"unchanged"}

    def test_that_others_changed_too_is_merged_or_chosen_for_each(self, entity, hub, quiet, mira):
        content = with_words(texts_taken_out(entity), Opened_in_Vienna="Opened in Graz", Quoted="Said")
        draft = begin_change(initiative=hub, user=mira, now=NOON)
        theirs = draft.content["description"].replace("Quoted", "Told").replace("Aims", "Goals")
        save_draft(draft=draft, content=draft.content | {"description": theirs}, edits=draft.edits, user=mira, now=NOON)
        update = hub.updates.get()
        text = update.texts.get()
        text.paragraph = "<p>Opened in Vienna.</p><p>Twelve firms came.</p>"
        text.save()
        upload = sent(content, entity, mira)
        assert upload.notices == []
        row = upload.rows.get(record=f"i{hub.pk}")
        assert (row.verdict, [cell["clashes"] for cell in row.cells]) == ("conflict", [True])
        choose_for_row(row=row, choice="mine")
        taken_in(upload)
        draft.refresh_from_db()
        assert "Said." in draft.content["description"]
        assert "Goals &amp; more" in draft.content["description"]
        told = Draft.objects.of_updates().get()
        assert told.content["paragraph"] == "<p>Opened in Graz.</p><p>Twelve firms came.</p>"


class TestListsThatChanged:
    def test_keep_what_stands_around_their_marks(self, entity, hub, quiet, mira):
        lists = (
            '<ol type="a" start="2" data-delimiter="()"><li><p>looms</p></li><li><p>yarn</p></li></ol>'
            '<p>And:</p><ol type="i" data-delimiter=")"><li><p>days</p></li><li><p>nights</p></li></ol>'
            '<p>Or:</p><ol><li><p>both</p></li></ol><ol data-delimiter="()"><li><p>none</p></li></ol>'
        )
        text = hub.texts.get()
        text.description = richtext.clean(lists)
        text.save()
        content = with_words(texts_taken_out(entity), yarn="wool", nights="evenings", both="all", none="nothing")
        taken_in(sent(content, entity, mira))
        changed = lists.replace("yarn", "wool").replace("nights", "evenings")
        changed = changed.replace("both", "all").replace("none", "nothing")
        assert Draft.objects.get().content["description"] == richtext.clean(changed)


class TestAFileThatWasDamaged:
    def test_names_the_place_and_what_to_do(self, entity, hub, quiet):
        def edit(word):
            lines = {paragraph.text.rpartition(" ")[0]: paragraph for paragraph in word.paragraphs}
            for start in (f"[i{hub.pk}:2021 results", f"[i{quiet.pk}:2021 lessons"):
                lines[start]._p.getparent().remove(lines[start]._p)
            line = lines[f"[i{quiet.pk} description"]
            below(word, f"[i{quiet.pk}:2021 outlook")._p.addnext(word.add_paragraph("Next.")._p)
            word.add_paragraph(line.text)
            word.add_paragraph(f"[i{hub.pk + 999} description 0123456789]")

        rows = judged(reworded(texts_taken_out(entity), edit), entity)
        assert {record: row.verdict for record, row in rows.items()} == {
            f"i{hub.pk}": "unchanged",
            f"i{hub.pk}:2021": "refused",
            f"i{quiet.pk}": "refused",
            f"i{quiet.pk}:2021": "refused",
            f"i{hub.pk + 999}": "refused",
        }
        assert "its small grey line is gone" in cells(rows[f"i{hub.pk}:2021"])["paragraph"].problem
        assert "twice" in cells(rows[f"i{quiet.pk}"])["description"].problem
        assert "no record of this number" in cells(rows[f"i{hub.pk + 999}"])["record"].problem

    def test_without_grey_lines_or_of_another_entity_is_refused(self, entity, hub, mira):
        content = texts_taken_out(entity)
        assert "holds records of UNIDO" in sent(content, EntityFactory(), mira).failure

        def edit(word):
            for paragraph in word.paragraphs:
                if paragraph.text.startswith("["):
                    paragraph._p.getparent().remove(paragraph._p)

        assert "none of the small grey lines" in sent(reworded(content, edit), entity, mira).failure

    def test_of_a_record_that_waits_for_a_decision_is_refused(self, entity, hub, mira):
        content = with_words(texts_taken_out(entity), Quoted="Said")
        begin_change(initiative=hub, user=mira, now=NOON)
        Draft.objects.update(state="submitted")
        assert "waits for a decision" in cells(judged(content, entity)[f"i{hub.pk}"])["record"].problem


class TestOwnTextsOfJointInitiatives:
    @pytest.fixture
    def joint(self, entity):
        """Two initiatives of another entity that UNIDO has joined: of one it says something already."""
        joined = [
            JointInvitationFactory(initiative=InitiativeFactory(title=title), entity=entity, joined=True)
            for title in ("Joint", "Silent")
        ]
        text = {"description": "<p>We train <strong>welders</strong>.</p>"}
        EntityTextFactory(initiative=joined[0].initiative, entity=entity, **text)
        EntityTextFactory(initiative=joined[0].initiative)  # of a third one
        return joined

    def test_go_out_with_those_that_are_not_written_yet_and_change_nothing(self, entity, joint):
        rows = judged(texts_taken_out(entity), entity)
        assert {record: (row.verdict, row.title) for record, row in rows.items()} == {
            f"e{joint[0].initiative_id}": ("unchanged", "Joint"),
            f"e{joint[1].initiative_id}": ("unchanged", "Silent"),
        }

    def test_come_back_into_their_drafts(self, entity, mira, joint):
        told, silent = (one.initiative for one in joint)

        def edit(word):
            below(word, f"[e{silent.pk} description")._p.addnext(word.add_paragraph("We teach.")._p)

        content = reworded(with_words(texts_taken_out(entity), welders="printers"), edit)
        upload = sent(content, entity, mira)
        rows = {row.record: row for row in upload.rows.all()}
        assert (rows[f"e{told.pk}"].verdict, rows[f"e{silent.pk}"].verdict) == ("changed", "added")
        taken_in(upload)
        change, new = Draft.objects.order_by("pk")
        assert {draft.of for draft in (change, new)} == {"entity_text"}
        assert (change.initiative, change.content["description"], change.began_from["description"]) == (
            told,
            "<p>We train <strong>printers</strong>.</p>",
            "<p>We train <strong>welders</strong>.</p>",
        )
        assert (new.is_new, new.title, new.content) == (
            True,
            "Silent",
            {"language": "en", "description": "<p>We teach.</p>"},
        )
        assert {row.verdict for row in judged(content, entity).values()} == {"unchanged"}
        submit_workbook(upload=upload)
        work_on_workbook_task(upload_id=upload.pk)
        assert set(upload.rows.values_list("outcome", flat=True)) == {"submitted"}

    def test_are_left_out_where_joint_work_has_ended_or_was_never_begun(self, entity, mira, joint):
        content = with_words(texts_taken_out(entity), welders="printers")
        upload = sent(content, entity, mira)
        for invitation in joint:
            invitation.delete()
        assert judged(content, entity)[f"e{joint[0].initiative_id}"].verdict == "refused"
        taken_in(upload)
        assert upload.rows.get(verdict="changed").outcome == "left"
        assert not Draft.objects.exists()
