//! Functions of vectors, which are plain slices: sums, softmax, norms, activation functions.
//!
//! The loops have no branches and no calls, so that compilers use the processor's vectors. All builds do the same
//! operations in the same order, so that their results are the same bits.

/// Parts of a sum that are added up side by side.
const LANES: usize = 8;

/// 1.5 · 2^23: added to a float within ±2^22, it rounds it to a whole number, which is then the low bits.
const ROUND: f32 = 12_582_912.0;

/// The nearest whole number, of equally near ones the even one; for values within ±2^22.
#[inline(always)]
pub fn round(x: f32) -> i32 {
    whole(x + ROUND)
}

/// What was rounded, from the sum with [`ROUND`].
#[inline(always)]
fn whole(sum: f32) -> i32 {
    (sum.to_bits() as i32).wrapping_sub(ROUND.to_bits() as i32)
}

/// e^x to about 2 units in the last place, for any finite x (0 below −87, the largest power above 88).
///
/// x = n·ln 2 + r with |r| ≤ ln 2 / 2; the polynomial for e^r is Cephes' `expf` (Moshier).
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    let x = if x > 88.0 { 88.0 } else { x };
    let x = if x < -87.3 { -87.3 } else { x };
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let n = rounded - ROUND;
    // ln 2 in two parts, the first with so few bits that n times it is exact.
    let r = x - n * 0.693_359_4 - n * -2.121_944_4e-4;
    let mut p = 1.987_569_1e-4;
    p = p * r + 1.398_199_9e-3;
    p = p * r + 8.333_452e-3;
    p = p * r + 4.166_579_6e-2;
    p = p * r + 1.666_666_5e-1;
    p = p * r + 0.5;
    let scale = f32::from_bits(whole(rounded).wrapping_add(127).wrapping_shl(23) as u32);
    (p * r * r + r + 1.0) * scale
}

/// The tanh approximation of GELU (Hendrycks & Gimpel 2016): 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))),
/// which is x / (1 + e^(−2·…)).
#[inline(always)]
fn gelu_new(x: f32) -> f32 {
    const TWICE: f32 = 2.0 * 0.797_884_6;
    x / (1.0 + exp(-TWICE * (x + 0.044715 * x * x * x)))
}

/// GELU: x·Φ(x), the error function after Abramowitz & Stegun 7.1.26 (absolute error below 1.5e-7).
#[inline(always)]
fn gelu(x: f32) -> f32 {
    let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let mut p = 1.061_405_4;
    p = p * t - 1.453_152;
    p = p * t + 1.421_413_7;
    p = p * t - 0.284_496_74;
    p = p * t + 0.254_829_6;
    // 1 − erf(|z|) is small where it matters: x·Φ(x) = max(x, 0) − |x|·(1 − erf)/2.
    let rest = p * t * exp(-z * z);
    let positive = if x > 0.0 { x } else { 0.0 };
    positive - 0.5 * x.abs() * rest
}

/// GELU by the error function, in place.
pub fn gelu_all(values: &mut [f32]) {
    values.iter_mut().for_each(|value| *value = gelu(*value));
}

/// GELU by its tanh approximation, in place.
pub fn gelu_new_all(values: &mut [f32]) {
    values
        .iter_mut()
        .for_each(|value| *value = gelu_new(*value));
}

/// max(x, 0), in place. NaN stays.
pub fn relu_all(values: &mut [f32]) {
    values
        .iter_mut()
        .for_each(|value| *value = if *value < 0.0 { 0.0 } else { *value });
}

/// Σ f(value), in [`LANES`] parts.
#[inline(always)]
pub(crate) fn sum(values: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0f32; LANES];
    let mut chunks = values.chunks_exact(LANES);
    for chunk in &mut chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += f(*value);
        }
    }
    let rest: f32 = chunks.remainder().iter().map(|&value| f(value)).sum();
    lanes.iter().sum::<f32>() + rest
}

/// The largest value, NaN left out; −∞ of nothing.
#[inline(always)]
pub fn largest(values: &[f32]) -> f32 {
    let greater = |a: f32, b: f32| if b > a { b } else { a };
    let mut lanes = [f32::NEG_INFINITY; LANES];
    let mut chunks = values.chunks_exact(LANES);
    for chunk in &mut chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = greater(*lane, *value);
        }
    }
    let rest = chunks.remainder().iter();
    lanes
        .iter()
        .chain(rest)
        .fold(f32::NEG_INFINITY, |a, &b| greater(a, b))
}

/// e^(scale·x) divided by their sum, in place.
pub fn softmax(values: &mut [f32], scale: f32) {
    let most = largest(values);
    values
        .iter_mut()
        .for_each(|value| *value = exp(scale * (*value - most)));
    let inverse = 1.0 / sum(values, |value| value);
    values.iter_mut().for_each(|value| *value *= inverse);
}

/// Σ e^(x − most)
pub fn sum_exp(values: &[f32], most: f32) -> f64 {
    // Parts short enough for f32 to lose nothing that matters.
    let parts = values.chunks(1 << 9);
    parts
        .map(|part| f64::from(sum(part, |x| exp(x - most))))
        .sum()
}

/// (x − mean) / √(variance + eps) · weight + bias of one row (Ba et al. 2016), into `out`.
pub fn layer_norm(xs: &[f32], weight: &[f32], bias: &[f32], eps: f32, out: &mut [f32]) {
    let count = xs.len() as f32;
    let mean = sum(xs, |x| x) / count;
    let variance = sum(xs, |x| (x - mean) * (x - mean)) / count;
    let inverse = 1.0 / (variance + eps).sqrt();
    for (((out, x), weight), bias) in out.iter_mut().zip(xs).zip(weight).zip(bias) {
        *out = (x - mean) * inverse * weight + bias;
    }
}

/// x / √(mean of x² + eps) · weight of one row (Zhang & Sennrich 2019), into `out`.
pub fn rms_norm(xs: &[f32], weight: &[f32], eps: f32, out: &mut [f32]) {
    let inverse = 1.0 / (sum(xs, |x| x * x) / xs.len() as f32 + eps).sqrt();
    for ((out, x), weight) in out.iter_mut().zip(xs).zip(weight) {
        *out = x * inverse * weight;
    }
}

/// gates = silu(gates) · xs, where silu(x) = x / (1 + e^(−x)): the middle of SwiGLU (Shazeer 2020).
pub fn silu_times(gates: &mut [f32], xs: &[f32]) {
    for (gate, x) in gates.iter_mut().zip(xs) {
        *gate = *gate / (1.0 + exp(-*gate)) * x;
    }
}

/// xs += ys
pub fn add(xs: &mut [f32], ys: &[f32]) {
    xs.iter_mut().zip(ys).for_each(|(x, y)| *x += y);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(from: f32, to: f32) -> impl Iterator<Item = f32> {
        (0..=20_000).map(move |i| from + (to - from) * i as f32 / 20_000.0)
    }

    #[test]
    fn exp_is_that_of_the_standard_library() {
        for x in range(-86.0, 87.0) {
            let expected = f64::from(x).exp();
            assert!((f64::from(exp(x)) / expected - 1.0).abs() < 3e-7, "{x}");
        }
        assert!(exp(-1000.0) < 2e-38 && exp(f32::NEG_INFINITY) < 2e-38 && exp(1000.0) > 1e38);
        assert_eq!(exp(0.0), 1.0);
    }

    /// Against the definitions in f64; erf by its Taylor series.
    #[test]
    fn gelus_are_their_definitions() {
        fn erf(x: f64) -> f64 {
            let (mut term, mut sum) = (x, x);
            for n in 1..200 {
                term *= -x * x / n as f64;
                sum += term / (2 * n + 1) as f64;
            }
            sum * 2.0 / std::f64::consts::PI.sqrt()
        }
        for x in range(-5.0, 5.0) {
            let wide = f64::from(x);
            let exact = 0.5 * wide * (1.0 + erf(wide / 2f64.sqrt()));
            assert!((f64::from(gelu(x)) - exact).abs() < 2e-6, "{x}");
            let inner = (2.0 / std::f64::consts::PI).sqrt() * (wide + 0.044715 * wide.powi(3));
            let approximate = 0.5 * wide * (1.0 + inner.tanh());
            assert!((f64::from(gelu_new(x)) - approximate).abs() < 2e-6, "{x}");
        }
        for gelu in [gelu, gelu_new] {
            assert_eq!((gelu(30.0), gelu(0.0)), (30.0, 0.0));
            assert!(gelu(-30.0).abs() < 1e-30);
        }
    }

    #[test]
    fn silu_is_its_definition() {
        for x in range(-20.0, 20.0) {
            let mut gate = [x];
            silu_times(&mut gate, &[2.0]);
            let expected = 2.0 * f64::from(x) / (1.0 + (-f64::from(x)).exp());
            assert!(
                (f64::from(gate[0]) - expected).abs() < 2e-6 * expected.abs().max(1.0),
                "{x}"
            );
        }
        let mut far = [-1000.0, 1000.0];
        silu_times(&mut far, &[1.0, 1.0]);
        assert!(far[0].abs() < 1e-30 && far[1] == 1000.0);
    }

    #[test]
    fn rms_norm_has_the_size_of_its_parameter() {
        let xs: Vec<f32> = (0..100)
            .map(|i| (i as f32 * 1.7).cos() * 3.0 + 5.0)
            .collect();
        let mut out = vec![0.0; 100];
        rms_norm(&xs, &[2.0; 100], 0.0, &mut out);
        let size = (out.iter().map(|x| x * x).sum::<f32>() / 100.0).sqrt();
        assert!((size - 2.0).abs() < 1e-5);
        assert!(
            (out[3] / out[0] - xs[3] / xs[0]).abs() < 1e-5,
            "no mean is taken away"
        );
    }

    #[test]
    fn softmax_adds_up_to_one() {
        for count in [1, 7, 8, 100] {
            let mut values: Vec<f32> = (0..count).map(|i| ((i * i) as f32).sin() * 9.0).collect();
            let before = values.clone();
            softmax(&mut values, 0.5);
            assert!((values.iter().sum::<f32>() - 1.0).abs() < 1e-6);
            let ratio = values[count - 1] / values[0];
            let expected = (0.5 * (before[count - 1] - before[0])).exp();
            assert!((ratio / expected - 1.0).abs() < 1e-5);
        }
    }

    #[test]
    fn layer_norm_has_mean_and_spread_of_its_parameters() {
        let xs: Vec<f32> = (0..100)
            .map(|i| (i as f32 * 1.7).cos() * 3.0 + 5.0)
            .collect();
        let mut out = vec![0.0; 100];
        layer_norm(&xs, &[2.0; 100], &[1.0; 100], 0.0, &mut out);
        let mean = out.iter().sum::<f32>() / 100.0;
        let spread = (out.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / 100.0).sqrt();
        assert!((mean - 1.0).abs() < 1e-5 && (spread - 2.0).abs() < 1e-5);
    }
}
