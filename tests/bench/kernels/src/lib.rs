//! Matrix products with a kernel of one's choice, for `../kernels.js` to time in the browser.

use cloze::nn::kernels::{matmul_with, Block4, Block7, Kernel, Packed, QuantizedRows, COLS, ROWS};
use wasm_bindgen::prelude::*;

/// The kernels that run here, by name; the first is the one that the core takes.
#[wasm_bindgen]
pub fn kernels() -> Vec<String> {
    let mut kernels = Kernel::available();
    kernels.sort_by_key(|&kernel| kernel != Kernel::best());
    kernels
        .iter()
        .map(|kernel| kernel.name().to_owned())
        .collect()
}

/// Weights in one of the two forms.
enum Weights {
    Q8(Vec<Block7>),
    Q4(Vec<Block4>),
}

/// `[m, k] · [n, k]ᵀ`
#[wasm_bindgen]
pub struct Product {
    xs: QuantizedRows,
    weights: Weights,
    n: usize,
    ys: Vec<f32>,
}

#[wasm_bindgen]
impl Product {
    /// `dtype` is `q8` or `q4`; `k` a multiple of 32.
    #[wasm_bindgen(constructor)]
    pub fn new(dtype: &str, m: usize, n: usize, k: usize) -> Product {
        Product {
            xs: QuantizedRows::new(&values(m * k), k),
            weights: match dtype {
                "q4" => Weights::Q4(blocks(n, k)),
                _ => Weights::Q8(blocks(n, k)),
            },
            n,
            ys: vec![0.0; m * n],
        }
    }

    /// Bytes of the weights.
    pub fn bytes(&self) -> usize {
        match &self.weights {
            Weights::Q8(blocks) => size_of_val(blocks.as_slice()),
            Weights::Q4(blocks) => size_of_val(blocks.as_slice()),
        }
    }

    /// Multiplies, `times` times; the last of the results.
    pub fn run(&mut self, kernel: &str, times: usize) -> f32 {
        let kernel = Kernel::available()
            .into_iter()
            .find(|candidate| candidate.name() == kernel)
            .unwrap_or(Kernel::best());
        for _ in 0..times {
            match &self.weights {
                Weights::Q8(blocks) => multiply(kernel, &self.xs, blocks, self.n, &mut self.ys),
                Weights::Q4(blocks) => multiply(kernel, &self.xs, blocks, self.n, &mut self.ys),
            }
        }
        self.ys[self.ys.len() - 1]
    }
}

fn multiply<B: Packed>(kernel: Kernel, xs: &QuantizedRows, blocks: &[B], n: usize, ys: &mut [f32]) {
    matmul_with(kernel, xs, blocks, n, None, ys);
}

/// Packed weights: one group of eight rows again and again, since values change no speed.
fn blocks<B: Packed>(n: usize, k: usize) -> Vec<B> {
    let values = values(ROWS * k);
    let mut group = vec![B::EMPTY; k / COLS];
    for (row, values) in values.chunks_exact(k).enumerate() {
        for (block, values) in group.iter_mut().zip(values.chunks_exact(COLS)) {
            block.quantize(row, values.try_into().expect("a chunk of 32"));
        }
    }
    group.repeat(n.div_ceil(ROWS))
}

fn values(count: usize) -> Vec<f32> {
    (0..count).map(|i| (i as f32 * 0.7).sin()).collect()
}
