"""The settings of the site without its cache of answers, so that every page is worked out anew. What its processes tell each other of
single estimates stays, as what each of them keeps does."""

from config.settings import *  # noqa: F403 - these are the settings, but for one
from config.settings import CACHES as ALL

CACHES = {**ALL, "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
