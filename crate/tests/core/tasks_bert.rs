//! Fill-mask with BERT against transformers' pipeline, and heads that are missing or damaged.

use std::sync::Arc;

use cloze::models::Encoder;
use cloze::tasks::{
    FillMask, FillMaskOptions, JointOptions, JointOrder, NextSentence, PseudoPerplexity,
};
use cloze::text::Tokenizer;
use cloze::weights::DType;
use cloze::Error;
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::*;
use super::tokenization::{byte_level, word_piece};

pub struct Bench {
    pub case: Case,
    bert: Arc<dyn Encoder>,
    tokenizer: Arc<Tokenizer>,
}

pub fn bench() -> Bench {
    let case = Case::new(fixture!("tasks/bert.json"));
    let bert = case.model(DType::F32).into_encoder().expect("a BERT");
    Bench {
        case,
        bert,
        tokenizer: Arc::new(word_piece(false)),
    }
}

impl Bench {
    fn fill_mask(&self) -> Arc<FillMask> {
        Arc::new(FillMask::new(self.bert.clone(), self.tokenizer.clone()).expect("a head"))
    }

    pub fn next_sentence(&self) -> Arc<NextSentence> {
        Arc::new(NextSentence::new(self.bert.clone(), self.tokenizer.clone()).expect("a head"))
    }

    pub fn pseudo_perplexity(&self) -> Arc<PseudoPerplexity> {
        Arc::new(PseudoPerplexity::new(self.bert.clone(), self.tokenizer.clone()).expect("a head"))
    }
}

fn targets(words: &[&str]) -> FillMaskOptions {
    FillMaskOptions {
        targets: words.iter().map(|word| word.to_string()).collect(),
        ..Default::default()
    }
}

pub fn assert_score(what: &str, ours: f64, theirs: &Value) {
    let theirs = theirs.as_f64().expect("a number");
    assert!((ours - theirs).abs() < 1e-5, "{what}: {ours} for {theirs}");
}

#[wasm_bindgen_test(unsupported = test)]
fn fills_masks_as_transformers_does() {
    let bench = bench();
    assert_predictions(&bench.fill_mask(), &bench.case.json);
}

/// Holds a task to the candidates of a fixture.
pub fn assert_predictions(task: &FillMask, fixture: &Value) {
    for case in list(&fixture["fill_mask"]) {
        let sentence = text(&case["text"]);
        let predictions = task
            .predict(sentence, &FillMaskOptions::default())
            .expect("predictions");
        assert_eq!(
            predictions.len(),
            list(&case["masks"]).len(),
            "{sentence:?}"
        );
        let mut after = 0;
        for (ours, theirs) in predictions.iter().zip(list(&case["masks"])) {
            assert_eq!(&sentence[ours.range.clone()], "[MASK]");
            assert!(ours.range.start >= after, "in text order");
            after = ours.range.end;
            assert_eq!(ours.candidates.len(), list(theirs).len());
            for (ours_one, theirs) in ours.candidates.iter().zip(list(theirs)) {
                let what = format!("{sentence:?}, {}", ours_one.token_str);
                assert_eq!(
                    Some(u64::from(ours_one.token)),
                    theirs["token"].as_u64(),
                    "{what}"
                );
                assert_eq!(ours_one.token_str, text(&theirs["token_str"]));
                assert_score(&what, ours_one.score, &theirs["score"]);
                let (before, rest) = (&sentence[..ours.range.start], &sentence[ours.range.end..]);
                let expected = match ours_one.token_str.strip_prefix("##") {
                    Some(piece) => format!("{}{piece}{rest}", before.trim_end()),
                    None => format!("{before}{}{rest}", ours_one.token_str),
                };
                assert_eq!(ours_one.sequence, expected, "{what}");
            }
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn scores_the_words_asked_for() {
    let bench = bench();
    assert_targets(&bench.fill_mask(), &bench.case.json);
}

/// Holds a task to the scores of a fixture's targets.
pub fn assert_targets(task: &FillMask, fixture: &Value) {
    let words: Vec<&str> = list(&fixture["targets"]).iter().map(text).collect();
    for case in list(&fixture["fill_mask"]) {
        let predictions = task
            .predict(text(&case["text"]), &targets(&words))
            .expect("predictions");
        for (ours, theirs) in predictions.iter().zip(list(&case["targets"])) {
            assert_eq!(ours.candidates.len(), words.len());
            assert!(
                ours.candidates
                    .windows(2)
                    .all(|pair| pair[0].score >= pair[1].score),
                "best first"
            );
            for (word, score) in words.iter().zip(list(theirs)) {
                let candidate = ours
                    .candidates
                    .iter()
                    .find(|c| c.token_str == *word)
                    .expect("the word");
                assert_score(word, candidate.score, score);
            }
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn joint_filling_reads_what_it_wrote() {
    let bench = bench();
    assert_joint(&bench.fill_mask(), &bench.case.json);
}

/// Holds a task to the steps of a fixture's joint fillings.
pub fn assert_joint(task: &Arc<FillMask>, fixture: &Value) {
    for case in list(&fixture["fill_mask"]) {
        let sentence = text(&case["text"]);
        for expected in list(&case["joint"]) {
            let order = JointOrder::from_name(text(&expected["order"])).expect("an order");
            let mut fill = task
                .joint(sentence, JointOptions::new(order, 3))
                .expect("masks");
            for (step, theirs) in list(&expected["steps"]).iter().enumerate() {
                let what = format!("{sentence:?}, {order:?}, step {step}");
                let ours = fill.next().expect("a step").expect("no error");
                assert_eq!(Some(ours.mask as u64), theirs["mask"].as_u64(), "{what}");
                assert_eq!(ours.chosen.token_str, text(&theirs["token_str"]), "{what}");
                assert_eq!(ours.candidates[0], ours.chosen, "{what}");
                assert_eq!(ours.candidates.len(), 3, "{what}");
                assert_score(&what, ours.chosen.score, &theirs["score"]);
                assert_eq!(fill.sequence(), ours.chosen.sequence, "{what}");
            }
            assert!(
                fill.next().is_none() && !fill.sequence().contains("[MASK]"),
                "{sentence:?}: all filled"
            );
            assert_score("log probability", fill.log_prob(), &expected["log_prob"]);
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_fill_mask_cannot_do_is_said() {
    let bench = bench();
    let task = bench.fill_mask();
    let predict = |text: &str| task.predict(text, &FillMaskOptions::default());
    for empty in ["", " ", "\n\t\u{3000}"] {
        assert_eq!(code(predict(empty)), "empty_input", "{empty:?}");
        assert_eq!(
            code(task.joint(empty, JointOptions::default()).map(drop)),
            "empty_input",
            "{empty:?}"
        );
    }
    for without in ["no mask here", "[ MASK ]", "[mask", "\u{0}"] {
        assert_eq!(code(predict(without)), "no_mask", "{without:?}");
    }
    let error = predict("no mask here").expect_err("no mask");
    assert!(error.to_string().contains("[MASK]"), "{error}");
    // 48 positions: [CLS], 46 words, [SEP].
    assert!(predict(&format!("[MASK]{}", " the".repeat(45))).is_ok());
    match predict(&format!("[MASK]{}", " the".repeat(46))) {
        Err(Error::InputTooLong { tokens, max, .. }) => assert_eq!((tokens, max), (49, 48)),
        other => panic!("{other:?}"),
    }
    let long = "the ".repeat(50_000) + "[MASK]";
    assert_eq!(code(predict(&long)), "input_too_long");
    let none = FillMaskOptions {
        top_k: 0,
        ..Default::default()
    };
    assert_eq!(code(task.predict("[MASK]", &none)), "invalid_option");
    let all = FillMaskOptions {
        top_k: usize::MAX,
        ..Default::default()
    };
    let predictions = task.predict("[MASK]", &all).expect("predictions");
    assert_eq!(
        predictions[0].candidates.len(),
        bench.bert.info().vocab_size
    );
    let total: f64 = predictions[0]
        .candidates
        .iter()
        .map(|candidate| candidate.score)
        .sum();
    assert!(
        (total - 1.0).abs() < 1e-6,
        "probabilities over the whole vocabulary add up to {total}"
    );
    fills_masks_as_transformers_does();
}

#[wasm_bindgen_test(unsupported = test)]
fn unknown_targets_are_named() {
    let bench = bench();
    let task = bench.fill_mask();
    let ask = |word: &str| task.predict("the [MASK]", &targets(&["dog", word]));
    match ask("umbrellas").expect_err("not one token") {
        Error::UnknownTarget { target, pieces } => {
            assert_eq!(target, "umbrellas");
            assert!(
                pieces.len() > 1 && pieces[0] == "umbrella" && pieces[1].starts_with("##"),
                "{pieces:?}"
            );
        }
        other => panic!("{other:?}"),
    }
    for word in ["two words", "", " ", "\u{4e2e}\u{4e2f}", "\u{13000}"] {
        assert_eq!(code(ask(word)), "unknown_target", "{word:?}");
    }
    // The uncased vocabulary knows "dog" however it is written, and it is one word all the same.
    for word in ["DOG", "dog"] {
        assert_eq!(ask(word).expect("a target")[0].candidates.len(), 1);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn masks_that_touch_and_masks_by_hand() {
    let bench = bench();
    let task = bench.fill_mask();
    let sentence = "\u{1f600}[MASK][MASK]\u{4e2d}[MASK]e\u{301}[CLS] [SEP]";
    let predictions = task
        .predict(sentence, &FillMaskOptions::default())
        .expect("predictions");
    let ranges: Vec<_> = predictions
        .iter()
        .map(|prediction| prediction.range.clone())
        .collect();
    assert_eq!(ranges, [4..10, 10..16, 19..25], "UTF-8 bytes of the masks");
    for order in [JointOrder::LeftToRight, JointOrder::BestFirst] {
        let mut seen: Vec<usize> = task
            .joint(sentence, JointOptions::new(order, 1))
            .expect("masks")
            .map(|step| step.expect("a step").mask)
            .collect();
        seen.sort_unstable();
        assert_eq!(seen, [0, 1, 2], "every mask once");
    }
    assert_eq!(code(JointOrder::from_name("random")), "invalid_option");
}

#[wasm_bindgen_test(unsupported = test)]
fn heads_that_are_missing() {
    let case = Case::new(fixture!("bert/masked-lm.json"));
    let bert = case.model(DType::F32).into_encoder().expect("a BERT");
    let tokenizer = Arc::new(word_piece(false));
    assert_eq!(
        code(NextSentence::new(bert.clone(), tokenizer.clone()).map(drop)),
        "no_nsp_head"
    );
    assert_eq!(
        code(PseudoPerplexity::new(bert.clone(), Arc::new(byte_level())).map(drop)),
        "invalid_tokenizer"
    );
    assert_eq!(
        code(FillMask::new(bert, Arc::new(byte_level())).map(drop)),
        "invalid_tokenizer",
        "no mask token"
    );

    let mut case = Case::new(fixture!("bert/tiny.json"));
    case.tensors
        .retain(|tensor| !tensor.name.starts_with("cls.predictions"));
    let bert = case.model(DType::F32).into_encoder().expect("a BERT");
    assert_eq!(
        code(FillMask::new(bert.clone(), tokenizer.clone()).map(drop)),
        "no_mlm_head"
    );
    assert!(NextSentence::new(bert, tokenizer).is_ok());
}

#[wasm_bindgen_test(unsupported = test)]
fn a_tokenizer_of_another_model() {
    // 359 tokens, but the model has embeddings for 120 of them.
    let case = Case::new(fixture!("bert/tiny.json"));
    let bert = case.model(DType::F32).into_encoder().expect("a BERT");
    let tokenizer = Arc::new(word_piece(false));
    let result = FillMask::new(bert.clone(), tokenizer.clone()).and_then(|task| {
        task.predict(
            "tomorrow the sun will [MASK] again",
            &FillMaskOptions::default(),
        )
    });
    assert_eq!(code(result), "token_beyond_model");
    let refused = tokenizer.check_rows(120).expect_err("another model's");
    assert!(
        refused
            .to_string()
            .contains("359 tokens, the model only 120"),
        "{refused}"
    );
    let result = NextSentence::new(bert, tokenizer)
        .and_then(|task| task.compare("tomorrow", "the sun will shine"));
    assert_eq!(code(result), "token_beyond_model");
}

#[wasm_bindgen_test(unsupported = test)]
fn damaged_weights_do_no_harm() {
    let mut case = Case::new(fixture!("tasks/bert.json"));
    case.tensor_mut("cls.predictions.bias")
        .values
        .fill(f32::NAN);
    case.tensor_mut("cls.seq_relationship.bias")
        .values
        .fill(f32::NAN);
    let bert = case.model(DType::F32).into_encoder().expect("a BERT");
    let tokenizer = Arc::new(word_piece(false));
    let fill_mask = Arc::new(FillMask::new(bert.clone(), tokenizer.clone()).expect("a head"));
    // Probabilities that are no numbers must not reach a screen.
    assert_eq!(
        code(fill_mask.predict("the [MASK]", &FillMaskOptions::default())),
        "internal"
    );
    let mut fill = fill_mask
        .joint("[MASK] [MASK]", JointOptions::new(JointOrder::BestFirst, 2))
        .expect("masks");
    assert_eq!(code(fill.next().expect("a step")), "internal");
    assert!(fill.next().is_none(), "after an error, nothing more");
    assert_eq!(fill.sequence(), "[MASK] [MASK]");
    assert_eq!(
        code(
            NextSentence::new(bert, tokenizer)
                .expect("a head")
                .compare("a", "b")
        ),
        "internal"
    );
}
