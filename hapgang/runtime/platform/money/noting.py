"""What is written down of the currency so that it can be measured."""

from hapgang.core.ids import urn
from hapgang.core.vocabulary.money import Shop
from hapgang.core.vocabulary.purchases import CurrencyCounted, ProofsChecked, PurchaseMade
from hapgang.ledger.currency.fees import in_two_digits
from hapgang.ledger.till import account_id
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.people import TREASURY

_SERVICE = urn("Service", "platform")
_MOST_OUTSIDE = 1_000


def note_purchase(city: CityOf, *, purchase: PurchaseMade) -> None:
    """Write down that somebody has bought something, or could not."""
    city.hub.emit(purchase)


def note_proofs(city: CityOf, *, checked: int, failed: int = 0) -> None:
    """Write down how many facts of the log were proven to those who asked."""
    city.hub.emit(ProofsChecked(entity=_SERVICE, checked=checked, failed=failed))


def note_audit(city: CityOf, *, transfer: str) -> None:
    """Write down that the caller has seen a payment of people's, whom it names."""
    row = city.runtime.book.find(transfer)
    for account in () if row is None else (row.debit, row.credit):
        owner = city.runtime.book.account(account).owner
        if owner.startswith("urn:ngsi-ld:Person:"):
            city.hub.log_read(owner, "audit", "transfer")


def count_currency(city: CityOf) -> None:
    """Write down how much of the currency there is: what the treasury owes to all others."""
    treasury = city.runtime.book.find_account(account_id(TREASURY))
    if treasury is None or treasury.balance_won == 0:
        return
    views = (record.view for record in city.runtime.state.of_type(Shop.__name__))
    outside = [
        view.id
        for view in views
        if isinstance(view, Shop) and view.state == "open" and not view.is_local
    ]
    named = tuple(sorted(outside)) if len(outside) <= _MOST_OUTSIDE else None
    circulating_won = in_two_digits(-treasury.balance_won)
    counted = CurrencyCounted(entity=_SERVICE, circulating_won=circulating_won, outside=named)
    city.hub.emit(counted)
