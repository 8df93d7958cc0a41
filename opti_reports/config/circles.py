"""Names that come back to themselves by what they stand under."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def circles(above: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Yield each circle once, from its first name back to it; ``above`` is what each name is under."""
    for start in above:
        path = [start]
        while (following := above.get(path[-1])) and following not in path:
            path.append(following)
        if following == start == min(path):
            yield (*path, start)
