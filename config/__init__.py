"""Settings, addresses and the Celery application."""

import os

# Before numpy is loaded: our matrices are small, and threads of linear algebra only fight with the threads that serve requests.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from config.celery import app as celery_app

__all__ = ["celery_app"]
