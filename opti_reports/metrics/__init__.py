"""Facts to values: terms, windows and formulas. Integers are added; division happens once, at the end."""
