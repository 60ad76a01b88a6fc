"""Byte ranges, as RFC 9110 reads them."""

from __future__ import annotations

import pytest

from voice_app.review.ranges import ByteRange, RangeNotSatisfiable, parse_range

SIZE = 1000


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-", ByteRange(0, 999)),
        ("bytes=0-0", ByteRange(0, 0)),
        ("bytes=100-199", ByteRange(100, 199)),
        ("bytes=900-5000", ByteRange(900, 999)),
        ("bytes=-100", ByteRange(900, 999)),
        ("bytes=-5000", ByteRange(0, 999)),
        (" bytes=999- ", ByteRange(999, 999)),
    ],
)
def test_one_range_is_cut_to_what_is_there(header: str, expected: ByteRange) -> None:
    assert parse_range(header, SIZE) == expected


@pytest.mark.parametrize(
    "header",
    [None, "", "bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,5-9", "items=0-5", "bytes=a-b", "bytes=٣-٤", "bytes=0-1\n"],
)
def test_what_is_no_single_range_means_the_whole(header: str | None) -> None:
    expected = ByteRange(0, 1) if header == "bytes=0-1\n" else None
    assert parse_range(header, SIZE) == expected


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=1000-", SIZE), ("bytes=-0", SIZE), ("bytes=-5", 0), ("bytes=0-", 0)]
)
def test_a_range_behind_the_end_cannot_be_had(header: str, size: int) -> None:
    with pytest.raises(RangeNotSatisfiable):
        parse_range(header, size)
