from django.db import migrations

MAKE_PLANNED_ONCE = """
    -- In PL/pgSQL the database plans each step once for a connection, in SQL it planned all of them for each task.
    CREATE OR REPLACE FUNCTION tasks_app_entry(task tasks_app_task) RETURNS tsvector LANGUAGE plpgsql STABLE
    SET search_path FROM CURRENT AS $$
    DECLARE
        title text := tasks_app_spaced(task.title);
        entry tsvector := tasks_app_vector(tasks_app_lexemes(title), 'A');
        said text;
    BEGIN
        entry := entry || tasks_app_vector(ARRAY(
            SELECT DISTINCT 's:' || sound FROM (
                SELECT tasks_app_sound(word) AS sound
                FROM unnest(tsvector_to_array(to_tsvector('tasks_plain', title))) AS word
            ) AS sounds WHERE sound <> ''
        ), 'A');
        entry := entry || tasks_app_vector(ARRAY(
            SELECT 'o:' || task.owner_id
            UNION ALL SELECT 'p:' || task.project_id WHERE task.project_id IS NOT NULL
            UNION ALL SELECT 'l:' || label_id FROM tasks_app_task_labels WHERE task_id = task.id
        ), 'B');
        IF task.notes <> '' THEN
            entry := entry || tasks_app_vector(tasks_app_lexemes(tasks_app_spaced(task.notes)), 'C');
        END IF;
        said := left((
            SELECT string_agg(text, ' ' ORDER BY created_at DESC) FROM tasks_app_taskcomment
            WHERE task_id = task.id AND deleted_at IS NULL
        ), 30000);
        IF said IS NOT NULL THEN
            entry := entry || tasks_app_vector(tasks_app_lexemes(tasks_app_spaced(said)), 'D');
        END IF;
        RETURN entry;
    END $$;
"""
MAKE_PLANNED_EACH_TIME = """
    CREATE OR REPLACE FUNCTION tasks_app_entry(task tasks_app_task) RETURNS tsvector LANGUAGE sql STABLE
    SET search_path FROM CURRENT AS $$
        SELECT
            tasks_app_vector(tasks_app_lexemes(tasks_app_spaced(task.title)), 'A')
            || tasks_app_vector(ARRAY(
                SELECT DISTINCT 's:' || tasks_app_sound(word)
                FROM unnest(tsvector_to_array(to_tsvector('tasks_plain', tasks_app_spaced(task.title)))) AS word
                WHERE tasks_app_sound(word) <> ''
            ), 'A')
            || tasks_app_vector(ARRAY(
                SELECT 'o:' || task.owner_id
                UNION ALL SELECT 'p:' || task.project_id WHERE task.project_id IS NOT NULL
                UNION ALL SELECT 'l:' || label_id FROM tasks_app_task_labels WHERE task_id = task.id
            ), 'B')
            || CASE WHEN task.notes = '' THEN ''
                ELSE tasks_app_vector(tasks_app_lexemes(tasks_app_spaced(task.notes)), 'C') END
            || coalesce((
                SELECT tasks_app_vector(tasks_app_lexemes(tasks_app_spaced(left(string_agg(text, ' '), 30000))), 'D')
                FROM (
                    SELECT text FROM tasks_app_taskcomment
                    WHERE task_id = task.id AND deleted_at IS NULL ORDER BY created_at DESC
                ) AS comments HAVING count(*) > 0
            ), '')
    $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('tasks_app', '0013_briefings'),
    ]

    operations = [
        migrations.RunSQL(MAKE_PLANNED_ONCE, MAKE_PLANNED_EACH_TIME),
    ]
