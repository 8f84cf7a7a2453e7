"""Where an `await` may stand, and where it needs parentheses."""

import libcst as cst

from unblocker.rewrite.tree import Tree


def why_not_awaitable(
    tree: Tree, node: cst.BaseExpression, function: cst.FunctionDef, *, is_async: bool
) -> str:
    """Why `node` can't be awaited where it stands in `function`; empty where it can.

    An `await` in a generator expression compiles, but would turn it into an asynchronous generator.
    """
    child: cst.CSTNode = node
    outermost_source = False
    for parent in tree.ancestors(node):
        if isinstance(parent, cst.FunctionDef):
            if child is parent.body:
                if parent is function:
                    return "" if is_async else f"{function.name.value} stays synchronous"
                return (
                    ""
                    if parent.asynchronous
                    else f"it stands in {parent.name.value}, a sync function"
                )
            if parent is function:
                return "it runs when the function is defined"
        if isinstance(parent, cst.GeneratorExp) and not outermost_source:
            return "it stands in a generator expression"
        obstacle = _obstacle(parent, child)
        if obstacle:
            return obstacle
        outermost_source = is_outermost_source(tree, parent, child)
        child = parent
    return "it stands outside the function"


def _obstacle(parent: cst.CSTNode, child: cst.CSTNode) -> str:
    if isinstance(parent, cst.Lambda):
        return "it stands in a lambda"
    if isinstance(parent, cst.ClassDef) and child is parent.body:
        return f"it stands in the body of class {parent.name.value}"
    if isinstance(parent, cst.FormattedStringExpression) and parent.equal is not None:
        return "its own source text is part of an f-string"
    return ""


def is_outermost_source(tree: Tree, parent: cst.CSTNode, child: cst.CSTNode) -> bool:
    """Whether `child` is what a comprehension's first `for` runs over: it is evaluated outside the comprehension."""
    return (
        isinstance(parent, cst.CompFor)
        and child is parent.iter
        and isinstance(tree.parents[parent], cst.BaseComp)
    )


def needs_parentheses(tree: Tree, node: cst.BaseExpression) -> bool:
    """Whether `await` before `node` would otherwise take in what stands behind it, or touch a word there."""
    parent = tree.parents[node]
    if not getattr(node, "rpar", ()) and tree.character_behind(node).isalpha():
        return True
    if isinstance(parent, cst.Attribute | cst.Subscript):
        return parent.value is node
    if isinstance(parent, cst.Call):
        return parent.func is node
    return isinstance(parent, cst.Await)
