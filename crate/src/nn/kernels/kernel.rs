//! The seam between the products and the instructions of a processor: what a kernel is.

use super::layout::{Quants, WeightBytes, DOT_COLS, ROWS};

/// Eight lanes, one for each row of a weight block, computed with one processor's instructions.
///
/// A value of such a type is a token without size: who holds one may use the instructions. Where a processor may lack
/// them, the only way to a token is a function that asks it first ([`Machine::available`], [`Machine::best`]).
///
/// All kernels give the same bits. Sums of floats are multiplied and added one after another, never fused.
pub trait Lanes: Copy {
    /// 32 unsigned weights: eight rows × the four columns of a dot product.
    type Weights: Copy;
    /// Eight sums of products, however the processor keeps them.
    type Sums: Copy;
    /// Eight f32.
    type Floats: Copy;

    /// No products yet.
    fn zero(self) -> Self::Sums;
    /// 0.0
    fn zero_floats(self) -> Self::Floats;
    /// Reads weights.
    fn load(self, bytes: &WeightBytes) -> Self::Weights;
    /// The low and the high halves of each byte.
    fn halves(self, both: Self::Weights) -> (Self::Weights, Self::Weights);
    /// sums[r] + Σ weights[r][c] · x[c] over four columns. Weights are 0 to 127, and so are the sizes of `x`.
    fn dot(self, sums: Self::Sums, weights: Self::Weights, x: [i8; DOT_COLS]) -> Self::Sums;
    /// As [`Lanes::dot`], for weights up to 15 and at most 32 columns in all: such sums need fewer bits, and
    /// are the others only after [`Lanes::widen`].
    #[inline(always)]
    fn dot_narrow(self, sums: Self::Sums, weights: Self::Weights, x: [i8; DOT_COLS]) -> Self::Sums {
        self.dot(sums, weights, x)
    }
    /// What [`Lanes::dot_narrow`] summed up, as [`Lanes::dot`] would have.
    #[inline(always)]
    fn widen(self, narrow: Self::Sums) -> Self::Sums {
        narrow
    }
    /// f16 scales as f32.
    fn scales(self, bits: &[u16; ROWS]) -> Self::Floats;
    /// acc + (sums − x.sum · 2^shift) as f32 · scales · x.scale, where 2^shift is the weights' zero point.
    fn add(
        self,
        acc: Self::Floats,
        sums: Self::Sums,
        scales: Self::Floats,
        x: &Quants,
        shift: u32,
    ) -> Self::Floats;
    /// Writes eight floats.
    fn store(self, floats: Self::Floats, out: &mut [f32; ROWS]);
}

/// Work that is compiled once for each kernel.
pub trait Work {
    /// Does it with these lanes. To be `#[inline(always)]`, so that it is compiled for their instructions.
    fn run<L: Lanes>(&self, lanes: L);
}

/// The kernels that one kind of processor has beside the reference. Each file in `arch/` has one.
pub trait Machine: Copy + PartialEq + Send + Sync + 'static {
    /// Those that run here.
    fn available() -> Vec<Self>;
    /// The fastest of them; `None` where the reference is all there is.
    fn best() -> Option<Self>;
    /// A word, as benchmarks and failing tests show it.
    fn name(self) -> &'static str;
    /// Does the work with this kernel.
    fn run(self, work: &impl Work);
    /// (smallest, largest) of 0 and the values; NaN is passed over. `N` is a multiple of 8. It is called without a token,
    /// so it uses only instructions that every machine of the build has.
    fn extremes<const N: usize>(values: &[f32; N]) -> (f32, f32);
}
