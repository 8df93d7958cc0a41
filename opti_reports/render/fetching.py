"""What a document may load while it is being laid out: files of the template bundle, nothing else."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from weasyprint.urls import URLFetcher, URLFetcherResponse

from opti_reports.errors import PackError


class BundleFetcher(URLFetcher):  # type: ignore[misc]
    """Serves ``file:`` addresses inside ``folder``; remembers each address it refuses.

    WeasyPrint (and its SVG reader more so) swallows the refusal, so the caller must read ``denied``.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(allowed_protocols=("file",), allow_redirects=False)
        self.folder = folder.resolve()
        self.denied: list[str] = []

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002
        """Return the file at ``url``.

        Raises ValueError, and notes the address, for anything outside the bundle.
        """
        parts = urlsplit(url)
        path = Path(unquote(parts.path)).resolve()
        inside = (
            parts.scheme == "file"
            and not parts.netloc
            and path.is_relative_to(self.folder)
            and path.is_file()
        )
        if not inside:
            self.denied.append(url)
            raise ValueError(f"not in the template bundle: {url}")
        kind = guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def nothing_amiss(pack_name: str, fetcher: BundleFetcher) -> Iterator[None]:
    """Fails the pack if, inside, an address was refused or WeasyPrint logged a warning.

    Raises PackError naming the first addresses and messages.
    """
    logger, collector = logging.getLogger("weasyprint"), _Collector()
    logger.addHandler(collector)
    try:
        yield
    finally:
        logger.removeHandler(collector)
    if fetcher.denied:
        raise PackError("render.outside", pack_name, places=tuple(sorted(set(fetcher.denied))[:3]))
    if collector.messages:
        raise PackError("render.layout", pack_name, warnings=tuple(collector.messages[:3]))
