"""Random rows in random deliveries of the workspace ``tiny``, and what they come to, computed row by row."""
