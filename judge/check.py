"""Check an ONNX file with the ONNX checker, shape inference included.

usage: python check.py MODEL

Prints JSON: `rounded`, whether any operator rounds what it is given to 8 bits as it runs.
"""

import json
import sys

import onnx

ROUNDING = {"DynamicQuantizeLinear", "QuantizeLinear"}


def rounds(graph):
    for node in graph.node:
        attributes = {attribute.name: attribute for attribute in node.attribute}
        level = attributes.get("accuracy_level")
        if node.op_type in ROUNDING or (level is not None and level.i == 4):
            return True
        if any(rounds(attribute.g) for attribute in node.attribute if attribute.HasField("g")):
            return True
    return False


def main():
    path = sys.argv[1]
    onnx.checker.check_model(path, full_check=True)
    print(json.dumps({"rounded": rounds(onnx.load(path, load_external_data=False).graph)}))


if __name__ == "__main__":
    main()
