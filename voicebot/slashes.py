"""Addresses without their last slash lead to those with it."""

from __future__ import annotations

from django.http import HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware


class _SameRequestElsewhere(HttpResponsePermanentRedirect):
    """After a 301 a client asks with GET, and what it had to say is lost; after a 308 it says it again."""

    status_code = 308


class MissingSlash(CommonMiddleware):
    """Django's own, and a request keeps its method and its body on the way."""

    response_redirect_class = _SameRequestElsewhere
