"""The global gate: which values may be shown. Everything after it sees only what is published."""
