"""Words that more than one service needs, one module for each domain."""
