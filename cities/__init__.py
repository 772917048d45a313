"""Bundled cities: each folder is one city, made from public facts by its own generator."""
