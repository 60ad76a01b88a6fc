"""Django application of the domain."""

from django.apps import AppConfig


class TasksAppConfig(AppConfig):
    """Tasks, projects, labels, reminders."""

    name = "tasks_app"
    verbose_name = "Tasks"

    def ready(self) -> None:
        """Note what others do to people."""
        from tasks_app.reminders import news

        news.connect()
