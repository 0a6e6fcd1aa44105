//! Writes `pkg/src/border/training.ts`, as [`crate::border::types`] writes `core.ts`.

use super::elmo_results::*;
use super::errors::{tests::every_error, TrainingError};
use super::results::*;
use super::tuning_results::{TuneFiles, TuneInput};
use crate::border::types::{assert_current, codes_in, declare, union};
use crate::train::chat::*;
use crate::train::objectives::LossPart;
use crate::train::optimizers::OptimizerSettings;
use crate::train::showing::Candidate;
use crate::train::tagger::{TaggerInfo, TaggerSettings};
use crate::train::tuning::*;
use crate::train::{
    Architecture, BertObjectives, Cost, Evaluation, Levels, Schedule, Settings, Size, StepReport,
    TokenizerKind, TrainError,
};
use ts_rs::{Config, TS};

const HEAD: &str = "\
/**
 * What crosses the border of the builds with training: settings, results, errors.
 *
 * Generated from crate/src by `cargo xtask types`: do not edit.
 */

";

const DETAILS_TYPE: &str = "\
/** The facts of an error of training, by its code. */
export type TrainingErrorDetails<C extends TrainingErrorCode> = Extract<TrainingError, { code: C }> extends { details: infer D }
  ? D
  : Record<string, never>;

";

/// The whole file, not formatted.
fn typescript() -> String {
    let config = Config::new().with_large_int("number");
    let mut out = String::from(HEAD);
    for declaration in [
        declare::<Architecture>,
        declare::<TokenizerKind>,
        declare::<Size>,
        declare::<BertObjectives>,
        declare::<Schedule>,
        declare::<OptimizerSettings>,
        declare::<Settings>,
        declare::<Cost>,
        declare::<Levels>,
        declare::<RunInfo>,
        declare::<LossPart>,
        declare::<StepReport>,
        declare::<Evaluation>,
        declare::<TrainedFile>,
        declare::<SampleQuery>,
        declare::<Candidate>,
        declare::<ProbeMask>,
        declare::<ProbeResult>,
        declare::<NextSentenceProbe>,
        declare::<HeadAttention>,
        declare::<TrainedToken>,
        declare::<WordVectorsResult>,
        declare::<GivenBatch>,
        declare::<TuneTask>,
        declare::<TuneSettings>,
        declare::<TextExample>,
        declare::<TextData>,
        declare::<WordExample>,
        declare::<WordData>,
        declare::<QuestionExample>,
        declare::<QuestionData>,
        declare::<TuneData>,
        declare::<TuneFiles>,
        declare::<TuneInfo>,
        declare::<Prepared>,
        declare::<TunedPrediction>,
        declare::<TuneEvaluation>,
        declare::<TuneInput>,
        declare::<ChatSettings>,
        declare::<PhaseSettings>,
        declare::<Example>,
        declare::<Pair>,
        declare::<PhaseKind>,
        declare::<PhaseInfo>,
        declare::<ChatInfo>,
        declare::<Progress>,
        declare::<Ranked>,
        declare::<TaggerSettings>,
        declare::<TaggerInfo>,
        declare::<ElmoMix>,
        declare::<WordPlace>,
        declare::<WordInContextsResult>,
        declare::<TrainingError>,
    ] {
        out += &declaration(&config);
    }
    let code = "The code of an error of training. Those of the core may be thrown as well.";
    union(&mut out, code, "TrainingErrorCode", &codes());
    out + DETAILS_TYPE
}

fn codes() -> Vec<&'static str> {
    let mut codes: Vec<&str> = every_error().iter().map(TrainError::code).collect();
    codes.dedup();
    codes
}

#[test]
fn codes_are_those_of_training() {
    assert_eq!(codes_in(&TrainingError::decl(&Config::new())), codes());
}

#[test]
fn typescript_is_current() {
    assert_current("training.ts", &typescript());
}
