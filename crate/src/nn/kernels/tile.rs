//! The inner loop of every quantised product, once for all processors.

use super::block::{Block, Block4, Block7};
use super::kernel::Lanes;
use super::layout::{Quants, COLS, DOT_COLS, ROWS};

/// How the weights of a block come out of memory.
pub(super) trait Dots: Block {
    /// Multiplies `G` blocks with `M` rows of activations, 32 columns each: `[G, M]` times eight sums.
    fn dots<L: Lanes, const M: usize, const G: usize>(
        lanes: L,
        blocks: [&Self; G],
        xs: [&Quants; M],
    ) -> [[L::Sums; M]; G];
}

impl Dots for Block7 {
    #[inline(always)]
    fn dots<L: Lanes, const M: usize, const G: usize>(
        lanes: L,
        blocks: [&Self; G],
        xs: [&Quants; M],
    ) -> [[L::Sums; M]; G] {
        let mut sums = [[lanes.zero(); M]; G];
        for at in 0..COLS / DOT_COLS {
            for g in 0..G {
                let weights = lanes.load(&blocks[g].levels[at]);
                for i in 0..M {
                    sums[g][i] = lanes.dot(sums[g][i], weights, xs[i].quants[at]);
                }
            }
        }
        sums
    }
}

impl Dots for Block4 {
    #[inline(always)]
    fn dots<L: Lanes, const M: usize, const G: usize>(
        lanes: L,
        blocks: [&Self; G],
        xs: [&Quants; M],
    ) -> [[L::Sums; M]; G] {
        const HALF: usize = COLS / DOT_COLS / 2;
        let mut sums = [[lanes.zero(); M]; G];
        for at in 0..HALF {
            for g in 0..G {
                let (low, high) = lanes.halves(lanes.load(&blocks[g].levels[at]));
                for i in 0..M {
                    sums[g][i] = lanes.dot_narrow(sums[g][i], low, xs[i].quants[at]);
                    sums[g][i] = lanes.dot_narrow(sums[g][i], high, xs[i].quants[at + HALF]);
                }
            }
        }
        sums.map(|sums| sums.map(|narrow| lanes.widen(narrow)))
    }
}

/// `M` rows of activations times `G` groups of eight rows of weights: out[g][i][r] = Σ x[i] · w[g][r].
#[inline(always)]
pub(super) fn tile<L: Lanes, B: Dots, const M: usize, const G: usize>(
    lanes: L,
    xs: [&[Quants]; M],
    weights: [&[B]; G],
) -> [[[f32; ROWS]; M]; G] {
    let mut acc = [[lanes.zero_floats(); M]; G];
    for at in 0..weights[0].len() {
        let x: [&Quants; M] = std::array::from_fn(|i| &xs[i][at]);
        let blocks: [&B; G] = std::array::from_fn(|g| &weights[g][at]);
        let sums = B::dots::<L, M, G>(lanes, blocks, x);
        for g in 0..G {
            let scales = lanes.scales(blocks[g].scales());
            for i in 0..M {
                acc[g][i] = lanes.add(
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
            lanes.store(acc[g][i], &mut out[g][i]);
        }
    }
    out
}
