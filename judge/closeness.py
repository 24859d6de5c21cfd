"""How close compressed models' outputs are to their originals' in ONNX Runtime on the CPU.

    python closeness.py

Reads one JSON object a line, {"original", "compressed"}, and answers each with a line: first ONNX's
checker reads the compressed file, shape inference included, then both run on four rows. Inputs are
made up from the graph's input types with a fixed seed: token ids below 1000 (or the first table's
rows), masks of ones, zeros for token types, no past, normal floats. The answer is {"cosine",
"broken"}: over all outputs and rows, and how many values are not finite where the original's are;
or {"error"}. What an original gives is kept for those after it.
"""

import functools
import json
import sys

import numpy as np
import onnx
import onnxruntime

LENGTH = 24
ROWS = 4


def session(path: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1  # a browser computes beside it
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


def outputs(runnable: onnxruntime.InferenceSession, rows: list[dict[str, np.ndarray]]) -> np.ndarray:
    return np.concatenate([output.ravel().astype(np.float64) for row in rows for output in runnable.run(None, row)])


@functools.cache
def truth(original: str) -> tuple[list[dict[str, np.ndarray]], np.ndarray]:
    """Rows of inputs, and what the original gives for them."""
    runnable = session(original)
    random = np.random.default_rng(1)
    limits = {info.name: ids_below(original, info.name) for info in runnable.get_inputs()}
    rows = [
        {info.name: made_up(info, limits[info.name], random) for info in runnable.get_inputs()} for _ in range(ROWS)
    ]
    return rows, outputs(runnable, rows)


def closeness(original: str, compressed: str) -> dict[str, float]:
    onnx.checker.check_model(compressed, full_check=True)
    rows, a = truth(original)
    b = outputs(session(compressed), rows)
    finite = np.isfinite(a)
    broken = int(np.count_nonzero(finite & ~np.isfinite(b)))
    a, b = a[finite], np.nan_to_num(b[finite])
    norms = np.linalg.norm(a) * np.linalg.norm(b)
    return {"cosine": float(a @ b / norms) if norms > 0 else float(np.array_equal(a, b)), "broken": broken}


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = closeness(asked["original"], asked["compressed"])
        except Exception as error:  # reported to whom asked
            answer = {"error": str(error)[:600]}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
