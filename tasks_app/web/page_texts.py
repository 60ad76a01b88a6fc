"""What the page's script says, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def page_texts() -> dict[str, str]:
    """Sentences by the names under which the script asks for them."""
    return {
        "speak": _("Speak"),
        "stop": _("Stop"),
        "listening": _("Listening…"),
        "sending": _("Got it, one moment…"),
        "heard": _("Heard:"),
        "working": _("Working on it…"),
        "undo": _("Undo"),
        "undone": _("Undone:"),
        "yes": _("Yes"),
        "cancel": _("Cancel"),
        "completed": _("Done:"),
        "reopened": _("Open again:"),
        "reminder": _("Reminder:"),
        "remindersMissed": _("Missed reminders:"),
        "answerByTyping": _("Type or say the answer."),
        "noMicrophone": _("The microphone only works over https or on this computer itself. Typing works everywhere."),
        "microphoneDenied": _(
            "The browser does not let this page use the microphone. Allow it in the address bar, or type instead."
        ),
        "microphoneMissing": _("There is no microphone here. You can type instead."),
        "notHeard": _("That was too short. Hold the button while you speak, or tap it, speak, and tap again."),
        "connectionLost": _("The connection is lost. Trying again…"),
        "notSent": _("That could not be sent. Please check the connection and try again."),
        "notSearched": _("The search did not get through. Please check the connection and try again."),
        "signedOut": _("You are signed out. Please open the page again."),
        "takesLonger": _("This takes longer than usual. The answer appears here when it is ready."),
    }
