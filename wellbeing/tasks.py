"""What Celery calls for the built-in survey."""

from __future__ import annotations

from celery import shared_task

from wellbeing.pulse import closing, response


@shared_task
def pulse() -> int:
    """Close what is over, then look once a day at how many answered."""
    closed = closing.close_due()
    response.look()
    return closed
