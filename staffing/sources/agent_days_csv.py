"""Agent days in our own layout: one row, one person's working day, in seconds. Kept only until the team totals are final."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.source import Column, Source

LONGEST_DAY_S = 25 * 3600.0  # the day the clocks go back

SOURCE = Source(
    key="agent_days_csv",
    label=_("Agent days (CSV)"),
    stores="staffing.AgentDay",
    identity=("day", "agent"),
    columns=(
        Column("day", "day", cells.day, required=True),
        Column("agent_id", "agent", cells.pseudonym, required=True, person=True),
        Column("team", "team", cells.text(120), required=True),
        Column("paid_s", "paid_s", cells.seconds(LONGEST_DAY_S), required=True),
        Column("on_queue_s", "on_queue_s", cells.seconds(LONGEST_DAY_S)),
        Column("handling_s", "handling_s", cells.seconds(LONGEST_DAY_S)),
        Column("waiting_s", "waiting_s", cells.seconds(LONGEST_DAY_S)),
        Column("pause_s", "pause_s", cells.seconds(LONGEST_DAY_S)),
        Column("recovery_pause_s", "recovery_pause_s", cells.seconds(LONGEST_DAY_S)),
        Column("recovery_due", "recovery_due", cells.count),
        Column("recovery_taken", "recovery_taken", cells.count),
        Column("training_s", "training_s", cells.seconds(LONGEST_DAY_S)),
        Column("after_hours_s", "after_hours_s", cells.seconds(LONGEST_DAY_S)),
        Column("sick_s", "sick_s", cells.seconds(LONGEST_DAY_S)),
        Column("scheduled_s", "scheduled_s", cells.seconds(LONGEST_DAY_S)),
        Column("short_notice_changes", "short_notice_changes", cells.count),
        Column("shifts", "shifts", cells.count),
        Column("prompts_shown", "prompts_shown", cells.count),
        Column("can_disable_prompts", "can_disable_prompts", cells.boolean),
        Column("high_emotion_runs", "high_emotion_runs", cells.count),
    ),
)
