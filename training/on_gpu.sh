#!/bin/sh
# Trains on a lent GPU, which has no network: `pack.py` first, then, on that machine, in the repository's root,
#   bash training/on_gpu.sh bert          (carry training/gpu)
#   bash training/on_gpu.sh gpt
#   bash training/on_gpu.sh bert --smoke  (a trial on a CPU, in a minute)
# The result is under $OUT: log.jsonl, config.json, model.safetensors.0, .1, ... (cat makes them one file).
set -u
cd "$(dirname "$0")/.." || exit 1
model=${1:-}
case $model in bert | gpt) shift ;; *) echo "on_gpu.sh bert|gpt [--smoke] [settings of train_on_gpu.py]"; exit 2 ;; esac
out=${OUT:-training/runs/gpu-$model}
python=${PYTHON:-python3}
pack=training/gpu
echo "== what is here"
"$python" -c '
import sys, importlib.util as u
print("python", sys.version.split()[0])
missing = [n for n in ("torch", "numpy", "safetensors", "tokenizers", "yaml") if u.find_spec(n) is None]
if missing: sys.exit("MISSING: " + ", ".join(missing) + " (carry them as wheels)")
import torch
print("torch", torch.__version__, "GPU:", torch.cuda.get_device_name() if torch.cuda.is_available() else "none")
' || exit 3
for file in "$pack/$model-train.npz.xz" "$pack/$model-dev.npz.xz" "$pack/gguf/__init__.py" "models/$model/config.json" \
  tests/evaluate/probes/cloze.json; do
  [ -e "$file" ] || { echo "MISSING: $file (python training/pack.py $model DIR; carry training/gpu)"; exit 3; }
done
[ -e "models/$model/model.gguf" ] || [ -e "models/$model/model.safetensors" ] || { echo "MISSING: models/$model/model.gguf"; exit 3; }
# As many layers as 28 MB hold: BERT with word embeddings in 4 bits, all else in 8.
case $model in bert) layers=10 rate=1e-3 ;; gpt) layers=12 rate=1.5e-3 ;; esac
export PYTHONUNBUFFERED=1 PYTHONPATH="$pack${PYTHONPATH:+:$PYTHONPATH}" TOKENIZERS_PARALLELISM=false
export PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True
mkdir -p "$out"
echo "== training"
"$python" training/train_on_gpu.py "$model" --pack "$pack" --out "$out" --layers "$layers" --lr "$rate" "$@" 2>&1 | tee "$out/output.txt"
[ -e "$out/model.safetensors.0" ] || exit 1
ls -l "$out"
