//! Products of the shapes that GPT-2 small and BERT-base consist of: `cargo bench -p cloze`.
//!
//! Throughput is in multiply-adds ("elements") a second.

#![allow(missing_docs, reason = "criterion_group! makes a function without any")]

use std::hint::black_box;
use std::time::Duration;

use cloze::nn::{attention, vector, DType, Head, Matrix, MatrixBuilder, Strided, Visible};
use criterion::{criterion_group, criterion_main, BenchmarkId, Criterion, Throughput};

/// `[out, in]`: c_attn or q/k/v, c_proj, c_fc, mlp c_proj, and a piece of the vocabulary.
const SHAPES: [(usize, usize); 4] = [(768, 768), (3072, 768), (768, 3072), (8192, 768)];

fn values(count: usize) -> Vec<f32> {
    (0..count).map(|i| (i as f32 * 0.7).sin()).collect()
}

fn matrix(rows: usize, cols: usize, dtype: DType) -> Matrix {
    let mut builder = MatrixBuilder::new(rows, cols, dtype).expect("memory");
    let all = values(rows + cols);
    builder
        .push_rows(rows, |index, row| {
            row.copy_from_slice(&all[index..index + cols])
        })
        .expect("memory");
    builder.finish().expect("all rows")
}

fn linear(c: &mut Criterion) {
    for dtype in [DType::Q8, DType::Q4] {
        for m in [1, 16, 128, 512] {
            let mut group = c.benchmark_group(format!("{} m={m}", dtype.name()));
            for (rows, cols) in SHAPES {
                let matrix = matrix(rows, cols, dtype);
                let xs = values(m * cols);
                let mut ys = vec![0.0; m * rows];
                group.throughput(Throughput::Elements((m * rows * cols) as u64));
                group.bench_function(BenchmarkId::from_parameter(format!("{rows}x{cols}")), |b| {
                    b.iter(|| {
                        let xs = matrix.activations(black_box(&xs));
                        matrix.matmul(&xs, None, &mut ys).expect("shapes fit");
                    });
                });
            }
            group.finish();
        }
    }
}

fn attend(c: &mut Criterion) {
    let (heads, dim) = (12, 64);
    let mut group = c.benchmark_group("attention");
    for (queries, keys) in [(1, 128), (1, 1024), (128, 128), (512, 512)] {
        let xs = values(queries * heads * dim);
        let kv = values(keys * heads * dim);
        group.throughput(Throughput::Elements(
            (2 * queries * keys * heads * dim) as u64,
        ));
        group.bench_function(
            BenchmarkId::from_parameter(format!("{queries}x{keys}")),
            |b| {
                b.iter(|| {
                    let visible = Visible::All { keys, bias: None };
                    let queries = Strided::new(&xs, heads * dim);
                    attention(queries, heads, 0.125, visible, |head| {
                        let dims = head * dim..(head + 1) * dim;
                        Head {
                            keys: Strided::new(&kv, keys).rows_in(dims.clone()),
                            values: Strided::new(&kv, heads * dim).columns(dims),
                        }
                    })
                });
            },
        );
    }
    group.finish();
}

fn elementwise(c: &mut Criterion) {
    let mut group = c.benchmark_group("elementwise 3072");
    let xs = values(3072);
    let mut ys = xs.clone();
    group.bench_function("gelu", |b| b.iter(|| vector::gelu_all(black_box(&mut ys))));
    group.bench_function("gelu_new", |b| {
        b.iter(|| vector::gelu_new_all(black_box(&mut ys)))
    });
    group.bench_function("softmax", |b| {
        b.iter(|| vector::softmax(black_box(&mut ys), 0.1))
    });
    let (weight, bias) = (values(3072), values(3072));
    group.bench_function("layer_norm", |b| {
        b.iter(|| vector::layer_norm(black_box(&xs), &weight, &bias, 1e-5, &mut ys));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = linear, attend, elementwise
}
criterion_main!(benches);
