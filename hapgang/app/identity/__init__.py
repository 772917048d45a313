"""Doors of identity that draw secrets or speak a standard: signing in, codes, credentials."""
