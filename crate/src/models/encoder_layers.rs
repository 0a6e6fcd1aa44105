//! What BERT and its kin share: embeddings with a layer norm, post-LN blocks (x = LN(x + attention(x)),
//! x = LN(x + mlp(x))). Each architecture says how its checkpoint names them.

use std::sync::Arc;

use super::encoder::EncoderInput;
use super::loader::{embedding, layer_norm, linear};
use super::Observer;
use crate::error::{Error, Result};
use crate::nn::{
    attention, key_step, math, Activation, DType, Embedding, Head, LayerNorm, Linear, Matrix,
    Visible,
};
use crate::weights::{Form, Placement, Weights};

/// Sizes of a block.
#[derive(Clone, Copy)]
pub(super) struct Sizes {
    pub hidden: usize,
    pub inner: usize,
    pub heads: usize,
    pub eps: f64,
    pub act: Activation,
}

/// Names of a block's layers.
pub(super) struct LayerNames {
    pub query: &'static str,
    pub key: &'static str,
    pub value: &'static str,
    pub attention_output: &'static str,
    pub attention_norm: &'static str,
    pub up: &'static str,
    pub down: &'static str,
    pub norm: &'static str,
}

/// Token, position and, where a model has them, segment embeddings.
pub(super) struct Embeddings {
    /// `[vocab_size, size]`
    word: Embedding,
    /// `[positions, size]`
    position: Vec<f32>,
    /// `[segments, size]`; empty in models without.
    token_type: Vec<f32>,
    layer_norm: LayerNorm,
}

impl Embeddings {
    /// `size` is their width, `segments` 0 for models without. Returns the token embedding's table, too,
    /// which the masked-word head shares.
    pub(super) fn load(
        weights: &Weights,
        (vocab_size, positions, segments): (usize, usize, usize),
        size: usize,
        eps: f64,
    ) -> Result<(Self, Arc<Matrix>)> {
        let (word, table) = embedding(weights, "embeddings.word_embeddings", vocab_size, size)?;
        let small = |name: &str, rows: usize| -> Result<Vec<f32>> {
            let tensor = weights.tensor(&format!("embeddings.{name}.weight"), &[rows, size])?;
            Ok(tensor.flatten_all()?.to_vec1()?)
        };
        let embeddings = Self {
            word,
            position: small("position_embeddings", positions)?,
            token_type: match segments {
                0 => Vec::new(),
                _ => small("token_type_embeddings", segments)?,
            },
            layer_norm: layer_norm(weights, "embeddings.LayerNorm", size, eps)?,
        };
        Ok((embeddings, table))
    }

    /// How the table is stored.
    pub(super) fn dtype(&self) -> DType {
        self.word.table().dtype()
    }

    /// → `[batch · len, size]`; `positions` holds the row of the position table for each token.
    pub(super) fn forward(
        &self,
        input: &EncoderInput,
        positions: impl Iterator<Item = usize>,
    ) -> Result<Vec<f32>> {
        let mut sum = self.word.forward(&input.input_ids)?;
        let size = self.word.table().cols();
        for (row, position) in sum.chunks_exact_mut(size).zip(positions) {
            math::add(row, &self.position[position * size..]);
        }
        if !self.token_type.is_empty() {
            let count = self.token_type.len() / size;
            if let Some(id) = input
                .token_type_ids
                .iter()
                .find(|&&id| id as usize >= count)
            {
                return Err(Error::Unsupported(format!(
                    "segment {id}: this model has {count} segments, so it cannot read sentence pairs"
                )));
            }
            for (row, &kind) in sum.chunks_exact_mut(size).zip(&input.token_type_ids) {
                math::add(row, &self.token_type[kind as usize * size..]);
            }
        }
        Ok(self.layer_norm.forward(&sum))
    }
}

struct Attention {
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
    layer_norm: LayerNorm,
    heads: usize,
}

impl Attention {
    /// `[batch · len, hidden_size]` → the same
    fn forward(&self, xs: &[f32], len: usize, mask: Option<&[f32]>) -> Result<Vec<f32>> {
        let size = self.query.weight().cols();
        let head_dim = size / self.heads;
        // Quantised once for the three layers, which are stored alike.
        let shared = self.query.activations(xs);
        let queries = self.query.forward_shared(&shared)?;
        let keys = self.key.forward_shared(&shared)?;
        let values = self.value.forward_shared(&shared)?;
        drop(shared);
        let step = key_step(len);
        let mut turned = vec![0.0; step * size];
        let mut context = Vec::with_capacity(xs.len());
        for text in 0..xs.len() / (len * size) {
            let rows = text * len * size..(text + 1) * len * size;
            math::transpose(&keys[rows.clone()], size, &mut turned, step);
            let visible = Visible::All {
                keys: len,
                bias: mask.map(|mask| &mask[text * len..(text + 1) * len]),
            };
            let scale = 1.0 / (head_dim as f32).sqrt();
            let values = &values[rows.clone()];
            context.extend(attention(
                &queries[rows],
                size,
                self.heads,
                head_dim,
                scale,
                visible,
                |head| Head {
                    keys: &turned[head * head_dim * step..],
                    key_step: step,
                    values: &values[head * head_dim..],
                    value_step: size,
                },
            ));
        }
        let mut sum = self.output.forward(&context)?;
        math::add(&mut sum, xs);
        Ok(self.layer_norm.forward(&sum))
    }
}

/// One block.
pub(super) struct EncoderLayer {
    attention: Attention,
    up: Linear,
    down: Linear,
    layer_norm: LayerNorm,
    act: Activation,
}

impl EncoderLayer {
    /// `prefix` stands before each of `names`.
    pub(super) fn load(
        weights: &Weights,
        sizes: Sizes,
        prefix: &str,
        names: &LayerNames,
    ) -> Result<Self> {
        let (hidden, inner) = (sizes.hidden, sizes.inner);
        let layer = |name: &str, inputs, outputs| {
            linear(weights, &format!("{prefix}.{name}"), inputs, outputs)
        };
        let norm = |name: &str| layer_norm(weights, &format!("{prefix}.{name}"), hidden, sizes.eps);
        Ok(Self {
            attention: Attention {
                query: layer(names.query, hidden, hidden)?,
                key: layer(names.key, hidden, hidden)?,
                value: layer(names.value, hidden, hidden)?,
                output: layer(names.attention_output, hidden, hidden)?,
                layer_norm: norm(names.attention_norm)?,
                heads: sizes.heads,
            },
            up: layer(names.up, hidden, inner)?,
            down: layer(names.down, inner, hidden)?,
            layer_norm: norm(names.norm)?,
            act: sizes.act,
        })
    }

    fn forward(&self, xs: &[f32], len: usize, mask: Option<&[f32]>) -> Result<Vec<f32>> {
        let xs = self.attention.forward(xs, len, mask)?;
        let mut inner = self.up.forward(&xs)?;
        self.act.apply(&mut inner);
        let mut sum = self.down.forward(&inner)?;
        math::add(&mut sum, &xs);
        Ok(self.layer_norm.forward(&sum))
    }
}

/// What `layers` make of the embeddings `xs` `[batch · len, hidden_size]`, one after the other.
pub(super) fn run_layers<'a>(
    layers: impl Iterator<Item = &'a EncoderLayer>,
    mut xs: Vec<f32>,
    input: &EncoderInput,
    observe: &mut Observer,
) -> Result<Vec<f32>> {
    let (len, mask) = (input.len(), input.mask());
    observe(0, &xs)?;
    for (index, layer) in layers.enumerate() {
        xs = layer.forward(&xs, len, mask.as_deref())?;
        observe(index + 1, &xs)?;
    }
    Ok(xs)
}

/// Where a parameter of an encoder belongs by its name without the model's prefix: `gamma` and `beta` of
/// TensorFlow checkpoints become `weight` and `bias`, and what is no matrix stays dense.
pub(super) fn placed(name: &str) -> Placement {
    let mut name = name.to_string();
    for (old, new) in [(".gamma", ".weight"), (".beta", ".bias")] {
        if let Some(stem) = name.strip_suffix(old) {
            name = format!("{stem}{new}");
        }
    }
    let small = name.contains("LayerNorm")
        || name.contains("layer_norm")
        || name.ends_with("bias")
        || name == "embeddings.position_embeddings.weight"
        || name == "embeddings.token_type_embeddings.weight";
    Placement::Keep {
        name,
        form: if small { Form::Dense } else { Form::Matrix },
    }
}
