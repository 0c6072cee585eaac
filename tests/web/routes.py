"""The written table: every route and which role gets which answer, one line for each. A route that is missing here fails the walk."""

from __future__ import annotations

import re

from django.contrib.auth.models import User

from kpi.mail.stopping import token_of
from kpi.models import Alert, Export, Subscription
from tests.web.doing_routes import DOING, KEPT
from wellbeing.models import Pulse

ROLES = ("nobody", "executive", "manager", "analyst", "steward", "representative", "administrator", "boss")
ALL_READ = dict.fromkeys(ROLES, 200) | {"nobody": 302, "steward": 403, "administrator": 403, "boss": 403}
OPEN = dict.fromkeys(ROLES, 200)
LOGGED_IN = dict.fromkeys(ROLES, 200) | {"nobody": 302}
CONTACTS = ALL_READ | {"executive": 403, "representative": 403}
API = ALL_READ | {"nobody": 403}
DATA = dict.fromkeys(ROLES, 200) | {"nobody": 302, "boss": 404}  # how the sources are; files only for those who see the whole centre
SENDS = dict.fromkeys(ROLES, 404) | {"nobody": 302, "analyst": 200, "steward": 200, "administrator": 200}
MAPS = SENDS | {"analyst": 302, "steward": 302, "administrator": 302}  # a draft is of one session: any other begins anew
TOKEN = dict.fromkeys(ROLES, 401)  # for systems with a token of their own; a person has none
OPENS_WAVES = dict.fromkeys(ROLES, 403) | {"nobody": 302, "administrator": 200, "boss": 200}
POSTED = dict.fromkeys(ROLES, 405)
STAFF = dict.fromkeys(ROLES, 302) | {"boss": 200}
MADE_BY_NIGHT = {"kpi/alert", "kpi/alertchange", "kpi/sending", "kpi/subscription"}
SIGNED = {"kpi/action", "kpi/initiative", "kpi/limits", "kpi/limitsclosed", "kpi/target"}
ADDED_BY_IMPORT = {
    "kpi/interaction",
    "kpi/sourcemapping",
    "kpi/listopened",
    "kpi/publication",
    "kpi/rejectedrow",
    "auditlog/logentry",
    *MADE_BY_NIGHT,
    *SIGNED,
}

# Pattern of the resolver -> GET: {role: status}. <int> and the like are filled in by `address`.
ROUTES: dict[str, dict[str, int]] = {
    "": ALL_READ,
    "definitions/": LOGGED_IN,
    "definitions/<slug:key>/": LOGGED_IN,
    "first-run/": LOGGED_IN,
    "keys/": LOGGED_IN,
    "login/": dict.fromkeys(ROLES, 302) | {"nobody": 200},
    "login/code/": dict.fromkeys(ROLES, 302),  # nobody's password was right a moment ago
    "account/": LOGGED_IN,
    "account/password/": LOGGED_IN,
    "account/second-factor/": LOGGED_IN,
    "logout/": dict.fromkeys(ROLES, 405),
    "healthz": OPEN,
    "readyz": OPEN,
    "metrics": dict.fromkeys(ROLES, 404),
    "api/v1/panel": API,
    **DOING,
    "api/schema/": dict.fromkeys(ROLES, 200) | {"nobody": 403},
    "api/docs/": LOGGED_IN,
    "export/panel.csv": ALL_READ,
    "export/panel.xlsx": ALL_READ,
    "export/figures/<slug:figure>.csv": ALL_READ,
    "<slug:page>/": ALL_READ,
    "exports/": ALL_READ,
    "exports/state": ALL_READ,
    "exports/<int:pk>/": dict.fromkeys(ROLES, 404) | {"nobody": 302},  # another one's is not there
    "who-looked/": dict.fromkeys(ROLES, 403) | {"nobody": 302, "manager": 200, "representative": 200, "administrator": 200},
    "lists/<slug:kind>/": CONTACTS,
    "export/lists/<slug:kind>.csv": CONTACTS,
    "export/lists/<slug:kind>.xlsx": CONTACTS,
    "api/v1/lists/<slug:kind>": CONTACTS | {"nobody": 403},
    "scenarios/": ALL_READ,
    "export/scenarios.csv": ALL_READ,
    "export/scenarios.xlsx": ALL_READ,
    "mails/": ALL_READ,
    "mails/new/": dict.fromkeys(ROLES, 405),
    "mails/<int:pk>/": dict.fromkeys(ROLES, 404) | {"nobody": 302},  # one's own mails are nobody else's
    "mails/<int:pk>/end/": dict.fromkeys(ROLES, 405),
    "mails/stop/<str:token>/": OPEN,
    "alerts/": ALL_READ,
    "alerts/<int:pk>/": ALL_READ,
    "alerts/<int:pk>/take-on/": dict.fromkeys(ROLES, 405),
    "api/v1/alerts": API,
    "data/": DATA,
    "data/days/": dict.fromkeys(ROLES, 200) | {"nobody": 302, "manager": 404, "boss": 404},
    "data/nights/": dict.fromkeys(ROLES, 404) | {"nobody": 302, "steward": 200, "administrator": 200},
    "data/nights/steps/<int:step>/again/": dict.fromkeys(ROLES, 405),
    "data/nights/mail/": dict.fromkeys(ROLES, 405),
    "data/send/": SENDS,
    "data/map/": SENDS,
    "data/map/yaml/": SENDS,
    **{f"data/map/<slug:token>/{step}/": MAPS for step in ("text", "columns", "cells", "check")},
    "data/mappings/<slug:key>/": SENDS,
    "data/mappings/<slug:key>/<int:number>.yaml": SENDS,
    "data/mappings/<slug:key>/<int:number>/hold/": dict.fromkeys(ROLES, 405),
    "data/runs/<int:run>/": dict.fromkeys(ROLES, 404) | {"nobody": 302},
    "data/runs/<int:run>/correct/": dict.fromkeys(ROLES, 405),
    "data/runs/<int:run>/take-back/": dict.fromkeys(ROLES, 405),
    "data/runs/<int:run>/rejected.csv": dict.fromkeys(ROLES, 404) | {"nobody": 302},
    "api/v1/imports": TOKEN,
    "api/v1/imports/<int:run>": TOKEN,
    "api/v1/imports/<int:run>/rejected": TOKEN,
    "api/v1/pages/<slug:page>": API,
    "export/pages/<slug:page>.csv": ALL_READ,
    "export/pages/<slug:page>.xlsx": ALL_READ,
    "pulse/": OPEN,
    "pulse/thanks/": OPEN,
    "waves/": ALL_READ | {"administrator": 200, "boss": 200},
    "waves/open/": OPENS_WAVES,
    "waves/<int:pk>/": OPENS_WAVES | {"administrator": 404, "boss": 404},
    "waves/<int:pk>/extend/": POSTED,
    "waves/<int:pk>/end/": POSTED,
    "waves/<int:pk>/<int:asked>/<slug:kind>/": POSTED,
    "admin/": STAFF,
    "admin/login/": dict.fromkeys(ROLES, 403) | {"nobody": 302, "boss": 302},  # people log in at one place
    "admin/logout/": dict.fromkeys(ROLES, 405),
    "admin/password_change/": STAFF,
    "admin/password_change/done/": STAFF,
    "admin/autocomplete/": STAFF | {"boss": 403},
    "admin/jsi18n/": STAFF,
    "admin/r/<path:content_type_id>/<path:object_id>/": STAFF | {"boss": 404},
    "admin/<app_label>/": STAFF,
    "admin/(?P<url>.*)$": STAFF | {"boss": 404},
    "admin/auth/user/<id>/password/": STAFF,
}
MODELS = {
    "auditlog/logentry",
    "auth/group",
    "auth/user",
    "axes/accessattempt",
    "axes/accessfailurelog",
    "axes/accesslog",
    "kpi/alert",
    "kpi/alertchange",
    "kpi/action",
    "kpi/annotation",
    "kpi/channel",
    "kpi/connection",
    "kpi/datasource",
    "kpi/holiday",
    "kpi/importrun",
    "kpi/importtoken",
    "kpi/initiative",
    "kpi/intent",
    "kpi/intentpolicy",
    "kpi/interaction",
    "kpi/limits",
    "kpi/limitsclosed",
    "kpi/listopened",
    "kpi/publication",
    "kpi/queue",
    "kpi/rejectedrow",
    "kpi/reportinggroup",
    "kpi/sending",
    "kpi/site",
    "kpi/sourcemapping",
    "kpi/subscription",
    "kpi/target",
    "kpi/team",
    "kpi/timetableentry",
    "staffing/baseline",
    "staffing/cost",
    "staffing/staffingassumption",
    "wellbeing/wave",
}
"""Models of the admin: each with a list, add, history, delete and change page, for the staff alone."""

CSV = "export/panel.csv"
BOOK = "export/panel.xlsx"
FIGURE = "export/figures/<slug:figure>.csv"
SHEETS = ("<slug:page>/", "api/v1/pages/<slug:page>", "export/pages/<slug:page>.csv", "export/pages/<slug:page>.xlsx")
SCENARIOS = "scenarios/"
SCENARIO_FILES = ("export/scenarios.csv", "export/scenarios.xlsx")
ALERTS = ("alerts/", "alerts/<int:pk>/", "api/v1/alerts")
SHOWS_PANEL = ("", "api/v1/panel", CSV, BOOK, FIGURE, SCENARIOS, *SHEETS, *ALERTS, *SCENARIO_FILES)


FILLED = {
    "<slug:token>": "abc",
    "<slug:page>": "capacity",
    "<slug:figure>": "waterfall",
    "<slug:kind>": "loops",
    "<int:run>": "999999",
    "<path:content_type_id>/<path:object_id>": "1/999999",
    "<app_label>": "kpi",
    "(?P<url>.*)$": "no/such/page/",
}


def address(route: str) -> str:
    """A route filled in, so that it can be opened. Of the database only what this one needs is asked: a walk asks for a hundred."""
    filled = route.replace("<slug:key>", "old_phone" if "data/mappings/" in route else "csat")
    for part, sample in FILLED.items():
        filled = filled.replace(part, sample)
    if "<int:pk>" in filled:
        filled = filled.replace("<int:pk>", str(planned(route)))
    if "<str:token>" in filled:
        filled = filled.replace("<str:token>", token_of(999_999))
    if "<id>" in filled:
        filled = filled.replace("<id>", str(User.objects.latest("id").pk))
    return "/" + re.sub(r"<int:\w+>", "1", filled)


def planned(route: str) -> int:
    """The key of what the route is about: the one there is, of the whole company."""
    kept = {"alerts": Alert, "exports": Export, "mails": Subscription, "waves": Pulse, **KEPT}
    found = kept[route.removeprefix("api/v1/").partition("/")[0]]._default_manager.first()
    return found.pk if found else 1
