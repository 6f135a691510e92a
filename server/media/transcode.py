"""Turning recordings with FFmpeg (PyAV); runs only inside the limited process of `recordings`.

What every client plays is kept as it is, in a fresh container without metadata (a phone's video
tells where it was made); the rest becomes H.264 and AAC, or MP3.
"""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pyvips
from av.audio.resampler import AudioResampler
from av.video.frame import VideoFrame
from blurhash_rs import encode_rgb  # type: ignore[attr-defined]

_LARGEST_MATRIX = 3840 * 2160
_LARGEST_FRAME_RATE = 120
_LARGEST_SIDE = 1920  # of what is encoded anew
_SMALL_PIXELS = 230_400
_LONGEST_SECONDS = 2 * 3600
_GIF_SECONDS = 60

# Codecs that play everywhere, with their container.
_PLAYABLE = {
    ("h264", "aac"): "mp4",
    ("h264", "mp3"): "mp4",
    ("h264", ""): "mp4",
    ("", "mp3"): "mp3",
    ("", "opus"): "ogg",
    ("", "vorbis"): "ogg",
    ("", "aac"): "mp4",
}
# Of all that FFmpeg reads: nothing that names other files or addresses, as playlists do.
_READ = {
    "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mp3,ogg,wav,flac,aac,gif",
    "protocol_whitelist": "file",
}
_TYPES = {"mp4": "video/mp4", "mp3": "audio/mpeg", "ogg": "audio/ogg"}


class Refused(Exception):
    """A recording that cannot be taken; the text is for who uploaded it."""


def convert(source: Path) -> dict[str, Any]:
    """The fields of a Recording, its files beside the source. Raises Refused."""
    try:
        with _open(source) as container:
            video = next((s for s in container.streams.video if not _is_cover(s)), None)
            audio = next(iter(container.streams.audio), None)
            if video is None and audio is None:
                raise Refused("File has nothing to see or hear")
            is_gif = container.format.name == "gif"
            _check(container, video)
        if video is None:
            return _sound(source)
        return _film(source, is_gif=is_gif)
    except av.FFmpegError as error:
        raise Refused("File could not be processed") from error


def _open(source: Path) -> Any:
    return av.open(str(source), options=_READ)


def _check(container: Any, video: Any) -> None:
    if container.duration and container.duration / av.time_base > _LONGEST_SECONDS:
        raise Refused("File is longer than two hours")
    if video is None:
        return
    if video.width * video.height > _LARGEST_MATRIX:
        raise Refused(f"{video.width}x{video.height} videos are not supported")
    rate = video.average_rate
    if rate and rate > _LARGEST_FRAME_RATE and container.format.name != "gif":
        raise Refused(f"{int(rate)}fps videos are not supported")


def _film(source: Path, *, is_gif: bool) -> dict[str, Any]:
    with _open(source) as container:
        first = next(container.decode(video=0), None)
        if first is None:
            raise Refused("File could not be processed")
        turn = int(first.rotation) % 360
        preview, small, blurhash = _preview(source, _picture(first, turn))
    format_name = "" if is_gif or turn else _playable_format(source)
    if format_name:
        target = source.with_name(f"film.{format_name}")
        _copy(source, target, format_name)
    else:
        target, format_name = source.with_name("film.mp4"), "mp4"
        _encode_film(source, target, turn, has_sound=not is_gif)
    meta = {**_facts(target), "small": small}
    return {
        "type": "video" if "audio_encode" in meta or not is_gif else "gifv",
        "content_type": _TYPES[format_name],
        "file": str(target),
        "preview": str(preview),
        "meta": meta,
        "blurhash": blurhash,
    }


def _sound(source: Path) -> dict[str, Any]:
    format_name = _playable_format(source)
    preview, meta, blurhash = None, {}, None
    with _open(source) as container:
        if container.streams.video:  # the cover of an album
            cover = next(container.decode(video=0), None)
            if cover is not None:
                preview, small, blurhash = _preview(source, _picture(cover, 0))
                meta["small"] = small
    target = source.with_name(f"sound.{format_name or 'mp3'}")
    if format_name:
        _copy(source, target, format_name)
    else:
        _encode_sound(source, target)
    content_type = "audio/mp4" if format_name == "mp4" else _TYPES[format_name or "mp3"]
    return {
        "type": "audio",
        "content_type": content_type,
        "file": str(target),
        "preview": str(preview) if preview else None,
        "meta": {**_facts(target), **meta},
        "blurhash": blurhash,
    }


def _is_cover(stream: Any) -> bool:
    """The picture of an album is a stream like a film's."""
    return stream.codec_context.name in {"mjpeg", "png"} and (stream.frames or 0) <= 1


def _playable_format(source: Path) -> str:
    """The container in which the streams can stay as they are; empty when they cannot."""
    with _open(source) as container:
        video = next((s for s in container.streams.video if not _is_cover(s)), None)
        audio = next(iter(container.streams.audio), None)
        if video is not None and video.codec_context.pix_fmt not in {"yuv420p", "yuvj420p"}:
            return ""
        names = (
            video.codec_context.name.removeprefix("lib") if video is not None else "",
            audio.codec_context.name.removesuffix("float") if audio is not None else "",
        )
    return _PLAYABLE.get(names, "")


def _copy(source: Path, target: Path, format_name: str) -> None:
    options = {"movflags": "+faststart"} if format_name == "mp4" else {}
    with (
        _open(source) as given,
        av.open(str(target), "w", format=format_name, options=options) as made,
    ):
        kept = [s for s in given.streams.video if not _is_cover(s)][:1] + list(given.streams.audio)[
            :1
        ]
        streams = {s.index: made.add_stream_from_template(s) for s in kept}
        for packet in given.demux(kept):
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                made.mux(packet)


def _encode_film(source: Path, target: Path, turn: int, *, has_sound: bool) -> None:
    options = {"movflags": "+faststart"}
    with (
        _open(source) as given,
        av.open(str(target), "w", format="mp4", options=options) as made,
    ):
        video = given.streams.video[0]
        rate = min(video.average_rate or Fraction(25), Fraction(60))
        width, height = _even_size(video.width, video.height, turn)
        film: Any = made.add_stream("libx264", rate=rate, options={"crf": "23", "preset": "fast"})
        film.width, film.height, film.pix_fmt = width, height, "yuv420p"
        film.codec_context.time_base = Fraction(1, 90_000)
        sound: Any = None
        if has_sound and given.streams.audio:
            sound = made.add_stream("aac", rate=48_000, layout="stereo")
        resampler = AudioResampler(format="fltp", layout="stereo", rate=48_000)
        wanted = [video, *given.streams.audio[:1]] if sound else [video]
        for frame in _frames(given, wanted):
            if isinstance(frame, VideoFrame):
                for packet in film.encode(_turned(frame, turn, width, height)):
                    made.mux(packet)
            else:
                for part in resampler.resample(frame):
                    for packet in sound.encode(part):
                        made.mux(packet)
        for stream in (film, sound):
            for packet in stream.encode(None) if stream else ():
                made.mux(packet)


def _encode_sound(source: Path, target: Path) -> None:
    with _open(source) as given, av.open(str(target), "w", format="mp3") as made:
        sound: Any = made.add_stream("mp3", rate=44_100, layout="stereo")
        sound.bit_rate = 192_000
        resampler = AudioResampler(format="s16p", layout="stereo", rate=44_100)
        for frame in given.decode(audio=0):
            for part in resampler.resample(frame):
                for packet in sound.encode(part):
                    made.mux(packet)
        for packet in sound.encode(None):
            made.mux(packet)


def _frames(container: Any, streams: list[Any]) -> Iterator[Any]:
    is_gif = container.format.name == "gif"
    for frame in container.decode(streams):
        if is_gif and frame.time is not None and frame.time > _GIF_SECONDS:
            return
        yield frame


def _even_size(width: int, height: int, turn: int) -> tuple[int, int]:
    """H.264 wants even sides; of a film that was made lying, they change places."""
    if turn in {90, 270}:
        width, height = height, width
    scale = min(1.0, _LARGEST_SIDE / max(width, height))
    return max(2, int(width * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)


def _turned(frame: VideoFrame, turn: int, width: int, height: int) -> VideoFrame:
    """The frame upright and scaled, at its own time."""
    if not turn:
        scaled = frame.reformat(width=width, height=height, format="yuv420p")
    else:
        picture = _upright(frame, turn).thumbnail_image(width, height=height, size="force")
        data = picture.write_to_memory()
        plain = VideoFrame(width, height, "rgb24")
        _fill(plain, data, width * 3)
        scaled = plain.reformat(format="yuv420p")
    scaled.pts, scaled.time_base = frame.pts, frame.time_base
    return scaled


def _fill(frame: VideoFrame, data: bytes, row_bytes: int) -> None:
    plane = frame.planes[0]
    rows = [data[at : at + row_bytes] for at in range(0, len(data), row_bytes)]
    gap = b"\0" * (plane.line_size - row_bytes)
    plane.update(b"".join(row + gap for row in rows))


def _upright(frame: VideoFrame, turn: int) -> Any:
    rgb = frame.reformat(format="rgb24")
    plane, row_bytes = rgb.planes[0], rgb.width * 3
    data = bytes(plane)
    if plane.line_size != row_bytes:
        size = plane.line_size
        data = b"".join(data[y * size : y * size + row_bytes] for y in range(rgb.height))
    image = pyvips.Image.new_from_memory(data, rgb.width, rgb.height, 3, "uchar")
    # FFmpeg tells how far the picture was turned to the left.
    return {90: image.rot270, 180: image.rot180, 270: image.rot90}.get(turn, image.copy)()


def _picture(frame: VideoFrame, turn: int) -> Any:
    return _upright(frame, turn)


def _preview(source: Path, image: Any) -> tuple[Path, dict[str, Any], str]:
    scale = min(1.0, (_SMALL_PIXELS / (image.width * image.height)) ** 0.5)
    small = image.resize(scale) if scale < 1 else image
    path = source.with_name("preview.jpg")
    path.write_bytes(small.jpegsave_buffer(keep="none", Q=82))
    tiny = small.thumbnail_image(64, height=64)
    blurhash = encode_rgb(bytes(tiny.write_to_memory()), tiny.width, tiny.height, 4, 3)
    size = {
        "width": small.width,
        "height": small.height,
        "size": f"{small.width}x{small.height}",
        "aspect": small.width / small.height,
    }
    return path, size, str(blurhash)


def _facts(target: Path) -> dict[str, Any]:
    """Mastodon's meta of a recording."""
    with av.open(str(target)) as container:
        duration = round((container.duration or 0) / av.time_base, 3)
        original: dict[str, Any] = {"duration": duration, "bitrate": container.bit_rate or 0}
        hours, rest = divmod(duration, 3600)
        minutes, seconds = divmod(rest, 60)
        meta: dict[str, Any] = {
            "length": f"{int(hours)}:{int(minutes):02}:{seconds:05.2f}",
            "duration": duration,
        }
        for video in container.streams.video[:1]:
            rate = video.average_rate or Fraction(25)
            width, height = video.width, video.height
            original |= {"width": width, "height": height, "frame_rate": str(_fraction(rate))}
            meta |= {
                "fps": round(float(rate)),
                "size": f"{width}x{height}",
                "width": width,
                "height": height,
                "aspect": width / height,
            }
        for audio in container.streams.audio[:1]:
            meta |= {
                "audio_encode": audio.codec_context.name,
                "audio_bitrate": f"{audio.rate} Hz",
                "audio_channels": audio.layout.name,
            }
    return {**meta, "original": original}


def _fraction(rate: Fraction) -> str:
    return f"{rate.numerator}/{rate.denominator}"
