//! A model with its tokenizer, from the files of a folder. Nothing else in the core reads files.

mod error;
mod folder;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use error::PretrainedError;

use folder::{is_gguf, part_names, Folder, SmallFiles};

use crate::dtype::DType;
use crate::error::Result as CoreResult;
use crate::gguf::Metadata;
use crate::models::{Model, ModelLoader};
use crate::tasks::{
    chat, FeatureExtraction, FillMask, GenerationOptions, Generator, Inspect, NextSentence,
    PseudoPerplexity, QuestionAnswering, Summarizer, TextClassification, TokenClassification,
};
use crate::text::{Conversation, Tokenizer};

/// Bytes that are read at a time.
const PIECE: usize = 1 << 20;

/// A model and its tokenizer; cheap to clone.
///
/// ```no_run
/// use cloze::{weights::DType, Pretrained};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let bert = Pretrained::from_dir("models/bert", DType::Q8)?;
/// let [mask] = &bert.fill_mask()?.predict("She opened the [MASK].", &Default::default())?[..] else {
///     unreachable!("one mask");
/// };
/// println!("{}", mask.candidates[0].token_str);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Pretrained {
    /// The model.
    pub model: Model,
    /// Its tokenizer.
    pub tokenizer: Arc<Tokenizer>,
    weights: Vec<PathBuf>,
}

impl Pretrained {
    /// Opens a folder in Hugging Face's layout (`config.json`, `tokenizer.json` or the older files, and weights as
    /// safetensors, GGUF or PyTorch's, whole or in parts), or a `.gguf` file that has all of it inside. Matrices are kept as
    /// `dtype`.
    ///
    /// # Errors
    /// [`PretrainedError`], naming what is missing.
    pub fn from_dir(path: impl AsRef<Path>, dtype: DType) -> Result<Self, PretrainedError> {
        let path = path.as_ref();
        if path.is_file() && is_gguf(path) {
            return Self::from_file(path, dtype);
        }
        let folder = Folder::open(path)?;
        let weights = folder.weights()?;
        let small = folder.small_files(&weights)?;
        Self::read(folder.path(), small, weights, dtype)
    }

    /// Opens a `.gguf` file; of one in parts, the others lie beside it.
    fn from_file(path: &Path, dtype: DType) -> Result<Self, PretrainedError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let parts = part_names(&name).into_iter();
        let weights = parts.map(|name| path.with_file_name(name)).collect();
        Self::read(path, SmallFiles::default(), weights, dtype)
    }

    fn read(
        path: &Path,
        small: SmallFiles,
        weights: Vec<PathBuf>,
        dtype: DType,
    ) -> Result<Self, PretrainedError> {
        let refused = PretrainedError::of(path);
        let files = small.tokenizer();
        let mut tokenizer = files
            .map(|files| Tokenizer::from_files(&files))
            .transpose()
            .map_err(&refused)?;
        let mut loader = ModelLoader::new(small.config.as_deref(), dtype)
            .map_err(&refused)?
            .with_generation_config(small.generation_config.as_deref());
        for file in &weights {
            push(&mut loader, file, |metadata| {
                // The first part of a GGUF model has the vocabulary.
                tokenizer = Some(match tokenizer.take() {
                    Some(tokenizer) => tokenizer.with_template_of(&metadata),
                    None => Tokenizer::from_gguf(&metadata)?,
                });
                Ok(())
            })?;
        }
        let model = loader.finish().map_err(&refused)?;
        let tokenizer = tokenizer.ok_or_else(|| PretrainedError::MissingFiles {
            folder: path.into(),
            any_of: &["tokenizer.json"],
            found: Vec::new(),
        })?;
        let rows = model.info().vocab_size;
        tokenizer.check_rows(rows).map_err(&refused)?;
        Ok(Self {
            model,
            tokenizer: Arc::new(tokenizer),
            weights,
        })
    }

    /// The files that its weights were read from, in order.
    pub fn weight_files(&self) -> &[PathBuf] {
        &self.weights
    }

    /// Masked words.
    ///
    /// # Errors
    /// [`Error::NoHead`](crate::Error::NoHead), [`Error::WrongArchitecture`](crate::Error::WrongArchitecture); as all below.
    pub fn fill_mask(&self) -> CoreResult<Arc<FillMask>> {
        let task = FillMask::new(self.model.clone().into_encoder()?, self.tokenizer.clone())?;
        Ok(Arc::new(task))
    }

    /// Whether one sentence follows another.
    ///
    /// # Errors
    /// As [`Pretrained::fill_mask`].
    pub fn next_sentence(&self) -> CoreResult<Arc<NextSentence>> {
        let task = NextSentence::new(self.model.clone().into_encoder()?, self.tokenizer.clone())?;
        Ok(Arc::new(task))
    }

    /// How natural texts read.
    ///
    /// # Errors
    /// As [`Pretrained::fill_mask`].
    pub fn pseudo_perplexity(&self) -> CoreResult<Arc<PseudoPerplexity>> {
        let encoder = self.model.clone().into_encoder()?;
        Ok(Arc::new(PseudoPerplexity::new(
            encoder,
            self.tokenizer.clone(),
        )?))
    }

    /// Answers from a text.
    ///
    /// # Errors
    /// As [`Pretrained::fill_mask`].
    pub fn question_answering(&self) -> CoreResult<Arc<QuestionAnswering>> {
        let task = QuestionAnswering::new(self.model.clone(), self.tokenizer.clone())?;
        Ok(Arc::new(task))
    }

    /// Labels of texts.
    ///
    /// # Errors
    /// As [`Pretrained::fill_mask`].
    pub fn text_classification(&self) -> CoreResult<TextClassification> {
        TextClassification::new(self.model.clone(), self.tokenizer.clone())
    }

    /// Labels of tokens.
    ///
    /// # Errors
    /// As [`Pretrained::fill_mask`].
    pub fn token_classification(&self) -> CoreResult<Arc<TokenClassification>> {
        let task = TokenClassification::new(self.model.clone(), self.tokenizer.clone())?;
        Ok(Arc::new(task))
    }

    /// Vectors of texts.
    pub fn feature_extraction(&self) -> Arc<FeatureExtraction> {
        let task = FeatureExtraction::new(self.model.clone(), self.tokenizer.clone());
        Arc::new(task)
    }

    /// What goes on inside.
    pub fn inspect(&self) -> Arc<Inspect> {
        Arc::new(Inspect::new(self.model.clone(), self.tokenizer.clone()))
    }

    /// How the model's files say that it writes.
    ///
    /// # Errors
    /// As [`Pretrained::fill_mask`].
    pub fn generation_options(&self) -> CoreResult<GenerationOptions> {
        let decoder = self.model.clone().into_decoder()?;
        Ok(GenerationOptions::of_model(decoder.generation()))
    }

    /// A continuation of a prompt: an iterator over its tokens.
    ///
    /// # Errors
    /// As [`Pretrained::fill_mask`] and [`Generator::new`].
    pub fn generate(&self, prompt: &str, options: GenerationOptions) -> CoreResult<Generator> {
        let decoder = self.model.clone().into_decoder()?;
        Generator::new(decoder, self.tokenizer.clone(), prompt, options)
    }

    /// The next turn of a conversation: an iterator over its tokens.
    ///
    /// # Errors
    /// As [`Pretrained::fill_mask`] and [`chat`].
    pub fn chat(
        &self,
        conversation: &Conversation,
        options: GenerationOptions,
    ) -> CoreResult<Generator> {
        let decoder = self.model.clone().into_decoder()?;
        chat(decoder, self.tokenizer.clone(), conversation, options, None)
    }

    /// Summaries.
    ///
    /// # Errors
    /// As [`Pretrained::fill_mask`].
    pub fn summarizer(&self) -> CoreResult<Summarizer> {
        let decoder = self.model.clone().into_decoder()?;
        Ok(Summarizer::new(decoder, self.tokenizer.clone()))
    }
}

/// The folder of a default model (`bert`, `gpt`): in the folder that the environment names in `CLOZE_MODELS`, or in
/// `../models` beside the crate's sources, where the repository has them.
///
/// # Errors
/// [`PretrainedError::NoDefaultModel`].
pub fn default_model(name: &str) -> Result<PathBuf, PretrainedError> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../models");
    let root = std::env::var_os("CLOZE_MODELS").map_or_else(beside, PathBuf::from);
    let folder = root.join(name);
    if folder.is_dir() {
        return Ok(folder);
    }
    Err(PretrainedError::NoDefaultModel { folder })
}

/// Reads a file of weights into the loader, piece by piece: it is never held whole. `hear` is given the metadata of GGUF.
fn push(
    loader: &mut ModelLoader,
    path: &Path,
    mut hear: impl FnMut(Metadata) -> CoreResult<()>,
) -> Result<(), PretrainedError> {
    let unreadable = |error| PretrainedError::unreadable(path, error);
    let refused = PretrainedError::of(path);
    let mut file = File::open(path).map_err(unreadable)?;
    let mut piece = vec![0; PIECE];
    loop {
        let count = file.read(&mut piece).map_err(unreadable)?;
        if count == 0 {
            return loader.end_file().map_err(&refused);
        }
        loader.push(&piece[..count]).map_err(&refused)?;
        if let Some(metadata) = loader.take_metadata() {
            hear(metadata).map_err(&refused)?;
        }
    }
}
