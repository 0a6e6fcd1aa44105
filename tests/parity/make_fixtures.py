"""Makes tests/parity/fixtures: what PyTorch, transformers and tokenizers compute, for the Rust tests to agree with.

    python3 -m venv /tmp/parity && /tmp/parity/bin/pip install -r tests/parity/requirements.txt
    /tmp/parity/bin/python tests/parity/make_fixtures.py            # all, about a minute
    /tmp/parity/bin/python tests/parity/make_fixtures.py --models DIR

`--models` names the folder with the tokenizer.json of bert, gpt and unigram (default: models/ of the
repository). Run it again when those files change. The vocabularies in fixtures/tokenizers were cut
out of them once and stay as they are unless the folder is deleted.

No weights are stored: `seeded.py` says how both sides make the same ones. All arithmetic is f32 on
the CPU with eager attention.
"""

import argparse
from pathlib import Path

import torch

import bert
import chat
import chat_templates
import chinese
import encoders
import generation_config
import gguf_tokenizer
import gpt2
import heads
import kin_tasks
import lens
import llama
import openai_gpt
import sampling
import steps
import tasks
import ties
import tokenization
import tokenizer_files
import torch_files
import train
import train_showing
import tuning

if __name__ == "__main__":
    repository = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=repository / "models")
    arguments = parser.parse_args()
    torch.set_num_threads(1)  # one order of additions
    bert.main()
    chat_templates.main()
    encoders.main()
    gpt2.main()
    llama.main()
    openai_gpt.main()
    sampling.main()
    tokenization.main(arguments.models)
    steps.main(arguments.models)
    tokenizer_files.main()
    chinese.main()
    gguf_tokenizer.main()
    tasks.main()
    kin_tasks.main()
    heads.main()
    lens.main()
    torch_files.main()
    ties.main()
    generation_config.main()
    train.main()
    train_showing.main()
    chat.main()
    tuning.main()
