"""One factory per model, valid by default: `InteractionFactory(team=lark, resolved=True)`."""

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection
from factory.django import DjangoModelFactory

from tests.factories.accounts import FirstPasswordFactory, RecoveryCodeFactory, SecondFactorFactory
from tests.factories.mails import (
    AlertChangeFactory,
    AlertFactory,
    NightFactory,
    NightStepFactory,
    SendingFactory,
    SubscriptionFactory,
    TimetableEntryFactory,
    VendorTotalFactory,
)
from tests.factories.organisation import (
    MOMENT,
    AnnotationFactory,
    ChannelFactory,
    ConnectionFactory,
    DataSourceFactory,
    ExportFactory,
    HolidayFactory,
    ImportRequestFactory,
    ImportRunFactory,
    ImportTokenFactory,
    IntentFactory,
    IntentPolicyFactory,
    ListOpenedFactory,
    MembershipFactory,
    QueueFactory,
    RejectedRowFactory,
    ReportingGroupFactory,
    SenderUseFactory,
    SiteFactory,
    SourceMappingFactory,
    TeamFactory,
    UserFactory,
    WellbeingSeenFactory,
)
from tests.factories.people import (
    HIRED,
    AgentDayFactory,
    BaselineFactory,
    CostFactory,
    EmploymentFactory,
    ReskillingStepFactory,
    StaffingAssumptionFactory,
    WaveFactory,
    WellbeingAnswerFactory,
    staffed_team,
)
from tests.factories.plans import ActionFactory, InitiativeFactory, LimitsClosedFactory, LimitsFactory, SavedViewFactory, TargetFactory
from tests.factories.published import PublicationFactory, PublishedValueFactory, PublishedWeekFactory, ReleasedSetFactory
from tests.factories.pulse import AskedFactory, ParcelFactory, PulseCodeFactory, PulseFactory, SealedAnswerFactory
from tests.factories.records import (
    CellFactory,
    CustomerAnswerFactory,
    DueDayFactory,
    DueKeyFactory,
    Imported,
    InteractionFactory,
    InvitationFactory,
    QualityReviewFactory,
    RollupFactory,
    SliceFactory,
    SlotFactory,
    StratumRowFactory,
    contacts,
)


def count_anew() -> None:
    """Ids and numbers of new rows begin at one again, while the tables are empty: what grew for long may look like a planted figure."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)
    for item in list(globals().values()):
        if isinstance(item, type) and issubclass(item, DjangoModelFactory) and item._meta.model is not None:
            item.reset_sequence(0, force=True)


__all__ = [
    "HIRED",
    "MOMENT",
    "ActionFactory",
    "AgentDayFactory",
    "AlertChangeFactory",
    "AlertFactory",
    "AnnotationFactory",
    "AskedFactory",
    "BaselineFactory",
    "CellFactory",
    "ChannelFactory",
    "ConnectionFactory",
    "CostFactory",
    "CustomerAnswerFactory",
    "DataSourceFactory",
    "DueDayFactory",
    "DueKeyFactory",
    "EmploymentFactory",
    "ExportFactory",
    "FirstPasswordFactory",
    "HolidayFactory",
    "ImportRequestFactory",
    "ImportRunFactory",
    "ImportTokenFactory",
    "Imported",
    "InitiativeFactory",
    "IntentFactory",
    "IntentPolicyFactory",
    "InteractionFactory",
    "InvitationFactory",
    "LimitsClosedFactory",
    "LimitsFactory",
    "ListOpenedFactory",
    "MembershipFactory",
    "NightFactory",
    "NightStepFactory",
    "ParcelFactory",
    "PublicationFactory",
    "PublishedValueFactory",
    "PublishedWeekFactory",
    "PulseCodeFactory",
    "PulseFactory",
    "QualityReviewFactory",
    "QueueFactory",
    "RecoveryCodeFactory",
    "RejectedRowFactory",
    "ReleasedSetFactory",
    "ReportingGroupFactory",
    "ReskillingStepFactory",
    "RollupFactory",
    "SavedViewFactory",
    "SealedAnswerFactory",
    "SecondFactorFactory",
    "SenderUseFactory",
    "SendingFactory",
    "SiteFactory",
    "SliceFactory",
    "SlotFactory",
    "SourceMappingFactory",
    "StaffingAssumptionFactory",
    "StratumRowFactory",
    "SubscriptionFactory",
    "TargetFactory",
    "TeamFactory",
    "TimetableEntryFactory",
    "UserFactory",
    "VendorTotalFactory",
    "WaveFactory",
    "WellbeingAnswerFactory",
    "WellbeingSeenFactory",
    "contacts",
    "count_anew",
    "staffed_team",
]
