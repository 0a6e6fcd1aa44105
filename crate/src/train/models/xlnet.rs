//! XLNet: "XLNet: Generalized Autoregressive Pretraining" (Yang et al. 2019), with two streams: h knows a token and what it
//! may see, g only what it may see and where it stands. Names are those of transformers' `XLNetLMHeadModel`; no memory
//! of earlier texts, no segments. Plain operations of candle, apart from linear layers, norms and GELU.

use candle_core::{Device, Tensor, D};
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};

use super::layers::{table, LayerNorm, Linear};
use super::Texts;
use crate::train::error::Result;
use crate::train::ops::{self, Gelu, WeightLayout};
use crate::train::parameters::{Init, Parameters, Role};
use crate::train::random::Dropout;

/// Sizes of an XLNet, by the names in its `config.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct XlnetConfig {
    /// Tokens in the vocabulary.
    pub vocab_size: usize,
    /// Width of the hidden states.
    pub d_model: usize,
    /// Number of blocks.
    pub n_layer: usize,
    /// Attention heads per block.
    pub n_head: usize,
    /// Width inside the feed-forward layers.
    pub d_inner: usize,
    /// Added to the variance in layer norms.
    pub layer_norm_eps: f64,
}

impl XlnetConfig {
    /// `config.json` of a checkpoint, as transformers writes it.
    pub fn to_json(&self) -> Value {
        json!({
            "architectures": ["XLNetLMHeadModel"],
            "model_type": "xlnet",
            "vocab_size": self.vocab_size,
            "d_model": self.d_model,
            "n_layer": self.n_layer,
            "n_head": self.n_head,
            "d_head": self.head_dim(),
            "d_inner": self.d_inner,
            "ff_activation": "gelu",
            "attn_type": "bi",
            "bi_data": false,
            "untie_r": true,
            "clamp_len": -1,
            "layer_norm_eps": self.layer_norm_eps,
            "tie_word_embeddings": true,
        })
    }

    fn head_dim(&self) -> usize {
        self.d_model / self.n_head
    }
}

/// Texts, what is to be guessed in them, and who may see whom.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Orders {
    /// What the model reads.
    pub texts: Texts,
    /// Positions to be guessed, as many in each text: `[batch·targets]`.
    pub targets: Vec<u32>,
    /// `[batch, len, len]`: whether g of the first position may see the token of the second. h sees its own besides.
    /// Each position may see at least one.
    pub visible: Vec<bool>,
}

/// XLNet with its weights on the tape.
pub struct Xlnet {
    /// `transformer.word_embedding`, `[vocab_size, d_model]`
    word: Tensor,
    /// `transformer.mask_emb`, `[1, 1, d_model]`: what g begins with.
    mask: Tensor,
    /// y = LayerNorm(a + ff(a)) with a = LayerNorm(x + attention(x))
    layer: Vec<Layer>,
    /// `lm_loss.bias`, `[vocab_size]`; its weight is `word`.
    lm_bias: Tensor,
    d_model: usize,
}

struct Layer {
    /// `[d_model, n_head, d_head]` each, as matrices `[d_model, n_head·d_head]`: queries, keys, values, output, and
    /// keys of distances.
    weights: [Tensor; 5],
    /// `r_r_bias` and `r_w_bias`, `[n_head, d_head]`: of queries that meet distances, and tokens.
    biases: [Tensor; 2],
    norm: LayerNorm,
    ff_1: Linear,
    ff_2: Linear,
    ff_norm: LayerNorm,
    n_head: usize,
}

/// Numbers of a batch that both streams need.
struct Geometry {
    batch: usize,
    len: usize,
    /// Encoded distances from len − 1 to −(len − 1): `[n·(2·len − 1), d_model]`; n is 1, or `batch` with dropout.
    distances: Tensor,
}

/// A stream's positions, and what they do not see.
struct Stream {
    /// Rows of each text.
    rows: usize,
    /// `[batch, n_head, rows, len]`: the place of each key's distance among all.
    distance: Tensor,
    /// `[batch, 1, rows, len]`: 0, or −10³⁰ for what is not seen.
    hidden: Tensor,
}

impl Xlnet {
    /// Takes its weights from `parameters`.
    ///
    /// # Errors
    /// As [`Parameters::take`].
    pub fn new(config: &XlnetConfig, p: &mut Parameters) -> Result<Self> {
        let (vocab, size) = (config.vocab_size, config.d_model);
        let mask = p.take(
            "transformer.mask_emb",
            &[1, 1, size],
            Init::Normal(STD),
            Role::Table,
        )?;
        let word = table(p, "transformer.word_embedding", [vocab, size], STD)?;
        let mut layer = Vec::new();
        for number in 0..config.n_layer {
            layer.push(Layer::new(
                config,
                p,
                &format!("transformer.layer.{number}"),
            )?);
        }
        Ok(Self {
            word,
            mask,
            layer,
            lm_bias: p.take("lm_loss.bias", &[vocab], Init::Zeros, Role::Plain)?,
            d_model: size,
        })
    }

    /// What g knows of the targets after the last layer: `[batch·targets, d_model]`.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] where an id has no row or sizes do not fit.
    pub fn targets(&self, orders: &Orders, dropout: &Dropout) -> Result<Tensor> {
        let content = Stream::new(orders, &orders.texts.positions(), self.heads(), true)?;
        let query = Stream::new(orders, &orders.targets, self.heads(), false)?;
        let mut h = self.words(&orders.texts, dropout)?;
        let mask = self.mask.reshape((1, self.d_model))?;
        let mut g = ops::embedding(&mask, vec![0; orders.targets.len()])?;
        g = dropout.apply(&g)?; // [batch·targets, d_model]
        let geometry = self.geometry(&orders.texts, dropout)?;
        for layer in &self.layer {
            let next = layer.forward(&h, &h, &content, &geometry, dropout)?;
            g = layer.forward(&g, &h, &query, &geometry, dropout)?;
            h = next;
        }
        Ok(dropout.apply(&g)?)
    }

    /// Whom each position looks at in layer `layer` where each sees all of its text: `[batch, n_head, len, len]`; nothing
    /// for a layer that is not there.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] where an id has no row.
    pub fn attentions(&self, texts: &Texts, layer: usize) -> Result<Vec<f32>> {
        let Some(of) = self.layer.get(layer) else {
            return Ok(Vec::new());
        };
        let none = Dropout::none();
        let all = Orders {
            texts: texts.clone(),
            targets: Vec::new(),
            visible: vec![true; texts.batch() * texts.len * texts.len],
        };
        let content = Stream::new(&all, &texts.positions(), self.heads(), true)?;
        let geometry = self.geometry(texts, &none)?;
        let mut h = self.words(texts, &none)?;
        for layer in self.layer.iter().take(layer) {
            h = layer.forward(&h, &h, &content, &geometry, &none)?;
        }
        let (weights, _) = of.look(&h, &h, &content, &geometry)?;
        Ok(weights.flatten_all()?.to_vec1()?)
    }

    fn heads(&self) -> usize {
        self.layer.first().map_or(1, |layer| layer.n_head)
    }

    /// What h begins with: `[batch·len, d_model]`.
    fn words(&self, texts: &Texts, dropout: &Dropout) -> Result<Tensor> {
        let words = ops::embedding(&self.word, texts.input_ids.clone())?;
        Ok(dropout.apply(&words)?)
    }

    fn geometry(&self, texts: &Texts, dropout: &Dropout) -> Result<Geometry> {
        let (batch, len) = (texts.batch(), texts.len);
        let mut distances = distances(len, self.d_model)?;
        // transformers drops out distances as well, in each text others.
        if dropout.drops() {
            distances = dropout.apply(&distances.repeat((batch, 1))?)?;
        }
        Ok(Geometry {
            batch,
            len,
            distances,
        })
    }

    /// `[m, d_model]` → `[m, vocab_size]`
    ///
    /// # Errors
    /// [`crate::Error::Internal`] for rows of another width.
    pub fn lm_loss(&self, rows: &Tensor) -> Result<Tensor> {
        let out_in = WeightLayout::OutIn;
        Ok(ops::linear(rows, &self.word, Some(&self.lm_bias), out_in)?)
    }
}

impl Stream {
    /// Of `positions`, as many in each text; `own`: whether a position sees itself.
    fn new(orders: &Orders, positions: &[u32], heads: usize, own: bool) -> Result<Self> {
        let (batch, len) = (orders.texts.batch(), orders.texts.len);
        let rows = positions.len() / batch.max(1);
        let (mut distance, mut hidden) = (Vec::new(), Vec::new());
        for (text, positions) in positions.chunks(rows.max(1)).enumerate() {
            for &position in positions {
                let at = position as usize;
                let visible = &orders.visible[(text * len + at) * len..][..len];
                for (key, &visible) in visible.iter().enumerate() {
                    let seen = visible || own && key == at;
                    hidden.push(if seen { 0f32 } else { -1e30 });
                    // Row 0 is distance len − 1: position − key = len − 1 − row.
                    distance.push((len - 1 + key - at) as u32);
                }
            }
        }
        let shape = (batch, 1, rows, len);
        let distance = Tensor::from_vec(distance, shape, &Device::Cpu)?;
        Ok(Self {
            rows,
            distance: distance
                .broadcast_as((batch, heads, rows, len))?
                .contiguous()?,
            hidden: Tensor::from_vec(hidden, shape, &Device::Cpu)?,
        })
    }
}

impl Layer {
    fn new(config: &XlnetConfig, p: &mut Parameters, name: &str) -> Result<Self> {
        let (size, heads, dim) = (config.d_model, config.n_head, config.head_dim());
        let (normal, eps) = (Init::Normal(STD), config.layer_norm_eps);
        let attention = |part: &str| format!("{name}.rel_attn.{part}");
        let mut weights = Vec::new();
        for part in ["q", "k", "v", "o", "r"] {
            let weight = p.take(&attention(part), &[size, heads, dim], normal, Role::Table)?;
            weights.push(weight.reshape((size, heads * dim))?);
        }
        let mut bias = |part: &str| p.take(&attention(part), &[heads, dim], normal, Role::Plain);
        let biases = [bias("r_r_bias")?, bias("r_w_bias")?];
        // Of segments, which are not used here: transformers expects them in the file.
        bias("r_s_bias")?;
        p.take(
            &attention("seg_embed"),
            &[2, heads, dim],
            normal,
            Role::Plain,
        )?;
        let norm = LayerNorm::new(p, &attention("layer_norm"), size, eps)?;
        let ff = |part: &str| format!("{name}.ff.{part}");
        let sizes = [size, config.d_inner];
        Ok(Self {
            weights: weights
                .try_into()
                .map_err(|_| crate::train::TrainError::internal("five"))?,
            biases,
            norm,
            ff_norm: LayerNorm::new(p, &ff("layer_norm"), size, eps)?,
            ff_1: Linear::new(p, &ff("layer_1"), sizes, STD, Role::LINEAR)?,
            ff_2: Linear::new(p, &ff("layer_2"), [sizes[1], sizes[0]], STD, Role::LINEAR)?,
            n_head: heads,
        })
    }

    /// `xs` `[batch·rows, d_model]` look at `h` `[batch·len, d_model]`.
    fn forward(
        &self,
        xs: &Tensor,
        h: &Tensor,
        stream: &Stream,
        geometry: &Geometry,
        dropout: &Dropout,
    ) -> Result<Tensor> {
        let mixed = self.attention(xs, h, stream, geometry, dropout)?;
        let out = ops::linear(&mixed, &self.weights[3], None, WeightLayout::OutIn)?;
        let xs = self.norm.forward(&(dropout.apply(&out)? + xs)?)?;
        let inner = ops::gelu(&self.ff_1.forward(&xs)?, Gelu::Exact)?;
        let inner = self.ff_2.forward(&dropout.apply(&inner)?)?;
        Ok(self.ff_norm.forward(&(dropout.apply(&inner)? + xs)?)?)
    }

    /// Σ weights·v: `[batch·rows, d_model]`
    fn attention(
        &self,
        xs: &Tensor,
        h: &Tensor,
        stream: &Stream,
        geometry: &Geometry,
        dropout: &Dropout,
    ) -> Result<Tensor> {
        let (weights, values) = self.look(xs, h, stream, geometry)?;
        let mixed = dropout.apply(&weights)?.matmul(&values)?; // [batch, n_head, rows, d_head]
        let mixed = mixed.transpose(1, 2)?.contiguous()?;
        Ok(mixed.reshape((geometry.batch * stream.rows, xs.dim(1)?))?)
    }

    /// softmax(((q + r_w)·k + (q + r_r)·r(distance))/√d_head) (Dai et al. 2019, section 3.3) `[batch, n_head, rows, len]`,
    /// and v `[batch, n_head, len, d_head]`.
    fn look(
        &self,
        xs: &Tensor,
        h: &Tensor,
        stream: &Stream,
        geometry: &Geometry,
    ) -> Result<(Tensor, Tensor)> {
        let (batch, heads) = (geometry.batch, self.n_head);
        let project = |xs: &Tensor, which: usize| {
            ops::linear(xs, &self.weights[which], None, WeightLayout::InOut)
        };
        // [batch·n, n_head·d_head] → [batch, n_head, n, d_head]
        let split = |xs: &Tensor, batch: usize, n: usize| -> candle_core::Result<Tensor> {
            let dim = xs.dim(1)? / heads;
            xs.reshape((batch, n, heads, dim))?
                .transpose(1, 2)?
                .contiguous()
        };
        let queries = project(xs, 0)?;
        let with = |bias: &Tensor| -> candle_core::Result<Tensor> {
            split(
                &queries.broadcast_add(&bias.flatten_all()?)?,
                batch,
                stream.rows,
            )
        };
        let keys = split(&project(h, 1)?, batch, geometry.len)?;
        let values = split(&project(h, 2)?, batch, geometry.len)?;
        let far = project(&geometry.distances, 4)?;
        let rows = 2 * geometry.len - 1;
        let far = split(&far, far.dim(0)? / rows, rows)?;
        let [r_r, r_w] = &self.biases;
        let by_token = with(r_w)?.matmul(&keys.t()?.contiguous()?)?; // [batch, n_head, rows, len]
        let far = far.t()?.contiguous()?; // [1 or batch, n_head, d_head, 2·len − 1]
        let by_distance = with(r_r)?.broadcast_matmul(&far)?;
        let by_distance = by_distance
            .contiguous()?
            .gather(&stream.distance, D::Minus1)?;
        let scale = 1.0 / (values.dim(D::Minus1)? as f64).sqrt();
        let scores = ((by_token + by_distance)? * scale)?.broadcast_add(&stream.hidden)?;
        let most = scores.max_keepdim(D::Minus1)?.detach();
        let powers = scores.broadcast_sub(&most)?.exp()?;
        let weights = powers.broadcast_div(&powers.sum_keepdim(D::Minus1)?)?;
        Ok((weights, values))
    }
}

/// Sines, then cosines, of the distances from len − 1 down to −(len − 1): `[2·len − 1, d_model]`.
fn distances(len: usize, d_model: usize) -> Result<Tensor> {
    let mut values = Vec::new();
    let half = d_model.div_ceil(2);
    for row in 0..2 * len - 1 {
        let distance = len as f32 - 1.0 - row as f32;
        let angle = |at: usize| distance / 10_000f32.powf(2.0 * at as f32 / d_model as f32);
        values.extend((0..half).map(|at| angle(at).sin()));
        values.extend((0..d_model - half).map(|at| angle(at).cos()));
    }
    Ok(Tensor::from_vec(
        values,
        (2 * len - 1, d_model),
        &Device::Cpu,
    )?)
}

/// Of new weights (`initializer_range`).
const STD: f32 = 0.02;
