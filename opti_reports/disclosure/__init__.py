"""The global gate: which values may be shown. Everything after it sees only the masked result."""
