"""Which release this process runs: what another one kept, or drew, may look different."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings


@cache
def release() -> str:
    """The youngest of the files a page is made of."""
    own = [Path(app.path) for app in apps.get_app_configs() if Path(app.path).parent == Path(settings.BASE_DIR)]
    folders = (settings.BASE_DIR / "templates", *own, settings.BASE_DIR / "static" / "css")
    files = [path for folder in folders for path in Path(folder).rglob("*") if path.suffix in {".html", ".py", ".css"}]
    return str(max(path.stat().st_mtime_ns for path in files))
