"""The resident services, by domain. A service never imports another."""
