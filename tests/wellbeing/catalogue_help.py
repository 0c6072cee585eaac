"""What a respondent may read, as it stands in code and templates."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ("wellbeing/pulse/questionnaire.py", "wellbeing/views/answering.py")
TEMPLATES = sorted((ROOT / "templates" / "wellbeing").glob("*pulse*.html"))
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2)}


def texts() -> dict[str, str]:
    """{text: the file it is in}"""
    found: dict[str, str] = {}
    for name in PYTHON:
        found |= dict.fromkeys(_extracted((ROOT / name).read_text(encoding="utf-8")), name)
    for path in TEMPLATES:
        found |= dict.fromkeys(_extracted(templatize(path.read_text(encoding="utf-8"))), path.name)
    return found


def _extracted(source: str) -> list[str]:
    found = extract_python(BytesIO(source.encode()), KEYWORDS, [], {"encoding": "utf-8"})
    return [message if isinstance(message, str) else message[0] for _line, _name, message, _comments in found if message]
