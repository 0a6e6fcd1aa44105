//! All kernels of a build against the reference: the same bits.

use cloze::nn::kernels::{matmul_with, Block4, Block7, Kernel, Packed, QuantizedRows, COLS, ROWS};
use wasm_bindgen_test::wasm_bindgen_test;

/// Values from -1 to 1, some of them at the ends, so that levels are as large as they can be.
fn values(count: usize, seed: u32) -> Vec<f32> {
    let mut state = seed;
    std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        match state >> 28 {
            0..=4 => 1.0,
            5..=7 => -1.0,
            _ => (state >> 8) as f32 / (1 << 23) as f32 - 1.0,
        }
    })
    .take(count)
    .collect()
}

fn same_bits<B: Packed + Clone>() {
    // One row alone takes another way than several.
    for m in [1, 11] {
        same_bits_of::<B>(m);
    }
}

fn same_bits_of<B: Packed + Clone>(m: usize) {
    let (n, k) = (37, 256);
    let (x, w, bias) = (values(m * k, 5), values(n * k, 6), values(n, 7));
    let mut blocks = vec![B::EMPTY; n.div_ceil(ROWS) * (k / COLS)];
    for (row, values) in w.chunks_exact(k).enumerate() {
        for (at, values) in values.chunks_exact(COLS).enumerate() {
            let block = &mut blocks[row / ROWS * (k / COLS) + at];
            block.quantize(row % ROWS, values.try_into().expect("a chunk of 32"));
        }
    }
    let rows = QuantizedRows::new(&x, k);
    let product = |kernel| {
        let mut ys = vec![f32::NAN; m * n];
        matmul_with(kernel, &rows, &blocks, n, Some(&bias), &mut ys);
        ys.into_iter().map(f32::to_bits).collect::<Vec<_>>()
    };
    let reference = product(Kernel::GENERIC);
    let kernels = Kernel::available();
    assert!(kernels.contains(&Kernel::best()));
    for kernel in kernels {
        assert_eq!(product(kernel), reference, "{kernel:?}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn kernels_of_7_bits_agree() {
    same_bits::<Block7>();
}

#[wasm_bindgen_test(unsupported = test)]
fn kernels_of_4_bits_agree() {
    same_bits::<Block4>();
}
