"""Lays out every model of the backend test data of the installed onnx package.

usage: python backend_data.py FOLDER

Some models lie in the package as files, the others are built by its own test cases; those that it
would download are left out. Prints a list of {"name", "path", "feeds", "initializers"}:
`feeds` is an .npz with an array for every graph input of the first data set, or null where there
is none or an input is no plain tensor; `initializers` counts the float initializers and Constant
values of rank 2 and more in the main graph, which is where nearly all weights are.
"""

import contextlib
import glob
import io
import json
import os
import sys
import warnings

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.backend import test as backend_test

FLOATS = {onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16, onnx.TensorProto.BFLOAT16}


def built_cases():
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from onnx.backend.test.case.model import collect_testcases as of_models
        from onnx.backend.test.case.node import collect_testcases as of_nodes

        return [case for case in [*of_nodes(None), *of_models()] if case.model is not None]


def installed_models():
    folder = os.path.join(os.path.dirname(backend_test.__file__), "data")
    for path in sorted(glob.glob(os.path.join(folder, "**", "*.onnx"), recursive=True)):
        yield os.path.relpath(path, folder), path


def installed_feeds(path):
    data = os.path.join(os.path.dirname(path), "test_data_set_0")
    files = glob.glob(os.path.join(data, "input_*.pb"))
    arrays = []
    for index in range(len(files)):
        tensor = onnx.TensorProto()
        with open(os.path.join(data, f"input_{index}.pb"), "rb") as file:
            tensor.ParseFromString(file.read())
        arrays.append(numpy_helper.to_array(tensor))
    return arrays


def save_feeds(model, values, path):
    constants = {i.name for i in model.graph.initializer}
    names = [i.name for i in model.graph.input if i.name not in constants]
    arrays = values[: len(names)]
    plain = all(isinstance(a, np.ndarray) and a.dtype.kind in "fiub" for a in arrays)
    if not plain or len(arrays) < len(names) or not names:
        return None
    np.savez(path, **dict(zip(names, arrays)))
    return path


def count_weights(graph):
    values = [a.t for n in graph.node if n.op_type == "Constant" for a in n.attribute if a.name == "value"]
    return sum(t.data_type in FLOATS and len(t.dims) >= 2 for t in [*graph.initializer, *values])


def main():
    (folder,) = sys.argv[1:]
    listed = []

    def add(name, path, model, values):
        feeds = save_feeds(model, values, os.path.join(folder, f"{len(listed)}.npz"))
        listed.append({"name": name, "path": path, "feeds": feeds, "initializers": count_weights(model.graph)})

    for name, path in installed_models():
        model = onnx.load(path)
        try:
            values = installed_feeds(path)
        except Exception:  # sequences and optionals are other messages than tensors
            values = []
        add(name, path, model, values)
    for case in built_cases():
        path = os.path.join(folder, f"{len(listed)}.onnx")
        with open(path, "wb") as file:
            file.write(case.model.SerializeToString())
        values = case.data_sets[0][0] if case.data_sets else []
        add(case.name, path, case.model, list(values))
    print(json.dumps(listed))


if __name__ == "__main__":
    main()
