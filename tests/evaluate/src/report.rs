//! The results: a flat JSON object with the baselines beside, and a table for people.

use std::collections::BTreeMap;

use serde_json::{json, Value};

/// A measured value must be …
#[derive(Debug, Clone, PartialEq)]
pub enum Bar {
    /// … at least this.
    AtLeast(f64),
    /// … at most this.
    AtMost(f64),
    /// … above another measured value.
    Above(&'static str),
    /// … below another measured value.
    Below(&'static str),
}

/// What is asked of the models that the playground starts with.
pub const BARS: [(&str, Bar); 20] = [
    ("bert.mlm_top1", Bar::AtLeast(0.53)),
    ("bert.mlm_top5", Bar::AtLeast(0.72)),
    ("bert.mlm_modern_top1", Bar::AtLeast(0.57)),
    ("bert.mlm_modern_top5", Bar::AtLeast(0.75)),
    ("bert.nsp_acc", Bar::AtLeast(0.94)),
    ("bert.nsp_same_document", Bar::AtLeast(0.72)),
    ("bert.cloze_top1", Bar::AtLeast(0.75)),
    ("bert.cloze_top5", Bar::AtLeast(0.93)),
    ("bert.cloze_copying", Bar::AtMost(0.04)),
    ("gpt.bits_per_byte", Bar::AtMost(1.4)),
    ("gpt.bits_per_byte.textbooks", Bar::AtMost(1.3)),
    ("gpt.bits_per_byte.stories", Bar::AtMost(1.2)),
    (
        "gpt.bits_per_byte",
        Bar::Below("gpt.bits_per_byte.ngram5_bytes"),
    ),
    (
        "gpt.bits_per_byte",
        Bar::Below("gpt.bits_per_byte.ngram5_tokens"),
    ),
    ("gpt.stories.loops", Bar::AtMost(0.0)),
    ("gpt.stories.perplexity.ratio", Bar::AtMost(1.6)),
    ("gpt.tldr.rouge1", Bar::Above("gpt.tldr.rouge1.no_cue")),
    ("gpt.tldr.rouge2", Bar::Above("gpt.tldr.rouge2.no_cue")),
    ("gpt.tldr.rougeL", Bar::Above("gpt.tldr.rougeL.no_cue")),
    (
        "gpt.tldr.rouge1.debian",
        Bar::Above("gpt.tldr.rouge1.debian.lead1"),
    ),
];

/// All that was measured, by key.
#[derive(Debug, Default)]
pub struct Report {
    values: BTreeMap<String, Value>,
    /// Keys in the order they came, for the table.
    order: Vec<String>,
}

impl Report {
    /// A number.
    pub fn number(&mut self, key: impl Into<String>, value: f64) {
        // Ten-thousandths are finer than any of the margins.
        self.put(key, json!((value * 1e4).round() / 1e4));
    }

    /// A share of `n` trials, with the half-width of its 95 % interval as `KEY.ci95` (normal approximation).
    pub fn share(&mut self, key: &str, share: f64, n: usize) {
        self.number(key, share);
        let spread = (share * (1.0 - share) / n.max(1) as f64).sqrt();
        self.put(
            format!("{key}.ci95"),
            json!((1.96 * spread * 1e4).round() / 1e4),
        );
        self.put(format!("{key}.n"), json!(n));
    }

    /// The mean of values, with the half-width of its 95 % interval.
    pub fn mean(&mut self, key: &str, values: &[f64]) {
        let n = values.len().max(1) as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
        self.number(key, mean);
        self.number(format!("{key}.ci95"), 1.96 * (variance / n).sqrt());
    }

    /// Anything else: texts, lists.
    pub fn put(&mut self, key: impl Into<String>, value: Value) {
        let key = key.into();
        if self.values.insert(key.clone(), value).is_none() {
            self.order.push(key);
        }
    }

    /// Says that there is nothing to measure something on: the key is there, and null.
    pub fn missing(&mut self, key: &str) {
        self.put(key, Value::Null);
    }

    fn get(&self, key: &str) -> Option<f64> {
        self.values.get(key).and_then(Value::as_f64)
    }

    /// The JSON text.
    pub fn json(&self) -> String {
        format!(
            "{}\n",
            serde_json::to_string_pretty(&json!(self.values)).expect("plain values")
        )
    }

    /// The numbers, one a line, each with its interval; then the bars.
    pub fn table(&self) -> String {
        let mut table = String::new();
        for key in &self.order {
            let Some(value) = self.get(key) else { continue };
            if [".ci95", ".n"].iter().any(|end| key.ends_with(end)) {
                continue;
            }
            let spread = self
                .get(&format!("{key}.ci95"))
                .map_or(String::new(), |half| format!("  ± {half:.4}"));
            table += &format!("{key:44} {value:10.4}{spread}\n");
        }
        table += "\n";
        for (key, bar) in &BARS {
            if let Some((met, words)) = self.judge(key, bar) {
                let verdict = if met { "met    " } else { "not met" };
                table += &format!("{verdict}  {key} {words}\n");
            }
        }
        table
    }

    fn judge(&self, key: &str, bar: &Bar) -> Option<(bool, String)> {
        let value = self.get(key)?;
        Some(match bar {
            Bar::AtLeast(least) => (value >= *least, format!("{value:.4}, at least {least}")),
            Bar::AtMost(most) => (value <= *most, format!("{value:.4}, at most {most}")),
            Bar::Above(other) => {
                let than = self.get(other)?;
                (value > than, format!("{value:.4}, above {other} {than:.4}"))
            }
            Bar::Below(other) => {
                let than = self.get(other)?;
                (value < than, format!("{value:.4}, below {other} {than:.4}"))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_judged_on_what_was_measured_only() {
        let mut report = Report::default();
        report.share("bert.mlm_top1", 0.5, 10_000);
        report.number("gpt.tldr.rouge1", 0.3);
        report.number("gpt.tldr.rouge1.no_cue", 0.2);
        report.missing("gpt.bits_per_byte");
        let table = report.table();
        assert!(table.contains("0.5000  ± 0.0098"), "{table}");
        assert!(
            table.contains("not met  bert.mlm_top1 0.5000, at least 0.53"),
            "{table}"
        );
        assert!(
            table.contains("met      gpt.tldr.rouge1 0.3000, above"),
            "{table}"
        );
        assert!(!table.contains("bits_per_byte"), "{table}");
        let json: Value = serde_json::from_str(&report.json()).unwrap();
        assert!(json["gpt.bits_per_byte"].is_null());
        assert_eq!(json["bert.mlm_top1.n"], 10_000);
    }
}
