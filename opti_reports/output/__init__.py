"""The month's folder: figures as CSV, built beside the old one and swapped in whole."""
