"""Where Telegram posts updates, on the public host."""

from django.urls import path

from telegram_integration.inbox.views import webhook

urlpatterns = [
    path("webhook", webhook, name="telegram-webhook"),
    path("webhook/<slug:slug>", webhook, name="telegram-webhook-of-a-hospital"),
]
