//! Writes `pkg/src/border/core.ts`: the TypeScript of everything that crosses the border, from the Rust that makes it.
//! The test below fails where the file is not current; `cargo xtask types` runs it with `CLOZE_TYPES=write` and formats
//! what it wrote.

use std::fmt::Write;
use std::path::Path;

use ts_rs::{Config, TS};

use super::errors::{tests::every_error, CoreError};
use super::head_options::{AnswerQuery, ClassificationQuery, EmbeddingQuery, TaggingQuery};
use super::inspected::*;
use super::lens_results::*;
use super::mask_options::{JointQuery, MaskQuery, MaskingQuery, NextTokenQuery};
use super::options::{Generation, InspectQuery, ModelFiles, Summary};
use super::results::*;
use crate::dtype::DType;
use crate::error::{Error, Head};
use crate::limits::{Limit, TABLE};
use crate::models::{Reads, ARCHITECTURES};
use crate::tasks::{
    Alternative, Candidate, FinishReason, FunctionToApply, GeneratedToken, LensProgress, NspLosses,
    Part, TokenProbability,
};
use crate::text::{Conversation, LatticePiece, MergeStep, Message, TokenizerWarning, TriedPiece};
use crate::weights::RawDType;

const HEAD: &str = "\
/**
 * What crosses the border to the core: results, options, errors, limits.
 *
 * Generated from crate/src by `cargo xtask types`: do not edit.
 */

";

const DETAILS_TYPE: &str = "\
/** The facts of an error of the core, by its code. */
export type CoreErrorDetails<C extends CoreErrorCode> = Extract<CoreError, { code: C }> extends { details: infer D }
  ? D
  : Record<string, never>;

";

const ARCHITECTURE_TYPE: &str = "\
/** What there is to know of an architecture before a model of it is loaded. */
export interface Architecture {
  /** In which directions its tokens see the others. */
  readonly reads: Reads;
  /** The heads that checkpoints of it may have. */
  readonly heads: readonly Head[];
  /** Whether a chat template may lie beside the weights. */
  readonly chats: boolean;
}

/** The architectures that are run, by the `model_type` of their configurations. */
export const ARCHITECTURES: ReadonlyMap<string, Architecture> = new Map<string, Architecture>([
";

const LIMIT_TYPE: &str = "\
/** Which values a numeric option may have. */
export interface Limit {
  /** The least value. */
  readonly min: number;
  /** The greatest value; `Infinity` where there is no upper end. */
  readonly max: number;
  /** Whether only whole numbers are allowed. */
  readonly whole: boolean;
  /** The value of an option that was not given. */
  readonly default: number;
  /** A sentence to add where a value is refused. */
  readonly hint?: string;
}

/** The limits of every numeric option, by task. Summaries have those of text generation as well. */
export const LIMITS = {
";

/// The whole file, not formatted.
fn typescript() -> String {
    let config = Config::new().with_large_int("number");
    let mut out = String::from(HEAD);
    let dtypes = [DType::Q8, DType::Q4, DType::F32].map(DType::name);
    union(
        &mut out,
        "How weights are stored: 8.5, 4.5 or 32 bits each.",
        "DType",
        &dtypes,
    );
    let reads = "Whether a token sees the tokens on both sides of it, or only those before it.";
    union(
        &mut out,
        reads,
        "Reads",
        &[Reads::Both, Reads::LeftToRight].map(Reads::name),
    );
    let heads = "What a model predicts: masked words, next sentences, the next token, where an answer stands, labels of texts, labels of tokens.";
    let names = Head::ALL.map(Head::name);
    union(&mut out, heads, "Head", &names);
    let warnings = "What may be wrong with a model that runs: `no_pre_tokenizer`, its GGUF file does not say how its tokenizer finds words.";
    let codes = TokenizerWarning::ALL.map(TokenizerWarning::code);
    union(&mut out, warnings, "ModelWarning", &codes);
    let parts = [Part::Head, Part::Middle, Part::Tail].map(Part::name);
    let part = "Which part of a too long document is left out.";
    union(&mut out, part, "Truncation", &parts);
    let sides = "The side of a mask that the model sees.";
    union(&mut out, sides, "MaskContext", &["both", "left", "right"]);
    let functions = [
        FunctionToApply::Softmax,
        FunctionToApply::Sigmoid,
        FunctionToApply::None,
    ];
    let names = functions.map(FunctionToApply::name);
    let function =
        "What makes scores of a classifier's logits: together, each for itself, or nothing.";
    union(&mut out, function, "FunctionToApply", &names);
    for declaration in [
        declare::<BuildInfo>,
        declare::<ModelInfo>,
        declare::<GenerationDefaults>,
        declare::<ModelFiles>,
        declare::<TokenInfo>,
        declare::<MaskQuery>,
        declare::<Candidate>,
        declare::<MaskPrediction>,
        declare::<TextPrediction>,
        declare::<JointQuery>,
        declare::<JointStep>,
        declare::<TokenProbability>,
        declare::<ScoredToken>,
        declare::<NextTokenQuery>,
        declare::<ReadingStep>,
        declare::<Surprisal>,
        declare::<MaskingQuery>,
        declare::<ChosenToken>,
        declare::<NspLosses>,
        declare::<MaskingGame>,
        declare::<TriedPiece>,
        declare::<MergeStep>,
        declare::<LatticePiece>,
        declare::<TokenizedWord>,
        declare::<Tokenization>,
        declare::<Comparison>,
        declare::<AnswerQuery>,
        declare::<WindowRead>,
        declare::<Answer>,
        declare::<AnswerResult>,
        declare::<ClassificationQuery>,
        declare::<ScoredLabel>,
        declare::<ClassificationResult>,
        declare::<TaggingQuery>,
        declare::<TaggedEntity>,
        declare::<EmbeddingQuery>,
        declare::<Embeddings>,
        declare::<Generation>,
        declare::<Alternative>,
        declare::<GeneratedToken>,
        declare::<FinishReason>,
        declare::<GenerationStep>,
        declare::<Message>,
        declare::<Conversation>,
        declare::<Summary>,
        declare::<LeftOut>,
        declare::<SummaryPlan>,
        declare::<InspectQuery>,
        declare::<AttentionLayer>,
        declare::<AttentionHeads>,
        declare::<AttentionRollout>,
        declare::<HiddenStates>,
        declare::<InputEmbeddings>,
        declare::<NearestToken>,
        declare::<LensProgress>,
        declare::<LogitLensResult>,
        declare::<CoreError>,
    ] {
        out += &declaration(&config);
    }
    let code = "The code of an error of the core.";
    union(&mut out, code, "CoreErrorCode", &core_codes());
    out += DETAILS_TYPE;
    architectures(&mut out);
    let readable: Vec<String> = RawDType::readable_ggml()
        .map(|name| format!("'{name}'"))
        .collect();
    writeln!(
        out,
        "/** The ggml types that are read: how tensors of a GGUF file may be stored. */\nexport const GGML_TYPES: \
         readonly string[] = [{}];\n",
        readable.join(", ")
    )
    .unwrap();
    out += LIMIT_TYPE;
    for (task, limits) in TABLE {
        writeln!(out, "'{task}': {{").unwrap();
        limits.iter().for_each(|one| limit(&mut out, one));
        out += "},\n";
    }
    out += "} as const satisfies Record<string, Record<string, Limit>>;\n";
    out
}

fn architectures(out: &mut String) {
    *out += ARCHITECTURE_TYPE;
    for row in ARCHITECTURES {
        let heads: Vec<String> = row.heads.names().map(|head| format!("'{head}'")).collect();
        writeln!(
            out,
            "['{}', {{ reads: '{}', heads: [{}], chats: {} }}],",
            row.model_type,
            row.reads.name(),
            heads.join(", "),
            row.chats
        )
        .unwrap();
    }
    *out += "]);\n\n";
}

fn core_codes() -> Vec<&'static str> {
    let mut codes: Vec<&str> = every_error().iter().map(Error::code).collect();
    codes.dedup();
    codes
}

fn limit(out: &mut String, limit: &Limit) {
    let max = if limit.max.is_finite() {
        limit.max.to_string()
    } else {
        "Infinity".into()
    };
    let hint = if limit.hint.is_empty() {
        String::new()
    } else {
        format!(", hint: '{}'", limit.hint)
    };
    writeln!(
        out,
        "{}: {{ min: {}, max: {max}, whole: {}, default: {}{hint} }},",
        limit.name, limit.min, limit.whole, limit.default
    )
    .unwrap();
}

/// Declares a type of some texts.
pub(crate) fn union(out: &mut String, comment: &str, name: &str, values: &[&str]) {
    let values: Vec<String> = values.iter().map(|value| format!("'{value}'")).collect();
    let values = values.join(" | ");
    writeln!(out, "/** {comment} */\nexport type {name} = {values};\n").unwrap();
}

/// The exported declaration of a type: an interface if it is one object, with comments of one line on one line.
pub(crate) fn declare<T: TS>(config: &Config) -> String {
    let declaration = T::decl(config);
    let (name, body) = declaration
        .strip_prefix("type ")
        .and_then(|rest| rest.split_once(" = "))
        .expect("ts-rs declares types");
    let declaration = if is_one_object(body) {
        let body = body.trim_end_matches(';');
        format!("export interface {name} {body}\n\n")
    } else {
        format!("export type {name} = {body}\n\n")
    };
    one_line_comments(&(T::docs().unwrap_or_default() + "\n" + &declaration))
}

/// Whether the first brace of a type closes at its end.
fn is_one_object(body: &str) -> bool {
    let mut depth = 0;
    let end = body.char_indices().find(|&(_, character)| {
        depth += i32::from(character == '{') - i32::from(character == '}');
        depth == 0
    });
    body.starts_with('{') && end.is_some_and(|(at, _)| body[at + 1..].trim() == ";")
}

fn one_line_comments(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let mut out = String::new();
    let mut at = 0;
    while at < lines.len() {
        if lines[at] == "/**" && lines.get(at + 2) == Some(&"*/") {
            let text = lines[at + 1].trim_start_matches("* ");
            writeln!(out, "/** {text} */").unwrap();
            at += 3;
        } else {
            writeln!(out, "{}", lines[at]).unwrap();
            at += 1;
        }
    }
    out.push('\n');
    out
}

/// What formatting leaves as it is.
fn essence(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_whitespace() && !"*;,|'\"()".contains(*character))
        .collect()
}

/// The codes in the declaration of errors.
pub(crate) fn codes_in(declaration: &str) -> Vec<&str> {
    let mut codes: Vec<&str> = declaration
        .split("\"code\": \"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    codes.dedup();
    codes
}

/// Fails where a file of `pkg/src/border` is not as it should be; with `CLOZE_TYPES=write` it is written.
pub(crate) fn assert_current(name: &str, wanted: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pkg/src/border");
    if !file.is_dir() {
        // As in the packed crate, which comes without the package.
        return;
    }
    let file = file.join(name);
    if std::env::var_os("CLOZE_TYPES").is_some_and(|value| value == "write") {
        std::fs::write(&file, wanted).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        essence(&found) == essence(wanted),
        "pkg/src/border/{name} is not what crate/src says: `cargo xtask types` writes it anew"
    );
}

#[test]
fn codes_are_those_of_the_core() {
    assert_eq!(codes_in(&CoreError::decl(&Config::new())), core_codes());
}

#[test]
fn typescript_is_current() {
    assert_current("core.ts", &typescript());
}
