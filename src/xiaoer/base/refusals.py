"""The only expected "no". Anything else is a bug and crashes."""

from django.utils.functional import Promise


class Refused(Exception):
    """A verb says no, in the reader's language.

    ``message`` names the thing and the next step and reads the same on a page and through the API.
    ``field`` is the form field it belongs to, if it belongs to one.
    """

    def __init__(self, message: str | Promise, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)
