"""What the page of a comparison needs beyond Django's own tags: `{% load comparison %}`."""

from django import template

from reporting.comparison.reading import kind_of, remarks, versions, what_happened_to_note

register = template.Library()

register.filter("kind_of", kind_of)
register.filter("remarks", remarks)
register.filter("versions", versions)
register.filter("what_happened", what_happened_to_note)
