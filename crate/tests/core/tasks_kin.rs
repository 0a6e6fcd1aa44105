//! Fill-mask with BERT's kin against transformers' pipelines, and what they are not asked.

use std::sync::Arc;

use cloze::models::Encoder;
use cloze::tasks::{FillMask, FillMaskOptions, JointOptions, JointOrder, NextSentence};
use cloze::text::Tokenizer;
use cloze::weights::DType;
use cloze::Error;
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::*;
use super::tokenization::{albert, roberta, word_piece};

struct Bench {
    case: Case,
    encoder: Arc<dyn Encoder>,
    tokenizer: Arc<Tokenizer>,
}

impl Bench {
    fn new(case: Case, tokenizer: Tokenizer) -> Self {
        let encoder = case.model(DType::F32).into_encoder();
        Self {
            case,
            encoder: encoder.expect("an encoder"),
            tokenizer: Arc::new(tokenizer),
        }
    }

    fn fill_mask(&self) -> Arc<FillMask> {
        Arc::new(FillMask::new(self.encoder.clone(), self.tokenizer.clone()).expect("a head"))
    }
}

/// RoBERTa with either way of reading its tokenizer, DistilBERT and ALBERT.
fn benches() -> Vec<Bench> {
    let mut benches: Vec<Bench> = roberta()
        .into_iter()
        .map(|tokenizer| Bench::new(Case::new(fixture!("tasks/roberta.json")), tokenizer))
        .collect();
    let case = Case::new(fixture!("tasks/distilbert.json"));
    benches.push(Bench::new(case, word_piece(false)));
    let case = Case::new(fixture!("tasks/albert.json"));
    benches.push(Bench::new(case, albert()));
    benches
}

fn roberta_bench() -> Bench {
    benches().swap_remove(1)
}

fn assert_score(what: &str, ours: f64, theirs: &Value) {
    let theirs = theirs.as_f64().expect("a number");
    assert!((ours - theirs).abs() < 1e-5, "{what}: {ours} for {theirs}");
}

#[wasm_bindgen_test(unsupported = test)]
fn fill_masks_as_transformers_does() {
    for bench in benches() {
        let task = bench.fill_mask();
        let (_, mask) = bench.tokenizer.mask_token().expect("a mask");
        for case in list(&bench.case.json["fill_mask"]) {
            let sentence = text(&case["text"]);
            let predictions = task.predict(sentence, &FillMaskOptions::default());
            let predictions = predictions.expect("predictions");
            assert_eq!(predictions.len(), list(&case["masks"]).len());
            for (ours, theirs) in predictions.iter().zip(list(&case["masks"])) {
                // Without the blank that RoBERTa's mask takes.
                assert_eq!(&sentence[ours.range.clone()], mask);
                assert_eq!(ours.candidates.len(), list(theirs).len());
                for (ours, theirs) in ours.candidates.iter().zip(list(theirs)) {
                    let what = format!("{sentence:?}, {:?}", ours.token_str);
                    assert_eq!(Some(u64::from(ours.token)), theirs["token"].as_u64());
                    assert_eq!(ours.token_str, text(&theirs["token_str"]), "{what}");
                    assert_score(&what, ours.score, &theirs["score"]);
                    // DistilBERT's is in small letters and without its blanks: of RoBERTa's, not a byte is lost.
                    if bench.encoder.info().model_type == "roberta" {
                        let whole = theirs["sequence"].as_str().unwrap_or(&ours.sequence);
                        assert_eq!(ours.sequence, whole, "{what}");
                    }
                }
            }
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn sequences_of_albert_are_the_text_with_its_words() {
    let bench = benches().pop().expect("ALBERT");
    let task = bench.fill_mask();
    let sequence = |sentence: &str, target: &str| {
        let predictions = task.predict(sentence, &targets(&[target])).expect("a word");
        predictions[0].candidates[0].sequence.clone()
    };
    assert_eq!(sequence("It is [MASK], no.", "and"), "It is and, no.");
    assert_eq!(sequence("[MASK] is it", "\u{2581}and"), "and is it");
    assert_eq!(sequence("It is ov[MASK]", "e"), "It is ove");
}

#[wasm_bindgen_test(unsupported = test)]
fn joint_filling_reads_what_it_wrote() {
    for bench in benches() {
        let task = bench.fill_mask();
        for case in list(&bench.case.json["fill_mask"]) {
            let sentence = text(&case["text"]);
            for expected in list(&case["joint"]) {
                let order = JointOrder::from_name(text(&expected["order"])).expect("an order");
                let mut fill = task
                    .joint(sentence, JointOptions::new(order, 3))
                    .expect("masks");
                for theirs in list(&expected["steps"]) {
                    let ours = fill.next().expect("a step").expect("no error");
                    assert_eq!(Some(ours.mask as u64), theirs["mask"].as_u64());
                    assert_eq!(
                        Some(u64::from(ours.chosen.token)),
                        theirs["token"].as_u64(),
                        "{sentence:?}"
                    );
                    assert_score(sentence, ours.chosen.score, &theirs["score"]);
                }
                assert!(fill.next().is_none());
                assert_score(sentence, fill.log_prob(), &expected["log_prob"]);
            }
        }
    }
}

fn targets(words: &[&str]) -> FillMaskOptions {
    FillMaskOptions {
        targets: words.iter().map(|word| word.to_string()).collect(),
        ..Default::default()
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn words_asked_for_are_meant_as_they_would_stand() {
    // Behind a blank "is" is the piece "Ġis", glued to a word it is "is".
    let bench = roberta_bench();
    let task = bench.fill_mask();
    let words: Vec<&str> = list(&bench.case.json["targets"]).iter().map(text).collect();
    for case in list(&bench.case.json["fill_mask"]) {
        let sentence = text(&case["text"]);
        let predictions = task.predict(sentence, &targets(&words));
        for (ours, theirs) in predictions
            .expect("predictions")
            .iter()
            .zip(list(&case["targets"]))
        {
            for (word, score) in words.iter().zip(list(theirs)) {
                let mut same = ours.candidates.iter();
                let candidate = same.find(|c| c.token_str.trim() == *word);
                assert_score(word, candidate.expect("the word").score, score);
            }
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn pieces_asked_for_by_their_spelling() {
    let bench = roberta_bench();
    let task = bench.fill_mask();
    let one = |sentence: &str, word: &str| {
        let predictions = task.predict(sentence, &targets(&[word]));
        predictions.map(|masks| masks[0].candidates[0].token_str.clone())
    };
    assert_eq!(one("it <mask>", "is").as_deref(), Ok(" is"));
    assert_eq!(one("it <mask>", " is").as_deref(), Ok(" is"));
    assert_eq!(one("it <mask>", "\u{120}is").as_deref(), Ok(" is"));
    assert_eq!(one("it<mask>", "is").as_deref(), Ok("is"));
    assert_eq!(one("it<mask>", " is").as_deref(), Ok(" is"));
    // Only as a continuation: there is no "Ġith".
    assert_eq!(one("it <mask>", "ith").as_deref(), Ok("ith"));
    let refused = one("it <mask>", "umbrellas").unwrap_err();
    assert!(
        matches!(&refused, Error::UnknownTarget { pieces, .. } if pieces.len() > 1),
        "{refused}"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn masks_are_spelled_as_the_model_spells_them() {
    let bench = roberta_bench();
    let task = bench.fill_mask();
    let refused = task.predict("a [MASK] of it", &FillMaskOptions::default());
    match refused.unwrap_err() {
        Error::NoMask { mask_token } => assert_eq!(mask_token, "<mask>"),
        other => panic!("{other}"),
    }
    // 48 tokens are read, of which two are the template's.
    let read = |count| {
        let text = "<mask>".repeat(count);
        code(task.predict(&text, &FillMaskOptions::default()))
    };
    assert_eq!((read(46), read(47)), ("no error", "input_too_long"));
}

#[wasm_bindgen_test(unsupported = test)]
fn they_have_no_next_sentences() {
    for bench in benches() {
        let refused = NextSentence::new(bench.encoder, bench.tokenizer);
        assert_eq!(code(refused), "no_nsp_head");
    }
}

/// All of them, and BERT.
fn all_benches() -> Vec<Bench> {
    let bert = Bench::new(Case::new(fixture!("tasks/bert.json")), word_piece(false));
    benches().into_iter().chain([bert]).collect()
}

#[wasm_bindgen_test(unsupported = test)]
fn candidates_say_how_they_stand_in_the_sentence() {
    let (mut joined, mut with_blank) = (0, 0);
    for bench in all_benches() {
        let task = bench.fill_mask();
        let (_, mask) = bench.tokenizer.mask_token().expect("a mask");
        let glued = format!("it{mask} was {mask}");
        let cases = list(&bench.case.json["fill_mask"]).iter();
        let sentences = cases.map(|case| text(&case["text"])).chain([&*glued]);
        for sentence in sentences {
            let options = FillMaskOptions {
                top_k: 40,
                ..Default::default()
            };
            for prediction in task.predict(sentence, &options).expect("predictions") {
                let before = &sentence[..prediction.range.start];
                let after = &sentence[prediction.range.end..];
                // RoBERTa's and ALBERT's sequences make one blank of several.
                if before.trim_end().len() + 1 < before.len() || before.ends_with('\n') {
                    continue;
                }
                for candidate in prediction.candidates {
                    let before = if candidate.joins {
                        before.trim_end()
                    } else {
                        before
                    };
                    let filled = format!("{before}{}{after}", candidate.text);
                    assert_eq!(filled, candidate.sequence, "{candidate:?}");
                    joined += usize::from(candidate.joins);
                    with_blank += usize::from(candidate.text.starts_with(' '));
                }
            }
        }
    }
    assert!(joined > 20 && with_blank > 20, "{joined}, {with_blank}");
}

#[wasm_bindgen_test(unsupported = test)]
fn predictions_bring_the_tokens_of_the_text() {
    for bench in all_benches() {
        let task = bench.fill_mask();
        for case in list(&bench.case.json["fill_mask"]) {
            let sentence = text(&case["text"]);
            let tokens = bench.tokenizer.encode(sentence, None, true);
            let tokens = tokens.expect("tokens").tokens;
            let options = FillMaskOptions::default();
            let prediction = task.predict_with_tokens(sentence, &options);
            let prediction = prediction.expect("a prediction");
            assert_eq!(prediction.tokens, tokens);
            let masks = task.predict(sentence, &options).expect("predictions");
            assert_eq!(prediction.masks, masks);
            let mut fill = task
                .joint(sentence, JointOptions::new(JointOrder::LeftToRight, 1))
                .expect("masks");
            while fill.next().is_some() {}
            assert_eq!(fill.tokens(), tokens, "also when all are filled");
        }
    }
}
