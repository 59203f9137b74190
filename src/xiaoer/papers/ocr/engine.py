"""The engine: rapidocr's own steps, with the page's direction decided by all lines together.

Loading it takes a second and 150 MB: only the reading process does.

A page on its side or head is read in the one pass; only its coordinates are turned afterwards.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidocr import RapidOCR
from rapidocr.main import RapidOCRError

from xiaoer.papers.ocr.lines import Line, Page, Point, Quad
from xiaoer.papers.ocr.pictures import Picture

_TALL = 1.5
_LEAST_SURE = 0.5


class Engine:
    """One set of models in memory."""

    def __init__(self, threads: int = -1) -> None:
        self._ocr: Any = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.return_word_box": True,
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            }
        )

    def read(self, picture: Picture, number: int) -> tuple[Page, list[Picture]]:
        """What stands on a picture, and the strips its lines were read from.

        ``turned`` of the page is by how many degrees clockwise it must be turned to stand upright;
        the lines' places are those on the upright page.
        """
        height, width = picture.shape[:2]
        try:
            crops, seen = self._ocr.detect_and_crop(
                picture, {"preprocess": {"ratio_h": 1.0, "ratio_w": 1.0}}
            )
        except RapidOCRError:
            return Page(number, width, height, ()), []
        boxes = np.asarray(seen.boxes, np.float64)
        is_quarter = _is_quarter(boxes)
        flipped = self._flipped(crops)
        crops = [np.ascontiguousarray(np.rot90(crop, 2)) for crop in crops] if flipped else crops
        turned = {(True, True): 90, (True, False): 270, (False, True): 180}.get(
            (is_quarter, flipped), 0
        )
        lines = []
        strips = []
        for told, box, crop in zip(self.signs(crops), boxes, crops, strict=True):
            text, sure, at = told
            if not text.strip() or float(np.mean(sure)) < _LEAST_SURE:
                continue
            quad = _upright(box, turned, width, height)
            lines.append(Line(number, text, quad, sure, at))
            strips.append(crop)
        if turned in (90, 270):
            width, height = height, width
        return Page(number, width, height, tuple(lines), turned), strips

    def signs(self, crops: list[Picture]) -> list[tuple[str, tuple[float, ...], tuple[float, ...]]]:
        """The signs on strips of one line each: text, how sure each is, where along it each is."""
        if not crops:
            return []
        read = self._ocr.recognize_txt(crops)
        return [_signs(text, word) for text, word in zip(read.txts, read.word_results, strict=True)]

    def _flipped(self, crops: list[Picture]) -> bool:
        """Whether the lines stand on their heads: the long ones vote."""
        voters = [crop for crop in crops if crop.shape[1] > 3 * crop.shape[0]] or crops
        told = self._ocr._load_cls_model()(voters).cls_res
        against = sum(float(score) for label, score in told if label == "180")
        return against > 0.5 * sum(float(score) for _label, score in told)


def _signs(text: str, word: Any) -> tuple[str, tuple[float, ...], tuple[float, ...]]:
    sure = tuple(float(one) for one in word.confs[: len(text)])
    columns = [column for part in word.word_cols for column in part]
    length = float(word.line_txt_len) or 1.0
    at: list[float] = []
    place = iter(columns)
    for sign in text:
        if sign.isspace():
            at.append(at[-1] if at else 0.0)
        else:
            at.append(min(1.0, (next(place, length) + 0.5) / length))
    return text, sure + (0.0,) * (len(text) - len(sure)), tuple(at)


def _is_quarter(boxes: NDArray[np.float64]) -> bool:
    """Whether most of what was seen stands on its side, long lines counting more."""
    wide = np.linalg.norm(boxes[:, 1] - boxes[:, 0], axis=1)
    high = np.linalg.norm(boxes[:, 3] - boxes[:, 0], axis=1)
    long = np.maximum(wide, high)
    return float(long[high >= _TALL * wide].sum()) > 0.5 * float(long.sum())


def _upright(box: NDArray[np.float64], turned: int, width: int, height: int) -> Quad:
    """The corners on the upright page, upper left first, in parts of the page."""
    points: list[Point] = []
    for x, y in box:
        u, v = float(x) / width, float(y) / height
        points.append({0: (u, v), 90: (1 - v, u), 180: (1 - u, 1 - v), 270: (v, 1 - u)}[turned])
    shift = {0: 0, 90: 3, 180: 2, 270: 1}[turned]
    a, b, c, d = (points[(corner + shift) % 4] for corner in range(4))
    return a, b, c, d
