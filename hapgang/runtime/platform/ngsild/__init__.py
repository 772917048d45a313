"""NGSI-LD's operations as actions, and the table of its paths."""

from hapgang.runtime.platform.ngsild.routes import NGSI_LD, NGSI_LD_ROUTES

__all__ = ["NGSI_LD", "NGSI_LD_ROUTES"]
