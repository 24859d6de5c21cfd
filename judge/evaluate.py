"""Score a sample folder's ONNX model with onnxruntime on the folder's own labelled data.

usage: python evaluate.py FOLDER [--model other.onnx] [--data FILE] [--batch N] [--limit N] [--json] [--rows FILE] [--original-tokenizer FILE]

Needs numpy, onnxruntime and tokenizers only. Image and text classifiers print accuracy (and the mean
cross-entropy); a causal language model prints perplexity per predicted token over non-overlapping
windows of 256 tokens. --model takes any ONNX file with the same inputs and output. --rows writes a
classifier's rows as JSON, so that two scorings can be compared row by row. --original-tokenizer names the
tokenizer.json that windows and tokens are counted by, where the folder's has fewer tokens.
"""

import argparse
import csv
import json
import math
from pathlib import Path

import numpy as np
import onnxruntime as ort

WINDOW = 256


def log_softmax(x):
    x = x.astype(np.float64)
    x = x - x.max(axis=-1, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=-1, keepdims=True))


def feed_for(session, values):
    return {i.name: values[i.name] for i in session.get_inputs()}


def score_batches(session, batches, rows):
    """(accuracy, mean cross-entropy, count) over (feed, labels) pairs; appends each row to `rows`."""
    hits, loss, count = 0, 0.0, 0
    for values, labels in batches:
        logits = session.run(["logits"], feed_for(session, values))[0]
        logp = log_softmax(logits)
        rows.extend(
            {"label": int(label), "predicted": int(row.argmax()), "logits": [float(v) for v in row]}
            for row, label in zip(logits, labels)
        )
        hits += int((logp.argmax(-1) == labels).sum())
        loss -= float(logp[np.arange(len(labels)), labels].sum())
        count += len(labels)
    return {"accuracy": hits / count, "cross_entropy": loss / count, "examples": count}


def image_batches(path, size, limit):
    data = np.load(path)
    images, labels = data["image"][:limit], data["labels"][:limit]
    for i in range(0, len(labels), size):
        yield {"image": images[i:i + size]}, labels[i:i + size]


def text_batches(folder, path, config, size, limit):
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    extra = folder / "tokenizer_config.json"
    longest = json.loads(extra.read_text()).get("model_max_length", 64) if extra.exists() else 64
    tokenizer.enable_truncation(longest)
    tokenizer.enable_padding(pad_id=tokenizer.token_to_id("[PAD]"), pad_token="[PAD]")
    with open(path, encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))[:limit]
    for i in range(0, len(rows), size):
        encoded = tokenizer.encode_batch([r["text"] for r in rows[i:i + size]])
        ids = np.array([e.ids for e in encoded], dtype=np.int64)
        mask = np.array([e.attention_mask for e in encoded], dtype=np.int64)
        labels = np.array([config["label2id"][r["label"]] for r in rows[i:i + size]])
        yield {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}, labels


def windows_of(tokenizer, original, text):
    """(ids, first predicted index, tokens counted) per window of 256 tokens of the original tokenizer.

    With a tokenizer of fewer tokens a window is cut at the last place, at or before its end, at which both split the
    text; what is predicted begins after the first place of a window that both have, and losses are counted per token
    of the original.
    """
    theirs = original.encode(text).ids
    if tokenizer is original:
        for start in range(0, len(theirs), WINDOW):
            ids = theirs[start:start + WINDOW]
            yield ids, 1, len(ids) - 1
        return
    own = tokenizer.encode(text).ids
    ends = np.cumsum([len(original.id_to_token(i)) for i in theirs])
    own_ends = np.cumsum([len(tokenizer.id_to_token(i)) for i in own])
    if ends[-1] != own_ends[-1]:
        raise ValueError("the two tokenizers spell the text otherwise")
    place_of = {end: place for place, end in enumerate(own_ends, 1)}
    common = [place_of.get(end) for end in ends]  # own tokens up to where the original's token ends

    def before(at):
        while at > 0 and common[at - 1] is None:
            at -= 1
        return common[at - 1] if at > 0 else 0

    for start in range(0, len(theirs), WINDOW):
        end = min(start + WINDOW, len(theirs))
        places = [at for at in range(start, end) if common[at] is not None]
        first = before(start)
        yield own[first:before(end)], common[places[0]] - first, places[-1] - places[0]


def perplexity(session, folder, path, limit, original_path):
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    original = Tokenizer.from_file(str(original_path)) if original_path else tokenizer
    text = path.read_text(encoding="utf-8")
    total, count = 0.0, 0
    for ids, first, counted in list(windows_of(tokenizer, original, text))[:limit]:
        if counted < 1:
            continue
        window = np.array([ids], dtype=np.int64)
        logits = session.run(["logits"], feed_for(session, {"input_ids": window, "attention_mask": np.ones_like(window)}))[0]
        logp = log_softmax(logits[0, first - 1:-1])
        total -= float(logp[np.arange(window.shape[1] - first), window[0, first:]].sum())
        count += counted
    return {"perplexity": math.exp(total / count), "cross_entropy": total / count, "tokens": count}


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("folder", type=Path)
    ap.add_argument("--model", type=Path, help="default: FOLDER/model.onnx")
    ap.add_argument("--data", type=Path, help="default: the folder's test file")
    ap.add_argument("--batch", type=int, default=1, help="dynamic int8 scales depend on what shares a batch; 1 is exact")
    ap.add_argument("--limit", type=int, help="first N examples (windows for a language model)")
    ap.add_argument("--threads", type=int, default=0)
    ap.add_argument("--rows", type=Path, help="write each row's label, prediction and logits here (classifiers)")
    ap.add_argument("--original-tokenizer", type=Path, help="whose tokens are counted (language models)")
    ap.add_argument("--json", action="store_true", help="print one JSON object")
    args = ap.parse_args()

    rows = []
    config = json.loads((args.folder / "config.json").read_text())
    options = ort.SessionOptions()
    options.intra_op_num_threads = args.threads
    # keep this judge exact: no int8 activations in fused weight-only products, no saturating int8 kernels on old x64
    options.add_session_config_entry("session.qdq_matmulnbits_accuracy_level", "0")
    options.add_session_config_entry("session.x64quantprecision", "1")
    session = ort.InferenceSession(str(args.model or args.folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
    if config.get("task") == "image-classification":
        result = score_batches(session, image_batches(args.data or args.folder / "test.npz", args.batch, args.limit), rows)
    elif "ForCausalLM" in config["architectures"][0]:
        if args.rows:
            ap.error("--rows is for classifiers; this folder holds a language model")
        result = perplexity(session, args.folder, args.data or args.folder / "test.txt", args.limit, args.original_tokenizer)
    else:
        data = args.data or args.folder / "test.csv"
        result = score_batches(session, text_batches(args.folder, data, config, args.batch, args.limit), rows)
    if args.rows:
        args.rows.write_text(json.dumps(rows))
    if args.json:
        print(json.dumps(result))
    else:
        print("  ".join(f"{k} {v:.4f}" if isinstance(v, float) else f"{k} {v}" for k, v in result.items()))


if __name__ == "__main__":
    main()
