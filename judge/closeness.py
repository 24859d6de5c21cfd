"""How close a compressed model's outputs are to the original's in ONNX Runtime on the CPU.

    python closeness.py ORIGINAL COMPRESSED [--rows 4]

Inputs are made up from the graph's input types with a fixed seed: token ids below 1000 (or the
first table's rows), masks of ones, zeros for token types, no past, normal floats. Prints one JSON
object with the cosine over all outputs and rows, and whether all are finite where the original is.
"""

import argparse
import json

import numpy as np
import onnx
import onnxruntime

LENGTH = 24


def session(path: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def ids_below(path: str, name: str) -> int:
    graph = onnx.load(path, load_external_data=False).graph
    tables = {tensor.name: tensor.dims[0] for tensor in graph.initializer if tensor.dims}
    for node in graph.node:
        if node.op_type == "Gather" and node.input[1] == name and node.input[0] in tables:
            return tables[node.input[0]]
    return 1000


def made_up(info, limit: int, random: np.random.Generator) -> np.ndarray:
    """One input; whole numbers of the type that the graph states."""
    shape = [dim if isinstance(dim, int) else (1 if at == 0 else LENGTH) for at, dim in enumerate(info.shape)]
    if info.type == "tensor(float)":
        return random.standard_normal(shape, dtype=np.float32)
    integer = np.int32 if info.type == "tensor(int32)" else np.int64
    if "mask" in info.name:
        return np.ones(shape, integer)
    if "type" in info.name:
        return np.zeros(shape, integer)
    if "position" in info.name:
        return np.broadcast_to(np.arange(shape[-1]), shape).astype(integer)
    return random.integers(0, limit, shape).astype(integer)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("original")
    parser.add_argument("compressed")
    parser.add_argument("--rows", type=int, default=4)
    options = parser.parse_args()
    first, second = session(options.original), session(options.compressed)
    random = np.random.default_rng(1)
    limits = {info.name: ids_below(options.original, info.name) for info in first.get_inputs()}
    wanted, given = [], []
    for _ in range(options.rows):
        feeds = {info.name: made_up(info, limits[info.name], random) for info in first.get_inputs()}
        wanted += [output.ravel().astype(np.float64) for output in first.run(None, feeds)]
        given += [output.ravel().astype(np.float64) for output in second.run(None, feeds)]
    a, b = np.concatenate(wanted), np.concatenate(given)
    finite = np.isfinite(a)
    broken = int(np.count_nonzero(finite & ~np.isfinite(b)))
    a, b = a[finite], np.nan_to_num(b[finite])
    norms = np.linalg.norm(a) * np.linalg.norm(b)
    cosine = float(a @ b / norms) if norms > 0 else float(np.array_equal(a, b))
    print(json.dumps({"cosine": cosine, "broken": broken}))


if __name__ == "__main__":
    main()
