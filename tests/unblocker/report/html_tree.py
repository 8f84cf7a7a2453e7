"""An HTML page as a tree that tests can ask."""

from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Node:
    """An element with its attributes, its children and the text inside it."""

    def __init__(self, tag, attributes):
        self.tag, self.attributes, self.children, self.parts = tag, attributes, [], []

    def all(self, tag, **wanted):
        for child in self.children:
            if child.tag == tag and all(
                value in (child.attributes.get(name) or "").split()
                for name, value in wanted.items()
            ):
                yield child
            yield from child.all(tag, **wanted)

    @property
    def text(self):
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    @property
    def words(self):
        return " ".join(self.text.split())


class Tree(HTMLParser):
    """Builds the tree and refuses a page whose elements are not closed in order."""

    def __init__(self):
        super().__init__()
        self.root = Node("root", {})
        self.open = [self.root]

    def handle_starttag(self, tag, attributes):
        node = Node(tag, dict(attributes))
        self.open[-1].children.append(node)
        self.open[-1].parts.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        closed = self.open.pop()
        assert closed.tag == tag, f"</{tag}> closes <{closed.tag}>"

    def handle_data(self, data):
        self.open[-1].parts.append(data)


def parse(html):
    tree = Tree()
    tree.feed(html)
    tree.close()
    assert tree.open == [tree.root]
    return tree.root


def everything(node):
    """The node and all that is in it."""
    yield node
    for child in node.children:
        yield from everything(child)
