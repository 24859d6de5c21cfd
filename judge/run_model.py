"""Run an ONNX file once with onnxruntime on the CPU and print its outputs as JSON.

usage: python run_model.py MODEL FEEDS.npz

Arrays named like a graph input are fed, the others ignored. Every output is printed as
{name: {"dtype": numpy name, "dims": [...], "base64": little-endian bytes, row-major}}.
"""

import base64
import json
import sys

import numpy as np
import onnxruntime as ort


def describe(array):
    # An array of rank 0 would come back as rank 1 from ascontiguousarray.
    values = np.asarray(array, order="C")
    return {
        "dtype": values.dtype.name,
        "dims": list(values.shape),
        "base64": base64.b64encode(values.astype(values.dtype.newbyteorder("<"), copy=False).tobytes()).decode(),
    }


def main():
    model, feeds = sys.argv[1:]
    options = ort.SessionOptions()
    # exact products: see evaluate.py
    options.add_session_config_entry("session.qdq_matmulnbits_accuracy_level", "0")
    options.add_session_config_entry("session.x64quantprecision", "1")
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    values = np.load(feeds)
    outputs = session.run(None, {i.name: values[i.name] for i in session.get_inputs()})
    print(json.dumps({o.name: describe(v) for o, v in zip(session.get_outputs(), outputs)}))


if __name__ == "__main__":
    main()
