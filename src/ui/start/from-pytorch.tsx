/** How files of another kind become the one that is opened here. */
export function FromPyTorch() {
  return (
    <details className="from-pytorch s12">
      <summary className="t2">The model is in PyTorch or on the Hugging Face Hub</summary>
      <p className="t2">Whittle takes ONNX files. Export it once; the folder opens as it is.</p>
      <pre className="json">{CODE}</pre>
    </details>
  );
}

const CODE = `# From the Hub, with its tokenizer and config.json:
pip install "optimum[onnx]"
optimum-cli export onnx --model NAME folder/

# From PyTorch, in Python:
torch.onnx.export(model, example_inputs, "model.onnx", dynamo=True)`;
