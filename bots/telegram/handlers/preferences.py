"""``/settings`` and ``/language``: one message, whose buttons change it in place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils import translation
from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bots.privacy import kept_days
from bots.telegram.handlers.incoming import Incoming, Press, Taken
from bots.telegram.handlers.own_account import VOICE_REPLIES, chat_rows
from bots.telegram.keyboards import NotOurButton, Rows, button
from bots.voices import switch_voice_replies
from tasks_app.accounts.profile import ProfileChanges, change_profile
from tasks_app.models import Confirmation, User
from tasks_app.reminders.preferences import PreferenceChanges, can_mail, change_preference, preference_of
from tasks_app.selectors import zone_of
from voice_app.understanding.languages import language_codes
from voicebot.languages import language_to_answer_in

if TYPE_CHECKING:
    from telegram import Message

    from bots.models import ChatAccount
    from tasks_app.models import NotificationPreference

T = TypeVar("T")

QUIET_HOURS: tuple[tuple[dt.time, dt.time] | None, ...] = (
    None,
    (dt.time(21), dt.time(6)),
    (dt.time(22), dt.time(7)),
    (dt.time(23), dt.time(8)),
)
"""What the button offers in turn; other hours can be set on the page."""
AGENDA_HOURS: tuple[dt.time | None, ...] = (None, dt.time(6), dt.time(7), dt.time(8), dt.time(9))
REVIEWS: tuple[tuple[int, dt.time] | None, ...] = (None, (6, dt.time(18)), (4, dt.time(17)), (0, dt.time(8)))
"""Sunday evening, Friday afternoon, Monday morning."""
KEPT_DAYS: tuple[int | None, ...] = (None, 0, 7)
_BY_LISTENING = "auto"


def show(incoming: Incoming, account: ChatAccount, _message: Message, _argument: str) -> Taken:
    """``/settings``."""
    return incoming.say(_text(account.user), [*_rows(account.user), *chat_rows(account)])


def change(press: Press) -> Taken:
    """``s:<setting>`` moves one setting on to its next value."""
    user, word = press.account.user, press.pressed.word(0)
    if word == VOICE_REPLIES:
        switch_voice_replies(press.account)
    elif act := _CHANGES.get(word):
        act(user)
    else:
        raise NotOurButton
    return press.replace(_text(user), [*_rows(user), *chat_rows(press.account)])


def show_languages(incoming: Incoming, _account: ChatAccount, _message: Message, _argument: str) -> Taken:
    """``/language``."""
    return incoming.say(_("Which language shall we speak?"), _language_rows())


def offer_languages(press: Press) -> Taken:
    """``g`` shows the languages in the place of the settings."""
    return press.replace(_("Which language shall we speak?"), _language_rows())


def choose_language(press: Press) -> Taken:
    """``h:<language>`` is one of them, or to find out by listening."""
    code = press.pressed.word(0)
    if code != _BY_LISTENING and code not in language_codes():
        raise NotOurButton
    user = press.account.user
    change_profile(user, ProfileChanges(language="" if code == _BY_LISTENING else code))
    with translation.override(language_to_answer_in(user.language, press.account.language)):
        if code == _BY_LISTENING:
            return press.replace(_("I will hear which language you speak."))
        return press.replace(_("I understand %(language)s from now on.") % {"language": _own_name(code)})


def _text(user: User) -> str:
    zone = _("Time zone: %(zone)s (/timezone)") % {"zone": zone_of(user).key}
    page = _("More can be set on the page: /web")
    return "\n".join([_("Your settings. A button changes what it shows."), "", zone, page])


def _rows(user: User) -> Rows:
    preference = preference_of(user)
    channels = [
        button(_on_off(_("Reminders here"), is_on=preference.telegram), "s", "telegram"),
        button(_on_off(_("On the page"), is_on=preference.web), "s", "web"),
    ]
    others = [button(_on_off(_("By notification"), is_on=preference.push), "s", "push")]
    if can_mail(user):
        others.append(button(_on_off(_("By mail"), is_on=preference.email), "s", "email"))
    return [
        [button(_("Language: %(language)s") % {"language": _language_name(user)}, "g")],
        [button(_("Ask me %(when)s") % {"when": Confirmation(user.confirmation).label}, "s", "confirmation")],
        channels,
        others,
        [button(_quiet_text(preference.quiet_from, preference.quiet_until), "s", "quiet")],
        [button(_agenda_text(preference), "s", "agenda")],
        [button(_review_text(preference), "s", "review")],
        [button(_kept_text(user), "s", "kept")],
        [button(_on_off(_("Services of others may help"), is_on=user.shares_with_services), "s", "sharing")],
    ]


def _language_rows() -> Rows:
    codes = sorted(language_codes())
    rows = [[button(_own_name(code), "h", code) for code in codes[at : at + 2]] for at in range(0, len(codes), 2)]
    return [*rows, [button(_("Find out by listening"), "h", _BY_LISTENING)]]


def _own_name(code: str) -> str:
    """What a language calls itself."""
    name = str(LANG_INFO[code]["name_local"]) if code in LANG_INFO else code
    return name[:1].upper() + name[1:]


def _language_name(user: User) -> str:
    return _own_name(user.language) if user.language else _("found by listening")


def _on_off(name: str, *, is_on: bool) -> str:
    return f"✓ {name}" if is_on else f"✗ {name}"


def _quiet_text(start: dt.time | None, end: dt.time | None) -> str:
    if start is None or end is None:
        return _("No quiet hours")
    return _("Quiet from %(start)s to %(end)s") % {"start": time_format(start, "H:i"), "end": time_format(end, "H:i")}


def _agenda_text(preference: NotificationPreference) -> str:
    at = preference.morning_agenda_at
    return _("Morning agenda at %(time)s") % {"time": time_format(at, "H:i")} if at else _("No morning agenda")


def _review_text(preference: NotificationPreference) -> str:
    if preference.weekly_review_on is None:
        return _("No weekly review")
    when = {"day": WEEKDAYS[preference.weekly_review_on], "time": time_format(preference.weekly_review_at, "H:i")}
    return _("Weekly review: %(day)s, %(time)s") % when


def _kept_text(user: User) -> str:
    days = kept_days(user)
    if not days:
        return _("Recordings are not kept")
    text = ngettext("Recordings are kept for %(count)d day", "Recordings are kept for %(count)d days", days)
    return text % {"count": days}


def _switch(channel: str) -> Callable[[User], None]:
    def act(user: User) -> None:
        is_on = getattr(preference_of(user), channel)
        change_preference(user, PreferenceChanges.model_validate({channel: not is_on}))

    return act


def _next_confirmation(user: User) -> None:
    change_profile(user, ProfileChanges(confirmation=Confirmation(_after(Confirmation.values, user.confirmation))))


def _next_quiet(user: User) -> None:
    preference = preference_of(user)
    start, end = preference.quiet_from, preference.quiet_until
    start, end = _after(QUIET_HOURS, (start, end) if start and end else None) or (None, None)
    change_preference(user, PreferenceChanges(quiet_from=start, quiet_until=end))


def _next_agenda(user: User) -> None:
    after = _after(AGENDA_HOURS, preference_of(user).morning_agenda_at)
    change_preference(user, PreferenceChanges(morning_agenda_at=after))


def _next_review(user: User) -> None:
    preference = preference_of(user)
    on = preference.weekly_review_on
    after = _after(REVIEWS, None if on is None else (on, preference.weekly_review_at))
    changes = {"weekly_review_on": after[0], "weekly_review_at": after[1]} if after else {"weekly_review_on": None}
    change_preference(user, PreferenceChanges.model_validate(changes))


def _next_kept(user: User) -> None:
    limit = settings.VOICE_KEEP_RECORDINGS_DAYS
    possible = [days for days in KEPT_DAYS if days is None or days < limit]
    change_profile(user, ProfileChanges(keep_recordings_days=_after(possible, user.keep_recordings_days)))


def _switch_sharing(user: User) -> None:
    change_profile(user, ProfileChanges(shares_with_services=not user.shares_with_services))


def _after(values: Sequence[T], value: T) -> T:
    """The next of some values, the first after the last one or after one that is not among them."""
    return values[(values.index(value) + 1) % len(values)] if value in values else values[0]


_CHANGES: dict[str, Callable[[User], None]] = {
    "telegram": _switch("telegram"),
    "web": _switch("web"),
    "push": _switch("push"),
    "email": _switch("email"),
    "confirmation": _next_confirmation,
    "quiet": _next_quiet,
    "agenda": _next_agenda,
    "review": _next_review,
    "kept": _next_kept,
    "sharing": _switch_sharing,
}
