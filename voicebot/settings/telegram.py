"""The Telegram bot; off without a token."""

from voicebot.env import read_text

TELEGRAM_BOT_TOKEN = read_text("TELEGRAM_BOT_TOKEN")
TELEGRAM_API_BASE_URL = read_text("TELEGRAM_API_BASE_URL", "https://api.telegram.org")
TELEGRAM_FILE_BASE_URL = read_text("TELEGRAM_FILE_BASE_URL", TELEGRAM_API_BASE_URL)
