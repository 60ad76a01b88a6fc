"""What a person may change about themselves, and the one way to change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import pydantic
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from tasks_app.models import Confirmation, User, validate_zone

MOST_DAYS_KEPT = 3650
DAYS_OF_A_WEEK = 7


def _zone(name: str) -> str:
    try:
        validate_zone(name)
    except ValidationError as error:
        raise ValueError(f"not a time zone: {name}") from error
    return name


class ProfileChanges(BaseModel):
    """What to change; only the fields that are given are touched (``model_fields_set``)."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, str_strip_whitespace=True)

    name: str = Field("", max_length=150, pattern=r"^[^\x00-\x1f]*$")
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    """IANA name."""
    language: str = Field("", pattern=r"^([a-z]{2})?$")
    """ISO 639-1 code of answers and speech; empty to detect it anew."""
    locale: str = Field("en-GB", pattern=r"^[a-z]{2}-[A-Z]{2}$")
    """Decides how numeric dates are read: ``en-US`` puts the month first."""
    week_starts_on: int = Field(0, ge=0, lt=DAYS_OF_A_WEEK)
    """0 is Monday."""
    confirmation: Annotated[Confirmation, Field(strict=False)] = Confirmation.WHEN_UNSURE
    keep_recordings_days: int | None = Field(None, ge=0, le=MOST_DAYS_KEPT)
    """None is as long as the installation keeps them, which is also the most."""
    shares_with_services: bool = True
    """Whether what they say may be sent to engines that others run."""

    @classmethod
    def refusals(cls, given: Mapping[str, Any]) -> list[str]:
        """The names of the given fields that are not as they must be."""
        try:
            cls.model_validate(dict(given))
        except pydantic.ValidationError as error:
            return sorted({str(problem["loc"][0]) for problem in error.errors()})
        return []


@transaction.atomic
def change_profile(user: User, changes: ProfileChanges) -> User:
    """Keep what a person says of themselves; the only way to change it, for the page and for ``PATCH me/``.

    Args:
        user: Whose profile; the given object is brought up to date as well.
        changes: Checked by its class, which raises :class:`pydantic.ValidationError`; only given fields are touched.

    Returns:
        The same person.
    """
    given: dict[str, Any] = {name: getattr(changes, name) for name in changes.model_fields_set}
    if "name" in given:
        given["first_name"], given["last_name"] = given.pop("name"), ""
    if "shares_with_services" in given:
        given["sharing_decided_at"] = timezone.now()
    for field, value in given.items():
        setattr(user, field, value)
    if given:
        user.save(update_fields=list(given))
    return user
