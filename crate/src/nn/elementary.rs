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
