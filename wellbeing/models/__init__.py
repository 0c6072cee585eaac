"""What agents answered, by wave and team; and the built-in survey through which they answer."""

from wellbeing.models.answers import Wave, WellbeingAnswer
from wellbeing.models.pulse import Asked, Parcel, Pulse, PulseCode, SealedAnswer

__all__ = ["Asked", "Parcel", "Pulse", "PulseCode", "SealedAnswer", "Wave", "WellbeingAnswer"]
