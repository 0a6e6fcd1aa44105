//! GPT-2: "Language Models are Unsupervised Multitask Learners" (Radford et al. 2019), as `crate::models::gpt2` runs it.
//! Names are those of `GPT2LMHeadModel`; the output layer is the token embedding.

use candle_core::Tensor;
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};

use super::layers::{table, LayerNorm, Linear};
use super::Texts;
use crate::train::error::Result;
use crate::train::ops::{self, Attention, Gelu, WeightLayout};
use crate::train::parameters::Parameters;
use crate::train::random::Dropout;

/// Sizes of a GPT, by the names in its `config.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GptConfig {
    /// Tokens in the vocabulary.
    pub vocab_size: usize,
    /// The most positions it can read.
    pub n_positions: usize,
    /// Width of the hidden states.
    pub n_embd: usize,
    /// Number of blocks.
    pub n_layer: usize,
    /// Attention heads per block.
    pub n_head: usize,
    /// Width inside the MLP; 4·`n_embd` if absent.
    pub n_inner: Option<usize>,
    /// Added to the variance in layer norms.
    pub layer_norm_epsilon: f64,
}

impl GptConfig {
    /// `config.json` of a checkpoint, as transformers writes it. `eos_token_id` ends a text.
    pub fn to_json(&self, eos_token_id: Option<u32>) -> Value {
        json!({
            "architectures": ["GPT2LMHeadModel"],
            "model_type": "gpt2",
            "vocab_size": self.vocab_size,
            "n_positions": self.n_positions,
            "n_embd": self.n_embd,
            "n_layer": self.n_layer,
            "n_head": self.n_head,
            "n_inner": self.n_inner,
            "activation_function": "gelu_new",
            "layer_norm_epsilon": self.layer_norm_epsilon,
            "tie_word_embeddings": true,
            "bos_token_id": eos_token_id,
            "eos_token_id": eos_token_id,
        })
    }
}

/// GPT with its weights on the tape.
pub struct Gpt {
    /// `transformer.wte`, `[vocab_size, n_embd]`
    wte: Tensor,
    /// `transformer.wpe`, `[n_positions, n_embd]`
    wpe: Tensor,
    /// `transformer.h`, `transformer.ln_f`
    blocks: GptBlocks,
}

/// The blocks from one on, of which those of fine-tuning stand above hidden states that are given, and the last norm.
pub struct GptBlocks {
    /// x += attn(ln_1(x)); x += mlp(ln_2(x))
    h: Vec<Block>,
    /// `[n_embd]`
    ln_f: LayerNorm,
}

struct Block {
    ln_1: LayerNorm,
    /// `[n_embd, 3·n_embd]`: queries, keys and values side by side.
    c_attn: Linear,
    /// `[n_embd, n_embd]`
    attn_c_proj: Linear,
    ln_2: LayerNorm,
    /// `[n_embd, n_inner]`
    c_fc: Linear,
    /// `[n_inner, n_embd]`
    mlp_c_proj: Linear,
    n_head: usize,
}

impl Gpt {
    /// Takes its weights from `parameters`; new ones begin as in section 2.3 of the paper.
    ///
    /// # Errors
    /// As [`Parameters::take`].
    pub fn new(config: &GptConfig, parameters: &mut Parameters) -> Result<Self> {
        let size = config.n_embd;
        let wte = [config.vocab_size, size];
        let wpe = [config.n_positions, size];
        Ok(Self {
            wte: table(parameters, "transformer.wte", wte, STD)?,
            wpe: table(parameters, "transformer.wpe", wpe, STD)?,
            blocks: GptBlocks::new(config, 0, parameters)?,
        })
    }

    /// The hidden states behind `ln_f`: `[batch·len, n_embd]`.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] where an id or a position has no row.
    pub fn hidden_states(&self, texts: &Texts, dropout: &Dropout) -> Result<Tensor> {
        let xs = self.below(self.blocks.h.len(), texts, dropout)?;
        Ok(self.blocks.ln_f.forward(&xs)?)
    }

    /// What block `layer` reads: `[batch·len, n_embd]`.
    fn below(&self, layer: usize, texts: &Texts, dropout: &Dropout) -> Result<Tensor> {
        let tokens = ops::embedding(&self.wte, texts.input_ids.clone())?;
        let positions = ops::embedding(&self.wpe, texts.positions())?;
        let xs = dropout.apply(&(tokens + positions)?)?;
        self.blocks.below(layer, xs, texts, dropout)
    }

    /// Whom each position looks at in block `layer`: `[batch, n_head, len, len]`; nothing for a block that is not there.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] where an id or a position has no row.
    pub fn attentions(&self, texts: &Texts, layer: usize) -> Result<Vec<f32>> {
        let Some(block) = self.blocks.h.get(layer) else {
            return Ok(Vec::new());
        };
        let xs = self.below(layer, texts, &Dropout::none())?;
        let joint = block.c_attn.forward(&block.ln_1.forward(&xs)?)?; // [batch·len, 3·n_embd]
        let width = joint.dim(1)? / 3;
        let third = |which| joint.narrow(1, which * width, width)?.contiguous();
        let how = Attention {
            batch: texts.batch(),
            len: texts.len,
            heads: block.n_head,
            causal: true,
            lengths: Vec::new(),
            dropout: None,
        };
        Ok(ops::attention_weights(&third(0)?, &third(1)?, how)?)
    }

    /// `[m, n_embd]` → `[m, vocab_size]`
    ///
    /// # Errors
    /// [`crate::Error::Internal`] for rows of another width.
    pub fn lm_head(&self, hidden_states: &Tensor) -> Result<Tensor> {
        Ok(ops::linear(
            hidden_states,
            &self.wte,
            None,
            WeightLayout::OutIn,
        )?)
    }
}

impl GptBlocks {
    /// Those from number `first` on.
    ///
    /// # Errors
    /// As [`Parameters::take`].
    pub fn new(config: &GptConfig, first: usize, parameters: &mut Parameters) -> Result<Self> {
        let h = (first..config.n_layer)
            .map(|layer| Block::new(config, parameters, &format!("transformer.h.{layer}")))
            .collect::<Result<_>>()?;
        let (size, eps) = (config.n_embd, config.layer_norm_epsilon);
        let ln_f = LayerNorm::new(parameters, "transformer.ln_f", size, eps)?;
        Ok(Self { h, ln_f })
    }

    /// `[batch·len, n_embd]` → the same, behind `ln_f`.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] for states of another size.
    pub fn forward(&self, xs: Tensor, texts: &Texts, dropout: &Dropout) -> Result<Tensor> {
        let xs = self.below(self.h.len(), xs, texts, dropout)?;
        Ok(self.ln_f.forward(&xs)?)
    }

    /// The first `count` of them, without the norm.
    fn below(
        &self,
        count: usize,
        mut xs: Tensor,
        texts: &Texts,
        dropout: &Dropout,
    ) -> Result<Tensor> {
        for block in self.h.iter().take(count) {
            xs = block.forward(&xs, texts, dropout)?;
        }
        Ok(xs)
    }
}

impl Block {
    fn new(config: &GptConfig, parameters: &mut Parameters, name: &str) -> Result<Self> {
        let (size, eps) = (config.n_embd, config.layer_norm_epsilon);
        let inner = config.n_inner.unwrap_or(4 * size);
        // Section 2.3: what the residual layers add begins smaller by the square root of their number.
        let last = STD / ((2 * config.n_layer) as f32).sqrt();
        let mut conv1d = |part: &str, sizes, std, parts| {
            Linear::conv1d(parameters, &format!("{name}.{part}"), sizes, std, parts)
        };
        let c_attn = conv1d("attn.c_attn", [size, 3 * size], STD, 3)?;
        let attn_c_proj = conv1d("attn.c_proj", [size, size], last, 1)?;
        let c_fc = conv1d("mlp.c_fc", [size, inner], STD, 1)?;
        let mlp_c_proj = conv1d("mlp.c_proj", [inner, size], last, 1)?;
        Ok(Self {
            ln_1: LayerNorm::new(parameters, &format!("{name}.ln_1"), size, eps)?,
            c_attn,
            attn_c_proj,
            ln_2: LayerNorm::new(parameters, &format!("{name}.ln_2"), size, eps)?,
            c_fc,
            mlp_c_proj,
            n_head: config.n_head,
        })
    }

    fn forward(&self, xs: &Tensor, texts: &Texts, dropout: &Dropout) -> Result<Tensor> {
        let (batch, len) = (texts.batch(), texts.len);
        let joint = self.c_attn.forward(&self.ln_1.forward(xs)?)?; // [batch·len, 3·n_embd]
        let mixed = ops::attention_joint(
            &joint,
            Attention {
                batch,
                len,
                heads: self.n_head,
                causal: true,
                lengths: Vec::new(),
                dropout: dropout.mask(batch * self.n_head * len * len),
            },
        )?; // [batch·len, n_embd]
        let xs = (xs + dropout.apply(&self.attn_c_proj.forward(&mixed)?)?)?;
        let inner = self.c_fc.forward(&self.ln_2.forward(&xs)?)?; // [batch·len, n_inner]
        let mlp = self.mlp_c_proj.forward(&ops::gelu(&inner, Gelu::Tanh)?)?;
        Ok((&xs + dropout.apply(&mlp)?)?)
    }
}

/// Of new weights (section 2.3 of GPT's first paper).
const STD: f32 = 0.02;
