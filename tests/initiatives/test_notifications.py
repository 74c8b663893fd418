"""What people are told: rows on a page, one mail for what happens within minutes, a mail server that fails."""

import datetime as dt
import re
import socketserver
import threading
from collections.abc import Iterator
from smtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
)

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives import mailing as mails
from initiatives.choices import MailFailure, MailingState, Role
from initiatives.models import Draft, Mailing, Notification
from initiatives.models.notifications import MAIL_TRIES
from initiatives.services.drafts import approve_draft, return_draft, save_draft, submit_draft, withdraw_draft
from initiatives.services.notifications import notify, send_again
from initiatives.tasks import send_mailing_task, wake_mailings_task
from portal.models import NotificationKind, User
from tests.factories import NOON, DraftFactory, EntityFactory, InitiativeFactory, MembershipFactory, UserFactory
from tests.support.pages import assert_rows_cost_nothing, words_of
from tests.support.workers import wait_until

pytestmark = pytest.mark.django_db

LATER = NOON + dt.timedelta(hours=1)


@pytest.fixture
def entity():
    return EntityFactory(acronym="LOOM")


@pytest.fixture
def mira(entity):
    return UserFactory(role=Role.STAFF, entity=entity, name="Mira")


@pytest.fixture
def leila(entity):
    return UserFactory(role=Role.FOCAL_POINT, entity=entity, name="Leila")


@pytest.fixture
def draft(entity, mira):
    return DraftFactory(entity=entity, holder=mira, title="Open mills")


def told(person: User) -> list[tuple[str, str]]:
    """Kinds and sentences, the latest first, without the signs that isolate names."""
    return [(one.kind, words(one.sentence)) for one in person.notifications.order_by("-pk")]


def words(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")


def tell(person: User, about: Draft, kind=NotificationKind.RETURNED, now=NOON, by=None) -> Mailing:
    notify(people=[person], kind=kind, about=about, by=by, now=now)
    return person.mailings.latest("pk")


def send(mailing: Mailing) -> Mailing:
    """As a worker does, an hour later."""
    claimed = mails.claim_mailing(mailing_id=mailing.pk, now=timezone.now())
    assert claimed
    mails.send_mailing(mailing=claimed)
    claimed.refresh_from_db()
    return claimed


class TestStepsOfADraft:
    def test_tell_those_whom_they_concern_and_not_who_takes_them(self, draft, entity, mira, leila):
        ivo = UserFactory(role=Role.STAFF, entity=entity, name="Ivo")
        other_focal_point = UserFactory(role=Role.FOCAL_POINT)
        draft = save_draft(draft=draft, content=draft.content | {"place": "Graz"}, edits=0, user=ivo, now=NOON)
        draft = submit_draft(draft=draft, user=ivo, now=NOON)
        assert told(leila) == [("submitted", "Ivo submitted “Open mills”. It waits for a decision.")]
        draft = return_draft(draft=draft, edits=draft.edits, user=leila, now=NOON, note="Where?")
        assert told(mira) == told(ivo) == [("returned", "Leila returned “Open mills”.")]
        draft = submit_draft(draft=draft, user=leila, now=NOON)
        assert len(told(leila)) == 1
        approve_draft(draft=draft, edits=draft.edits, user=leila, now=NOON)
        assert [kind for kind, _ in told(mira)] == [kind for kind, _ in told(ivo)] == ["approved", "returned"]
        assert told(other_focal_point) == []

    def test_tell_of_a_withdrawal_also_who_was_to_decide(self, draft, mira, leila):
        submit_draft(draft=draft, user=mira, now=NOON)
        withdraw_draft(draft=draft, user=mira, now=NOON)
        assert [kind for kind, _ in told(leila)] == ["withdrawn", "submitted"]
        assert told(mira) == []


class TestNotificationsPage:
    @pytest.fixture
    def client(self, mira):
        client = Client()
        client.force_login(mira)
        return client

    def test_leads_to_each_record_and_counts_it_as_read(self, client, draft, mira, leila):
        tell(mira, draft, by=leila)
        page = client.get(reverse("notification_list"))
        assert "Leila returned “Open mills”." in words(words_of(page))
        assert "Notifications, 1 not read" in words_of(page)
        opened = client.get(mira.notifications.get().get_absolute_url())
        assert opened.url == draft.get_absolute_url()
        assert "not read" not in words_of(client.get(opened.url))
        assert client.head(mira.notifications.get().get_absolute_url()).status_code == 302

    def test_marks_one_or_all_as_read(self, client, draft, mira):
        first, second, third = (tell(mira, draft) and mira.notifications.latest("pk") for _ in range(3))
        client.post(reverse("notification_read", args=[second.pk]))
        assert {one.pk for one in mira.notifications.filter(read_at=None)} == {first.pk, third.pk}
        client.post(reverse("notification_read_all"))
        assert not mira.notifications.filter(read_at=None).exists()
        assert "Mark all as read" not in words_of(client.get(reverse("notification_list")))

    def test_says_that_there_is_nothing_yet(self, client):
        assert "Nothing yet" in words_of(client.get(reverse("notification_list")))

    def test_takes_no_more_queries_for_more_of_them(self, client, mira, entity):
        def add():
            tell(mira, DraftFactory(entity=entity))
            notify(
                people=[mira],
                kind=NotificationKind.ASSIGNMENT,
                about=InitiativeFactory(entity=entity),
                by=UserFactory(),
                now=NOON,
            )

        assert_rows_cost_nothing(client, reverse("notification_list"), add)

    def test_tells_nobody_of_what_may_not_be_seen_any_more(self, client, draft, mira):
        tell(mira, draft)
        mira.memberships.update(until=dt.date(2021, 1, 1))
        assert "Open mills" not in words_of(client.get(reverse("notification_list")))
        assert client.get(mira.notifications.get().get_absolute_url()).status_code == 404

    def test_reads_in_the_language_of_its_reader(self, mira):
        initiative = InitiativeFactory(published=True, title="Learning hub")
        initiative.texts.create(language="fr", state="checked", title="Pôle d’apprentissage")
        notify(people=[mira], kind=NotificationKind.ASSIGNMENT, about=initiative, by=None, now=NOON)
        client = Client(headers={"accept-language": "fr"})
        client.force_login(mira)
        assert "Pôle d’apprentissage" in client.get(reverse("notification_list")).content.decode()


class TestMail:
    def test_puts_what_happens_within_a_short_time_into_one(self, draft, entity, mira, leila):
        second = DraftFactory(entity=entity, title="Second")
        mailing = tell(mira, draft, by=leila)
        assert tell(mira, draft, by=leila) == tell(mira, second) == mailing
        assert mailing.not_before == NOON + dt.timedelta(seconds=120)
        assert send(mailing).state == MailingState.SENT
        (sent,) = mail.outbox
        assert sent.to == [mira.email]
        assert sent.subject == "2 notifications: Leila returned “Open mills”."
        html, kind = sent.alternatives[0]
        assert kind == "text/html"
        for text in (words(sent.body), words(html)):
            assert text.count("Leila returned “Open mills”.") == 1
            assert "“Second” was returned." in text
        assert tell(mira, draft) != mailing

    def test_stops_by_one_click_without_sign_in(self, draft, mira, client):
        send(tell(mira, draft))
        headers = mail.outbox[0].extra_headers
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        link = re.fullmatch(r"<http://127\.0\.0\.1:8000(/\S+)>", headers["List-Unsubscribe"])[1]
        assert link in mail.outbox[0].body
        assert "<button" in words_of(client.get(link))
        mira.refresh_from_db()
        assert mira.mailed  # a program that looks where a link leads stops nothing
        strict = Client(enforce_csrf_checks=True)
        assert strict.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
        mira.refresh_from_db()
        assert mira.mailed == []
        assert "No more mails of notifications are sent" in words_of(client.get(link))
        notify(people=[mira], kind=NotificationKind.RETURNED, about=draft, by=None, now=LATER)
        assert mira.mailings.count() == 1
        assert mira.notifications.count() == 2

    def test_is_written_in_the_language_of_its_reader(self, draft, mira, client):
        mira.language = "ar"
        mira.save()
        send(tell(mira, draft))
        assert '<html lang="ar" dir="rtl">' in mail.outbox[0].alternatives[0][0]
        page = client.get(reverse("mail_stop", args=[mails.stop_token(mira)])).content.decode()
        assert '<html lang="ar" dir="rtl">' in page

    @pytest.mark.parametrize("why", ["read", "role", "account", "choice"])
    def test_is_not_sent_where_nothing_is_left_to_say(self, draft, mira, why):
        mailing = tell(mira, draft)
        match why:
            case "read":
                mira.notifications.update(read_at=NOON)
            case "role":
                mira.memberships.update(until=dt.date(2021, 1, 1))
            case "account":
                User.objects.filter(pk=mira.pk).update(is_active=False)
            case "choice":
                User.objects.filter(pk=mira.pk).update(mailed=[NotificationKind.COMMENT])
        assert send(mailing).state == MailingState.NEEDLESS
        assert mail.outbox == []

    def test_keeps_a_title_with_line_breaks_out_of_its_headers(self, entity, mira):
        send(tell(mira, DraftFactory(entity=entity, title="Open\nBcc: all@example.org")))
        assert mail.outbox[0].subject == "“Open Bcc: all@example.org” was returned."


class TestAFailingServer:
    @pytest.mark.parametrize(
        ("error", "failure", "may_pass"),
        [
            (ConnectionRefusedError(), MailFailure.UNREACHABLE, True),
            (TimeoutError(), MailFailure.UNREACHABLE, True),
            (SMTPServerDisconnected("gone"), MailFailure.UNREACHABLE, True),
            (SMTPDataError(451, b"greylisted"), MailFailure.UNREACHABLE, True),
            (SMTPDataError(554, b"spam"), MailFailure.REFUSED, False),
            (SMTPRecipientsRefused({"a@b": (550, b"unknown")}), MailFailure.REFUSED, False),
            (SMTPRecipientsRefused({"a@b": (450, b"full")}), MailFailure.UNREACHABLE, True),
            (SMTPAuthenticationError(535, b"no"), MailFailure.SIGN_IN, True),
            (ValueError("a header"), MailFailure.UNEXPECTED, False),
        ],
    )
    def test_is_judged_by_what_it_says(self, error, failure, may_pass):
        assert mails.judge(error) == (failure, may_pass)

    def test_is_asked_again_after_growing_pauses_and_at_last_given_up_with_a_reason(self, draft, mira, admin_client):
        mailing, now, pauses = tell(mira, draft), NOON + dt.timedelta(days=1), []
        for _try in range(MAIL_TRIES):
            claimed = mails.claim_mailing(mailing_id=mailing.pk, now=now)
            assert mails.claim_mailing(mailing_id=mailing.pk, now=now) is None
            mails.fail(mailing=claimed, error=ConnectionRefusedError("nobody listens"), now=now)
            mailing.refresh_from_db()
            pauses.append((mailing.not_before - now).total_seconds())
            now = max(now, mailing.not_before)
        assert pauses[:3] == [30, 60, 120]
        assert (mailing.state, mailing.failure) == (MailingState.FAILED, MailFailure.UNREACHABLE)
        assert mails.claim_mailing(mailing_id=mailing.pk, now=now + dt.timedelta(days=1)) is None
        page = words_of(admin_client.get(reverse("admin:initiatives_mailing_changelist")))
        assert "could not be reached" in page
        assert "nobody listens" in page
        act = {"action": "send_again", "_selected_action": [mailing.pk]}
        admin_client.post(reverse("admin:initiatives_mailing_changelist"), act)
        assert not send_again(mailing=mailing, now=now)
        assert send(mailing).state == MailingState.SENT

    def test_keeps_no_new_mail_from_beginning(self, draft, mira):
        mailing = tell(mira, draft)
        claimed = mails.claim_mailing(mailing_id=mailing.pk, now=LATER)
        newer = tell(mira, draft, now=LATER)
        mails.fail(mailing=claimed, error=TimeoutError(), now=LATER)
        assert {one.pk: one.state for one in mira.mailings.all()} == {newer.pk: "waiting", mailing.pk: "paused"}

    def test_loses_what_a_slower_worker_says_after_its_lease(self, draft, mira):
        mailing = tell(mira, draft)
        slow = mails.claim_mailing(mailing_id=mailing.pk, now=LATER)
        quick = mails.claim_mailing(mailing_id=mailing.pk, now=LATER + dt.timedelta(hours=1))
        mails.fail(mailing=slow, error=ValueError(), now=LATER)
        mailing.refresh_from_db()
        assert (mailing.state, mailing.attempt) == (MailingState.SENDING, quick.attempt)

    def test_is_given_up_where_each_worker_vanished(self, draft, mira):
        mailing = tell(mira, draft)
        Mailing.objects.filter(pk=mailing.pk).update(tries_left=0)
        send_mailing_task(mailing_id=mailing.pk)
        mailing.refresh_from_db()
        assert (mailing.state, mailing.failure) == (MailingState.FAILED, MailFailure.UNEXPECTED)


class Server(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as a client needs. The first mails it turns away for the moment."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, *, failures: int) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.failures = failures
        self.received: list[str] = []


class Session(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline().decode():
            match line.split()[0].upper():
                case "DATA":
                    self.say("354 go on")
                    self.take()
                case "MAIL" if self.server.failures:
                    self.server.failures -= 1
                    self.say("451 come back later")
                case "QUIT":
                    self.say("221 bye")
                    return
                case _:
                    self.say("250 yes")

    def take(self) -> None:
        lines = []
        while (line := self.rfile.readline().decode()) != ".\r\n":
            lines.append(line)
        self.server.received.append("".join(lines))
        self.say("250 kept")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(failures=1) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.django_db(transaction=True)
class TestWorker:
    def test_sends_what_was_committed_and_again_after_a_failure(self, server, start_worker, draft, mira, settings):
        """The message is sent at the commit; the one for the second try by beat."""
        settings.MAIL_GATHER_SECONDS = 1
        MembershipFactory(user=mira, role=Role.FOCAL_POINT, entity=draft.entity)
        start_worker(EMAIL_URL=f"smtp://127.0.0.1:{server.server_address[1]}", MAIL_RETRY_SECONDS="1")
        submit_draft(draft=draft, user=UserFactory(name="Ivo"), now=timezone.now())
        mailing = mira.mailings.get()

        def state() -> str:
            mailing.refresh_from_db()
            return mailing.state

        wait_until(lambda: state() == MailingState.PAUSED, 30, lambda: f"it is {state()}")
        assert "come back later" in mailing.server_said
        wait_until(lambda: timezone.now() >= mailing.not_before, 10, lambda: "the pause does not end")
        wake_mailings_task()
        wait_until(lambda: state() == MailingState.SENT, 30, lambda: f"it is {state()}: {mailing.server_said}")
        assert len(server.received) == 1
        assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in server.received[0]
        assert Notification.objects.get().mailing == mailing
