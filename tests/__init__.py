"""The tests mirror the rooms of opti_reports."""
