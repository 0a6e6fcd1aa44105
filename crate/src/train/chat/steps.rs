//! The three steps on one GPT.

use std::cell::RefCell;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::data::{chat_template, check, ChatData, Joining, PhaseKind};
use super::losses::{Responses, RewardModel};
use super::phase::{activations, Phase};
use super::settings::{ChatSettings, PhaseSettings};
use super::writers::Writers;
use crate::error::Error;
use crate::text::Tokenizer;
use crate::train::cost::Activations;
use crate::train::error::{Result, TrainError};
use crate::train::files::{FileConfig, Files, ModelFiles};
use crate::train::models::gpt::{Gpt, GptConfig};
use crate::train::optimizers::{Optimizer, OptimizerSettings};
use crate::train::parameters::{Named, NamedTensor, Parameters};
use crate::train::step::{At, Descent, StepReport};

/// Gradients that are longer than this together are shortened to it.
const CLIP: f64 = 1.0;
/// What ends a text where no file says it.
const END: &str = "<|endoftext|>";

/// A GPT that goes through ChatGPT's three steps. Phases may come in any order, and again; each goes on from what the
/// one before has made of the GPT.
pub struct ChatSteps {
    pub(super) settings: ChatSettings,
    pub(super) config: GptConfig,
    /// What a response costs.
    pub(super) activations: Activations,
    /// `config.json`, or null.
    pub(super) json: Value,
    pub(super) tokenizer: Arc<Tokenizer>,
    pub(super) tokenizer_files: Files,
    pub(super) eos: u32,
    pub(super) policy: Policy,
    /// The GPT's weights before the last phase, if that changed them.
    pub(super) before: Option<Vec<NamedTensor>>,
    pub(super) reward: Option<RewardModel>,
    /// Phases that were begun.
    pub(super) phases: u64,
    pub(super) phase: Option<Phase>,
    pub(super) writers: RefCell<Writers>,
}

/// The GPT that writes.
pub(super) struct Policy {
    pub gpt: Gpt,
    pub parameters: Parameters,
}

/// What is there, and how far it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChatInfo {
    /// Numbers that the GPT is made of.
    pub weights: usize,
    /// Tokens of a prompt with its response at most.
    pub max_length: usize,
    /// Whether responses can be scored.
    pub has_reward_model: bool,
    /// The phase that was begun last.
    pub phase: Option<PhaseInfo>,
}

/// A phase that was begun.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "ChatPhaseInfo"))]
pub struct PhaseInfo {
    /// Which one.
    pub kind: PhaseKind,
    /// Examples or pairs.
    pub examples: usize,
    /// Those of which something was cut, as they were longer than `max_length`.
    pub cut: usize,
    /// Steps of all epochs.
    pub steps: u64,
    /// Steps done.
    pub steps_done: u64,
    /// Its settings.
    pub settings: ChatSettings,
}

/// How much of what comes before the first step is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "ChatProgress"))]
pub struct Progress {
    /// Responses whose log-probability is there.
    pub done: usize,
    /// All of them; 0 where none is needed.
    pub total: usize,
}

impl ChatSteps {
    /// Reads a GPT: a Hugging Face folder, or a GGUF file with its tokenizer.
    ///
    /// # Errors
    /// As [`ModelFiles::read`]; [`Error::Unsupported`] for other models than GPTs; [`TrainError::InvalidSetting`].
    pub fn new(files: &Files, settings: ChatSettings) -> Result<Self> {
        let found = ModelFiles::read_part(files, &|name| !name.starts_with("score."))?;
        let FileConfig::Gpt(config) = found.config else {
            let message = "these steps on another model than a GPT";
            return Err(Error::Unsupported(message.into()).into());
        };
        let settings = fitting(settings, &config);
        settings.check()?;
        let eos = end_token(&found.json, &found.tokenizer, config.vocab_size)?;
        let mut parameters = Parameters::given(found.weights);
        let gpt = Gpt::new(&config, &mut parameters)?;
        Ok(Self {
            settings,
            activations: activations(&config),
            config,
            json: found.json,
            tokenizer: found.tokenizer,
            tokenizer_files: found.tokenizer_files,
            eos,
            policy: Policy { gpt, parameters },
            before: None,
            reward: None,
            phases: 0,
            phase: None,
            writers: RefCell::default(),
        })
    }

    /// Begins step 1: responses that people wrote.
    ///
    /// # Errors
    /// [`TrainError::NoExamples`], [`TrainError::EmptyPrompt`], [`TrainError::EmptyResponse`],
    /// [`TrainError::InvalidSetting`], [`TrainError::TooMuchMemory`]; nothing has changed then.
    pub fn supervised(
        &mut self,
        examples: Vec<super::Example>,
        settings: &PhaseSettings,
    ) -> Result<PhaseInfo> {
        let data = ChatData::Examples(examples);
        self.begin(PhaseKind::Supervised, data, settings)
    }

    /// Begins step 2: a new reward model on the GPT as it is, from choices between two responses.
    ///
    /// # Errors
    /// As [`ChatSteps::supervised`]; [`TrainError::SameResponses`].
    pub fn reward(
        &mut self,
        pairs: Vec<super::Pair>,
        settings: &PhaseSettings,
    ) -> Result<PhaseInfo> {
        self.begin(PhaseKind::Reward, ChatData::Pairs(pairs), settings)
    }

    /// Begins step 3: DPO from choices between two responses.
    ///
    /// # Errors
    /// As [`ChatSteps::reward`].
    pub fn preference(
        &mut self,
        pairs: Vec<super::Pair>,
        settings: &PhaseSettings,
    ) -> Result<PhaseInfo> {
        self.begin(PhaseKind::Preference, ChatData::Pairs(pairs), settings)
    }

    fn begin(
        &mut self,
        kind: PhaseKind,
        data: ChatData,
        settings: &PhaseSettings,
    ) -> Result<PhaseInfo> {
        let settings = self.settings.with(settings);
        settings.check()?;
        let tokens = kind.tokens(&data, &self.joining())?;
        let gpt = (self.policy.parameters.count(), self.reward.is_some());
        tokens.check_sizes(&self.activations, kind, gpt)?;
        let weights = self.policy.parameters.tensors()?;
        let number = self.phases + 1;
        // What the last phase remembers makes room.
        self.phase = None;
        if kind == PhaseKind::Reward {
            let seed = settings.seed.wrapping_add(number);
            let model = RewardModel::new(&self.config, named(weights), seed)?;
            (self.reward, self.before) = (Some(model), None);
        } else {
            self.before = Some(weights);
        }
        self.writers.get_mut().begin(kind);
        self.phases = number;
        let optimizer = Optimizer::new(OptimizerSettings::default(), self.trained(kind)?.all());
        let phase = self.phase.insert(Phase {
            kind,
            data,
            settings,
            tokens,
            optimizer,
            step: 0,
            reference: Vec::new(),
        });
        Ok(phase.info())
    }

    /// The weights that a phase changes.
    pub(super) fn trained(&self, kind: PhaseKind) -> Result<&Parameters> {
        if kind != PhaseKind::Reward {
            return Ok(&self.policy.parameters);
        }
        let model = self.reward.as_ref().ok_or(TrainError::NoRewardModel)?;
        Ok(model.parameters())
    }

    pub(super) fn joining(&self) -> Joining<'_> {
        Joining {
            tokenizer: &self.tokenizer,
            eos: self.eos,
            max_length: self.settings.max_length,
        }
    }

    /// Computes log-probabilities of the reference, of one batch a call: DPO needs them all before its first step. Until
    /// then the GPT is the reference.
    ///
    /// # Errors
    /// [`TrainError::NoPhase`].
    pub fn prepare(&mut self) -> Result<Progress> {
        let phase = self.phase.as_mut().ok_or(TrainError::NoPhase)?;
        if phase.lacks_reference() {
            phase.refer(&self.policy.gpt, &self.activations)?;
        }
        let dpo = phase.kind == PhaseKind::Preference;
        Ok(Progress {
            done: phase.reference.len(),
            total: if dpo { phase.tokens.sequences.len() } else { 0 },
        })
    }

    /// Does a step, after what [`ChatSteps::prepare`] has left to do.
    ///
    /// # Errors
    /// [`TrainError::NoPhase`]; [`TrainError::Diverged`], where nothing has changed.
    pub fn step(&mut self) -> Result<StepReport> {
        while self.phase.as_ref().is_some_and(Phase::lacks_reference) {
            self.prepare()?;
        }
        let phase = self.phase.as_mut().ok_or(TrainError::NoPhase)?;
        let at = At {
            step: phase.step,
            clip: CLIP,
            learning_rate: phase.learning_rate(),
        };
        let Policy { gpt, parameters } = &self.policy;
        let parameters = match (phase.kind, &self.reward) {
            (PhaseKind::Reward, Some(model)) => model.parameters(),
            _ => parameters,
        };
        let models = (gpt, self.reward.as_ref());
        let losses = phase.losses(self.phases, &self.activations, models);
        let descent = Descent::of(losses, parameters.all())?;
        let report = descent.go(parameters.all(), &mut phase.optimizer, at)?;
        phase.step += 1;
        self.writers.get_mut().stepped(phase.kind);
        Ok(report)
    }

    /// Whether all steps of the phase are done; there may be none. Further steps can be done.
    pub fn is_over(&self) -> bool {
        (self.phase.as_ref()).is_none_or(|phase| phase.step >= phase.steps())
    }

    /// What is there, and how far it is.
    pub fn info(&self) -> ChatInfo {
        ChatInfo {
            weights: self.policy.parameters.count(),
            max_length: self.settings.max_length,
            has_reward_model: self.reward.is_some(),
            phase: self.phase.as_ref().map(Phase::info),
        }
    }

    /// The reward model's score of a response. Only differences between responses to one prompt mean anything.
    ///
    /// # Errors
    /// [`TrainError::NoRewardModel`], [`TrainError::EmptyPrompt`], [`TrainError::EmptyResponse`].
    pub fn score(&self, prompt: &str, response: &str) -> Result<f32> {
        check(0, prompt, &[response])?;
        self.score_of(prompt, response)
    }

    pub(super) fn score_of(&self, prompt: &str, response: &str) -> Result<f32> {
        let model = self.reward.as_ref().ok_or(TrainError::NoRewardModel)?;
        let sequence = self.joining().one(prompt, response)?;
        let scores = model.scores(&Responses::of(&[&sequence]))?;
        Ok(scores.get(0)?.to_scalar()?)
    }

    /// The GPT as it is now, with Hugging Face's files and names, and a chat template of the form that it has learnt, if
    /// its files had none.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub fn folder(&self) -> Result<Files> {
        let mut files = self.tokenizer_files.clone();
        let ours = self.config.to_json(Some(self.eos));
        let mut config = if self.json.is_object() {
            self.json.clone()
        } else {
            ours.clone()
        };
        for name in [
            "architectures",
            "vocab_size",
            "eos_token_id",
            "tie_word_embeddings",
        ] {
            config[name] = ours[name].clone();
        }
        if let Some(fields) = config.as_object_mut() {
            // Of the file that it came from.
            for name in ["dtype", "torch_dtype", "quantization_config"] {
                fields.remove(name);
            }
        }
        let config = serde_json::to_vec_pretty(&config).map_err(TrainError::internal)?;
        files.insert("config.json".into(), config);
        let weights = self.policy.parameters.safetensors()?;
        files.insert("model.safetensors".into(), weights);
        let end = self.tokenizer.id_to_token(self.eos);
        if let (Err(_), Some(template)) = (
            self.tokenizer.chat_template(),
            end.as_deref().and_then(chat_template),
        ) {
            files.insert("chat_template.jinja".into(), template.into_bytes());
        }
        Ok(files)
    }
}

impl Phase {
    fn info(&self) -> PhaseInfo {
        PhaseInfo {
            kind: self.kind,
            examples: self.examples(),
            cut: self.tokens.cut,
            steps: self.steps(),
            steps_done: self.step,
            settings: self.settings,
        }
    }
}

/// By name.
pub(super) fn named(tensors: Vec<NamedTensor>) -> Named {
    let tensors = tensors.into_iter();
    tensors
        .map(|(name, shape, values)| (name, (shape, values)))
        .collect()
}

/// The same for a model of so many positions.
fn fitting(settings: ChatSettings, config: &GptConfig) -> ChatSettings {
    ChatSettings {
        max_length: settings.max_length.min(config.n_positions),
        ..settings
    }
}

/// The token that ends a text.
fn end_token(json: &Value, tokenizer: &Tokenizer, rows: usize) -> Result<u32> {
    let said = match &json["eos_token_id"] {
        Value::Array(ids) => ids.first().and_then(Value::as_u64),
        id => id.as_u64(),
    };
    let id = said.and_then(|id| u32::try_from(id).ok());
    let id = id.or_else(|| tokenizer.token_to_id(END));
    let none = || Error::Unsupported("these steps on a GPT without a token that ends texts".into());
    Ok(id.filter(|&id| (id as usize) < rows).ok_or_else(none)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::chat::{Example, Pair};
    use crate::train::{Architecture, Settings, Size, Training};

    const TEXT: &str = include_str!("../../../tests/train/eighty-days.txt");

    fn steps() -> ChatSteps {
        let mut settings = Settings::new(Architecture::Gpt, Size::Small);
        (settings.vocab_size, settings.context) = (300, 64);
        (settings.hidden_size, settings.num_layers) = (32, 1);
        let run = Training::new(settings, &TEXT[..12_000]).expect("a run");
        let folder = run.folder().expect("a folder");
        let files = folder.files().into_iter();
        let files = files.map(|(name, b)| (name.into(), b.to_vec())).collect();
        ChatSteps::new(&files, ChatSettings::default()).expect("a GPT")
    }

    /// One example or pair after the other is the same step as all at once, to the rounding of sums.
    #[test]
    fn micro_batches_add_up_to_the_batch() {
        let [mut whole, mut cut] = [0; 2].map(|_| steps());
        cut.activations.room = 1;
        let text = |at: usize| "he went on ".repeat(1 + at * 2 % 3);
        let example = |at: usize| Example {
            prompt: text(at + 1),
            response: text(at),
        };
        let pair = |at: usize| Pair {
            prompt: text(at),
            chosen: text(at + 1),
            rejected: "no".into(),
        };
        let settings = PhaseSettings::default();
        for kind in [
            PhaseKind::Supervised,
            PhaseKind::Reward,
            PhaseKind::Preference,
        ] {
            for steps in [&mut whole, &mut cut] {
                let begun = match kind {
                    PhaseKind::Supervised => {
                        steps.supervised((0..4).map(example).collect(), &settings)
                    }
                    PhaseKind::Reward => steps.reward((0..4).map(pair).collect(), &settings),
                    PhaseKind::Preference => {
                        steps.preference((0..4).map(pair).collect(), &settings)
                    }
                };
                begun.expect("a phase");
            }
            for _ in 0..2 {
                let (a, b) = (whole.step().expect("a step"), cut.step().expect("a step"));
                let near =
                    |a: f64, b: f64| assert!((a - b).abs() < 2e-4 * a.abs().max(1e-2), "{a}, {b}");
                near(a.loss.into(), b.loss.into());
                near(a.gradient_norm, b.gradient_norm);
                assert_eq!(a.parts[0].predictions, b.parts[0].predictions);
                near(
                    a.parts[0].margin.unwrap_or(0.0).into(),
                    b.parts[0].margin.unwrap_or(0.0).into(),
                );
            }
        }
    }
}
