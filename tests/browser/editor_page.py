"""A page with nothing but a form with rich text, beside those of the portal."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from portal.common.forms import RichTextFormField, RichTextWidget

PAGE = """{% extends "base.html" %}{% load components %}
{% block title %}Editor{% endblock %}
{% block head %}{{ block.super }}{% form_media form %}{% endblock %}
{% block content %}
  <h1>Editor</h1>
  <form method="post" novalidate>{% csrf_token %}
    {% include "components/fields.html" with form=form only %}
    <button type="submit">Save</button>
  </form>
  <output>{{ saved }}</output>
{% endblock %}"""


class ParagraphForm(forms.Form):
    language = forms.ChoiceField(choices=[("en", "English"), ("ar", "Arabic")])
    paragraph = RichTextFormField(
        label="Paragraph",
        help_text="The text meant for print.",
        word_limit=5,
        widget=RichTextWidget(references=[(12, "UNIDO, Bridging skills, 2024")]),
    )


def editor(request: HttpRequest) -> HttpResponse:
    form = ParagraphForm(request.POST or None, initial={"paragraph": request.GET.get("text", "")})
    saved = form.cleaned_data["paragraph"] if request.method == "POST" and form.is_valid() else ""
    return HttpResponse(engines["django"].from_string(PAGE).render({"form": form, "saved": saved}, request))


urlpatterns = [path("editor/", editor), path("", include("portal.urls"))]
