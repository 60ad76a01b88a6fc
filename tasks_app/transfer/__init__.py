"""Takes a person's tasks out as a file: :func:`tasks_app.transfer.exports.export_tasks`."""
