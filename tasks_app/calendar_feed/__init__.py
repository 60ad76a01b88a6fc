"""A private address at which calendars of others read a person's tasks."""
