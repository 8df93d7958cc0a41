"""Published values to findings: status against targets, what deviates and since when; codes, no sentences."""
