"""Settings that refuse end the process with their sentence; nobody has to read a traceback to learn which variable is wrong."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

REFUSED = 3  # gunicorn stops for good when a worker ends with 3, and tries again on anything else


def read_settings_or_end() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        settings.DATA_DIR  # noqa: B018 - the first look reads them all
    except ImproperlyConfigured as problem:
        sys.stderr.write(f"Counterweight does not start: {problem}\n")
        sys.exit(REFUSED)
