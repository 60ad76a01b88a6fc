"""Telegram's door: updates in, messages out."""

import os

# Durations are timedeltas, as they will be in python-telegram-bot's next major version; it asks for this variable.
os.environ.setdefault("PTB_TIMEDELTA", "1")
