"""Rows to facts: derived names, links between rows, counts by unit, month and key, and lists of rows."""
