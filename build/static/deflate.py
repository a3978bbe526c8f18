"""Deflate as tightly as can be had: what lies packed in a static binary is packed once and unpacked at many starts.

zopfli's answers are what zlib's best level gives, less three to four per cent: 25 KB of a binary.
"""

from __future__ import annotations

import sys
import zlib

import sources

ITERATIONS = 5  # 15 take three times as long, and are 150 bytes less in a thousand KB


def deflated(data: bytes, *, raw: bool = False) -> bytes:
    """In zlib's format; raw without its head and checksum. By zlib itself on machines that zopfli is not built for."""
    try:
        tightest = zopfli().compress(data, numiterations=ITERATIONS)
    except (ImportError, sources.FetchError) as error:
        print(f"packed by zlib, some 25 KB more: {error}", file=sys.stderr)
        tightest = zlib.compress(data, 9)
    return tightest[2:-4] if raw else tightest


def zopfli():
    """The module that the wheel holds, which is unpacked in the cache and not installed."""
    folder = str(sources.unpack("zopfli"))
    if folder not in sys.path:
        sys.path.append(folder)
    import zopfli.zlib

    return zopfli.zlib
