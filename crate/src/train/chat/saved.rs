//! The steps as bytes, from which they go on with the same bits.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::data::{ChatData, PhaseKind};
use super::losses::RewardModel;
use super::phase::{activations, Phase};
use super::settings::ChatSettings;
use super::steps::{ChatSteps, Policy};
use crate::models::gpt2::Gpt2Config;
use crate::train::checkpoint::{pack, unpack, Unpacked};
use crate::train::error::{Result, TrainError};
use crate::train::files::{from_texts, open_tokenizer, to_texts};
use crate::train::models::gpt::{Gpt, GptConfig};
use crate::train::optimizers::{Optimizer, OptimizerSettings};
use crate::train::parameters::{Entry, Named, NamedTensor, Parameters};
use crate::train::settings::MOST_STEPS;

/// Of the format: another one is refused.
const VERSION: u32 = 1;
const POLICY: &str = "policy/";
const BEFORE: &str = "before/";
const REWARD: &str = "reward/";
/// ln π_ref, `[sequences]`.
const REFERENCE: &str = "reference";

/// What is no tensor.
#[derive(Serialize, Deserialize)]
struct Header {
    version: u32,
    /// What these bytes are of.
    chat: ChatSettings,
    config: GptConfig,
    json: Value,
    tokenizer_files: BTreeMap<String, String>,
    eos: u32,
    phases: u64,
    phase: Option<SavedPhase>,
}

#[derive(Serialize, Deserialize)]
struct SavedPhase {
    kind: PhaseKind,
    data: ChatData,
    settings: ChatSettings,
    step: u64,
}

fn behind<'a>(prefix: &'static str, entries: Vec<Entry<'a>>) -> impl Iterator<Item = Entry<'a>> {
    entries.into_iter().map(move |entry| entry.behind(prefix))
}

/// The tensors whose names begin with `prefix`, without it.
fn under(prefix: &str, named: &Named) -> Named {
    let all = named.iter();
    all.filter_map(|(name, tensor)| Some((name.strip_prefix(prefix)?.to_string(), tensor.clone())))
        .collect()
}

impl ChatSteps {
    /// The steps as bytes, for [`ChatSteps::resume`].
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub fn checkpoint(&self) -> Result<Vec<u8>> {
        let header = Header {
            version: VERSION,
            chat: self.settings,
            config: self.config.clone(),
            json: self.json.clone(),
            tokenizer_files: to_texts(&self.tokenizer_files),
            eos: self.eos,
            phases: self.phases,
            phase: self.phase.as_ref().map(|phase| SavedPhase {
                kind: phase.kind,
                data: phase.data.clone(),
                settings: phase.settings,
                step: phase.step,
            }),
        };
        let mut weights: Vec<_> = behind(POLICY, self.policy.parameters.entries()?).collect();
        if let Some(before) = &self.before {
            weights.extend(behind(BEFORE, before.iter().map(Entry::from).collect()));
        }
        if let Some(model) = &self.reward {
            weights.extend(behind(REWARD, model.parameters().entries()?));
        }
        let mut state = Vec::new();
        if let Some(phase) = &self.phase {
            let reference = &phase.reference[..];
            weights.push(Entry::new(REFERENCE.into(), &[reference.len()], reference));
            state = phase.optimizer.state(self.trained(phase.kind)?.all());
        }
        pack(&header, weights, state)
    }

    /// Goes on from the bytes of [`ChatSteps::checkpoint`], as if there had been no break.
    ///
    /// # Errors
    /// [`TrainError::InvalidCheckpoint`].
    pub fn resume(checkpoint: &[u8]) -> Result<Self> {
        let Unpacked {
            header,
            weights,
            optimizer,
        } = unpack::<Header>(checkpoint)?;
        let invalid = |error: TrainError| TrainError::InvalidCheckpoint(error.to_string());
        Self::restored(header, weights, optimizer).map_err(invalid)
    }

    fn restored(
        header: Header,
        weights: Named,
        optimizer: HashMap<String, Vec<f32>>,
    ) -> Result<Self> {
        let Header { config, eos, .. } = header;
        if header.version != VERSION {
            return Err(TrainError::internal(format!("version {}", header.version)));
        }
        if header.phases > MOST_STEPS {
            return Err(TrainError::internal("a phase beyond the last one"));
        }
        // Sizes that no model has are refused as those of a file are.
        Gpt2Config::from_json(config.to_json(None).to_string().as_bytes())?;
        header.chat.check()?;
        let tokenizer_files = from_texts(header.tokenizer_files);
        // It may tell which class the tokenizer is of.
        let mut all = tokenizer_files.clone();
        if header.json.is_object() {
            let config = header.json.to_string().into_bytes();
            all.insert("config.json".into(), config);
        }
        let tokenizer = open_tokenizer(&all)?;
        tokenizer.check_rows(config.vocab_size)?;
        if eos as usize >= config.vocab_size || header.chat.max_length > config.n_positions {
            return Err(TrainError::internal("sizes that do not fit"));
        }
        let mut parameters = Parameters::given(under(POLICY, &weights));
        let gpt = Gpt::new(&config, &mut parameters)?;
        let before = tensors(under(BEFORE, &weights));
        if let Some(before) = &before {
            Gpt::new(
                &config,
                &mut Parameters::given(super::steps::named(before.clone())),
            )?;
        }
        let reward = under(REWARD, &weights);
        let reward = if reward.is_empty() {
            None
        } else {
            Some(RewardModel::given(&config, reward)?)
        };
        let mut steps = Self {
            settings: header.chat,
            activations: activations(&config),
            config,
            json: header.json,
            tokenizer: tokenizer.into(),
            tokenizer_files,
            eos,
            policy: Policy { gpt, parameters },
            before,
            reward,
            phases: header.phases,
            phase: None,
            writers: RefCell::default(),
        };
        if let Some(saved) = header.phase {
            let reference = weights.get(REFERENCE).cloned().unwrap_or_default().1;
            steps.phase = Some(steps.restored_phase(saved, reference, optimizer)?);
        }
        Ok(steps)
    }

    fn restored_phase(
        &self,
        saved: SavedPhase,
        reference: Vec<f32>,
        state: HashMap<String, Vec<f32>>,
    ) -> Result<Phase> {
        saved.settings.check()?;
        let tokens = saved.kind.tokens(&saved.data, &self.joining())?;
        let gpt = (self.policy.parameters.count(), self.reward.is_some());
        tokens.check_sizes(&self.activations, saved.kind, gpt)?;
        let parameters = self.trained(saved.kind)?.all();
        let mut optimizer = Optimizer::new(OptimizerSettings::default(), parameters);
        optimizer
            .restore(parameters, state, saved.step)
            .map_err(|name| TrainError::internal(format!("\"{name}\" does not fit")))?;
        let phase = Phase {
            kind: saved.kind,
            data: saved.data,
            settings: saved.settings,
            tokens,
            optimizer,
            step: saved.step,
            reference,
        };
        let all = phase.tokens.sequences.len();
        // Log-probabilities of a GPT that has moved would be those of no reference.
        if phase.reference.len() > all || (phase.step > 0 && phase.lacks_reference()) {
            return Err(TrainError::internal("log-probabilities that do not fit"));
        }
        if phase.step > MOST_STEPS {
            return Err(TrainError::internal("a step beyond the last one"));
        }
        Ok(phase)
    }
}

/// With their names, in the order of these; `None` if there are none.
fn tensors(named: Named) -> Option<Vec<NamedTensor>> {
    let all = named.into_iter();
    let mut all: Vec<NamedTensor> = all
        .map(|(name, (shape, values))| (name, shape, values))
        .collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    (!all.is_empty()).then_some(all)
}
