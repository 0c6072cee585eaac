"""Working days, spells, answers of agents, and what somebody signed for."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from kpi import models as kpi
from staffing import models as staffing
from tests.factories.organisation import MOMENT, DataSourceFactory, TeamFactory
from tests.factories.records import Imported
from wellbeing import models as wellbeing

HIRED = date(2025, 1, 1)


class WaveFactory(DjangoModelFactory):
    class Meta:
        model = wellbeing.Wave
        django_get_or_create = ("code",)

    code = "2026-03"
    closed_on = date(2026, 3, 20)


class WellbeingAnswerFactory(Imported):
    class Meta:
        model = wellbeing.WellbeingAnswer

    wave = factory.SubFactory(WaveFactory)
    team = factory.SubFactory(TeamFactory)
    respondent = factory.Sequence(lambda n: 9_000_000 + n)
    instrument = "who5"
    items = "4;4;3;4;3"


class AgentDayFactory(Imported):
    class Meta:
        model = staffing.AgentDay

    day = MOMENT.date()
    agent = factory.Sequence(lambda n: 100 + n)
    team = factory.SubFactory(TeamFactory)
    paid_s = 28_800.0
    on_queue_s = 22_000.0
    handling_s = 18_000.0
    waiting_s = 4_000.0
    pause_s = 3_600.0


class EmploymentFactory(Imported):
    class Meta:
        model = staffing.Employment

    agent = factory.Sequence(lambda n: 100 + n)
    team = factory.SubFactory(TeamFactory)
    role = "agent"
    started_on = HIRED
    contract_fte = 1.0


class ReskillingStepFactory(Imported):
    class Meta:
        model = staffing.ReskillingStep

    person = factory.Sequence(lambda n: 100 + n)
    from_role = "agent"
    to_role = "conversation designer"
    stage = staffing.ReskillingStep.Stage.ENROLLED
    on = MOMENT.date()


class Signed(DjangoModelFactory):
    """What somebody stands for."""

    class Meta:
        abstract = True

    signed_by = "A. Okafor"
    signed_on = date(2026, 1, 5)


class BaselineFactory(Signed):
    class Meta:
        model = staffing.Baseline

    go_live = date(2025, 9, 29)
    first_day = date(2025, 6, 30)


class StaffingAssumptionFactory(Signed):
    class Meta:
        model = staffing.StaffingAssumption

    valid_from = HIRED


class CostFactory(Signed):
    class Meta:
        model = staffing.Cost

    kind = staffing.Cost.Kind.LOADED_FTE
    valid_from = HIRED
    amount = 48_000


def staffed_team(name: str, *, people: int, site: kpi.Site) -> kpi.Team:
    """A team of the cast with that many people employed since HIRED."""
    team = TeamFactory(code=name.lower(), name=name, site=site)
    EmploymentFactory.create_batch(people, team=team, run__source=DataSourceFactory(key="staff", format="employment_csv"))
    return team
