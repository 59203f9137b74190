"""The vocabulary put together from what rooms lend."""

import pyarrow as pa

from xiaoer.rules.vocabularies import _beside


def test_a_word_two_rooms_lend_is_what_the_upper_one_says_and_else_what_the_lower_was_told() -> (
    None
):
    told = pa.table({"id": [1, 2, 3], "has_platform": [False, True, None]})
    register = pa.table({"id": [3, 1], "has_platform": [None, True], "valid": [True, False]})
    both = _beside(told, register)
    assert both.column_names == ["id", "has_platform", "valid"]
    assert both["has_platform"].to_pylist() == [True, True, None]
    assert both["valid"].to_pylist() == [False, None, True]
