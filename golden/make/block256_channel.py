"""Cases beside those of nbits.py and int8.py: block 256, whole channels, zero points on a tie.

Versions: onnxruntime 1.30.0, onnx 1.23.2, onnx-ir 1.1.0, numpy 2.4.6.
usage: block256_channel.py OUT_DIR
"""
import io, contextlib, logging, os, sys, tempfile
import numpy as np, onnx, onnxruntime as ort
from onnx import TensorProto as T, helper, numpy_helper
import onnxruntime.quantization as oq
from onnxruntime.quantization import matmul_nbits_quantizer as Q
from onnxruntime.quantization.quant_utils import QuantFormat
from goldenio import Case

logging.disable(logging.CRITICAL)
OUT = sys.argv[1]
V = 'onnxruntime %s' % ort.__version__
f32 = np.float32


def matmul(W):
    K, N = W.shape
    g = helper.make_graph([helper.make_node('MatMul', ['A', 'W'], ['Y'], name='mm')], 'g',
                          [helper.make_tensor_value_info('A', T.FLOAT, ['M', K])],
                          [helper.make_tensor_value_info('Y', T.FLOAT, ['M', N])], [numpy_helper.from_array(W, 'W')])
    return helper.make_model(g, opset_imports=[helper.make_opsetid('', 21)], ir_version=10)


def quantized(W, **config):
    q = Q.MatMulNBitsQuantizer(matmul(W), algo_config=Q.DefaultWeightOnlyQuantConfig(**config))
    q.process()
    m = q.model.model
    return {i.name: i for i in m.graph.initializer}, m.graph.node


def weight(K, N, seed):
    rng = np.random.default_rng(seed)
    W = (rng.standard_normal((K, N)) * 0.05).astype(f32)
    W[::29, ::2] *= f32(8)
    W[:, N - 1] = np.abs(W[:, N - 1])
    return W


for bits in (2, 4, 8):
    for sym in (True, False):
        K, N = 600, 5
        W = weight(K, N, bits + sym)
        ini, nodes = quantized(W, block_size=256, is_symmetric=sym, bits=bits)
        names = [n for n in nodes if n.op_type == 'MatMulNBits'][0].input
        c = Case('nbits', f'default_b{bits}_{"sym" if sym else "asym"}_g256_k600n5', 'DEFAULT algorithm, block 256, ragged last block',
                 f'{V} MatMulNBitsQuantizer (DefaultWeightOnlyQuantConfig: QOperator, bits={bits}, block_size=256, is_symmetric={sym})')
        c.arr('weight', W).arr('B', numpy_helper.to_array(ini[names[1]])).arr('scales', numpy_helper.to_array(ini[names[2]]))
        if not sym:
            c.arr('zero_points', numpy_helper.to_array(ini[names[3]]))
        c.params(K=K, N=N, bits=bits, block_size=256, symmetric=sym, algorithm='DEFAULT', quant_format='QOperator')
        c.expect(bytesExact=True, tolerance={'B': 0, 'scales': 0, 'zero_points': 0}).save(OUT)

for sym in (True, False):
    K, N = 98, 7
    W = weight(K, N, 50 + sym)
    ini, nodes = quantized(W, is_symmetric=sym, bits=4, quant_format=QuantFormat.QDQ, channel_wised_quantize=True)
    dq = [n for n in nodes if n.op_type == 'DequantizeLinear'][0]
    raw = np.frombuffer(ini[dq.input[0]].raw_data, np.uint8)
    q = np.stack([raw & 15, raw >> 4], 1).reshape(-1)[:K * N]
    if sym:  # the tool stores [N, K], and signed nibbles
        q = q.reshape(N, K).T ^ 8
    q = q.reshape(K, N)
    s = numpy_helper.to_array(ini[dq.input[1]]).reshape(1, N)
    c = Case('nbits', f'qdq_channel_b4_{"sym" if sym else "asym"}_k98n7', 'DEFAULT algorithm with one scale per column; codes repacked: '
             'byte (i, n) holds rows 2i and 2i + 1 of column n, low nibble first, symmetric codes moved by 8',
             f'{V} MatMulNBitsQuantizer (DefaultWeightOnlyQuantConfig: QDQ, bits=4, channel_wised_quantize=True, is_symmetric={sym})')
    c.arr('weight', W).arr('codes', (q[0::2] | (q[1::2] << 4)).astype(np.uint8)).arr('scales', s)
    if not sym:
        z = np.frombuffer(ini[dq.input[2]].raw_data, np.uint8)
        c.arr('zero_points', np.stack([z & 15, z >> 4], 1).reshape(-1)[:N].reshape(1, N))
    c.params(K=K, N=N, bits=4, symmetric=sym).expect(bytesExact=True, tolerance={'codes': 0, 'scales': 0, 'zero_points': 0}).save(OUT)

# Columns whose zero point lies on a tie, or would without float64 rounding: -min / scale = n + 1/2.
rng = np.random.default_rng(77)
K, N = 16, 120
W = (rng.standard_normal((K, N)) * 0.01).astype(f32)
for n in range(N):
    part = (1, 3, 5, 15, 17, 51, 85, 255)[n % 8]  # the range is 510 / part units: exact in float64 only for part 1
    whole = 510 // part
    odd = 2 * rng.integers(0, whole // 2) + 1
    unit = f32(rng.integers(1 << 13, 1 << 14)) * f32(2.0 ** rng.integers(-24, -14))
    W[:, n] = np.clip(W[:, n], -unit * odd, unit * (whole - odd))
    W[0, n], W[1, n] = -unit * f32(odd), unit * f32(whole - odd)
W[:, 0] = np.where(np.arange(K) % 2, 1, -1) * f32(0.3)
W[:, 1] = 0
W[:, 2] = rng.standard_normal(K).astype(f32) * f32(1e-39)
with tempfile.TemporaryDirectory() as tmp:
    a, o = os.path.join(tmp, 'a.onnx'), os.path.join(tmp, 'o.onnx')
    onnx.save(helper.make_model(matmul(W).graph, opset_imports=[helper.make_opsetid('', 17)], ir_version=8), a)
    with contextlib.redirect_stdout(io.StringIO()):
        oq.quantize_dynamic(a, o, weight_type=oq.QuantType.QUInt8, per_channel=True)
    ini = {i.name: numpy_helper.to_array(i) for i in onnx.load(o).graph.initializer}
c = Case('int8', 'dynamic_matmul_quint8_perchannel_ties', 'QUInt8 per column; -min / scale is n + 1/2 but for the rounding of the float64 scale',
         f'{V} onnxruntime.quantization.quantize_dynamic')
c.arr('weight', W).arr('q', ini['W_quantized']).arr('scale', ini['W_scale']).arr('zero_point', ini['W_zero_point'])
c.params(op='MatMul', kind='dynamic', weight_type='QUInt8', per_channel=True, reduce_range=False, symmetric=False, axis=1)
c.expect(bytesExact=True, tolerance={'q': 0, 'scale': 0, 'zero_point': 0}).save(OUT)
