//! The trait of configurations: what they know of the model's files, whatever its architecture.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use super::super::generation_config::GenerationConfig;
use super::super::model::Model;
use crate::error::Result;
use crate::weights::{Header, Placement, Weights};

/// The configuration of one model.
pub(in crate::models) trait Checkpoint: fmt::Debug + Send + Sync {
    /// Where a tensor of a safetensors or PyTorch file belongs.
    fn place(&self, name: &str) -> Placement;

    /// Gives parameters that have two names both, as far as they are one.
    fn tie(&self, weights: &mut Weights);

    /// Rows of the token embedding.
    fn vocab_size(&self) -> usize;

    /// The same model with so many rows in its GGUF file, which may have more than its vocabulary has tokens; `None` for
    /// architectures of which such files are not read.
    fn with_vocab_size(&self, _rows: usize) -> Option<Arc<dyn Checkpoint>> {
        None
    }

    /// The same configuration for a classifier of so many `rows`, if nothing says how many labels there are.
    fn with_labels(&self, _rows: usize) -> Option<Arc<dyn Checkpoint>> {
        None
    }

    /// Puts the model together, from tied parameters.
    ///
    /// # Errors
    /// [`crate::Error::MissingTensor`] and [`crate::Error::ShapeMismatch`] where config and weights differ.
    fn load(&self, weights: &Weights) -> Result<Model>;

    /// The same model where its weights are in a GGUF file, which may have some rows in another order; `None` for
    /// architectures of which such files are not read.
    fn for_gguf(&self) -> Option<Arc<dyn Checkpoint>> {
        None
    }

    /// Where a tensor of a GGUF file belongs, of a configuration made [`Checkpoint::for_gguf`].
    fn place_gguf(&self, _name: &str) -> Placement {
        Placement::Skip
    }

    /// What a parameter is called in a GGUF file, if it has a name there.
    fn gguf_name_of(&self, _name: &str) -> Option<String> {
        None
    }

    /// Refuses a GGUF file with tensors that change the result and are not read.
    ///
    /// # Errors
    /// [`crate::Error::Unsupported`].
    fn check_gguf(&self, _header: &Header) -> Result<()> {
        Ok(())
    }

    /// The same model with its `generation_config.json`; `None` for models that do not write.
    fn with_generation(&self, _file: GenerationConfig) -> Option<Arc<dyn Checkpoint>> {
        None
    }

    /// Itself, to find out which architecture's it is.
    fn as_any(&self) -> &dyn Any;
}
