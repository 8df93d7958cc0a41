"""Real files to configs: what a file is, what it says that no config knows yet, and where that is written."""
