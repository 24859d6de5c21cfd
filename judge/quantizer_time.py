"""Time ONNX Runtime's own 4-bit quantizer on a file: MatMul and Gather, block 32, symmetric.

usage: python quantizer_time.py MODEL OUTPUT

Prints {"load", "quantize", "save", "total"} in milliseconds, imports not counted, as JSON.
"""

import json
import logging
import sys
import time

import onnx
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer


def main():
    source, target = sys.argv[1:]
    logging.disable(logging.INFO)
    times = [time.perf_counter()]
    model = onnx.load(source)
    times.append(time.perf_counter())
    quantizer = MatMulNBitsQuantizer(
        model, bits=4, block_size=32, is_symmetric=True, op_types_to_quantize=("MatMul", "Gather")
    )
    quantizer.process()
    times.append(time.perf_counter())
    quantizer.model.save_model_to_file(target)
    times.append(time.perf_counter())
    load, quantize, save = (1000 * (end - start) for start, end in zip(times, times[1:]))
    print(json.dumps({"load": load, "quantize": quantize, "save": save, "total": load + quantize + save}))


if __name__ == "__main__":
    main()
