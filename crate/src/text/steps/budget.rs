//! How much is shown of a text.

/// Pieces looked at and handed out for one text: a long word is merged by as many steps as it has letters, each of which
/// shows all its pieces.
const PIECES: usize = 200_000;

/// What is left of it.
pub(super) struct Budget(usize);

impl Budget {
    pub fn new() -> Self {
        Self(PIECES)
    }

    /// Takes a piece of so many bytes: looking a long one up costs more.
    pub fn take_piece(&mut self, bytes: usize) -> Option<()> {
        self.take(1 + bytes / 64)
    }

    /// Takes `pieces` of it; `None` if there are not so many.
    pub fn take(&mut self, pieces: usize) -> Option<()> {
        self.0 = self.0.checked_sub(pieces)?;
        Some(())
    }
}
