"""Lays out every model of the backend test data of the installed onnx package.

usage: python backend_data.py FOLDER

Some models lie in the package as files, the others are built by its own test cases; those that it
would download are left out. Cases of one operator get its weights as inputs, so each is built once
more with all but the first of its float matrices as initializers, named "… with weights".
Prints a list of {"name", "path", "values", "initializers"}: `values` is an .npz of the first data
set, with `in:NAME` for every graph input and `out:NAME` for every output, or null where there is
none or one is no plain tensor; `initializers` counts the float initializers and Constant values of
rank 2 and more in the main graph, which is where nearly all weights are.
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


def installed_values(path, kind):
    data = os.path.join(os.path.dirname(path), "test_data_set_0")
    arrays = []
    for index in range(len(glob.glob(os.path.join(data, f"{kind}_*.pb")))):
        tensor = onnx.TensorProto()
        with open(os.path.join(data, f"{kind}_{index}.pb"), "rb") as file:
            tensor.ParseFromString(file.read())
        arrays.append(numpy_helper.to_array(tensor))
    return arrays


def names_of_inputs(model):
    constants = {i.name for i in model.graph.initializer}
    return [i.name for i in model.graph.input if i.name not in constants]


def is_plain(array):
    return isinstance(array, np.ndarray) and array.dtype.kind in "fiub"


def save_values(model, inputs, outputs, path):
    given = {f"in:{name}": array for name, array in zip(names_of_inputs(model), inputs)}
    wanted = {f"out:{value.name}": array for value, array in zip(model.graph.output, outputs)}
    stated = len(names_of_inputs(model)), len(model.graph.output)
    if not wanted or (len(given), len(wanted)) != stated or not all(map(is_plain, [*given.values(), *wanted.values()])):
        return None
    np.savez(path, **given, **wanted)
    return path


def with_weights(model, inputs):
    """The model with its float matrices as initializers, but for the first input, and the inputs that are left."""
    names = names_of_inputs(model)
    stored = {
        name: array
        for name, array in list(zip(names, inputs))[1:]
        if is_plain(array) and array.dtype in (np.float32, np.float16) and array.ndim >= 2
    }
    if not stored:
        return None
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    copy.graph.initializer.extend(numpy_helper.from_array(array, name) for name, array in stored.items())
    left = [value for value in copy.graph.input if value.name not in stored]
    del copy.graph.input[:]
    copy.graph.input.extend(left)
    return copy, [array for name, array in zip(names, inputs) if name not in stored]


def count_weights(graph):
    values = [a.t for n in graph.node if n.op_type == "Constant" for a in n.attribute if a.name == "value"]
    return sum(t.data_type in FLOATS and len(t.dims) >= 2 for t in [*graph.initializer, *values])


def main():
    (folder,) = sys.argv[1:]
    listed = []

    def add(name, path, model, inputs, outputs):
        values = save_values(model, inputs, outputs, os.path.join(folder, f"{len(listed)}.npz"))
        listed.append({"name": name, "path": path, "values": values, "initializers": count_weights(model.graph)})

    def build(name, model, inputs, outputs):
        path = os.path.join(folder, f"{len(listed)}.onnx")
        onnx.save(model, path)
        add(name, path, model, inputs, outputs)

    for name, path in installed_models():
        model = onnx.load(path)
        try:
            inputs, outputs = installed_values(path, "input"), installed_values(path, "output")
        except Exception:  # sequences and optionals are other messages than tensors
            inputs, outputs = [], []
        add(name, path, model, inputs, outputs)
    for case in built_cases():
        inputs, outputs = case.data_sets[0] if case.data_sets else ([], [])
        build(case.name, case.model, list(inputs), list(outputs))
        stored = with_weights(case.model, inputs)
        if stored:
            build(f"{case.name} with weights", *stored, list(outputs))
    print(json.dumps(listed))


if __name__ == "__main__":
    main()
