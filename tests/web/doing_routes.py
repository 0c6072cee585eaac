"""Addresses of what people plan and keep, with who may use them: a part of the table in test_every_surface.py."""

from django.contrib.auth.models import User
from django.db.models import Model

from kpi.models import Action, Annotation, Initiative, SavedView
from tests import factories

ROLES = ("nobody", "executive", "manager", "analyst", "steward", "representative", "administrator", "boss")
NO_DASHBOARD = {"steward": 403, "administrator": 403, "boss": 403}
READ = dict.fromkeys(ROLES, 200) | {"nobody": 302} | NO_DASHBOARD
OWN = dict.fromkeys(ROLES, 404) | {"nobody": 302, "executive": 200} | NO_DASHBOARD
SENT = dict.fromkeys(ROLES, 405)
DOING = {
    "annotations/": READ,
    "annotations/<int:pk>/": OWN | {"analyst": 200},
    "annotations/<int:pk>/remove/": SENT,
    "api/v1/annotations": READ | {"nobody": 403},
    "api/v1/annotations/<int:pk>": SENT | {"nobody": 403},
    "targets/": READ,
    "initiatives/": READ,
    "initiatives/<int:pk>/": READ,
    "initiatives/<int:pk>/close/": SENT,
    "actions/": READ,
    "actions/<int:pk>/": READ,
    "views/": READ,
    "views/new/": READ,
    "views/<int:pk>/": OWN,
    "views/<int:pk>/open/": OWN | {"executive": 302},
    "views/<int:pk>/remove/": SENT,
    "start/": dict.fromkeys(ROLES, 302),
}
KEPT: dict[str, type[Model]] = {"actions": Action, "annotations": Annotation, "initiatives": Initiative, "views": SavedView}


def plan() -> None:
    """One of each, of the whole company; a view of the executive, a mapping."""
    factories.AnnotationFactory()
    factories.TargetFactory()
    factories.LimitsFactory()
    factories.ActionFactory()
    factories.SourceMappingFactory()
    factories.SavedViewFactory(user=User.objects.get(username="executive"))
