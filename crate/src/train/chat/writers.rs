//! The GPT as inference runs it.

use std::sync::Arc;

use super::data::PhaseKind;
use crate::models::Decoder;

/// The GPT now and before the last phase, each made when it is asked for: it keeps keys and values of what was read.
#[derive(Default)]
pub(super) struct Writers {
    pub now: Option<Arc<dyn Decoder>>,
    pub before: Option<Arc<dyn Decoder>>,
}

impl Writers {
    /// A phase begins.
    pub fn begin(&mut self, kind: PhaseKind) {
        self.before = self.now.clone();
        if kind == PhaseKind::Reward {
            self.before = None;
        }
    }

    /// A step was done.
    pub fn stepped(&mut self, kind: PhaseKind) {
        if kind != PhaseKind::Reward {
            self.now = None;
        }
    }
}
