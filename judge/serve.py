"""Run the judge's scripts one after the other, each in a child that has the packages already.

usage: python serve.py

Loading NumPy, onnx and ONNX Runtime takes longer than most of what is asked. Reads one line of JSON
each, {"script", "args", "printed", "complained"}: a file of this folder, its arguments, and the paths
that take what it prints and what it complains of. Answers {"code"} in a line: what it ended with.
"""

import json
import os
import runpy
import sys
import traceback

import numpy  # noqa: F401
import onnx  # noqa: F401
import onnxruntime  # noqa: F401

HERE = os.path.dirname(os.path.abspath(__file__))


def run(asked):
    for stream, path in ((1, asked["printed"]), (2, asked["complained"])):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
    sys.argv = [asked["script"], *asked["args"]]
    try:
        runpy.run_path(os.path.join(HERE, asked["script"]), run_name="__main__")
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def main():
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            run(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(json.dumps({"code": os.waitstatus_to_exitcode(status)}), flush=True)


if __name__ == "__main__":
    main()
