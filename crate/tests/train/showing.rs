//! What a screen shows of a run: against PyTorch (tests/parity/train_showing.py), and against inference on the run's
//! folder.

use std::sync::Arc;

use cloze::sampling::SamplingOptions;
use cloze::tasks::{FillMask, FillMaskOptions, GenerationOptions, Generator, NextSentence};
use cloze::train::data::masking::Masking;
use cloze::train::data::pairs::{Cut, Sentences};
use cloze::train::data::windows::Windows;
use cloze::train::models::bert::Pairs;
use cloze::train::models::Texts;
use cloze::train::objectives::bidirectional::BidirectionalLm;
use cloze::train::objectives::causal::CausalLm;
use cloze::train::objectives::masked::{MaskedLm, SpecialIds};
use cloze::train::objectives::permutation::PermutationLm;
use cloze::train::showing::{Given, SampleOptions, Show};
use cloze::train::{Architecture, Cost, Settings, Size, TokenizerKind, Training};
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use super::gradients::given;
use super::runs::{short, tiny, ALL};
use crate::support::*;

/// Settings of a case, whose sizes go by the names `width` and so on.
fn settings(case: &Case, architecture: Architecture, [width, layers]: [&str; 2]) -> Settings {
    let mut settings = Settings::new(architecture, Size::Small);
    settings.hidden_size = case.size(width);
    settings.num_layers = case.size(layers);
    (settings.num_heads, settings.context, settings.batch_size) = (3, 11, 1);
    settings
}

/// A text to begin with, which nothing here reads.
fn windows() -> [Windows; 2] {
    [1, 2].map(|token| Windows::new(&[vec![token; 40]], 0, 11, true).expect("windows"))
}

fn pairs(case: &Case) -> Pairs {
    let input_ids = ids(&case.json["ids"]);
    let types = case.json.get("types").map(ids);
    Pairs {
        token_type_ids: types.unwrap_or_else(|| vec![0; input_ids.len()]),
        texts: Texts {
            len: input_ids.len(),
            input_ids,
        },
        lengths: Vec::new(),
    }
}

/// The attention of both layers: `[heads, len, len]` each.
fn assert_attentions(case: &Case, shown: &dyn Show) {
    for (layer, theirs) in list(&case.json["attentions"]).iter().enumerate() {
        let ours = shown.attentions(&pairs(case), layer).expect("attention");
        assert_close("attention", &ours, &flat(theirs));
    }
}

/// Numbers of nested lists.
fn flat(json: &Value) -> Vec<f32> {
    match json.as_array() {
        Some(items) => items.iter().flat_map(flat).collect(),
        None => vec![json.as_f64().expect("a number") as f32],
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn gpt_shows_what_pytorch_computes() {
    let case = Case::new(fixture!("train/showing-gpt.json"));
    let how = settings(&case, Architecture::Gpt, ["n_embd", "n_layer"]);
    let gpt = CausalLm::new(&how, 0, windows(), 41, given(&case)).expect("a GPT");
    assert_attentions(&case, &gpt);
    let (text, long) = (ids(&case.json["ids"]), ids(&case.json["long"]));
    let mut writer = gpt.writer().expect("it writes");
    writer.read(&text[..4]).expect("logits");
    let next = writer.read(&text[4..]).expect("logits");
    assert_close("next", &next, &floats(&case.json["next"]));
    let next = writer.read(&long[text.len()..]).expect("logits");
    assert_close("a long text", &next, &floats(&case.json["next_of_long"]));
}

#[wasm_bindgen_test(unsupported = test)]
fn bert_shows_what_pytorch_computes() {
    let case = Case::new(fixture!("train/showing-bert.json"));
    let mut how = settings(
        &case,
        Architecture::Bert,
        ["hidden_size", "num_hidden_layers"],
    );
    how.context = case.size("max_position_embeddings");
    let special = SpecialIds {
        pad: 0,
        cls: 2,
        sep: 3,
    };
    let masking = Masking {
        probability: 0.15,
        always_mask: false,
        mask: 4,
        first_word: 5,
        vocab_size: 43,
    };
    let cut = Cut {
        room: 12,
        pairs: true,
    };
    let text = [(); 2].map(|()| Sentences::new(vec![vec![vec![7; 4]; 9]], cut).expect("enough"));
    let bert = MaskedLm::new(&how, special, masking, text, given(&case)).expect("a BERT");
    assert_attentions(&case, &bert);
    let masks = usizes(&case.json["masks"]);
    let guesses = bert.mask_logits(&pairs(&case), &masks, 1).expect("guesses");
    for ((guess, at), theirs) in guesses.iter().zip(masks).zip(list(&case.json["logits"])) {
        assert_eq!((guess.at, guess.turn), (at, 0));
        assert_close("a guess", &guess.logits, &floats(theirs));
    }
    let is_next = bert.is_next(&pairs(&case)).expect("a probability");
    assert_close("is next", &[is_next], &flat(&case.json["is_next"]));
}

#[wasm_bindgen_test(unsupported = test)]
fn elmo_shows_what_pytorch_computes() {
    let case = Case::new(fixture!("train/showing-elmo.json"));
    let how = settings(
        &case,
        Architecture::Elmo,
        ["hidden_size", "num_hidden_layers"],
    );
    let elmo = BidirectionalLm::new(&how, windows(), 37, given(&case)).expect("an ELMo");
    let vectors = elmo.word_vectors(&pairs(&case)).expect("vectors");
    assert_close("vectors", &vectors, &flat(&case.json["layers"]));
    let mut writer = elmo.writer().expect("it writes");
    for (&id, theirs) in ids(&case.json["ids"]).iter().zip(list(&case.json["next"])) {
        assert_close(
            "next",
            &writer.read(&[id]).expect("logits"),
            &floats(theirs),
        );
    }
}

/// Every order of three masks is met with some seed.
#[wasm_bindgen_test(unsupported = test)]
fn xlnet_shows_what_pytorch_computes() {
    let case = Case::new(fixture!("train/showing-xlnet.json"));
    let how = settings(&case, Architecture::Xlnet, ["d_model", "n_layer"]);
    let xlnet = PermutationLm::new(&how, windows(), 39, given(&case)).expect("an XLNet");
    assert_attentions(&case, &xlnet);
    let masks = usizes(&case.json["masks"]);
    let orders = list(&case.json["orders"]);
    let mut met = vec![false; orders.len()];
    for seed in 0..100 {
        let mut guesses = xlnet
            .mask_logits(&pairs(&case), &masks, seed)
            .expect("guesses");
        assert!(guesses.iter().map(|guess| guess.at).eq(masks.clone()));
        guesses.sort_by_key(|guess| guess.turn);
        let same = |order: &&Value| {
            let places = list(order).iter().map(|theirs| theirs["at"].as_u64());
            places.eq(guesses.iter().map(|guess| Some(guess.at as u64)))
        };
        let number = orders.iter().position(|order| same(&order));
        let number = number.expect("an order of the masks");
        for (guess, theirs) in guesses.iter().zip(list(&orders[number])) {
            assert_close("a guess", &guess.logits, &floats(&theirs["logits"]));
        }
        met[number] = true;
    }
    assert!(met.iter().all(|&met| met), "{met:?}");
}

fn run(architecture: Architecture, steps: usize) -> Training {
    let mut training = Training::new(tiny(architecture), short()).expect("a run");
    (0..steps).for_each(|_| drop(training.step().expect("a step")));
    training
}

#[wasm_bindgen_test(unsupported = test)]
fn a_sample_is_what_inference_writes() {
    let training = run(Architecture::Gpt, 20);
    let (model, tokenizer) = training.folder().expect("a folder").open().expect("opens");
    let (decoder, tokenizer) = (
        model.into_decoder().expect("a decoder"),
        Arc::new(tokenizer),
    );
    for temperature in [0.0, 0.8] {
        let sampling = SamplingOptions {
            do_sample: temperature > 0.0,
            temperature,
            top_k: 40,
            top_p: 1.0,
            min_p: 0.0,
            repetition_penalty: 1.0,
            no_repeat_ngram_size: 0,
            seed: 5,
        };
        let options = GenerationOptions {
            max_new_tokens: 12,
            sampling,
            ..Default::default()
        };
        let theirs = Generator::new(decoder.clone(), tokenizer.clone(), "The club", options);
        let theirs: String = theirs
            .expect("a generator")
            .map(|piece| piece.expect("a token").text)
            .collect();
        let options = SampleOptions {
            max_new_tokens: 12,
            temperature,
            top_k: 40,
            seed: 5,
        };
        let ours = training.sample("The club", &options).expect("a sample");
        assert_eq!(ours, theirs);
    }
    for architecture in [Architecture::Gpt, Architecture::Elmo] {
        let training = run(architecture, 2);
        let sample = |prompt| training.sample(prompt, &SampleOptions::default());
        assert!(!sample("").expect("a text begins").is_empty());
        assert_eq!(sample("The"), sample("The"));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_probe_is_what_inference_guesses() {
    let training = run(Architecture::Bert, 20);
    let (model, tokenizer) = training.folder().expect("a folder").open().expect("opens");
    let (bert, tokenizer) = (
        model.into_encoder().expect("an encoder"),
        Arc::new(tokenizer),
    );
    let text = "He was at [MASK] club [MASK] day.";
    let options = FillMaskOptions {
        top_k: 3,
        ..Default::default()
    };
    let task = FillMask::new(bert.clone(), tokenizer.clone()).expect("a task");
    let theirs = task.predict(text, &options).expect("guesses");
    let probe = training.probe(text, 3, 1).expect("guesses");
    for (ours, theirs) in probe.masks.iter().zip(&theirs) {
        assert_eq!(probe.tokens[ours.index], "[MASK]");
        let theirs = &theirs.candidates;
        assert_eq!((ours.candidates.len(), theirs.len()), (3, 3));
        for (ours, theirs) in ours.candidates.iter().zip(theirs) {
            assert_close("a probability", &[ours.probability], &[theirs.score as f32]);
        }
    }
    assert_eq!(probe.masks.len(), 2);
    let task = NextSentence::new(bert, tokenizer).expect("a task");
    let theirs = task.compare("He was here.", "He was gone.").expect("one");
    let ours = training.is_next("He was here.", "He was gone.");
    assert_close("is next", &[ours.expect("one")], &[theirs.is_next as f32]);
}

#[wasm_bindgen_test(unsupported = test)]
fn xlnet_guesses_words_with_their_blanks() {
    let mut settings = tiny(Architecture::Xlnet);
    settings.tokenizer = TokenizerKind::ByteBpe;
    let training = Training::new(settings, short()).expect("a run");
    let probe = training
        .probe("He was [MASK] the club", 5, 1)
        .expect("guesses");
    let before: String = probe.tokens[..probe.masks[0].index].concat();
    let behind: String = probe.tokens[probe.masks[0].index + 1..].concat();
    assert_eq!((&*before, &*behind), ("He was", " the club"));
    assert_eq!(
        training.probe("[MASK]", 5, 1).map_err(|e| e.code()),
        Err("empty_input")
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn the_batch_at_hand_is_the_one_that_is_learnt() {
    for architecture in ALL {
        let training = run(architecture, 0);
        for (step, row) in [(0, 0), (3, 1), (9, 3)] {
            match training.given(step, row).expect("a row") {
                Given::Masked {
                    tokens,
                    labels,
                    kinds,
                    is_next,
                } => {
                    assert!(is_next.is_some() && labels.iter().any(Option::is_some));
                    for ((token, label), kind) in tokens.iter().zip(&labels).zip(&kinds) {
                        let fits = match kind {
                            None => label.is_none() && token != "[MASK]",
                            Some("mask") => token == "[MASK]",
                            Some("keep") => Some(token) == label.as_ref(),
                            Some(_) => label.as_ref().is_some_and(|label| label != token),
                        };
                        assert!(fits, "{token} {label:?} {kind:?}");
                    }
                }
                Given::Window { tokens } => assert!(tokens.len() >= 24),
                Given::Permuted {
                    tokens,
                    order,
                    targets,
                    content_mask,
                    query_mask,
                } => {
                    let len = tokens.len();
                    assert!(order.ends_with(&targets) && targets.len() == len / 6);
                    let place = |at: usize| order.iter().position(|&o| o as usize == at);
                    let first = len - targets.len();
                    for (at, (&content, &query)) in content_mask.iter().zip(&query_mask).enumerate()
                    {
                        let (own, key) = (place(at / len), place(at % len));
                        // Section 2.2 of the paper: what comes before in the order; the context is one step.
                        let seen = key < Some(first) || (key < own && own >= Some(first));
                        assert_eq!(query == 1, seen);
                        assert_eq!(content == 1, seen || own == key);
                    }
                }
            }
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn tokens_are_pieces_of_the_text() {
    let training = run(Architecture::Gpt, 0);
    let text = "Caf\u{e9} \u{1f600} club";
    let tokens = training.tokenize(text).expect("tokens");
    assert_eq!(
        (tokens[0].range.start, &text[tokens[0].range.clone()]),
        (0, "C")
    );
    assert_eq!(tokens.last().map(|token| token.range.end), Some(text.len()));
}

#[wasm_bindgen_test(unsupported = test)]
fn what_a_model_has_not_is_said() {
    let code = |result: cloze::train::Result<()>| result.expect_err("refused").code();
    let of = |architecture| {
        let run = run(architecture, 0);
        [
            run.sample("The", &SampleOptions::default()).map(drop),
            run.probe("the [MASK]", 1, 1).map(drop),
            run.is_next("One.", "Two.").map(drop),
            run.attention("the club", 0, 1).map(drop),
            run.word_vectors("the club").map(drop),
        ]
        .map(|result| result.err().map(|error| error.code()))
    };
    let missing = [
        "no_samples",
        "no_probes",
        "no_next_sentence",
        "no_attention",
        "no_word_vectors",
    ];
    for (architecture, has) in [
        (Architecture::Gpt, [true, false, false, true, false]),
        (Architecture::Bert, [false, true, true, true, false]),
        (Architecture::Elmo, [true, false, false, false, true]),
        (Architecture::Xlnet, [false, true, false, true, false]),
    ] {
        let expected: Vec<_> = has
            .iter()
            .zip(missing)
            .map(|(has, code)| (!has).then_some(code))
            .collect();
        assert_eq!(of(architecture).to_vec(), expected, "{architecture:?}");
    }
    let bert = run(Architecture::Bert, 0);
    let long = "the club ".repeat(100);
    assert_eq!(
        code(bert.attention(&long, 0, 0).map(drop)),
        "input_too_long"
    );
    assert_eq!(code(bert.attention("", 0, 0).map(drop)), "empty_input");
    assert_eq!(
        code(bert.attention("club", 1, 0).map(drop)),
        "invalid_option"
    );
    assert_eq!(
        code(bert.attention("club", 0, 2).map(drop)),
        "invalid_option"
    );
    assert_eq!(code(bert.probe("no mask", 1, 1).map(drop)), "no_mask");
    assert_eq!(code(bert.is_next("", "Two.").map(drop)), "empty_input");
    assert_eq!(code(bert.given(0, 4).map(drop)), "invalid_option");
    assert_eq!(code(bert.given(u64::MAX, 0).map(drop)), "invalid_option");
    let mut mlm_off = tiny(Architecture::Bert);
    mlm_off.bert.mlm = false;
    let nsp_alone = Training::new(mlm_off, short()).expect("a run");
    assert_eq!(
        code(nsp_alone.probe("[MASK] club", 1, 1).map(drop)),
        "no_probes"
    );
    let gpt = run(Architecture::Gpt, 0);
    for wrong in [
        SampleOptions {
            max_new_tokens: 0,
            ..Default::default()
        },
        SampleOptions {
            temperature: f64::NAN,
            ..Default::default()
        },
    ] {
        assert_eq!(code(gpt.sample("The", &wrong).map(drop)), "invalid_option");
    }
}

/// With dropout, whose random numbers are not to be used up.
#[wasm_bindgen_test(unsupported = test)]
fn to_look_changes_no_bit() {
    for architecture in ALL {
        let (mut looked, mut blind) = (run(architecture, 2), run(architecture, 2));
        let _ = looked.sample("The", &SampleOptions::default());
        let _ = looked.probe("the [MASK]", 5, 1);
        let _ = looked.attention("the club", 0, 0);
        looked.given(40, 0).expect("a row");
        looked.evaluate(1).expect("an evaluation");
        for _ in 0..2 {
            assert_eq!(looked.step(), blind.step());
        }
        assert!(
            looked.checkpoint() == blind.checkpoint(),
            "{architecture:?}"
        );
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn weights_are_counted_before_the_run() {
    for architecture in ALL {
        let run = run(architecture, 0);
        let mut settings = run.settings().clone();
        settings.vocab_size = run.tokenizer().vocab_size();
        let cost = Cost::of(&settings).expect("a cost");
        assert_eq!(cost.weights, run.weights(), "{architecture:?}");
        let [training, held_out] = run.tokens();
        assert!(training > 5 * held_out && held_out > 0);
    }
}
