"""The local currency's rules as plain functions: nothing here knows a hub or a city."""
