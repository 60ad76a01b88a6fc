"""What the administrators' pages of all applications share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest

    AnyModelAdmin: TypeAlias = admin.ModelAdmin[Any]
else:
    AnyModelAdmin = admin.ModelAdmin

admin.site.site_header = _("Voicebot administration")
admin.site.site_title = _("Voicebot")
admin.site.index_title = _("All parts")

PRIVATE_PERMISSION = "voice_app.view_recording"
"""Who may hear and read what other people said; staff without it see states, times and errors only."""
HIDDEN = "•••"


def may_see_private(request: HttpRequest) -> bool:
    """Whether this administrator may hear and read what people said."""
    return request.user.has_perm(PRIVATE_PERMISSION)


class ReadOnlyAdmin(AnyModelAdmin):
    """Rows that only the services write: administrators look."""

    show_full_result_count = False
    list_per_page = 50
    private_search_fields: tuple[str, ...] = ()
    """Searched only for those who may read what is found by it."""

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Never: a row made here would be one that no service knows of."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        """Never: changes are recorded, published and undoable only when a service makes them."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        """Never: people delete their own data."""
        return False

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Without what this administrator may not read: a search that answers would tell it."""
        fields = tuple(super().get_search_fields(request))
        return (*fields, *self.private_search_fields) if may_see_private(request) else fields
