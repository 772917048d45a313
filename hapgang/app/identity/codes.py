"""Codes that people type or print: letters that are not mistaken for one another.

Crockford's base 32: no I, L, O, U; whoever types one of them, or small letters, is understood.
"""

import secrets

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "-": "", " ": ""})


def draw_typed(groups: int) -> str:
    """Return a code of groups of four letters: 20 bits each, such as 7K3Q-0VXM-H2PD."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(groups))


def canonical(code: str) -> str:
    """Return a code as it was drawn, however it was typed, without what divides it."""
    return code.upper().translate(_MISREAD)
