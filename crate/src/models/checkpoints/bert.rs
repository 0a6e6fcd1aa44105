//! Files of BERT checkpoints.

use std::any::Any;
use std::sync::Arc;

use serde::Deserialize;

use super::super::bert::{Bert, BertConfig, MLM_NAMES};
use super::super::fields::{
    bert_eps, check_eps, check_heads, check_positions, check_sizes, gelu, parse, required,
    two_segments, vocabulary, TYPE_COUNT,
};
use super::super::fine_tuning::FineTuning;
use super::super::model::Model;
use super::checkpoint::Checkpoint;
use super::placing::{place_encoder, tie_encoder, EncoderLayout, GgufNames};
use crate::error::{Error, Result};
use crate::gguf::Metadata;
use crate::weights::{Placement, Weights};

const LAYOUT: EncoderLayout = EncoderLayout {
    prefix: "bert.",
    wanted: &[
        "embeddings.",
        "encoder.layer.",
        "pooler.dense.",
        "cls.predictions.",
        "cls.seq_relationship.",
        "classifier.",
        "qa_outputs.",
    ],
};

const GGUF_NAMES: GgufNames = GgufNames {
    block: "encoder.layer.",
    layers: &[
        ("token_embd", "embeddings.word_embeddings"),
        ("position_embd", "embeddings.position_embeddings"),
        ("token_types", "embeddings.token_type_embeddings"),
        ("token_embd_norm", "embeddings.LayerNorm"),
        ("cls", "pooler.dense"),
        ("cls.output", "classifier"),
        ("attn_q", "attention.self.query"),
        ("attn_k", "attention.self.key"),
        ("attn_v", "attention.self.value"),
        ("attn_output", "attention.output.dense"),
        ("attn_output_norm", "attention.output.LayerNorm"),
        ("ffn_up", "intermediate.dense"),
        ("ffn_down", "output.dense"),
        ("layer_output_norm", "output.LayerNorm"),
    ],
};

/// Entries of `config.json` with which a BERT is not run.
#[derive(Deserialize)]
struct Refused {
    position_embedding_type: Option<String>,
    #[serde(default)]
    is_decoder: bool,
}

impl BertConfig {
    /// Reads and checks a `config.json`.
    ///
    /// # Errors
    /// [`Error::InvalidConfig`], [`Error::MalformedConfig`], [`Error::Unsupported`].
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        let (config, refused): (Self, Refused) = (parse(bytes)?, parse(bytes)?);
        let config = Self {
            fine_tuning: FineTuning::from_json(bytes),
            ..config.checked()?
        };
        check_positions(refused.position_embedding_type.as_deref())?;
        if refused.is_decoder {
            return Err(Error::Unsupported(
                "encoders as decoders (\"is_decoder\": true)".into(),
            ));
        }
        Ok(config)
    }

    fn checked(self) -> Result<Self> {
        check_sizes(&[
            ("vocab_size", self.vocab_size),
            ("hidden_size", self.hidden_size),
            ("num_hidden_layers", self.num_hidden_layers),
            ("num_attention_heads", self.num_attention_heads),
            ("intermediate_size", self.intermediate_size),
            ("max_position_embeddings", self.max_position_embeddings),
            ("type_vocab_size", self.type_vocab_size),
        ])?;
        check_heads(self.hidden_size, self.num_attention_heads)?;
        check_eps("layer_norm_eps", self.layer_norm_eps)?;
        Ok(self)
    }

    /// The name that llama.cpp gives to a parameter of ours, for writing GGUF; `None` where it has
    /// none and ours is kept.
    pub fn gguf_name(name: &str) -> Option<String> {
        GGUF_NAMES.gguf(name)
    }
}

/// Reads and checks the key-value pairs of a GGUF file. `json`, the config beside it, fills in what they lack.
pub(in crate::models) fn from_gguf(
    metadata: &Metadata,
    json: Option<&BertConfig>,
) -> Result<BertConfig> {
    let config = BertConfig {
        vocab_size: vocabulary(metadata, "bert.vocab_size")?,
        hidden_size: required(metadata, "bert.embedding_length")?,
        num_hidden_layers: required(metadata, "bert.block_count")?,
        num_attention_heads: required(metadata, "bert.attention.head_count")?,
        intermediate_size: required(metadata, "bert.feed_forward_length")?,
        hidden_act: json.map_or_else(gelu, |json| json.hidden_act),
        max_position_embeddings: required(metadata, "bert.context_length")?,
        type_vocab_size: metadata
            .usize(TYPE_COUNT)
            .or(json.map(|json| json.type_vocab_size))
            .unwrap_or_else(two_segments),
        layer_norm_eps: metadata
            .f64("bert.attention.layer_norm_epsilon")
            .unwrap_or_else(bert_eps),
        tie_word_embeddings: json.is_none_or(|json| json.tie_word_embeddings),
        fine_tuning: (json
            .map(|json| json.fine_tuning.clone())
            .unwrap_or_default())
        .with_labels(metadata.strings("bert.classifier.output_labels")),
    };
    config.checked()
}

impl Checkpoint for BertConfig {
    fn place(&self, name: &str) -> Placement {
        place_encoder(&LAYOUT, name)
    }

    fn tie(&self, weights: &mut Weights) {
        tie_encoder(&MLM_NAMES, !self.tie_word_embeddings, weights);
    }

    fn vocab_size(&self) -> usize {
        self.vocab_size
    }

    fn with_vocab_size(&self, vocab_size: usize) -> Option<Arc<dyn Checkpoint>> {
        Some(Arc::new(Self {
            vocab_size,
            ..self.clone()
        }))
    }

    fn with_labels(&self, rows: usize) -> Option<Arc<dyn Checkpoint>> {
        let unnamed = self.fine_tuning == FineTuning::default();
        unnamed.then(|| -> Arc<dyn Checkpoint> {
            Arc::new(Self {
                fine_tuning: FineTuning::unnamed(rows),
                ..self.clone()
            })
        })
    }

    fn load(&self, weights: &Weights) -> Result<Model> {
        Ok(Model::Encoder(Arc::new(Bert::load(self.clone(), weights)?)))
    }

    fn for_gguf(&self) -> Option<Arc<dyn Checkpoint>> {
        Some(Arc::new(self.clone()))
    }

    /// The heads, which llama.cpp does not know, keep the checkpoint's names.
    fn place_gguf(&self, name: &str) -> Placement {
        match GGUF_NAMES.ours(name) {
            Some(name) => self.place(&name),
            None => self.place(name),
        }
    }

    fn gguf_name_of(&self, name: &str) -> Option<String> {
        GGUF_NAMES.gguf(name)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_keep_their_names_in_gguf() {
        let query = "encoder.layer.3.attention.self.query.weight";
        let name = BertConfig::gguf_name(query);
        assert_eq!(name.as_deref(), Some("blk.3.attn_q.weight"));
        let head = BertConfig::gguf_name("cls.predictions.bias");
        assert_eq!(head, None, "llama.cpp has no MLM head");
    }
}
