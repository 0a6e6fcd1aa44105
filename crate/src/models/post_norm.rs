//! The block of BERT and its kin, layer norms last, and the embeddings before it, with BERT's names: "Pre-training of
//! Deep Bidirectional Transformers" (Devlin et al. 2019). Each architecture says what its checkpoint calls the layers.

use super::embedded::Embedded;
use super::encoder::EncoderInput;
use super::observer::Observer;
use super::parameters::{embedding, layer_norm, linear, table};
use crate::dtype::DType;
use crate::error::{Error, Result};
use crate::nn::{
    attention, attention_weights, key_stride, vector, Activation, Embedding, Head, LayerNorm,
    Linear, Strided, StridedMut, Visible,
};
use crate::weights::Weights;

/// Sizes of a block.
#[derive(Clone, Copy)]
pub(super) struct LayerSizes {
    pub hidden: usize,
    /// Width inside the feed-forward layers.
    pub intermediate: usize,
    pub heads: usize,
    pub eps: f64,
    pub act: Activation,
}

/// What a block is told of the texts beside their hidden states.
struct Texts<'a> {
    /// Tokens of each.
    len: usize,
    /// `[batch · len]`, added to scores.
    mask: Option<&'a [f32]>,
    /// Which block it is.
    layer: usize,
}

/// What a checkpoint calls the layers of a block, behind the block's own name.
pub(super) struct LayerNames {
    pub query: &'static str,
    pub key: &'static str,
    pub value: &'static str,
    pub attention_output_dense: &'static str,
    pub attention_output_layer_norm: &'static str,
    pub intermediate_dense: &'static str,
    pub output_dense: &'static str,
    pub output_layer_norm: &'static str,
}

/// Self-attention, with all tokens of a text in sight:
///
/// ```text
/// headᵢ = softmax(Qᵢ·Kᵢᵀ / √head_dim)·Vᵢ        Q = query(x), K = key(x), V = value(x)
/// y     = LayerNorm(x + dense(head₁ … headₙ))
/// ```
struct Attention {
    /// `attention.self.query`, `[hidden, hidden]`
    query: Linear,
    /// `attention.self.key`, `[hidden, hidden]`
    key: Linear,
    /// `attention.self.value`, `[hidden, hidden]`
    value: Linear,
    /// `attention.output.dense`, `[hidden, hidden]`
    output_dense: Linear,
    /// `attention.output.LayerNorm`, `[hidden]`
    output_layer_norm: LayerNorm,
    heads: usize,
}

impl Attention {
    /// `[batch · len, hidden]` → the same
    fn forward(&self, xs: &[f32], texts: &Texts, observe: &mut dyn Observer) -> Result<Vec<f32>> {
        let &Texts { len, mask, layer } = texts;
        let hidden = self.query.weight().cols();
        let head_dim = hidden / self.heads;
        // Quantised once for the three layers, which are stored alike.
        let shared = self.query.activations(xs);
        let queries = self.query.forward_shared(&shared)?; // [batch · len, hidden]
        let keys = self.key.forward_shared(&shared)?; // [batch · len, hidden]
        let values = self.value.forward_shared(&shared)?; // [batch · len, hidden]
        drop(shared);
        let scale = 1.0 / (head_dim as f32).sqrt();
        let stride = key_stride(len);
        let mut transposed = vec![0.0; stride * hidden]; // keys of one text, [hidden, len]
        let mut context = Vec::with_capacity(xs.len()); // [batch · len, hidden]
        for text in 0..xs.len() / (len * hidden) {
            let rows = text * len * hidden..(text + 1) * len * hidden;
            let text_keys = Strided::new(&keys[rows.clone()], hidden); // [len, hidden]
            let shape = [hidden, len];
            text_keys.transpose_into(&mut StridedMut::with_stride(&mut transposed, shape, stride));
            let keys = Strided::with_stride(&transposed, shape, stride);
            let values = Strided::new(&values[rows.clone()], hidden);
            let visible = Visible::All {
                keys: len,
                bias: mask.map(|mask| &mask[text * len..(text + 1) * len]),
            };
            let queries = Strided::new(&queries[rows], hidden);
            let head = |head| {
                let dims = head * head_dim..(head + 1) * head_dim;
                Head {
                    keys: keys.rows_in(dims.clone()),
                    values: values.columns(dims),
                }
            };
            if observe.wants_attentions(layer) {
                let weights = attention_weights(queries, self.heads, scale, visible, head)?;
                observe.attentions(layer, weights)?;
            }
            context.extend(attention(queries, self.heads, scale, visible, head));
        }
        let mut sum = self.output_dense.forward(&context)?;
        vector::add(&mut sum, xs);
        Ok(self.output_layer_norm.forward(&sum))
    }
}

/// One block:
///
/// ```text
/// a = attention(x)                                    see Attention, with its residual and layer norm
/// y = LayerNorm(a + output(act(intermediate(a))))
/// ```
pub(super) struct Layer {
    attention: Attention,
    /// `intermediate.dense`, `[intermediate, hidden]`
    intermediate_dense: Linear,
    act: Activation,
    /// `output.dense`, `[hidden, intermediate]`
    output_dense: Linear,
    /// `output.LayerNorm`, `[hidden]`
    output_layer_norm: LayerNorm,
}

impl Layer {
    /// `[batch · len, hidden]` → the same
    fn forward(&self, xs: &[f32], texts: &Texts, observe: &mut dyn Observer) -> Result<Vec<f32>> {
        let xs = self.attention.forward(xs, texts, observe)?;
        let mut inner = self.intermediate_dense.forward(&xs)?; // [batch · len, intermediate]
        self.act.apply(&mut inner);
        let mut sum = self.output_dense.forward(&inner)?;
        vector::add(&mut sum, &xs);
        Ok(self.output_layer_norm.forward(&sum))
    }

    /// `block` stands before each of `names`.
    pub(super) fn load(
        weights: &Weights,
        sizes: LayerSizes,
        block: &str,
        names: &LayerNames,
    ) -> Result<Self> {
        let (hidden, intermediate) = (sizes.hidden, sizes.intermediate);
        let layer = |name: &str, inputs, outputs| {
            linear(weights, &format!("{block}.{name}"), inputs, outputs)
        };
        let norm = |name: &str| layer_norm(weights, &format!("{block}.{name}"), hidden, sizes.eps);
        Ok(Self {
            attention: Attention {
                query: layer(names.query, hidden, hidden)?,
                key: layer(names.key, hidden, hidden)?,
                value: layer(names.value, hidden, hidden)?,
                output_dense: layer(names.attention_output_dense, hidden, hidden)?,
                output_layer_norm: norm(names.attention_output_layer_norm)?,
                heads: sizes.heads,
            },
            intermediate_dense: layer(names.intermediate_dense, hidden, intermediate)?,
            act: sizes.act,
            output_dense: layer(names.output_dense, intermediate, hidden)?,
            output_layer_norm: norm(names.output_layer_norm)?,
        })
    }
}

/// Runs `xs` `[batch · len, hidden]`, the embeddings of `input`, through blocks, one after the other.
pub(super) fn run_layers<'a>(
    layers: impl Iterator<Item = &'a Layer>,
    mut xs: Vec<f32>,
    input: &EncoderInput,
    observe: &mut dyn Observer,
) -> Result<Vec<f32>> {
    let mask = input.mask();
    observe.hidden_states(0, &xs)?;
    for (number, layer) in layers.enumerate() {
        let texts = Texts {
            len: input.len(),
            mask: mask.as_deref(),
            layer: number,
        };
        xs = layer.forward(&xs, &texts, observe)?;
        observe.hidden_states(number + 1, &xs)?;
    }
    Ok(xs)
}

/// Sizes of the embeddings.
pub(super) struct EmbeddingSizes {
    pub vocab: usize,
    /// Rows of the position table.
    pub positions: usize,
    /// Rows of the segment table; 0 in models without segments.
    pub segments: usize,
    /// Width of a row.
    pub size: usize,
    pub eps: f64,
}

/// The embeddings: LayerNorm(word + position + token_type), the last of which only models with segments have.
pub(super) struct Embeddings {
    /// `embeddings.word_embeddings`, `[vocab, size]`
    word: Embedding,
    /// `embeddings.position_embeddings`, `[positions, size]`
    position: Vec<f32>,
    /// `embeddings.token_type_embeddings`, `[segments, size]`
    token_type: Vec<f32>,
    /// `embeddings.LayerNorm`, `[size]`
    layer_norm: LayerNorm,
}

impl Embeddings {
    /// → `[batch · len, size]`; `positions` holds the row of the position table for each token.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a segment that the model does not have.
    pub(super) fn forward(
        &self,
        input: &EncoderInput,
        positions: impl Iterator<Item = usize>,
    ) -> Result<Vec<f32>> {
        let mut sum = self.word.forward(&input.input_ids)?; // [batch · len, size]
        let size = self.word.table().cols();
        for (row, position) in sum.chunks_exact_mut(size).zip(positions) {
            vector::add(row, &self.position[position * size..]);
        }
        if !self.token_type.is_empty() {
            self.add_segments(&mut sum, &input.token_type_ids)?;
        }
        Ok(self.layer_norm.forward(&sum))
    }

    fn add_segments(&self, sum: &mut [f32], token_type_ids: &[u32]) -> Result<()> {
        let size = self.word.table().cols();
        let count = self.token_type.len() / size;
        if let Some(id) = token_type_ids.iter().find(|&&id| id as usize >= count) {
            return Err(Error::Unsupported(format!(
                "segment {id}: this model has {count} segments, so it cannot read sentence pairs"
            )));
        }
        for (row, &segment) in sum.chunks_exact_mut(size).zip(token_type_ids) {
            vector::add(row, &self.token_type[segment as usize * size..]);
        }
        Ok(())
    }

    /// As [`Embeddings::forward`], with the parts.
    ///
    /// # Errors
    /// As there.
    pub(super) fn parts(
        &self,
        input: &EncoderInput,
        positions: impl Iterator<Item = usize>,
    ) -> Result<Embedded> {
        let size = self.word.table().cols();
        let token = self.word.forward(&input.input_ids)?;
        let rows = positions.flat_map(|position| &self.position[position * size..][..size]);
        let position: Vec<f32> = rows.copied().collect();
        let mut sum = token.clone();
        vector::add(&mut sum, &position);
        let mut segment = None;
        if !self.token_type.is_empty() {
            let mut rows = vec![0.0; token.len()];
            self.add_segments(&mut rows, &input.token_type_ids)?;
            vector::add(&mut sum, &rows);
            segment = Some(rows);
        }
        Ok(Embedded {
            size,
            token,
            segment,
            position: Some(position),
            normalized: Some(self.layer_norm.forward(&sum)),
            sum,
        })
    }

    /// The table of words.
    pub(super) fn word(&self) -> &Embedding {
        &self.word
    }

    pub(super) fn load(weights: &Weights, sizes: &EmbeddingSizes) -> Result<Self> {
        let size = sizes.size;
        let word = embedding(weights, "embeddings.word_embeddings", sizes.vocab, size)?;
        let small = |name: &str, rows| table(weights, &format!("embeddings.{name}"), rows, size);
        let token_type = if sizes.segments == 0 {
            Vec::new()
        } else {
            small("token_type_embeddings", sizes.segments)?
        };
        Ok(Self {
            word,
            position: small("position_embeddings", sizes.positions)?,
            token_type,
            layer_norm: layer_norm(weights, "embeddings.LayerNorm", size, sizes.eps)?,
        })
    }

    /// How the word embeddings' table is stored.
    pub(super) fn dtype(&self) -> DType {
        self.word.table().dtype()
    }
}
