"""Addresses of the web pages."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path, re_path

from tasks_app.web import calendar_feed, sign_in, unsubscribe, views

urlpatterns = [
    path("", views.home, name="home"),
    path("list/", views.task_list, name="task-list"),
    path("time-zone/", views.save_time_zone, name="save-time-zone"),
    path("tokens/", views.create_token, name="create-token"),
    path("tokens/<slug:key>/delete/", views.delete_token, name="delete-token"),
    re_path(r"^calendar/(?P<secret>[A-Za-z0-9_-]{64})\.ics$", calendar_feed.calendar_feed, name="calendar-feed"),
    path("calendar/change/", calendar_feed.change_feed, name="change-feed"),
    path("calendar/options/", calendar_feed.save_feed_options, name="save-feed-options"),
    path("mail/off/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    path("sign-in/", sign_in.SignInView.as_view(), name="sign-in"),
    path("sign-in/link/", sign_in.SignInLinkView.as_view(), name="sign-in-link"),
    path("sign-out/", LogoutView.as_view(next_page="sign-in"), name="sign-out"),
]
