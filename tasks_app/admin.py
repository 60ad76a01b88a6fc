"""The administrators' pages of people and their tasks; what people wrote needs the right to read it."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from knox.models import get_token_model

from tasks_app.accounts.sign_up import invite
from tasks_app.models import (
    Change,
    ChangeSet,
    Invitation,
    Label,
    NotificationPreference,
    OutboundEmail,
    Project,
    ProjectMember,
    Reminder,
    Task,
    TaskComment,
    User,
    Webhook,
    WebhookDelivery,
)
from voicebot.admin import ReadOnlyAdmin, may_see_private
from voicebot.models import TokenGrant

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest

    RowInline: TypeAlias = admin.TabularInline[Any, Any]
    BaseUserAdmin: TypeAlias = UserAdmin[User]
else:
    RowInline = admin.TabularInline
    BaseUserAdmin = UserAdmin

admin.site.unregister((TOTPDevice, StaticDevice))  # whoever sees another person's second factor has it
admin.site.unregister(get_token_model())  # a token made for somebody else would let staff speak in their name


class PreferenceInline(RowInline):
    """How a person wants to be told of things."""

    model = NotificationPreference
    can_delete = False


@admin.register(User)
class PersonAdmin(BaseUserAdmin):
    """People, with what the meaning of their words depends on."""

    list_display = ("username", "email", "timezone", "language", "is_owner", "is_staff", "is_active", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "language", "date_joined")
    ordering = ("username",)
    show_full_result_count = False
    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        (_("Language and time"), {"fields": ("timezone", "language", "locale", "week_starts_on", "is_owner")}),
        (_("Wishes"), {"fields": ("confirmation", "keep_recordings_days", "shares_with_services")}),
    )
    readonly_fields = (
        "confirmation",
        "keep_recordings_days",
        "shares_with_services",
        "is_owner",
        "last_login",
        "date_joined",
    )
    inlines = (PreferenceInline,)

    def has_delete_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        """Never from here: switch the account off instead."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Only a superuser gives rights: staff could otherwise give them to themselves."""
        fields = tuple(super().get_readonly_fields(request, obj))
        if request.user.is_superuser:
            return fields
        return (*fields, "is_staff", "is_superuser", "groups", "user_permissions")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Staff change neither superusers nor each other, password included."""
        allowed = super().has_change_permission(request, obj)
        if obj is None or request.user.is_superuser:
            return allowed
        return allowed and not (obj.is_superuser or obj.is_staff)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Who was invited; a new one shows its link once."""

    list_display = ("note", "made_by", "created_at", "expires_at", "used_at", "used_by")
    list_filter = ("created_at",)
    list_select_related = ("made_by", "used_by")
    fields = ("note", "made_by", "created_at", "expires_at", "used_at", "used_by")
    readonly_fields = ("made_by", "created_at", "expires_at", "used_at", "used_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever has the right to."""
        return request.user.has_perm("tasks_app.add_invitation")

    def has_delete_permission(self, request: HttpRequest, _obj: object = None) -> bool:
        """Deleting one that is not used takes it back."""
        return request.user.has_perm("tasks_app.delete_invitation")

    def save_model(self, request: HttpRequest, obj: Invitation, form: object, change: bool) -> None:  # noqa: ARG002  # Django names them
        """Make it, and show its link this once."""
        made, url = invite(made_by=cast("User", request.user), note=obj.note)
        obj.pk, obj.digest, obj.expires_at = made.pk, made.digest, made.expires_at
        self.message_user(request, _("Give this link to the person; it is shown this once: %(url)s") % {"url": url})


@admin.register(TokenGrant)
class TokenAdmin(ReadOnlyAdmin):
    """People's API tokens: looked at and taken back; the tokens themselves are stored nowhere."""

    list_display = ("__str__", "person", "scopes", "created_at", "expires_at", "last_used_at")
    search_fields = ("token__user__username", "name")
    list_select_related = ("token__user",)
    ordering = ("-created_at",)

    @admin.display(description=_("person"), ordering="token__user__username")
    def person(self, grant: TokenGrant) -> str:
        """Whose it is."""
        return str(grant.token.user.get_username())

    @admin.display(description=_("ends"), ordering="token__expiry")
    def expires_at(self, grant: TokenGrant) -> dt.datetime | None:
        """When it lets nobody in any more; None for never."""
        ends: dt.datetime | None = grant.token.expiry
        return ends

    def has_delete_permission(self, request: HttpRequest, _obj: object = None) -> bool:
        """A superuser takes any token back."""
        return bool(request.user.is_superuser)

    def delete_model(self, _request: HttpRequest, grant: TokenGrant) -> None:
        """Take the token itself back."""
        grant.token.delete()

    def delete_queryset(self, _request: HttpRequest, grants: QuerySet[TokenGrant]) -> None:
        """Take these back."""
        get_token_model().objects.filter(grant__in=grants).delete()


class PrivateAdmin(ReadOnlyAdmin):
    """What people wrote: nothing is shown without the right to read it."""

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The usual right, and the right to read what people said."""
        return may_see_private(request) and super().has_view_permission(request, obj)


class ReminderInline(RowInline):
    """When a task's person is told."""

    model = Reminder
    fields = ("remind_at", "before", "before_start", "state", "sent_at")
    extra = 0
    can_delete = False

    def has_add_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        """Never: a service makes them."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        """Never: a service changes them."""
        return False


@admin.register(Task)
class TaskAdmin(PrivateAdmin):
    """What people have to do."""

    list_display = ("title", "owner", "project", "due_on", "due_at", "priority", "completed_at", "deleted_at")
    list_filter = ("priority", "due_on", "completed_at", ("deleted_at", admin.EmptyFieldListFilter))
    search_fields = ("=id", "owner__username", "title", "notes")
    list_select_related = ("owner", "project")
    ordering = ("-created_at",)
    inlines = (ReminderInline,)


@admin.register(OutboundEmail)
class OutboundEmailAdmin(PrivateAdmin):
    """Mails to people, and what became of each."""

    list_display = ("created_at", "user", "subject", "state", "may_be_repeated", "attempts", "error_code", "sent_at")
    list_filter = ("state", "may_be_repeated", "created_at")
    search_fields = ("=id", "user__username", "address")
    list_select_related = ("user",)
    ordering = ("-created_at",)


@admin.register(Webhook)
class WebhookAdmin(PrivateAdmin):
    """Addresses to which people have events sent; their secrets are not shown."""

    list_display = ("id", "owner", "url", "is_active", "off_reason", "failing_since", "last_attempt_at")
    list_filter = ("is_active", "off_reason")
    search_fields = ("=id", "owner__username", "url")
    list_select_related = ("owner",)
    exclude = ("seed", "old_seed")
    ordering = ("-created_at",)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(PrivateAdmin):
    """What webhooks were told, and how it was answered."""

    list_display = ("created_at", "webhook_id", "event", "state", "attempts", "response_status", "error_code")
    list_filter = ("state", "event", "created_at")
    search_fields = ("=id", "=webhook__id", "webhook__owner__username")
    ordering = ("-created_at",)


@admin.register(Project)
class ProjectAdmin(PrivateAdmin):
    """Lists of tasks."""

    list_display = ("name", "owner", "is_archived", "created_at", "deleted_at")
    list_filter = ("is_archived", ("deleted_at", admin.EmptyFieldListFilter))
    search_fields = ("=id", "owner__username", "name")
    list_select_related = ("owner",)


@admin.register(ProjectMember)
class ProjectMemberAdmin(PrivateAdmin):
    """Who shares which project, and what they may do there."""

    list_display = ("project", "user", "role", "created_at", "joined_at", "deleted_at")
    list_filter = ("role", ("joined_at", admin.EmptyFieldListFilter), ("deleted_at", admin.EmptyFieldListFilter))
    search_fields = ("=id", "=project__id", "project__name", "user__username")
    list_select_related = ("project", "user")
    ordering = ("-created_at",)


@admin.register(TaskComment)
class TaskCommentAdmin(PrivateAdmin):
    """What people said about tasks."""

    list_display = ("created_at", "task", "author", "text", "deleted_at")
    list_filter = ("created_at", ("deleted_at", admin.EmptyFieldListFilter))
    search_fields = ("=id", "=task__id", "author__username", "text")
    list_select_related = ("task", "author")
    ordering = ("-created_at",)


@admin.register(Label)
class LabelAdmin(PrivateAdmin):
    """Words that group tasks."""

    list_display = ("name", "owner")
    search_fields = ("owner__username", "name")
    list_select_related = ("owner",)


class ChangeInline(RowInline):
    """The rows that a set changed, before and after."""

    model = Change
    fields = ("ordinal", "action", "kind", "row_id", "before_text", "after_text", "version_after")
    readonly_fields = fields
    extra = 0
    can_delete = False

    @admin.display(description=_("before"))
    def before_text(self, change: Change) -> str:
        """The row before."""
        return json.dumps(change.before, ensure_ascii=False, indent=1)

    @admin.display(description=_("after"))
    def after_text(self, change: Change) -> str:
        """The row after."""
        return json.dumps(change.after, ensure_ascii=False, indent=1)

    def has_add_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        """Never: a service makes them."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        """Never: history is not rewritten."""
        return False


@admin.register(ChangeSet)
class ChangeSetAdmin(PrivateAdmin):
    """What one utterance, request or button changed: one unit to undo."""

    list_display = ("created_at", "id", "owner", "source", "undoes_id")
    list_filter = ("source", "created_at")
    search_fields = ("=id", "owner__username")
    list_select_related = ("owner",)
    ordering = ("-created_at",)
    fields = ("id", "owner", "source", "created_at", "undoes", "results")
    inlines = (ChangeInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChangeSet]:
        """Without its results, which no column shows."""
        return super().get_queryset(request).defer("results")
