"""Records and what the administrators keep, one file per theme."""

from kpi.models.accounts import FirstPassword, RecoveryCode, SecondFactor
from kpi.models.actions import Action
from kpi.models.alert import Alert, AlertChange
from kpi.models.export import Export
from kpi.models.holiday import Holiday
from kpi.models.imports import DataSource, ImportRun, RejectedRow
from kpi.models.initiatives import Initiative, Limits, LimitsClosed
from kpi.models.intake import ImportRequest, ImportToken, SenderUse
from kpi.models.interaction import Interaction
from kpi.models.looked import WellbeingSeen
from kpi.models.mail import Sending, Subscription
from kpi.models.mapping import SourceMapping
from kpi.models.night import Night, NightStep, TimetableEntry
from kpi.models.opened import ListOpened
from kpi.models.organisation import Annotation, Channel, Intent, Membership, Queue, Site, Team
from kpi.models.plans import Target
from kpi.models.policy import IntentPolicy
from kpi.models.published import Publication, PublishedValue, PublishedWeek
from kpi.models.pulls import Connection
from kpi.models.release import ReleasedSet
from kpi.models.reporting import ReportingGroup
from kpi.models.rollup import Cell, DueDay, DueKey, Rollup, Slice, Slot, StratumRow
from kpi.models.saved import SavedView
from kpi.models.survey import CustomerAnswer, Invitation, QualityReview
from kpi.models.totals import VendorTotal

__all__ = [
    "Action", "Alert", "AlertChange", "Annotation", "Cell", "Channel", "Connection", "CustomerAnswer", "DataSource", "DueDay",
    "DueKey", "Export", "FirstPassword", "Holiday", "ImportRequest", "ImportRun", "ImportToken", "Initiative", "Intent", "IntentPolicy",
    "Interaction", "Invitation", "Limits", "LimitsClosed", "ListOpened", "Membership", "Night", "NightStep", "Publication",
    "PublishedValue", "PublishedWeek", "QualityReview", "Queue", "RecoveryCode", "RejectedRow", "ReleasedSet", "ReportingGroup", "Rollup",
    "SavedView", "SecondFactor", "SenderUse", "Sending", "Site", "Slice", "Slot", "SourceMapping", "StratumRow", "Subscription",
    "Target", "Team", "TimetableEntry", "VendorTotal", "WellbeingSeen",
]  # fmt: skip
