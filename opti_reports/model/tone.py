"""How a figure stands, as a colour and an icon show it."""

from __future__ import annotations

Tone = str
"""Of a figure against its target: ``good``, ``watch``, ``off``; ``neutral`` without one, ``none`` not judged.

Of anything else, which has marks of its own: ``right``, ``warn``, ``wrong``, ``info``.
"""
