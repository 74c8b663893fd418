"""What can go wrong in a renderer, each as a sentence."""

from django.utils.translation import gettext as _

from portal.common.errors import PersonError


class RendererError(PersonError):
    """Base of them all."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class RendererFailed(RendererError):
    """A renderer ended with an error, or needed more memory than it may have."""


class RendererTimedOut(RendererError):
    """A renderer did not end in time, and was ended."""


class FontMissing(RendererError):
    """The files of a font package are not where they should be."""

    def __init__(self, package: str) -> None:
        super().__init__(
            _("The fonts of “%(package)s” are missing. Install the packages of requirements.txt again.")
            % {"package": package}
        )
