"""After a test that commits nothing of it is left for the next one."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.models import Model

from kpi.models import Publication
from tests import factories


def filled() -> dict[type[Model], int]:
    return {model: count for model in apps.get_models() if (count := model._default_manager.count())}


@pytest.mark.django_db(transaction=True)
def test_the_tables_are_empty_again_and_what_is_kept_for_ever_is_kept_again() -> None:
    new = filled()
    factories.InteractionFactory()
    for _turn in range(2):
        factories.PublicationFactory()
        with pytest.raises(DatabaseError):
            Publication.objects.all()._raw_delete(connection.alias)
        assert filled() != new
        call_command("flush", verbosity=0, interactive=False)
        assert filled() == new
