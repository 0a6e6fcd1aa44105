//! A model's files taken back to what is trained: sizes, tokenizer, and all weights as f32 under the names that
//! [`Parameters::take`](super::parameters::Parameters::take) asks for. Files are safetensors (in parts too), GGUF, whose
//! blocks become numbers again, or PyTorch's; of BERT, GPT-2, or an ELMo that was trained here.

mod read;
mod sink;
mod sizes;

pub(super) use read::{from_texts, open_tokenizer, to_texts, weight_files};
pub use read::{Files, ModelFiles};
pub(super) use sizes::check_elmo;
pub use sizes::FileConfig;
