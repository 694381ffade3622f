"""What the pages of webhooks tell of each."""

from collections.abc import Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.utils import display_for_label

from tenants.admin_sites.dates import say_moment
from tenants.context import in_public_schema
from webhooks.admin.words import CHOICES, CONDITION_COLOURS
from webhooks.events import EVERYTHING
from webhooks.health import Health, health_of
from webhooks.models import Webhook


def remember_health(rows: Sequence[Webhook]) -> None:
    """Find out the health of some webhooks at once, for the columns below."""
    for pk, health in health_of(rows).items():
        next(row for row in rows if row.pk == pk).known_health = health  # type: ignore[attr-defined]  # for columns


def _health(row: Webhook) -> Health:
    if not hasattr(row, "known_health"):
        remember_health([row])
    return row.known_health  # type: ignore[attr-defined, no-any-return]  # set above


class WebhookColumns:
    """Columns of the list and lines of the page of one webhook."""

    @display(description=_("address"), ordering="url")
    def url_shown(self, row: Webhook) -> str:
        """The address without its query, which may hold a password; on the platform also whose it is."""
        url = row.url.partition("?")[0]
        return format_html("{}<br><small>{}</small>", url, row.hospital) if in_public_schema() else url

    @display(description=_("events"))
    def event_names(self, row: Webhook) -> str:
        """What is sent to it."""
        if EVERYTHING in row.events:
            return str(_("All"))
        return format_html_join("", "<div>{}</div>", ((CHOICES.get(name, name),) for name in row.events))

    @display(description=_("condition"), label=CONDITION_COLOURS)
    def condition(self, row: Webhook) -> tuple[str, Any]:
        """Its health in a word, as a coloured label."""
        condition = _health(row).condition
        return condition, condition.label

    @display(description=_("condition"))
    def condition_shown(self, row: Webhook) -> str:
        """The same label on the page of one webhook, where unfold draws none by itself."""
        return display_for_label(self.condition(row), "-", CONDITION_COLOURS)  # type: ignore[no-any-return]

    @display(description=_("switched off"))
    def switched_off(self, row: Webhook) -> str:
        """Since when, and why."""
        return f"{say_moment(row.disabled_at)} · {row.get_disabled_why_display()}" if row.disabled_at else "–"

    @display(description=_("successful attempts"))
    def success(self, row: Webhook) -> str:
        """How many of the attempts of the last 24 hours."""
        health = _health(row)
        if health.success_ratio is None:
            return "–"
        return f"{health.successes} / {health.attempts} ({health.success_ratio:.1%})"

    @display(description=_("95 of 100 answered within"))
    def speed(self, row: Webhook) -> str:
        """In milliseconds."""
        health = _health(row)
        return "–" if health.p95_ms is None else f"{health.p95_ms} ms"

    @display(description=_("waiting"))
    def waiting(self, row: Webhook) -> int:
        """How many deliveries are still to be made."""
        return _health(row).waiting

    @display(description=_("waiting"))
    def waiting_shown(self, row: Webhook) -> str:
        """How many deliveries are still to be made, since when; how many are kept."""
        health = _health(row)
        waits = str(health.waiting)
        if health.oldest_waiting is not None:
            waits += f" · {say_moment(health.oldest_waiting)}"
        kept = str(_("%(count)d kept") % {"count": health.kept})
        return f"{waits} · {kept}" if health.kept else waits

    @display(description=_("failing"))
    def failing(self, row: Webhook) -> str:
        """How often in a row and since when; when it is tried again."""
        if not row.consecutive_failures:
            return "–"
        told = [str(_("%(count)d in a row") % {"count": row.consecutive_failures})]
        if row.failing_since is not None:
            told.append(str(_("since %(moment)s") % {"moment": say_moment(row.failing_since)}))
        if row.open_until is not None:
            told.append(str(_("not tried before %(moment)s") % {"moment": say_moment(row.open_until)}))
        return " · ".join(told)

    @display(description=_("being recovered since"))
    def recovering(self, row: Webhook) -> str:
        """Since when events are being queued again."""
        return say_moment(row.recovering_since) if row.recovering_since else "–"

    @display(description=_("registered"), ordering="created_at")
    def made(self, row: Webhook) -> str:
        """When it was registered."""
        return say_moment(row.created_at)

    @display(description=_("previous secret valid until"))
    def rotation(self, row: Webhook) -> str:
        """Until when both secrets sign."""
        return say_moment(row.previous_secret_until) if row.previous_secret_until else "–"
