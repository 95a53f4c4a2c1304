"""Leave out of a network what only outputs need that nobody asks for."""

from collections.abc import Collection, Sequence

import numpy as np
from ai_edge_litert.schema_py_generated import Model, SubGraph

_OUTPUTS, _OPERATORS = 8, 10
"""Fields of a subgraph's table (schema of TensorFlow Lite, version 3)."""

_WORD = 4  # bytes of a length, of a tensor's number, and of how far behind its entry an operator is


def pruned(network: bytes, outputs: Collection[str]) -> bytes:
    """Return a network with these outputs alone, and the operators that lead to them.

    What is left calculates the same to the bit: its content stays where it is, and only the lists
    of outputs and operators become shorter. BlazePose's landmark networks draw a person's mask as
    well, which takes the smaller one a third of its time.

    Parameters
    ----------
    network : bytes
        A sound network of one subgraph, as LiteRT reads it.
    outputs : collection of str
        Names of outputs.

    Raises
    ------
    ValueError
        When the network does not have one of these.
    """
    content = bytearray(network)
    graph = Model.GetRootAs(content, 0).Subgraphs(0)
    tensors = {graph.Tensors(each).Name().decode(): int(each) for each in graph.OutputsAsNumpy()}
    if missing := set(outputs) - set(tensors):
        raise ValueError(f"The network does not give {', '.join(sorted(missing))}.")
    kept = [tensor for name, tensor in tensors.items() if name in outputs]
    operators = _leading_to(graph, kept)
    places = [graph.Operators(index)._tab.Pos for index in operators]
    _write(content, graph, _OUTPUTS, kept)
    entries = _start(graph, _OPERATORS) + _WORD * np.arange(len(places))
    _write(content, graph, _OPERATORS, places - entries)
    return bytes(content)


def _leading_to(graph: SubGraph, tensors: Sequence[int]) -> list[int]:
    """Return the numbers of the operators, in their order, that these tensors come from."""
    needed, found = set(tensors), []
    for index in reversed(range(graph.OperatorsLength())):
        operator = graph.Operators(index)
        if not needed.isdisjoint(operator.OutputsAsNumpy().tolist()):
            needed.update(operator.InputsAsNumpy().tolist())
            found.append(index)
    return found[::-1]


def _start(graph: SubGraph, field: int) -> int:
    """Return where a vector's first entry is; its length stands before it."""
    return graph._tab.Vector(graph._tab.Offset(field))


def _write(
    content: bytearray, graph: SubGraph, field: int, entries: Sequence[int] | np.ndarray
) -> None:
    """Write a vector that is not longer over the one that is there."""
    start = _start(graph, field) - _WORD
    vector = np.frombuffer(content, "<u4", 1 + len(entries), start)
    vector[:] = [len(entries), *entries]
