"""Addresses of videos: which host, which video, and how to play it without being followed."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

YOUTUBE_HOSTS = {"youtube.com", "www.youtube.com", "m.youtube.com", "www.youtube-nocookie.com"}
VIMEO_HOSTS = {"vimeo.com", "www.vimeo.com", "player.vimeo.com"}
YOUTUBE_ID = re.compile(r"[\w-]{11}")
VIMEO_ID = re.compile(r"\d{1,12}")
VIMEO_HASH = re.compile(r"[0-9a-f]{6,20}")


@dataclass(frozen=True)
class Video:
    """A video on another host."""

    host: str
    page_url: str
    player_url: str


def parse_video_address(address: str) -> Video | None:
    """Return the video at `address`, or None where it is not one of YouTube or Vimeo."""
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    steps = [step for step in parts.path.split("/") if step]
    if parts.scheme not in {"http", "https"}:
        return None
    if host == "youtu.be" and steps:
        return _youtube(steps[0])
    if host in YOUTUBE_HOSTS:
        if steps[:1] == ["watch"]:
            return _youtube(parse_qs(parts.query).get("v", [""])[0])
        if len(steps) == 2 and steps[0] in {"embed", "shorts", "live"}:
            return _youtube(steps[1])
    if host in VIMEO_HOSTS:
        if host == "player.vimeo.com":
            steps = steps[1:]
        secret = steps[1] if len(steps) > 1 else parse_qs(parts.query).get("h", [""])[0]
        return _vimeo(steps[0] if steps else "", secret)
    return None


def validate_video_address(address: str) -> None:
    """Raise ValidationError where `address` is not that of a video we can play."""
    if parse_video_address(address) is None:
        raise ValidationError(
            _("This is not the address of a video on YouTube or Vimeo."), code="not_a_video"
        )


def _youtube(video: str) -> Video | None:
    if not YOUTUBE_ID.fullmatch(video):
        return None
    return Video(
        host="YouTube",
        page_url=f"https://www.youtube.com/watch?v={video}",
        player_url=f"https://www.youtube-nocookie.com/embed/{video}?autoplay=1&rel=0",
    )


def _vimeo(video: str, secret: str) -> Video | None:
    """An unlisted video's address ends with a secret, which its player needs too."""
    if not VIMEO_ID.fullmatch(video):
        return None
    if not VIMEO_HASH.fullmatch(secret):
        secret = ""
    return Video(
        host="Vimeo",
        page_url=f"https://vimeo.com/{video}" + (f"/{secret}" if secret else ""),
        player_url=f"https://player.vimeo.com/video/{video}?autoplay=1&dnt=1"
        + (f"&h={secret}" if secret else ""),
    )
