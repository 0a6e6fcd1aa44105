"""Files in which one matrix or bias has two names: what transformers computes with them.

`safetensors.torch.save_model` keeps one name of tensors that share memory; older and other programs write both, or the
other one; some files have two that differ. Every file is read back by transformers' `from_pretrained`, which computes what is kept.
"""

import json
import tempfile
from pathlib import Path

import torch
from safetensors.torch import save_file, save_model
from transformers import (
    AlbertConfig, AlbertForMaskedLM, BertConfig, BertForMaskedLM, BertForPreTraining,
    DistilBertConfig, DistilBertForMaskedLM, GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM,
    OpenAIGPTConfig, OpenAIGPTLMHeadModel, RobertaConfig, RobertaForMaskedLM,
)

from floats import FIXTURES, f32s, write

FOLDER = FIXTURES / "ties"
ENCODER = dict(
    vocab_size=20, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=12, max_position_embeddings=12,
)
GPT = dict(vocab_size=20, n_embd=8, n_layer=1, n_head=2, n_positions=12)
# model class, config, the token embedding's name, the output layer's, the bias's name and its other one, the prefix
KINDS = {
    "bert": (BertForMaskedLM, BertConfig(**ENCODER), "bert.embeddings.word_embeddings.weight",
             "cls.predictions.decoder.weight", ("cls.predictions.bias", "cls.predictions.decoder.bias"), "bert."),
    "bert-pretraining": (BertForPreTraining, BertConfig(**ENCODER), "bert.embeddings.word_embeddings.weight",
                         "cls.predictions.decoder.weight", ("cls.predictions.bias", "cls.predictions.decoder.bias"), "bert."),
    "roberta": (RobertaForMaskedLM, RobertaConfig(**ENCODER, type_vocab_size=1), "roberta.embeddings.word_embeddings.weight",
                "lm_head.decoder.weight", ("lm_head.bias", "lm_head.decoder.bias"), "roberta."),
    "albert": (AlbertForMaskedLM, AlbertConfig(**ENCODER, embedding_size=4), "albert.embeddings.word_embeddings.weight",
               "predictions.decoder.weight", ("predictions.bias", "predictions.decoder.bias"), "albert."),
    "distilbert": (DistilBertForMaskedLM, DistilBertConfig(vocab_size=20, dim=8, n_layers=1, n_heads=2, hidden_dim=12,
                                                           max_position_embeddings=12),
                   "distilbert.embeddings.word_embeddings.weight", "vocab_projector.weight", None, "distilbert."),
    "gpt2": (GPT2LMHeadModel, GPT2Config(**GPT), "transformer.wte.weight", "lm_head.weight", None, "transformer."),
    "openai-gpt": (OpenAIGPTLMHeadModel, OpenAIGPTConfig(**GPT), "transformer.tokens_embed.weight", "lm_head.weight", None,
                   "transformer."),
    "llama": (LlamaForCausalLM, LlamaConfig(vocab_size=20, hidden_size=8, intermediate_size=12, num_hidden_layers=1,
                                            num_attention_heads=2, max_position_embeddings=12, tie_word_embeddings=True),
              "model.embed_tokens.weight", "lm_head.weight", None, "model."),
}
IDS = [3, 7, 1, 12, 5]


def written(tensors: dict) -> bytes:
    """Each tensor in memory of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        save_file({name: tensor.clone().contiguous() for name, tensor in tensors.items()}, path, {"format": "pt"})
        return path.read_bytes()


def by_save_model(model) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        save_model(model, path)
        return path.read_bytes()


def cases(kind: str):
    """(what it is, file, changes of the config)"""
    make, config, embedding, output, bias, prefix = KINDS[kind]
    torch.manual_seed(31)
    model = make(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn_like(parameter) * 0.5)
    yield "save_model", by_save_model(model), {}
    state = {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}
    other = torch.randn_like(state[output])
    yield "both-equal", written(state), {}
    yield "both-different", written({**state, output: other}), {}
    yield "apart", written({**state, output: other}), {"tie_word_embeddings": False}
    only = {name: tensor for name, tensor in state.items() if name != embedding}
    yield "output-only", written({name.removeprefix(prefix): tensor for name, tensor in only.items()}), {}
    if bias:
        usual, second = bias
        different = torch.randn_like(state[usual])
        without = {name: tensor for name, tensor in state.items() if name not in bias}
        yield "bias-second", written({**without, second: different}), {}
        yield "bias-first", written({**without, usual: different}), {}
        yield "bias-both", written({**without, usual: state[usual], second: different}), {}


def read_back(kind: str, file: bytes, changes: dict):
    """The config, and what transformers computes from the file."""
    make, config, *_ = KINDS[kind]
    config = {**config.to_diff_dict(), "architectures": [make.__name__], "model_type": config.model_type, **changes}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "model.safetensors").write_bytes(file)
        (Path(folder) / "config.json").write_text(json.dumps(config))
        model, report = make.from_pretrained(folder, output_loading_info=True)
    assert not report["missing_keys"], (kind, report)
    with torch.no_grad():
        output = model.eval()(torch.tensor([IDS]))
    logits = output.prediction_logits if "prediction_logits" in output else output.logits
    nsp = f32s(output.seq_relationship_logits[0]) if "prediction_logits" in output else None
    return config, f32s(logits[0]), nsp


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    rows = []
    for kind in KINDS:
        for name, file, changes in cases(kind):
            config, logits, nsp = read_back(kind, file, changes)
            (FOLDER / f"{kind}.{name}.safetensors").write_bytes(file)
            rows.append({"file": f"{kind}.{name}", "config": config, "logits": logits, "nsp_logits": nsp})
    write("ties/expected.json", {"input_ids": IDS, "rows": rows})


if __name__ == "__main__":
    main()
