//! The inner loop of every quantised product, once for all processors.

use super::block::{Block, Block4, Block7, COLS, ROWS, STEP};
use super::rows::Quants;

/// Eight lanes, one for each row of a weight block. Sums of floats are multiplied and added one after
/// another, never fused, so that all processors give the same results to the bit.
pub(super) trait Lanes {
    /// 32 unsigned weights of a step: eight rows × four columns.
    type Weights: Copy;
    /// Sums of products, however the processor keeps them.
    type Sums: Copy;
    /// Eight f32.
    type Floats: Copy;

    /// No products yet.
    fn zero() -> Self::Sums;
    /// 0.0
    fn zero_floats() -> Self::Floats;
    /// Reads the weights of a step.
    fn load(bytes: &[u8; ROWS * STEP]) -> Self::Weights;
    /// The low and the high halves of each byte.
    fn halves(both: Self::Weights) -> (Self::Weights, Self::Weights);
    /// sums[r] + Σ weights[r][c] · x[c] over the four columns of a step.
    fn dot(sums: Self::Sums, weights: Self::Weights, x: [i8; STEP]) -> Self::Sums;
    /// As [`Lanes::dot`], for weights up to 15 and at most 32 columns in all: such sums need fewer bits, and
    /// are the others only after [`Lanes::widen`].
    #[inline(always)]
    fn dot_narrow(sums: Self::Sums, weights: Self::Weights, x: [i8; STEP]) -> Self::Sums {
        Self::dot(sums, weights, x)
    }
    /// What [`Lanes::dot_narrow`] summed up, as [`Lanes::dot`] would have.
    #[inline(always)]
    fn widen(narrow: Self::Sums) -> Self::Sums {
        narrow
    }
    /// f16 scales as f32.
    fn scales(bits: &[u16; ROWS]) -> Self::Floats;
    /// acc + (sums − x.sum · 2^shift) as f32 · scales · x.scale, where 2^shift is the weights' zero point.
    fn add(
        acc: Self::Floats,
        sums: Self::Sums,
        scales: Self::Floats,
        x: &Quants,
        shift: u32,
    ) -> Self::Floats;
    /// Writes eight floats.
    fn store(floats: Self::Floats, out: &mut [f32; ROWS]);
}

/// How the steps of a block come out of memory.
pub(super) trait Steps: Block {
    /// Multiplies all steps of `G` blocks with `M` rows of activations.
    fn dots<L: Lanes, const M: usize, const G: usize>(
        blocks: [&Self; G],
        xs: [&Quants; M],
    ) -> [[L::Sums; M]; G];
}

impl Steps for Block7 {
    #[inline(always)]
    fn dots<L: Lanes, const M: usize, const G: usize>(
        blocks: [&Self; G],
        xs: [&Quants; M],
    ) -> [[L::Sums; M]; G] {
        let mut sums = [[L::zero(); M]; G];
        for step in 0..COLS / STEP {
            for g in 0..G {
                let weights = L::load(&blocks[g].levels[step]);
                for i in 0..M {
                    sums[g][i] = L::dot(sums[g][i], weights, xs[i].quants[step]);
                }
            }
        }
        sums
    }
}

impl Steps for Block4 {
    #[inline(always)]
    fn dots<L: Lanes, const M: usize, const G: usize>(
        blocks: [&Self; G],
        xs: [&Quants; M],
    ) -> [[L::Sums; M]; G] {
        const HALF: usize = COLS / STEP / 2;
        let mut sums = [[L::zero(); M]; G];
        for step in 0..HALF {
            for g in 0..G {
                let (low, high) = L::halves(L::load(&blocks[g].levels[step]));
                for i in 0..M {
                    sums[g][i] = L::dot_narrow(sums[g][i], low, xs[i].quants[step]);
                    sums[g][i] = L::dot_narrow(sums[g][i], high, xs[i].quants[step + HALF]);
                }
            }
        }
        sums.map(|sums| sums.map(L::widen))
    }
}

/// `M` rows of activations times `G` groups of eight rows of weights: out[g][i][r] = Σ x[i] · w[g][r].
#[inline(always)]
pub(super) fn tile<L: Lanes, B: Steps, const M: usize, const G: usize>(
    xs: [&[Quants]; M],
    weights: [&[B]; G],
) -> [[[f32; ROWS]; M]; G] {
    let mut acc = [[L::zero_floats(); M]; G];
    for at in 0..weights[0].len() {
        let x: [&Quants; M] = std::array::from_fn(|i| &xs[i][at]);
        let blocks: [&B; G] = std::array::from_fn(|g| &weights[g][at]);
        let sums = B::dots::<L, M, G>(blocks, x);
        for g in 0..G {
            let scales = L::scales(blocks[g].scales());
            for i in 0..M {
                acc[g][i] = L::add(
                    acc[g][i],
                    sums[g][i],
                    scales,
                    x[i],
                    B::ZERO.trailing_zeros(),
                );
            }
        }
    }
    let mut out = [[[0f32; ROWS]; M]; G];
    for g in 0..G {
        for i in 0..M {
            L::store(acc[g][i], &mut out[g][i]);
        }
    }
    out
}
