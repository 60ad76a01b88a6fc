"""Django settings, one subject a file; everything that differs between machines is an environment variable."""

from voicebot.settings.accounts import *
from voicebot.settings.api import *
from voicebot.settings.celery import *
from voicebot.settings.core import *
from voicebot.settings.database import *
from voicebot.settings.logging import *
from voicebot.settings.mail import *
from voicebot.settings.outward import *
from voicebot.settings.providers import *
from voicebot.settings.realtime import *
from voicebot.settings.security import *
from voicebot.settings.telegram import *
from voicebot.settings.voice import *
