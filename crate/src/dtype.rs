//! How numbers are kept in memory.

/// How matrices are kept in memory. Vectors (biases, norms) are always `f32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DType {
    /// 32 bits a weight.
    F32,
    /// 8.5 bits a weight: blocks of 32 bytes with one f16 scale. Of each byte seven bits are used, so that
    /// products are the same on every processor.
    Q8,
    /// 4.5 bits a weight: blocks of 32 nibbles with one f16 scale (the values of ggml's Q4_0).
    Q4,
}

impl DType {
    /// All of them, the most exact first.
    pub const ALL: [Self; 3] = [DType::F32, DType::Q8, DType::Q4];

    /// Name as users write it.
    pub fn name(self) -> &'static str {
        match self {
            DType::F32 => "fp32",
            DType::Q8 => "q8",
            DType::Q4 => "q4",
        }
    }

    /// From the name (see [`DType::name`]); `None` for any other.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dtype| dtype.name() == name)
    }
}
