"""Slides: markup read, split into slides by height, laid on the base file's layouts by name."""
