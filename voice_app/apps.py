"""Django application of the voice pipeline."""

from django.apps import AppConfig


class VoiceAppConfig(AppConfig):
    """Voice sessions, commands, recordings and their review."""

    name = "voice_app"
    verbose_name = "Voice"

    def ready(self) -> None:
        """Register the system checks."""
        from voice_app import checks

        checks.register_checks()
