//! Where tensors belong, by their names in a file.

use super::super::heads::MlmNames;
use crate::weights::{Form, Placement, Weights};

/// How the checkpoints of one of BERT's kin name their tensors.
pub(super) struct EncoderLayout {
    /// What stands before the names in files of a model with heads, and not in those of an encoder alone.
    pub prefix: &'static str,
    /// How the names of the parameters begin that the model has.
    pub wanted: &'static [&'static str],
}

/// Where a tensor of one of BERT's kin belongs.
pub(super) fn place_encoder(layout: &EncoderLayout, name: &str) -> Placement {
    let name = name.strip_prefix(layout.prefix).unwrap_or(name);
    let wanted = layout.wanted.iter().any(|prefix| name.starts_with(prefix));
    // `position_ids` and the like are numbered rows, no parameters.
    if !wanted || name.ends_with("_ids") {
        return Placement::Skip;
    }
    let name = modern(name);
    let dense = name.contains("LayerNorm")
        || name.contains("layer_norm")
        || name.ends_with("bias")
        || name == "embeddings.position_embeddings.weight"
        || name == "embeddings.token_type_embeddings.weight";
    Placement::Keep {
        name,
        form: if dense { Form::Dense } else { Form::Matrix },
    }
}

/// `gamma` and `beta` of TensorFlow checkpoints are `weight` and `bias`.
fn modern(name: &str) -> String {
    for (old, new) in [(".gamma", ".weight"), (".beta", ".bias")] {
        if let Some(stem) = name.strip_suffix(old) {
            return format!("{stem}{new}");
        }
    }
    name.to_string()
}

/// The output layer's matrix in decoders, which may be the token embedding.
pub(super) const OUTPUT: &str = "lm_head.weight";

/// How the checkpoints of a GPT name their embeddings.
pub(super) struct GptLayout {
    pub tokens: &'static str,
    pub positions: &'static str,
}

/// Where a tensor of a GPT belongs, whose linear layers are `Conv1D`s, stored `[in, out]`; with or without the
/// `transformer.` prefix. Causal masks in old files are no parameters.
pub(super) fn place_gpt(layout: &GptLayout, name: &str) -> Placement {
    let name = name.strip_prefix("transformer.").unwrap_or(name);
    let form = if name.ends_with(".attn.bias") || name.ends_with(".attn.masked_bias") {
        return Placement::Skip;
    } else if name == layout.tokens || name == OUTPUT {
        Form::Matrix
    } else if name.starts_with("h.") && name.ends_with(".weight") && !name.contains(".ln_") {
        Form::Transposed
    } else if name.starts_with("h.") || name == layout.positions || name.starts_with("ln_f.") {
        Form::Dense
    } else {
        return Placement::Skip;
    };
    Placement::Keep {
        name: name.to_string(),
        form,
    }
}

/// Ties the masked-word head to the token embedding, unless they are `apart`; its bias has two names in any case.
pub(super) fn tie_encoder(names: &MlmNames, apart: bool, weights: &mut Weights) {
    let decoder = |part: &str| format!("{}.{part}", names.decoder);
    weights.tie(
        "embeddings.word_embeddings.weight",
        &decoder("weight"),
        apart,
    );
    weights.tie(names.bias, &decoder("bias"), false);
}

/// What llama.cpp calls the layers of an architecture.
pub(super) struct GgufNames {
    /// What stands before a block's number in the checkpoint; it is `blk.` in GGUF.
    pub block: &'static str,
    /// GGUF's name of each layer beside the checkpoint's, both without a block's number and without `.weight`.
    pub layers: &'static [(&'static str, &'static str)],
}

impl GgufNames {
    /// The checkpoint's name of a GGUF file's tensor, `None` if it is of no known layer.
    pub(super) fn ours(&self, gguf: &str) -> Option<String> {
        let layer = |name: &str| self.layers.iter().find(|(theirs, _)| *theirs == name);
        renamed(gguf, ("blk.", self.block), |name| Some(layer(name)?.1))
    }

    /// GGUF's name of a checkpoint's tensor, `None` if it is of no known layer.
    pub(super) fn gguf(&self, ours: &str) -> Option<String> {
        let layer = |name: &str| self.layers.iter().find(|(_, ours)| *ours == name);
        renamed(ours, (self.block, "blk."), |name| Some(layer(name)?.0))
    }
}

/// Renames the layer in `LAYER.weight` or `BLOCK3.LAYER.weight` and what stands before a block's number; `None` if
/// `layer` does not know it.
fn renamed<'a>(
    name: &str,
    (from_block, to_block): (&str, &str),
    layer: impl Fn(&str) -> Option<&'a str>,
) -> Option<String> {
    let (stem, kind) = name.rsplit_once('.')?;
    let in_block = stem
        .strip_prefix(from_block)
        .and_then(|rest| rest.split_once('.'));
    Some(match in_block {
        Some((number, stem)) => format!("{to_block}{number}.{}.{kind}", layer(stem)?),
        None => format!("{}.{kind}", layer(stem)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_translated_both_ways() {
        let names = GgufNames {
            block: "encoder.layer.",
            layers: &[
                ("attn_q", "attention.self.query"),
                ("token_embd", "embeddings.word_embeddings"),
            ],
        };
        for (gguf, ours) in [
            (
                "blk.3.attn_q.weight",
                "encoder.layer.3.attention.self.query.weight",
            ),
            ("token_embd.weight", "embeddings.word_embeddings.weight"),
        ] {
            assert_eq!(names.ours(gguf).as_deref(), Some(ours));
            assert_eq!(names.gguf(ours).as_deref(), Some(gguf));
        }
        assert_eq!(names.gguf("cls.predictions.bias"), None);
        assert_eq!(names.ours("blk.3.attn_k.weight"), None);
    }
}
