"""The form that takes a file."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget

from bookings.admin.forms import DeskForm


class UploadForm(DeskForm):
    """A file to be imported."""

    file = forms.FileField(
        label=_("File"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text=_("CSV or XLSX, at most 5 MB and 20,000 rows. Nothing is changed before you confirm."),
        error_messages={"required": _("Choose a file of at most 5 MB.")},
    )
