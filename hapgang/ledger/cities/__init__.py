"""What one city may believe of another: proofs from its log, agreements that both signed.

`proving.py` checks receipts and that a log was not forked, `terms.py` is the agreement on each
other's currency, `slips.py` what a traveller takes along, `netting.py` what is owed between two.
All pure; what becomes of it is in `runtime/platform/cities`.
"""
