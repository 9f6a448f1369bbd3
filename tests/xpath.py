"""The part of XPath 1.0 that IATI rules are written in, on xml.etree with the standard library alone.

Location paths (child, descendant, parent, self, attributes, text()), predicates, unions, comparison, arithmetic, and, or,
and the functions of FUNCTIONS. What is not known raises Unsupported, so that no rule passes because it was not understood.
"""
import functools
import re
import xml.etree.ElementTree as ET

XML = "{http://www.w3.org/XML/1998/namespace}"
TOKEN = re.compile(r"\s*(?:(//|::|\.\.|<=|>=|!=|[/@.()\[\],|=<>+\-*])|(\d+(?:\.\d*)?|\.\d+)|('[^']*'|\"[^\"]*\")|([A-Za-z_][\w.-]*(?::(?!:)[A-Za-z_][\w.-]*)?))")
KINDS = ("mark", "number", "string", "name")


class Unsupported(ValueError):
    pass


class Attribute:
    """An attribute or text node: its value, and the element it stands in."""
    def __init__(self, owner, name, value):
        self.owner, self.name, self.value = owner, name, value

    def key(self):
        return (id(self.owner), self.name)


def qualified(name):
    return XML + name[4:] if name.startswith("xml:") else name


def text_of(node):
    return node.value if isinstance(node, Attribute) else "".join(node.itertext())


def key_of(node):
    return node.key() if isinstance(node, Attribute) else (id(node), "")


# ---- Values ----

def number(value):
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, (int, float)):
        return float(value)
    text = string(value).strip()
    return float(text) if re.fullmatch(r"-?(\d+(\.\d*)?|\.\d+)", text) else float("nan")


def string(value):
    if isinstance(value, list):
        return text_of(value[0]) if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    return value


def boolean(value):
    if isinstance(value, float):
        return value == value and value != 0
    return bool(value)


RELATIONS = {"=": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b}


def compare(op, left, right):
    """A node set is compared through each of its nodes (XPath 1.0, 3.4)."""
    relation = RELATIONS[op]
    if isinstance(left, list) and isinstance(right, list):
        return any(compare(op, text_of(a), text_of(b)) for a in left for b in right)
    if isinstance(left, list) or isinstance(right, list):
        nodes, other, first = (left, right, True) if isinstance(left, list) else (right, left, False)
        if isinstance(other, bool):
            return relation(boolean(nodes), other) if first else relation(other, boolean(nodes))
        return any(compare(op, text_of(n), other) if first else compare(op, other, text_of(n)) for n in nodes)
    if op in ("=", "!=") and not isinstance(left, (bool, float)) and not isinstance(right, (bool, float)):
        return relation(left, right)
    if op in ("=", "!=") and (isinstance(left, bool) or isinstance(right, bool)):
        return relation(boolean(left), boolean(right))
    return relation(number(left), number(right))


FUNCTIONS = {
    "count": lambda context, nodes: float(len(nodes)), "not": lambda context, value: not boolean(value), "number": lambda context, *value: number(value[0] if value else [context.node]),
    "string": lambda context, *value: string(value[0] if value else [context.node]), "boolean": lambda context, value: boolean(value), "true": lambda context: True, "false": lambda context: False,
    "sum": lambda context, nodes: sum(number(text_of(n)) for n in nodes), "position": lambda context: float(context.position), "last": lambda context: float(context.size),
    "starts-with": lambda context, a, b: string(a).startswith(string(b)), "contains": lambda context, a, b: string(b) in string(a),
    "string-length": lambda context, value: float(len(string(value))), "normalize-space": lambda context, *value: " ".join(string(value[0] if value else [context.node]).split()),
}


class Context:
    def __init__(self, document, node, position=1, size=1):
        self.document, self.node, self.position, self.size = document, node, position, size

    def at(self, node, position, size):
        return Context(self.document, node, position, size)


# ---- From text to functions of a context ----

def tokens_of(text):
    at, out = 0, []
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if not match:
            raise Unsupported(f"{text!r} at {at}")
        kind = match.lastindex - 1
        out.append((KINDS[kind], match.group(match.lastindex)))
        at = match.end()
    return out


class Parser:
    def __init__(self, text):
        self.text, self.tokens, self.at = text, tokens_of(text), 0

    def peek(self, ahead=0):
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else ("end", "")

    def take(self, *values):
        kind, value = self.peek()
        if kind in ("mark", "name") and value in values:
            self.at += 1
            return value
        return None

    def need(self, value):
        if not self.take(value):
            raise Unsupported(f"{self.text!r}: {value} expected, {self.peek()[1]!r} found")

    def whole(self):
        out = self.either()
        if self.peek()[0] != "end":
            raise Unsupported(f"{self.text!r}: {self.peek()[1]!r} is too much")
        return out

    def binary(self, deeper, operators, make):
        left = deeper()
        while True:
            op = self.take(*operators)
            if not op:
                return left
            left = make(op, left, deeper())

    def either(self):
        return self.binary(self.both, ("or",), lambda op, a, b: lambda c: boolean(a(c)) or boolean(b(c)))

    def both(self):
        return self.binary(self.relation, ("and",), lambda op, a, b: lambda c: boolean(a(c)) and boolean(b(c)))

    def relation(self):
        return self.binary(self.addition, tuple(RELATIONS), lambda op, a, b: lambda c: compare(op, a(c), b(c)))

    def addition(self):
        return self.binary(self.union, ("+", "-"), lambda op, a, b: (lambda c: number(a(c)) + number(b(c))) if op == "+" else (lambda c: number(a(c)) - number(b(c))))

    def union(self):
        return self.binary(self.path, ("|",), lambda op, a, b: lambda c: unique(a(c) + b(c)))

    def path(self):
        kind, value = self.peek()
        if kind == "number":
            self.at += 1
            return lambda c: float(value)
        if kind == "string":
            self.at += 1
            return lambda c: value[1:-1]
        if self.take("("):
            inner = self.either()
            self.need(")")
            return inner
        if kind == "name" and self.peek(1)[1] == "(" and value not in ("text", "node"):
            return self.call(value)
        return self.location()

    def call(self, name):
        if name not in FUNCTIONS:
            raise Unsupported(f"{self.text!r}: function {name}")
        self.at += 2
        arguments = []
        while not self.take(")"):
            arguments.append(self.either())
            if self.peek()[1] != ")":
                self.need(",")
        return lambda c: FUNCTIONS[name](c, *(a(c) for a in arguments))

    def location(self):
        steps, start = [], "here"
        if self.take("//"):
            start = "below"
        elif self.take("/"):
            start = "root"
        steps.append(self.step())
        while self.peek()[1] in ("/", "//"):
            if self.take("//"):
                steps.append((lambda c: [n for e in below(c.node) for n in [e]], []))
            else:
                self.at += 1
            steps.append(self.step())
        return lambda c: walk(c, start, steps)

    def step(self):
        find = self.axis()
        predicates = []
        while self.take("["):
            predicates.append(self.either())
            self.need("]")
        return find, predicates

    def axis(self):
        if self.take(".."):
            return lambda c: [c.document.parent[id(c.node)]] if id(c.node) in c.document.parent else []
        if self.take("."):
            return lambda c: [c.node]
        if self.take("@"):
            return attributes(self.name_test())
        if self.peek(1)[1] == "::":
            axis = self.peek()[1]
            self.at += 2
            test = self.name_test()
            axes = {"child": children(test), "attribute": attributes(test), "descendant": lambda c: [e for e in list(c.node.iter())[1:] if test in ("*", e.tag)],
                    "descendant-or-self": lambda c: [e for e in c.node.iter() if test in ("*", e.tag)]}
            if axis not in axes:
                raise Unsupported(f"{self.text!r}: axis {axis}")
            return axes[axis]
        if self.peek()[1] in ("text", "node") and self.peek(1)[1] == "(":
            which = self.peek()[1]
            self.at += 2
            self.need(")")
            return texts if which == "text" else children("*")
        return children(self.name_test())

    def name_test(self):
        if self.take("*"):
            return "*"
        kind, value = self.peek()
        if kind != "name":
            raise Unsupported(f"{self.text!r}: a name is expected, {value!r} found")
        self.at += 1
        return qualified(value)


def children(test):
    return lambda c: [e for e in c.node if test in ("*", e.tag)] if not isinstance(c.node, Attribute) else []


def attributes(test):
    return lambda c: [Attribute(c.node, k, v) for k, v in c.node.attrib.items() if test in ("*", k)] if not isinstance(c.node, Attribute) else []


def texts(context):
    found = [context.node.text] + [e.tail for e in context.node]
    return [Attribute(context.node, f"text {i}", t) for i, t in enumerate(found) if t]


def below(node):
    return list(node.iter())


def unique(nodes):
    seen, out = set(), []
    for node in nodes:
        if key_of(node) not in seen:
            seen.add(key_of(node))
            out.append(node)
    return out


def chosen(context, nodes, predicates):
    for predicate in predicates:
        kept = []
        for position, node in enumerate(nodes, 1):
            value = predicate(context.at(node, position, len(nodes)))
            if value == position if isinstance(value, float) else boolean(value):
                kept.append(node)
        nodes = kept
    return nodes


def walk(context, start, steps):
    nodes = [context.node] if start == "here" else [context.document.top] if start == "root" else below(context.document.top)
    for find, predicates in steps:
        nodes = unique([n for node in nodes for n in chosen(context, find(context.at(node, 1, 1)), predicates)])
    return nodes


@functools.lru_cache(maxsize=None)
def compiled(text):
    return Parser(text).whole()


class Document:
    def __init__(self, root):
        self.top = ET.Element("document")  # what "/" means
        self.top.append(root)
        self.parent = {id(child): element for element in self.top.iter() for child in element}

    def value(self, path, node=None):
        return compiled(path)(Context(self, self.top if node is None else node))

    def nodes(self, path, node=None):
        found = self.value(path, node)
        if not isinstance(found, list):
            raise Unsupported(f"{path!r} is no node set")
        return found
