"""The ledger: who owes whom what, in double entry, inside the same unit as everything else."""
