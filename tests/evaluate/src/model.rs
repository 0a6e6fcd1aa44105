//! Reading a model's folder the way a page does: configuration, tokenizer, weights in pieces.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use cloze::models::{Decoder, Model, ModelLoader};
use cloze::text::{Tokenizer, TokenizerFiles};
use cloze::weights::DType;

use crate::failure::{Failure, Result};

/// A model, its tokenizer, and its files' size.
pub struct Loaded<M: ?Sized> {
    /// The model.
    pub model: Arc<M>,
    /// Its tokenizer.
    pub tokenizer: Arc<Tokenizer>,
    /// Bytes of all files that are downloaded.
    pub bytes: u64,
}

impl<M: ?Sized> Loaded<M> {
    /// Reads a folder, the weights to be kept as `dtype`; `pick` takes the architecture that is wanted.
    ///
    /// # Errors
    /// [`Failure::File`], [`Failure::Content`].
    pub fn read(
        folder: &Path,
        dtype: DType,
        pick: fn(Model) -> cloze::Result<Arc<M>>,
    ) -> Result<Self> {
        let wrong = |error: cloze::Error| Failure::Content {
            path: folder.to_owned(),
            what: error.to_string(),
        };
        let read =
            |name: &str| fs::read(folder.join(name)).map_err(Failure::file(folder.join(name)));
        let (config, tokenizer) = (read("config.json")?, read("tokenizer.json")?);
        let weights = ["model.gguf", "model.safetensors"]
            .map(|name| folder.join(name))
            .into_iter()
            .find(|path| path.is_file())
            .ok_or_else(|| Failure::Content {
                path: folder.to_owned(),
                what: "neither model.gguf nor model.safetensors is here".into(),
            })?;
        let mut loader = ModelLoader::new(Some(&config), dtype).map_err(wrong)?;
        let mut file = File::open(&weights).map_err(Failure::file(&weights))?;
        let mut piece = vec![0; 1 << 20];
        let mut bytes = (config.len() + tokenizer.len()) as u64;
        loop {
            match file.read(&mut piece).map_err(Failure::file(&weights))? {
                0 => break,
                n => {
                    bytes += n as u64;
                    loader.push(&piece[..n]).map_err(wrong)?;
                }
            }
        }
        let model = loader.finish().and_then(pick).map_err(wrong)?;
        let tokenizer = Tokenizer::from_files(&TokenizerFiles {
            tokenizer: Some(&tokenizer),
            ..Default::default()
        })
        .map_err(wrong)?;
        Ok(Self {
            model,
            tokenizer: Arc::new(tokenizer),
            bytes,
        })
    }
}

impl Loaded<dyn Decoder> {
    /// Reads a GGUF that holds its tokenizer.
    ///
    /// # Errors
    /// [`Failure::File`], [`Failure::Content`].
    pub fn read_gguf(path: &Path, dtype: DType) -> Result<Self> {
        let wrong = |error: cloze::Error| Failure::Content {
            path: path.to_owned(),
            what: error.to_string(),
        };
        let file = fs::read(path).map_err(Failure::file(path))?;
        let mut loader = ModelLoader::new(None, dtype).map_err(wrong)?;
        loader.push(&file).map_err(wrong)?;
        let metadata = loader.take_metadata().ok_or_else(|| Failure::Content {
            path: path.to_owned(),
            what: "it is not GGUF".into(),
        })?;
        let tokenizer = Tokenizer::from_gguf(&metadata).map_err(wrong)?;
        let model = loader
            .finish()
            .and_then(Model::into_decoder)
            .map_err(wrong)?;
        Ok(Self {
            model,
            tokenizer: Arc::new(tokenizer),
            bytes: file.len() as u64,
        })
    }
}
