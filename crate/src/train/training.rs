//! A run: steps, evaluations, checkpoints, and the folder at the end.

use std::sync::Arc;

use serde::Serialize;

use super::checkpoint::{self, fingerprint};
use super::cost::micro_batches;
use super::data::documents::{sentences, Documents};
use super::data::masking::Masking;
use super::data::pairs::{Cut, Sentences};
use super::data::windows::Windows;
use super::error::{Result, TrainError};
use super::folder::Folder;
use super::levels::Levels;
use super::objectives::bidirectional::BidirectionalLm;
use super::objectives::causal::CausalLm;
use super::objectives::masked::{MaskedLm, SpecialIds};
use super::objectives::permutation::PermutationLm;
use super::objectives::{LossPart, Means};
use super::optimizers::Optimizer;
use super::parameters::Parameters;
use super::settings::{Architecture, Settings, MOST_STEPS};
use super::showing::Show;
use super::step::{At, Descent, StepReport};
use super::tokenizer::{TrainedTokenizer, BERT_SPECIAL, GPT_SPECIAL};
use crate::text::Tokenizer;

/// The loss on the text held back.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Evaluation {
    /// Steps done before it.
    pub step: u64,
    /// The sum of the parts: nats.
    pub loss: f64,
    /// Each part, over all predictions.
    pub parts: Vec<LossPart>,
}

/// A run of training. Between two calls it may rest as long as one likes.
pub struct Training {
    settings: Settings,
    text: u64,
    trained_tokenizer: TrainedTokenizer,
    tokenizer: Arc<Tokenizer>,
    levels: Levels,
    tokens: [usize; 2],
    pub(super) objective: Box<dyn Show>,
    optimizer: Optimizer,
    /// Parts that a batch is computed in.
    micro_batches: usize,
    step: u64,
}

impl Training {
    /// Learns a tokenizer from `text`, and makes a model with new weights.
    ///
    /// # Errors
    /// [`TrainError::InvalidSetting`], [`TrainError::TextTooShort`].
    pub fn new(settings: Settings, text: &str) -> Result<Self> {
        settings.check()?;
        let documents = Documents::of(text);
        let Settings {
            tokenizer,
            vocab_size,
            ..
        } = settings;
        let bert = settings.reads_pairs();
        let tokenizer = TrainedTokenizer::train(tokenizer, vocab_size, bert, &documents.training)?;
        let parameters = Parameters::new(settings.seed);
        Self::begin(
            settings,
            fingerprint(text),
            &documents,
            tokenizer,
            parameters,
        )
    }

    /// Goes on from the bytes of [`Training::checkpoint`], with the text of that run, as if there had been no break.
    ///
    /// # Errors
    /// [`TrainError::InvalidCheckpoint`], [`TrainError::OtherText`].
    pub fn resume(checkpoint: &[u8], text: &str) -> Result<Self> {
        let found = checkpoint::read(checkpoint)?;
        let invalid = |error: TrainError| TrainError::InvalidCheckpoint(error.to_string());
        found.settings.check().map_err(invalid)?;
        let bert = found.settings.reads_pairs();
        check_ids(&found.tokenizer.open().map_err(invalid)?, bert)
            .map_err(TrainError::InvalidCheckpoint)?;
        if found.step > MOST_STEPS {
            let message = format!("step {} is beyond the last one", found.step);
            return Err(TrainError::InvalidCheckpoint(message));
        }
        if found.text != fingerprint(text) {
            return Err(TrainError::OtherText);
        }
        let documents = Documents::of(text);
        let weights = Parameters::given(found.weights);
        let mut run = Self::begin(
            found.settings,
            found.text,
            &documents,
            found.tokenizer,
            weights,
        )
        .map_err(invalid)?;
        let parameters = run.objective.parameters().all();
        run.optimizer
            .restore(parameters, found.optimizer, found.step)
            .map_err(|name| TrainError::InvalidCheckpoint(format!("\"{name}\" does not fit")))?;
        run.step = found.step;
        Ok(run)
    }

    fn begin(
        settings: Settings,
        text: u64,
        documents: &Documents,
        trained_tokenizer: TrainedTokenizer,
        parameters: Parameters,
    ) -> Result<Self> {
        let tokenizer = trained_tokenizer.open()?;
        let (objective, levels, tokens) = match settings.architecture {
            Architecture::Bert => masked(&settings, documents, &tokenizer, parameters)?,
            _ => windowed(&settings, documents, &tokenizer, parameters)?,
        };
        Ok(Self {
            optimizer: Optimizer::new(settings.optimizer, objective.parameters().all()),
            micro_batches: micro_batches(&settings),
            settings,
            text,
            trained_tokenizer,
            tokenizer: Arc::new(tokenizer),
            levels,
            tokens,
            objective,
            step: 0,
        })
    }

    /// Does a step.
    ///
    /// # Errors
    /// [`TrainError::Diverged`], where nothing has changed.
    pub fn step(&mut self) -> Result<StepReport> {
        let (step, settings) = (self.step, &self.settings);
        let at = At {
            step,
            clip: settings.clip,
            learning_rate: settings.schedule.rate(step, settings.steps),
        };
        let parameters = self.objective.parameters().all();
        let losses = self.objective.training_losses(step, self.micro_batches);
        let report = Descent::of(losses, parameters)?.go(parameters, &mut self.optimizer, at)?;
        self.step += 1;
        Ok(report)
    }

    /// Whether all steps of the settings are done. Further ones can be.
    pub fn is_over(&self) -> bool {
        self.step >= self.settings.steps
    }

    /// Steps done.
    pub fn steps_done(&self) -> u64 {
        self.step
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Number of weights.
    pub fn weights(&self) -> usize {
        self.objective.parameters().count()
    }

    /// What the text held back costs without a neural network.
    pub fn levels(&self) -> Levels {
        self.levels
    }

    /// Tokens of the text: to learn from, and held back.
    pub fn tokens(&self) -> [usize; 2] {
        self.tokens
    }

    /// The tokenizer that was learnt.
    pub fn tokenizer(&self) -> &Arc<Tokenizer> {
        &self.tokenizer
    }

    /// The loss on the text held back, of its first `batches` batches.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub fn evaluate(&self, batches: usize) -> Result<Evaluation> {
        let mut means = Means::default();
        for index in 0..batches {
            let mut is_empty = true;
            for loss in self.objective.held_out_losses(index, self.micro_batches) {
                means.add(loss?.parts);
                is_empty = false;
            }
            if is_empty {
                break;
            }
        }
        let parts = means.parts();
        Ok(Evaluation {
            step: self.step,
            loss: parts.iter().map(|part| f64::from(part.loss)).sum(),
            parts,
        })
    }

    /// The run as bytes, for [`Training::resume`].
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub fn checkpoint(&self) -> Result<Vec<u8>> {
        let parameters = self.objective.parameters();
        checkpoint::write(
            &self.settings,
            &self.trained_tokenizer,
            [self.step, self.text],
            parameters.entries()?,
            self.optimizer.state(parameters.all()),
        )
    }

    /// The model as it is now, as a folder.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub fn folder(&self) -> Result<Folder> {
        let weights = self.objective.parameters().safetensors()?;
        Folder::new(&self.objective.config(), &self.trained_tokenizer, weights)
    }
}

/// What is trained, the levels of the text, and its tokens: to learn from, and held back.
type Ready = (Box<dyn Show>, Levels, [usize; 2]);

fn id(tokenizer: &Tokenizer, token: &str) -> Result<u32> {
    let missing = || TrainError::internal(format!("the tokenizer has no {token}"));
    tokenizer.token_to_id(token).ok_or_else(missing)
}

/// Tables have a row for each of 0..vocab_size: every id has to be one of these, and the special tokens be there.
fn check_ids(tokenizer: &Tokenizer, bert: bool) -> Result<(), String> {
    let ids = 0..tokenizer.vocab_size() as u32;
    if let Some(gap) = ids.clone().find(|&id| tokenizer.id_to_token(id).is_none()) {
        return Err(format!("no token has the id {gap}"));
    }
    let names: &[&str] = if bert { &BERT_SPECIAL } else { &GPT_SPECIAL };
    for (place, name) in names.iter().enumerate() {
        if tokenizer.token_to_id(name) != Some(place as u32) {
            return Err(format!("{name} has not the id {place}"));
        }
    }
    Ok(())
}

/// Models that read windows of the text.
fn windowed(
    settings: &Settings,
    documents: &Documents,
    tokenizer: &Tokenizer,
    parameters: Parameters,
) -> Result<Ready> {
    let tokens = |documents: &[String]| -> Result<Vec<Vec<u32>>> {
        documents
            .iter()
            .map(|text| Ok(tokenizer.encode(text, None, false)?.ids()))
            .collect()
    };
    let (training, held_out) = (tokens(&documents.training)?, tokens(&documents.held_out)?);
    let bytes = documents.held_out.iter().map(String::len).sum();
    let levels = Levels::new(&training, &held_out, tokenizer.vocab_size(), bytes);
    let eos = id(tokenizer, GPT_SPECIAL[0])?;
    // GPT is asked for the token behind a window as well.
    let next = settings.architecture == Architecture::Gpt;
    let windows = |documents: &[Vec<u32>]| Windows::new(documents, eos, settings.context, next);
    let data = [windows(&training)?, windows(&held_out)?];
    let vocab_size = tokenizer.vocab_size();
    let objective: Box<dyn Show> = match settings.architecture {
        Architecture::Elmo => Box::new(BidirectionalLm::new(
            settings, data, vocab_size, parameters,
        )?),
        Architecture::Xlnet => {
            Box::new(PermutationLm::new(settings, data, vocab_size, parameters)?)
        }
        _ => Box::new(CausalLm::new(settings, eos, data, vocab_size, parameters)?),
    };
    let counts = [&training, &held_out].map(|part| part.iter().map(Vec::len).sum());
    Ok((objective, levels, counts))
}

fn masked(
    settings: &Settings,
    documents: &Documents,
    tokenizer: &Tokenizer,
    parameters: Parameters,
) -> Result<Ready> {
    let tokens = |documents: &[String]| -> Result<Vec<Vec<Vec<u32>>>> {
        let sentence = |text: &String| Ok(tokenizer.encode(text, None, false)?.ids());
        documents
            .iter()
            .map(|document| sentences(document).iter().map(sentence).collect())
            .collect()
    };
    let (training, held_out) = (tokens(&documents.training)?, tokens(&documents.held_out)?);
    let whole =
        |documents: &[Vec<Vec<u32>>]| documents.iter().map(|d| d.concat()).collect::<Vec<_>>();
    let bytes = documents.held_out.iter().map(String::len).sum();
    let vocab_size = tokenizer.vocab_size();
    let [whole_training, whole_held_out] = [whole(&training), whole(&held_out)];
    let levels = Levels::new(&whole_training, &whole_held_out, vocab_size, bytes);
    let counts = [whole_training, whole_held_out].map(|part| part.iter().map(Vec::len).sum());
    let pairs = settings.bert.nsp;
    let room = settings.context - if pairs { 3 } else { 2 };
    let data = [
        Sentences::new(training, Cut { room, pairs })?,
        Sentences::new(held_out, Cut { room, pairs })?,
    ];
    let [pad, _, cls, sep, mask] = BERT_SPECIAL;
    let special = SpecialIds {
        pad: id(tokenizer, pad)?,
        cls: id(tokenizer, cls)?,
        sep: id(tokenizer, sep)?,
    };
    let masking = Masking {
        probability: settings.bert.mlm_probability,
        always_mask: settings.bert.always_mask,
        mask: id(tokenizer, mask)?,
        first_word: BERT_SPECIAL.len() as u32,
        vocab_size: vocab_size as u32,
    };
    let objective = MaskedLm::new(settings, special, masking, data, parameters)?;
    Ok((Box::new(objective), levels, counts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Size;

    const TEXT: &str = include_str!("../../tests/train/eighty-days.txt");

    /// In three parts of 3, 3 and 1 texts a batch gives the same step as in one, to the rounding of sums.
    #[test]
    fn micro_batches_add_up_to_the_batch() {
        for architecture in [
            Architecture::Bert,
            Architecture::Gpt,
            Architecture::Elmo,
            Architecture::Xlnet,
        ] {
            let mut settings = Settings::new(architecture, Size::Small);
            (settings.vocab_size, settings.hidden_size) = (300, 16);
            (settings.context, settings.batch_size) = (24, 7);
            let begin = || Training::new(settings.clone(), &TEXT[..12_000]).expect("a run");
            let [mut whole, mut cut] = [begin(), begin()];
            assert_eq!(whole.micro_batches, 1);
            cut.micro_batches = 3;
            let near = |a: f64, b: f64| assert!((a - b).abs() <= 1e-4 * a.abs(), "{a}, {b}");
            let parts = |a: &[LossPart], b: &[LossPart]| {
                assert_eq!(a.len(), b.len());
                for (a, b) in a.iter().zip(b) {
                    assert_eq!((a.name, a.predictions), (b.name, b.predictions));
                    near(a.loss.into(), b.loss.into());
                    near(
                        a.accuracy.unwrap_or(0.0).into(),
                        b.accuracy.unwrap_or(0.0).into(),
                    );
                }
            };
            for _ in 0..3 {
                let [a, b] = [&mut whole, &mut cut].map(|run| run.step().expect("a step"));
                near(a.loss.into(), b.loss.into());
                near(a.gradient_norm, b.gradient_norm);
                assert_eq!(a.tokens, b.tokens);
                parts(&a.parts, &b.parts);
            }
            let [a, b] = [&whole, &cut].map(|run| run.evaluate(2).expect("an evaluation"));
            near(a.loss, b.loss);
            parts(&a.parts, &b.parts);
        }
    }
}
