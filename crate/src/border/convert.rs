//! Results of the tasks as results of the border. All offsets become UTF-16 units here, and nowhere else.

use super::bulk::Floats;
use super::results::{
    Answer, AnswerResult, ClassificationResult, Comparison, Embeddings, JointStep, LeftOut,
    MaskPrediction, ScoredLabel, ScoredToken, SummaryPlan, TaggedEntity, TextPrediction, TokenInfo,
    WindowRead,
};
use crate::tasks;
use crate::text::{TokenSpan, Utf16Index};

/// The tokens of a text, or of a pair of texts.
pub fn tokens(tokens: &[TokenSpan], text: &str, pair: Option<&str>) -> Vec<TokenInfo> {
    let index = [Utf16Index::new(text), Utf16Index::new(pair.unwrap_or(""))];
    let info = |token: &TokenSpan| {
        let second = usize::from(token.sequence == Some(1));
        let range = index[second].range(&token.range);
        TokenInfo {
            id: token.id,
            token: token.token.clone(),
            start: range.start,
            end: range.end,
            sequence: token.sequence,
            type_id: token.type_id,
            special: token.special,
            word: token.word,
        }
    };
    tokens.iter().map(info).collect()
}

/// The masks and the tokens of `text`.
pub fn prediction(text: &str, prediction: tasks::TextPrediction) -> TextPrediction {
    let index = Utf16Index::new(text);
    let mask = |mask: tasks::MaskPrediction| {
        let range = index.range(&mask.range);
        MaskPrediction {
            start: range.start,
            end: range.end,
            candidates: mask.candidates,
        }
    };
    TextPrediction {
        tokens: tokens(&prediction.tokens, text, None),
        masks: prediction.masks.into_iter().map(mask).collect(),
    }
}

/// One mask of `text` filled.
pub fn joint_step(text: &str, step: tasks::JointStep) -> JointStep {
    let range = Utf16Index::new(text).range(&step.range);
    JointStep {
        mask: step.mask,
        start: range.start,
        end: range.end,
        score: step.chosen.score,
        token: step.chosen.token,
        token_str: step.chosen.token_str,
        sequence: step.chosen.sequence,
        text: step.chosen.text,
        joins: step.chosen.joins,
        candidates: step.candidates,
    }
}

/// Places in the list, both probabilities and labels.
pub fn comparisons(results: &[tasks::RankedSentence]) -> Vec<Comparison> {
    let comparison =
        |&tasks::RankedSentence { index, result }: &tasks::RankedSentence| Comparison {
            index,
            label: result.label(),
            score: result.score(),
            is_next: result.is_next,
            not_next: result.not_next,
            tokens: result.tokens,
        };
    results.iter().map(comparison).collect()
}

/// Tokens with what the model thinks of them. `text` gives the text of each.
pub fn scored<'a>(
    text: impl Fn(usize) -> &'a str,
    tokens: Vec<tasks::ScoredToken>,
) -> Vec<ScoredToken> {
    let mut known: Option<(usize, Utf16Index)> = None;
    let scored = |token: tasks::ScoredToken| {
        // A batch is in the order of the texts.
        let index = known.take().filter(|(of, _)| *of == token.text);
        let index = index.unwrap_or_else(|| (token.text, Utf16Index::new(text(token.text))));
        let range = known.insert(index).1.range(&token.range);
        ScoredToken {
            text: token.text,
            token: token.token,
            token_str: token.token_str,
            start: range.start,
            end: range.end,
            log_prob: token.judged.log_prob,
            rank: token.judged.rank,
            top: token.judged.top,
        }
    };
    tokens.into_iter().map(scored).collect()
}

/// What is read of `document`.
pub fn summary_plan(document: &str, plan: tasks::SummaryPlan) -> SummaryPlan {
    let left_out = |left_out: tasks::LeftOut| {
        let range = Utf16Index::new(document).range(&left_out.range);
        LeftOut {
            part: left_out.part.name(),
            start: range.start,
            end: range.end,
            tokens: left_out.tokens,
        }
    };
    SummaryPlan {
        prompt: plan.prompt,
        prompt_tokens: plan.prompt_tokens,
        document_tokens: plan.document_tokens,
        cue_tokens: plan.cue_tokens,
        context: plan.context,
        budget: plan.budget,
        left_out: plan.left_out.map(left_out),
    }
}

/// A window that was read.
pub fn window(window: tasks::WindowRead) -> WindowRead {
    WindowRead::Window {
        index: window.index,
        windows: window.windows,
    }
}

/// Answers in `context`.
pub fn answers(context: &str, result: tasks::AnswerResult) -> AnswerResult {
    let index = Utf16Index::new(context);
    let answer = |answer: tasks::Answer| {
        let range = index.range(&answer.range);
        Answer {
            answer: answer.answer,
            score: answer.score,
            start: range.start,
            end: range.end,
        }
    };
    AnswerResult {
        answers: result.answers.into_iter().map(answer).collect(),
        null_score: result.null_score,
        tokens: result.tokens,
        windows: result.windows,
    }
}

/// Labels of a text.
pub fn classification(result: tasks::ClassificationResult) -> ClassificationResult {
    let label = |label: tasks::ScoredLabel| ScoredLabel {
        label: label.label,
        score: label.score,
    };
    ClassificationResult {
        labels: result.labels.into_iter().map(label).collect(),
        function_to_apply: result.function_to_apply.name(),
        tokens: result.tokens,
    }
}

/// Tokens or entities of `text`.
pub fn entities(text: &str, entities: Vec<tasks::Entity>) -> Vec<TaggedEntity> {
    let index = Utf16Index::new(text);
    let entity = |entity: tasks::Entity| {
        let range = index.range(&entity.range);
        let (of_token, of_group) = match entity.index {
            Some(_) => (Some(entity.label), None),
            None => (None, Some(entity.label)),
        };
        TaggedEntity {
            entity: of_token,
            entity_group: of_group,
            score: entity.score,
            index: entity.index,
            word: entity.word,
            start: range.start,
            end: range.end,
        }
    };
    entities.into_iter().map(entity).collect()
}

/// Vectors of some of the texts.
pub fn embeddings(embeddings: tasks::Embeddings) -> Embeddings {
    Embeddings {
        data: Floats(embeddings.data),
        dims: embeddings.dims,
        index: embeddings.index,
        tokens: embeddings.tokens,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_of_a_pair_are_in_the_text_that_they_came_from() {
        let span = |range, sequence| TokenSpan {
            id: 0,
            token: String::new(),
            range,
            sequence,
            type_id: 0,
            special: sequence.is_none(),
            word: None,
        };
        // The types are the same, as RoBERTa has them; the emoji is 4 bytes and 2 units.
        let spans = [
            span(0..0, None),
            span(0..2, Some(0)),
            span(3..5, Some(1)),
            span(6..10, Some(1)),
            span(11..13, Some(1)),
        ];
        let found = tokens(&spans, "Hi", Some("caf\u{e9} \u{1f600} is"));
        let found: Vec<_> = found.iter().map(|token| (token.start, token.end)).collect();
        assert_eq!(found, [(0, 0), (0, 2), (3, 4), (5, 7), (8, 10)]);
    }

    #[test]
    fn offsets_of_answers_and_entities_are_utf16_units() {
        let context = "\u{1f600} caf\u{e9} Paris"; // bytes 0..4, 5..10, 11..16
        let answer = |range| tasks::Answer {
            answer: String::new(),
            score: 0.5,
            range,
        };
        let result = tasks::AnswerResult {
            answers: vec![answer(5..10), answer(11..16), answer(0..0)],
            null_score: 0.25,
            tokens: 9,
            windows: 1,
        };
        let places = answers(context, result).answers.into_iter();
        let places: Vec<_> = places.map(|one| (one.start, one.end)).collect();
        assert_eq!(places, [(3, 7), (8, 13), (0, 0)]);
        let entity = |index| tasks::Entity {
            label: "LOC".into(),
            index,
            score: 0.5,
            word: "Paris".into(),
            range: 11..16,
        };
        let found = entities(context, vec![entity(Some(4)), entity(None)]);
        let found = serde_json::to_value(found).unwrap();
        let whole = serde_json::json!([
            {"entity": "LOC", "score": 0.5, "index": 4, "word": "Paris", "start": 8, "end": 13},
            {"entity_group": "LOC", "score": 0.5, "word": "Paris", "start": 8, "end": 13},
        ]);
        assert_eq!(found, whole);
    }
}
