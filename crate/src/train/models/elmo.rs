//! ELMo: "Deep contextualized word representations" (Peters et al. 2018): a language model that reads forwards and one that
//! reads backwards, of LSTM layers with a residual connection between them, which share embedding and softmax.
//! Names within a layer are those of `torch.nn.LSTM`. The characters' convolution of the paper is a table of tokens here.

use candle_core::Tensor;
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};

use super::layers::table;
use super::Texts;
use crate::train::error::Result;
use crate::train::ops::{self, WeightLayout};
use crate::train::parameters::{Init, Parameters, Role};
use crate::train::random::Dropout;

/// Sizes of an ELMo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ElmoConfig {
    /// Tokens in the vocabulary.
    pub vocab_size: usize,
    /// Width of the embeddings and of the cells.
    pub hidden_size: usize,
    /// LSTM layers of each direction; 2 in the paper.
    pub num_hidden_layers: usize,
}

impl ElmoConfig {
    /// `config.json` of a checkpoint. transformers has no ELMo.
    pub fn to_json(&self) -> Value {
        json!({
            "architectures": ["ElmoForLanguageModeling"],
            "model_type": "elmo",
            "vocab_size": self.vocab_size,
            "hidden_size": self.hidden_size,
            "num_hidden_layers": self.num_hidden_layers,
        })
    }
}

/// ELMo with its weights on the tape.
pub struct Elmo {
    /// `word_embeddings`, `[vocab_size, hidden_size]`
    word: Tensor,
    /// `forward_lstm`, `backward_lstm`: h₁ = lstm(x); hₙ = lstm(hₙ₋₁) + hₙ₋₁
    directions: [Vec<Cells>; 2],
    /// `decoder.weight`, `[vocab_size, hidden_size]`, and `decoder.bias`, `[vocab_size]`
    decoder: [Tensor; 2],
}

/// A layer of one direction.
struct Cells {
    /// `[4·hidden_size, hidden_size]`
    weight_ih: Tensor,
    /// `[4·hidden_size, hidden_size]`
    weight_hh: Tensor,
    /// `[4·hidden_size]` each
    bias_ih: Tensor,
    bias_hh: Tensor,
    reverse: bool,
}

impl Elmo {
    /// Takes its weights from `parameters`; new ones begin as PyTorch's do.
    ///
    /// # Errors
    /// As [`Parameters::take`].
    pub fn new(config: &ElmoConfig, p: &mut Parameters) -> Result<Self> {
        let (vocab, size) = (config.vocab_size, config.hidden_size);
        let bound = 1.0 / (size as f32).sqrt();
        let word = table(p, "word_embeddings", [vocab, size], bound)?;
        let mut direction = |name: &str, reverse| -> Result<Vec<Cells>> {
            (0..config.num_hidden_layers)
                .map(|layer| Cells::new(p, &format!("{name}.{layer}"), size, reverse))
                .collect()
        };
        let directions = [
            direction("forward_lstm", false)?,
            direction("backward_lstm", true)?,
        ];
        let weight = p.take(
            "decoder.weight",
            &[vocab, size],
            Init::Uniform(bound),
            Role::Table,
        )?;
        let bias = p.take("decoder.bias", &[vocab], Init::Zeros, Role::Plain)?;
        Ok(Self {
            word,
            directions,
            decoder: [weight, bias],
        })
    }

    /// The embeddings `[batch·len, hidden_size]`, and each layer's hidden states of the two directions, alike.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] where an id has no row.
    pub fn hidden_states(
        &self,
        texts: &Texts,
        dropout: &Dropout,
    ) -> Result<(Tensor, [Vec<Tensor>; 2])> {
        let words = ops::embedding(&self.word, texts.input_ids.clone())?;
        let read = |layers: &[Cells]| -> Result<Vec<Tensor>> {
            let mut states: Vec<Tensor> = Vec::new();
            for cells in layers {
                let below = states.last();
                let xs = dropout.apply(below.unwrap_or(&words))?;
                let hidden = cells.forward(&xs, texts.len)?;
                states.push(match below {
                    Some(below) => (below + hidden)?,
                    None => hidden,
                });
            }
            Ok(states)
        };
        let [forward, backward] = &self.directions;
        let both = [read(forward)?, read(backward)?];
        Ok((words, both))
    }

    /// Reads one more token forwards, without dropout and off the tape: what is known then, `[1, hidden_size]`. `states`
    /// keeps h and c of each layer; it is empty before the first token.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] where the id has no row.
    pub fn read_next(&self, id: u32, states: &mut Vec<[Tensor; 2]>) -> Result<Tensor> {
        let mut xs = ops::embedding(&self.word, vec![id])?;
        let [forward, _] = &self.directions;
        for (layer, cells) in forward.iter().enumerate() {
            let [h, c] = cells.step(&xs, states.get(layer))?;
            xs = match layer {
                0 => h.clone(),
                _ => (xs + &h)?,
            };
            let state = [h.detach(), c.detach()];
            match states.get_mut(layer) {
                Some(before) => *before = state,
                None => states.push(state),
            }
        }
        Ok(xs)
    }

    /// What [`ScalarMix`] mixes: the embeddings twice, then each layer of both directions side by side,
    /// `[batch·len, 2·hidden_size]` each.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] where an id has no row.
    pub fn layers(&self, texts: &Texts, dropout: &Dropout) -> Result<Vec<Tensor>> {
        let (words, [forward, backward]) = self.hidden_states(texts, dropout)?;
        let mut layers = vec![Tensor::cat(&[&words, &words], 1)?];
        for (forward, backward) in forward.iter().zip(&backward) {
            layers.push(Tensor::cat(&[forward, backward], 1)?);
        }
        Ok(layers)
    }

    /// `[m, hidden_size]` → `[m, vocab_size]`
    ///
    /// # Errors
    /// [`crate::Error::Internal`] for rows of another width.
    pub fn decode(&self, rows: &Tensor) -> Result<Tensor> {
        let [weight, bias] = &self.decoder;
        Ok(ops::linear(rows, weight, Some(bias), WeightLayout::OutIn)?)
    }
}

impl Cells {
    fn new(p: &mut Parameters, name: &str, size: usize, reverse: bool) -> Result<Self> {
        let bound = 1.0 / (size as f32).sqrt();
        let mut take = |part: &str, shape: &[usize], role| {
            p.take(
                &format!("{name}.{part}_l0"),
                shape,
                Init::Uniform(bound),
                role,
            )
        };
        let gates = Role::Layer { parts: 4, dim: 0 };
        Ok(Self {
            weight_ih: take("weight_ih", &[4 * size, size], gates)?,
            weight_hh: take("weight_hh", &[4 * size, size], gates)?,
            bias_ih: take("bias_ih", &[4 * size], Role::Plain)?,
            bias_hh: take("bias_hh", &[4 * size], Role::Plain)?,
            reverse,
        })
    }

    /// x·W_ihᵀ and both biases: `[m, 4·hidden_size]`.
    fn gates(&self, xs: &Tensor) -> candle_core::Result<Tensor> {
        let bias = (&self.bias_ih + &self.bias_hh)?;
        ops::linear(xs, &self.weight_ih, Some(&bias), WeightLayout::OutIn)
    }

    fn forward(&self, xs: &Tensor, len: usize) -> Result<Tensor> {
        Ok(ops::lstm(
            &self.gates(xs)?,
            &self.weight_hh,
            len,
            self.reverse,
        )?)
    }

    /// h and c behind one more token: `[1, hidden_size]` each. The formula is that of [`ops::lstm`].
    fn step(&self, xs: &Tensor, before: Option<&[Tensor; 2]>) -> candle_core::Result<[Tensor; 2]> {
        let mut gates = self.gates(xs)?;
        if let Some([h, _]) = before {
            gates = (gates + ops::linear(h, &self.weight_hh, None, WeightLayout::OutIn)?)?;
        }
        let sigmoid = |gate: &Tensor| (gate.neg()?.exp()? + 1.0)?.recip();
        let gates = gates.chunk(4, 1)?; // i, f, g, o
        let mut c = (sigmoid(&gates[0])? * gates[2].tanh()?)?;
        if let Some([_, before]) = before {
            c = (c + sigmoid(&gates[1])? * before)?;
        }
        Ok([(sigmoid(&gates[3])? * c.tanh()?)?, c])
    }
}

/// What a task learns of the layers (Peters et al. 2018, equation 1): γ·Σ softmax(s)ⱼ·hⱼ.
pub struct ScalarMix {
    /// `scalar_mix.s`, `[layers]`
    s: Tensor,
    /// `scalar_mix.gamma`, `[1]`
    gamma: Tensor,
}

impl ScalarMix {
    /// Begins with the mean of the layers.
    ///
    /// # Errors
    /// As [`Parameters::take`].
    pub fn new(layers: usize, p: &mut Parameters) -> Result<Self> {
        Ok(Self {
            s: p.take("scalar_mix.s", &[layers], Init::Zeros, Role::Plain)?,
            gamma: p.take("scalar_mix.gamma", &[1], Init::Ones, Role::Plain)?,
        })
    }

    /// The shares softmax(s) of the layers, and γ.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub fn weights(&self) -> Result<(Vec<f32>, f32)> {
        let gamma = self.gamma.squeeze(0)?.to_scalar()?;
        Ok((self.shares()?.to_vec1()?, gamma))
    }

    fn shares(&self) -> Result<Tensor> {
        let powers = self.s.exp()?;
        Ok(powers.broadcast_div(&powers.sum_keepdim(0)?)?)
    }

    /// `[m, width]` of each layer → `[m, width]`
    ///
    /// # Errors
    /// [`crate::Error::Internal`] for another number of layers.
    pub fn forward(&self, layers: &[Tensor]) -> Result<Tensor> {
        let weights = self.shares()?.broadcast_mul(&self.gamma)?;
        let mut mixed: Option<Tensor> = None;
        for (number, layer) in layers.iter().enumerate() {
            let part = layer.broadcast_mul(&weights.narrow(0, number, 1)?)?;
            mixed = Some(match mixed {
                Some(mixed) => (mixed + part)?,
                None => part,
            });
        }
        mixed.ok_or_else(|| crate::train::TrainError::internal("a mix of no layers"))
    }
}
