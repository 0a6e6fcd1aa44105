"""ChatGPT's three steps and ELMo's tagging head: losses, gradients and 20 steps of AdamW, in plain PyTorch.

The reward loss (Ouyang et al. 2022, equation 1) and DPO's (Rafailov et al. 2023, equation 7) are written out here on
transformers' GPT-2, sequence by sequence, without padding.
"""

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from torch import nn
from torch.nn.functional import cross_entropy, logsigmoid
from transformers import GPT2Config, GPT2LMHeadModel

import train
from floats import f32s, write
from train import CLIP, STEPS, WEIGHT_DECAY, Elmo, rate, seeded_model, write_case

import seeded

SIZES = dict(vocab_size=61, n_positions=23, n_embd=30, n_layer=2, n_head=3, n_inner=44, layer_norm_epsilon=1e-5)
CONFIG = GPT2Config(**SIZES, resid_pdrop=0, embd_pdrop=0, attn_pdrop=0, bos_token_id=None, eos_token_id=None,
                    attn_implementation="eager")
BETA = 0.3


class Reward(nn.Module):
    """A GPT-2 with a scalar head on the last token; names as in GPT2ForSequenceClassification."""

    def __init__(self):
        super().__init__()
        self.config = CONFIG
        self.transformer = GPT2LMHeadModel(CONFIG).transformer
        self.score = nn.Linear(SIZES["n_embd"], 1, bias=False)

    def tie_weights(self):
        pass

    def forward(self, ids: list[int]):
        hidden = self.transformer(input_ids=torch.tensor([ids])).last_hidden_state
        return self.score(hidden[0, -1])[0]


def draw(generator, low: int, high: int) -> int:
    return int(torch.randint(low, high, (1,), generator=generator))


def sequences(generator, each: int) -> list[dict]:
    """Prompts with `each` responses, of odd lengths."""
    rows = []
    for _ in range(3):
        prompt = [draw(generator, 0, 61) for _ in range(draw(generator, 1, 9))]
        for _ in range(each):
            response = [draw(generator, 0, 61) for _ in range(draw(generator, 1, 13))]
            rows.append({"ids": prompt + response, "prompt": len(prompt)})
    return rows


def token_losses(model, row: dict):
    """-ln p of each token of the response."""
    ids, prompt = torch.tensor(row["ids"]), row["prompt"]
    logits = model(input_ids=ids[None, :-1]).logits[0]
    return cross_entropy(logits[prompt - 1 :], ids[prompt:], reduction="none")


def supervised() -> None:
    seed = 711
    build, tensors = seeded_model(lambda: GPT2LMHeadModel(CONFIG), seed, 30)
    generator = torch.Generator().manual_seed(seed)
    batches = [{"sequences": sequences(generator, 1)} for _ in range(STEPS)]

    def loss_of(model, batch):
        return torch.cat([token_losses(model, row) for row in batch["sequences"]]).mean()

    write_case("chat-supervised", "GPT-2, responses alone.", seed, SIZES, build, tensors, batches, loss_of,
               lambda model, batch: {"lm": loss_of(model, batch)})


def reward() -> None:
    seed = 712
    build, tensors = seeded_model(Reward, seed, 30)
    generator = torch.Generator().manual_seed(seed)
    batches = [{"sequences": sequences(generator, 2)} for _ in range(STEPS)]

    def margins(model, batch):
        scores = torch.stack([model(row["ids"]) for row in batch["sequences"]])
        return scores[0::2] - scores[1::2]

    def loss_of(model, batch):
        return -logsigmoid(margins(model, batch)).mean()

    more = {"margin": f32s(margins(build(), batches[0]).mean().detach())}
    write_case("chat-reward", "Reward model on GPT-2.", seed, SIZES, build, tensors, batches, loss_of,
               lambda model, batch: {"reward": loss_of(model, batch)}, more)


def dpo() -> None:
    seed = 713
    build, tensors = seeded_model(lambda: GPT2LMHeadModel(CONFIG), seed, 30)
    other, _ = seeded_model(lambda: GPT2LMHeadModel(CONFIG), seed + 1, 30)
    reference = other()
    generator = torch.Generator().manual_seed(seed)

    def log_likelihoods(model, batch):
        return torch.stack([-token_losses(model, row).sum() for row in batch["sequences"]])

    def batch():
        rows = {"sequences": sequences(generator, 2)}
        with torch.no_grad():
            return {**rows, "reference": f32s(log_likelihoods(reference, rows))}

    batches = [batch() for _ in range(STEPS)]

    def margins(model, batch):
        ratios = log_likelihoods(model, batch) - torch.tensor(batch["reference"])
        return BETA * ratios[0::2] - BETA * ratios[1::2]

    def loss_of(model, batch):
        return -logsigmoid(margins(model, batch)).mean()

    with torch.no_grad():
        more = {"beta": BETA, "margin": f32s(margins(build(), batches[0]).mean()),
                "log_likelihoods": f32s(log_likelihoods(build(), batches[0]))}
    write_case("chat-dpo", "DPO on GPT-2.", seed, SIZES, build, tensors, batches, loss_of,
               lambda model, batch: {"dpo": loss_of(model, batch)}, more)


WORDS = ["the", "bank", "river", "money", "of", "a", "was", "wide", "lent", "in", "mud", "##s", "##y", "old", "fish", "##es"]
EXAMPLES = [
    ("the bank lent money", "o N o N"),
    ("a muddys river was wide", "o A N o A"),
    ("fishes in the river bank", "N o o N N"),
    ("old banks of the rivers", "A N o o N"),
    ("the old money was in a bank", "o A N o o o N"),
]
TEXTS = ["the old bank lent money", "fish in the Bank of a river", "mud"]
LABELS = ["o", "N", "A"]
RATE = 0.03


def tokenizer() -> Tokenizer:
    special = ["<|endoftext|>", "<unk>"]
    vocab = {token: number for number, token in enumerate(special + WORDS)}
    made = Tokenizer(models.WordPiece(vocab, unk_token="<unk>", max_input_chars_per_word=100))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return made


def tagger() -> None:
    """Each word's vector is the mean over its pieces, of each layer; s, gamma and a linear layer of zeros learn."""
    seed, cut = 714, tokenizer()
    sizes = dict(vocab_size=len(WORDS) + 2, hidden_size=9, num_hidden_layers=2)
    build, tensors = seeded_model(lambda: Elmo(**sizes), seed, 9, train.fill)
    elmo = build()

    def layers(words: list[str]):
        """[layers, words, width]"""
        encoding = cut.encode(words, is_pretokenized=True, add_special_tokens=False)
        x, forward, backward = elmo(torch.tensor([encoding.ids]))
        both = [torch.cat([x, x], -1)] + [torch.cat(pair, -1) for pair in zip(forward, backward)]
        own = torch.tensor(encoding.word_ids)
        return torch.stack([torch.stack([h[0][own == word].mean(0) for word in range(len(words))]) for h in both])

    with torch.no_grad():
        read = torch.cat([layers(words.split()) for words, _ in EXAMPLES], 1)
    targets = torch.tensor([LABELS.index(label) for _, labels in EXAMPLES for label in labels.split()])
    s, gamma = nn.Parameter(torch.zeros(3)), nn.Parameter(torch.ones(1))
    linear = nn.Linear(18, 3)
    for parameter in linear.parameters():
        nn.init.zeros_(parameter)
    groups = [{"params": [linear.weight], "weight_decay": WEIGHT_DECAY},
              {"params": [linear.bias, s, gamma], "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.98), eps=1e-6)

    def mix(values):
        return gamma * sum(weight * layer for weight, layer in zip(s.softmax(0), values))

    losses = []
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = RATE * rate(step, STEPS, -(-STEPS // 10), 0.5)
        loss = cross_entropy(linear(mix(read)), targets)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*linear.parameters(), s, gamma], CLIP)
        optimizer.step()
        losses.append(f32s(loss.detach()))
    with torch.no_grad():
        places = [(text, words.index("bank")) for text in TEXTS if "bank" in (words := text.lower().split())]
        found = torch.stack([layers(text.lower().split())[:, at] for text, at in places], 1)
        mixed = mix(found)
        cosine = torch.nn.functional.cosine_similarity(mixed[0], mixed[1], 0)
        write("train/tagger.json", {
            "about": "ELMo's layers mixed for a task.", "seed": seed, "config": sizes,
            "generator_check": seeded.proof(tensors, seed), "tensors": tensors, "tokenizer": cut.to_str(),
            "examples": [{"words": words.split(), "labels": labels.split()} for words, labels in EXAMPLES], "labels": LABELS,
            "rate": RATE, "losses": losses, "s": f32s(s.softmax(0)), "gamma": f32s(gamma[0]),
            "texts": TEXTS, "word": "bank", "layers": f32s(found.flatten()), "mixed": f32s(mixed.flatten()),
            "cosine": f32s(cosine), "distance": f32s((mixed[0] - mixed[1]).norm()),
        })


def main() -> None:
    supervised()
    reward()
    dpo()
    tagger()


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
