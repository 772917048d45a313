"""Other context sources, as this process asks them: by HTTP, bounded, and only where allowed."""

from hapgang.app.sources.client import SourceAnswer, SourceClient, SourceFailed
from hapgang.app.sources.sources import Sources

__all__ = ["SourceAnswer", "SourceClient", "SourceFailed", "Sources"]
