//! What a run is made of: with the text, all that it depends on.

use serde::{Deserialize, Serialize};

use super::error::{Result, TrainError};
use super::optimizers::OptimizerSettings;
use super::schedule::Schedule;

/// Which model, and with it what it is trained on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "TrainArchitecture"))]
pub enum Architecture {
    /// Causal language model.
    Gpt,
    /// Masked words and next sentences.
    Bert,
    /// Two causal language models of LSTM cells, one of which reads backwards.
    Elmo,
    /// Permutation language model.
    Xlnet,
}

impl Architecture {
    /// As it is written in settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gpt => "gpt",
            Self::Bert => "bert",
            Self::Elmo => "elmo",
            Self::Xlnet => "xlnet",
        }
    }
}

/// How text is cut. The vocabulary is learnt from the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum TokenizerKind {
    /// Words in small letters and their pieces (`##ing`), as BERT's.
    WordPiece,
    /// Pairs of bytes joined, as GPT-2's: nothing is unknown.
    ByteBpe,
    /// Single characters.
    Characters,
}

/// Sizes to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "TrainSize"))]
pub enum Size {
    /// About 0.1 million weights: for a phone.
    Small,
    /// About 0.4 million weights in the layers, for some minutes on two cores.
    Medium,
    /// About 2 million weights in the layers.
    Large,
}

/// What BERT is trained on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct BertObjectives {
    /// Masked words.
    pub mlm: bool,
    /// Next sentences: whether the second part follows the first.
    pub nsp: bool,
    /// Share of the tokens that is to be guessed.
    pub mlm_probability: f32,
    /// Whether all of these become `[MASK]`, instead of 80 %.
    pub always_mask: bool,
}

impl Default for BertObjectives {
    fn default() -> Self {
        Self {
            mlm: true,
            nsp: true,
            mlm_probability: 0.15,
            always_mask: false,
        }
    }
}

/// Numbers that a tensor of a batch has at most: 1 GiB, a quarter of what 32-bit wasm can address.
pub(super) const MOST_NUMBERS: usize = 1 << 28;
/// Steps of a run at most, so that no product with them overflows.
pub(super) const MOST_STEPS: u64 = 1 << 40;

/// All settings of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "TrainSettings"))]
pub struct Settings {
    /// Which model.
    pub architecture: Architecture,
    /// How text is cut.
    pub tokenizer: TokenizerKind,
    /// Tokens of the vocabulary at most.
    pub vocab_size: usize,
    /// Width of the hidden states.
    pub hidden_size: usize,
    /// Number of blocks or layers.
    pub num_layers: usize,
    /// Attention heads per block, which divide the width.
    pub num_heads: usize,
    /// Tokens that the model reads at once.
    pub context: usize,
    /// Texts of a step.
    pub batch_size: usize,
    /// Steps of the run.
    pub steps: u64,
    /// The learning rate of each step.
    pub schedule: Schedule,
    /// The optimizer.
    pub optimizer: OptimizerSettings,
    /// Gradients that are longer than this together are shortened to it; 0: never.
    pub clip: f64,
    /// Probability with which a value is dropped out.
    pub dropout: f32,
    /// What every random choice follows from.
    pub seed: u64,
    /// What BERT is trained on.
    pub bert: BertObjectives,
}

impl Settings {
    /// Settings that learn, of one of three sizes.
    pub fn new(architecture: Architecture, size: Size) -> Self {
        let (hidden_size, num_layers, num_heads) = match size {
            Size::Small => (64, 2, 2),
            Size::Medium => (96, 3, 3),
            Size::Large => (192, 4, 6),
        };
        Self {
            architecture,
            tokenizer: match architecture {
                Architecture::Gpt | Architecture::Xlnet => TokenizerKind::ByteBpe,
                Architecture::Bert | Architecture::Elmo => TokenizerKind::WordPiece,
            },
            vocab_size: 1024,
            hidden_size,
            num_layers,
            num_heads,
            context: 64,
            batch_size: 16,
            steps: 1000,
            schedule: schedule_of(architecture),
            // With AdamW alone, BERT's masked words stay at the unigram level for minutes.
            optimizer: OptimizerSettings {
                muon: true,
                ..OptimizerSettings::default()
            },
            clip: 1.0,
            dropout: 0.0,
            seed: 1,
            bert: BertObjectives::default(),
        }
    }

    /// # Errors
    /// [`TrainError::InvalidSetting`] for the first one that is out of its range.
    pub fn check(&self) -> Result<()> {
        let within = |name, value: usize, range: std::ops::RangeInclusive<usize>| {
            if range.contains(&value) {
                return Ok(());
            }
            let (from, to) = (range.start(), range.end());
            let message = format!("{value} is not between {from} and {to}");
            Err(TrainError::setting(name, message))
        };
        within(
            "vocab_size",
            self.vocab_size,
            self.least_vocabulary()..=65_536,
        )?;
        within("hidden_size", self.hidden_size, 2..=2048)?;
        within("num_layers", self.num_layers, 1..=48)?;
        within("num_heads", self.num_heads, 1..=self.hidden_size)?;
        within("context", self.context, 8..=1024)?;
        within("batch_size", self.batch_size, 1..=1024)?;
        if self.hidden_size % self.num_heads != 0 {
            let message = format!(
                "{} does not divide the width {}",
                self.num_heads, self.hidden_size
            );
            return Err(TrainError::setting("num_heads", message));
        }
        self.check_products()?;
        let shares = [
            ("dropout", f64::from(self.dropout), 0.95),
            ("decay_share", self.schedule.decay_share, 1.0),
            ("mlm_probability", f64::from(self.bert.mlm_probability), 1.0),
            ("learning_rate", self.schedule.peak, 1.0),
            ("beta1", f64::from(self.optimizer.beta1), 0.999_999),
            ("beta2", f64::from(self.optimizer.beta2), 0.999_999),
            ("momentum", f64::from(self.optimizer.momentum), 0.999_999),
            ("weight_decay", f64::from(self.optimizer.weight_decay), 1e3),
            ("clip", self.clip, 1e9),
        ];
        for (name, value, most) in shares {
            if !(0.0..=most).contains(&value) {
                let message = format!("{value} is not between 0 and {most}");
                return Err(TrainError::setting(name, message));
            }
        }
        // AdamW divides by it where a gradient has always been 0.
        if !(1e-16..=1.0).contains(&self.optimizer.eps) {
            let message = format!("{} is not between 1e-16 and 1", self.optimizer.eps);
            return Err(TrainError::setting("eps", message));
        }
        if !(1..=MOST_STEPS).contains(&self.steps) {
            let message = format!("{} is not between 1 and {MOST_STEPS}", self.steps);
            return Err(TrainError::setting("steps", message));
        }
        if self.architecture == Architecture::Bert && !self.bert.mlm && !self.bert.nsp {
            let message = "BERT needs one of mlm and nsp to learn anything";
            return Err(TrainError::setting("bert", message));
        }
        Ok(())
    }

    /// The largest tensors of a step: attention weights, logits, what is inside a layer, and the table of words.
    fn check_products(&self) -> Result<()> {
        let (batch, context) = (self.batch_size, self.context);
        let products = [
            ("batch_size", [batch, self.num_heads, context, context]),
            ("batch_size", [batch, context, self.vocab_size, 1]),
            ("batch_size", [batch, context, self.hidden_size, 4]),
            ("vocab_size", [self.vocab_size, self.hidden_size, 1, 1]),
        ];
        for (name, factors) in products {
            let product = factors
                .iter()
                .try_fold(1usize, |all, &factor| all.checked_mul(factor));
            if product.is_none_or(|product| product > MOST_NUMBERS) {
                let message = format!(
                    "with these sizes a tensor has more than {MOST_NUMBERS} numbers, which is the most: {factors:?} multiplied"
                );
                return Err(TrainError::setting(name, message));
            }
        }
        Ok(())
    }

    /// Whether texts are framed as BERT's pairs are.
    pub(super) fn reads_pairs(&self) -> bool {
        self.architecture == Architecture::Bert
    }

    /// All bytes and the special tokens, or some letters.
    fn least_vocabulary(&self) -> usize {
        match self.tokenizer {
            TokenizerKind::ByteBpe => 256 + 8,
            TokenizerKind::WordPiece | TokenizerKind::Characters => 16,
        }
    }
}

/// The schedule with which a small model learns from some hundred kilobytes of text.
fn schedule_of(architecture: Architecture) -> Schedule {
    let (peak, warmup) = match architecture {
        Architecture::Gpt | Architecture::Elmo => (1e-2, 20),
        // With 1e-2 and 20, the masked words end at 4.86 nats held out after 1,000 steps on countries; so, at 4.20.
        Architecture::Bert => (4e-3, 100),
        // With 1e-2, the two streams stay at the unigram level for hundreds of steps.
        Architecture::Xlnet => (3e-3, 20),
    };
    Schedule {
        peak,
        warmup,
        decay_share: 0.5,
    }
}
