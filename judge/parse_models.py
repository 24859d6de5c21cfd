"""Says of many files whether protobuf can parse them as ONNX models.

usage: python parse_models.py FILE

FILE holds each as four bytes of length, little-endian, and so many bytes. Prints a list of
booleans. Only parsing is asked for: what the fields mean is not checked.
"""

import json
import struct
import sys

import onnx
from google.protobuf.message import DecodeError


def parses(content):
    try:
        onnx.ModelProto().ParseFromString(content)
        return True
    except DecodeError:
        return False


def main():
    (path,) = sys.argv[1:]
    verdicts = []
    with open(path, "rb") as file:
        while header := file.read(4):
            (length,) = struct.unpack("<I", header)
            verdicts.append(parses(file.read(length)))
    print(json.dumps(verdicts))


if __name__ == "__main__":
    main()
