//! Rows of a matrix, looked up by index.

use std::sync::Arc;

use super::matrix::Matrix;
use crate::error::Result;

/// A table `[entries, hidden_size]`, often tied to the output layer.
pub struct Embedding {
    table: Arc<Matrix>,
}

impl Embedding {
    /// Reads rows of `table`.
    pub fn new(table: Arc<Matrix>) -> Self {
        Self { table }
    }

    /// `ids` → `[ids.len(), hidden_size]`. An id beyond the table is an error.
    pub fn forward(&self, ids: &[u32]) -> Result<Vec<f32>> {
        let cols = self.table.cols();
        let mut rows = vec![0f32; ids.len() * cols];
        for (row, &id) in rows.chunks_exact_mut(cols).zip(ids) {
            self.table.row(id as usize, row)?;
        }
        Ok(rows)
    }

    /// The table itself, `[entries, hidden_size]`.
    pub fn table(&self) -> &Arc<Matrix> {
        &self.table
    }
}
