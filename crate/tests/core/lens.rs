//! Surprisal, guesses from one side, and the losses of BERT's training against PyTorch.

use std::sync::Arc;

use cloze::models::{Decoder, Encoder};
use cloze::tasks::{
    next_token, Disguise, FillMask, FillMaskOptions, JointOptions, MaskContext, MaskedText,
    Masking, MaskingOptions, PseudoPerplexity, ScoredToken, Surprisal, Surprisals,
    TokenProbability,
};
use cloze::text::{Tokenizer, TokenizerFiles};
use cloze::weights::DType;
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::*;
use super::tokenization::{albert, byte_level, roberta, word_piece};

fn near(what: &str, ours: f64, theirs: &Value) {
    let theirs = theirs.as_f64().expect("a number");
    assert_close(what, &[ours as f32], &[theirs as f32]);
}

/// The likeliest tokens and their probabilities.
fn same_top(what: &str, tokenizer: &Tokenizer, ours: &[TokenProbability], theirs: &Value) {
    assert_eq!(ours.len(), list(theirs).len(), "{what}");
    for (ours, theirs) in ours.iter().zip(list(theirs)) {
        let id = u64::from(ours.token_id);
        assert_eq!(Some(id), theirs["token"].as_u64(), "{what}");
        assert_eq!(ours.token, tokenizer.readable(ours.token_id), "{what}");
        near(what, ours.probability, &theirs["score"]);
    }
}

/// The same rank, where the fixture has one: where two tokens are equally likely it does not.
fn same_rank(what: &str, ours: u32, theirs: &Value) {
    if !theirs.is_null() {
        assert_eq!(Some(u64::from(ours)), theirs.as_u64(), "{what}");
    }
}

fn decoder(fixture: &str) -> (Case, Arc<dyn Decoder>) {
    let case = Case::new(fixture);
    let model = case.model(DType::F32).into_decoder().expect("a decoder");
    (case, model)
}

fn surprisal(model: &Arc<dyn Decoder>, tokenizer: &Arc<Tokenizer>, text: &str) -> Surprisal {
    let reading = Surprisals::new(model.clone(), tokenizer.clone(), text);
    let mut reading = reading.expect("a text");
    let (mut before, total) = (1, reading.tokens());
    for done in reading.by_ref() {
        let done = done.expect("no error");
        assert!(before <= done && done <= total, "{before} {done} {total}");
        before = done;
    }
    assert_eq!(before, total.max(1), "{text:?}: all are read");
    reading.result()
}

fn surprises_as_pytorch(case: &Case, model: &Arc<dyn Decoder>, tokenizer: &Arc<Tokenizer>) {
    let mut windows = false;
    for case in list(&case.json["surprisal"]) {
        let what = text(&case["text"]);
        let ours = surprisal(model, tokenizer, what);
        let tokens: Vec<u32> = ours.tokens.iter().map(|token| token.id).collect();
        assert_eq!(tokens, ids(&case["ids"]), "{what:?}");
        windows |= tokens.len() > model.info().max_position_embeddings;
        assert!(ours.bits[0].is_nan() && ours.ranks[0] == 0 && ours.top[0].is_empty());
        for (place, theirs) in (1..).zip(list(&case["tokens"])) {
            let what = format!("{what:?}, token {place}");
            near(&what, ours.bits[place].into(), &theirs["bits"]);
            same_rank(&what, ours.ranks[place], &theirs["rank"]);
            same_top(&what, tokenizer, &ours.top[place], &theirs["top"]);
        }
        near(what, ours.total_bits, &case["total_bits"]);
        for (ours, theirs) in [
            (ours.perplexity, &case["perplexity"]),
            (ours.bits_per_byte, &case["bits_per_byte"]),
        ] {
            match ours {
                Some(ours) => near(what, ours, theirs),
                None => assert!(theirs.is_null(), "{what:?}"),
            }
        }
    }
    assert!(windows, "a text is longer than the context");
}

#[wasm_bindgen_test(unsupported = test)]
fn surprisal_of_each_token() {
    let (case, model) = decoder(fixture!("lens/gpt2.json"));
    let tokenizer = Arc::new(byte_level());
    surprises_as_pytorch(&case, &model, &tokenizer);
    let refused = |text: &str| code(Surprisals::new(model.clone(), tokenizer.clone(), text));
    assert_eq!(refused(" \n"), "empty_input");
    assert_eq!(refused(&"word ".repeat(900_000)), "input_too_long");
}

#[wasm_bindgen_test(unsupported = test)]
fn surprisal_behind_a_bos() {
    let (case, model) = decoder(fixture!("lens/llama.json"));
    let tokenizer = Tokenizer::from_files(&TokenizerFiles {
        vocab_json: Some(fixture!("tokenizers/byte-level/vocab.json").as_bytes()),
        merges_txt: Some(fixture!("tokenizers/byte-level/merges.txt").as_bytes()),
        tokenizer_config: Some(br#"{"add_bos_token": true, "bos_token": "<|endoftext|>"}"#),
        ..Default::default()
    });
    surprises_as_pytorch(&case, &model, &Arc::new(tokenizer.expect("a tokenizer")));
}

#[wasm_bindgen_test(unsupported = test)]
fn what_would_be_written_next() {
    let (case, model) = decoder(fixture!("lens/gpt2.json"));
    let tokenizer = byte_level();
    for case in list(&case.json["next_token"]) {
        let what = text(&case["text"]);
        let ours = next_token(&*model, &tokenizer, what, 4).expect("tokens");
        same_top(what, &tokenizer, &ours, &case["top"]);
    }
    let all = next_token(&*model, &tokenizer, "the", usize::MAX).expect("tokens");
    let total: f64 = all.iter().map(|token| token.probability).sum();
    assert!(all.len() == tokenizer.vocab_size() && (total - 1.0).abs() < 1e-6);
    let refused = |text: &str, top_k| code(next_token(&*model, &tokenizer, text, top_k));
    assert_eq!(refused("the", 0), "invalid_option");
    assert_eq!(refused(&" the".repeat(23), 1), "no error");
    assert_eq!(refused(&" the".repeat(24), 1), "input_too_long");
}

struct Bench {
    case: Case,
    encoder: Arc<dyn Encoder>,
    tokenizer: Arc<Tokenizer>,
}

fn bench(fixture: &str, tokenizer: Tokenizer) -> Bench {
    let case = Case::new(fixture);
    Bench {
        encoder: case.model(DType::F32).into_encoder().expect("an encoder"),
        case,
        tokenizer: Arc::new(tokenizer),
    }
}

fn benches() -> [Bench; 4] {
    let [roberta, _] = roberta();
    [
        bench(fixture!("lens/bert.json"), word_piece(false)),
        bench(fixture!("lens/distilbert.json"), word_piece(false)),
        bench(fixture!("lens/roberta.json"), roberta),
        bench(fixture!("lens/albert.json"), albert()),
    ]
}

#[wasm_bindgen_test(unsupported = test)]
fn masks_guessed_from_one_side() {
    for bench in benches() {
        let (encoder, tokenizer) = (bench.encoder.clone(), bench.tokenizer.clone());
        let task = FillMask::new(encoder, tokenizer).expect("a head");
        for case in list(&bench.case.json["contexts"]) {
            let context = MaskContext::from_name(text(&case["context"])).expect("a side");
            let (what, options) = (
                text(&case["text"]),
                FillMaskOptions {
                    context,
                    ..Default::default()
                },
            );
            let masks = task.predict(what, &options).expect("predictions");
            assert_eq!(masks.len(), list(&case["masks"]).len(), "{what:?}");
            for (ours, theirs) in masks.iter().zip(list(&case["masks"])) {
                assert_eq!(ours.candidates.len(), list(theirs).len());
                for (ours, theirs) in ours.candidates.iter().zip(list(theirs)) {
                    let id = u64::from(ours.token);
                    assert_eq!(Some(id), theirs["token"].as_u64(), "{what:?} {context:?}");
                    near(what, ours.score, &theirs["score"]);
                }
            }
            let Some(theirs) = case["joint"].as_array() else {
                continue;
            };
            let options = JointOptions {
                context,
                ..Default::default()
            };
            let steps = task.joint(what, options).expect("masks");
            for (ours, theirs) in steps.zip(theirs) {
                let ours = ours.expect("a step").chosen;
                let id = u64::from(ours.token);
                assert_eq!(Some(id), theirs["token"].as_u64(), "{what:?}, joint");
                near(what, ours.score, &theirs["score"]);
            }
        }
    }
    assert_eq!(code(MaskContext::from_name("above")), "invalid_option");
}

#[wasm_bindgen_test(unsupported = test)]
fn several_texts_are_scored_in_common_batches() {
    for bench in benches() {
        let (encoder, tokenizer) = (bench.encoder.clone(), bench.tokenizer.clone());
        let task = PseudoPerplexity::new(encoder, tokenizer.clone()).expect("a head");
        let cases = list(&bench.case.json["ranks"]);
        let texts: Vec<&str> = cases.iter().map(|case| text(&case["text"])).collect();
        let mut scoring = Arc::new(task).score(&texts).expect("texts");
        let batches: Vec<_> = scoring
            .by_ref()
            .map(|batch| batch.expect("scores"))
            .collect();
        let of_two = |batch: &Vec<ScoredToken>| batch[0].text != batch[batch.len() - 1].text;
        assert!(batches.iter().any(of_two), "short texts share a batch");
        let tokens = batches.concat();
        assert_eq!(tokens.len(), scoring.tokens());
        for (index, case) in cases.iter().enumerate() {
            let ours = tokens.iter().filter(|token| token.text == index);
            let theirs = list(&case["tokens"]);
            let mut sum = 0.0;
            for (ours, theirs) in ours.clone().zip(theirs) {
                let what = format!("{:?}, {}", texts[index], ours.token_str);
                near(&what, ours.judged.log_prob, &theirs["log_prob"]);
                same_rank(&what, ours.judged.rank, &theirs["rank"]);
                same_top(&what, &tokenizer, &ours.judged.top, &theirs["top"]);
                sum += theirs["log_prob"].as_f64().expect("a number");
            }
            assert_eq!(ours.count(), theirs.len());
            let perplexity = (-sum / theirs.len() as f64).exp();
            let ratio = scoring.perplexity(index) / perplexity;
            assert!((ratio - 1.0).abs() < 1e-4, "{ratio}");
            assert_eq!(scoring.text(index), texts[index]);
        }
        assert!(scoring.perplexity(cases.len()).is_nan(), "no such text");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn losses_of_pretraining() {
    for bench in benches() {
        let (encoder, tokenizer) = (bench.encoder.clone(), bench.tokenizer.clone());
        let task = Masking::new(encoder, tokenizer.clone()).expect("a head");
        for case in list(&bench.case.json["trained"]) {
            let what = text(&case["text"]);
            let tokens = tokenizer.encode(what, case["pair"].as_str(), true);
            let chosen = usizes(&case["chosen"]).into_iter();
            let masked = MaskedText {
                tokens: tokens.expect("tokens").tokens,
                input_ids: ids(&case["input_ids"]),
                chosen: chosen.map(|place| (place, Disguise::Mask)).collect(),
            };
            let losses = task.losses(&masked).expect("losses");
            assert_eq!(losses.judged.len(), masked.chosen.len());
            for (at, ours) in losses.judged.iter().enumerate() {
                near(what, -ours.log_prob, &case["losses"][at]);
                same_rank(what, ours.rank, &case["ranks"][at]);
                same_top(what, &tokenizer, &ours.top, &case["top"][at]);
            }
            near(what, losses.mlm.expect("a mean"), &case["mlm_loss"]);
            let theirs = case["nsp_losses"].as_array();
            assert_eq!(losses.nsp.is_some(), theirs.is_some(), "{what:?}");
            if let (Some(ours), Some(theirs)) = (losses.nsp, theirs) {
                near(what, ours.loss_if_next, &theirs[0]);
                near(what, ours.loss_if_random, &theirs[1]);
                let probability = (-ours.loss_if_next).exp();
                assert!((ours.is_next_probability - probability).abs() < 1e-12);
            }
        }
    }
}

/// The game's task, and a text of `words` words.
fn game(words: usize) -> (Masking, String) {
    let Bench {
        encoder, tokenizer, ..
    } = bench(fixture!("lens/bert.json"), word_piece(false));
    let task = Masking::new(encoder, tokenizer).expect("a head");
    (task, " the dog".repeat(words.div_ceil(2)))
}

#[wasm_bindgen_test(unsupported = test)]
fn tokens_are_chosen_as_in_berts_training() {
    let (task, text) = game(36);
    let with = |seed, mlm_probability, always_mask| MaskingOptions {
        seed,
        mlm_probability,
        always_mask,
    };
    let mask = |options: &MaskingOptions| task.mask(&text, None, options).expect("a text");
    let (mut kinds, mut places, games) = ([0usize; 3], [0usize; 38], 2000);
    let mut drawn = Vec::new();
    for seed in 0..games {
        let masked = mask(&with(seed, 0.15, false));
        // 15 % of 36 is 5.4.
        assert_eq!(masked.chosen.len(), 5);
        for &(place, disguise) in &masked.chosen {
            let token = &masked.tokens[place];
            assert!(!token.special, "no special token");
            let kept = masked.input_ids[place] == token.id;
            match disguise {
                Disguise::Mask => assert_eq!(masked.input_ids[place], mask_id()),
                Disguise::Keep => assert!(kept),
                Disguise::Random => drawn.push(masked.input_ids[place]),
            }
            kinds[disguise as usize] += 1;
            places[place] += 1;
        }
        let untouched = (0..masked.tokens.len())
            .filter(|place| masked.chosen.iter().all(|(chosen, _)| chosen != place));
        for place in untouched {
            assert_eq!(masked.input_ids[place], masked.tokens[place].id);
        }
    }
    // Tokens from all over the vocabulary of 359, where each of about 1,000 draws is as likely as the next: 337 different
    // ones are expected, and the mask itself 3 times.
    let tokenizer = word_piece(false);
    assert!(drawn.iter().all(|&id| tokenizer.id_to_token(id).is_some()));
    let masks = drawn.iter().filter(|&&id| id == mask_id()).count();
    assert!(masks < 15, "{masks} random tokens are the mask");
    drawn.sort_unstable();
    drawn.dedup();
    assert!(drawn.len() > 315, "{} different ones", drawn.len());
    // Of 10,000 draws; four standard deviations of 0.8 and 0.1 are 0.016 and 0.012.
    let share = |count: usize| count as f64 / (5 * games) as f64;
    assert!((share(kinds[0]) - 0.8).abs() < 0.016, "{kinds:?}");
    assert!((share(kinds[1]) - 0.1).abs() < 0.012, "{kinds:?}");
    assert!((share(kinds[2]) - 0.1).abs() < 0.012, "{kinds:?}");
    // Each of 36 places is chosen 278 times on average; five standard deviations are 78.
    assert!(places[1..37].iter().all(|&count| count.abs_diff(278) < 78));
    assert_eq!((places[0], places[37]), (0, 0), "the template");

    assert_eq!(mask(&with(7, 0.15, false)), mask(&with(7, 0.15, false)));
    assert_ne!(mask(&with(7, 0.15, false)), mask(&with(8, 0.15, false)));
    let all = mask(&with(7, 1.0, true));
    assert_eq!(all.chosen.len(), 36);
    assert!(all.chosen.iter().all(|(_, kind)| *kind == Disguise::Mask));
    assert_eq!(mask(&with(7, 0.0, false)).chosen.len(), 1, "at least one");
}

fn mask_id() -> u32 {
    word_piece(false).mask_token().expect("a mask").0
}

#[wasm_bindgen_test(unsupported = test)]
fn what_the_masking_game_cannot_do_is_said() {
    let (task, text) = game(4);
    let options = MaskingOptions::default();
    let refused = |text: &str, pair| code(task.mask(text, pair, &options));
    assert_eq!(refused(" ", None), "empty_input");
    assert_eq!(refused("it", Some(" \n")), "empty_input");
    assert_eq!(refused(&text.repeat(10), None), "input_too_long");
    assert_eq!(refused(&text, Some(&text.repeat(9))), "input_too_long");
    for mlm_probability in [-0.1, 1.1, f64::NAN] {
        let options = MaskingOptions {
            mlm_probability,
            ..options
        };
        let refused = task.mask(&text, None, &options);
        assert_eq!(code(refused), "invalid_option");
    }
    // Unknown and special tokens are never asked for.
    let masked = task
        .mask("\u{1f600} [SEP]", None, &options)
        .expect("a text");
    assert_eq!(masked.chosen, []);
    let losses = task.losses(&masked).expect("losses");
    assert_eq!((losses.mlm, losses.judged.len()), (None, 0));
}
