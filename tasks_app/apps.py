"""Django application of the domain."""

from django.apps import AppConfig


class TasksAppConfig(AppConfig):
    """Tasks, projects, labels, reminders."""

    name = "tasks_app"
    verbose_name = "Tasks"

    def ready(self) -> None:
        """Note what others do to people, follow who is signed in where, and show the panels."""
        from tasks_app.accounts.devices import follow_sessions
        from tasks_app.reminders import news
        from tasks_app.web.calendar_feed import calendar_panel
        from tasks_app.web.panels import register_panel
        from tasks_app.web.push import push_panel
        from tasks_app.web.statistics import statistics_panel

        news.connect()
        register_panel(statistics_panel)
        register_panel(calendar_panel)
        register_panel(push_panel)
        follow_sessions()
