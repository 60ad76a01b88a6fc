"""Celery: what is lost with a worker is delivered again, and rows decide whether it is done."""

from kombu import Queue

from voicebot.env import read_text
from voicebot.settings.realtime import REDIS_KEY_PREFIX, REDIS_URL

CELERY_BROKER_URL = read_text("CELERY_BROKER_URL", REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "global_keyprefix": f"{REDIS_KEY_PREFIX}.celery.",
    "socket_keepalive": True,
    "socket_connect_timeout": 5,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 270
CELERY_TIMEZONE = "UTC"

CELERY_TASK_DEFAULT_QUEUE = "upkeep"
CELERY_TASK_QUEUES = [Queue(name, routing_key=name) for name in ("voice", "notices", "upkeep")]
CELERY_TASK_ROUTES = {
    "voice_app.jobs.process_command": {"queue": "voice"},
    "bots.jobs.deliver_message": {"queue": "notices"},
    "tasks_app.jobs.deliver_email": {"queue": "notices"},
    "tasks_app.jobs.deliver_push": {"queue": "notices"},
    "tasks_app.jobs.tell_person": {"queue": "notices"},
    "tasks_app.jobs.tell_briefings": {"queue": "notices"},
    "tasks_app.jobs.send_webhooks": {"queue": "notices"},
}
CELERY_BEAT_SCHEDULE = {
    "resume-stalled-commands": {"task": "voice_app.jobs.resume_stalled_commands", "schedule": 5.0},
    "resume-stalled-messages": {"task": "bots.jobs.resume_stalled_messages", "schedule": 10.0},
    "deliver-due-reminders": {"task": "tasks_app.jobs.deliver_due_reminders", "schedule": 5.0},
    "deliver-due-briefings": {"task": "tasks_app.jobs.deliver_due_briefings", "schedule": 20.0},
    "resume-stalled-emails": {"task": "tasks_app.jobs.resume_stalled_emails", "schedule": 10.0},
    "resume-stalled-pushes": {"task": "tasks_app.jobs.resume_stalled_pushes", "schedule": 10.0},
    "resume-stalled-exports": {"task": "tasks_app.jobs.resume_stalled_exports", "schedule": 300.0},
    "send-webhooks": {"task": "tasks_app.jobs.send_webhooks", "schedule": 5.0},
    "forget-old-deliveries": {"task": "tasks_app.jobs.forget_old_deliveries", "schedule": 3600.0},
    "resume-stalled-imports": {"task": "tasks_app.jobs.resume_stalled_imports", "schedule": 30.0},
    "forget-old-imports": {"task": "tasks_app.jobs.forget_old_imports", "schedule": 3600.0},
    "purge-trash": {"task": "tasks_app.jobs.purge_trash", "schedule": 3600.0},
    "expire-questions": {"task": "voice_app.jobs.expire_questions", "schedule": 60.0},
    "end-idle-sessions": {"task": "voice_app.jobs.end_idle_sessions", "schedule": 300.0},
    "forget-old-updates": {"task": "bots.jobs.forget_old_updates", "schedule": 3600.0},
    "forget-old-notices": {"task": "tasks_app.jobs.forget_old_notices", "schedule": 3600.0},
    "forget-expired": {"task": "voice_app.jobs.forget_expired", "schedule": 3600.0},
}
