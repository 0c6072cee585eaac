"""My views: the address of a page with its filters under a name, one of them as start page, shared with roles by a link.

A view holds no figure and gives no right: whoever opens it sees what they may see.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpi.context import home_of
from kpi.doing.addresses import links, problem
from kpi.doing.frame import page
from kpi.models import Membership, SavedView
from kpi.models.organisation import check_no_person
from kpi.pages import READERS
from kpi.result import Viewer
from kpi.rights import NO_TEAMS, NotAllowed, viewer_of

ROLES = [(value, label) for value, label in Membership.Role.choices if value in READERS]
MOST = 100  # views of one user


class ViewForm(forms.Form):
    """Name, address, whom it is shared with, and whether one begins here."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Shared with"), choices=ROLES, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("By its link. It opens with the rights of whoever opens it."),
    )  # fmt: skip
    start = forms.BooleanField(label=gettext_lazy("Begin here after logging in"), required=False)
    address = forms.CharField(widget=forms.HiddenInput, max_length=1000)

    def __init__(self, data: Any = None, *, user: User, item: SavedView | None = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id="id-%s", **kwargs)
        self.user, self.item = user, item

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        check_no_person("name", name)
        if self.user.saved_views.filter(name=name).exclude(pk=self.item.pk if self.item else 0).exists():
            raise ValidationError(_("You have a view of this name already."))
        return name

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"])
        if sentence := problem(address):
            raise ValidationError(sentence)
        return address

    def clean(self) -> None:
        if self.item is None and self.user.saved_views.count() >= MOST:
            self.add_error(None, _("You keep %(most)d views; remove one before you add another.") % {"most": MOST})

    @transaction.atomic
    def stored(self) -> SavedView:
        """The view as the form says; there is one start page."""
        item = self.item or SavedView(user=self.user)
        for name in ("name", "roles", "start", "address"):
            setattr(item, name, self.cleaned_data[name])
        if item.start:
            self.user.saved_views.filter(start=True).exclude(pk=item.pk).update(start=False)
        item.save()
        return item


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@require_safe
@page
def every_view(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """My own, and those shared with my role."""
    user = _user(request)
    own = list(user.saved_views.all())
    shared = [item for item in SavedView.objects.select_related("user").exclude(user=user) if viewer.role in item.roles]
    rows = [(item, request.build_absolute_uri(item_address(item)), f"link-{item.pk}") for item in own]
    return render(request, "kpi/plans/views.html", {"rows": rows, "shared": shared})


def item_address(item: SavedView) -> str:
    return reverse("view-open", args=[item.pk])


@require_http_methods(["GET", "HEAD", "POST"])
@page
def new_view(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The address one comes from: as two links to copy, and to be kept under a name."""
    address = request.POST.get("address") or request.GET.get("address", "/")
    form = ViewForm(request.POST or None, user=_user(request), initial={"address": address})
    if request.method == "POST" and form.is_valid():
        form.stored()
        return redirect("views")
    wrong = problem(address)
    found = None if wrong else links(viewer, address)
    if found and request.method != "POST":
        form.initial["address"] = found.moving or found.fixed
    absolute = {name: request.build_absolute_uri(value) for name in ("moving", "fixed") if found and (value := getattr(found, name))}
    context = {"entry": form, "links": found, "absolute": absolute, "wrong": wrong, "back": address}
    return render(request, "kpi/plans/view_new.html", context, status=400 if form.errors or wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def one_view(request: HttpRequest, _viewer: Viewer, pk: int) -> HttpResponse:
    """Name, sharing and start page of one of my own."""
    item = _own(request, pk)
    kept = {"name": item.name, "roles": item.roles, "start": item.start, "address": item.address}
    form = ViewForm(request.POST or None, user=item.user, item=item, initial=kept)
    if request.method == "POST" and form.is_valid():
        form.stored()
        return redirect("views")
    return render(request, "kpi/plans/view.html", {"entry": form, "item": item}, status=400 if form.errors else 200)


def _own(request: HttpRequest, pk: int) -> SavedView:
    item = SavedView.objects.select_related("user").filter(pk=pk, user=_user(request)).first()
    if item is None:
        raise Http404
    return item


@require_POST
@page
def remove_view(request: HttpRequest, _viewer: Viewer, pk: int) -> HttpResponse:
    """Its link leads nowhere afterwards."""
    _own(request, pk).delete()
    return redirect("views")


@require_safe
@page
def open_view(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """To the page, under the rights of whoever opens it."""
    item = SavedView.objects.filter(pk=pk).first()
    if item is None or not (item.user_id == request.user.pk or viewer.role in item.roles) or problem(item.address):
        raise Http404
    return redirect(item.address)


@require_safe
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Where one begins: the own start page, else the first page one may see. A manager without a team yet begins with the data."""
    home = home_of(request).address
    if home != reverse("overview"):
        return redirect(home)
    try:
        viewer_of(request.user)
    except NotAllowed as refusal:
        return redirect("data" if str(refusal) == NO_TEAMS else "overview")
    item = SavedView.objects.filter(user=_user(request), start=True).first()
    return redirect(item.address if item and not problem(item.address) else "overview")
