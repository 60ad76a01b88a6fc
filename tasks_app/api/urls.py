"""Addresses of the task API."""

from __future__ import annotations

from django.urls import path

from tasks_app.api.tokens import TokenView
from tasks_app.api.views import ChangeUndoView, TaskActionView, TaskListView
from tasks_app.commands import CompleteTask, ReopenTask

urlpatterns = [
    path("auth/token/", TokenView.as_view(), name="auth-token"),
    path("tasks/", TaskListView.as_view(), name="tasks"),
    path("tasks/<uuid:task_id>/complete/", TaskActionView.as_view(command=CompleteTask), name="task-complete"),
    path("tasks/<uuid:task_id>/reopen/", TaskActionView.as_view(command=ReopenTask), name="task-reopen"),
    path("changes/<uuid:change_set_id>/undo/", ChangeUndoView.as_view(), name="change-undo"),
]
