"""Roots of the log on an EVM chain: the contract, an EVM in process, any node by JSON-RPC.

`Anchor.vy` is the contract and `Anchor.json` what is made of it; `chain.py` what anchoring needs of
a chain, `evm.py` and `rpc.py` two such chains, `anchoring.py` what brings checkpoints there.
"""
