"""What a screen shows of a run: samples' logits, masked words, attention, vectors, of seeded models by PyTorch and transformers.

The layers inside are four times as wide as the hidden states, as every run's are.
"""

from itertools import permutations

import torch
from transformers import BertConfig, BertForPreTraining, GPT2Config, GPT2LMHeadModel, XLNetConfig, XLNetLMHeadModel

import seeded
from floats import f32s, write
from train import Elmo, fill, seeded_model


def ids_of(seed: int, count: int, low: int, high: int) -> list[int]:
    return torch.randint(low, high, (count,), generator=torch.Generator().manual_seed(seed)).tolist()


def write_case(name: str, about: str, seed: int, config: dict, tensors, shown: dict) -> None:
    write(f"train/showing-{name}.json", {
        "about": about, "seed": seed, "config": config, "generator_check": seeded.proof(tensors, seed), "tensors": tensors, **shown,
    })


def gpt() -> None:
    seed = 711
    sizes = dict(vocab_size=41, n_positions=11, n_embd=18, n_layer=2, n_head=3)
    config = GPT2Config(**sizes, resid_pdrop=0, embd_pdrop=0, attn_pdrop=0, bos_token_id=None, eos_token_id=None,
                        attn_implementation="eager")
    build, tensors = seeded_model(lambda: GPT2LMHeadModel(config), seed, 18)
    model, ids = build(), ids_of(seed, 9, 0, 41)
    out = model(input_ids=torch.tensor([ids]), output_attentions=True)
    # A longer text: the model reads the last of it.
    long = ids + ids_of(seed + 1, 7, 0, 41)
    last = model(input_ids=torch.tensor([long[-11:]])).logits[0, -1]
    write_case("gpt", "GPT-2.", seed, sizes, tensors, {
        "ids": ids, "attentions": [f32s(layer[0]) for layer in out.attentions], "next": f32s(out.logits[0, -1]),
        "long": long, "next_of_long": f32s(last),
    })


def bert() -> None:
    seed = 712
    sizes = dict(vocab_size=43, hidden_size=18, num_hidden_layers=2, num_attention_heads=3, intermediate_size=72,
                 max_position_embeddings=15, layer_norm_eps=1e-12)
    config = BertConfig(**sizes, hidden_dropout_prob=0, attention_probs_dropout_prob=0, attn_implementation="eager")
    build, tensors = seeded_model(lambda: BertForPreTraining(config), seed, 18)
    ids, types, masks = ids_of(seed, 13, 5, 43), [0] * 7 + [1] * 6, [3, 8, 9]
    out = build()(input_ids=torch.tensor([ids]), token_type_ids=torch.tensor([types]), output_attentions=True)
    write_case("bert", "BERT with both heads.", seed, sizes, tensors, {
        "ids": ids, "types": types, "masks": masks, "attentions": [f32s(layer[0]) for layer in out.attentions],
        "logits": f32s(out.prediction_logits[0, masks]), "is_next": f32s(out.seq_relationship_logits[0].softmax(0)[0]),
    })


def elmo() -> None:
    seed = 713
    sizes = dict(vocab_size=37, hidden_size=14, num_hidden_layers=2)
    build, tensors = seeded_model(lambda: Elmo(**sizes), seed, 14, fill)
    model, ids = build(), ids_of(seed, 8, 0, 37)
    x, forward, backward = model(torch.tensor([ids]))
    layers = [torch.cat([x, x], -1)] + [torch.cat(both, -1) for both in zip(forward, backward)]
    nexts = model.decoder(forward[-1])[0]
    write_case("elmo", "ELMo.", seed, sizes, tensors, {
        "ids": ids, "layers": f32s(torch.stack(layers)[:, 0]), "next": [f32s(row) for row in nexts],
    })


def xlnet() -> None:
    seed = 714
    sizes = dict(vocab_size=39, d_model=18, n_layer=2, n_head=3, d_inner=72, layer_norm_eps=1e-12)
    config = XLNetConfig(**sizes, d_head=6, dropout=0, ff_activation="gelu", untie_r=True, attn_type="bi", mem_len=None)
    build, tensors = seeded_model(lambda: XLNetLMHeadModel(config), seed, 18, fill)
    model, ids, masks = build(), ids_of(seed, 11, 0, 39), [2, 5, 6]
    out = model(input_ids=torch.tensor([ids]), output_attentions=True, use_mems=False)

    def joint(order) -> list[dict]:
        """Each guess sees what is not masked and the guesses before it, which the likeliest token stands for."""
        filled, hidden, guesses = list(ids), set(masks), []
        for at in order:
            perm, mapping = torch.zeros(1, 11, 11), torch.zeros(1, 1, 11)
            perm[0, :, sorted(hidden)] = 1
            mapping[0, 0, at] = 1
            logits = model(input_ids=torch.tensor([filled]), perm_mask=perm, target_mapping=mapping, use_mems=False).logits[0, 0]
            guesses.append({"at": at, "logits": f32s(logits)})
            filled[at] = int(logits.argmax())
            hidden.remove(at)
        return guesses

    write_case("xlnet", "XLNet.", seed, sizes, tensors, {
        "ids": ids, "masks": masks, "attentions": [f32s(layer[0]) for layer in out.attentions],
        "orders": [joint(order) for order in permutations(masks)],
    })


@torch.no_grad()
def main() -> None:
    gpt()
    bert()
    elmo()
    xlnet()


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
