"""Gzip, bzip2, xz, zstd and UTF-16, told by their first bytes and unpacked piece by piece."""

import bz2
import codecs
import lzma
import zlib
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Protocol

from logsleuth.records import dataclass

igzip: Any
"""Python's own zlib gives the same bytes at 0.4 times the speed, and up to a few more where a file is cut."""
try:
    from isal import igzip_lib as igzip
except ImportError:
    igzip = None
_HAS_ZSTD = find_spec("zstandard") is not None
"""To import it takes longer than all of `sources`: that waits for a file that needs it."""

_XZ_MEMORY = 256 << 20
"""`xz -9` asks for 65 MiB; only a made-up header asks for more than this."""

_ZSTD_FEED = 1 << 10
"""Four bytes can stand for a block of 128 KiB, and zstandard returns all at once: so at most 32 MiB."""


class Decompressor(Protocol):
    """One member: the interface of bz2.BZ2Decompressor, which the others share or are fitted to."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Packing:
    """One way to pack a file."""

    name: str
    magics: tuple[bytes, ...]
    """A member begins with one of these."""
    new: Callable[[], Decompressor] | None
    """Makes a fresh decompressor for each member; None if the library for it is not installed."""
    checks_late: bool = False
    """It hands out a block before it has checked the block's sum: the next call complains."""

    def begins(self, rest: bytes) -> bool:
        """A member, or the little that is left of its magic bytes."""
        return any(magic.startswith(rest[: len(magic)]) for magic in self.magics)


@dataclass(slots=True)
class _Zlib:
    """zlib keeps what it did not consume outside of itself."""

    inner: Any
    rest: bytes = b""
    full: bool = False
    """The last call stopped at its limit, so there may be more without new input."""

    @property
    def eof(self) -> bool:
        return bool(self.inner.eof)

    @property
    def unused_data(self) -> bytes:
        return bytes(self.inner.unused_data)

    @property
    def needs_input(self) -> bool:
        return not (self.rest or self.full or self.eof)

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        unpacked: bytes = self.inner.decompress(self.rest + data, max_length)
        self.rest = self.inner.unconsumed_tail
        self.full = len(unpacked) >= max_length
        return unpacked


@dataclass(slots=True)
class _Zstd:
    """zstandard knows no limit for its output, so it is fed in small spoons."""

    inner: Any
    damage: type[Exception]
    """What it raises for a damaged stream."""
    rest: bytes = b""

    @property
    def eof(self) -> bool:
        return bool(self.inner.eof)

    @property
    def unused_data(self) -> bytes:
        return bytes(self.inner.unused_data) + self.rest

    @property
    def needs_input(self) -> bool:
        return not self.rest and not self.eof

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        fed, at, unpacked, length = self.rest + data, 0, [], 0
        while at < len(fed) and length < max_length and not self.inner.eof:
            try:
                unpacked.append(self.inner.decompress(fed[at : at + _ZSTD_FEED]))
            except self.damage as error:
                raise zlib.error(str(error)) from error
            length += len(unpacked[-1])
            at += _ZSTD_FEED
        self.rest = fed[at:]
        return b"".join(unpacked)


@dataclass(slots=True)
class _Wide:
    """UTF-16 with a byte order mark, as UTF-8; what is no character becomes a replacement mark."""

    inner: codecs.IncrementalDecoder
    rest: bytes = b""
    eof: bool = False
    unused_data: bytes = b""
    open_ended: bool = True
    """It ends where the file ends."""

    @property
    def needs_input(self) -> bool:
        return not self.rest

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        text = self.rest + self.inner.decode(data).encode("utf-8", "replace")
        self.rest = text[max_length:]
        return text[:max_length]


def _gzip() -> Decompressor:
    if igzip is None:
        return _Zlib(zlib.decompressobj(wbits=16 + zlib.MAX_WBITS))
    unpacker: Decompressor = igzip.IgzipDecompressor(flag=igzip.DECOMP_GZIP)
    return unpacker


def _deflate() -> Decompressor:
    return _Zlib(zlib.decompressobj(wbits=-zlib.MAX_WBITS))


def _wide() -> Decompressor:
    return _Wide(codecs.getincrementaldecoder("utf-16")("replace"))


def _xz() -> Decompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)


def _zstd() -> Decompressor:
    import zstandard

    return _Zstd(zstandard.ZstdDecompressor().decompressobj(), zstandard.ZstdError)


_SKIPPABLE = tuple(bytes([0x50 + i]) + b"\x2a\x4d\x18" for i in range(16))
"""Frames without text, as pzstd writes them between the others."""

PACKINGS = (
    Packing("gzip", (b"\x1f\x8b\x08",), _gzip),
    Packing("bzip2", (b"BZh",), bz2.BZ2Decompressor, checks_late=True),
    Packing("xz", (b"\xfd7zXZ\x00",), _xz),
    Packing("utf-16", (b"\xff\xfe", b"\xfe\xff"), _wide),
    Packing("zstd", (b"\x28\xb5\x2f\xfd", *_SKIPPABLE), _zstd if _HAS_ZSTD else None),
)
LONGEST_MAGIC = max(len(magic) for packing in PACKINGS for magic in packing.magics)
_DEFLATE = Packing("deflate", (), _deflate)
"""As zip packs its members: without a magic, so never detected."""
BY_NAME = {packing.name: packing for packing in (*PACKINGS, _DEFLATE)}

DAMAGE: tuple[type[Exception], ...] = (
    OSError,  # bz2's word for a damaged stream; none of these calls reads a file
    EOFError,
    lzma.LZMAError,
    zlib.error,  # ours too, for zstandard's
    *((igzip.error,) if igzip else ()),
)

# A block of text, or the end of a stream without any: "BZh" alone may begin a line of a log.
_BZIP2_STARTS = (b"1AY&SY", b"\x17rE8P\x90")


def detect(first: bytes) -> Packing | None:
    """How a file with these first bytes is packed; None if it is not, or in a way that is not known."""
    for packing in PACKINGS:
        if first.startswith(packing.magics):
            sure = packing.name != "bzip2" or first[4:10].startswith(_BZIP2_STARTS)
            # UTF-32 begins alike.
            sure &= packing.name != "utf-16" or b"\0\0" not in first[:4]
            return packing if sure else None
    return None
