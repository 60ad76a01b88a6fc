"""Django application of the shared kernel: system checks and commands."""

from django.apps import AppConfig


class VoicebotConfig(AppConfig):
    """Settings' checks and the operator's commands."""

    name = "voicebot"

    def ready(self) -> None:
        """Register the system checks, keep secrets out of tracebacks, and give every new token its rights."""
        from django.db.models.signals import post_save

        from voicebot import checks
        from voicebot.logging import hide_secrets_in_tracebacks
        from voicebot.tokens import grant_everything

        checks.register_checks()
        hide_secrets_in_tracebacks()
        post_save.connect(grant_everything, sender="knox.AuthToken", dispatch_uid="grant_everything")
