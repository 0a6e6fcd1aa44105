//! A tagger as bytes, from which it goes on with the same bits, and as a folder.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::reading::Reader;
use super::run::{ElmoTagger, TaggerSettings};
use crate::train::checkpoint::{pack, unpack, Unpacked};
use crate::train::error::{Result, TrainError};
use crate::train::files::{check_elmo, from_texts, open_tokenizer, to_texts, Files};
use crate::train::models::elmo::{Elmo, ElmoConfig};
use crate::train::parameters::{safetensors_file, Named, Parameters};
use crate::train::settings::MOST_STEPS;
use crate::train::tuning::WordData;

/// Of the format of a checkpoint: another one is refused.
const VERSION: u32 = 1;
/// Before the names of ELMo's own weights in a checkpoint.
const ELMO: &str = "elmo/";

/// What is no tensor in a checkpoint.
#[derive(Serialize, Deserialize)]
struct Header {
    version: u32,
    tagger: TaggerSettings,
    data: WordData,
    config: ElmoConfig,
    tokenizer_files: BTreeMap<String, String>,
    step: u64,
}

impl ElmoTagger {
    /// The ELMo with s, γ and the linear layer beside its weights.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub fn folder(&self) -> Result<Files> {
        let mut files = self.reader.tokenizer_files.clone();
        let mut config = self.reader.config.to_json();
        config["id2label"] =
            serde_json::to_value(&self.data.labels).map_err(TrainError::internal)?;
        let config = serde_json::to_vec_pretty(&config).map_err(TrainError::internal)?;
        files.insert("config.json".into(), config);
        let mut tensors = self.reader.parameters.entries()?;
        tensors.extend(self.parameters.entries()?);
        let metadata = HashMap::from([("format".to_string(), "pt".to_string())]);
        let weights = safetensors_file(tensors, metadata)?;
        files.insert("model.safetensors".into(), weights);
        Ok(files)
    }

    /// The tagger as bytes, for [`ElmoTagger::resume`].
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub fn checkpoint(&self) -> Result<Vec<u8>> {
        let header = Header {
            version: VERSION,
            tagger: self.settings,
            data: self.data.clone(),
            config: self.reader.config.clone(),
            tokenizer_files: to_texts(&self.reader.tokenizer_files),
            step: self.step,
        };
        let elmo = self.reader.parameters.entries()?.into_iter();
        let elmo = elmo.map(|entry| entry.behind(ELMO));
        let weights = elmo.chain(self.parameters.entries()?).collect();
        pack(
            &header,
            weights,
            self.optimizer.state(self.parameters.all()),
        )
    }

    /// Goes on from the bytes of [`ElmoTagger::checkpoint`], as if there had been no break.
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

    fn restored(header: Header, weights: Named, state: HashMap<String, Vec<f32>>) -> Result<Self> {
        if header.version != VERSION || header.step > MOST_STEPS {
            return Err(TrainError::internal(
                "another version, or a step beyond the last",
            ));
        }
        header.tagger.check()?;
        check_elmo(&header.config)?;
        let tokenizer_files = from_texts(header.tokenizer_files);
        // It may tell which class the tokenizer is of.
        let mut all = tokenizer_files.clone();
        let config = header.config.to_json().to_string().into_bytes();
        all.insert("config.json".into(), config);
        let tokenizer = open_tokenizer(&all)?;
        tokenizer.check_rows(header.config.vocab_size)?;
        let (mut elmo, mut own) = (Named::new(), Named::new());
        for (name, tensor) in weights {
            match name.strip_prefix(ELMO) {
                Some(name) => elmo.insert(name.into(), tensor),
                None => own.insert(name, tensor),
            };
        }
        let mut parameters = Parameters::given(elmo);
        let reader = Reader {
            elmo: Elmo::new(&header.config, &mut parameters)?,
            config: header.config,
            parameters,
            tokenizer: tokenizer.into(),
            tokenizer_files,
        };
        let given = Parameters::given(own);
        let mut tagger = Self::begin(reader, header.data, header.tagger, given)?;
        let parameters = tagger.parameters.all();
        (tagger.optimizer.restore(parameters, state, header.step))
            .map_err(|name| TrainError::internal(format!("\"{name}\" does not fit")))?;
        tagger.step = header.step;
        Ok(tagger)
    }
}
