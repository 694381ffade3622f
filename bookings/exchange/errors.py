"""Files that cannot be read: why, for whoever chose them."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class FileRefused(DomainError):
    """A file of which nothing is taken."""

    reason = "file_refused"
    text = _("This file cannot be read. Save it as CSV (UTF-8) or XLSX and try again.")


class FileTooLarge(FileRefused):
    """More bytes than are read at once."""

    reason = "file_too_large"
    text = _("This file is larger than 5 MB. Split it into several.")


class TooManyRows(FileRefused):
    """More rows, or more columns, than one import takes."""

    reason = "too_many_rows"
    text = _("This file has more than 20,000 rows or 100 columns. Split it into several.")


class FileEmpty(FileRefused):
    """Nothing below the headings."""

    reason = "file_empty"
    text = _("This file has no rows below its headings.")


class HeadingsUnknown(FileRefused):
    """A column that is needed is missing, or one stands there twice; `data["columns"]` names them."""

    reason = "headings_unknown"
    text = _("A column that is needed is missing, or stands there twice. Compare with the template.")

    def __init__(self, *, missing: list[str], repeated: list[str]) -> None:
        super().__init__(missing=missing, repeated=repeated)
