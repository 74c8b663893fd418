import csv
import datetime as dt
import io
import json
import tempfile
import threading
import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.http.response import HttpResponseBase
from django.utils import translation
from openpyxl import Workbook, load_workbook

from portal.common import exports
from portal.common.exports import About, Column, ExportFormat, SheetIsFull, TooManyFiles, export, harmless
from tests.factories import NOON

pytestmark = pytest.mark.django_db  # an answer that is closed looks after connections of tests before

COLUMNS = [Column("code", "Code"), Column("title", "Title"), Column("day", "Day"), Column("lines", "Action lines")]
ABOUT = About(
    title="Initiatives",
    address="https://portal.example.org/initiatives/?line=C7",
    made_at=NOON,
    narrowed_by=[("Action line", "C7")],
    notes=["A note on designations."],
)
ROW = {"code": 7, "title": "Learning hub", "day": dt.date(2021, 11, 22), "lines": ["C4", "C7-ELEA"]}


def body(response: HttpResponseBase) -> bytes:
    made = b"".join(response)  # type: ignore[arg-type]
    response.close()
    return made


def made(format: str, *rows: dict[str, Any], columns: list[Column] = COLUMNS) -> bytes:
    rows = rows or (ROW,)
    return body(export(iter(rows), columns=columns, format=ExportFormat(format), name="initiatives", about=ABOUT))


def records(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")))


def workbook(file: bytes) -> Workbook:
    return load_workbook(io.BytesIO(file))


def of_text(text: str) -> dict[str, Any]:
    return ROW | {"title": text}


class TestAnswer:
    @pytest.mark.parametrize(
        ("format", "content_type"),
        [
            ("csv", "text/csv; charset=utf-8"),
            ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ("json", "application/json"),
        ],
    )
    def test_is_a_file_to_keep_with_the_day_in_its_name(self, format, content_type):
        response = export([ROW], columns=COLUMNS, format=ExportFormat(format), name="initiatives", about=ABOUT)
        body(response)
        assert response["Content-Disposition"] == f'attachment; filename="initiatives-2021-11-22.{format}"'
        assert response["Content-Type"] == content_type
        assert response["X-Content-Type-Options"] == "nosniff"

    def test_has_a_name_that_no_header_or_disk_stumbles_over(self):
        response = export([], columns=COLUMNS, format=ExportFormat.CSV, name='a"b/../c\r\nX: y', about=ABOUT)
        assert response["Content-Disposition"] == 'attachment; filename="abc-x-y-2021-11-22.csv"'

    @pytest.mark.parametrize("format", ["csv", "xlsx", "json"])
    def test_fails_before_it_begins_where_the_rows_fail_at_once(self, format):
        def failing() -> Iterator[dict[str, Any]]:
            raise ConnectionError
            yield ROW

        with pytest.raises(ConnectionError):
            export(failing(), columns=COLUMNS, format=ExportFormat(format), name="initiatives", about=ABOUT)

    @pytest.mark.parametrize("format", ["csv", "json"])
    def test_closes_the_rows_when_the_reader_goes_away(self, format):
        closed = []

        def rows() -> Iterator[dict[str, Any]]:
            try:
                yield from [ROW] * 1_000
            finally:
                closed.append(True)

        response = export(rows(), columns=COLUMNS, format=ExportFormat(format), name="initiatives", about=ABOUT)
        next(iter(response))  # type: ignore[call-overload]
        assert not closed
        response.close()
        assert closed


class TestPlaces:
    @pytest.fixture(autouse=True)
    def _two_places(self, monkeypatch):
        monkeypatch.setattr(exports, "_SLOTS", threading.BoundedSemaphore(2))

    def begun(self, number: int) -> HttpResponseBase:
        return export([ROW] * number, columns=COLUMNS, format=ExportFormat.CSV, name="initiatives", about=ABOUT)

    def test_are_taken_by_large_files_until_they_are_closed(self):
        first, second = self.begun(1_000), self.begun(1_000)
        with pytest.raises(TooManyFiles, match="Try again in a minute"):
            self.begun(1_000)
        with pytest.raises(TooManyFiles):
            made("xlsx")
        first.close()
        assert len(records(body(self.begun(1_000)))) == 1_001
        second.close()

    def test_are_not_needed_for_small_files(self):
        kept = [self.begun(150) for _number in range(5)]
        assert [len(records(body(response))) for response in kept] == [151] * 5

    def test_are_free_again_after_a_failure(self):
        def failing() -> Iterator[dict[str, Any]]:
            yield ROW
            raise ConnectionError

        for _number in range(3):
            with pytest.raises(ConnectionError):
                export(failing(), columns=COLUMNS, format=ExportFormat.XLSX, name="initiatives", about=ABOUT)
        assert made("xlsx")


class TestDecimals:
    """They are exact in every format that can hold them so, whatever their column adds."""

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ("1200.0000000000", "1200"),
            ("0.1000000000", "0.1"),
            ("12345678901234567.8900000000", "12345678901234567.89"),
        ],
    )
    def test_stay_exact(self, value, text):
        row = ROW | {"code": Decimal(value)}
        assert records(made("csv", row))[1][0] == text
        assert json.loads(made("json", row))[0]["code"] == text
        assert workbook(made("xlsx", row)).worksheets[0]["A2"].value == pytest.approx(float(text))


class TestCsv:
    def test_has_codes_as_its_head_and_dates_as_iso(self):
        assert records(made("csv")) == [
            ["code", "title", "day", "lines"],
            ["7", "Learning hub", "2021-11-22", "C4; C7-ELEA"],
        ]

    def test_begins_with_a_byte_order_mark_once(self):
        file = made("csv", *[ROW] * 500)
        assert file.startswith(b"\xef\xbb\xbf")
        assert file.count(b"\xef\xbb\xbf") == 1
        assert len(records(file)) == 501

    def test_has_its_head_where_nothing_is_found(self):
        file = body(export([], columns=COLUMNS, format=ExportFormat.CSV, name="initiatives", about=ABOUT))
        assert records(file) == [["code", "title", "day", "lines"]]

    @pytest.mark.parametrize(
        "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1+1", "＝1", "\u00a0=1", "=\"a\"&'b'"]
    )
    def test_puts_an_apostrophe_before_what_would_be_a_formula(self, text):
        assert records(made("csv", of_text(text)))[1][1] == f"'{text}"

    @pytest.mark.parametrize(
        "text", ["a=1", "1-2", "«=»", "数字化", "نص عربي", "a;=1+1", 'a","=1', "a\n=1", "👩🏽‍🔬", ""]
    )
    def test_leaves_every_other_text_as_it_is(self, text):
        assert records(made("csv", of_text(text)))[1][1] == text

    def test_quotes_each_text_so_that_a_semicolon_begins_no_cell(self):
        assert b'"a;=1+1"' in made("csv", of_text("a;=1+1"))

    def test_keeps_a_negative_number_a_number(self):
        assert records(made("csv", ROW | {"code": -5}))[1][0] == "-5"

    def test_leaves_empty_what_is_unknown_and_writes_yes_and_moments_plainly(self):
        moment = dt.datetime(2021, 11, 22, 13, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))
        assert records(made("csv", {"code": None, "title": True, "day": moment, "lines": []}))[1] == [
            "",
            "true",
            "2021-11-22T12:30:00",
            "",
        ]


class TestJson:
    def test_is_an_array_of_objects_with_lists_and_iso_dates(self):
        assert json.loads(made("json")) == [
            {"code": 7, "title": "Learning hub", "day": "2021-11-22", "lines": ["C4", "C7-ELEA"]}
        ]

    def test_keeps_texts_untouched(self):
        texts = ["=1+1", 'a "b" \\ </script>', "数字化", "a\nb"]
        assert [row["title"] for row in json.loads(made("json", *map(of_text, texts)))] == texts

    def test_is_whole_where_it_goes_out_in_many_pieces_or_holds_nothing(self):
        assert len(json.loads(made("json", *[ROW] * 401))) == 401
        assert len(json.loads(made("json", *[ROW] * 400))) == 400
        empty = export([], columns=COLUMNS, format=ExportFormat.JSON, name="initiatives", about=ABOUT)
        assert json.loads(body(empty)) == []

    def test_says_that_a_moment_is_in_utc_and_tells_true_from_a_text(self):
        row = json.loads(made("json", ROW | {"title": True, "day": NOON}))[0]
        assert row["title"] is True
        assert row["day"] == "2021-11-22T12:00:00Z"


class TestXlsx:
    def test_has_labels_as_its_head_which_stays_in_sight(self):
        sheet = workbook(made("xlsx")).worksheets[0]
        assert sheet.title == "Initiatives"
        assert [cell.value for cell in sheet[1]] == ["Code", "Title", "Day", "Action lines"]
        assert sheet[1][0].font.bold
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == "A1:D2"

    def test_has_numbers_as_numbers_and_dates_as_dates(self):
        number, title, day, lines = workbook(made("xlsx")).worksheets[0][2]
        assert number.value == 7
        assert number.data_type == "n"
        assert title.value == "Learning hub"
        assert day.value == dt.datetime(2021, 11, 22)
        assert day.is_date
        assert day.number_format == "yyyy-mm-dd"
        assert lines.value == "C4; C7-ELEA"

    def test_has_moments_in_utc_and_the_oldest_days_as_text(self):
        rows = [ROW | {"day": NOON}, ROW | {"day": dt.date(1865, 5, 17)}]
        sheet = workbook(made("xlsx", *rows)).worksheets[0]
        assert sheet["C2"].value == dt.datetime(2021, 11, 22, 12)
        assert sheet["C3"].value == "1865-05-17"

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "#N/A", "#REF!"])
    def test_has_as_text_what_would_be_a_formula_or_an_error(self, text):
        cell = workbook(made("xlsx", of_text(text))).worksheets[0]["B2"]
        assert cell.data_type == "s"
        assert cell.value == text
        assert cell.quotePrefix

    def test_leaves_out_what_no_such_file_can_hold(self):
        sheet = workbook(made("xlsx", of_text("a\x0bb\ud800c\uffff"), of_text("x" * 40_000))).worksheets[0]
        assert sheet["B2"].value == "abc"
        assert len(sheet["B3"].value) == 32_767

    def test_tells_on_a_second_sheet_what_it_holds(self):
        told = workbook(made("xlsx", ROW, ROW)).worksheets[1]
        assert told.title == "About"
        assert list(told.values) == [
            ("List", "Initiatives"),
            ("Address", "https://portal.example.org/initiatives/?line=C7"),
            ("Made at (UTC)", dt.datetime(2021, 11, 22, 12)),
            ("Rows", 2),
            ("Action line", "C7"),
            ("Note", "A note on designations."),
            (None, None),
            ("Column", "Its name in CSV and JSON"),
            ("Code", "code"),
            ("Title", "title"),
            ("Day", "day"),
            ("Action lines", "lines"),
        ]

    def test_begins_at_the_right_in_arabic(self):
        with translation.override("ar"):
            arabic = workbook(made("xlsx"))
        assert all(sheet.sheet_view.rightToLeft for sheet in arabic.worksheets)
        assert not any(sheet.sheet_view.rightToLeft for sheet in workbook(made("xlsx")).worksheets)

    def test_refuses_more_rows_than_a_sheet_holds_and_leaves_nothing_behind(self, monkeypatch, tmp_path):
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        monkeypatch.setattr(exports, "ROWS_OF_A_SHEET", 2)
        assert made("xlsx", ROW, ROW)
        with pytest.raises(SheetIsFull, match="at most 2 rows"):
            made("xlsx", ROW, ROW, ROW)
        assert list(tmp_path.iterdir()) == []


class TestMemory:
    @pytest.mark.parametrize("format", ["csv", "xlsx", "json"])
    def test_does_not_grow_with_the_rows(self, format, monkeypatch, tmp_path: Path):
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

        def peak(number: int) -> int:
            rows = ({"code": n, "title": "A title " * 20, "day": NOON.date(), "lines": ["C1"]} for n in range(number))
            tracemalloc.start()
            try:
                response = export(rows, columns=COLUMNS, format=ExportFormat(format), name="list", about=ABOUT)
                for _piece in response:  # type: ignore[attr-defined]
                    pass
                response.close()
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

        peak(10)  # what is made once
        assert peak(5_000) < peak(500) + 200_000


class TestHarmless:
    def test_looks_past_blanks(self):
        assert harmless(" \u3000=1") == "' \u3000=1"
        assert harmless("no formula") == "no formula"

    @pytest.mark.parametrize(
        "unseen", ["\u200b", "\ufeff", "\u200f", "\u2060", "\u00ad", "\x0b", "\u2028", "\u200b \ufeff"]
    )
    def test_looks_past_what_cannot_be_seen(self, unseen):
        assert harmless(f"{unseen}=1+1") == f"'{unseen}=1+1"
        assert harmless(f"{unseen}no formula") == f"{unseen}no formula"

    def test_types_it_as_text_in_a_sheet(self):
        cell = workbook(made("xlsx", of_text("\u200b=1+1"))).worksheets[0]["B2"]
        assert (cell.data_type, cell.quotePrefix, cell.value) == ("s", True, "\u200b=1+1")
