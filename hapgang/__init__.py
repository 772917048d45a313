"""Hapgang (합강, "where two rivers join"): an open city operating system that can rehearse."""

__version__ = "0.1.0"
