"""Fields of the filter bar, drawn without a template for each option: a page has over a hundred of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class Choose(forms.Select):
    """A select, with groups where a choice holds choices of its own."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        options = _all(self.choices, set(self.format_value(value)))
        return format_html('<select name="{}"{}>{}</select>', name, _attributes(self.build_attrs(self.attrs, attrs)), options)


class Day(forms.DateInput):
    """A day, as the browser's own calendar gives it."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        shown = self.format_value(value)
        given = {"value": shown} if shown else {}
        return format_html('<input name="{}"{}>', name, _attributes({**self.build_attrs(self.attrs, attrs), **given}))


class Suggested(forms.TextInput):
    """A text that may be typed, and is found in a list while one types. The list is asked for when the field is drawn."""

    def __init__(self, texts: Callable[[], Iterable[str]], attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.texts = texts

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        found = self.build_attrs(self.attrs, {**(attrs or {}), "list": f"{name}-list"})
        options = format_html_join("", '<option value="{}">', ((text,) for text in self.texts()))
        given = {"value": value} if value else {}
        entry = format_html('<input type="text" name="{}"{}>', name, _attributes({**found, **given}))
        return format_html('{}<datalist id="{}-list">{}</datalist>', entry, name, options)


def _all(choices: Iterable[Any], chosen: set[str]) -> SafeString:
    return format_html_join("", "{}", ((_one(value, text, chosen),) for value, text in choices))


def _one(value: Any, text: Any, chosen: set[str]) -> SafeString:
    if isinstance(text, list | tuple):
        return format_html('<optgroup label="{}">{}</optgroup>', value, _all(text, chosen))
    return format_html('<option value="{}"{}>{}</option>', value, " selected" if str(value) in chosen else "", text)


def _attributes(attributes: Mapping[str, Any]) -> SafeString:
    """Those that are true stand without a value, as HTML has it; those that are false or None do not stand at all."""
    told = {name: value for name, value in attributes.items() if value not in (None, False)}
    bare = format_html_join("", " {}", ((name,) for name, value in told.items() if value is True))
    return format_html_join("", ' {}="{}"', ((name, value) for name, value in told.items() if value is not True)) + bare
