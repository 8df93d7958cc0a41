"""Packs: everything known of a month, as the ordered blocks of one document in one language."""
