"""Redis-protocol server for the cache, the sessions' cache and the channel layer."""

from voicebot.env import read_text

REDIS_URL = read_text("REDIS_URL", "redis://127.0.0.1:6379/0")
REDIS_KEY_PREFIX = read_text("REDIS_KEY_PREFIX", "voicebot")

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": REDIS_KEY_PREFIX,
    }
}

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {
            # Each receiver asks with a wait of 5 seconds, which the client's own default would cut off.
            "hosts": [{"address": REDIS_URL, "socket_timeout": 30, "socket_keepalive": True}],
            "prefix": f"{REDIS_KEY_PREFIX}.channels",
            "capacity": 500,
            "expiry": 30,
        },
    }
}
