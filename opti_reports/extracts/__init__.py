"""Files of a delivery to typed rows and rejects: every row is used, rejected with a reason, or outside."""
