"""Django application of the chat platforms."""

from django.apps import AppConfig


class BotsConfig(AppConfig):
    """Chat accounts, incoming updates and outgoing messages."""

    name = "bots"
    verbose_name = "Chat bots"

    def ready(self) -> None:
        """Follow commands and reminders into the chat, bring recordings from it, and show how to connect."""
        from bots import briefings, followers
        from bots.models import TELEGRAM
        from bots.telegram.fetcher import TelegramFetcher
        from bots.web.panel import telegram_panel
        from tasks_app.web.panels import register_panel
        from voice_app.ports import register_fetcher

        followers.connect()
        briefings.connect()
        register_fetcher(TELEGRAM, TelegramFetcher())
        register_panel(telegram_panel)
