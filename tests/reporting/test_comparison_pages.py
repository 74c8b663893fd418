"""Comparing two compilations, through the page and the text file."""

import copy
import re
from typing import Any

import pgtrigger
import pytest
from django.urls import reverse

from initiatives.choices import Role
from reporting.choices import IssueKind, SubmissionState
from reporting.compilation.snapshot import Snapshot, fingerprint
from reporting.models import Compilation, Submission
from tests.factories import (
    NOON,
    CallFactory,
    CompilationFactory,
    EntityFactory,
    SealFactory,
    SessionFactory,
    SubmissionFactory,
    UserFactory,
)
from tests.reporting.compilation import samples
from tests.reporting.compilation.samples import item, section, snapshot
from tests.support.pages import assert_rows_cost_nothing, client_of, words_of

pytestmark = pytest.mark.django_db

OLD = "<p>The hub trains forty welders in Lima every year.</p>"
NEW = OLD.replace("forty", "fifty")


@pytest.fixture
def unido():
    return EntityFactory(code="UNIDO")


@pytest.fixture
def submission(unido):
    return SubmissionFactory(call=CallFactory(slug="25", session=SessionFactory(number=25)), entities=[unido])


@pytest.fixture
def staff(unido):
    return client_of(UserFactory(role=Role.STAFF, entity=unido))


def compiled(submission: Submission, number: int, text: Snapshot | str | None, **facts: Any) -> Compilation:
    """Return a finished compilation of a snapshot, or of one paragraph."""
    frozen = snapshot([section("Overview", [item(text)])]) if isinstance(text, str) else text
    mark = fingerprint(frozen) if frozen else "0" * 64
    facts = {"fingerprint": mark, **facts}
    return CompilationFactory(submission=submission, number=number, done=True, snapshot=frozen, **facts)


def name(compilation: Compilation) -> str:
    return f"{compilation.submission.call.slug}/{compilation.submission.slug}/{compilation.number}"


def page(newer: Compilation, older: Compilation | str | None = None, **more: str) -> str:
    where = [newer.submission.call.slug, newer.submission.slug, newer.number]
    asked = {} if older is None else {"with": older if isinstance(older, str) else name(older)}
    query = "&".join(f"{key}={value}" for key, value in {**asked, **more}.items())
    return reverse("compilation_compare", args=where) + (f"?{query}" if query else "")


def offered(response: Any) -> list[str]:
    return re.findall(r'<option value="([^"]+)"', words_of(response))


class TestForm:
    def test_offers_finished_compilations_the_latest_first(self, staff, submission):
        first, second, third = (compiled(submission, number, OLD) for number in (1, 2, 3))
        CompilationFactory(submission=submission, number=4, failed=True)
        CompilationFactory(submission=submission, number=5, running=True)
        assert offered(staff.get(page(third))) == [name(second), name(first)]

    def test_offers_what_it_corrects_and_what_the_entity_told_in_other_calls(self, staff, unido, submission):
        before = SubmissionFactory(call=CallFactory(slug="24", period_start="2020-01-01"), entities=[unido])
        corrected = SubmissionFactory(
            call=submission.call,
            slug="UNIDO-Corr1",
            entities=[unido],
            based_on=submission,
            issue_kind=IssueKind.CORRIGENDUM,
            issue_number=1,
        )
        sealed = compiled(submission, 1, OLD)
        SealFactory(submission=submission, compilation=sealed, number=12)
        latest = compiled(submission, 3, OLD)
        compiled(submission, 2, OLD)
        earlier = [compiled(before, number, OLD) for number in (1, 2)]
        correction = compiled(corrected, 1, NEW)
        compiled(SubmissionFactory(call=submission.call), 1, OLD)
        response = staff.get(page(correction))
        assert offered(response) == [name(latest), name(sealed), name(earlier[1])]
        assert "Seal 12" in words_of(response)
        assert words_of(response).count("<optgroup") == 2

    def test_stays_short_after_a_thousand_compilations(self, staff, submission):
        rows = [
            CompilationFactory.build(submission=submission, number=number, done=True, snapshot={}, requested_by=None)
            for number in range(1, 1000)
        ]
        Compilation.objects.bulk_create(rows)
        assert len(offered(staff.get(page(compiled(submission, 1000, NEW))))) == 20

    def test_offers_what_is_near_to_an_old_one_and_means_the_one_before(self, staff, submission):
        for number in range(1, 41):
            compiled(submission, number, OLD)
        response = staff.get(page(Compilation.objects.get(number=10)))
        assert {"25/UNIDO/7", "25/UNIDO/11", "25/UNIDO/40"} <= set(offered(response))
        assert "25/UNIDO/5" not in offered(response)
        assert '<option value="25/UNIDO/9" selected' in words_of(response)

    def test_says_so_where_there_is_nothing_to_compare_with(self, staff, submission):
        assert "There is nothing to compare with yet" in words_of(staff.get(page(compiled(submission, 1, OLD))))

    @pytest.mark.parametrize(
        "wrong", ["", "x", "25/UNIDO", "25/UNIDO/x", "25/UNIDO/99999999999", "../../1", "25/U%00/1"]
    )
    def test_names_the_field_where_the_address_makes_no_sense(self, staff, submission, wrong):
        compiled(submission, 1, OLD)
        response = staff.get(page(compiled(submission, 2, NEW), wrong))
        assert response.status_code == 422
        assert "Compare with" in words_of(response)
        assert 'aria-invalid="true"' in words_of(response)


class TestPage:
    def test_shows_words_that_went_and_came_with_words_for_who_cannot_see_it(self, staff, submission):
        html = words_of(staff.get(page(compiled(submission, 2, NEW), compiled(submission, 1, OLD))))
        assert re.search(r"<del><span[^>]*> removed: </span>forty<span", html)
        assert re.search(r"<ins><span[^>]*> added: </span>fifty<span", html)
        assert '<span class="tally-number">1</span> changed' in html
        assert "1 paragraph unchanged" in html

    def test_says_from_where_a_paragraph_moved(self, staff, submission):
        texts = [OLD, "<p>A survey asked two hundred firms about machines.</p>", "<p>Prices of energy rose.</p>"]

        def of(order: list[list[int]]) -> Snapshot:
            items = [
                item("".join(texts[at] for at in part), heading=f"Item {number}", record=number)
                for number, part in enumerate(order, start=1)
            ]
            return snapshot([section("Overview", items)])

        older, newer = compiled(submission, 1, of([[0, 1], [2]])), compiled(submission, 2, of([[0], [2, 1]]))
        html = words_of(staff.get(page(newer, older)))
        assert "Moved down" in html
        assert "It stood under “Overview › Item 1”." in html

    def test_tells_of_footnotes_under_their_paragraph(self, staff, submission):
        note = '<p>Forty<span data-footnote="Page %s.">*</span> came.</p>'
        older, newer = compiled(submission, 1, note % 4), compiled(submission, 2, note % 5)
        html = words_of(staff.get(page(newer, older)))
        assert "Footnote changed" in html
        assert re.search(r"Page <del>.*4.*</del><ins>.*5.*</ins>\.", html)

    def test_says_that_two_texts_are_the_same(self, staff, submission):
        older, newer = compiled(submission, 1, OLD), compiled(submission, 2, OLD)
        html = words_of(staff.get(page(newer, older)))
        assert "The two texts are the same, word for word" in html
        assert "They have the same fingerprint" in html
        assert "Their fingerprints differ" in words_of(
            staff.get(page(compiled(submission, 3, snapshot([section("Overview", [item(OLD)])], title="X")), older))
        )

    def test_gives_each_text_its_language_and_direction(self, staff, submission):
        old = samples.in_six_languages()
        new = copy.deepcopy(old)
        for each in new["sections"][0]["items"]:
            each["html"] = each["html"].replace("المنظمة", "المؤسسة").replace("机遇", "挑战")
        html = words_of(staff.get(page(compiled(submission, 2, new), compiled(submission, 1, old))))
        for tag, way, word in [("ar", "rtl", "المؤسسة"), ("zh", "ltr", "挑战")]:
            assert re.search(rf'<p class="change-text[^>]*lang="{tag}" dir="{way}">[^§]*{word}', html)

    def test_escapes_what_people_wrote(self, staff, submission):
        bad = "<p>Firms &lt;script&gt;alert(1)&lt;/script&gt; &amp; more.</p>"
        html = words_of(staff.get(page(compiled(submission, 2, bad), compiled(submission, 1, OLD))))
        assert "<script>alert" not in html
        assert "&lt;script&gt;" in html

    def test_warns_where_the_two_are_in_different_languages(self, staff, submission):
        older, newer = compiled(submission, 1, OLD), compiled(submission, 2, NEW, language="fr")
        assert "in different languages" in words_of(staff.get(page(newer, older)))
        assert "in different languages" not in words_of(staff.get(page(older, older)))

    def test_swaps_the_two_and_offers_others(self, staff, submission):
        older, newer = compiled(submission, 1, OLD), compiled(submission, 2, NEW)
        html = words_of(staff.get(page(newer, older)))
        assert f'href="{page(older, newer)}"' in html
        assert "Compare with another" in html

    def test_links_to_the_versions_of_the_record_and_names_nobody(self, staff, unido, submission):
        author = UserFactory(role=Role.STAFF, entity=unido, name="Leila Haddad")
        source = samples.record_of("update", 7, version=2)
        older = compiled(submission, 1, OLD, requested_by=author)
        newer = compiled(
            submission, 2, snapshot([section("Overview", [item(NEW, source=source)])]), requested_by=author
        )
        html = words_of(staff.get(page(newer, older)))
        assert '<a href="/records/i1_en_1/">Before: version 1</a>' in html
        assert '<a href="/records/u7_en_2/">Now: version 2</a>' in html
        assert "Leila" not in html

    def test_links_from_the_page_of_the_compilation(self, staff, submission):
        compiled(submission, 1, OLD)
        newer = compiled(submission, 2, NEW)
        assert f'href="{page(newer)}"' in words_of(staff.get(newer.get_absolute_url()))
        failed = CompilationFactory(submission=submission, number=3, failed=True)
        assert "compare/" not in words_of(staff.get(failed.get_absolute_url()))

    def test_shows_openings_only_of_very_many_paragraphs_that_stayed(self, staff, submission):
        long = "<p>" + "Firms learn from others and tell how. " * 20 + "</p>"
        older, newer = compiled(submission, 1, long * 500 + OLD), compiled(submission, 2, long * 500 + NEW)
        response = staff.get(page(newer, older))
        assert "501 paragraphs unchanged" in words_of(response)  # the heading, too
        assert len(response.content) < 300_000

    @pytest.mark.parametrize(
        ("text", "sentence"), [(None, "has no text to compare"), ({**samples.unido(), "format": 1}, "Compile again")]
    )
    def test_says_so_where_a_text_cannot_be_compared(self, staff, submission, text, sentence):
        older, newer = compiled(submission, 1, text), compiled(submission, 2, NEW)
        response = staff.get(page(newer, older))
        assert response.status_code == 409
        assert sentence in words_of(response)
        assert staff.get(page(newer, older, format="txt")).status_code == 409

    @pytest.mark.parametrize("edited", [1, 2])
    def test_says_so_where_a_text_was_edited_in_the_database(self, staff, submission, edited):
        older, newer = compiled(submission, 1, OLD), compiled(submission, 2, NEW)
        with pgtrigger.ignore("reporting.Compilation:finished_compilation_stays"):
            submission.compilations.filter(number=edited).update(
                snapshot=snapshot([section("Overview", [item("<p>Nobody was trained.</p>")])])
            )
        response = staff.get(page(newer, older))
        assert response.status_code == 409
        assert "it no longer has its fingerprint" in words_of(response)
        assert "Nobody was trained" not in words_of(response)
        assert staff.get(page(newer, older, format="txt")).status_code == 409

    def test_takes_the_same_queries_for_more_compilations(self, staff, submission):
        older, newer = compiled(submission, 1, OLD), compiled(submission, 2, NEW)
        numbers = iter(range(3, 100))
        assert_rows_cost_nothing(staff, page(newer, older), lambda: compiled(submission, next(numbers), NEW))


class TestTextFile:
    def test_says_the_same_in_plain_lines(self, staff, submission):
        response = staff.get(page(compiled(submission, 3, NEW), compiled(submission, 2, OLD), format="txt"))
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        assert response["Content-Disposition"] == 'attachment; filename="UNIDO-CSTD-25-3-vs-2.txt"'
        text = response.content.decode()
        assert "Paragraphs: 1 changed, 1 unchanged" in text
        assert "~ Changed.\n  The hub trains [-forty-]{+fifty+} welders in Lima every year." in text

    def test_names_the_other_submission(self, staff, unido, submission):
        before = SubmissionFactory(call=CallFactory(slug="24", session=submission.call.session), entities=[unido])
        response = staff.get(page(compiled(submission, 3, NEW), compiled(before, 2, OLD), format="txt"))
        assert 'filename="UNIDO-CSTD-25-3-vs-UNIDO-CSTD-24-2.txt"' in response["Content-Disposition"]

    def test_says_that_two_texts_are_the_same(self, staff, submission):
        response = staff.get(page(compiled(submission, 3, OLD), compiled(submission, 2, OLD), format="txt"))
        assert "The two texts are the same, word for word." in response.content.decode()


class TestAccess:
    def test_needs_that_the_reader_may_see_both(self, staff, submission):
        own, foreign = (
            compiled(submission, 1, OLD),
            compiled(SubmissionFactory(call=submission.call), 1, "<p>Secret.</p>"),
        )
        for address in (page(own, foreign), page(foreign, own), page(own, "25/NONE/7")):
            assert staff.get(address).status_code == 404

    def test_lets_everybody_compare_what_is_sealed_and_published_and_no_draft(self, client, submission):
        Submission.objects.filter(pk=submission.pk).update(state=SubmissionState.PUBLISHED, published_at=NOON)
        later = SubmissionFactory(
            call=submission.call,
            slug="UNIDO-Rev1",
            entities=[submission.entities.get()],
            based_on=submission,
            issue_kind=IssueKind.REVISION,
            issue_number=1,
            state=SubmissionState.PUBLISHED,
            published_at=NOON,
        )
        draft, sealed, revised = (
            compiled(submission, 1, "<p>Secret.</p>"),
            compiled(submission, 2, OLD),
            compiled(later, 1, NEW),
        )
        SealFactory(submission=submission, compilation=sealed)
        SealFactory(submission=later, compilation=revised)
        assert "fifty" in words_of(client.get(page(revised, sealed)))
        assert client.get(page(revised, draft)).status_code == 404
        assert offered(client.get(page(revised))) == [name(sealed)]
