//! What crosses the border of fine-tuning beside what the core says as it is.

use serde::Deserialize;

use crate::train::tuning::QuestionData;

/// The files of a model, by their names: a Hugging Face folder, or a GGUF file with its `config.json` and `tokenizer.json`.
#[cfg(test)]
#[derive(ts_rs::TS)]
pub struct TuneFiles(#[ts(type = "Record<string, Uint8Array>")] ());

/// What a fine-tuned model is asked.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(untagged)]
pub enum TuneInput {
    /// Where in a text the answer to a question stands.
    Question { question: String, context: String },
    /// The label of a text or of a pair, or those of a text's words.
    Text { text: String, pair: Option<String> },
}

/// The same questions with the places of their answers in UTF-8 bytes; they come in UTF-16 units. A place that is none
/// becomes one behind the end.
pub fn in_bytes(mut data: QuestionData) -> QuestionData {
    for one in &mut data.examples {
        let mut units = 0;
        let mut places = one.context.char_indices().map(|(at, character)| {
            let before = units;
            units += character.len_utf16();
            (before, at)
        });
        let place = places.find(|&(before, _)| before == one.answer_start);
        one.answer_start = place.map_or(usize::MAX, |(_, at)| at);
    }
    data
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::tuning::QuestionExample;

    #[test]
    fn answers_begin_where_javascript_counts() {
        let at = |answer_start| {
            let example = QuestionExample {
                question: "Where?".into(),
                context: "\u{1f600} caf\u{e9} Paris".into(),
                answer_start,
                answer_text: "Paris".into(),
            };
            let examples = vec![example];
            in_bytes(QuestionData { examples }).examples[0].answer_start
        };
        assert_eq!([at(0), at(3), at(8)], [0, 5, 11]);
        assert_eq!([at(1), at(99)], [usize::MAX; 2]);
    }
}
