"""Addresses of the web pages."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path, re_path

from tasks_app.web import (
    account,
    calendar_feed,
    imports,
    notifications,
    passwords,
    push,
    sign_in,
    sign_up,
    tokens,
    unsubscribe,
    views,
)

urlpatterns = [
    path("", views.home, name="home"),
    path("list/", views.task_list, name="task-list"),
    path("time-zone/", views.save_time_zone, name="save-time-zone"),
    path("tokens/", tokens.TokensView.as_view(), name="token-page"),
    path("tokens/<uuid:token_id>/delete/", tokens.delete_token, name="delete-token"),
    re_path(r"^calendar/(?P<secret>[A-Za-z0-9_-]{64})\.ics$", calendar_feed.calendar_feed, name="calendar-feed"),
    path("calendar/change/", calendar_feed.change_feed, name="change-feed"),
    path("exports/", calendar_feed.make_export, name="make-export"),
    path("import/", imports.import_page, name="import-page"),
    path("import/<uuid:import_id>/", imports.import_page_of, name="import-page-of"),
    path("import/<uuid:import_id>/start/", imports.start_import, name="start-import"),
    path("import/<uuid:import_id>/undo/", imports.undo_import, name="undo-import"),
    path("calendar/options/", calendar_feed.save_feed_options, name="save-feed-options"),
    path("service-worker.js", push.service_worker, name="service-worker"),
    path("push/act/<str:token>/", push.push_action, name="push-action"),
    path("mail/off/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    path("sign-in/", sign_in.SignInView.as_view(), name="sign-in"),
    path("sign-in/link/", sign_in.SignInLinkView.as_view(), name="sign-in-link"),
    path("sign-in/code/", sign_in.SignInCodeView.as_view(), name="sign-in-code"),
    path("sign-in/by-mail/", passwords.SignInByMailView.as_view(), name="sign-in-by-mail"),
    path("sign-up/", sign_up.SignUpView.as_view(), name="sign-up"),
    path("sign-up/invitation/<str:token>/", sign_up.SignUpView.as_view(), name="sign-up-invited"),
    path("password/forgotten/", passwords.PasswordForgottenView.as_view(), name="password-forgotten"),
    path("password/new/<str:uidb64>/<str:token>/", passwords.PasswordNewView.as_view(), name="password-new"),
    path("account/", account.AccountView.as_view(), name="account"),
    path("account/notifications/", notifications.NotificationsView.as_view(), name="notification-page"),
    path("account/password/", passwords.PasswordView.as_view(), name="password"),
    path("account/address/", account.change_address, name="change-address"),
    path("account/address/<str:token>/", account.confirm_new_address, name="confirm-address"),
    path("account/devices/", account.list_devices, name="devices"),
    path("account/devices/others/sign-out/", account.sign_out_others, name="sign-out-others"),
    path("account/devices/<int:device_id>/sign-out/", account.sign_out_device, name="sign-out-device"),
    path("account/second-factor/", account.SecondFactorView.as_view(), name="second-factor"),
    path("admin/login/", sign_in.admin_sign_in),
    path("sign-out/", LogoutView.as_view(next_page="sign-in"), name="sign-out"),
]
