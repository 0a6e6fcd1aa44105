//! The gradient of each operation against candle's own operations, or differences in f64.

use candle_core::{Device, Tensor, Var, D};
use cloze::train::ops::{self, Attention, Gelu, WeightLayout};
use cloze::train::random::{Purpose, Random};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::*;

fn var(shape: &[usize], number: u64) -> Var {
    let mut random = Random::new(5, Purpose::Weights, number);
    let count = shape.iter().product();
    let values: Vec<f32> = (0..count).map(|_| random.normal()).collect();
    Var::from_vec(values, shape, &Device::Cpu).expect("a variable")
}

/// Both ways of computing have the same results and the same gradients, weighted by something that is no constant.
fn assert_same(what: &str, vars: &[&Var], ours: Tensor, theirs: Tensor) {
    let of = |tensor: &Tensor| {
        tensor
            .flatten_all()
            .and_then(|t| t.to_vec1::<f32>())
            .expect("values")
    };
    assert_close(what, &of(&ours), &of(&theirs));
    let slopes = |result: &Tensor| -> Vec<Vec<f32>> {
        let weights = var(result.dims(), 99).as_detached_tensor();
        let sum = (result * weights).and_then(|t| t.sum_all()).expect("a sum");
        let store = sum.backward().expect("gradients");
        vars.iter()
            .map(|v| of(store.get(v.as_tensor()).expect("a gradient")))
            .collect()
    };
    for (ours, theirs) in slopes(&ours).iter().zip(&slopes(&theirs)) {
        assert_close(&format!("a gradient of {what}"), ours, theirs);
    }
}

fn fine<T>(result: candle_core::Result<T>) -> T {
    result.expect("candle does it")
}

#[wasm_bindgen_test(unsupported = test)]
fn linear_layers() {
    for (m, inputs, outputs) in [(1, 3, 5), (130, 7, 61), (67, 100, 9)] {
        let (x, b) = (var(&[m, inputs], 1), var(&[outputs], 3));
        for layout in [WeightLayout::OutIn, WeightLayout::InOut] {
            let out_in = layout == WeightLayout::OutIn;
            let w = var(
                &if out_in {
                    [outputs, inputs]
                } else {
                    [inputs, outputs]
                },
                2,
            );
            let matrix = if out_in {
                fine(w.t())
            } else {
                w.as_tensor().clone()
            };
            let product = fine(x.matmul(&matrix));
            let sum = fine(product.broadcast_add(&b));
            assert_same(
                "linear",
                &[&x, &w, &b],
                fine(ops::linear(&x, &w, Some(&b), layout)),
                sum,
            );
            assert_same(
                "linear",
                &[&x, &w],
                fine(ops::linear(&x, &w, None, layout)),
                product,
            );
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn layer_norms() {
    let (x, w, b) = (var(&[67, 13], 1), var(&[13], 2), var(&[13], 3));
    let centred = fine(x.broadcast_sub(&fine(x.mean_keepdim(1))));
    let variance = fine(fine(centred.sqr()).mean_keepdim(1));
    let normal = fine(centred.broadcast_div(&fine(fine(variance + 1e-5).sqrt())));
    let theirs = fine(fine(normal.broadcast_mul(&w)).broadcast_add(&b));
    assert_same(
        "layer norm",
        &[&x, &w, &b],
        fine(ops::layer_norm(&x, &w, &b, 1e-5)),
        theirs,
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn gelus() {
    let x = var(&[77, 131], 1);
    assert_same(
        "exact",
        &[&x],
        fine(ops::gelu(&x, Gelu::Exact)),
        fine(x.gelu_erf()),
    );
    assert_same(
        "tanh",
        &[&x],
        fine(ops::gelu(&x, Gelu::Tanh)),
        fine(x.gelu()),
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn cross_entropies() {
    let x = var(&[70, 11], 1);
    let targets: Vec<u32> = (0..70).map(|i| i * 7 % 11).collect();
    let shifted = fine(x.broadcast_sub(&fine(x.max_keepdim(1)).detach()));
    let sums = fine(fine(fine(shifted.exp()).sum_keepdim(1)).log());
    let logs = fine(shifted.broadcast_sub(&sums));
    let at = fine(Tensor::from_vec(targets.clone(), (70, 1), &Device::Cpu));
    let gathered = fine(logs.gather(&at, 1));
    let theirs = fine(fine(gathered.mean_all()).neg());
    assert_same(
        "cross-entropy",
        &[&x],
        fine(ops::cross_entropy(&x, targets.clone())),
        theirs,
    );
    let lengths = vec![1, 40, 29];
    let sum = |from, length| fine(fine(gathered.narrow(0, from, length)).sum(0));
    let sums = fine(Tensor::cat(&[sum(0, 1), sum(1, 40), sum(41, 29)], 0));
    let ours = fine(ops::log_likelihoods(&x, targets.clone(), lengths));
    assert_same("log-likelihoods", &[&x], ours, sums);
    assert!(ops::log_likelihoods(&x, targets, vec![69]).is_err());
}

#[wasm_bindgen_test(unsupported = test)]
fn preferences() {
    let margins = var(&[13], 1);
    let losses = fine(fine(fine(fine(margins.neg()).exp()) + 1.0).log());
    let ours = fine(ops::preference(&margins));
    assert_same("preference", &[&margins], ours, fine(losses.mean_all()));
    // Where exp overflows: max(-x, 0) and slopes of -1 and 0.
    let far = fine(Var::new(&[-300f32, 300.0], &Device::Cpu));
    let loss = fine(ops::preference(&far));
    assert_eq!(fine(loss.to_scalar::<f32>()), 150.0);
    let slopes = fine(loss.backward());
    let slopes = slopes.get(far.as_tensor()).expect("a gradient");
    assert_eq!(fine(slopes.to_vec1::<f32>()), [-0.5, 0.0]);
    assert!(ops::preference(&var(&[0], 1)).is_err());
}

#[wasm_bindgen_test(unsupported = test)]
fn rows_and_dropout() {
    let x = var(&[9, 5], 1);
    let ids = vec![3, 0, 3, 8];
    let at = fine(Tensor::new(ids.as_slice(), &Device::Cpu));
    assert_same(
        "rows",
        &[&x],
        fine(ops::rows(&x, ids)),
        fine(x.index_select(&at, 0)),
    );
    let mask: Vec<f32> = (0..45)
        .map(|i| if i % 3 == 0 { 0.0 } else { 1.5 })
        .collect();
    let theirs = fine(x.mul(&fine(Tensor::from_vec(mask.clone(), (9, 5), &Device::Cpu))));
    assert_same("dropout", &[&x], fine(ops::dropout(&x, mask)), theirs);
}

/// Attention in plain operations.
fn plain_attention(q: &Tensor, k: &Tensor, v: &Tensor, how: &Attention) -> Tensor {
    let Attention {
        batch, len, heads, ..
    } = *how;
    let dim = fine(q.dim(1)) / heads;
    let split = |t: &Tensor| {
        let t = fine(t.reshape((batch, len, heads, dim)));
        fine(fine(t.transpose(1, 2)).contiguous())
    };
    let (q, k, v) = (split(q), split(k), split(v));
    let scores = fine(q.matmul(&fine(fine(k.t()).contiguous())));
    let scores = fine(scores * (1.0 / (dim as f64).sqrt()));
    let mut mask = vec![0f32; batch * len * len];
    for (at, value) in mask.iter_mut().enumerate() {
        let (text, query, key) = (at / (len * len), at / len % len, at % len);
        let padding = how.lengths.get(text).is_some_and(|&length| key >= length);
        if padding || how.causal && key > query {
            *value = -1e9;
        }
    }
    let mask = fine(Tensor::from_vec(mask, (batch, 1, len, len), &Device::Cpu));
    let scores = fine(scores.broadcast_add(&mask));
    let shifted = fine(scores.broadcast_sub(&fine(scores.max_keepdim(D::Minus1)).detach()));
    let powers = fine(shifted.exp());
    let mut weights = fine(powers.broadcast_div(&fine(powers.sum_keepdim(D::Minus1))));
    if let Some(mask) = &how.dropout {
        let mask = fine(Tensor::from_vec(mask.clone(), weights.dims(), &Device::Cpu));
        weights = fine(weights.mul(&mask));
    }
    let out = fine(fine(weights.matmul(&v)).transpose(1, 2));
    fine(fine(out.contiguous()).reshape((batch * len, heads * dim)))
}

#[wasm_bindgen_test(unsupported = test)]
fn attentions() {
    let (batch, len, heads, width) = (3, 10, 2, 14);
    let [q, k, v] = [1, 2, 3].map(|number| var(&[batch * len, width], number));
    let joint = var(&[batch * len, 3 * width], 4);
    let mask = |i| if i % 5 == 0 { 0.0 } else { 1.25 };
    let dropped: Vec<f32> = (0..batch * heads * len * len).map(mask).collect();
    for (causal, lengths, dropout) in [
        (true, vec![], None),
        (false, vec![10, 4, 7], None),
        (true, vec![10, 4, 7], Some(dropped)),
    ] {
        let how = Attention {
            batch,
            len,
            heads,
            causal,
            lengths,
            dropout,
        };
        let theirs = plain_attention(&q, &k, &v, &how);
        let ours = fine(ops::attention(&q, &k, &v, how.clone()));
        assert_same("attention", &[&q, &k, &v], ours, theirs);
        let third = |which| fine(joint.narrow(1, which * width, width));
        let theirs = plain_attention(&third(0), &third(1), &third(2), &how);
        assert_same(
            "joint attention",
            &[&joint],
            fine(ops::attention_joint(&joint, how)),
            theirs,
        );
    }
}

/// The equations of `torch.nn.LSTM`, position by position.
fn plain_lstm(gates: &Tensor, w: &Tensor, len: usize, reverse: bool) -> Tensor {
    let (rows, four) = fine(gates.dims2());
    let (batch, hidden) = (rows / len, four / 4);
    let gates = fine(gates.reshape((batch, len, four)));
    let sigmoid = |x: Tensor| fine(fine(fine(fine(x.neg()).exp()) + 1.0).recip());
    let zeros = fine(Tensor::zeros(
        (batch, hidden),
        candle_core::DType::F32,
        &Device::Cpu,
    ));
    let (mut h, mut c) = (zeros.clone(), zeros);
    let mut out = vec![None; len];
    let order: Vec<usize> = if reverse {
        (0..len).rev().collect()
    } else {
        (0..len).collect()
    };
    for at in order {
        let sums = fine(fine(gates.narrow(1, at, 1)).squeeze(1));
        let sums = fine(sums + fine(h.matmul(&fine(w.t()))));
        let part = |which: usize| fine(sums.narrow(1, which * hidden, hidden));
        let (i, f, g, o) = (
            sigmoid(part(0)),
            sigmoid(part(1)),
            fine(part(2).tanh()),
            sigmoid(part(3)),
        );
        c = fine(fine(f * c) + fine(i * g));
        h = fine(o * fine(c.tanh()));
        out[at] = Some(h.clone());
    }
    let out: Vec<Tensor> = out.into_iter().flatten().collect();
    fine(fine(Tensor::stack(&out, 1)).reshape((rows, hidden)))
}

#[wasm_bindgen_test(unsupported = test)]
fn lstms() {
    let (batch, len, hidden) = (11, 6, 5);
    let (gates, w) = (
        var(&[batch * len, 4 * hidden], 1),
        var(&[4 * hidden, hidden], 2),
    );
    for reverse in [false, true] {
        let theirs = plain_lstm(&gates, &w, len, reverse);
        assert_same(
            "lstm",
            &[&gates, &w],
            fine(ops::lstm(&gates, &w, len, reverse)),
            theirs,
        );
    }
}
