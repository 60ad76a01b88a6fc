"""Django application of the chat platforms."""

from django.apps import AppConfig


class BotsConfig(AppConfig):
    """Chat accounts, incoming updates and outgoing messages."""

    name = "bots"
    verbose_name = "Chat bots"

    def ready(self) -> None:
        """Follow what happens to voice commands, so that the chat shows it."""
        from bots import followers

        followers.connect()
