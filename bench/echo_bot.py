"""The bare bot that ours is measured beside: python-telegram-bot as it is documented, answering each message at once.

Usage: ``python -m bench.echo_bot URL TOKEN``; it polls the Bot API server there until it is ended.
"""

from __future__ import annotations

import sys
from typing import Any

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say the same, or that it was heard."""
    message = update.effective_message
    if message is not None:
        await message.reply_text(message.text or "Listening…")


def main() -> None:
    """Poll."""
    url, token = sys.argv[1:]
    builder = Application.builder().token(token).base_url(f"{url}/bot").base_file_url(f"{url}/file/bot")
    application: Application[Any, Any, Any, Any, Any, Any] = builder.build()
    application.add_handler(MessageHandler(filters.ALL, echo))
    application.run_polling(allowed_updates=Update.ALL_TYPES)


if __name__ == "__main__":
    main()
