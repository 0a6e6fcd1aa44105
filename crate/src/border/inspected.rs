//! What is seen inside a model, as results of the border. Offsets are UTF-16 units here, and matrices are typed arrays,
//! row by row.

use std::collections::BTreeMap;

use serde::Serialize;

use super::bulk::{Floats, Ids};
use super::results::TokenInfo;
use crate::models::Embedded;
use crate::tasks;
use crate::text::Tokenizer;

/// The attention weights of one layer.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AttentionLayer {
    /// As the model reads them.
    pub tokens: Vec<TokenInfo>,
    /// Layers of the model.
    pub num_layers: usize,
    /// Attention heads of each layer.
    pub num_heads: usize,
    /// Which layer this is, from 0.
    pub layer: usize,
    /// `[num_heads, len, len]`: how much a token (row) takes from each token (column); rows add up to 1.
    pub attentions: Floats,
}

/// The attention weights of every head, each matrix made small.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AttentionHeads {
    /// As the model reads them.
    pub tokens: Vec<TokenInfo>,
    /// Layers of the model.
    pub num_layers: usize,
    /// Attention heads of each layer.
    pub num_heads: usize,
    /// Rows and columns of each: as asked, or the number of tokens where they are fewer.
    pub size: usize,
    /// `[num_layers, num_heads, size, size]`: each value the greatest of those that it stands for.
    pub thumbnails: Floats,
}

/// Attention followed from the first layer on.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AttentionRollout {
    /// As the model reads them.
    pub tokens: Vec<TokenInfo>,
    /// Layers of the model.
    pub num_layers: usize,
    /// The last layer that was followed, from 0.
    pub layer: usize,
    /// `[len, len]`: attention rollout (Abnar & Zuidema 2020).
    pub rollout: Floats,
    /// `[len, len]`: the mean over the heads of `layer`.
    pub mean: Floats,
}

/// What a model has of each token after each layer.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HiddenStates {
    /// As the model reads them.
    pub tokens: Vec<TokenInfo>,
    /// Layers of the model.
    pub num_layers: usize,
    /// Width of the hidden states.
    pub hidden_size: usize,
    /// `[num_layers + 1, len, hidden_size]`: of the embeddings and of each layer; the last ones behind the last norm.
    pub hidden_states: Floats,
}

/// What a text is before the first layer, and the parts of that.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct InputEmbeddings {
    /// As the model reads them.
    pub tokens: Vec<TokenInfo>,
    /// Width of all rows: that of the hidden states, in ALBERT of the narrower embeddings.
    pub hidden_size: usize,
    /// `[len, hidden_size]`: of the tokens.
    pub token: Floats,
    /// `[len, hidden_size]`: of the segments; `null` in models without.
    pub segment: Option<Floats>,
    /// `[len, hidden_size]`: of the positions; `null` where they are rotations (Llama).
    pub position: Option<Floats>,
    /// `[len, hidden_size]`: the sum of those above.
    pub sum: Floats,
    /// `[len, hidden_size]`: the sum after LayerNorm; `null` where the first layer reads the sum itself (GPT).
    pub normalized: Option<Floats>,
}

impl InputEmbeddings {
    pub fn new(tokens: Vec<TokenInfo>, embedded: Embedded) -> Self {
        Self {
            tokens,
            hidden_size: embedded.size,
            token: Floats(embedded.token),
            segment: embedded.segment.map(Floats),
            position: embedded.position.map(Floats),
            sum: Floats(embedded.sum),
            normalized: embedded.normalized.map(Floats),
        }
    }
}

/// A token whose word embedding points in a like direction.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NearestToken {
    /// Index into the vocabulary.
    pub id: u32,
    /// For people: `" the"` for `Ġthe`.
    pub token: String,
    /// Cosine of the angle between both, -1 to 1.
    pub cosine: f32,
}

impl NearestToken {
    pub fn new(neighbour: tasks::Neighbour, tokenizer: &Tokenizer) -> Self {
        Self {
            id: neighbour.id,
            token: tokenizer.readable(neighbour.id),
            cosine: neighbour.cosine,
        }
    }
}

/// What a model would say after each of its layers. Layer 0 is the embedding.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LogitLensResult {
    /// As the model reads them. An encoder says what stands in a token's place, a decoder what comes after it.
    pub tokens: Vec<TokenInfo>,
    /// Layers of the model.
    pub num_layers: usize,
    /// Candidates of each place: as asked, or the whole vocabulary where it is smaller.
    pub top_k: usize,
    /// `[num_layers + 1, len, top_k]`: the most probable tokens, best first.
    pub ids: Ids,
    /// `[num_layers + 1, len, top_k]`: their probabilities.
    pub probabilities: Floats,
    /// Each of `ids` for people.
    #[cfg_attr(test, ts(type = "Record<number, string>"))]
    pub token_strings: BTreeMap<String, String>,
    /// `[num_layers + 1, len]`: the probability of the final answer, the best one after the last layer.
    pub final_probability: Floats,
    /// `[len]`: the first layer after which the final answer is the best one.
    pub first_layer: Ids,
}

impl LogitLensResult {
    pub fn new(
        tokens: Vec<TokenInfo>,
        num_layers: usize,
        lens: tasks::Lens,
        tokenizer: &Tokenizer,
    ) -> Self {
        let mut ids = lens.ids.clone();
        ids.sort_unstable();
        ids.dedup();
        let strings = ids
            .iter()
            .map(|&id| (id.to_string(), tokenizer.readable(id)));
        Self {
            tokens,
            num_layers,
            top_k: lens.top_k,
            ids: Ids(lens.ids),
            probabilities: Floats(lens.probabilities),
            token_strings: strings.collect(),
            final_probability: Floats(lens.final_probability),
            first_layer: Ids(lens.first_layer),
        }
    }
}
