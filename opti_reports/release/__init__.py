"""A month signed off, and a signed month made again to prove it."""
