"""Every model has a factory whose default is valid; the cast has the sizes the tests rely on."""

import pytest
from django.apps import apps
from django.db.models import Model
from factory.django import DjangoModelFactory

from kpi.models import Team
from staffing.models import Employment
from tests import factories

OURS = [model for label in ("kpi", "wellbeing", "staffing") for model in apps.get_app_config(label).get_models()]


def factory_of(model: type[Model]) -> type[DjangoModelFactory]:
    return next(
        item
        for item in vars(factories).values()
        if isinstance(item, type) and issubclass(item, DjangoModelFactory) and item._meta.get_model_class() is model
    )


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_each_model_has_a_factory_that_makes_a_valid_row(db: None, model: type[Model]) -> None:
    row = factory_of(model)()
    row.refresh_from_db()
    unknown = {field.name for field in model._meta.concrete_fields if getattr(row, field.attname) in (None, "")}
    row.full_clean(exclude=unknown, validate_unique=False)


def test_the_cast_has_its_sizes(lark: Team, wren: Team) -> None:
    assert Employment.objects.filter(team=lark).count() == 12
    assert Employment.objects.filter(team=wren).count() == 4
