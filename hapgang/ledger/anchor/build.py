"""Compile the contract: `python -m hapgang.ledger.anchor.build` writes Anchor.json.

Needs vyper, of the development tools. A test compiles again and compares byte for byte.
"""

import json
from hashlib import sha256
from importlib import import_module
from pathlib import Path

SOURCE = Path(__file__).with_name("Anchor.vy")
ARTEFACT = SOURCE.with_suffix(".json")
_FORMS = ("abi", "bytecode", "bytecode_runtime", "method_identifiers", "layout")


def compiled() -> str:
    """Return the artefact's text."""
    vyper = import_module("vyper")  # a development tool: the city runs without it
    source = SOURCE.read_text("utf-8")
    made = import_module("vyper.compiler").compile_code(source, output_formats=_FORMS)
    methods = made["method_identifiers"].items()
    slots = made["layout"]["storage_layout"].items()
    artefact = {
        "contract": "Anchor",
        "compiler": f"vyper {vyper.__version__}",
        "evm_version": "london",
        "source_sha256": sha256(source.encode()).hexdigest(),
        "methods": {name: f"0x{int(selector, 16):08x}" for name, selector in methods},
        "slots": {name: where["slot"] for name, where in slots if name != "$.nonreentrant_key"},
        "bytecode": made["bytecode"],
        "runtime": made["bytecode_runtime"],
        "abi": made["abi"],
    }
    return json.dumps(artefact, indent=1) + "\n"


if __name__ == "__main__":
    ARTEFACT.write_text(compiled(), "utf-8")
    print(f"{ARTEFACT.name}: {len(ARTEFACT.read_bytes())} bytes")
