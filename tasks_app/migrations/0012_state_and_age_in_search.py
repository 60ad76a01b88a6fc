import datetime as dt

from django.db import migrations, models

MAKE_FUNCTIONS = """
    CREATE FUNCTION tasks_app_state(task tasks_app_task) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT CASE WHEN task.deleted_at IS NOT NULL THEN 2 WHEN task.completed_at IS NOT NULL THEN 1 ELSE 0 END
    $$;

    CREATE OR REPLACE FUNCTION tasks_app_enter_task() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
    BEGIN
        INSERT INTO tasks_app_searchentry (task_id, owner_id, words, letters, state, created_at)
        VALUES (
            NEW.id, NEW.owner_id, tasks_app_entry(NEW), tasks_app_letters(NEW.title), tasks_app_state(NEW),
            NEW.created_at
        );
        RETURN NULL;
    END $$;

    CREATE FUNCTION tasks_app_correct_state() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
    BEGIN
        UPDATE tasks_app_searchentry SET state = tasks_app_state(NEW), created_at = NEW.created_at
        WHERE task_id = NEW.id;
        RETURN NULL;
    END $$;

    CREATE TRIGGER search_state AFTER UPDATE ON tasks_app_task FOR EACH ROW
        WHEN ((OLD.completed_at IS NULL, OLD.deleted_at IS NULL, OLD.created_at)
            IS DISTINCT FROM (NEW.completed_at IS NULL, NEW.deleted_at IS NULL, NEW.created_at))
        EXECUTE FUNCTION tasks_app_correct_state();
"""
DROP_FUNCTIONS = """
    DROP TRIGGER search_state ON tasks_app_task;
    DROP FUNCTION tasks_app_correct_state();
    CREATE OR REPLACE FUNCTION tasks_app_enter_task() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
    BEGIN
        INSERT INTO tasks_app_searchentry (task_id, owner_id, words, letters)
        VALUES (NEW.id, NEW.owner_id, tasks_app_entry(NEW), tasks_app_letters(NEW.title));
        RETURN NULL;
    END $$;
    DROP FUNCTION tasks_app_state(tasks_app_task);
"""
FILL = """
    UPDATE tasks_app_searchentry AS entry SET state = tasks_app_state(task), created_at = task.created_at
    FROM tasks_app_task AS task WHERE task.id = entry.task_id;
"""
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class Migration(migrations.Migration):

    dependencies = [
        ('tasks_app', '0011_dismissed_reminders'),
    ]

    operations = [
        migrations.AddField(
            model_name='searchentry',
            name='state',
            field=models.PositiveSmallIntegerField(choices=[(0, 'Open'), (1, 'Done'), (2, 'Deleted')], default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='searchentry',
            name='created_at',
            field=models.DateTimeField(default=LONG_AGO),
            preserve_default=False,
        ),
        migrations.RunSQL(MAKE_FUNCTIONS, DROP_FUNCTIONS),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
