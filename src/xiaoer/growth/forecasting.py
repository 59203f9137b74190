"""预测 What a year will come to, from its months so far. Pure arithmetic over columns of firms.

Arrays of months have twelve rows, January first, and a column a firm; NaN is not known.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Forecast:
    """The year so far, how many months that is, what the year will come to, and the last twelve.

    ``is_seasonal``: by last year's shares of the months; else by the mean of the last months.
    """

    so_far: Floats
    months: Whole
    year: Floats
    last_twelve: Floats
    is_seasonal: NDArray[np.bool_]


def forecast(
    *, this_year: Floats, last_year: Floats, so_far: Floats, months: Whole, window: int
) -> Forecast:
    """Both years as January to each month. Nothing known of this year: no forecast.

    Where last year is known month by month, the year so far is divided by the share those months had
    of last year. Else each month to come is taken as the mean of the last ``window`` months; where
    only a longer stretch is known, as the mean of that.
    """
    firms = np.arange(so_far.size)
    at = np.maximum(months - 1, 0)
    whole = last_year[-1]
    is_whole = ~np.isnan(last_year).any(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = last_year[at, firms] / whole
        is_seasonal = is_whole & (whole > 0) & (share > 0) & (share <= 1) & (months > 0)
        by_season = so_far / share
    by_pace = so_far + (MONTHS - months) * _pace(this_year, so_far, months, window)
    year = np.where(is_seasonal, by_season, by_pace)
    year = np.where(months >= MONTHS, so_far, np.where(months > 0, year, np.nan))
    before = np.where(months > 0, last_year[at, firms], 0.0)
    last_twelve = np.where(months > 0, so_far, 0.0) + whole - before
    return Forecast(so_far, months, year, last_twelve, is_seasonal & (months < MONTHS))


def _pace(this_year: Floats, so_far: Floats, months: Whole, window: int) -> Floats:
    """A month's mean: of the last ``window`` months, or of the shortest longer stretch known."""
    firms = np.arange(so_far.size)
    pace = np.full(so_far.size, np.nan)
    for stretch in range(min(max(window, 1), MONTHS), MONTHS + 1):
        start = months - stretch
        before = np.where(start > 0, this_year[np.maximum(start, 1) - 1, firms], 0.0)
        length = np.maximum(np.minimum(months, stretch), 1)
        pace = np.where(np.isnan(pace), (so_far - before) / length, pace)
    return pace
