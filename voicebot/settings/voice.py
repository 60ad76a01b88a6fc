"""Speech, understanding and recordings."""

from voicebot.env import read_bool, read_float, read_int, read_text, read_url
from voicebot.settings.core import DATA_DIR

STT_MODEL_DIR = read_text("STT_MODEL_DIR")
STT_THREADS = read_int("STT_THREADS", 0, maximum=64)
VOICE_WARM_UP = read_bool("VOICE_WARM_UP", default=False)
"""Whether worker processes load the speech models when they start: on for workers of the voice queue."""
VOICE_CACHE_DIR = DATA_DIR / "cache"
VOICE_MODELS_DIR = DATA_DIR / "models"
MODEL_SOURCE_URL = read_url("MODEL_SOURCE_URL", "https://huggingface.co")
"""Where `manage.py providers fetch` gets models: a server that is laid out like Hugging Face."""

VOICE_MAX_AUDIO_BYTES = read_int("VOICE_MAX_AUDIO_BYTES", 25 * 1024 * 1024, minimum=1024)
MAX_BODY_BYTES = VOICE_MAX_AUDIO_BYTES + 64 * 1024
"""The most that any request may bring: a recording and the form around it."""
VOICE_MAX_AUDIO_SECONDS = read_float("VOICE_MAX_AUDIO_SECONDS", 600.0, minimum=1.0)
VOICE_MAX_TEXT_LENGTH = read_int("VOICE_MAX_TEXT_LENGTH", 4000, minimum=10)
VOICE_COMMAND_DEADLINE_SECONDS = read_float("VOICE_COMMAND_DEADLINE_SECONDS", 120.0, minimum=1.0)
VOICE_MAX_ATTEMPTS = read_int("VOICE_MAX_ATTEMPTS", 8, minimum=1)
VOICE_SESSION_IDLE_SECONDS = read_int("VOICE_SESSION_IDLE_SECONDS", 1800, minimum=60)
VOICE_QUESTION_TTL_SECONDS = read_int("VOICE_QUESTION_TTL_SECONDS", 86_400, minimum=60)
VOICE_KEEP_RECORDINGS_DAYS = read_int("VOICE_KEEP_RECORDINGS_DAYS", 30, minimum=0)
VOICE_SUBMITS_PER_MINUTE = read_int("VOICE_SUBMITS_PER_MINUTE", 60, minimum=1)

VOICE_LIVE_MAX_SECONDS = read_float("VOICE_LIVE_MAX_SECONDS", 120.0, minimum=1.0, maximum=600.0)
VOICE_LIVE_IDLE_SECONDS = read_float("VOICE_LIVE_IDLE_SECONDS", 300.0, minimum=1.0)
VOICE_LIVE_CONNECTIONS_PER_MINUTE = read_int("VOICE_LIVE_CONNECTIONS_PER_MINUTE", 30, minimum=1)
