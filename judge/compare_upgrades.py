"""Compare models with what a converter made of them: NAME.before.onnx and NAME.after.onnx.

usage: python compare_upgrades.py FOLDER     for each pair in FOLDER, as JSON by name
       python compare_upgrades.py --package  the folder of onnx's own backend test data
       python compare_upgrades.py --history  opsets by operator of the default domain, as JSON

The converted model is checked, both run on one set of random inputs, and so does what onnx's own
version converter makes of the first. Symbolic dimensions are 3, integers 0 or 1. Where a file
NAME.case names a folder of onnx's test data, its inputs and outputs take the place of the first
model, which may be too old to run.
"""

import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime as ort
from onnx import numpy_helper, version_converter
from onnx.backend import test as backend_test

ort.set_default_logger_severity(4)
SYMBOLIC = 3


def feeds_of(session):
    random = np.random.default_rng(7)
    feeds = {}
    for value in session.get_inputs():
        dims = [dim if isinstance(dim, int) else SYMBOLIC for dim in value.shape]
        kind = value.type
        if kind == "tensor(bool)":
            feeds[value.name] = random.integers(0, 2, dims).astype(bool)
        elif "int" in kind:
            feeds[value.name] = random.integers(0, 2, dims).astype(kind[7:-1])
        elif kind == "tensor(string)":
            feeds[value.name] = np.full(dims, "a", dtype=object)
        else:
            names = {"tensor(float)": "float32", "tensor(double)": "float64"}
            feeds[value.name] = random.standard_normal(dims).astype(names.get(kind, "float16"))
    return feeds


def session_of(model):
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    source = model if isinstance(model, str) else model.SerializeToString()
    return ort.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def difference(a, b):
    """Largest difference of two lists of outputs; None if their shapes or types differ."""
    largest = 0.0
    for left, right in zip(a, b, strict=True):
        if not isinstance(left, np.ndarray):
            continue
        if left.shape != right.shape or left.dtype != right.dtype:
            return None
        if left.dtype == object:
            largest = max(largest, float(np.any(left != right)))
        elif left.size:
            gap = np.abs(left.astype(np.float64) - right.astype(np.float64))
            largest = max(largest, float(np.nan_to_num(gap).max()))
            largest = max(largest, float(np.any(np.isnan(left) != np.isnan(right))))
    return largest


def operators(graph):
    found = []
    for node in graph.node:
        found.append(node.op_type)
        for attribute in node.attribute:
            if attribute.HasField("g"):
                found += operators(attribute.g)
    return found


def tensors_of(folder, kind):
    count = len(list(folder.glob(f"{kind}_*.pb")))
    paths = [folder / f"{kind}_{index}.pb" for index in range(count)]
    return [numpy_helper.to_array(onnx.load_tensor(str(path))) for path in paths]


def compare_case(after, folder):
    onnx.checker.check_model(str(after), full_check=True)
    session = session_of(str(after))
    names = [value.name for value in session.get_inputs()]
    inputs = tensors_of(folder, "input")
    expected = tensors_of(folder, "output")
    outputs = session.run(None, dict(zip(names, inputs, strict=True)))
    scale = max(1.0, *(float(np.abs(array).max()) for array in expected if array.size))
    gap = difference(expected, outputs)
    return {"difference": None if gap is None else gap / scale}


def compare(before, after):
    case = before.with_name(before.name.replace(".before.onnx", ".case"))
    if case.exists():
        return compare_case(after, pathlib.Path(case.read_text()))
    onnx.checker.check_model(str(after), full_check=True)
    original = onnx.load(str(before))
    converted = onnx.load(str(after))
    target = max(opset.version for opset in converted.opset_import if opset.domain == "")
    session = session_of(str(before))
    feeds = feeds_of(session)
    expected = session.run(None, feeds)
    result = {
        "difference": difference(expected, session_of(str(after)).run(None, feeds)),
        "operators": operators(converted.graph),
    }
    try:
        theirs = version_converter.convert_version(original, target)
        outputs = session_of(theirs).run(None, feeds)
        result["converter"] = {
            "difference": difference(expected, outputs),
            "operators": [op for op in operators(theirs.graph) if op != "Constant"],
        }
    except Exception as error:  # it refuses many models, and some of its results do not load
        result["converter"] = {"error": str(error)[:300]}
    return result


def main():
    if sys.argv[1] == "--package":
        print(pathlib.Path(backend_test.__file__).parent / "data")
        return
    if sys.argv[1] == "--history":
        history = {}
        for schema in onnx.defs.get_all_schemas_with_history():
            if schema.domain == "":
                history.setdefault(schema.name, []).append(schema.since_version)
        print(json.dumps(history))
        return
    results = {}
    for before in sorted(pathlib.Path(sys.argv[1]).glob("*.before.onnx")):
        after = before.with_name(before.name.replace(".before.", ".after."))
        name = before.name.removesuffix(".before.onnx")
        try:
            results[name] = compare(before, after)
        except Exception as error:
            results[name] = {"error": str(error)[:600]}
    print(json.dumps(results))


if __name__ == "__main__":
    main()
