"""What follows from the configs alone: what metrics rest on, formulas in words, which unit a code means."""
