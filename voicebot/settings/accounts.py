"""How people come in, and how they prove who they are."""

from voicebot.env import read_choice, read_int

SIGN_UP = read_choice("SIGN_UP", "invitation", ("open", "invitation", "closed"))
"""Who may make an account: anybody, whoever an administrator gave a link, or nobody."""
SIGN_INS_PER_MINUTE = read_int("SIGN_INS_PER_MINUTE", 10, minimum=1)
"""From one address, at all the doors together."""

LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"

AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "sesame.backends.ModelBackend"]
SESAME_ONE_TIME = True
SESAME_MAX_AGE = 60 * 60
SESAME_TOKEN_NAME = "token"  # noqa: S105  # the name of the query parameter, not a secret
PASSWORD_RESET_TIMEOUT = 60 * 60
OTP_TOTP_ISSUER = "Voicebot"
OTP_TOTP_SYNC = False
"""A clock that is half a minute off still does; one that drifts further is not followed."""

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
