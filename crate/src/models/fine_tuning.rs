//! What a `config.json` says of the heads that fine-tuning adds, as transformers reads it (`PretrainedConfig`, 5.24).

use serde_json::{json, Value};

use super::fields::parse;

/// Beyond this number of labels they are no classifier's.
const MOST_LABELS: u64 = 1 << 16;

/// The labels of a classifier, and which class of transformers' wrote the file.
#[derive(Debug, Clone, PartialEq)]
pub struct FineTuning {
    /// `id2label` in the order of the ids: `LABEL_0`, `LABEL_1` where there is none. (`label2id` says the same again.)
    pub labels: Vec<String>,
    /// What kind of answer the labels are, if the file says.
    pub problem_type: Option<ProblemType>,
    /// The token that fills up shorter texts.
    pub pad_token_id: Option<u32>,
    /// `architectures`
    pub architectures: Vec<String>,
}

/// What kind of answer the labels are: which loss the classifier was trained with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemType {
    /// The logits are the answer.
    Regression,
    /// One of the labels is right.
    SingleLabelClassification,
    /// Any of them may be right.
    MultiLabelClassification,
}

impl Default for FineTuning {
    fn default() -> Self {
        Self::of(&Value::Null)
    }
}

impl FineTuning {
    /// Reads a `config.json`. Nothing is refused: where an entry is not of its type, there is none.
    pub(super) fn from_json(bytes: &[u8]) -> Self {
        Self::of(&parse(bytes).unwrap_or_default())
    }

    /// So many labels of which no file says the names.
    pub(super) fn unnamed(labels: usize) -> Self {
        Self::of(&json!({ "num_labels": labels }))
    }

    fn of(config: &Value) -> Self {
        let named = config["id2label"].as_object();
        let count = match named {
            Some(named) => named.len() as u64,
            None => config["num_labels"].as_u64().unwrap_or(2),
        };
        let label = |id: u64| match named.and_then(|named| named.get(&id.to_string())) {
            Some(Value::String(label)) => label.clone(),
            Some(other) => other.to_string(),
            None => format!("LABEL_{id}"),
        };
        let problem_type = match config["problem_type"].as_str() {
            Some("regression") => Some(ProblemType::Regression),
            Some("single_label_classification") => Some(ProblemType::SingleLabelClassification),
            Some("multi_label_classification") => Some(ProblemType::MultiLabelClassification),
            _ => None,
        };
        let architectures = config["architectures"].as_array().into_iter().flatten();
        Self {
            labels: (0..count.clamp(1, MOST_LABELS)).map(label).collect(),
            problem_type,
            pad_token_id: config["pad_token_id"]
                .as_u64()
                .and_then(|id| u32::try_from(id).ok()),
            architectures: architectures
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
        }
    }

    /// The same with the labels of a GGUF file.
    pub(super) fn with_labels(self, labels: Option<Vec<String>>) -> Self {
        Self {
            labels: labels.unwrap_or(self.labels),
            ..self
        }
    }

    /// Whether the file is of a class for `task`: `TokenClassification` of `BertForTokenClassification`.
    pub(super) fn is_for(&self, task: &str) -> bool {
        let mut names = self.architectures.iter();
        names.any(|name| name.ends_with(&format!("For{task}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(config: &str) -> Vec<String> {
        FineTuning::from_json(config.as_bytes()).labels
    }

    #[test]
    fn labels_as_transformers_reads_them() {
        assert_eq!(labels("{}"), ["LABEL_0", "LABEL_1"]);
        assert_eq!(labels(r#"{"num_labels": 1}"#), ["LABEL_0"]);
        let ten =
            r#"{"num_labels": 3, "id2label": {"1": "yes", "0": "no"}, "label2id": {"no": 7}}"#;
        assert_eq!(labels(ten), ["no", "yes"]);
        assert_eq!(
            labels(r#"{"id2label": {"0": 3, "7": "x"}}"#),
            ["3", "LABEL_1"]
        );
        assert_eq!(labels(r#"{"id2label": null}"#), ["LABEL_0", "LABEL_1"]);
        let many = labels(r#"{"num_labels": 1e18, "problem_type": 3, "architectures": "no list"}"#);
        assert_eq!(many.len(), 2, "a float is no count");
        let many = labels(r#"{"num_labels": 1000000000000}"#);
        assert_eq!(many.len(), MOST_LABELS as usize);
    }
}
