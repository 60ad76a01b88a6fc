"""What a person may change about themselves."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tasks_app.accounts.profile import ProfileChanges, change_profile
from tasks_app.models import Confirmation, User

pytestmark = pytest.mark.django_db


def test_only_what_is_given_changes(ann: User) -> None:
    change_profile(ann, ProfileChanges(name=" Ann Lee ", confirmation=Confirmation.ALWAYS))
    ann.refresh_from_db()
    assert (ann.get_full_name(), ann.timezone, ann.confirmation) == ("Ann Lee", "Europe/Berlin", "always")
    assert ann.sharing_decided_at is None


def test_consent_keeps_the_moment_it_was_given_or_taken(ann: User) -> None:
    change_profile(ann, ProfileChanges(shares_with_services=False, keep_recordings_days=7))
    ann.refresh_from_db()
    assert not ann.shares_with_services
    assert ann.sharing_decided_at is not None
    assert ann.keep_recordings_days == 7
    change_profile(ann, ProfileChanges(keep_recordings_days=None))
    ann.refresh_from_db()
    assert ann.keep_recordings_days is None


@pytest.mark.parametrize(
    "changes",
    [
        {"timezone": "Mars/Olympus"},
        {"timezone": ""},
        {"language": "english"},
        {"locale": "en"},
        {"week_starts_on": 7},
        {"week_starts_on": True},
        {"confirmation": "never"},
        {"keep_recordings_days": -1},
        {"name": "a\x00b"},
        {"name": "x" * 151},
        {"is_superuser": True},
    ],
)
def test_nonsense_and_rights_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ProfileChanges.model_validate(changes)
