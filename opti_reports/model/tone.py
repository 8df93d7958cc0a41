"""How a figure stands, as a colour and an icon show it."""

from __future__ import annotations

Tone = str
"""``good``, ``watch``, ``off`` (against an agreed target), ``neutral`` or ``none`` (no data)."""
