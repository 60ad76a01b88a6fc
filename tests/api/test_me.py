"""A person's profile, how they are told, and where they are signed in."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from tasks_app.models import SignedInDevice, User

ME = "/api/v1/me/"
NOTIFICATIONS = "/api/v1/me/notifications/"
SESSIONS = "/api/v1/auth/sessions/"


def test_a_profile_is_changed_where_it_is_given(api: APIClient) -> None:
    before = api.get(ME).data
    given = {"name": "Ann Lee", "timezone": "Asia/Tokyo", "language": "de", "week_starts_on": 6}
    given |= {"confirmation": "always", "keep_recordings_days": 3, "shares_with_services": False}
    changed = api.patch(ME, given)
    assert changed.status_code == 200, changed.content
    assert changed.data == before | given | {"sharing_decided_at": changed.data["sharing_decided_at"]}
    assert changed.data["sharing_decided_at"] is not None
    assert api.get(ME).data == changed.data


@pytest.mark.parametrize(
    ("address", "first", "second"),
    [(ME, {"name": "Ann Lee"}, {"name": "Lost"}), (NOTIFICATIONS, {"web": False}, {"web": True})],
)
def test_a_change_of_what_was_not_seen_is_refused(
    api: APIClient, address: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    seen = api.get(address)["ETag"]
    changed = api.patch(address, first, headers={"If-Match": seen})
    lost = api.patch(address, second, headers={"If-Match": seen})
    assert (changed.status_code, lost.status_code, lost.json()["error"]["code"]) == (200, 412, "version_changed")
    assert changed["ETag"] == api.get(address)["ETag"] != seen
    assert api.get(address).data == changed.data


@pytest.mark.parametrize(
    "wrong",
    [
        {"timezone": "localtime"},
        {"timezone": "Factory"},
        {"timezone": "Mars/Base"},
        {"timezone": ""},
        {"language": "english"},
        {"week_starts_on": 7},
        {"week_starts_on": "0"},
        {"confirmation": "never"},
        {"keep_recordings_days": -1},
        {"shares_with_services": None},
        {"is_staff": True},
    ],
)
def test_what_is_wrong_in_a_profile_is_named(api: APIClient, wrong: dict[str, Any]) -> None:
    refused = api.patch(ME, wrong)
    assert (refused.status_code, refused.json()["error"]["fields"].keys()) == (400, wrong.keys())


def test_how_a_person_is_told(api: APIClient) -> None:
    assert api.get(NOTIFICATIONS).data["quiet_from"] is None
    changed = api.patch(NOTIFICATIONS, {"telegram": False, "quiet_from": "22:00", "quiet_until": "07:30"})
    assert changed.status_code == 200, changed.content
    wanted = {"telegram": False, "web": True, "email": False, "push": True}
    wanted |= {"morning_agenda_at": None, "weekly_review_on": None, "weekly_review_at": "18:00"}
    assert changed.data == wanted | {"quiet_from": "22:00", "quiet_until": "07:30"} == api.get(NOTIFICATIONS).data
    half = api.patch(NOTIFICATIONS, {"quiet_until": None})
    assert half.json()["error"]["code"] == "quiet_hours_incomplete"
    assert api.patch(NOTIFICATIONS, {"quiet_from": "24:00"}).status_code == 400
    assert api.patch(NOTIFICATIONS, {"email": True}).json()["error"]["code"] == "email_unavailable"


def test_a_session_is_seen_and_ended_from_another(ann: User, bob: User) -> None:
    first, second, other = APIClient(), APIClient(), APIClient()
    for client, person in ((first, ann), (second, ann), (other, bob)):
        client.force_login(person)
    seen = first.get(SESSIONS).data["results"]
    assert [row["is_this_one"] for row in seen].count(True) == 1
    (theirs,) = (row["id"] for row in seen if not row["is_this_one"])
    assert other.delete(f"{SESSIONS}{theirs}/").status_code == 404
    assert second.get(ME).status_code == 200
    assert first.delete(f"{SESSIONS}{theirs}/").status_code == 204
    assert second.get(ME).status_code == 401
    assert SignedInDevice.objects.filter(user=ann).count() == 1
