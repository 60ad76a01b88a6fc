"""What a service says that it did."""

from __future__ import annotations

from tasks_app.models import Project, Task
from tasks_app.results import CommandResult, Facts
from tasks_app.serialization import project_facts, task_facts


def task_result(
    action: str, task: Task, before: Facts | None, *, changed: bool = True, tasks_touched: int = 0
) -> CommandResult:
    """The outcome for one task; the facts are those that it has now."""
    return CommandResult(
        **dict(task_facts(task)),
        action=action,
        changed=changed,
        task_id=task.id,
        project_id=task.project_id,
        recurring=bool(task.rrule),
        before=before,
        tasks_touched=tasks_touched,
    )


def project_result(
    action: str,
    project: Project,
    before: Facts | None = None,
    *,
    changed: bool = True,
    tasks_touched: int = 0,
    user_id: int | None = None,
) -> CommandResult:
    """The outcome for one project, or for one of its members."""
    return CommandResult(
        **dict(project_facts(project)),
        action=action,
        changed=changed,
        project_id=project.id,
        before=before,
        tasks_touched=tasks_touched,
        user_id=user_id,
    )
