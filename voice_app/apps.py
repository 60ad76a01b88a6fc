"""Django application of the voice pipeline."""

from django.apps import AppConfig


class VoiceAppConfig(AppConfig):
    """Voice sessions, commands, recordings and their review."""

    name = "voice_app"
    verbose_name = "Voice"

    def ready(self) -> None:
        """Register the system checks, tell webhooks of commands, and offer the domain what only this layer knows."""
        from tasks_app.statistics import register_spoken
        from tasks_app.transfer.date_words import register_date_reader
        from voice_app import checks, webhooks, worded_dates
        from voice_app.selectors import find_recording

        checks.register_checks()
        webhooks.connect()
        register_spoken(find_recording)
        register_date_reader(worded_dates.read_worded_date)
