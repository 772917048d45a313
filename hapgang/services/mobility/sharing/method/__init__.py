"""The science of sharing: pure functions over arrays and frozen records."""
