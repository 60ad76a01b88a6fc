"""Django application of the domain."""

from django.apps import AppConfig


class TasksAppConfig(AppConfig):
    """Tasks, projects, labels, reminders."""

    name = "tasks_app"
    verbose_name = "Tasks"

    def ready(self) -> None:
        """Listen to what webhooks and people are told of, and show the panels of the page."""
        from tasks_app.accounts.devices import follow_sessions
        from tasks_app.reminders import news
        from tasks_app.web.calendar_feed import calendar_panel
        from tasks_app.web.panels import register_panel
        from tasks_app.web.push import push_panel
        from tasks_app.web.statistics import statistics_panel
        from tasks_app.webhooks import receivers

        news.connect()
        receivers.connect()
        register_panel(statistics_panel)
        register_panel(calendar_panel)
        register_panel(push_panel)
        follow_sessions()
