"""The stages of a month with their edges: each takes what is kept, works, and hands on one typed result."""
