"""From packs to bytes: PDF and slides. Layout only; nothing here calculates a figure."""
