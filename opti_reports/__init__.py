"""opti_reports: a month's extracts in, management packs out."""

__version__ = "1.0.0"
