"""A page as a tree, just enough to ask which element a number stands in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "hr", "img", "path"}


@dataclass(eq=False)
class Node:
    """An element with its children and texts in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    parent: Node | None = None
    content: list[Node | str] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    @property
    def children(self) -> list[Node]:
        return [item for item in self.content if isinstance(item, Node)]

    def up(self) -> Iterator[Node]:
        """The element and all it stands in, the nearest first."""
        here: Node | None = self
        while here is not None:
            yield here
            here = here.parent

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()

    def texts(self) -> Iterator[tuple[Node, str]]:
        """Every text with the element it stands in."""
        for item in self.content:
            if isinstance(item, str):
                yield self, item
            else:
                yield from item.texts()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.here = Node("root")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Node(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.content.append(made)
        if tag not in VOID:
            self.here = made

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.here = next(node for node in self.here.up() if node.tag == tag).parent or self.root

    def handle_data(self, data: str) -> None:
        self.here.content.append(data)


def tree(html: str) -> Node:
    reader = _Reader()
    reader.feed(html)
    return reader.root


def main_of(html: str) -> Node:
    """What stands in the page's main part."""
    return next(node for node in tree(html).walk() if node.tag == "main")
