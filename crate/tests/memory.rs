//! What a step takes of a run from scratch, of fine-tuning and of ChatGPT's steps, and what a checkpoint takes, measured by
//! an allocator that counts: no more than was estimated before it (feature `train`). One test, as others would be counted
//! with it.

#[path = "fuzz/counting.rs"]
mod counting;

use cloze::train::chat::{ChatSettings, ChatSteps, Pair, PhaseSettings};
use cloze::train::files::Files;
use cloze::train::tuning::{FineTuning, TextData, TextExample, TuneData, TuneSettings};
use cloze::train::{Architecture, Cost, Settings, Size, Training};

const MIB: usize = 1 << 20;

/// Four layers of width 64 that read 512 tokens, as they begin.
fn model(architecture: Architecture) -> Files {
    let mut settings = Settings::new(architecture, Size::Small);
    (settings.vocab_size, settings.hidden_size) = (300, 64);
    (settings.num_layers, settings.num_heads) = (4, 4);
    (settings.context, settings.batch_size) = (512, 2);
    let text = include_str!("train/eighty-days.txt");
    let run = Training::new(settings, &text[..40_000]).expect("a run");
    let folder = run.folder().expect("a folder");
    let files = folder.files().into_iter();
    files
        .map(|(name, bytes)| (name.into(), bytes.to_vec()))
        .collect()
}

fn long(at: usize) -> String {
    format!("{at} ") + &"he went on and on to the end of it all ".repeat(60)
}

/// Of four layers of width 128 whose batches would take 90 to 290 MiB at once.
fn from_scratch() {
    for architecture in [
        Architecture::Bert,
        Architecture::Gpt,
        Architecture::Elmo,
        Architecture::Xlnet,
    ] {
        let mut settings = Settings::new(architecture, Size::Small);
        (settings.hidden_size, settings.num_layers) = (128, 4);
        (settings.context, settings.batch_size) = (64, 32);
        let cost = Cost::of(&settings).expect("a cost");
        let text = include_str!("train/eighty-days.txt");
        let mut run = Training::new(settings, &text[..40_000]).expect("a run");
        let (_, peak) = counting::peak(|| run.step().expect("a step"));
        let (_, held_out) = counting::peak(|| run.evaluate(1).expect("an evaluation"));
        let (bytes, saved) = counting::peak(|| run.checkpoint().expect("a checkpoint").len());
        let mib = [peak, held_out, saved, bytes].map(|bytes| bytes / MIB);
        println!("{architecture:?} from scratch: {mib:?} MiB");
        assert!(
            peak < 90 * MIB && (peak as f64) < cost.memory_bytes,
            "{mib:?}"
        );
        assert!(held_out < 64 * MIB, "{mib:?}");
        // The file, and the bytes of one tensor.
        assert!(saved < bytes + bytes / 4 + MIB, "{mib:?}");
    }
}

#[test]
fn a_step_takes_no_more_than_a_micro_batch() {
    from_scratch();
    let labels = vec!["a".to_string(), "b".to_string()];
    let example = |at: usize| TextExample {
        text: long(at),
        pair: None,
        label: labels[at % 2].clone(),
    };
    let data = TuneData::Texts(TextData {
        examples: (0..64).map(example).collect(),
        labels: labels.clone(),
    });
    for (architecture, trained_layers) in [
        (Architecture::Bert, 2),
        (Architecture::Bert, 4),
        (Architecture::Gpt, 4),
    ] {
        // 64 texts of 512 tokens at once would take four micro-batches of 256 MiB and more.
        let settings = TuneSettings {
            trained_layers,
            batch_size: 64,
            held_out_share: 0.0,
            ..TuneSettings::default()
        };
        let run = FineTuning::new(model(architecture), settings, data.clone());
        let mut run = run.expect("a run");
        while run.prepare().is_ok_and(|read| read.done < read.total) {}
        let (report, peak) = counting::peak(|| run.step().expect("a step"));
        println!(
            "{architecture:?}, {trained_layers} layers: {} MiB",
            peak / MIB
        );
        assert_eq!(report.parts[0].predictions, 64);
        assert!(peak < 300 * MIB, "{peak} bytes");
        // An estimate far above what is taken would cut batches for nothing.
        assert!(peak > 60 * MIB, "{peak} bytes");
    }
    let settings = ChatSettings {
        max_length: 512,
        batch_size: 32,
        ..ChatSettings::default()
    };
    let mut steps = ChatSteps::new(&model(Architecture::Gpt), settings).expect("a GPT");
    let pair = |at: usize| Pair {
        prompt: "what now".into(),
        chosen: long(at),
        rejected: long(at + 100),
    };
    let pairs = (0..32).map(pair).collect();
    let begun = steps.preference(pairs, &PhaseSettings::default());
    begun.expect("a phase");
    let (_, prepared) = counting::peak(|| while steps.prepare().is_ok_and(|p| p.done < p.total) {});
    let (_, peak) = counting::peak(|| steps.step().expect("a step"));
    println!("preference: {} and {} MiB", prepared / MIB, peak / MIB);
    assert!(
        prepared < 300 * MIB && peak < 300 * MIB,
        "{prepared}, {peak} bytes"
    );
}
