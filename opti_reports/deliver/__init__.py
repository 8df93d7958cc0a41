"""What leaves the house: the month's files."""
