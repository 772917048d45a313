"""Roots of the log on an EVM chain: the contract, an EVM in process, any node by JSON-RPC.

`Anchor.vy` is the contract and `Anchor.json` what is made of it; `chain.py` what anchoring needs of
a chain; `evm.py` (over `machine.py` and `blocks.py`) and `rpc.py` (over `sender.py` and `node.py`)
are two such chains; `anchoring.py` brings checkpoints there, `witness.py` signs them.
"""
