"""Codes that are typed or come in a link. Pure.

Letters and digits that cannot be mixed up (no I, L, O, U; whoever types them is understood), and a last character by which a slip of
the finger is noticed before the database is asked: any one wrong character, and any two neighbours swapped.
"""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS = 5  # of each character
PRINTED, LINK = 11, 19  # random characters: 55 bits to type, 95 bits in a link
LENGTHS = (PRINTED + 1, LINK + 1)
GROUP = 4
LONGEST = 300  # nobody types more
MEANT = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
MODULUS = 0b100101  # x^5 + x^2 + 1: its powers of x are 31 different weights


def make(length: int) -> str:
    """A new code of so many random characters and its check character."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return drawn + ALPHABET[_times_x(_remainder(drawn))]


def written(code: str) -> str:
    """In groups of four, as people read them."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read(text: str) -> str | None:
    """The code somebody typed, or pasted with its link; None where it cannot be one."""
    typed = text[:LONGEST].rpartition("#")[2].upper().translate(MEANT)
    code = "".join(letter for letter in typed if not (letter.isspace() or letter in "-–—._"))
    if len(code) not in LENGTHS or any(letter not in ALPHABET for letter in code):
        return None
    return code if _remainder(code) == 0 else None


def _remainder(code: str) -> int:
    rest = 0
    for letter in code:
        rest = _times_x(rest) ^ ALPHABET.index(letter)
    return rest


def _times_x(value: int) -> int:
    """In the field of 32 elements."""
    doubled = value << 1
    return doubled ^ MODULUS if doubled >> BITS else doubled
