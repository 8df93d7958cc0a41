"""The steps of mailing a released month."""
