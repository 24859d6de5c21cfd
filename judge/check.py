"""Check an ONNX file with the ONNX checker, shape inference included.

usage: python check.py MODEL
"""

import sys

import onnx


def main():
    onnx.checker.check_model(sys.argv[1], full_check=True)


if __name__ == "__main__":
    main()
