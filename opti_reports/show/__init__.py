"""Results as text for a person at a terminal, and as JSON for other programs."""
