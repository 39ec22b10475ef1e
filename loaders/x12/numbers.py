"""Amounts, quantities and dates from text to integers, many at once, and whether they would be written the same.

The plain forms that files hold (an optional minus, up to eight digits, a point, one or two decimals; CCYYMMDD) are
read eight bytes at a time; whatever is written otherwise is read one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import numpy.typing as npt

from loaders.x12.tokens import Bools, Ints, Segments, blocks

Words = npt.NDArray[np.uint64]

# A thousand billion and more is no amount of health care, and sums and products of it would leave their range.
INTEGER_DIGITS = 12
_ZEROS = np.uint64(0x3030303030303030)
_NIBBLES = np.uint64(0x7676767676767676)
_HIGH_BITS = np.uint64(0x8080808080808080)
_PAIRS = np.uint64(0x000000FF000000FF)
# By count, the highest bytes of eight: the last characters, the first byte being the lowest.
_LAST_BYTES = np.array([((1 << 8 * n) - 1) << 8 * (8 - n) for n in range(9)], dtype=np.uint64)
# By the number of decimals, none to two: where the digits after and before the point are once it is closed over (all
# count as after where there is none), and what the last digit is worth in hundredths.
_AFTER = np.array([2**64 - 1, *_LAST_BYTES[1:3].tolist()], dtype=np.uint64)
_BEFORE = ~_AFTER
_WORTH = np.array([100, 10, 1], dtype=np.int64)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True)
class Numbers:
    """Integers in units of 10^-scale (days since 1970 for dates). `is_plain`: written again without trailing zeros
    gives the text; `is_fixed`: written with two decimals does. An empty element is null, and both. `unread` are the
    places of those that are neither empty nor a value, `rounded` of those that have more decimals than there is room
    for."""

    values: Ints
    is_valid: Bools
    is_plain: Bools
    is_fixed: Bools
    unread: Ints
    rounded: Ints


def _eight_digits(word: Words) -> tuple[Ints, Bools]:
    """The number that eight ASCII digits make, and whether they are digits."""
    digits = word ^ _ZEROS
    is_number = ((digits + _NIBBLES) | digits) & _HIGH_BITS == 0
    tens = digits * np.uint64(10) + (digits >> np.uint64(8))
    high = (tens & _PAIRS) * np.uint64(0x000F424000000064)
    low = ((tens >> np.uint64(16)) & _PAIRS) * np.uint64(0x0000271000000001)
    return ((high + low) >> np.uint64(32)).astype(np.int64), is_number


def decimals(segments: Segments, stretches: Ints, scale: int) -> Numbers:
    """Elements as DECIMAL(18, scale): null where empty, not a number or out of range; rounded half up."""
    start, length = segments.stretch_start[stretches], segments.stretch_length[stretches]
    end = start + length
    is_empty = length == 0
    word = blocks(segments.buffer, 8)[end - 8].view("<u8")
    characters = word.view(np.uint8).reshape(-1, 8)
    is_negative = segments.data[start] == ord("-")
    character_count = length - is_negative
    has_two = (characters[:, 5] == ord(".")) & (character_count > 3)
    has_one = (characters[:, 6] == ord(".")) & (character_count > 2) & ~has_two
    fraction = has_one + np.uint8(2) * has_two
    digit_count = character_count - (fraction > 0)
    # The point is closed over, and what stands before the number made zeros.
    digits = (word & _AFTER[fraction]) | ((word << np.uint64(8)) & _BEFORE[fraction])
    keep = _LAST_BYTES[np.clip(digit_count, 0, 8)]
    values, is_number = _eight_digits((digits & keep) | (_ZEROS & ~keep))
    is_number &= (digit_count > fraction) & (digit_count <= 8)
    values *= _WORTH[fraction] * 10 ** (scale - 2)
    is_minimal = (digit_count == fraction + 1) | (segments.data[start + is_negative] != ord("0"))
    if is_negative.any():
        is_minimal &= ~is_negative | (values != 0)
        np.negative(values, out=values, where=is_negative)
    is_plain = is_minimal & ((fraction == 0) | (characters[:, 7] != ord("0")))
    is_fixed = is_minimal & has_two
    odd = np.flatnonzero(~(is_number | is_empty))
    rounded = []
    for row in odd.tolist():
        text = segments.buffer[start[row] : end[row]].decode("utf-8")
        read = _read(text, scale)
        is_number[row] = read is not None
        if read is None:
            continue
        value, is_exact = read
        values[row] = value
        if not is_exact:
            rounded.append(row)
        is_plain[row] = text == _plain(value, scale)
        is_fixed[row] = text == _fixed(value, scale)
    return Numbers(
        values,
        is_number & ~is_empty,
        is_plain & is_number | is_empty,
        is_fixed & is_number | is_empty,
        odd[~is_number[odd]],
        np.array(rounded, dtype=np.int64),
    )


def _read(text: str, scale: int) -> tuple[int, bool] | None:
    """The value in units of 10^-scale, and whether it is exact; None for a text that is none."""
    text = text.strip()
    if _NUMBER.fullmatch(text) is None:
        return None
    value = Decimal(text)
    if value and value.adjusted() >= INTEGER_DIGITS:
        return None
    scaled = value.scaleb(scale)
    whole = scaled.to_integral_value(ROUND_HALF_UP)
    return int(whole), whole == scaled


def _fixed(value: int, scale: int) -> str:
    return f"{Decimal(value).scaleb(-scale):.{scale}f}"


def _plain(value: int, scale: int) -> str:
    return _fixed(value, scale).rstrip("0").rstrip(".")


def dates(segments: Segments, stretches: Ints) -> Numbers:
    """Elements CCYYMMDD as days since 1970-01-01; null where they are not a day of the calendar."""
    length = segments.stretch_length[stretches]
    number, is_number = _eight_digits(blocks(segments.buffer, 8)[segments.stretch_start[stretches]].view("<u8"))
    year, month, day = number // 10_000, number // 100 % 100, number % 100
    is_date = is_number & (length == 8) & (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1)
    months = np.where(is_date, (year - 1970) * 12 + month - 1, 0)
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    following = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    is_date &= day <= following - first
    is_exact = is_date | (length == 0)
    return Numbers(first + day - 1, is_date, is_exact, is_exact, np.flatnonzero(~is_exact), np.zeros(0, dtype=np.int64))
