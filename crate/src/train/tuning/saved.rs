//! A run as bytes, from which it goes on with the same bits, and as a folder that the tasks of inference open.

use serde::{Deserialize, Serialize};

use super::data::TuneData;
use super::folder;
use super::frozen::dtype;
use super::run::FineTuning;
use super::settings::{TuneSettings, TuneTask};
use super::source::{fingerprint_of, Source};
use crate::models::{Model, ModelLoader};
use crate::train::checkpoint::{header, pack, unpack, Unpacked};
use crate::train::error::{Result, TrainError};
use crate::train::files::{Files, ModelFiles};
use crate::train::parameters::Parameter;
use crate::train::settings::MOST_STEPS;

/// What of a checkpoint is no tensor.
#[derive(Serialize, Deserialize)]
struct Header {
    version: u32,
    fine_tuning: TuneSettings,
    step: u64,
    fingerprint: u64,
}

/// Of the format: another one is refused.
const VERSION: u32 = 1;

impl FineTuning {
    /// Goes on from the bytes of [`FineTuning::checkpoint`], with the files and the examples of that run, as if there had
    /// been no break.
    ///
    /// # Errors
    /// [`TrainError::InvalidCheckpoint`], [`TrainError::OtherData`].
    pub fn resume(checkpoint: &[u8], files: Files, data: TuneData) -> Result<Self> {
        let Unpacked {
            header,
            weights,
            optimizer,
        } = unpack::<Header>(checkpoint)?;
        let invalid = |message: String| TrainError::InvalidCheckpoint(message);
        if header.version != VERSION {
            return Err(invalid(format!("it is of version {}", header.version)));
        }
        if header.fingerprint != fingerprint_of(&files, &data) {
            return Err(TrainError::OtherData);
        }
        let settings = header.fine_tuning;
        settings
            .check()
            .map_err(|error| invalid(error.to_string()))?;
        let mut run = Self::begin(files, settings, data, Some(weights))
            .map_err(|error| invalid(error.to_string()))?;
        let parameters = run.model.parameters().all();
        run.optimizer
            .restore(parameters, optimizer, header.step)
            .map_err(|name| invalid(format!("\"{name}\" does not fit")))?;
        if header.step > MOST_STEPS {
            return Err(invalid(format!(
                "step {} is beyond the last one",
                header.step
            )));
        }
        run.step = header.step;
        Ok(run)
    }

    /// What the run of a checkpoint learns.
    ///
    /// # Errors
    /// [`TrainError::InvalidCheckpoint`].
    pub fn task_of(checkpoint: &[u8]) -> Result<TuneTask> {
        Ok(header::<Header>(checkpoint)?.fine_tuning.task)
    }

    /// The model as it is now, as inference runs the folder.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub fn open(&self) -> Result<Model> {
        let mut opened = self.opened.borrow_mut();
        if let Some((step, model)) = &*opened {
            if *step == self.step {
                return Ok(model.clone());
            }
        }
        // The old one makes room first.
        *opened = None;
        let (config, weights) = self.saved()?;
        let mut loader = ModelLoader::new(Some(&config), dtype(self.settings.quantized))?;
        loader.push(&weights)?;
        let model = loader.finish()?;
        *opened = Some((self.step, model.clone()));
        Ok(model)
    }

    /// `config.json` and `model.safetensors`.
    fn saved(&self) -> Result<(Vec<u8>, Vec<u8>)> {
        let task = self.settings.task;
        let parameters = self.model.parameters().all();
        let learnt = |name: &str| parameters.iter().any(|parameter| parameter.name == name);
        let wanted = |name: &str| folder::is_body(name, task) && !learnt(name);
        let mut weights = ModelFiles::read_part(&self.files, &wanted)?.weights;
        for parameter in parameters {
            let value = (parameter.shape().to_vec(), parameter.values()?);
            weights.insert(parameter.name.clone(), value);
        }
        let half = folder::in_16_bits(&weights);
        let Source { config, json, .. } = &self.source;
        let config = folder::config(config, json, &self.data, half);
        let weights = folder::safetensors(weights, half)?;
        Ok((folder::pretty(&config)?, weights))
    }

    /// The files of the model as it is now: `pipeline(task, folder)` opens them, and transformers' `from_pretrained`.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub fn folder(&self) -> Result<Files> {
        let source = &self.source;
        let mut files = folder::tokenizer(
            &source.config,
            &source.json,
            &source.tokenizer_files,
            &source.tokenizer,
        )?;
        let (config, weights) = self.saved()?;
        files.insert("config.json".into(), config);
        files.insert("model.safetensors".into(), weights);
        Ok(files)
    }

    /// The run as bytes, for [`FineTuning::resume`]: settings, what learns, and what the optimizer remembers.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub fn checkpoint(&self) -> Result<Vec<u8>> {
        let parameters = self.model.parameters().all();
        let weights = parameters
            .iter()
            .map(Parameter::entry)
            .collect::<Result<_>>()?;
        let header = Header {
            version: VERSION,
            fine_tuning: self.settings.clone(),
            step: self.step,
            fingerprint: self.fingerprint,
        };
        pack(&header, weights, self.optimizer.state(parameters))
    }
}
