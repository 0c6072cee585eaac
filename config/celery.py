"""The Celery application: one timetable, one set of settings, two brokers (Redis, or folders under the data folder)."""

import os
from pathlib import Path

from celery import Celery
from django.conf import settings
from kombu.transport import TRANSPORT_ALIASES

from config.start import read_settings_or_end

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
TRANSPORT_ALIASES["folders"] = "config.folders:Transport"  # a broker's address may not name a module itself

# Everything that happens by itself. A bell that nobody hears in time is dropped: the next one says the same.
TIMETABLE = {
    "sweep": {"task": "kpi.tasks.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "watch the folder": {"task": "kpi.tasks.watch", "schedule": 20.0, "options": {"expires": 20}},
    "pulls": {"task": "kpi.tasks.pull_due", "schedule": 60.0, "options": {"expires": 60}},
    "roll up what is due": {"task": "kpi.tasks.roll_up", "schedule": 60.0, "options": {"expires": 60}},
    "pulse": {"task": "wellbeing.tasks.pulse", "schedule": 60.0, "options": {"expires": 60}},
    "the night": {"task": "kpi.tasks.the_night", "schedule": 20.0, "options": {"expires": 20}},  # kpi/night.py: when and what
    "mails": {"task": "kpi.tasks.morning", "schedule": 60.0, "options": {"expires": 60}},
}

REDIS = {
    "visibility_timeout": 4 * 3600,  # longer than the longest task, or it runs twice
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 2,  # without it a frozen Redis hangs a web request for ever
    "socket_connect_timeout": 2,
}

BRIEFLY = {"socket_timeout": 1, "socket_connect_timeout": 1, "max_retries": 0}  # a Redis that is frozen costs a bell two of these


def folders(data: Path) -> dict[str, object]:
    """The broker that needs no server: messages are files."""
    queue, control = data / "broker" / "queue", data / "broker" / "control"
    for folder in (queue, control):
        folder.mkdir(parents=True, exist_ok=True)
    return {"data_folder_in": str(queue), "data_folder_out": str(queue), "control_folder": str(control), "polling_interval": 0.2}


def configuration() -> dict[str, object]:
    """Read when it is first needed, so that importing `config` reads no setting."""
    read_settings_or_end()
    data = Path(settings.DATA_DIR)
    return {
        "broker_url": settings.REDIS_URL or "folders://",
        "broker_transport_options": REDIS if settings.REDIS_URL else folders(data),
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_ignore_result": True,
        "task_publish_retry_policy": {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2},
        "task_always_eager": settings.CELERY_TASK_ALWAYS_EAGER,
        "worker_prefetch_multiplier": 1,
        "worker_enable_remote_control": bool(settings.REDIS_URL),
        "worker_send_task_events": False,
        "worker_hijack_root_logger": False,
        "beat_schedule": TIMETABLE,
        "beat_schedule_filename": str(data / "beat-schedule"),
        "beat_max_loop_interval": 5,
        "timezone": settings.TIME_ZONE,
    }


app = Celery("counterweight")
app.add_defaults(configuration)
app.autodiscover_tasks(["kpi", "wellbeing"])


def wait_briefly() -> None:
    """In a process whose answers somebody waits for: a bell that is lost is rung again, so no page waits long for the broker."""
    if settings.REDIS_URL:
        app.conf.broker_transport_options = {**REDIS, **BRIEFLY}
