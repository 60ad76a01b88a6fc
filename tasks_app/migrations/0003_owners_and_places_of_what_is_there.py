from django.db import migrations
from django.db.models.functions import Extract


def fill(apps, _schema_editor):
    """Who owns a project is in it, and what was there stands in the order in which it was made."""
    project, member, task = (apps.get_model("tasks_app", name) for name in ("Project", "ProjectMember", "Task"))
    task.objects.update(position=Extract("created_at", "epoch"))
    members = (
        member(
            project_id=each.id,
            user_id=each.owner_id,
            role="owner",
            joined_at=each.created_at,
            position=each.created_at.timestamp(),
        )
        for each in project.objects.filter(members=None).iterator()
    )
    member.objects.bulk_create(members, batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("tasks_app", "0002_shared_projects_and_parts_of_tasks")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
