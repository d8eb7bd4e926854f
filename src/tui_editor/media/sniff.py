"""What a file is, by its first bytes and, where these say nothing, by its extension."""

from __future__ import annotations

from tui_editor.model.frames import UnitKind

HEAD_BYTES = 400
"""Enough for every signature here; a transport stream needs its second packet."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


IMAGE_SUFFIXES = _words(
    ".jpg .jpeg .jpe .jfif .png .apng .gif .webp .bmp .dib .tif .tiff .avif .heic .heif .hif .ppm .pgm .pbm .pnm "
    ".jp2 .j2k .tga .ico .pcx .sgi .qoi"
)
VIDEO_SUFFIXES = _words(
    ".mp4 .m4v .mov .qt .mkv .webm .avi .ts .m2ts .mts .mpg .mpeg .m2v .wmv .asf .flv .ogv .3gp .3g2 .h264 .264 .hevc "
    ".h265 .265 .mxf .ivf .y4m .mjpeg .mjpg .vob .obu"
)
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
_TS_PACKETS = (188, 192, 204)
_PREFIXES = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
    (b"\x00\x00\x00\x0cjP  ", "jp2"),
    (b"qoif", "qoi"),
    (b"\x1aE\xdf\xa3", "matroska"),
    (b"OggS", "ogg"),
    (b"FLV\x01", "flv"),
    (b"0&\xb2u\x8ef\xcf\x11", "asf"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"\x00\x00\x01\xb3", "mpeg"),
    (b"DKIF", "ivf"),
    (b"YUV4MPEG2", "y4m"),
)
STILL_TYPES = frozenset({"jpeg", "png", "gif", "bmp", "tiff", "jp2", "qoi", "webp", "avif", "heif"})
_VIDEO_TYPES = frozenset({"matroska", "ogg", "flv", "asf", "mpeg", "ivf", "y4m", "mp4", "avi", "mpegts"})


def file_type(head: bytes) -> str:
    """Return a short name of what the first bytes are (`jpeg`, `png`, `mp4`, …), empty when they say nothing."""
    for prefix, name in _PREFIXES:
        if head.startswith(prefix):
            return name
    if head[:4] == b"RIFF":
        return {b"WEBP": "webp", b"AVI ": "avi"}.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return "avif" if brand in (b"avif", b"avis") else "heif" if brand in _HEIF_BRANDS else "mp4"
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip"):
        return "mp4"
    return "mpegts" if _is_transport_stream(head) else ""


def _is_transport_stream(head: bytes) -> bool:
    for packet in _TS_PACKETS:
        start = packet - 188 if packet == 192 else 0
        if len(head) > start + packet and head[start] == head[start + packet] == 0x47:
            return True
    return False


def unit_kind(head: bytes, suffix: str) -> UnitKind | None:
    """Return whether a file is an image or a video, None when neither is likely.

    Args:
        head: Its first bytes (`HEAD_BYTES`).
        suffix: Its extension with the dot.
    """
    name = file_type(head)
    if name:
        return UnitKind.VIDEO if name in _VIDEO_TYPES else UnitKind.IMAGE
    return kind_of_suffix(suffix)


def kind_of_suffix(suffix: str) -> UnitKind | None:
    """Return whether a file of this extension (with the dot, any case) should be an image or a video."""
    lower = suffix.lower()
    if lower in IMAGE_SUFFIXES:
        return UnitKind.IMAGE
    return UnitKind.VIDEO if lower in VIDEO_SUFFIXES else None
