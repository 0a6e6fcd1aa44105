//! Elementary functions of single numbers, the same bits in all builds.
//!
//! The standard library takes them from the system, and every system rounds the last digit its own way. In wasm they are
//! those of the crate `libm`, which is compiled into every program there; natively that crate is named.

#[cfg(target_arch = "wasm32")]
mod functions {
    pub fn exp(x: f64) -> f64 {
        x.exp()
    }
    pub fn ln(x: f64) -> f64 {
        x.ln()
    }
    pub fn powf(x: f64, y: f64) -> f64 {
        x.powf(y)
    }
    pub fn sin(x: f64) -> f64 {
        x.sin()
    }
    pub fn cos(x: f64) -> f64 {
        x.cos()
    }
    pub fn tanh(x: f32) -> f32 {
        x.tanh()
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod functions {
    pub use libm::{cos, exp, log as ln, pow as powf, sin, tanhf as tanh};
}

/// e^x.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    functions::exp(x)
}

/// The natural logarithm.
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    functions::ln(x)
}

/// x^y.
#[inline(always)]
pub fn powf(x: f64, y: f64) -> f64 {
    functions::powf(x, y)
}

/// Sine and cosine of an angle.
#[inline(always)]
pub fn sin_cos(x: f64) -> (f64, f64) {
    (functions::sin(x), functions::cos(x))
}

/// The hyperbolic tangent.
#[inline(always)]
pub fn tanh(x: f32) -> f32 {
    functions::tanh(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// To about a unit in the last place: that the bits are wasm's is seen in tests/e2e/replay.test.mjs.
    #[test]
    fn functions_are_those_of_their_names() {
        for step in -4000..4000 {
            let x = f64::from(step) * 0.0173;
            let close =
                |ours: f64, theirs: f64| (ours - theirs).abs() <= 4e-16 * theirs.abs().max(1e-300);
            assert!(close(exp(x), x.exp()), "exp({x})");
            assert!(
                close(sin_cos(x).0, x.sin()) && close(sin_cos(x).1, x.cos()),
                "{x}"
            );
            if x > 0.0 {
                assert!(close(ln(x), x.ln()), "ln({x})");
                assert!(close(powf(x, 0.37), x.powf(0.37)), "{x}^0.37");
            }
            let x = x as f32;
            assert!(
                (tanh(x) - x.tanh()).abs() <= 2.0 * f32::EPSILON,
                "tanh({x})"
            );
        }
    }
}
