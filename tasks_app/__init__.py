"""The domain: tasks, projects, labels, reminders and how their changes are undone."""
