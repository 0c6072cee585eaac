"""The numbers of the small centre counted once more, from the CSV files alone, with pandas and plain loops."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

WEEK = pd.Timedelta(days=7)
TIMES = ("started_at", "ended_at", "human_requested_at", "human_reached_at")


def table(folder: Path, source: str) -> pd.DataFrame:
    """All files of a source in the order of arrival; of one id the last row counts."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    files = [pd.read_csv(folder / item["file"], dtype=str) for item in manifest if item["source"] == source]
    return pd.concat(files, ignore_index=True)


def contacts(folder: Path) -> pd.DataFrame:
    organisation = json.loads((folder / "organisation.json").read_text(encoding="utf-8"))
    found = table(folder, "telephony").drop_duplicates("external_id", keep="last").reset_index(drop=True)
    found["day"] = found["ended_at"].str[:10]  # local, as written
    for name in TIMES:
        found[name] = pd.to_datetime(found[name], utc=True)
    found["group"] = found["intent"].map({item["code"]: item["group"] for item in organisation["intents"]})
    found["site"] = found["team"].map({item["code"]: item["site"] for item in organisation["teams"]})
    for name in ("talk_s", "hold_s", "wrap_s", "concurrency"):
        found[name] = pd.to_numeric(found[name])
    found["handling"] = (found["talk_s"] + found["hold_s"] + found["wrap_s"]) / found["concurrency"].fillna(1)
    return found


def chained(frame: pd.DataFrame) -> pd.DataFrame:
    """`opener` and `returned` by comparing every contact of a customer and intent group with every other."""
    opener, returned = dict.fromkeys(frame.index, False), dict.fromkeys(frame.index, False)
    for _, chain in frame.dropna(subset=["customer_id"]).sort_values(["started_at", "external_id"]).groupby(["customer_id", "group"]):
        rows = list(zip(chain.index, chain["started_at"], chain["ended_at"], strict=True))
        for place, (index, opened, closed) in enumerate(rows):
            before = [end for _, _, end in rows[:place]]
            opener[index] = not any(end > opened or opened - WEEK <= end <= opened for end in before)
            returned[index] = any(closed < start <= closed + WEEK for _, start, _ in rows)
    return frame.assign(opener=pd.Series(opener), returned=pd.Series(returned))


def span_of(truth: dict[str, Any], name: str) -> tuple[str, str]:
    """First and last day, as text."""
    start = date.fromisoformat(truth["spans"][name]["first_day"])
    return start.isoformat(), (start + timedelta(weeks=truth["spans"][name]["weeks"]) - timedelta(days=1)).isoformat()


def survey(rows: pd.DataFrame, answers: pd.DataFrame, invitations: pd.DataFrame) -> dict[str, int]:
    """Contacts invited, those whose invitation arrived (an answer proves it), those who answered in time."""
    asked = invitations.merge(rows[["external_id", "ended_at"]], left_on="interaction_id", right_on="external_id")
    found = answers[answers["question"] == "csat"].merge(asked[["interaction_id", "ended_at"]], on="interaction_id")
    valid = set(found[pd.to_datetime(found["answered_at"], utc=True) <= found["ended_at"] + WEEK]["interaction_id"])
    arrived = (asked["delivered"] == "true") | asked["interaction_id"].isin(valid)
    return {"invited": len(asked), "delivered": int(arrived.sum()), "answered": len(valid)}


def csat(rows: pd.DataFrame, answers: pd.DataFrame) -> tuple[int, int]:
    """Satisfied and all contacts with an answer within seven days of closing, the last one counting."""
    found = answers[answers["question"] == "csat"].merge(
        rows[["external_id", "ended_at"]], left_on="interaction_id", right_on="external_id"
    )
    found["answered_at"] = pd.to_datetime(found["answered_at"], utc=True)
    found = (
        found[found["answered_at"] <= found["ended_at"] + WEEK].sort_values("answered_at").drop_duplicates("interaction_id", keep="last")
    )
    least = found["scale"].map({"likert5": 4, "scale0_10": 8, "smiley3": 3})
    return int((found["score"].astype(int) >= least).sum()), len(found)
