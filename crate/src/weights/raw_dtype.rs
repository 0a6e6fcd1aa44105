//! How numbers lie in a file.

use candle_core::quantized::k_quants::{
    BlockQ2K, BlockQ3K, BlockQ4K, BlockQ4_0, BlockQ4_1, BlockQ5K, BlockQ5_0, BlockQ5_1, BlockQ6K,
    BlockQ8_0,
};
use candle_core::quantized::GgmlType;
use half::{bf16, f16};

/// Number format of a stored tensor: those of safetensors and of ggml that we can turn into `f32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum RawDType {
    F64,
    F32,
    F16,
    Bf16,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q2K,
    Q3K,
    Q4K,
    Q5K,
    Q6K,
    /// A format we cannot read; fine as long as the model does not need the tensor. Holds the bits of
    /// one value.
    Other {
        bits: u32,
    },
}

/// ggml's types (`enum ggml_type`): number, name, and how their values lie, where that is known.
const GGML: &[(u32, &str, Option<RawDType>)] = &[
    (0, "F32", Some(RawDType::F32)),
    (1, "F16", Some(RawDType::F16)),
    (2, "Q4_0", Some(RawDType::Q4_0)),
    (3, "Q4_1", Some(RawDType::Q4_1)),
    (6, "Q5_0", Some(RawDType::Q5_0)),
    (7, "Q5_1", Some(RawDType::Q5_1)),
    (8, "Q8_0", Some(RawDType::Q8_0)),
    (9, "Q8_1", None),
    (10, "Q2_K", Some(RawDType::Q2K)),
    (11, "Q3_K", Some(RawDType::Q3K)),
    (12, "Q4_K", Some(RawDType::Q4K)),
    (13, "Q5_K", Some(RawDType::Q5K)),
    (14, "Q6_K", Some(RawDType::Q6K)),
    (15, "Q8_K", None),
    (16, "IQ2_XXS", None),
    (17, "IQ2_XS", None),
    (18, "IQ3_XXS", None),
    (19, "IQ1_S", None),
    (20, "IQ4_NL", None),
    (21, "IQ3_S", None),
    (22, "IQ2_S", None),
    (23, "IQ4_XS", None),
    (24, "I8", Some(RawDType::Other { bits: 8 })),
    (25, "I16", Some(RawDType::Other { bits: 16 })),
    (26, "I32", Some(RawDType::Other { bits: 32 })),
    (27, "I64", Some(RawDType::Other { bits: 64 })),
    (28, "F64", Some(RawDType::F64)),
    (29, "IQ1_M", None),
    (30, "BF16", Some(RawDType::Bf16)),
    (34, "TQ1_0", None),
    (35, "TQ2_0", None),
    (39, "MXFP4", None),
    (40, "NVFP4", None),
];

impl RawDType {
    /// From a safetensors header.
    pub fn from_safetensors(name: &str) -> Self {
        match name {
            "F64" => Self::F64,
            "F32" => Self::F32,
            "F16" => Self::F16,
            "BF16" => Self::Bf16,
            "I64" | "U64" | "C64" => Self::Other { bits: 64 },
            "I32" | "U32" => Self::Other { bits: 32 },
            "I16" | "U16" => Self::Other { bits: 16 },
            "F4" => Self::Other { bits: 4 },
            _ => Self::Other { bits: 8 },
        }
    }

    /// From a ggml type number; `None` for numbers whose size we do not know.
    pub fn from_ggml(number: u32) -> Option<Self> {
        GGML.iter().find(|row| row.0 == number)?.2
    }

    /// How ggml calls the type of a number.
    pub fn ggml_name(number: u32) -> Option<&'static str> {
        Some(GGML.iter().find(|row| row.0 == number)?.1)
    }

    /// The names of the ggml types whose values are read.
    pub fn readable_ggml() -> impl Iterator<Item = &'static str> {
        let readable = GGML.iter();
        let readable = readable.filter(|(.., dtype)| dtype.is_some_and(Self::readable));
        readable.map(|(_, name, _)| *name)
    }

    /// Values that share a block, and bytes of one block.
    pub fn block(self) -> (usize, usize) {
        fn of<B: GgmlType>() -> (usize, usize) {
            (B::BLCK_SIZE, std::mem::size_of::<B>())
        }
        match self {
            Self::F64 => (1, 8),
            Self::F32 => (1, 4),
            Self::F16 | Self::Bf16 => (1, 2),
            Self::Q4_0 => of::<BlockQ4_0>(),
            Self::Q4_1 => of::<BlockQ4_1>(),
            Self::Q5_0 => of::<BlockQ5_0>(),
            Self::Q5_1 => of::<BlockQ5_1>(),
            Self::Q8_0 => of::<BlockQ8_0>(),
            Self::Q2K => of::<BlockQ2K>(),
            Self::Q3K => of::<BlockQ3K>(),
            Self::Q4K => of::<BlockQ4K>(),
            Self::Q5K => of::<BlockQ5K>(),
            Self::Q6K => of::<BlockQ6K>(),
            Self::Other { bits: 4 } => (2, 1),
            Self::Other { bits } => (1, bits as usize / 8),
        }
    }

    /// Whether values can be read as `f32`.
    pub fn readable(self) -> bool {
        !matches!(self, Self::Other { .. })
    }

    /// Bytes of `count` values; `None` if they fill no whole number of blocks, or overflow.
    pub fn bytes(self, count: u64) -> Option<u64> {
        let (values, bytes) = self.block();
        (count % values as u64 == 0).then_some(())?;
        (count / values as u64).checked_mul(bytes as u64)
    }

    /// Reads values into `out`; `bytes` holds exactly `out.len()` of them.
    pub(crate) fn decode(self, bytes: &[u8], out: &mut [f32]) {
        fn values<const N: usize>(bytes: &[u8], out: &mut [f32], read: impl Fn([u8; N]) -> f32) {
            for (chunk, value) in bytes.chunks_exact(N).zip(out) {
                *value = read(chunk.try_into().expect("N bytes"));
            }
        }
        fn blocks<B: GgmlType>(bytes: &[u8], out: &mut [f32]) {
            let size = std::mem::size_of::<B>();
            for (chunk, out) in bytes
                .chunks_exact(size)
                .zip(out.chunks_exact_mut(B::BLCK_SIZE))
            {
                // SAFETY: candle's blocks are repr(C) of f16 and integers, so any bytes of their
                // size are a value; `read_unaligned` needs no alignment.
                let block = unsafe { std::ptr::read_unaligned(chunk.as_ptr().cast::<B>()) };
                B::to_float(std::slice::from_ref(&block), out);
            }
        }
        match self {
            Self::F64 => values(bytes, out, |b| f64::from_le_bytes(b) as f32),
            Self::F32 => values(bytes, out, f32::from_le_bytes),
            Self::F16 => values(bytes, out, |b| f16::from_le_bytes(b).to_f32()),
            Self::Bf16 => values(bytes, out, |b| bf16::from_le_bytes(b).to_f32()),
            Self::Q4_0 => blocks::<BlockQ4_0>(bytes, out),
            Self::Q4_1 => blocks::<BlockQ4_1>(bytes, out),
            Self::Q5_0 => blocks::<BlockQ5_0>(bytes, out),
            Self::Q5_1 => blocks::<BlockQ5_1>(bytes, out),
            Self::Q8_0 => blocks::<BlockQ8_0>(bytes, out),
            Self::Q2K => blocks::<BlockQ2K>(bytes, out),
            Self::Q3K => blocks::<BlockQ3K>(bytes, out),
            Self::Q4K => blocks::<BlockQ4K>(bytes, out),
            Self::Q5K => blocks::<BlockQ5K>(bytes, out),
            Self::Q6K => blocks::<BlockQ6K>(bytes, out),
            Self::Other { .. } => debug_assert!(false, "checked by the collector"),
        }
    }
}
