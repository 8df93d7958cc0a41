"""What numbers are made of: typed expressions over rows, the calendar, terms, and the adding of facts."""
