"""Which patients of the hospital are reached by Telegram, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display
from unfold.utils import display_for_label

from bookings.queries.patients import patients_for
from core.actor import Actor
from telegram_integration.admin.actions import unlink
from telegram_integration.admin.queries import links_for
from telegram_integration.admin.words import TelegramAdmin, actor_in
from telegram_integration.bots import bot_of_hospital
from telegram_integration.models import TelegramChat, TelegramLink
from tenants.admin_sites.dates import say_moment
from tenants.admin_sites.journal import Subject
from tenants.admin_sites.lists import Changes
from tenants.admin_sites.sites import hospital_site
from tenants.context import current_hospital
from webhooks.admin.forms import ActForm

_REACHED, _SHUT = "reached", "blocked"
_COLOURS = {_REACHED: "success", _SHUT: "warning"}
_FACTS = ("patient", "since", "proof", "reached_shown")
# Of a search, more patients than this are not looked up.
_MOST_FOUND = 200


class _WithNames(Changes):
    """A page of the list, with the names of its patients in one statement."""

    def get_results(self, request: HttpRequest) -> None:
        """Django's, and the names."""
        super().get_results(request)
        rows = list(self.result_list)
        names = _names(actor_in(request), [row.patient_id for row in rows])
        for row in rows:
            row.patient_name = names.get(row.patient_id, "–")


def _named(row: Any) -> Any:
    return _Named(row.pk, row.patient_name)


def _names(actor: Actor, ids: list[UUID]) -> Mapping[UUID, str]:
    return dict(patients_for(actor).filter(pk__in=ids).values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class _Named:
    """A link as the head of its page names it: by the patient."""

    # Unfold looks there for the model's list.
    _meta: ClassVar[Any] = TelegramLink._meta  # noqa: SLF001  -- Django's documented API

    pk: UUID
    name: str

    def __str__(self) -> str:
        return self.name


@admin.register(TelegramLink, site=hospital_site)
class LinkAdmin(TelegramAdmin):
    """Links to patients of this hospital. What else somebody is on Telegram is not told here."""

    view_verbs = ("patients.read",)
    act_verbs = ("patients.write",)
    list_display = ("patient", "since", "proof", "reached")
    list_filter = (("proof", ChoicesDropdownFilter),)
    # The patients stand in another schema: `get_search_results` finds them.
    search_fields = ("patient_id",)
    search_help_text = _("Name or phone of the patient")
    ordering = ("-created_at", "pk")
    fieldsets = ((None, {"fields": _FACTS}),)
    readonly_fields = _FACTS
    actions_detail = ("to_patient", "unlink")

    def get_queryset(self, request: HttpRequest) -> QuerySet[TelegramLink]:
        """This hospital's, with whether the person has blocked its bot."""
        bot = bot_of_hospital(current_hospital())
        chats = TelegramChat.objects.filter(bot=bot, user=OuterRef("user"), blocked_at__isnull=False)
        return links_for(actor_in(request)).annotate(is_shut=Exists(chats))

    def subject_of(self, obj: Any) -> Subject:
        """The history tells of patients."""
        return "patient", obj.patient_id

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[Changes]:  # noqa: ARG002  -- Django's
        """The list with names."""
        return _WithNames

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """One link, with the patient's name."""
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            row.patient_name = _names(actor_in(request), [row.patient_id]).get(row.patient_id, "–")
        return row

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Django's page under the patient's name."""
        row = self.get_object(request, unquote(object_id))
        named = {} if row is None else {"original": _named(row), "subtitle": row.patient_name}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **named})  # type: ignore[no-any-return]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[TelegramLink], search_term: str
    ) -> tuple[QuerySet[TelegramLink], bool]:
        """The links of the patients whose name or number is typed."""
        if not search_term:
            return queryset, False
        number = search_term.replace(" ", "").replace("-", "").removeprefix("0")
        asked = Q(name__icontains=search_term) | Q(phone_number__contains=number or search_term)
        found = patients_for(actor_in(request)).filter(asked).values_list("pk", flat=True)[:_MOST_FOUND]
        return queryset.filter(patient_id__in=list(found)), False

    @action(description=_("Patient"), icon="personal_injury")
    def to_patient(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """To the patient's own page."""
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[no-any-return]
        return HttpResponseRedirect(reverse("admin:bookings_patient_change", args=[row.patient_id]))

    @action(description=_("Unlink"), icon="link_off", permissions=["act"])
    def unlink(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take a patient off Telegram."""
        row = self.row(request, object_id)

        def act(_form: ActForm) -> HttpResponse:
            unlink(actor_in(request), link_id=row.pk)
            self.message_user(request, _("Unlinked."), "SUCCESS")
            return HttpResponseRedirect(reverse("admin:telegram_integration_telegramlink_changelist"))

        words: dict[str, Any] = {
            "title": _("Unlink %(who)s") % {"who": row.patient_name},
            "button": _("Unlink"),
            "summary": _("Nothing more is sent to the chat until the patient proves their number anew."),
            "grave": True,
        }
        return self.ask(request, _named(row), act, **words)

    @display(description=_("patient"))
    def patient(self, row: Any) -> str:
        """Who it is."""
        return format_html("{}", row.patient_name)

    @display(description=_("since"), ordering="created_at")
    def since(self, row: TelegramLink) -> str:
        """Since when they are reached."""
        return say_moment(row.created_at)

    @display(description=_("notices"), label=_COLOURS)
    def reached(self, row: Any) -> tuple[str, Any]:
        """Whether notices arrive: not with who has blocked the bot."""
        return (_SHUT, _("Bot blocked")) if row.is_shut else (_REACHED, _("Arrive"))

    @display(description=_("notices"))
    def reached_shown(self, row: Any) -> str:
        """The same label on the page of one link, where unfold draws none by itself."""
        return display_for_label(self.reached(row), "-", _COLOURS)  # type: ignore[no-any-return]
