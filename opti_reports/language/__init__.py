"""Wording and formats of a language: phrases by key, numbers, dates and months as its readers write them."""
