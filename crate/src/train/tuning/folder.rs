//! What is saved: a folder that the tasks of inference open, and transformers' `from_pretrained`.

use half::f16;
use serde_json::{json, Map, Value};

use super::data::TuneData;
use super::settings::TuneTask;
use crate::text::Tokenizer;
use crate::train::error::{Result, TrainError};
use crate::train::files::{FileConfig, Files};
use crate::train::parameters::Named;

/// Models of more weights are saved in 16 bits: 64 MB of f32.
const MOST_IN_32_BITS: usize = 16 << 20;

/// `config.json` of the fine-tuned model.
pub(super) fn config(source: &FileConfig, json: &Value, data: &TuneData, half: bool) -> Value {
    let (made, class) = match source {
        FileConfig::Bert(config) => (config.to_json(NO_HEADS, 0), "Bert"),
        FileConfig::Gpt(config) => (config.to_json(None), "GPT2"),
        FileConfig::Elmo(_) => (Value::Null, ""),
    };
    let mut config = object(json.clone());
    for (key, value) in object(made) {
        // What the file says of its special tokens counts; its sizes are the same, but for rows that a GGUF file has more.
        if key == "vocab_size" || !config.contains_key(&key) {
            config.insert(key, value);
        }
    }
    let task = match data.task() {
        TuneTask::TextClassification => "SequenceClassification",
        TuneTask::TokenClassification => "TokenClassification",
        TuneTask::QuestionAnswering => "QuestionAnswering",
    };
    config.insert("architectures".into(), json!([format!("{class}For{task}")]));
    for key in [
        "torch_dtype",
        "num_labels",
        "problem_type",
        "id2label",
        "label2id",
    ] {
        config.remove(key);
    }
    let dtype = if half { "float16" } else { "float32" };
    config.insert("dtype".into(), dtype.into());
    let labels = data.labels().iter().enumerate();
    if !data.labels().is_empty() {
        let names: Map<String, Value> = labels
            .clone()
            .map(|(id, label)| (id.to_string(), label.as_str().into()))
            .collect();
        let ids: Map<String, Value> = labels.map(|(id, l)| (l.clone(), id.into())).collect();
        config.insert("id2label".into(), names.into());
        config.insert("label2id".into(), ids.into());
    }
    if data.task() == TuneTask::TextClassification {
        let kind = "single_label_classification";
        config.insert("problem_type".into(), kind.into());
    }
    if let FileConfig::Gpt(_) = source {
        let pad = pad_token(json);
        config.insert("pad_token_id".into(), pad.into());
    }
    config.into()
}

/// The token that fills up shorter texts: GPT-2's files name none, and mostly the end of a text serves.
pub(super) fn pad_token(json: &Value) -> Option<u32> {
    let id = |key: &str| json[key].as_u64().and_then(|id| u32::try_from(id).ok());
    id("pad_token_id").or_else(|| id("eos_token_id"))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

const NO_HEADS: crate::train::models::bert::BertHeads = crate::train::models::bert::BertHeads {
    mlm: false,
    nsp: false,
};

/// `tokenizer_config.json` where the model has none: transformers asks for the names of the special tokens.
pub(super) fn tokenizer_config(source: &FileConfig, json: &Value, tokenizer: &Tokenizer) -> Value {
    let mut config = json!({ "tokenizer_class": "PreTrainedTokenizerFast" });
    match source {
        FileConfig::Bert(bert) => {
            config["model_max_length"] = bert.max_position_embeddings.into();
            config["model_input_names"] = json!(["input_ids", "token_type_ids", "attention_mask"]);
            for name in ["pad", "unk", "cls", "sep", "mask"] {
                let token = format!("[{}]", name.to_uppercase());
                if tokenizer.token_to_id(&token).is_some() {
                    config[format!("{name}_token")] = token.into();
                }
            }
        }
        FileConfig::Gpt(gpt) => {
            config["model_max_length"] = gpt.n_positions.into();
            let token = pad_token(json).and_then(|id| tokenizer.id_to_token(id));
            if let Some(token) = token {
                config["pad_token"] = token.as_str().into();
                config["eos_token"] = token.into();
            }
        }
        FileConfig::Elmo(_) => {}
    }
    config
}

/// Whether weights are saved in 16 bits.
pub(super) fn in_16_bits(weights: &Named) -> bool {
    let counts = weights.values().map(|(_, values)| values.len());
    counts.sum::<usize>() > MOST_IN_32_BITS
}

/// `model.safetensors`, its tensors in the order of their names.
pub(super) fn safetensors(weights: Named, half: bool) -> Result<Vec<u8>> {
    let mut names: Vec<String> = weights.keys().cloned().collect();
    names.sort_unstable();
    let (mut weights, size) = (weights, if half { 2 } else { 4 });
    // transformers refuses files that do not say what wrote them.
    let mut header = json!({ "__metadata__": { "format": "pt" } });
    let mut at = 0;
    for name in &names {
        let (shape, values) = &weights[name];
        let end = at + size * values.len();
        let dtype = if half { "F16" } else { "F32" };
        header[name] = json!({ "dtype": dtype, "shape": shape, "data_offsets": [at, end] });
        at = end;
    }
    let mut header = header.to_string();
    header.push_str(&" ".repeat(header.len().next_multiple_of(8) - header.len()));
    let mut file = Vec::with_capacity(8 + header.len() + at);
    file.extend((header.len() as u64).to_le_bytes());
    file.extend(header.as_bytes());
    for name in &names {
        // Each tensor is let go once it is written.
        let (_, values) = weights.remove(name).unwrap_or_default();
        for value in values {
            if half {
                file.extend(f16::from_f32(value).to_le_bytes());
            } else {
                file.extend(value.to_le_bytes());
            }
        }
    }
    Ok(file)
}

/// Whether a weight of the files is one below the head that a class of transformers has.
pub(super) fn is_body(name: &str, task: TuneTask) -> bool {
    let pooled = task == TuneTask::TextClassification;
    name.starts_with("transformer.")
        || name.starts_with("bert.") && (pooled || !name.starts_with("bert.pooler."))
}

/// The files of a tokenizer, with `tokenizer_config.json`.
pub(super) fn tokenizer(
    source: &FileConfig,
    json: &Value,
    files: &Files,
    opened: &Tokenizer,
) -> Result<Files> {
    let mut files = files.clone();
    let name = "tokenizer_config.json";
    if !files.contains_key(name) {
        files.insert(
            name.into(),
            pretty(&tokenizer_config(source, json, opened))?,
        );
    }
    Ok(files)
}

pub(super) fn pretty(value: &Value) -> Result<Vec<u8>> {
    serde_json::to_vec_pretty(value).map_err(TrainError::internal)
}
