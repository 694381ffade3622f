"""The button "Import" over a list, and its pages: choose a file, look at what it would do, confirm."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from bookings.actions.batch_kinds import read_options
from bookings.actions.batches import stop_batch
from bookings.actions.import_checks import check_import, check_soon
from bookings.actions.imports import COLUMNS, confirm_import, start_import
from bookings.admin.actors import actor_in
from bookings.admin.exchange.exports import download
from bookings.admin.exchange.forms import UploadForm
from bookings.admin.exchange.words import Refused, refused_of
from bookings.admin.words import say_refusal
from bookings.exchange.columns import Column
from bookings.exchange.reading import read_table
from bookings.exchange.writing import CONTENT_TYPES, write_table
from bookings.models.batch import Batch, BatchKind, BatchState
from bookings.queries.batches import batches_for
from bookings.queries.imports import preview_of, refused_lines
from core.actor import Actor
from core.errors import DomainError
from tenants.admin_sites.granting import granted
from tenants.admin_sites.sites import GrantedAdmin

# How long the page of the file waits for its check (seconds); the rest is checked in the background.
AT_ONCE = 2.0
LINES_A_PAGE = 50
# Refused lines that are fetched at a time for the file of them.
FETCHED = 500


class Importable(GrantedAdmin):
    """A list into which a file can be imported."""

    import_kind: ClassVar[BatchKind]
    import_verbs: ClassVar[tuple[str, ...]] = ()

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Whether the button is offered."""
        return granted(request, *self.import_verbs)

    def get_urls(self) -> list[URLPattern]:
        """The pages of a draft before Django's, which would take them for ids."""
        pages = (
            ("import/template/", self.template_file, "import_template"),
            ("import/<uuid:batch_id>/", self.draft_page, "import_draft"),
            ("import/<uuid:batch_id>/progress/", self.draft_part, "import_part"),
            ("import/<uuid:batch_id>/refused/", self.refused_file, "import_refused"),
            ("import/<uuid:batch_id>/confirm/", self.confirm_page, "import_confirm"),
            ("import/<uuid:batch_id>/discard/", self.discard_page, "import_discard"),
        )
        ours = [
            path(route, self.admin_site.admin_view(self._guarded(page)), name=self._name(name))
            for route, page, name in pages
        ]
        return [*ours, *super().get_urls()]

    @action(description=_("Import"), icon="upload", url_path="import", permissions=["import"])
    def import_file(self, request: HttpRequest) -> HttpResponse:
        """Take a file, read it into a draft, and go to what it would do."""
        is_sent = request.method == "POST"
        form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
        if is_sent and form.is_valid():
            try:
                batch = self._read(actor_in(request), form)
            except DomainError as refusal:
                form.add_error("file", [*say_refusal(refusal), *_columns_in(refusal, self._columns())])
            else:
                return HttpResponseRedirect(self._url("import_draft", batch.pk))
        return self.page(
            request, "admin/bookings/import/upload.html", title=_("Import"), form=form,
            table=_guide(self._columns()), back=self._url("changelist"),
            template_url=self._url("import_template"),
        )  # fmt: skip

    def _read(self, actor: Actor, form: UploadForm) -> Batch:
        file = form.cleaned_data["file"]
        table = read_table(file.read(), self._columns())
        batch = start_import(actor, kind=self.import_kind, table=table, title=file.name)
        if not check_import(actor, batch.pk, seconds=AT_ONCE):
            check_soon(batch)
        return batch

    def draft_page(self, request: HttpRequest, batch: Batch) -> HttpResponse:
        """What the file would do; what became of it, once it was meant."""
        if batch.state != BatchState.DRAFT:
            return HttpResponseRedirect(reverse("admin:bookings_batch_change", args=[batch.pk]))
        return self.page(
            request, "admin/bookings/import/draft.html", title=_("Import"), **self._about(request, batch)
        )

    def draft_part(self, request: HttpRequest, batch: Batch) -> HttpResponse:
        """The part of that page that changes while the file is checked."""
        return self.page(request, "admin/bookings/import/progress.html", **self._about(request, batch))

    def _about(self, request: HttpRequest, batch: Batch) -> dict[str, Any]:
        paginator = Paginator(refused_lines(batch), LINES_A_PAGE)
        shown = paginator.get_page(request.GET.get("p"))
        names = ("part", "refused", "confirm", "discard")
        return {
            "batch": batch, "preview": preview_of(batch), "unknown": read_options(batch).get("unknown", []),
            "shown": shown, "table": _table([refused_of(batch, item) for item in shown]),
            "urls": {name: self._url(f"import_{name}", batch.pk) for name in names},
            "is_about_patients": batch.kind == BatchKind.IMPORT_PATIENTS, "back": self._url("import_file"),
        }  # fmt: skip

    def confirm_page(self, request: HttpRequest, batch: Batch) -> HttpResponse:
        """Have the good lines imported, and go to the progress."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            confirm_import(actor_in(request), batch.pk)
        except DomainError as refusal:
            self.message_user(request, " ".join(say_refusal(refusal)), messages.ERROR)
            return HttpResponseRedirect(self._url("import_draft", batch.pk))
        return HttpResponseRedirect(reverse("admin:bookings_batch_change", args=[batch.pk]))

    def discard_page(self, request: HttpRequest, batch: Batch) -> HttpResponse:
        """Forget the file."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            stop_batch(actor_in(request), batch.pk)
        except DomainError as refusal:
            self.message_user(request, " ".join(say_refusal(refusal)), messages.ERROR)
        else:
            self.message_user(request, _("The file was not imported."), messages.SUCCESS)
        return HttpResponseRedirect(self._url("changelist"))

    def refused_file(self, request: HttpRequest, batch: Batch) -> HttpResponse:
        """The refused lines as a file, with why: to be put right and imported again."""
        columns = self._columns()
        titles = [_now("Line"), *(column.title for column in columns), _now("Why not")]
        rows = (
            [one.number, *(one.values.get(column.name, "") for column in columns), one.why]
            for one in _all_refused(batch)
        )
        return download(write_table("refused", _form_of(request), titles, rows))

    def template_file(self, request: HttpRequest) -> HttpResponse:
        """An empty file with the headings."""
        if not self.has_import_permission(request):
            raise Http404
        titles = [column.title for column in self._columns()]
        return download(write_table(f"{self.opts.model_name}-template", _form_of(request), titles, []))

    def _guarded(self, page: Any) -> Any:
        """A page of a draft that the signed-in user may see; anybody else's is not there."""

        def guarded(request: HttpRequest, batch_id: UUID | None = None) -> HttpResponse:
            if batch_id is None:
                return page(request)  # type: ignore[no-any-return]
            drafts = batches_for(actor_in(request)).filter(kind=self.import_kind)
            batch = drafts.filter(pk=batch_id).first() if self.has_import_permission(request) else None
            if batch is None:
                raise Http404
            return page(request, batch)  # type: ignore[no-any-return]

        return guarded

    def _columns(self) -> "tuple[Column, ...]":
        return tuple(COLUMNS[self.import_kind])

    def _name(self, what: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{what}"

    def _url(self, what: str, *args: object) -> str:
        return reverse(f"admin:{self._name(what)}", args=args)


def _guide(columns: "tuple[Column, ...]") -> dict[str, Any]:
    """What may stand in a file, as a table of unfold's."""
    headings = [_("Column"), _("Also understood"), _("How it is filled in")]
    return {
        "headers": headings,
        "rows": [[column.title, ", ".join(column.also[:6]), column.hint or "–"] for column in columns],
    }


def _table(refused: list[Refused]) -> dict[str, Any]:
    """Refused lines as a table of unfold's: a row for each thing that is wrong."""
    rows = [
        [one.number, wrong.column or "–", wrong.written or "–", wrong.why]
        for one in refused
        for wrong in one.wrongs
    ]
    return {"headers": [_("Line"), _("Column"), _("Written there"), _("Why not")], "rows": rows}


def _columns_in(refusal: DomainError, columns: "tuple[Column, ...]") -> list[str]:
    """Which columns a file lacks or has twice."""
    titles = {column.name: str(column.title) for column in columns}
    said = (("missing", _("Missing: %s")), ("repeated", _("There twice: %s")))
    return [
        str(text) % ", ".join(titles[name] for name in refusal.data[what])
        for what, text in said
        if refusal.data.get(what)
    ]


def _all_refused(batch: Batch) -> Iterator[Refused]:
    """All refused lines, some hundreds of them in memory at a time."""
    items = refused_lines(batch).iterator(chunk_size=FETCHED)
    while some := list(islice(items, FETCHED)):
        yield from (refused_of(batch, item) for item in some)


def _form_of(request: HttpRequest) -> str:
    form = request.GET.get("form", "")
    return form if form in CONTENT_TYPES else "csv"
