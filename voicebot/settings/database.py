"""PostgreSQL through psycopg 3 with a connection pool."""

import dj_database_url

from voicebot.env import read_int, read_text

_SERVER = dj_database_url.parse(read_text("DATABASE_URL", "postgresql:///voicebot"))

DATABASES = {
    "default": {
        **_SERVER,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **_SERVER.get("OPTIONS", {}),
            "pool": {
                "min_size": 1,
                "max_size": read_int("DATABASE_POOL_SIZE", 10, minimum=2, maximum=200),
                "timeout": 10,
            },
            "application_name": "voicebot",
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
        },
    }
}
