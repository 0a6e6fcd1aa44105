//! Whole runs: what a break changes (nothing), that models learn, and what comes out.
//!
//! The text is chapters 1 to 12 of Jules Verne's "Around the World in Eighty Days" (George Towle's translation of 1873),
//! in the public domain.

use std::sync::Arc;

use cloze::tasks::{FillMask, NextSentence};
use cloze::train::{Architecture, Settings, Size, TokenizerKind, TrainError, Training};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::*;

const TEXT: &str = include_str!("eighty-days.txt");

/// Some paragraphs of it.
pub fn short() -> &'static str {
    let end = TEXT.char_indices().nth(20_000).expect("it is longer").0;
    &TEXT[..end]
}

pub const ALL: [Architecture; 4] = [
    Architecture::Gpt,
    Architecture::Bert,
    Architecture::Elmo,
    Architecture::Xlnet,
];

/// A run of moments, with everything that is drawn.
pub fn tiny(architecture: Architecture) -> Settings {
    let mut settings = Settings::new(architecture, Size::Small);
    settings.vocab_size = 300;
    (
        settings.hidden_size,
        settings.num_layers,
        settings.num_heads,
    ) = (24, 1, 2);
    (settings.context, settings.batch_size, settings.steps) = (24, 4, 20);
    settings.schedule.warmup = 4;
    settings.dropout = 0.1;
    settings.optimizer.muon = true;
    settings
}

fn steps(training: &mut Training, count: usize) -> Vec<f32> {
    (0..count)
        .map(|_| training.step().expect("a step").loss)
        .collect()
}

#[wasm_bindgen_test(unsupported = test)]
fn a_break_changes_no_bit() {
    for architecture in ALL {
        let mut whole = Training::new(tiny(architecture), short()).expect("a run");
        let undisturbed = steps(&mut whole, 20);
        let mut first = Training::new(tiny(architecture), short()).expect("a run");
        let mut broken = steps(&mut first, 7);
        let saved = first.checkpoint().expect("a checkpoint");
        drop(first);
        let mut second = Training::resume(&saved, short()).expect("it goes on");
        assert_eq!(second.steps_done(), 7);
        broken.extend(steps(&mut second, 13));
        assert_eq!(undisturbed, broken);
        assert!(second.is_over());
        assert!(
            whole.checkpoint() == second.checkpoint(),
            "{architecture:?}: the same bytes"
        );
        assert_eq!(whole.folder(), second.folder());
    }
}

/// Loops of several runs at once: those that find the pool busy run on one thread, in parts all the same.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn the_number_of_threads_changes_no_bit() {
    for architecture in ALL {
        let run = || {
            let mut training = Training::new(tiny(architecture), short()).expect("a run");
            steps(&mut training, 6);
            training.checkpoint().expect("a checkpoint")
        };
        let alone = run();
        std::thread::scope(|scope| {
            let runs: Vec<_> = (0..4).map(|_| scope.spawn(run)).collect();
            for beside in runs {
                assert!(beside.join().expect("a run") == alone, "{architecture:?}");
            }
        });
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn the_seed_is_what_differs() {
    let first = |seed| {
        let mut settings = tiny(Architecture::Bert);
        settings.seed = seed;
        steps(&mut Training::new(settings, short()).expect("a run"), 3)
    };
    assert_eq!(first(1), first(1));
    assert_ne!(first(1), first(2));
}

#[wasm_bindgen_test(unsupported = test)]
fn what_cannot_be_trained_is_said() {
    let code = |settings, text: &str| match Training::new(settings, text) {
        Ok(_) => panic!("it should not begin"),
        Err(error) => error.code(),
    };
    for architecture in ALL {
        assert_eq!(code(tiny(architecture), ""), "text_too_short");
        assert_eq!(code(tiny(architecture), "Too short."), "text_too_short");
        let mut odd = tiny(architecture);
        odd.num_heads = 5;
        assert_eq!(code(odd, short()), "invalid_setting");
        let mut odd = tiny(architecture);
        odd.schedule.peak = f64::NAN;
        assert_eq!(code(odd, short()), "invalid_setting");
    }
    let mut odd = tiny(Architecture::Gpt);
    odd.optimizer.eps = 0.0;
    assert_eq!(code(odd, short()), "invalid_setting");
    let mut large = tiny(Architecture::Xlnet);
    (large.batch_size, large.context, large.num_heads) = (1024, 1024, 8);
    assert_eq!(code(large, short()), "invalid_setting");
    let mut neither = tiny(Architecture::Bert);
    (neither.bert.mlm, neither.bert.nsp) = (false, false);
    assert_eq!(code(neither, short()), "invalid_setting");
}

/// One long line, without a blank, as many Chinese files are.
#[wasm_bindgen_test(unsupported = test)]
fn a_text_of_one_line_is_enough() {
    let text: String = (0..400)
        .map(|i| format!("第{i}天，福克先生出去了。"))
        .collect();
    for architecture in ALL {
        let mut training = Training::new(tiny(architecture), &text).expect("a run");
        steps(&mut training, 2);
        let held_out = training.evaluate(1).expect("an evaluation");
        assert!(held_out.loss > 0.0, "{architecture:?}");
    }
}

/// The last weight of the token embedding is no number: so is every loss.
#[wasm_bindgen_test(unsupported = test)]
fn a_loss_that_is_no_number_ends_the_run() {
    let training = Training::new(tiny(Architecture::Gpt), short()).expect("a run");
    let mut saved = training.checkpoint().expect("a checkpoint");
    let end = saved.len() - 4;
    saved[end..].copy_from_slice(&f32::NAN.to_le_bytes());
    let mut training = Training::resume(&saved, short()).expect("a run");
    assert_eq!(training.step(), Err(TrainError::Diverged { step: 0 }));
    assert!(training.checkpoint().expect("a checkpoint") == saved);
}

#[wasm_bindgen_test(unsupported = test)]
fn broken_checkpoints_are_refused() {
    let training = Training::new(tiny(Architecture::Gpt), short()).expect("a run");
    let saved = training.checkpoint().expect("a checkpoint");
    let refused = |bytes: &[u8], text: &str| match Training::resume(bytes, text) {
        Ok(_) => panic!("it should be refused"),
        Err(error) => error,
    };
    assert_eq!(refused(&saved, TEXT), TrainError::OtherText);
    for bytes in [&[][..], &saved[..100], &saved[..saved.len() - 1]] {
        assert_eq!(refused(bytes, short()).code(), "invalid_checkpoint");
    }
    let lacking = without(&saved, "transformer.wte.weight");
    assert_eq!(refused(&lacking, short()).code(), "invalid_checkpoint");
    let folder = training.folder().expect("a folder");
    assert_eq!(refused(&folder.model, short()).code(), "invalid_checkpoint");
}

/// A checkpoint in which a weight is not found.
pub fn without(saved: &[u8], name: &str) -> Vec<u8> {
    let name = format!("\"weights/{name}\"");
    let mut names = saved.windows(name.len());
    let at = names.position(|bytes| bytes == name.as_bytes());
    let mut changed = saved.to_vec();
    changed[at.expect("it is there") + 1] = b'W';
    changed
}

#[wasm_bindgen_test(unsupported = test)]
fn settings_come_back_with_the_same_bits() {
    let mut settings = tiny(Architecture::Gpt);
    settings.schedule.peak = 11.0 / 3e4;
    let training = Training::new(settings.clone(), short()).expect("a run");
    let saved = training.checkpoint().expect("a checkpoint");
    let resumed = Training::resume(&saved, short()).expect("it goes on");
    assert_eq!(resumed.settings(), &settings);
}

/// A checkpoint with another header.
fn changed(saved: &[u8], change: impl Fn(&mut serde_json::Value)) -> Vec<u8> {
    let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
    let len = u64::from_le_bytes(saved[..8].try_into().expect("eight")) as usize;
    let (file, tensors) = saved[8..].split_at(len);
    let mut file = value(std::str::from_utf8(file).expect("text"));
    let entry = &mut file["__metadata__"]["cloze_training"];
    let mut header = value(entry.as_str().expect("a string"));
    change(&mut header);
    *entry = header.to_string().into();
    let file = file.to_string();
    let len = (file.len() as u64).to_le_bytes();
    [&len[..], file.as_bytes(), tensors].concat()
}

#[wasm_bindgen_test(unsupported = test)]
fn checkpoints_that_say_the_impossible_are_refused() {
    for architecture in [Architecture::Gpt, Architecture::Bert] {
        let training = Training::new(tiny(architecture), short()).expect("a run");
        let saved = training.checkpoint().expect("a checkpoint");
        let same = changed(&saved, |_| ());
        assert!(Training::resume(&same, short()).is_ok());
        let far = changed(&saved, |header| header["step"] = (u64::MAX - 1).into());
        let odd = changed(&saved, |header| header["settings"]["batch_size"] = 0.into());
        let gap = changed(&saved, |header| {
            let json = header["tokenizer"].as_str().expect("a string");
            let mut json: serde_json::Value = serde_json::from_str(json).expect("JSON");
            json["model"]["vocab"]["e"] = 100_000.into();
            header["tokenizer"] = json.to_string().into();
        });
        for bytes in [far, odd, gap] {
            let refused = Training::resume(&bytes, short()).map(|_| ());
            let error = refused.expect_err("it should be refused");
            assert_eq!(error.code(), "invalid_checkpoint", "{error}");
        }
    }
}

/// Loss on text that it never learnt from, under what frequencies of words alone can do.
#[wasm_bindgen_test(unsupported = test)]
fn gpt_learns() {
    let mut settings = Settings::new(Architecture::Gpt, Size::Small);
    (settings.vocab_size, settings.context, settings.steps) = (512, 32, 100);
    (
        settings.hidden_size,
        settings.batch_size,
        settings.optimizer.muon,
    ) = (48, 8, true);
    settings.schedule.peak = 1e-2;
    let mut training = Training::new(settings, TEXT).expect("a run");
    steps(&mut training, 100);
    let (held_out, levels) = (
        training.evaluate(20).expect("an evaluation"),
        training.levels(),
    );
    measured!("GPT: {:.3} held out, {levels:?}", held_out.loss);
    assert!(held_out.loss < levels.unigram - 0.3);
    let (model, tokenizer) = training
        .folder()
        .expect("a folder")
        .open()
        .expect("it opens");
    let decoder = model.into_decoder().expect("a decoder");
    let ids = tokenizer
        .encode("Phileas Fogg", None, false)
        .expect("tokens")
        .ids();
    let mut cache = decoder.new_cache().expect("a cache");
    let hidden = decoder
        .hidden_states(&ids, &mut cache)
        .expect("hidden states");
    assert_eq!(hidden.len(), ids.len() * 48);
}

#[wasm_bindgen_test(unsupported = test)]
fn bert_learns() {
    let mut settings = Settings::new(Architecture::Bert, Size::Small);
    // Masked letters: few enough different ones that seconds are enough to learn what stands between which.
    (settings.tokenizer, settings.vocab_size) = (TokenizerKind::Characters, 100);
    (settings.context, settings.steps) = (32, 250);
    (
        settings.hidden_size,
        settings.batch_size,
        settings.optimizer.muon,
    ) = (48, 8, true);
    settings.schedule.peak = 1e-2;
    let mut training = Training::new(settings, TEXT).expect("a run");
    steps(&mut training, 250);
    let (held_out, levels) = (
        training.evaluate(20).expect("an evaluation"),
        training.levels(),
    );
    measured!("BERT: {:?} held out, {levels:?}", held_out.parts);
    assert!(f64::from(held_out.parts[0].loss) < levels.unigram - 0.05);
    let (model, tokenizer) = training
        .folder()
        .expect("a folder")
        .open()
        .expect("it opens");
    let (bert, tokenizer) = (
        model.into_encoder().expect("an encoder"),
        Arc::new(tokenizer),
    );
    let next = NextSentence::new(Arc::clone(&bert), Arc::clone(&tokenizer)).expect("a task");
    next.compare("He was here.", "He was gone.")
        .expect("a result");
    let fill_mask = FillMask::new(bert, tokenizer).expect("a task");
    let masks = fill_mask.predict("He was at t[MASK]e club.", &Default::default());
    assert_eq!(masks.expect("a result").len(), 1);
}

/// Every kind of tokenizer with every model.
#[wasm_bindgen_test(unsupported = test)]
fn tokenizers_give_the_text_back() {
    for architecture in [Architecture::Gpt, Architecture::Bert] {
        for kind in [
            TokenizerKind::ByteBpe,
            TokenizerKind::WordPiece,
            TokenizerKind::Characters,
        ] {
            let mut settings = tiny(architecture);
            settings.tokenizer = kind;
            let mut training = Training::new(settings.clone(), short()).expect("a run");
            let again = Training::new(settings, short()).expect("a run");
            let folder = training.folder().expect("a folder");
            assert_eq!(
                folder.tokenizer,
                again.folder().expect("a folder").tokenizer,
                "{kind:?}"
            );
            let tokenizer = training.tokenizer();
            assert!(
                tokenizer.vocab_size() <= 300,
                "{kind:?}: {}",
                tokenizer.vocab_size()
            );
            let ids = tokenizer
                .encode("phileas fogg was at home", None, true)
                .expect("tokens")
                .ids();
            assert_eq!(
                tokenizer.decode(&ids).expect("text").trim(),
                "phileas fogg was at home"
            );
            steps(&mut training, 1);
            folder.open().expect("it opens");
        }
    }
}
