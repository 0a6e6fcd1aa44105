//! AdamW: "Decoupled Weight Decay Regularization" (Loshchilov & Hutter 2019), as `torch.optim.AdamW` computes it.
//!
//! w ← w·(1 − rate·decay); m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²;
//! w ← w − rate·(m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + eps)

use super::settings::OptimizerSettings;

/// The numbers of one step.
pub(super) struct AdamW {
    betas: [f32; 2],
    eps: f32,
    /// What weights are multiplied by first.
    keep: f32,
    /// rate/(1 − β₁ᵗ)
    rate: f32,
    /// √(1 − β₂ᵗ)
    root: f32,
}

impl AdamW {
    /// Of step `t`, from 1.
    pub(super) fn new(settings: &OptimizerSettings, t: u64, rate: f64, decays: bool) -> Self {
        let left = |beta: f32| 1.0 - f64::from(beta).powi(t.min(1 << 30) as i32);
        let decay = if decays {
            f64::from(settings.weight_decay)
        } else {
            0.0
        };
        Self {
            betas: [settings.beta1, settings.beta2],
            eps: settings.eps,
            keep: (1.0 - rate * decay) as f32,
            rate: (rate / left(settings.beta1)) as f32,
            root: left(settings.beta2).sqrt() as f32,
        }
    }

    pub(super) fn step(&self, ws: &mut [f32], gs: &[f32], ms: &mut [f32], vs: &mut [f32]) {
        let [b1, b2] = self.betas;
        for (((w, g), m), v) in ws.iter_mut().zip(gs).zip(ms).zip(vs) {
            *m = b1 * *m + (1.0 - b1) * g;
            *v = b2 * *v + (1.0 - b2) * g * g;
            *w = *w * self.keep - self.rate * *m / (v.sqrt() / self.root + self.eps);
        }
    }
}
