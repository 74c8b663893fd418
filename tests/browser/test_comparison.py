"""Comparing two compilations in a browser."""

import copy
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from initiatives.choices import Role
from portal.models import User
from reporting.compilation.snapshot import Snapshot, fingerprint
from reporting.models import Submission
from tests.browser.conftest import Visitor
from tests.factories import (
    PASSWORD,
    CallFactory,
    CompilationFactory,
    EntityFactory,
    SessionFactory,
    SubmissionFactory,
    UserFactory,
)
from tests.reporting.compilation import samples

Visit = Callable[..., Visitor]


def changed(old: Snapshot) -> Snapshot:
    """Return the text with words, footnotes and headings changed, a paragraph new, one gone, and an item moved."""
    new = copy.deepcopy(old)
    summary, overview, initiatives = new["sections"]
    note = '<span data-footnote="Count of May 2021.">*</span>'
    text = summary["items"][0]["html"].replace("four countries", f"seven countries{note}").replace("58", "64")
    summary["items"][0]["html"] = text + "<p>Every figure here was checked by the partners who gave it.</p>"
    text = overview["items"][0]["html"].replace("few countries report", "hardly any country reports on time")
    text = text.replace(
        "<blockquote><p>Technology is not the hard part; finding the time to learn is.</p></blockquote>", ""
    )
    overview["items"][0]["html"] = text.replace("<td>61</td>", "<td>67</td>")
    items = initiatives["items"]
    items[2]["heading"] = "Learning and Knowledge Development Facility (LKDF)"
    items.insert(1, items.pop(5))
    new["references"]["1"] = {**new["references"]["1"], "year": "2021"}
    new["cover"][3]["text"] = "Geneva, 4 to 8 April 2022"
    arabic = samples.item(f"<p>{samples.ARABIC}</p>", heading="التقرير", record=90, language="ar")
    overview["items"].append(arabic)
    return new


def with_arabic(snapshot: Snapshot) -> Snapshot:
    text = samples.ARABIC.replace("الدول الأعضاء", "البلدان النامية")
    arabic = samples.item(f"<p>{text}</p>", heading="التقرير", record=90, language="ar")
    snapshot["sections"][1]["items"].append(arabic)
    return snapshot


@pytest.fixture
def submission(transactional_db: None) -> Submission:
    """With two compilations that differ in many ways."""
    call = CallFactory(slug="25", session=SessionFactory(number=25))
    submission = SubmissionFactory(call=call, entities=[EntityFactory(code="UNIDO")])
    for number, text in enumerate((with_arabic(samples.unido()), changed(samples.unido())), start=1):
        CompilationFactory(
            submission=submission, number=number, done=True, snapshot=text, fingerprint=fingerprint(text)
        )
    return submission


@pytest.fixture
def person(submission: Submission) -> User:
    return UserFactory(role=Role.STAFF, entity=submission.entities.get(), email="amina@example.org")


class TestComparison:
    def test_is_asked_for_and_read_and_taken_away(self, visit: Visit, person: User) -> None:
        visitor = visit()
        visitor.sign_in(person.email, PASSWORD)
        page = visitor.open("/submissions/25/UNIDO/compilations/2/")
        visitor.follow(page.get_by_role("link", name="Compare with another text"))
        assert visitor.barriers() == []
        page.click("main form [type=submit]")
        expect(page.get_by_role("heading", name="What changed")).to_be_visible()
        expect(page.locator("del", has_text="four countries")).to_have_count(0)
        expect(page.locator("ins", has_text="seven")).to_be_visible()
        expect(page.get_by_text("Footnote changed").first).to_be_visible()
        expect(page.get_by_text("6 paragraphs moved up")).to_be_visible()
        for fold in page.locator("main details").all():
            fold.evaluate("fold => { fold.open = true }")
        assert visitor.barriers() == []
        assert visitor.sticks_out() <= 0
        with page.expect_download() as download:
            page.get_by_role("link", name="As a text file").click()
        assert download.value.suggested_filename == "UNIDO-CSTD-25-2-vs-1.txt"
        page.get_by_role("link", name="Swap").click()
        expect(page.locator("del", has_text="seven")).to_be_visible()

    @pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("ar", "light")])
    def test_is_read_on_a_telephone_and_in_arabic(self, visit: Visit, person: User, language: str, scheme: str) -> None:
        visitor = visit(width=360, language=language, scheme=scheme)
        visitor.sign_in(person.email, PASSWORD)
        page = visitor.open("/submissions/25/UNIDO/compilations/2/compare/?with=25/UNIDO/1")
        assert page.locator("p[lang=ar] ins").evaluate("ins => getComputedStyle(ins).direction") == "rtl"
        assert page.locator("ins", has_text="seven").evaluate("ins => getComputedStyle(ins).direction") == "ltr"
        for fold in page.locator("main details").all():
            fold.evaluate("fold => { fold.open = true }")
        assert visitor.barriers() == []
        assert visitor.sticks_out() <= 0
