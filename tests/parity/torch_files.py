"""Small files of torch.save in all the forms there are, and the numbers in them."""

import io
import os
import pickle
import zipfile
from collections import OrderedDict

import torch
from torch import nn

from floats import FIXTURES, f32s, write

FOLDER = FIXTURES / "torch"


class Evil:
    """What a pickle can do to those who run it."""

    def __reduce__(self):
        return os.system, ("echo this was run",)


def saved(contents, **options) -> bytes:
    file = io.BytesIO()
    torch.save(contents, file, **options)
    return file.getvalue()


def legacy(contents, **options) -> bytes:
    """As PyTorch saved before 1.6."""
    return saved(contents, _use_new_zipfile_serialization=False, **options)


class Unseekable(io.RawIOBase):
    """A stream like a pipe: sizes cannot be written into headers afterwards."""

    def __init__(self):
        self.bytes = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.bytes += data
        return len(data)


def packed_again(archive: bytes, *, method=zipfile.ZIP_STORED, keep=lambda name: True, pipe=False, change=None) -> bytes:
    """The same archive as Python's zipfile writes it: sizes in the headers or, to a pipe, in zip64 descriptors."""
    out = Unseekable() if pipe else io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(out, "w", method) as target:
        for name in source.namelist():
            base = name.split("/", 1)[1]
            if keep(base):
                info = zipfile.ZipInfo(name)
                info.compress_type = method
                with target.open(info, "w", force_zip64=pipe) as entry:
                    entry.write((change or {}).get(base, source.read(name)))
    return bytes(out.bytes) if pipe else out.getvalue()


def contents() -> dict:
    torch.manual_seed(5)
    base = torch.randn(6, 4)
    layer = nn.Sequential(nn.Linear(3, 2), nn.LayerNorm(2))
    types = OrderedDict(
        f32=torch.randn(2, 3),
        f16=torch.randn(3).half(),
        bf16=torch.randn(2, 2).bfloat16(),
        scalar=torch.tensor(3.5),
        f64=torch.randn(2, 2, dtype=torch.float64),
        mask=torch.ones(2, 2, dtype=torch.bool),
        position_ids=torch.arange(5).expand((1, -1)),
    )
    shared = OrderedDict(a=base, b=base, rows=base[2:4], other=torch.randn(2))
    strided = OrderedDict(
        turned=base.t(), every_other=base[::2, 1::2], permuted=torch.randn(2, 3, 4).permute(2, 0, 1), plain=torch.randn(3)
    )
    slices = torch.randn(10)
    return {
        "module": layer.state_dict(),
        "types": types,
        "tied": OrderedDict(a=base, b=base, c=nn.Parameter(base)),
        "slices": {"second": slices[4:9], "first": slices[:3]},
        "shared": shared,
        "strided": strided,
        "nested": {"epoch": 3, "lr": 1e-4, "notes": ["x"], "state_dict": layer.state_dict()},
    }


def view_pickle(base: torch.Tensor, *, python2: bool) -> bytes:
    """A file as PyTorch 0.3 wrote it: views into a storage are part of its name. Python 2 hands a dictionary its entries."""

    class Items(OrderedDict):
        def __reduce__(self):
            return OrderedDict, ([[key, value] for key, value in self.items()],)

    class Stored:
        def __init__(self, view):
            self.view = view

    class Tensor:
        def __init__(self, storage, offset, size, stride):
            self.arguments = storage, offset, size, stride

        def __reduce__(self):
            return torch._utils._rebuild_tensor, self.arguments

    class Pickler(pickle.Pickler):
        def persistent_id(self, value):
            return ("storage", torch.FloatStorage, "77", "cpu", base.numel(), value.view) if isinstance(value, Stored) else None

    contents = (Items if python2 else OrderedDict)(
        whole=Tensor(Stored(None), 0, (6, 4), (4, 1)),
        rows=Tensor(Stored(("88", 8, 12)), 4, (2, 4), (4, 1)),
        turned=Tensor(Stored(("88", 8, 12)), 0, (4, 3), (1, 4)),
    )
    file = io.BytesIO()
    sizes = dict(protocol_version=1001, little_endian=True, type_sizes=dict(short=2, int=4, long=4))
    for value in (torch.serialization.MAGIC_NUMBER, 1001, sizes):
        pickle.dump(value, file, protocol=2)
    Pickler(file, protocol=2).dump(contents)
    pickle.dump(["77"], file, protocol=2)
    file.write(base.numel().to_bytes(8, "little") + base.numpy().tobytes())
    return file.getvalue()


def numbers(tensors: dict) -> dict:
    """What is in the fixture of tensors."""
    return {
        key: {"shape": list(tensor.shape), "values": f32s(tensor.detach().float().flatten())}
        for key, tensor in tensors.items()
        if tensor.is_floating_point()
    }


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    files, expected = {}, {}
    for name, tensors in contents().items():
        files[name] = saved(tensors)
        tensors = tensors.get("state_dict", tensors)
        expected[name] = numbers(tensors)
        files[f"legacy-{name}"], expected[f"legacy-{name}"] = legacy(contents()[name]), expected[name]
    types = contents()["types"]
    files["legacy-protocol4"], expected["legacy-protocol4"] = legacy(types, pickle_protocol=4), expected["types"]
    for name, python2 in {"legacy-views": False, "legacy-python2": True}.items():
        files[name] = view_pickle(contents()["shared"]["a"], python2=python2)
        expected[name] = numbers(torch.load(io.BytesIO(files[name]), weights_only=False))
    old = ("data.pkl", "data/", "version")
    for name, file in {
        "protocol4": saved(types, pickle_protocol=4),
        "packed-again": packed_again(files["types"]),
        "zip64-pipe": packed_again(files["types"], pipe=True),
        "old-entries": packed_again(files["types"], keep=lambda name: name.startswith(old)),
    }.items():
        files[name], expected[name] = file, expected["types"]
    files |= {
        "bad-legacy-big-endian": files["legacy-types"].replace(b"little_endianq\x02\x88", b"little_endianq\x02\x89"),
        "bad-legacy-evil": legacy({"a": torch.ones(2), "b": Evil()}),
        "bad-pickle": pickle.dumps({"a": [1.5, 2.5]}),
        "bad-compressed": packed_again(files["types"], method=zipfile.ZIP_DEFLATED),
        "bad-big-endian": packed_again(files["types"], change={"byteorder": b"big"}),
        "bad-evil": saved({"a": torch.ones(2), "b": Evil()}),
        "bad-no-dict": saved([torch.ones(2)]),
        "bad-module": saved(nn.Linear(2, 2)),
    }
    for name, file in files.items():
        (FOLDER / f"{name}.bin").write_bytes(file)
    write("torch/expected.json", expected)
