//! How numbers lie in memory, for weights and activations alike.

/// Rows of weights that lie side by side.
pub const ROWS: usize = 8;
/// Columns of a block: they share a scale.
pub const COLS: usize = 32;
/// Columns that one dot product of bytes multiplies and adds up.
pub const DOT_COLS: usize = 4;

/// Weights of eight rows and the four columns of one dot product, row by row.
pub type WeightBytes = [u8; ROWS * DOT_COLS];

/// 32 values of a row of activations: value = scale · quant.
#[derive(Clone, Copy)]
pub struct Quants {
    /// −127 to 127, four to a dot product.
    pub quants: [[i8; DOT_COLS]; COLS / DOT_COLS],
    /// Value of one.
    pub scale: f32,
    /// Sum of the quants, for the weights' zero point.
    pub sum: i32,
}
