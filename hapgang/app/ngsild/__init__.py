"""NGSI-LD over HTTP (ETSI GS CIM 009 V1.9.1, clause 6): one module for each family of resources.

`request` reads what a client says, `answers` writes what it is told, `problems` names errors;
`endpoints` puts the families together.
"""

from hapgang.app.ngsild.endpoints import ngsild_endpoints
from hapgang.app.ngsild.problems import ngsild_problem

__all__ = ["ngsild_endpoints", "ngsild_problem"]
