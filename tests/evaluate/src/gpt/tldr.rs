//! Summaries of the held-out pairs: does the model carry the gist over, and does the cue make it?

use cloze::models::Decoder;
use cloze::tasks::{Summarizer, SummaryOptions};
use cloze::text::first_sentences;
use rayon::prelude::*;
use serde_json::json;

use crate::data::Data;
use crate::failure::Result;
use crate::model::Loaded;
use crate::random::Random;
use crate::report::Report;
use crate::rouge::Rouge;
use crate::text::{sentences, Pair};

/// Summaries kept in the report, to be read.
const SHOWN: usize = 20;

/// Where summaries come from; the last only where there is a larger model.
const SYSTEMS: [&str; 5] = ["", ".no_cue", ".lead1", ".random", ".judge"];

/// `gpt.tldr.rouge1`, `.rouge2`, `.rougeL`: of the whole, and of each source of pairs as
/// `gpt.tldr.rouge1.debian`; beside each `.no_cue` (the same model, the document continued without
/// `TL;DR:`), `.lead1` (the first sentence), `.random` (any sentence) and `.judge` (the larger model, asked for one
/// sentence in a conversation).
pub fn measure(
    gpt: &Loaded<dyn Decoder>,
    judge: Option<&Loaded<dyn Decoder>>,
    data: &Data,
    report: &mut Report,
) -> Result<()> {
    if data.pairs.is_empty() {
        for name in ["rouge1", "rouge2", "rougeL"] {
            report.missing(&format!("gpt.tldr.{name}"));
        }
        return Ok(());
    }
    eprintln!("GPT-2: summaries of {} texts", data.pairs.len());
    let summarizer = Summarizer::new(gpt.model.clone(), gpt.tokenizer.clone());
    let with_cue = as_on_the_screen("\nTL;DR:");
    let without = as_on_the_screen("\n");
    let larger = judge.map(|judge| Summarizer::new(judge.model.clone(), judge.tokenizer.clone()));
    let asked = SummaryOptions {
        sentences: 1,
        ..SummaryOptions::asked()
    };
    let mut random = Random::new("tldr");
    let chosen: Vec<&str> = data
        .pairs
        .iter()
        .map(|pair| {
            let sentences = sentences(&pair.text);
            sentences
                .get(random.below(sentences.len().max(1)))
                .copied()
                .unwrap_or("")
        })
        .collect();
    let rows = data
        .pairs
        .par_iter()
        .zip(chosen)
        .map(|(pair, random)| {
            let mut row = vec![
                summary(&summarizer, pair, &with_cue)?,
                summary(&summarizer, pair, &without)?,
                sentences(&pair.text)
                    .first()
                    .copied()
                    .unwrap_or("")
                    .to_owned(),
                random.to_owned(),
            ];
            if let Some(larger) = &larger {
                row.push(summary(larger, pair, &asked)?);
            }
            Ok(row)
        })
        .collect::<Result<Vec<Vec<String>>>>()?;
    let systems = &SYSTEMS[..if larger.is_some() { 5 } else { 4 }];

    let mut sources: Vec<&str> = data.pairs.iter().map(|pair| pair.source.as_str()).collect();
    sources.sort_unstable();
    sources.dedup();
    sources.retain(|source| !source.is_empty());
    for source in std::iter::once(None).chain(sources.into_iter().map(Some)) {
        let of_source = || {
            data.pairs
                .iter()
                .zip(&rows)
                .filter(|(pair, _)| source.is_none_or(|s| s == pair.source))
        };
        let end = source.map_or(String::new(), |source| format!(".{source}"));
        for (number, system) in systems.iter().enumerate() {
            let scores: Vec<Rouge> = of_source()
                .map(|(pair, row)| Rouge::of(&pair.summary, &row[number]))
                .collect();
            let mut mean = |name: &str, value: fn(&Rouge) -> f64| {
                let values: Vec<f64> = scores.iter().map(value).collect();
                report.mean(&format!("gpt.tldr.{name}{end}{system}"), &values);
            };
            mean("rouge1", |rouge| rouge.rouge1);
            mean("rouge2", |rouge| rouge.rouge2);
            mean("rougeL", |rouge| rouge.rouge_l);
        }
        report.put(format!("gpt.tldr.pairs{end}"), json!(of_source().count()));
    }
    let shown: Vec<_> = data
        .pairs
        .iter()
        .zip(&rows)
        .take(SHOWN)
        .map(|(pair, row)| {
            println!("TL;DR: {}\n  (wanted: {})", row[0], pair.summary);
            json!({"text": pair.text, "wanted": pair.summary, "summary": row[0], "no_cue": row[1], "judge": row.get(4)})
        })
        .collect();
    report.put("gpt.tldr", json!(shown));
    Ok(())
}

/// The settings of the playground: four beams, whose probability counts as it is.
fn as_on_the_screen(cue: &str) -> SummaryOptions {
    let mut options = SummaryOptions {
        cue: Some(cue.into()),
        ..Default::default()
    };
    options.generation.num_beams = 4;
    options.generation.length_penalty = 0.0;
    options.generation.sampling.do_sample = false;
    options
}

fn summary(summarizer: &Summarizer, pair: &Pair, options: &SummaryOptions) -> Result<String> {
    let (_, mut generator) = summarizer.summarize(&pair.text, options)?;
    for token in generator.by_ref() {
        token?;
    }
    Ok(first_sentences(generator.text(), options.sentences).to_owned())
}
