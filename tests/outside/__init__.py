"""What comes from outside: extracts that are broken, odd, or as people and systems truly send them."""
