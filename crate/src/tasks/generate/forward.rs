//! What a generation asks a model for.

/// A forward pass that is wanted: tokens to read behind one or several texts.
///
/// The machine that serves it keeps a cache of keys and values for each text. At first there is one text, which is
/// empty. A pass reads either any number of tokens behind one text, or one token behind each of several.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forward<'a> {
    /// For each text from now on, the index of the text so far whose beginning it shares; transformers' `beam_idx`.
    /// Caches are put in this order before the tokens are read. Texts that are not named are given up, and one that is
    /// named twice becomes two: up to the end of the prompt all are alike, so only what was read since is copied.
    pub parents: &'a [usize],
    /// The tokens to read, as many behind each text: `[parents.len(), n]` row by row.
    pub ids: &'a [u32],
    /// Whether the logits behind the last token of each text are wanted, `[parents.len(), vocab_size]`. They are not
    /// before the prompt has been read to its end.
    pub logits: bool,
}
