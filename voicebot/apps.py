"""Django application of the shared kernel: system checks and commands."""

from django.apps import AppConfig


class VoicebotConfig(AppConfig):
    """Settings' checks and the operator's commands."""

    name = "voicebot"

    def ready(self) -> None:
        """Register the system checks."""
        from voicebot import checks

        checks.register_checks()
