"""What a reader chooses for a mail; scope and period come from the filters of the page, so a mail asks what the page asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kpi.forms import COMPARISONS, DEFAULT_PERIOD, PanelForm
from kpi.models import Subscription
from kpi.periods import WEEKS
from kpi.widgets import Choose

MOST = 20  # mails one reader may ask for
Kind = Subscription.Kind
UNITS = ("site", "team")
MOVING = {*WEEKS, "7d", "mtd", "qtd", "ytd"}
DEFAULT_COMPARISON = "year"


class MailForm(forms.Form):
    """Kind, rhythm, weekday and language."""

    kind = forms.ChoiceField(label=_("Mail"), choices=[(kind.value, kind.label) for kind in (Kind.DIGEST, Kind.ALERTS)], widget=Choose)
    rhythm = forms.ChoiceField(label=_("How often"), choices=Subscription.Rhythm.choices, widget=Choose)
    weekday = forms.TypedChoiceField(label=_("Weekday"), choices=Subscription.Weekday.choices, coerce=int, widget=Choose)
    language = forms.ChoiceField(label=_("Language"), widget=Choose)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="mail-%s")
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = settings.LANGUAGES
        if len(settings.LANGUAGES) == 1:
            language.widget = forms.HiddenInput()
        self.initial = {"rhythm": Subscription.Rhythm.WEEKLY, "language": _reader_s(), **self.initial}


def _reader_s() -> str:
    """The language of the page is the one a mail is offered in first, where the site has it."""
    language = get_language() or settings.LANGUAGE_CODE
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def filters_for(kind: str, form: PanelForm) -> str:
    """The end of the address without its question mark. A digest moves on with the data, so it has a period and a comparison that
    do; an alert is about a site or team only."""
    if kind == Kind.ALERTS:
        return form.address(**{name: "" for name in form.applied if name not in UNITS})[1:]
    chosen = {"period": (MOVING, DEFAULT_PERIOD), "compare": ({key for key, _text in COMPARISONS}, DEFAULT_COMPARISON)}
    kept = {name: form.applied[name] if form.applied[name] in known else usual for name, (known, usual) in chosen.items()}
    return form.address(**kept, **{"from": "", "to": ""})[1:]


def subscribe(user: AbstractBaseUser | AnonymousUser, chosen: MailForm, form: PanelForm) -> str:
    """What stood in the way, in a sentence; empty when the mail is asked for (twice is once)."""
    data, reader = dict(chosen.cleaned_data), user.pk or 0
    if data["kind"] == Kind.ALERTS:
        data |= {"rhythm": Subscription.Rhythm.DAILY}
    if data["rhythm"] == Subscription.Rhythm.DAILY:
        data |= {"weekday": Subscription.Weekday.MONDAY}
    if Subscription.objects.filter(user_id=reader, active=True).count() >= MOST:
        return str(_("You have asked for many mails already: stop one of them first."))
    try:
        with transaction.atomic():
            Subscription.objects.create(user_id=reader, filters=filters_for(data["kind"], form), **data)
    except IntegrityError:  # asked for twice
        pass
    return ""
