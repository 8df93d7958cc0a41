"""The way back from meetings: tables filled in by hand, read, placed, and set beside what is known."""
