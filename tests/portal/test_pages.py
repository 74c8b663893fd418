"""Sign-in, errors, and what the frame says on every page."""

import gzip
import re

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import include, path, reverse

from portal.models import User

PASSWORD = "a long enough password"


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("internal detail")


urlpatterns = [path("broken/", broken), path("", include("portal.urls"))]


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("amal@example.org", PASSWORD, name="Amal <b>Haddad</b>")


class TestFrame:
    @pytest.mark.django_db
    @pytest.mark.parametrize("language", [code for code, _ in django_settings.LANGUAGES])
    def test_says_language_and_direction(self, client: Client, language: str) -> None:
        client.cookies["django_language"] = language
        html = client.get(reverse("account_login")).content.decode()
        direction = "rtl" if language == "ar" else "ltr"
        assert f'<html lang="{language}" dir="{direction}">' in html
        assert ("bootstrap.rtl.min" in html) == (language == "ar")

    @pytest.mark.django_db
    def test_names_each_language_in_itself(self, client: Client) -> None:
        client.cookies["django_language"] = "ar"
        html = client.get(reverse("account_login")).content.decode()
        for name in ("العربية", "中文", "English", "Français", "Русский", "Español"):
            assert name in html

    @pytest.mark.django_db
    def test_lets_nothing_foreign_run(self, client: Client) -> None:
        policy = client.get(reverse("account_login"))["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy

    @pytest.mark.django_db
    def test_lets_htmx_send_the_token_of_the_form(self, client: Client) -> None:
        html = client.get(reverse("home")).content.decode()
        token = client.cookies["csrftoken"].value
        assert re.search(r"""<body hx-headers='\{"X-CSRFToken": "\w{64}"\}'>""", html)
        assert token

    @pytest.mark.django_db
    def test_has_no_inline_style_or_script(self, client: Client) -> None:
        html = client.get(reverse("home")).content.decode()
        assert " style=" not in html
        assert "<style" not in html
        assert html.count("<script") == html.count("<script src=")

    def test_shows_who_is_signed_in_and_the_way_out(self, client: Client, person: User) -> None:
        client.force_login(person)
        html = client.get(reverse("account_change_password")).content.decode()
        assert "Amal &lt;b&gt;Haddad&lt;/b&gt;" in html
        assert f'action="{reverse("account_logout")}"' in html
        assert reverse("desk") in html

    @pytest.mark.django_db
    def test_offers_a_visitor_to_sign_in_and_come_back(self, client: Client) -> None:
        html = client.get(reverse("initiative_list"), {"q": "a&b"}).content.decode()
        assert f"{reverse('account_login')}?next=%2Finitiatives%2F%3Fq%3Da%2526b" in html
        assert f'href="{reverse("desk")}"' not in html


class TestCompression:
    @pytest.mark.django_db
    def test_shrinks_pages_for_a_browser_that_can_read_it(self, client: Client) -> None:
        packed = client.get(reverse("account_login"), headers={"accept-encoding": "gzip"})
        assert packed["Content-Encoding"] == "gzip"
        assert "Sign in" in gzip.decompress(packed.content).decode()
        assert not client.get(reverse("account_login")).has_header("Content-Encoding")

    @pytest.mark.django_db
    def test_leaves_everything_else_as_it_is(self, client: Client) -> None:
        answer = client.get(reverse("healthz"), headers={"accept-encoding": "gzip"})
        assert not answer.has_header("Content-Encoding")


class TestSignIn:
    def test_opens_for_the_right_password(self, client: Client, person: User) -> None:
        answer = client.post(reverse("account_login"), {"login": person.email.upper(), "password": PASSWORD})
        assert answer.status_code == 302
        assert client.session["_auth_user_id"] == str(person.pk)

    def test_does_not_say_whether_an_account_exists(self, client: Client, person: User) -> None:
        wrong = [
            client.post(reverse("account_login"), {"login": email, "password": "wrong"}).context["form"].errors
            for email in (person.email, "nobody@example.org")
        ]
        assert wrong[0] == wrong[1]

    def test_ends_by_a_post_only(self, client: Client, person: User) -> None:
        client.force_login(person)
        assert client.get(reverse("account_logout")).status_code == 200
        assert "_auth_user_id" in client.session
        client.post(reverse("account_logout"))
        assert "_auth_user_id" not in client.session


class TestSignUp:
    @pytest.mark.django_db
    def test_says_who_makes_accounts_and_makes_none(self, client: Client) -> None:
        fields = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
        for answer in (client.get(reverse("account_signup")), client.post(reverse("account_signup"), fields)):
            assert "ask the focal point of your entity" in answer.content.decode()
        assert not User.objects.exists()


class TestPasswordReset:
    def test_leads_by_mail_to_a_new_password(self, client: Client, person: User) -> None:
        asked = client.post(reverse("account_reset_password"), {"email": person.email}, follow=True)
        assert "Look into your mail" in asked.content.decode()
        (message,) = mail.outbox
        assert message.to == [person.email]
        assert message.subject == "Choose a new password – WSIS and 4IR Initiatives"
        link = next(line for line in message.body.splitlines() if "/password/reset/key/" in line)
        form = client.get(link, follow=True)
        done = client.post(
            form.redirect_chain[-1][0], {"password1": PASSWORD + "!", "password2": PASSWORD + "!"}, follow=True
        )
        assert done.status_code == 200
        person.refresh_from_db()
        assert person.check_password(PASSWORD + "!")
        assert "This link no longer works" in Client().get(link, follow=True).content.decode()

    def test_leads_to_a_first_password_for_an_account_without_one(self, client: Client, person: User) -> None:
        person.set_unusable_password()
        person.save()
        client.post(reverse("account_reset_password"), {"email": person.email})
        assert "/password/reset/key/" in mail.outbox[0].body

    @pytest.mark.django_db
    def test_answers_the_same_where_no_account_has_the_address(self, client: Client) -> None:
        asked = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"}, follow=True)
        assert "Look into your mail" in asked.content.decode()
        (message,) = mail.outbox
        assert "no account has this address" in message.body
        assert "sign up" not in message.body.lower()

    def test_refuses_a_weak_password_with_a_reason(self, client: Client, person: User) -> None:
        client.force_login(person)
        answer = client.post(
            reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
        )
        assert "at least 12 characters" in answer.content.decode()
        person.refresh_from_db()
        assert person.check_password(PASSWORD)


class TestErrorPages:
    @pytest.mark.django_db
    def test_leads_on_from_an_address_that_is_not_there(self, client: Client) -> None:
        answer = client.get("/nothing-here/")
        assert answer.status_code == 404
        assert reverse("initiative_list") in answer.content.decode()

    @pytest.mark.urls("tests.portal.test_pages")
    def test_keeps_internal_detail_to_itself(self, client: Client) -> None:
        client.raise_request_exception = False
        answer = client.get("/broken/")
        html = answer.content.decode()
        assert answer.status_code == 500
        assert "Something went wrong here" in html
        assert "internal detail" not in html
        assert "RuntimeError" not in html

    @pytest.mark.parametrize("name", ["400.html", "500.html", "403_csrf.html"])
    def test_stands_without_request_and_database(self, name: str) -> None:
        html = render_to_string(name)
        assert '<html lang="en" dir="ltr">' in html
        assert "portal" in html

    @pytest.mark.django_db
    def test_tells_what_to_do_about_a_form_that_is_out_of_date(self) -> None:
        answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x"})
        assert answer.status_code == 403
        html = answer.content.decode()
        assert "This form is out of date" in html
        assert "CSRF" not in html
