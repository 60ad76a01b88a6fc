"""PostgreSQL's ``percentile_cont``, which Django does not know."""

from __future__ import annotations

from django.db.models import Aggregate, FloatField


class Percentile(Aggregate):
    """The value below which a share of all values lies; takes ``fraction``, from 0 to 1."""

    function = "percentile_cont"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()
