//! The block of GPT-2, layer norms first, and the embeddings before it, with the checkpoint's names: "Language Models
//! are Unsupervised Multitask Learners" (Radford et al. 2019). GPT-1 has the same attention and MLP in another order.

use super::decoder::Past;
use super::embedded::Embedded;
use super::observer::Observer;
use super::parameters::{embedding, layer_norm, linear, table};
use crate::dtype::DType;
use crate::error::Result;
use crate::nn::{
    attention, attention_weights, vector, Activation, Embedding, KvCache, LayerNorm, Linear,
    Strided, Visible,
};
use crate::weights::Weights;

/// Sizes of a block.
#[derive(Clone, Copy)]
pub(super) struct BlockSizes {
    pub n_embd: usize,
    pub n_head: usize,
    /// Width inside the MLP.
    pub n_inner: usize,
    /// What scores are multiplied by.
    pub scale: f64,
    pub act: Activation,
    pub eps: f64,
}

/// Masked self-attention, with the tokens before it in a token's sight:
///
/// ```text
/// headᵢ = softmax(mask(scale·Qᵢ·Kᵢᵀ))·Vᵢ          (Q K V) = c_attn(x)
/// y     = c_proj(head₁ … headₙ)
/// ```
pub(super) struct Attention {
    /// `[3·n_embd, n_embd]`: queries, keys and values in one.
    c_attn: Linear,
    /// `[n_embd, n_embd]`
    c_proj: Linear,
    scale: f32,
    n_head: usize,
    head_dim: usize,
}

impl Attention {
    /// `[n, n_embd]` → `[n, n_embd]`
    pub(super) fn forward(
        &self,
        xs: &[f32],
        layer: usize,
        past: &mut Past,
        observe: &mut dyn Observer,
    ) -> Result<Vec<f32>> {
        let qkv = self.c_attn.forward(xs)?; // [n, 3·n_embd]
        let ys =
            past.for_each_text(&qkv, |rows, cache| self.attend(rows, layer, cache, observe))?;
        self.c_proj.forward(&ys)
    }

    /// Adds the keys and values of `qkv` `[n, 3·n_embd]` to the cache and looks at all in it → `[n, n_embd]`.
    fn attend(
        &self,
        qkv: &[f32],
        layer: usize,
        cache: &mut KvCache,
        observe: &mut dyn Observer,
    ) -> Result<Vec<f32>> {
        let n_embd = self.n_head * self.head_dim;
        let qkv = Strided::new(qkv, 3 * n_embd);
        // Each `[n, n_embd]`.
        let [q, k, v] = [0, 1, 2].map(|part| qkv.columns(part * n_embd..(part + 1) * n_embd));
        cache.append(layer, k, v)?;
        let visible = Visible::Causal { past: cache.len() };
        let head = |head| cache.head(layer, head);
        if observe.wants_attentions(layer) {
            let weights = attention_weights(q, self.n_head, self.scale, visible, head)?;
            observe.attentions(layer, weights)?;
        }
        Ok(attention(q, self.n_head, self.scale, visible, head))
    }

    /// `name` stands before `c_attn` and `c_proj`.
    pub(super) fn load(weights: &Weights, name: &str, sizes: BlockSizes) -> Result<Self> {
        let n_embd = sizes.n_embd;
        Ok(Self {
            c_attn: linear(weights, &format!("{name}.c_attn"), n_embd, 3 * n_embd)?,
            c_proj: linear(weights, &format!("{name}.c_proj"), n_embd, n_embd)?,
            scale: sizes.scale as f32,
            n_head: sizes.n_head,
            head_dim: n_embd / sizes.n_head,
        })
    }
}

/// y = c_proj(act(c_fc(x)))
pub(super) struct Mlp {
    /// `[n_inner, n_embd]`
    c_fc: Linear,
    act: Activation,
    /// `[n_embd, n_inner]`
    c_proj: Linear,
}

impl Mlp {
    /// `[n, n_embd]` → `[n, n_embd]`
    pub(super) fn forward(&self, xs: &[f32]) -> Result<Vec<f32>> {
        let mut inner = self.c_fc.forward(xs)?; // [n, n_inner]
        self.act.apply(&mut inner);
        self.c_proj.forward(&inner)
    }

    /// `name` stands before `c_fc` and `c_proj`.
    pub(super) fn load(weights: &Weights, name: &str, sizes: BlockSizes) -> Result<Self> {
        let (n_embd, n_inner) = (sizes.n_embd, sizes.n_inner);
        Ok(Self {
            c_fc: linear(weights, &format!("{name}.c_fc"), n_embd, n_inner)?,
            act: sizes.act,
            c_proj: linear(weights, &format!("{name}.c_proj"), n_inner, n_embd)?,
        })
    }
}

/// One block:
///
/// ```text
/// x += attn(ln_1(x))
/// x += mlp(ln_2(x))
/// ```
pub(super) struct Block {
    /// `[n_embd]`
    ln_1: LayerNorm,
    attn: Attention,
    /// `[n_embd]`
    ln_2: LayerNorm,
    mlp: Mlp,
}

impl Block {
    /// `[n, n_embd]`, in place
    pub(super) fn forward(
        &self,
        xs: &mut [f32],
        layer: usize,
        past: &mut Past,
        observe: &mut dyn Observer,
    ) -> Result<()> {
        let normed = self.ln_1.forward(xs);
        vector::add(xs, &self.attn.forward(&normed, layer, past, observe)?);
        vector::add(xs, &self.mlp.forward(&self.ln_2.forward(xs))?);
        Ok(())
    }

    /// `name` stands before each layer's.
    pub(super) fn load(weights: &Weights, name: &str, sizes: BlockSizes) -> Result<Self> {
        let norm =
            |part: &str| layer_norm(weights, &format!("{name}.{part}"), sizes.n_embd, sizes.eps);
        Ok(Self {
            ln_1: norm("ln_1")?,
            attn: Attention::load(weights, &format!("{name}.attn"), sizes)?,
            ln_2: norm("ln_2")?,
            mlp: Mlp::load(weights, &format!("{name}.mlp"), sizes)?,
        })
    }
}

/// Sizes of the embeddings.
pub(super) struct EmbeddingSizes {
    pub vocab_size: usize,
    pub n_positions: usize,
    pub n_embd: usize,
}

/// The embeddings: token + position.
pub(super) struct Embeddings {
    /// `[vocab_size, n_embd]`
    tokens: Embedding,
    /// `[n_positions, n_embd]`
    positions: Vec<f32>,
}

impl Embeddings {
    /// → `[input_ids.len(), n_embd]`
    pub(super) fn forward(&self, input_ids: &[u32], positions: &[usize]) -> Result<Vec<f32>> {
        let size = self.tokens.table().cols();
        let mut xs = self.tokens.forward(input_ids)?;
        for (row, position) in xs.chunks_exact_mut(size).zip(positions) {
            vector::add(row, &self.positions[position * size..]);
        }
        Ok(xs)
    }

    /// As [`Embeddings::forward`], with the parts.
    pub(super) fn parts(&self, input_ids: &[u32], positions: &[usize]) -> Result<Embedded> {
        let size = self.tokens.table().cols();
        let token = self.tokens.forward(input_ids)?;
        let rows = positions.iter();
        let rows = rows.flat_map(|position| &self.positions[position * size..][..size]);
        let position: Vec<f32> = rows.copied().collect();
        let mut sum = token.clone();
        vector::add(&mut sum, &position);
        Ok(Embedded {
            size,
            token,
            segment: None,
            position: Some(position),
            sum,
            normalized: None,
        })
    }

    /// The table of tokens.
    pub(super) fn tokens(&self) -> &Embedding {
        &self.tokens
    }

    /// By the names of the two tables.
    pub(super) fn load(
        weights: &Weights,
        (tokens, positions): (&str, &str),
        sizes: &EmbeddingSizes,
    ) -> Result<Self> {
        Ok(Self {
            tokens: embedding(weights, tokens, sizes.vocab_size, sizes.n_embd)?,
            positions: table(weights, positions, sizes.n_positions, sizes.n_embd)?,
        })
    }

    /// How the tokens' table is stored.
    pub(super) fn dtype(&self) -> DType {
        self.tokens.table().dtype()
    }
}
