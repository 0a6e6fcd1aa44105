//! Everything about files: how each architecture's configuration is read and checked, where its tensors belong, what
//! llama.cpp calls them.

mod albert;
mod bert;
mod checkpoint;
mod distilbert;
mod gpt2;
mod llama;
mod openai_gpt;
mod placing;
mod roberta;

pub(super) use bert::from_gguf as bert_from_gguf;
pub(super) use checkpoint::Checkpoint;
pub(super) use gpt2::from_gguf as gpt2_from_gguf;
pub(super) use llama::from_gguf as llama_from_gguf;
