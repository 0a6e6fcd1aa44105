//! Errors of training as data.

use crate::train::{Shown, TrainError};

errors! {
    /// An error of training: its code and the facts of the case.
    TrainingError:
    InvalidSetting { setting: &'a str, reason: &'a str, }
    TextTooShort { tokens: usize, needed: usize, }
    #[cfg_attr(test, ts(rename = "text_too_short"))]
    TooFewSentences { sentences: usize, needed: usize, }
    Diverged { step: u64, }
    InvalidCheckpoint { reason: &'a str, }
    OtherText
    NoSamples { architecture: &'a str, }
    NoProbes { architecture: &'a str, }
    NoNextSentence { architecture: &'a str, }
    NoAttention { architecture: &'a str, }
    NoWordVectors { architecture: &'a str, }
    NoExamples
    LabelWithoutExamples { label: &'a str, }
    TooFewLabels { labels: usize, }
    UnknownLabel { label: &'a str, example: usize, }
    EmptyExample { example: usize, }
    WordsAndLabels { example: usize, words: usize, labels: usize, }
    AnswerNotInContext { example: usize, }
    TooMuchToKeep { bytes: u64, most: u64, }
    TooMuchMemory { bytes: u64, most: u64, tokens: usize, fits: usize, }
    NothingHeldOut
    OtherData
    EmptyPrompt { example: usize, }
    EmptyResponse { example: usize, }
    SameResponses { example: usize, }
    NoPhase
    NoRewardModel
    WordNotFound { word: &'a str, }
    #[cfg_attr(test, ts(skip))]
    Core
}

impl<'a> From<&'a TrainError> for TrainingError<'a> {
    fn from(error: &'a TrainError) -> Self {
        match error {
            // Those of the core are thrown as such.
            TrainError::Core(_) => Self::Core,
            TrainError::InvalidSetting { setting, message } => Self::InvalidSetting {
                setting,
                reason: message,
            },
            &TrainError::TextTooShort { tokens, needed } => Self::TextTooShort { tokens, needed },
            &TrainError::TooFewSentences { sentences, needed } => {
                Self::TooFewSentences { sentences, needed }
            }
            &TrainError::Diverged { step } => Self::Diverged { step },
            TrainError::InvalidCheckpoint(reason) => Self::InvalidCheckpoint { reason },
            TrainError::OtherText => Self::OtherText,
            &TrainError::NotShown { what, architecture } => match what {
                Shown::Samples => Self::NoSamples { architecture },
                Shown::Probes => Self::NoProbes { architecture },
                Shown::NextSentences => Self::NoNextSentence { architecture },
                Shown::Attention => Self::NoAttention { architecture },
                Shown::WordVectors => Self::NoWordVectors { architecture },
            },
            TrainError::NoExamples => Self::NoExamples,
            TrainError::LabelWithoutExamples { label } => Self::LabelWithoutExamples { label },
            &TrainError::TooFewLabels { labels } => Self::TooFewLabels { labels },
            &TrainError::UnknownLabel { ref label, example } => {
                Self::UnknownLabel { label, example }
            }
            &TrainError::EmptyExample { example } => Self::EmptyExample { example },
            &TrainError::WordsAndLabels {
                example,
                words,
                labels,
            } => Self::WordsAndLabels {
                example,
                words,
                labels,
            },
            &TrainError::AnswerNotInContext { example } => Self::AnswerNotInContext { example },
            &TrainError::TooMuchToKeep { bytes, most } => Self::TooMuchToKeep { bytes, most },
            &TrainError::TooMuchMemory {
                bytes,
                most,
                tokens,
                fits,
            } => Self::TooMuchMemory {
                bytes,
                most,
                tokens,
                fits,
            },
            TrainError::NothingHeldOut => Self::NothingHeldOut,
            TrainError::OtherData => Self::OtherData,
            &TrainError::EmptyPrompt { example } => Self::EmptyPrompt { example },
            &TrainError::EmptyResponse { example } => Self::EmptyResponse { example },
            &TrainError::SameResponses { example } => Self::SameResponses { example },
            TrainError::NoPhase => Self::NoPhase,
            TrainError::NoRewardModel => Self::NoRewardModel,
            TrainError::WordNotFound { word } => Self::WordNotFound { word },
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::border::errors::Fact;

    /// One error of each kind that the rest of the core does not have.
    pub fn every_error() -> Vec<TrainError> {
        let text = || String::from("text");
        let not_shown = |what| TrainError::NotShown {
            what,
            architecture: "elmo",
        };
        let mut errors = vec![
            TrainError::InvalidSetting {
                setting: "context",
                message: text(),
            },
            TrainError::TextTooShort {
                tokens: 3,
                needed: 65,
            },
            TrainError::TooFewSentences {
                sentences: 1,
                needed: 4,
            },
            TrainError::Diverged { step: 7 },
            TrainError::InvalidCheckpoint(text()),
            TrainError::OtherText,
        ];
        errors.extend(
            [
                Shown::Samples,
                Shown::Probes,
                Shown::NextSentences,
                Shown::Attention,
                Shown::WordVectors,
            ]
            .map(not_shown),
        );
        errors.extend([
            TrainError::NoExamples,
            TrainError::LabelWithoutExamples { label: text() },
            TrainError::TooFewLabels { labels: 1 },
            TrainError::UnknownLabel {
                label: text(),
                example: 3,
            },
            TrainError::EmptyExample { example: 3 },
            TrainError::WordsAndLabels {
                example: 3,
                words: 5,
                labels: 4,
            },
            TrainError::AnswerNotInContext { example: 3 },
            TrainError::TooMuchToKeep { bytes: 2, most: 1 },
            TrainError::TooMuchMemory {
                bytes: 4,
                most: 3,
                tokens: 2,
                fits: 1,
            },
            TrainError::NothingHeldOut,
            TrainError::OtherData,
            TrainError::EmptyPrompt { example: 3 },
            TrainError::EmptyResponse { example: 3 },
            TrainError::SameResponses { example: 3 },
            TrainError::NoPhase,
            TrainError::NoRewardModel,
            TrainError::WordNotFound { word: text() },
        ]);
        errors
    }

    #[test]
    fn facts_are_those_of_the_error() {
        let short = TrainError::TextTooShort {
            tokens: 3,
            needed: 65,
        };
        let facts = [
            ("tokens", Fact::Number(3.0)),
            ("needed", Fact::Number(65.0)),
        ];
        assert_eq!(TrainingError::from(&short).facts(), facts);
    }
}
