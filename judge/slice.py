"""Cuts one encoder layer out of a BERT-like model: real weights, without its large tables.

    python slice.py MODEL OUTPUT
"""

import sys

import onnx
import onnx.utils

HIDDEN = "/bert/embeddings/LayerNorm/LayerNormalization_output_0"
LAYER = "/bert/encoder/layer.0/output/LayerNorm/LayerNormalization_output_0"


def main() -> None:
    source, target = sys.argv[1:]
    model = onnx.shape_inference.infer_shapes(onnx.load(source))
    extractor = onnx.utils.Extractor(model)
    layer = extractor.extract_model([HIDDEN, "attention_mask"], [LAYER])
    for value in (layer.graph.input[0], layer.graph.output[0]):
        batch, sequence, _ = value.type.tensor_type.shape.dim
        batch.dim_param, sequence.dim_param = "batch", "sequence"
    onnx.checker.check_model(layer)
    onnx.save(layer, target)


if __name__ == "__main__":
    main()
