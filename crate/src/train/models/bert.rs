//! BERT: "BERT: Pre-training of Deep Bidirectional Transformers" (Devlin et al. 2019), as `crate::models::bert` runs it.
//! Names are those of `BertForPreTraining`; the MLM decoder is the word embedding.

use candle_core::Tensor;
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};

use super::layers::{table, LayerNorm, Linear};
use super::Texts;
use crate::train::error::{Result, TrainError};
use crate::train::ops::{self, Attention, Gelu, WeightLayout};
use crate::train::parameters::{Init, Parameters, Role};
use crate::train::random::Dropout;

/// Sizes of a BERT, by the names in its `config.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BertConfig {
    /// Tokens in the vocabulary.
    pub vocab_size: usize,
    /// Width of the hidden states.
    pub hidden_size: usize,
    /// Number of blocks.
    pub num_hidden_layers: usize,
    /// Attention heads per block.
    pub num_attention_heads: usize,
    /// Width inside the feed-forward layers.
    pub intermediate_size: usize,
    /// The most positions it can read.
    pub max_position_embeddings: usize,
    /// Added to the variance in layer norms.
    pub layer_norm_eps: f64,
}

impl BertConfig {
    /// `config.json` of a checkpoint with those heads that it has, as transformers writes it.
    pub fn to_json(&self, heads: BertHeads, pad_token_id: u32) -> Value {
        let class = match (heads.mlm, heads.nsp) {
            (true, true) => "BertForPreTraining",
            (true, false) => "BertForMaskedLM",
            (false, true) => "BertForNextSentencePrediction",
            (false, false) => "BertModel",
        };
        json!({
            "architectures": [class],
            "model_type": "bert",
            "vocab_size": self.vocab_size,
            "hidden_size": self.hidden_size,
            "num_hidden_layers": self.num_hidden_layers,
            "num_attention_heads": self.num_attention_heads,
            "intermediate_size": self.intermediate_size,
            "hidden_act": "gelu",
            "max_position_embeddings": self.max_position_embeddings,
            "type_vocab_size": SEGMENTS,
            "layer_norm_eps": self.layer_norm_eps,
            "tie_word_embeddings": true,
            "pad_token_id": pad_token_id,
        })
    }
}

/// Which heads a BERT is trained with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BertHeads {
    /// Masked words.
    pub mlm: bool,
    /// Next sentence.
    pub nsp: bool,
}

/// Texts or pairs, padded to one length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pairs {
    /// What the model reads.
    pub texts: Texts,
    /// 0 for the first text of a pair, 1 for the second: `[batch·len]`.
    pub token_type_ids: Vec<u32>,
    /// Tokens of each pair before its padding; empty where nothing is padded.
    pub lengths: Vec<usize>,
}

/// BERT with its weights on the tape.
pub struct Bert {
    /// `bert.embeddings.word_embeddings`, `[vocab_size, hidden_size]`
    word: Tensor,
    /// `bert.embeddings.position_embeddings`, `[max_position_embeddings, hidden_size]`
    position: Tensor,
    /// `bert.embeddings.token_type_embeddings`, `[2, hidden_size]`
    token_type: Tensor,
    /// `bert.embeddings.LayerNorm`
    layer_norm: LayerNorm,
    /// `bert.encoder.layer`
    blocks: BertBlocks,
    /// `cls.predictions`
    mlm: Option<MlmHead>,
    /// `bert.pooler`, `cls.seq_relationship`
    nsp: Option<NspHead>,
}

/// The blocks from one on, of which those of fine-tuning stand above hidden states that are given.
pub struct BertBlocks {
    /// y = LayerNorm(a + mlp(a)) with a = LayerNorm(x + attention(x))
    layer: Vec<Layer>,
}

struct Layer {
    /// `[hidden_size, hidden_size]` each
    query: Linear,
    key: Linear,
    value: Linear,
    attention_output: Linear,
    attention_layer_norm: LayerNorm,
    /// `[intermediate_size, hidden_size]`
    intermediate: Linear,
    /// `[hidden_size, intermediate_size]`
    output: Linear,
    output_layer_norm: LayerNorm,
    heads: usize,
}

/// logits = decoder(LayerNorm(gelu(transform(h))))
struct MlmHead {
    transform: Linear,
    layer_norm: LayerNorm,
    /// `[vocab_size]`; the decoder's weight is `word`.
    bias: Tensor,
}

/// logits = seq_relationship(tanh(pooler(h of `[CLS]`)))
struct NspHead {
    pooler: Linear,
    seq_relationship: Linear,
}

impl Bert {
    /// Takes its weights from `parameters`.
    ///
    /// # Errors
    /// As [`Parameters::take`].
    pub fn new(config: &BertConfig, heads: BertHeads, p: &mut Parameters) -> Result<Self> {
        let (size, eps) = (config.hidden_size, config.layer_norm_eps);
        let name = |part: &str| format!("bert.embeddings.{part}");
        let words = [config.vocab_size, size];
        let positions = [config.max_position_embeddings, size];
        let word = table(p, &name("word_embeddings"), words, STD)?;
        let position = table(p, &name("position_embeddings"), positions, STD)?;
        let token_type = table(p, &name("token_type_embeddings"), [SEGMENTS, size], STD)?;
        let layer_norm = LayerNorm::new(p, &name("LayerNorm"), size, eps)?;
        let blocks = BertBlocks::new(config, 0, p)?;
        Ok(Self {
            word,
            position,
            token_type,
            layer_norm,
            blocks,
            mlm: heads.mlm.then(|| MlmHead::new(config, p)).transpose()?,
            nsp: heads.nsp.then(|| NspHead::new(config, p)).transpose()?,
        })
    }

    /// The hidden states: `[batch·len, hidden_size]`.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] where an id or a position has no row.
    pub fn hidden_states(&self, pairs: &Pairs, dropout: &Dropout) -> Result<Tensor> {
        self.below(self.blocks.layer.len(), pairs, dropout)
    }

    /// What layer `layer` reads: `[batch·len, hidden_size]`.
    fn below(&self, layer: usize, pairs: &Pairs, dropout: &Dropout) -> Result<Tensor> {
        let words = ops::embedding(&self.word, pairs.texts.input_ids.clone())?;
        let positions = ops::embedding(&self.position, pairs.texts.positions())?;
        let segments = ops::embedding(&self.token_type, pairs.token_type_ids.clone())?;
        let sum = ((words + positions)? + segments)?;
        let xs = dropout.apply(&self.layer_norm.forward(&sum)?)?;
        self.blocks.below(layer, xs, pairs, dropout)
    }

    /// Whom each position looks at in layer `layer`: `[batch, heads, len, len]`; nothing for a layer that is not there.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] where an id or a position has no row.
    pub fn attentions(&self, pairs: &Pairs, layer: usize) -> Result<Vec<f32>> {
        let Some(of) = self.blocks.layer.get(layer) else {
            return Ok(Vec::new());
        };
        let xs = self.below(layer, pairs, &Dropout::none())?;
        let (queries, keys) = (of.query.forward(&xs)?, of.key.forward(&xs)?);
        let how = of.attention(pairs, &Dropout::none());
        Ok(ops::attention_weights(&queries, &keys, how)?)
    }

    /// What may stand where `rows` are from: `[n, hidden_size]` → `[n, vocab_size]`.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] for a model without this head.
    pub fn mlm_logits(&self, rows: &Tensor) -> Result<Tensor> {
        let head = self.mlm.as_ref().ok_or_else(no_head)?;
        let xs = ops::gelu(&head.transform.forward(rows)?, Gelu::Exact)?;
        let xs = head.layer_norm.forward(&xs)?;
        Ok(ops::linear(
            &xs,
            &self.word,
            Some(&head.bias),
            WeightLayout::OutIn,
        )?)
    }

    /// `[batch, hidden_size]` of the first tokens → `[batch, 2]`: column 0 "B follows A", column 1 "it does not".
    ///
    /// # Errors
    /// [`crate::Error::Internal`] for a model without this head.
    pub fn nsp_logits(&self, first_tokens: &Tensor, dropout: &Dropout) -> Result<Tensor> {
        let head = self.nsp.as_ref().ok_or_else(no_head)?;
        let pooled = head.pooler.forward(first_tokens)?.tanh()?;
        Ok(head.seq_relationship.forward(&dropout.apply(&pooled)?)?)
    }
}

impl BertBlocks {
    /// Those from number `first` on.
    ///
    /// # Errors
    /// As [`Parameters::take`].
    pub fn new(config: &BertConfig, first: usize, p: &mut Parameters) -> Result<Self> {
        let layer = (first..config.num_hidden_layers)
            .map(|number| Layer::new(config, p, &format!("bert.encoder.layer.{number}")))
            .collect::<Result<_>>()?;
        Ok(Self { layer })
    }

    /// `[batch·len, hidden_size]` → the same.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] for states of another size.
    pub fn forward(&self, xs: Tensor, pairs: &Pairs, dropout: &Dropout) -> Result<Tensor> {
        self.below(self.layer.len(), xs, pairs, dropout)
    }

    /// The first `count` of them.
    fn below(
        &self,
        count: usize,
        mut xs: Tensor,
        pairs: &Pairs,
        dropout: &Dropout,
    ) -> Result<Tensor> {
        for layer in self.layer.iter().take(count) {
            xs = layer.forward(&xs, pairs, dropout)?;
        }
        Ok(xs)
    }
}

impl Layer {
    fn new(config: &BertConfig, p: &mut Parameters, name: &str) -> Result<Self> {
        let (size, inner) = (config.hidden_size, config.intermediate_size);
        let eps = config.layer_norm_eps;
        let name = |part: &str| format!("{name}.{part}");
        let linear = |p: &mut Parameters, part: &str, sizes| {
            Linear::new(p, &name(part), sizes, STD, Role::LINEAR)
        };
        Ok(Self {
            query: linear(p, "attention.self.query", [size, size])?,
            key: linear(p, "attention.self.key", [size, size])?,
            value: linear(p, "attention.self.value", [size, size])?,
            attention_output: linear(p, "attention.output.dense", [size, size])?,
            attention_layer_norm: LayerNorm::new(
                p,
                &name("attention.output.LayerNorm"),
                size,
                eps,
            )?,
            intermediate: linear(p, "intermediate.dense", [size, inner])?,
            output: linear(p, "output.dense", [inner, size])?,
            output_layer_norm: LayerNorm::new(p, &name("output.LayerNorm"), size, eps)?,
            heads: config.num_attention_heads,
        })
    }

    fn attention(&self, pairs: &Pairs, dropout: &Dropout) -> Attention {
        let (batch, len) = (pairs.texts.batch(), pairs.texts.len);
        Attention {
            batch,
            len,
            heads: self.heads,
            causal: false,
            lengths: pairs.lengths.clone(),
            dropout: dropout.mask(batch * self.heads * len * len),
        }
    }

    fn forward(&self, xs: &Tensor, pairs: &Pairs, dropout: &Dropout) -> Result<Tensor> {
        let mixed = ops::attention(
            &self.query.forward(xs)?,
            &self.key.forward(xs)?,
            &self.value.forward(xs)?,
            self.attention(pairs, dropout),
        )?; // [batch·len, hidden_size]
        let mixed = dropout.apply(&self.attention_output.forward(&mixed)?)?;
        let xs = self.attention_layer_norm.forward(&(xs + mixed)?)?;
        let inner = ops::gelu(&self.intermediate.forward(&xs)?, Gelu::Exact)?;
        let mlp = dropout.apply(&self.output.forward(&inner)?)?;
        Ok(self.output_layer_norm.forward(&(xs + mlp)?)?)
    }
}

impl MlmHead {
    fn new(config: &BertConfig, p: &mut Parameters) -> Result<Self> {
        let (size, name) = (config.hidden_size, "cls.predictions.transform");
        let (dense, norm) = (format!("{name}.dense"), format!("{name}.LayerNorm"));
        Ok(Self {
            transform: Linear::new(p, &dense, [size, size], STD, Role::Table)?,
            layer_norm: LayerNorm::new(p, &norm, size, config.layer_norm_eps)?,
            bias: p.take(
                "cls.predictions.bias",
                &[config.vocab_size],
                Init::Zeros,
                Role::Plain,
            )?,
        })
    }
}

impl NspHead {
    fn new(config: &BertConfig, p: &mut Parameters) -> Result<Self> {
        let size = config.hidden_size;
        Ok(Self {
            pooler: Linear::new(p, "bert.pooler.dense", [size, size], STD, Role::Table)?,
            seq_relationship: Linear::new(p, "cls.seq_relationship", [size, 2], STD, Role::Table)?,
        })
    }
}

/// A batch asks for what its objective left out.
fn no_head() -> TrainError {
    TrainError::internal("a head that this model was not given")
}

const SEGMENTS: usize = 2;

/// Of new weights (`initializer_range`).
const STD: f32 = 0.02;
