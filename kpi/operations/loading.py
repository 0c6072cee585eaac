"""A process serves what it started from: whatever a page is made of is read before the first request.

Otherwise code renewed on the disk while a site runs would mix with the old: a page opened for the first time after that would be drawn
from a new template by old code, and be an error until somebody starts the site anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import get_default_password_validators
from django.template import engines
from django.template.backends.django import DjangoTemplates
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils import translation
from django.utils.module_loading import import_string

from kpi import registry
from kpi.release import release


def load_all() -> None:
    """Once for each process that answers requests."""
    load_words()
    assert get_resolver().url_patterns  # the views, and whatever they import
    assert get_default_password_validators()
    named: list[str] = [*settings.FILE_UPLOAD_HANDLERS, *settings.AUTHENTICATION_BACKENDS]
    named += settings.SPECTACULAR_SETTINGS["POSTPROCESSING_HOOKS"]  # type: ignore[arg-type]
    for name in named:
        import_string(name)


def load_words() -> None:
    """What workers need as well: which release this is, what the registry finds, templates and languages."""
    release()
    registry.load()
    for name in templates():
        get_template(name)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("")


def templates() -> Iterator[str]:
    """The names of our own."""
    for engine in engines.all():
        for folder in engine.template_dirs if isinstance(engine, DjangoTemplates) else ():
            if Path(folder).is_relative_to(settings.BASE_DIR / "templates"):
                yield from sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*") if path.suffix in {".html", ".txt"})
