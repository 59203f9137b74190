"""Pictures made ready to be read: the sheet cut out and flat, seals taken out, glare found."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
LARGEST_SIDE = 2000
# As OpenCV orders colours: blue, green, red.
SURE, UNSURE = (160, 90, 30), (20, 120, 200)
_SMALL = 500
_LEAST_SHARE = 0.3
_GLARE = 251


def decode(content: bytes) -> Picture | None:
    """The picture's points, or None where it is none."""
    seen = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    return None if seen is None else _within(np.asarray(seen, np.uint8))


def _within(picture: Picture) -> Picture:
    """No larger than what is read: more points only cost time."""
    side = max(picture.shape[:2])
    if side <= LARGEST_SIDE:
        return picture
    scale = LARGEST_SIDE / side
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def flatten(picture: Picture) -> Picture:
    """The sheet alone, seen from straight above, where it lies bright on something darker."""
    corners = _outline(picture)
    if corners is None:
        return picture
    a, b, c, d = corners
    width = int(max(np.linalg.norm(b - a), np.linalg.norm(c - d)))
    height = int(max(np.linalg.norm(d - a), np.linalg.norm(c - b)))
    goal = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = cv2.getPerspectiveTransform(corners, goal)
    return np.asarray(cv2.warpPerspective(picture, seen, (width, height)), np.uint8)


def _outline(picture: Picture) -> NDArray[np.float32] | None:
    """The four corners of a bright sheet, upper left first; None where none is plain to see."""
    scale = _SMALL / max(picture.shape[:2])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (7, 7), 0)
    level, bright = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    if float((edge < level).mean()) < 0.7:  # the sheet reaches the picture's edge: nothing to cut
        return None
    closed = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((25, 25), np.uint8))
    shapes, _order = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not shapes:
        return None
    largest = cv2.convexHull(max(shapes, key=cv2.contourArea))
    area = cv2.contourArea(largest)
    corners = cv2.approxPolyDP(largest, 0.03 * cv2.arcLength(largest, True), True)
    if area < _LEAST_SHARE * grey.size or len(corners) != 4:
        return None
    return _ordered(corners.reshape(4, 2).astype(np.float32) / scale)


def _ordered(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    total, apart = corners.sum(1), corners[:, 1] - corners[:, 0]
    order = [total.argmin(), apart.argmin(), total.argmax(), apart.argmax()]
    return np.asarray(corners[order], np.float32)


def seals(picture: Picture) -> NDArray[np.bool_] | None:
    """Where red seals lie; None where there is none. Red print, being small, is no seal."""
    b, g, r = (picture[..., part].astype(np.int16) for part in range(3))
    red = ((r - np.maximum(b, g) > 45) & (r > 90)).astype(np.uint8)
    if int(red.sum()) < 0.0008 * red.size:
        return None
    near = cv2.dilate(red, np.ones((15, 15), np.uint8))
    count, marks, told, _centres = cv2.connectedComponentsWithStats(near)
    least = 0.045 * max(picture.shape[:2])
    mask = np.zeros(red.shape, np.bool_)
    for number in range(1, count):
        _x, _y, width, height, _area = told[number]
        if width > least and height > least:
            mask |= marks == number
    return mask if bool(mask.any()) else None


def without_seals(picture: Picture, mask: NDArray[np.bool_]) -> Picture:
    """Red ink is bright in red light: under a seal only that light is looked at."""
    clean = picture.copy()
    light = picture[..., 2].astype(np.float32)
    paper = float(np.percentile(light, 80))
    # Ink of the seal is not quite white in red light; above the middle all is paper.
    lit = np.clip((light - 0.25 * paper) / (0.45 * paper), 0, 1) * paper
    clean[mask] = lit.astype(np.uint8)[mask][:, None]
    return clean


def glare(picture: Picture) -> NDArray[np.bool_] | None:
    """Where light has washed the paper out; None where the paper itself is as white."""
    least = picture.min(axis=2)
    if float(np.median(least)) > 243:
        return None
    small = cv2.resize(least, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    paper = float(np.percentile(small, 60))
    washed = (cv2.GaussianBlur(small, (0, 0), 4) > min(_GLARE - 6, paper + 30)).astype(np.uint8)
    if int(washed.sum()) < 0.0015 * washed.size:
        return None
    wide = cv2.dilate(washed, np.ones((21, 21), np.uint8))
    whole = cv2.resize(wide, picture.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    return np.asarray(whole > 0, np.bool_)


def turn(picture: Picture, degrees: int) -> Picture:
    """Turned clockwise by quarter turns."""
    return np.ascontiguousarray(np.rot90(picture, -degrees // 90 % 4))


def share_inside(
    mask: NDArray[np.bool_] | None, box: tuple[float, float, float, float] | None
) -> float:
    """Which part of a box (in parts of the page) the mask covers."""
    if mask is None or box is None:
        return 0.0
    height, width = mask.shape
    x, y, w, h = box
    inside = mask[
        int(y * height) : int((y + h) * height) + 1, int(x * width) : int((x + w) * width) + 1
    ]
    return float(inside.mean()) if inside.size else 0.0


def with_boxes(picture: Picture, boxes: Sequence[tuple[Sequence[float], bool]]) -> Picture:
    """A page with boxes (in parts of it) drawn: blue where sure, amber where a person looks."""
    shown = np.ascontiguousarray(picture)
    height, width = shown.shape[:2]
    for (x, y, w, h), is_sure in boxes:
        corner = (int(x * width) - 5, int(y * height) - 4)
        goal = (int((x + w) * width) + 5, int((y + h) * height) + 4)
        cv2.rectangle(shown, corner, goal, SURE if is_sure else UNSURE, 3)
    return shown


def as_png(picture: Picture) -> bytes:
    """PNG bytes of a picture."""
    _is_done, content = cv2.imencode(".png", picture)
    return content.tobytes()
