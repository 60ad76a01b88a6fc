"""The Telegram bot; off without a token."""

from voicebot.env import read_int, read_text, read_url

TELEGRAM_BOT_TOKEN = read_text("TELEGRAM_BOT_TOKEN")
TELEGRAM_API_BASE_URL = read_url("TELEGRAM_API_BASE_URL", "https://api.telegram.org")
TELEGRAM_FILE_BASE_URL = read_url("TELEGRAM_FILE_BASE_URL", TELEGRAM_API_BASE_URL)
TELEGRAM_MAX_FILE_BYTES = read_int("TELEGRAM_MAX_FILE_BYTES", 20 * 1024 * 1024, minimum=1024)
"""What the Bot API gives out; a local Bot API server gives out more."""
TELEGRAM_LATE_AFTER_SECONDS = read_int("TELEGRAM_LATE_AFTER_SECONDS", 300, minimum=1)
"""The answer to a message that lay for longer says which one it answers."""
TELEGRAM_WEBHOOK_SECRET = read_text("TELEGRAM_WEBHOOK_SECRET")
"""Set, it opens the door at which Telegram brings updates, and ``manage.py run`` starts no poller."""
TELEGRAM_WEBHOOK_CONNECTIONS = read_int("TELEGRAM_WEBHOOK_CONNECTIONS", 40, minimum=1, maximum=100)
"""How many updates Telegram may bring at the same time."""
