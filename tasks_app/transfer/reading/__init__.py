"""Reads files of other programs and our own: :func:`tasks_app.transfer.reading.detection.read_file`.

Everything here is hostile until checked: a reader opens no other file, expands no recurrence, and either gives an
:class:`~tasks_app.transfer.incoming.IncomingFile` or raises one of the errors of :mod:`tasks_app.transfer.errors`.
"""
