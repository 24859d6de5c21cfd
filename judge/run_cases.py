"""Check and run models on golden inputs, each beside a second model and the golden outputs.

usage: python run_cases.py CASES.json

CASES.json lists {"name", "model", "beside", "golden", "original", "optimized"}: two ONNX files and a golden case
without its ending, or an .npz, whose arrays `in:NAME` are fed and `out:NAME` expected. Prints JSON
by name: how far the model's outputs are from those of the second and from the golden ones, as norm
of the difference over norm, or the error. Where there is an `original`, a third ONNX file, it comes
first: `unable` says why the runtime itself does not give the golden outputs of it. Where there is an
`optimized`, a path to write to, `operators` lists what the runtime is left with after loading.
"""

import functools
import json
import sys

import numpy as np
import onnx
import onnxruntime as ort

SAME = 1e-3

ort.set_default_logger_severity(4)


def arrays_of(path, kind):
    if path.endswith(".npz"):
        with np.load(path) as arrays:
            return {key.removeprefix(kind): arrays[key] for key in arrays.files if key.startswith(kind)}
    with open(f"{path}.json") as file:
        arrays = json.load(file)["arrays"]
    with open(f"{path}.bin", "rb") as file:
        content = file.read()
    return {
        key.removeprefix(kind): np.frombuffer(
            content[entry["offset"] : entry["offset"] + entry["byteLength"]], dtype=entry["dtype"]
        ).reshape(entry["shape"])
        for key, entry in arrays.items()
        if key.startswith(kind)
    }


def run(path, feeds, optimized=None):
    options = ort.SessionOptions()
    # Exact products. Not x64quantprecision: with it, ONNX Runtime 1.30 refuses an int8 weight behind
    # DequantizeLinear that two operators use ("Attempt to replace the existing tensor").
    options.add_session_config_entry("session.qdq_matmulnbits_accuracy_level", "0")
    if optimized is not None:
        options.optimized_model_filepath = optimized
    session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    names = [value.name for value in session.get_outputs()]
    return dict(zip(names, session.run(None, feeds)))


def distance(outputs, expected):
    """Largest over the outputs; None if a shape differs, or what is finite."""
    largest = 0.0
    for name, wanted in expected.items():
        given = outputs[name]
        if not isinstance(given, np.ndarray) or given.dtype == object:
            continue
        if given.shape != wanted.shape:
            return None
        if not np.array_equal(np.isfinite(given), np.isfinite(wanted)):
            return None
        given, wanted = np.nan_to_num(given), np.nan_to_num(wanted)
        gap = np.linalg.norm(given.astype(np.float64) - wanted.astype(np.float64))
        largest = max(largest, float(gap / max(np.linalg.norm(wanted.astype(np.float64)), 1e-30)))
    return largest


def operators(path):
    return sorted({node.op_type for node in onnx.load(path).graph.node})


@functools.cache
def unable(original, golden):
    """Why the runtime does not give the golden outputs of the original model; None if it does."""
    try:
        far = distance(run(original, arrays_of(golden, "in:")), arrays_of(golden, "out:"))
    except Exception as error:
        return str(error)[:200]
    return None if far is not None and far <= SAME else f"{far} from what is expected"


def main():
    with open(sys.argv[1]) as file:
        cases = json.load(file)
    results = {}
    for case in cases:
        reason = unable(case["original"], case["golden"]) if "original" in case else None
        if reason is not None:
            results[case["name"]] = {"unable": reason}
            continue
        try:
            onnx.checker.check_model(case["model"], full_check=True)
            feeds = arrays_of(case["golden"], "in:")
            optimized = case.get("optimized")
            outputs = run(case["model"], feeds, optimized)
            results[case["name"]] = {
                "beside": distance(outputs, run(case["beside"], feeds)),
                "golden": distance(outputs, arrays_of(case["golden"], "out:")),
                **({} if optimized is None else {"operators": operators(optimized)}),
            }
        except Exception as error:  # reported to the test that asked
            results[case["name"]] = {"error": str(error)[:600]}
    print(json.dumps(results))


if __name__ == "__main__":
    main()
