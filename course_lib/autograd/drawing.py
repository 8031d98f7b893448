"""Pictures of a computation graph, as Mermaid text and as SVG, without any other program."""

from xml.sax.saxutils import escape

from course_lib.autograd.order import topo_sort
from course_lib.autograd.tape import Node, inputs_of

_BOX = (110, 34)  # of a node in the SVG, pixels
_GAP = (30, 46)


def to_mermaid(root: Node) -> str:
    """Return the graph below `root` as a Mermaid flowchart: inputs above, results below.

    A leaf is a box with its name, or its value if it has none; an operation is a round box.

    Source: the format: mermaid.js.org, Flowcharts.
    """
    order = topo_sort(root, inputs_of, key=id)
    number = {id(node): k for k, node in enumerate(order)}
    lines = ["flowchart TD"]
    for k, node in enumerate(order):
        text = _caption(node).replace('"', "#quot;")
        lines.append(f'  n{k}("{text}")' if node.inputs else f'  n{k}["{text}"]')
        lines += [f"  n{number[id(child)]} --> n{k}" for child in node.inputs]
    return "\n".join(lines) + "\n"


def to_svg(root: Node) -> str:
    """Return the graph below `root` as a picture: each node one row below the lowest of its inputs.

    Source: Sugiyama, Tagawa and Toda, Methods for visual understanding of hierarchical system
        structures, IEEE Trans. SMC 11 (1981), the layering by longest paths.
    """
    order = topo_sort(root, inputs_of, key=id)
    row: dict[int, int] = {}
    rows: list[list[Node]] = []
    for node in order:
        row[id(node)] = 1 + max((row[id(child)] for child in node.inputs), default=-1)
        while len(rows) <= row[id(node)]:
            rows.append([])
        rows[row[id(node)]].append(node)
    width = max(map(len, rows)) * (_BOX[0] + _GAP[0])
    place = {
        id(node): ((k + 0.5) * width / len(nodes), depth * (_BOX[1] + _GAP[1]) + float(_BOX[1]))
        for depth, nodes in enumerate(rows)
        for k, node in enumerate(nodes)
    }
    height = len(rows) * (_BOX[1] + _GAP[1])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="sans-serif" font-size="13">',
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>',
    ]
    for node in order:
        parts += [_edge(place[id(child)], place[id(node)]) for child in node.inputs]
    parts += [_box(place[id(node)], node) for node in order]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _caption(node: Node) -> str:
    """The name of a leaf or of an operation; the value where it is a single number."""
    if node.data.numel() != 1:
        shape = "×".join(map(str, node.data.shape))
        return f"{node.label} {shape}".strip()
    value = f"{node.data.item():.4g}"
    return f"{node.label} = {value}" if node.label else value


def _edge(start: tuple[float, float], end: tuple[float, float]) -> str:
    half = _BOX[1] / 2
    return (
        f'<line x1="{start[0]:.0f}" y1="{start[1] + half:.0f}" x2="{end[0]:.0f}" '
        f'y2="{end[1] - half:.0f}" stroke="black" marker-end="url(#arrow)"/>'
    )


def _box(centre: tuple[float, float], node: Node) -> str:
    (width, height), (x, y) = _BOX, centre
    fill = "#dbe9f6" if node.inputs else "#fdf2cc"
    return (
        f'<rect x="{x - width / 2:.0f}" y="{y - height / 2:.0f}" width="{width}" height="{height}" '
        f'rx="{12 if node.inputs else 2}" fill="{fill}" stroke="black"/>'
        f'<text x="{x:.0f}" y="{y + 4:.0f}" text-anchor="middle">{escape(_caption(node))}</text>'
    )
