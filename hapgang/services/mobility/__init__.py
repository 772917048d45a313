"""Mobility "as if you owned a car, without owning one" (the white paper)."""
