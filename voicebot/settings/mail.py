"""E-mail; off without the address of a mail server."""

from voicebot.env import read_text
from voicebot.mail_url import read_mail_server

_SERVER = read_mail_server(read_text("EMAIL_URL"))

EMAIL_IS_ON = _SERVER is not None
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _SERVER else 'dummy'}.EmailBackend"
EMAIL_HOST = _SERVER.host if _SERVER else ""
EMAIL_PORT = _SERVER.port if _SERVER else 25
EMAIL_HOST_USER = _SERVER.user if _SERVER else ""
EMAIL_HOST_PASSWORD = _SERVER.password if _SERVER else ""
EMAIL_USE_SSL = _SERVER is not None and _SERVER.encryption == "tls"
EMAIL_USE_TLS = _SERVER is not None and _SERVER.encryption == "starttls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = read_text("EMAIL_FROM", "voicebot@localhost")
