"""Structured logs: one line an event, with the correlation id, without secrets."""

from voicebot.env import read_choice
from voicebot.logging import build_logging_config

LOG_LEVEL = read_choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOG_FORMAT = read_choice("LOG_FORMAT", "console", ("console", "json"))
LOGGING = build_logging_config(level=LOG_LEVEL, as_json=LOG_FORMAT == "json")
