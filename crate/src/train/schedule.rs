//! The learning rate: linear warm-up, a plateau, linear decay (as in training/loop.py).

use serde::{Deserialize, Serialize};

/// The learning rate of each step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "TrainSchedule"))]
pub struct Schedule {
    /// The highest rate.
    pub peak: f64,
    /// Steps in which it rises to the peak.
    pub warmup: u64,
    /// The last share of the steps, in which it falls to zero.
    pub decay_share: f64,
}

impl Schedule {
    /// The rate of step `step` of `steps`, from 0. Behind the last step it stays as it was there.
    pub fn rate(&self, step: u64, steps: u64) -> f64 {
        let step = step.min(steps.saturating_sub(1));
        if step < self.warmup {
            return self.peak * (step + 1) as f64 / self.warmup as f64;
        }
        let falling = (steps as f64 * self.decay_share) as u64;
        let start = self.warmup.max(steps.saturating_sub(falling));
        if step < start {
            return self.peak;
        }
        let left = 1.0 - (step - start) as f64 / steps.saturating_sub(start).max(1) as f64;
        self.peak * left.max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values of `test_training.py`.
    #[test]
    fn up_level_down() {
        let schedule = Schedule {
            peak: 1.0,
            warmup: 10,
            decay_share: 0.5,
        };
        let rates = [0, 9, 30, 75, 99].map(|step| schedule.rate(step, 100));
        for (rate, expected) in rates.into_iter().zip([0.1, 1.0, 1.0, 0.5, 0.02]) {
            assert!((rate - expected).abs() < 1e-12, "{rate}");
        }
        assert_eq!(schedule.rate(1000, 100), schedule.rate(99, 100));
    }
}
