"""The forms around a mapping: the file it is made with, its name, and one that comes as YAML."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.intake.mapped.draft import Draft
from kpi.mapping.spec import LARGEST, records
from kpi.mapping.stored import check_key
from kpi.mapping.words import RECORD_WORDS
from kpi.models import SourceMapping
from kpi.source import Refused


class BeginForm(forms.Form):
    """Which file, and what one row of it is."""

    record = forms.ChoiceField(label=gettext_lazy("What is one row of it?"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("A table of text (CSV) as the system wrote it, also gzipped.")
    )

    def __init__(self, *args: Any, before: SourceMapping | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = before
        known = [key for key in RECORD_WORDS if key in records()]
        self.fields["record"].choices = [(key, f"{RECORD_WORDS[key][0]}: {RECORD_WORDS[key][1]}") for key in known]  # type: ignore[attr-defined]
        if before:
            del self.fields["record"]

    @property
    def kind(self) -> str:
        """The key of our own layout."""
        return str(self.before.content["record"] if self.before else self.cleaned_data["record"])


class SaveForm(forms.Form):
    """What the source is called, so that later files can be sent to it."""

    label = forms.CharField(
        label=gettext_lazy("Name"), max_length=80, help_text=gettext_lazy("As it stands in lists, like “Call log of the telephone system”.")
    )
    key = forms.CharField(
        label=gettext_lazy("Key"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("By it systems send their files: small letters, digits, - and _. Empty: made of the name."),
    )
    note = forms.CharField(
        label=gettext_lazy("What this version changes"),
        max_length=255,
        required=False,
        help_text=gettext_lazy("Of rules, never of persons."),
    )

    def __init__(self, *args: Any, made: Draft, **kwargs: Any) -> None:
        kwargs["initial"] = {"label": made.label, "key": made.key}
        super().__init__(*args, **kwargs)
        del self.fields["key" if made.key else "note"]

    def clean(self) -> dict[str, Any]:
        self.cleaned_data.setdefault("note", "")
        return self.cleaned_data

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"] or slugify(self.cleaned_data.get("label", "")).replace("-", "_")[:64]
        try:
            check_key(key)
        except Refused as problem:
            raise forms.ValidationError(str(problem)) from None
        if SourceMapping.objects.filter(source__key=key).exists():
            raise forms.ValidationError(_("There is a mapping of this key. Choose another, or begin on its page to add a version."))
        return key


class YamlForm(forms.Form):
    """A mapping that was exported, here or elsewhere."""

    file = forms.FileField(label=gettext_lazy("Mapping (YAML)"))
    key = forms.CharField(
        label=gettext_lazy("Key"), max_length=64, required=False, help_text=gettext_lazy("Empty: the one that stands in the file.")
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("A mapping has at most %(most)d KB.") % {"most": LARGEST // 1024})
        return bytes(file.read())
