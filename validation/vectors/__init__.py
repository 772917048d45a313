"""What standards publish to be checked against: read by the validation and by the tests."""
