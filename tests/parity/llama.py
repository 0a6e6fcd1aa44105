"""Llama: logits with and without cache, hidden states, greedy continuations."""

import transformers
from transformers import LlamaConfig, LlamaForCausalLM

import gpt2
import seeded

CASES = {
    "tiny": dict(
        about="Smallest complete model; two heads of queries to one of keys, head tied to the embedding; sizes are "
        "multiples of 32, so every matrix can be quantised.",
        seed=322, vocab_size=96, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=64, tie_word_embeddings=True, lengths=[11, 1], inside=7,
    ),
    "odd": dict(
        about="Sizes that divide by nothing convenient, a head of its own, heads wider than their share of the hidden "
        "size, as many keys as queries; the prompt and its continuation fill the context.",
        seed=302, vocab_size=97, hidden_size=36, intermediate_size=50, num_hidden_layers=3, num_attention_heads=3,
        num_key_value_heads=3, head_dim=14, max_position_embeddings=40, rms_norm_eps=1e-4,
        tie_word_embeddings=False, lengths=[14], inside=5,
    ),
    "smollm2": dict(
        about="The shape of SmolLM2-135M with 2 layers and 1,000 tokens.",
        seed=303, vocab_size=1000, hidden_size=576, intermediate_size=1536, num_hidden_layers=2, num_attention_heads=9,
        num_key_value_heads=3, max_position_embeddings=128, rms_norm_eps=1e-5, rope_theta=100000.0,
        tie_word_embeddings=True, lengths=[40], sparse=True,
    ),
    "llama3": dict(
        about="Angles scaled as in Llama 3.1, over positions far beyond the first context; one head of keys for all.",
        seed=318, vocab_size=64, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=1, max_position_embeddings=256, tie_word_embeddings=True, lengths=[150],
        rope_theta=500.0, rope_scaling=dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                                            original_max_position_embeddings=32), sparse=True,
    ),
    "linear": dict(
        about="All angles divided by four.",
        seed=312, vocab_size=64, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=64, tie_word_embeddings=True, lengths=[21],
        rope_theta=100.0, rope_scaling=dict(rope_type="linear", factor=4.0), sparse=True,
    ),
}


def build(case: dict):
    """(model, config as written in the fixture, tensors)"""
    settings = {key: value for key, value in case.items() if key not in ("about", "seed", "lengths", "sparse", "inside")}
    settings = {"hidden_act": "silu", "rms_norm_eps": 1e-6, "rope_theta": 10000.0, **settings}
    # transformers 5 has base and scaling in one, 4 would ignore them; published files have them as above.
    assert int(transformers.__version__.split(".")[0]) >= 5, "made with transformers 5.24.0"
    arguments = dict(settings)
    rope = {"rope_type": "default", **(arguments.pop("rope_scaling", None) or {}), "rope_theta": arguments.pop("rope_theta")}
    config = LlamaConfig(**arguments, rope_parameters=rope, bos_token_id=None, eos_token_id=None,
                         attn_implementation="eager")
    model = LlamaForCausalLM(config)
    tensors = seeded.fill(model, case["seed"], config.hidden_size)
    if not config.tie_word_embeddings:
        assert any(tensor["name"] == "lm_head.weight" for tensor in tensors)
    return model.eval(), {"architectures": ["LlamaForCausalLM"], "model_type": "llama", **settings}, tensors


def main() -> None:
    gpt2.write_cases("llama", CASES, build)


if __name__ == "__main__":
    main()
