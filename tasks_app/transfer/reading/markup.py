"""HTML of other programs as plain text."""

from __future__ import annotations

from html.parser import HTMLParser

_ENDS_A_LINE = frozenset({"br", "p", "div", "li", "h1", "h2", "h3", "tr"})
_LEFT_OUT = frozenset({"script", "style"})


def plain_text(markup: str) -> str:
    """The words without their tags, a line for each paragraph and item; a text without tags stays as it is."""
    if "<" not in markup and "&" not in markup:
        return markup.strip()
    words = _Words()
    words.feed(markup)
    words.close()
    return "".join(words.found).strip()


class _Words(HTMLParser):
    """Collects what is to be read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._left_out = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # the parser's signature
        if tag == "br":
            self.found.append("\n")
        self._left_out += tag in _LEFT_OUT

    def handle_endtag(self, tag: str) -> None:
        if tag in _ENDS_A_LINE and tag != "br":
            self.found.append("\n")
        self._left_out -= tag in _LEFT_OUT

    def handle_data(self, data: str) -> None:
        if self._left_out <= 0:
            self.found.append(data)
