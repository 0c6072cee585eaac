"""The settings of the site without its cache, so that every page is worked out anew."""

from config.settings import *  # noqa: F403 - these are the settings, but for one

CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
