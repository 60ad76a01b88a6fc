"""Keys, cookies and headers."""

from csp.constants import NONE, SELF

from voicebot.env import read_bool, read_text
from voicebot.settings.core import PUBLIC_URL

SECRET_KEY = read_text("SECRET_KEY")
ENCRYPTION_KEY = read_text("ENCRYPTION_KEY")
"""The master key that wraps each person's data key: 32 bytes in URL-safe base64."""
VAPID_PRIVATE_KEY = read_text("VAPID_PRIVATE_KEY")
"""The key by which push services know this installation: 32 bytes in URL-safe base64; empty switches push off."""
METRICS_TOKEN = read_text("METRICS_TOKEN")
"""Who sends it may read ``/metrics``; empty switches that address off."""

_IS_HTTPS = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = _IS_HTTPS
CSRF_COOKIE_SECURE = _IS_HTTPS
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY = read_bool("BEHIND_PROXY", default=False)
"""Then X-Forwarded-Proto and the last hop of X-Forwarded-For are a proxy's of ours, and believed."""
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
