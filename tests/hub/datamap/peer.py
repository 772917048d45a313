"""What others make of our linked data: rdflib reads it, pySHACL checks it by DCAT-AP's shapes."""

import os
import warnings
from pathlib import Path

import pyshacl
import pytest
import rdflib

DATA = Path(os.environ.get("HAPGANG_DATA", Path(__file__).parents[4] / "shared/data"))
SHAPES = DATA / "dcat-ap/3.0.1/html/shacl"
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")


def read(data: bytes, form: str) -> rdflib.Graph:
    """The statements of a document."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # rdflib's reader uses its own old names
        return rdflib.Graph().parse(data=data, format=form)


def violations(graph: rdflib.Graph, name: str) -> list[str]:
    """What the shapes of a file say against a graph; recommendations aside."""
    if not SHAPES.is_dir():
        pytest.skip(f"no shapes of DCAT-AP in {SHAPES}; set HAPGANG_DATA")
    shapes = rdflib.Graph().parse(SHAPES / name)
    shapes.remove((None, rdflib.OWL.imports, None))
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, advanced=True)
    assert isinstance(report, rdflib.Graph)
    return [
        f"{report.value(one, SH.focusNode)} {report.value(one, SH.resultPath)}"
        for one in report.subjects(rdflib.RDF.type, SH.ValidationResult)
        if report.value(one, SH.resultSeverity) == SH.Violation
    ]
