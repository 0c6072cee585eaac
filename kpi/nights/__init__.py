"""The night as steps that are rows: begun once, claimed by one worker at a time, taken up again where one died, never done twice."""

from kpi.nights.running import again, begin, by_hand, go_on, tick

__all__ = ["again", "begin", "by_hand", "go_on", "tick"]
