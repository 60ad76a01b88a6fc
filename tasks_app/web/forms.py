"""The forms of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import UserCreationForm
from django.utils.translation import gettext_lazy as _

from tasks_app.accounts.profile import MOST_DAYS_KEPT, ProfileChanges
from tasks_app.clock import zone_names
from tasks_app.models import Confirmation, User
from tasks_app.push import keys
from tasks_app.reminders.preferences import PreferenceChanges, can_mail, preference_of

if TYPE_CHECKING:
    from django.forms import BoundField
    from django.http import QueryDict
    from django.utils.functional import _StrPromise

    BaseSignUpForm = UserCreationForm[User]
else:
    BaseSignUpForm = UserCreationForm

_DAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))

_GROUPS: tuple[tuple[_StrPromise, tuple[str, ...]], ...] = (
    (_("Tell me"), ("telegram", "web", "push", "email")),
    (_("Quiet hours"), ("quiet_from", "quiet_until")),
    (_("Agenda and review"), ("morning_agenda_at", "weekly_review_on", "weekly_review_at")),
)


class SignUpForm(BaseSignUpForm):
    """A new account; the address becomes theirs when they have confirmed it."""

    address = forms.EmailField(label=_("E-mail, if you want reminders and sign-in links by mail"), required=False)

    class Meta:
        model = User
        fields = ("username",)

    def __init__(self, data: QueryDict | None = None, *, can_mail: bool) -> None:
        super().__init__(data)
        self.fields.pop("usable_password", None)
        self.fields["username"].label = _("Name to sign in with")
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "autocomplete": "username"}
        self.fields["address"].widget.attrs["autocomplete"] = "email"
        if not can_mail:
            del self.fields["address"]


class AddressForm(forms.Form):
    """One e-mail address."""

    address = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class ProfileForm(forms.Form):
    """What a person says about themselves."""

    name = forms.CharField(label=_("Your name"), max_length=150, required=False)
    timezone = forms.ChoiceField(label=_("Time zone"))
    language = forms.ChoiceField(
        label=_("Language"),
        help_text=_("What you speak, and what you are answered in."),
        choices=[("", _("Find out by listening")), *settings.LANGUAGES],
        required=False,
    )
    locale = forms.CharField(
        label=_("How you write dates"),
        help_text=_("en-GB puts the day first, en-US the month."),
        max_length=5,
    )
    week_starts_on = forms.TypedChoiceField(label=_("The week starts on"), choices=enumerate(_DAYS), coerce=int)
    confirmation = forms.ChoiceField(label=_("Ask me"), choices=Confirmation.choices)
    keep_recordings_days = forms.IntegerField(
        label=_("Forget my recordings after so many days"),
        min_value=0,
        max_value=MOST_DAYS_KEPT,
        required=False,
    )
    shares_with_services = forms.BooleanField(
        label=_("What I say may be sent to speech and language services that others run"), required=False
    )

    def __init__(self, data: QueryDict | None, user: User, *, kept_days: int) -> None:
        super().__init__(data, initial=_profile_of(user))
        zones = [(name, name) for name in sorted(zone_names())]
        self.fields["timezone"] = forms.ChoiceField(
            label=_("Time zone"),
            choices=zones if user.timezone else [("", "—"), *zones],
            required=bool(user.timezone),
        )
        self.fields["keep_recordings_days"].help_text = _(
            "Empty is as long as this server keeps them, which is also the most: %(days)d days."
        ) % {"days": kept_days}

    def clean(self) -> dict[str, Any]:
        """Checked once more by the class that every door uses, whose refusals are shown beside their fields."""
        given = {name: value for name, value in (super().clean() or {}).items() if name in self.changed_data}
        for error in ProfileChanges.refusals(given):
            self.add_error(error, _("Please look at this once more."))
        return self.cleaned_data

    def changes(self) -> ProfileChanges:
        """What was changed, of a valid form."""
        return ProfileChanges.model_validate({name: self.cleaned_data[name] for name in self.changed_data})


def _profile_of(user: User) -> dict[str, Any]:
    fields = {name: getattr(user, name) for name in ProfileForm.base_fields if name != "name"}
    return fields | {"name": user.get_full_name()}


def _clock(label: _StrPromise, help_text: _StrPromise | str = "", *, required: bool = False) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    return forms.TimeField(label=label, help_text=help_text, required=required, widget=widget)


class NotificationsForm(forms.Form):
    """On which ways a person is told, when not, and what comes by itself."""

    telegram = forms.BooleanField(label=_("In the chats that I linked"), required=False)
    web = forms.BooleanField(label=_("On the pages that I have open"), required=False)
    push = forms.BooleanField(label=_("In the browsers in which I allowed it"), required=False)
    email = forms.BooleanField(label=_("By e-mail"), required=False)
    quiet_from = _clock(_("They begin at"), _("From then on you are told only what is urgent."))
    quiet_until = _clock(_("They end at"), _("Leave both empty, and there are none."))
    morning_agenda_at = _clock(_("Morning agenda at"), _("It comes into your chats. Leave it empty, and none comes."))
    weekly_review_on = forms.TypedChoiceField(
        label=_("Weekly review on"),
        choices=[("", _("No weekly review")), *enumerate(_DAYS)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    weekly_review_at = _clock(_("Weekly review at"), required=True)

    def __init__(self, data: QueryDict | None, user: User) -> None:
        preference = preference_of(user)
        super().__init__(data, initial={name: getattr(preference, name) for name in self.base_fields})
        if not can_mail(user):
            del self.fields["email"]
        if not keys.is_on():
            del self.fields["push"]

    def groups(self) -> list[tuple[_StrPromise, list[BoundField]]]:
        """Headings and the fields that stand under them."""
        return [(heading, [self[name] for name in names if name in self.fields]) for heading, names in _GROUPS]

    def changes(self) -> PreferenceChanges:
        """What was changed, of a valid form."""
        given: dict[str, Any] = {name: self.cleaned_data[name] for name in self.changed_data}
        return PreferenceChanges.model_validate(given)
