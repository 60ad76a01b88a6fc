"""Django application of the voice pipeline."""

from django.apps import AppConfig


class VoiceAppConfig(AppConfig):
    """Voice sessions, commands, recordings and their review."""

    name = "voice_app"
    verbose_name = "Voice"
