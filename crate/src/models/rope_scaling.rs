//! How the angles of RoPE are changed for a context longer than the first training's.

/// Changes to the angles of RoPE.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RopeScaling {
    /// None.
    Default,
    /// All angles divided by a factor (position interpolation, Chen et al. 2023).
    Linear {
        /// Above 0.
        factor: f64,
    },
    /// Slow angles divided, fast ones kept, those between by shares (Llama 3.1).
    Llama3 {
        /// Divisor of the slow ones.
        factor: f64,
        /// Rotations within the first context below which an angle is slow.
        low_freq_factor: f64,
        /// Rotations above which it is fast.
        high_freq_factor: f64,
        /// Positions of the first training.
        original_max_position_embeddings: f64,
    },
}

impl RopeScaling {
    /// What angles are divided by, where that is one number for all or for the slow ones.
    pub(super) fn factor(self) -> f64 {
        match self {
            Self::Default => 1.0,
            Self::Linear { factor } | Self::Llama3 { factor, .. } => factor,
        }
    }

    /// An angle's frequency, in radians per position, after the change.
    pub(super) fn scaled(self, frequency: f64) -> f64 {
        match self {
            Self::Default => frequency,
            Self::Linear { factor } => frequency / factor,
            Self::Llama3 {
                factor,
                low_freq_factor: low,
                high_freq_factor: high,
                original_max_position_embeddings: context,
            } => {
                let rotations = context * frequency / std::f64::consts::TAU;
                // Equal factors leave no angles between them.
                let fast = if high > low {
                    ((rotations - low) / (high - low)).clamp(0.0, 1.0)
                } else {
                    f64::from(u8::from(rotations > high))
                };
                frequency * fast + frequency / factor * (1.0 - fast)
            }
        }
    }
}
