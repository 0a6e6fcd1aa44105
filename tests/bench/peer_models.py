"""Models for the peers from the random weights that random-models.mjs made: ONNX for transformers.js, GGUF for wllama.

    python peer_models.py BENCH OUT

BENCH holds gpt2/ and bert-base/ in Hugging Face layout. OUT gets gpt2/ and bert/ with what transformers.js reads,
gpt2/*.gguf, and expected.json: what PyTorch's greedy continuation and its word for a mask are.

The graphs are written out, not exported, and kinder to the peer than exports usually are: attention is one fused operator,
the output layer is quantised too, and only the last position's logits are computed.
"""

import json
import sys
from pathlib import Path

import gguf
import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file
from tokenizers import Tokenizer
from torch.nn import functional as F

PROMPT = "Once upon a time"
MASKED = "the man was in the [MASK] ."
CONTINUATION = 12


class Graph:
    """An ONNX graph in the making; each method adds a node and returns the name of its output."""

    def __init__(self):
        self.nodes, self.initializers, self.count = [], [], 0

    def weight(self, name, array):
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def ints(self, *values):
        self.count += 1
        return self.weight(f"ints_{self.count}", np.array(values, np.int64))

    def scalar(self, value):
        self.count += 1
        return self.weight(f"scalar_{self.count}", np.array(value, np.int64))

    def node(self, op, inputs, outputs=1, domain="", **attributes):
        self.count += 1
        names = [f"{op}_{self.count}_{i}" for i in range(outputs)] if isinstance(outputs, int) else outputs
        self.nodes.append(helper.make_node(op, inputs, names, name=f"{op}_{self.count}", domain=domain, **attributes))
        return names[0] if len(names) == 1 else names

    def linear(self, x, name, weight, bias):
        """`weight` is [in, out]. MatMul and Add, for Gemm is not quantised."""
        return self.node("Add", [self.node("MatMul", [x, self.weight(f"{name}.weight", weight)]), self.weight(f"{name}.bias", bias)])

    def layer_norm(self, x, name, weight, bias, epsilon):
        return self.node(
            "LayerNormalization", [x, self.weight(f"{name}.weight", weight), self.weight(f"{name}.bias", bias)], epsilon=epsilon, axis=-1
        )

    def save(self, path, inputs, outputs):
        graph = helper.make_graph(self.nodes, "model", inputs, outputs, self.initializers)
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
        onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=9), path)


def value(name, kind, *shape):
    return helper.make_tensor_value_info(name, kind, shape)


def gpt2_onnx(w, config, path, tied):
    """`tied` keeps the table of words once; quantisers leave an output layer that is made of it in f32."""
    heads, width = config["n_head"], config["n_embd"]
    size = width // heads
    g = Graph()
    past = ("batch_size", heads, "past_sequence_length", size)
    inputs = [value(name, TensorProto.INT64, "batch_size", "sequence") for name in ("input_ids", "position_ids")]
    inputs.append(value("num_logits_to_keep", TensorProto.INT64))
    outputs = [value("logits", TensorProto.FLOAT, "batch_size", "kept", config["vocab_size"])]
    words = g.node("Gather", [g.weight("wte", w["wte.weight"]), "input_ids"])
    x = g.node("Add", [words, g.node("Gather", [g.weight("wpe", w["wpe.weight"]), "position_ids"])])
    for i in range(config["n_layer"]):
        take = lambda part: (f"h.{i}.{part}", w[f"h.{i}.{part}.weight"], w[f"h.{i}.{part}.bias"])  # noqa: B023, E731
        keys = [f"past_key_values.{i}.{part}" for part in ("key", "value")]
        presents = [f"present.{i}.{part}" for part in ("key", "value")]
        inputs += [value(name, TensorProto.FLOAT, *past) for name in keys]
        outputs += [value(name, TensorProto.FLOAT, "batch_size", heads, "total", size) for name in presents]
        qkv = g.linear(g.layer_norm(x, *take("ln_1"), 1e-5), *take("attn.c_attn"))
        q, k, v = g.node("Split", [qkv], 3, axis=-1, num_outputs=3)
        attended, *_ = g.node(
            "MultiHeadAttention", [q, k, v, "", "", "", *keys], [f"attended.{i}", *presents], "com.microsoft", num_heads=heads, unidirectional=1
        )
        x = g.node("Add", [x, g.linear(attended, *take("attn.c_proj"))])
        h = g.linear(g.layer_norm(x, *take("ln_2"), 1e-5), *take("mlp.c_fc"))
        x = g.node("Add", [x, g.linear(g.node("Gelu", [h], approximate="tanh"), *take("mlp.c_proj"))])
    # As in Hugging Face: 0 keeps the logits of all positions, for -0 is the first.
    start = g.node("Unsqueeze", [g.node("Neg", ["num_logits_to_keep"]), g.ints(0)])
    x = g.node("Slice", [x, start, g.ints(2**62), g.ints(1)])
    x = g.layer_norm(x, "ln_f", w["ln_f.weight"], w["ln_f.bias"], 1e-5)
    head = g.node("Transpose", ["wte"], perm=[1, 0]) if tied else g.weight("lm_head", w["wte.weight"].T)
    g.node("MatMul", [x, head], ["logits"])
    g.save(path, inputs, outputs)


def bert_onnx(w, config, path, tied):
    g = Graph()
    eps = config["layer_norm_eps"]
    norm = lambda x, name: g.layer_norm(x, name, w[f"{name}.weight"], w[f"{name}.bias"], eps)  # noqa: E731
    linear = lambda x, name: g.linear(x, name, w[f"{name}.weight"].T, w[f"{name}.bias"])  # noqa: E731
    table = lambda name, ids: g.node("Gather", [g.weight(name, w[f"bert.embeddings.{name}.weight"]), ids])  # noqa: E731
    inputs = [value(name, TensorProto.INT64, "batch_size", "sequence") for name in ("input_ids", "attention_mask", "token_type_ids")]
    length = g.node("Gather", [g.node("Shape", ["input_ids"]), g.scalar(1)])
    positions = g.node("Unsqueeze", [g.node("Range", [g.scalar(0), length, g.scalar(1)]), g.ints(0)])
    x = g.node("Add", [table("word_embeddings", "input_ids"), table("token_type_embeddings", "token_type_ids")])
    x = norm(g.node("Add", [x, table("position_embeddings", positions)]), "bert.embeddings.LayerNorm")
    mask = g.node("Cast", ["attention_mask"], to=TensorProto.INT32)
    for i in range(config["num_hidden_layers"]):
        at = f"bert.encoder.layer.{i}"
        q, k, v = (linear(x, f"{at}.attention.self.{part}") for part in ("query", "key", "value"))
        attended = g.node("MultiHeadAttention", [q, k, v, "", mask], domain="com.microsoft", num_heads=config["num_attention_heads"])
        x = norm(g.node("Add", [x, linear(attended, f"{at}.attention.output.dense")]), f"{at}.attention.output.LayerNorm")
        h = g.node("Gelu", [linear(x, f"{at}.intermediate.dense")])
        x = norm(g.node("Add", [x, linear(h, f"{at}.output.dense")]), f"{at}.output.LayerNorm")
    h = norm(g.node("Gelu", [linear(x, "cls.predictions.transform.dense")]), "cls.predictions.transform.LayerNorm")
    words = "word_embeddings"
    head = g.node("Transpose", [words], perm=[1, 0]) if tied else g.weight("decoder", w[f"bert.embeddings.{words}.weight"].T)
    h = g.node("MatMul", [h, head])
    g.node("Add", [h, g.weight("decoder.bias", w["cls.predictions.bias"])], ["logits"])
    g.save(path, inputs, [value("logits", TensorProto.FLOAT, "batch_size", "sequence", config["vocab_size"])])


def gpt2_gguf(w, config, tokenizer, path, kind):
    """`kind` is the type of all matrices but the positions, which llama.cpp adds up in f32."""
    writer = gguf.GGUFWriter(path, "gpt2")
    writer.add_name("random weights of GPT-2's shape")
    writer.add_context_length(config["n_positions"])
    writer.add_embedding_length(config["n_embd"])
    writer.add_block_count(config["n_layer"])
    writer.add_feed_forward_length(4 * config["n_embd"])
    writer.add_head_count(config["n_head"])
    writer.add_layer_norm_eps(1e-5)
    writer.add_file_type({"Q8_0": 7, "Q4_0": 2, "F32": 0}[kind.name])
    vocabulary = sorted(tokenizer["model"]["vocab"], key=tokenizer["model"]["vocab"].get)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(vocabulary)
    writer.add_token_types([gguf.TokenType.CONTROL, *[gguf.TokenType.NORMAL] * (len(vocabulary) - 1)])
    writer.add_token_merges([" ".join(pair) for pair in tokenizer["model"]["merges"]])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(0)
    writer.add_add_bos_token(False)
    names = {"wte": "token_embd", "wpe": "position_embd", "ln_f": "output_norm"}
    parts = {
        "ln_1": "attn_norm",
        "attn.c_attn": "attn_qkv",
        "attn.c_proj": "attn_output",
        "ln_2": "ffn_norm",
        "mlp.c_fc": "ffn_up",
        "mlp.c_proj": "ffn_down",
    }
    for i in range(config["n_layer"]):
        names |= {f"h.{i}.{theirs}": f"blk.{i}.{ours}" for theirs, ours in parts.items()}
    for name, array in w.items():
        stem, suffix = name.rsplit(".", 1)
        if array.ndim == 2 and stem.startswith("h."):
            array = array.T
        matrix = array.ndim == 2 and stem != "wpe" and kind != gguf.GGMLQuantizationType.F32
        array = np.ascontiguousarray(array)
        writer.add_tensor(f"{names[stem]}.{suffix}", gguf.quantize(array, kind) if matrix else array, raw_dtype=kind if matrix else None)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def greedy(w, config, ids):
    """GPT-2 in PyTorch: the greedy continuation, and how far each token was ahead of the next best."""
    w = {name: torch.from_numpy(array) for name, array in w.items()}
    heads, width = config["n_head"], config["n_embd"]
    norm = lambda x, name: F.layer_norm(x, (width,), w[f"{name}.weight"], w[f"{name}.bias"], 1e-5)  # noqa: E731
    linear = lambda x, name: x @ w[f"{name}.weight"] + w[f"{name}.bias"]  # noqa: E731
    ids, margins = list(ids), []
    for _ in range(CONTINUATION):
        n = len(ids)
        x = w["wte.weight"][ids] + w["wpe.weight"][:n]
        for i in range(config["n_layer"]):
            qkv = linear(norm(x, f"h.{i}.ln_1"), f"h.{i}.attn.c_attn").split(width, -1)
            q, k, v = (part.view(n, heads, -1).transpose(0, 1) for part in qkv)
            attended = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(0, 1).reshape(n, width)
            x = x + linear(attended, f"h.{i}.attn.c_proj")
            h = F.gelu(linear(norm(x, f"h.{i}.ln_2"), f"h.{i}.mlp.c_fc"), approximate="tanh")
            x = x + linear(h, f"h.{i}.mlp.c_proj")
        best = (norm(x[-1], "ln_f") @ w["wte.weight"].T).topk(2)
        ids.append(best.indices[0].item())
        margins.append(round((best.values[0] - best.values[1]).item(), 4))
    return ids[-CONTINUATION:], margins


def masked(w, config, ids, at):
    """BERT in PyTorch: the likeliest token for the mask, and how far it was ahead."""
    w = {name: torch.from_numpy(array) for name, array in w.items()}
    n, width = len(ids), config["hidden_size"]
    norm = lambda x, name: F.layer_norm(x, (width,), w[f"{name}.weight"], w[f"{name}.bias"], config["layer_norm_eps"])  # noqa: E731
    linear = lambda x, name: F.linear(x, w[f"{name}.weight"], w[f"{name}.bias"])  # noqa: E731
    table = lambda name: w[f"bert.embeddings.{name}.weight"]  # noqa: E731
    x = norm(table("word_embeddings")[ids] + table("position_embeddings")[:n] + table("token_type_embeddings")[0], "bert.embeddings.LayerNorm")
    for i in range(config["num_hidden_layers"]):
        name = f"bert.encoder.layer.{i}"
        qkv = (linear(x, f"{name}.attention.self.{part}") for part in ("query", "key", "value"))
        q, k, v = (part.view(n, config["num_attention_heads"], -1).transpose(0, 1) for part in qkv)
        attended = F.scaled_dot_product_attention(q, k, v).transpose(0, 1).reshape(n, width)
        x = norm(x + linear(attended, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm")
        h = F.gelu(linear(x, f"{name}.intermediate.dense"))
        x = norm(x + linear(h, f"{name}.output.dense"), f"{name}.output.LayerNorm")
    h = norm(F.gelu(linear(x[at], "cls.predictions.transform.dense")), "cls.predictions.transform.LayerNorm")
    best = F.linear(h, table("word_embeddings"), w["cls.predictions.bias"]).topk(2)
    return best.indices[0].item(), round((best.values[0] - best.values[1]).item(), 4)


def write_onnx(make, weights, config, folder):
    """In f32, and for q8 as transformers.js' own conversion script does: dynamic, int8, per tensor."""
    folder.mkdir(parents=True, exist_ok=True)
    untied = folder / "untied.onnx"
    make(weights, config, untied, tied=False)
    # The type is said, for it cannot be inferred through the attention operator.
    options = {"DefaultTensorType": TensorProto.FLOAT}
    quantize_dynamic(untied, folder / "model_quantized.onnx", weight_type=QuantType.QInt8, extra_options=options)
    untied.unlink()
    make(weights, config, folder / "model.onnx", tied=True)


def write_json(path, content):
    path.write_text(json.dumps(content))


def make_gpt2(source, out):
    config = json.loads((source / "config.json").read_text())
    weights = load_file(source / "model.safetensors")
    out.mkdir(exist_ok=True)
    # The default model's tokenizer has fewer tokens than GPT-2; the others get names that no text is cut into.
    tokenizer = json.loads((source / "tokenizer.json").read_text())
    vocabulary = tokenizer["model"]["vocab"]
    vocabulary |= {f"Ġz{index}": index for index in range(len(vocabulary), config["vocab_size"])}
    write_json(out / "tokenizer.json", tokenizer)
    write_json(out / "tokenizer_config.json", {"tokenizer_class": "GPT2Tokenizer", "model_max_length": config["n_positions"]})
    write_json(out / "config.json", config | {"architectures": ["GPT2LMHeadModel"]})
    write_json(out / "generation_config.json", {})
    write_onnx(gpt2_onnx, weights, config, out / "onnx")
    for kind in ("F32", "Q8_0", "Q4_0"):
        gpt2_gguf(weights, config, tokenizer, out / f"model-{kind.lower()}.gguf", gguf.GGMLQuantizationType[kind])
    tokens = Tokenizer.from_str(json.dumps(tokenizer))
    ids, margins = greedy(weights, config, tokens.encode(PROMPT).ids)
    return {"prompt": PROMPT, "ids": ids, "margins": margins, "texts": [tokens.decode([index]) for index in ids]}


def make_bert(source, out):
    config = json.loads((source / "config.json").read_text())
    weights = load_file(source / "model.safetensors")
    out.mkdir(exist_ok=True)
    (out / "tokenizer.json").write_bytes((source / "tokenizer.json").read_bytes())
    special = {f"{name}_token": f"[{name.upper()}]" for name in ("pad", "unk", "cls", "sep", "mask")}
    write_json(out / "tokenizer_config.json", {"tokenizer_class": "BertTokenizer", "model_max_length": 512, **special})
    write_json(out / "config.json", config | {"architectures": ["BertForMaskedLM"], "pad_token_id": 0})
    write_onnx(bert_onnx, weights, config, out / "onnx")
    tokens = Tokenizer.from_file(str(source / "tokenizer.json"))
    ids = tokens.encode(MASKED).ids
    token, margin = masked(weights, config, ids, ids.index(tokens.token_to_id("[MASK]")))
    return {"text": MASKED, "token": token, "margin": margin}


def main():
    bench, out = map(Path, sys.argv[1:])
    expected = {"gpt2": make_gpt2(bench / "gpt2", out / "gpt2"), "bert": make_bert(bench / "bert-base", out / "bert")}
    # Last: it says that all is there.
    write_json(out / "expected.json", expected)


if __name__ == "__main__":
    main()
