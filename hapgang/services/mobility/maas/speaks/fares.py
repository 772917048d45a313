"""TOMP fares ↔ price plans. Pure."""

import math
from typing import Any

from hapgang.core.errors import Invalid
from hapgang.core.vocabulary.mobility import Pricing
from hapgang.services.mobility.maas.speaks.words import Fare, FarePart

CURRENCY = "KRW"
_MINUTES = {"SECOND": 1 / 60, "MINUTE": 1.0, "HOUR": 60.0}


def pricing_of(fare: Fare) -> Pricing:
    """Return the plan that a fare describes; `Invalid` where it is one that we do not know.

    Known: fixed parts, discounts and surges; one price for time, from some minutes on; one for
    distance; a maximum. A part without a currency is taken to be in won.
    """
    fixed = per_min = per_km = included_min = 0.0
    most: float | None = None
    for part in fare.parts:
        if part.currency_code not in (None, CURRENCY):
            raise Invalid(f"a fare in {part.currency_code} cannot be paid here; only won", None)
        if part.type == "MAX":
            most = part.amount if most is None else min(most, part.amount)
        elif part.type == "FIXED":
            fixed += part.amount
        elif part.unit_type == "KM" and part.scale_from is None and part.scale_to is None:
            per_km += part.amount / (part.units or 1.0)
        elif part.unit_type in _MINUTES and part.scale_to is None and not (per_min and part.amount):
            per_min = part.amount / (part.units or 1.0) / _MINUTES[part.unit_type]
            included_min = _included_min(part)
        else:
            raise Invalid(f"a fare by {part.unit_type} in steps is not understood here", None)
    if min(fixed, per_min, per_km, 0.0 if most is None else most) < 0:
        raise Invalid("a fare is below zero", None)
    return Pricing(
        fixed_won=math.ceil(fixed), included_min=included_min, per_min_won=per_min,
        per_km_won=per_km, most_won=None if most is None else math.ceil(most),
    )  # fmt: skip


def fare_of(plan: Pricing) -> dict[str, Any]:
    """Return the document of a plan."""
    parts: list[dict[str, Any]] = [_part("FIXED", plan.fixed_won)]
    if plan.per_min_won:
        scale = {"scaleFrom": plan.included_min, "scaleType": "MINUTE"} if plan.included_min else {}
        parts.append({**_part("FLEX", plan.per_min_won), "unitType": "MINUTE", "units": 1, **scale})
    if plan.per_km_won:
        parts.append({**_part("FLEX", plan.per_km_won), "unitType": "KM", "units": 1})
    if plan.most_won is not None:
        parts.append(_part("MAX", plan.most_won))
    return {"estimated": len(parts) > 1, "parts": parts}


def paid(amount_won: int) -> dict[str, Any]:
    """Return the document of a fare that is certain."""
    return {"estimated": False, "parts": [_part("FIXED", amount_won)]}


def _part(kind: str, amount: float) -> dict[str, Any]:
    return {"type": kind, "amount": amount, "currencyCode": CURRENCY}


def _included_min(part: FarePart) -> float:
    if part.scale_from is None:
        return 0.0
    if part.scale_type not in ("MINUTE", "HOUR"):
        raise Invalid(f"a fare from a number of {part.scale_type} on is not understood here", None)
    return part.scale_from * _MINUTES[part.scale_type]
