//! The tests behind `is`.

use super::arguments::{int, needed, Given};
use super::fault::{Fault, Result};
use super::meter::Meter;
use super::names::{is_filter, is_test};
use super::operators::{binary, compared};
use super::python::str;
use super::value::{equal, Value};

/// Whether `value` passes the test `name`.
pub(super) fn passes(name: &str, value: &Value, given: Given, meter: &Meter) -> Result<bool> {
    let operator = match name {
        "==" | "eq" | "equalto" => Some("=="),
        "!=" | "ne" => Some("!="),
        ">" | "gt" | "greaterthan" => Some(">"),
        ">=" | "ge" => Some(">="),
        "<" | "lt" | "lessthan" => Some("<"),
        "<=" | "le" => Some("<="),
        "in" => Some("in"),
        _ => None,
    };
    if let Some(operator) = operator {
        let [other] = given.bind(name, ["other"])?;
        return compared(operator, value, &needed(other, name, "other")?, meter);
    }
    match name {
        "divisibleby" => {
            let [by] = given.bind(name, ["num"])?;
            let by = int(&needed(by, name, "num")?, name)?;
            let rest = int(value, name)?.checked_rem(by);
            return rest
                .map(|rest| rest == 0)
                .ok_or_else(|| Fault::failed("integer division or modulo by zero"));
        }
        "sameas" => {
            let [other] = given.bind(name, ["other"])?;
            let other = needed(other, name, "other")?;
            return Ok(value.type_name() == other.type_name() && equal(value, &other, meter)?);
        }
        _ => {}
    }
    let [] = given.bind(name, [])?;
    let text = || str(value, meter);
    Ok(match name {
        "odd" | "even" => {
            let rest = binary("%", value, &Value::Int(2), meter)?;
            equal(&rest, &Value::Int((name == "odd").into()), meter)?
        }
        "defined" => !matches!(value, Value::Undefined(_)),
        "undefined" => matches!(value, Value::Undefined(_)),
        "filter" => value.as_text().is_some_and(is_filter),
        "test" => value.as_text().is_some_and(is_test),
        "none" => matches!(value, Value::None),
        "boolean" => matches!(value, Value::Bool(_)),
        "false" => matches!(value, Value::Bool(false)),
        "true" => matches!(value, Value::Bool(true)),
        "integer" => matches!(value, Value::Int(_)),
        "float" => matches!(value, Value::Float(_)),
        "lower" => is_cased(&text()?, char::is_lowercase, char::is_uppercase),
        "upper" => is_cased(&text()?, char::is_uppercase, char::is_lowercase),
        "string" => matches!(value, Value::Text(_)),
        "mapping" => matches!(value, Value::Dict(_)),
        "number" => value.as_float().is_some(),
        "sequence" => matches!(
            value,
            Value::Text(_)
                | Value::List(_)
                | Value::Tuple(_)
                | Value::Dict(_)
                | Value::Range(_)
                | Value::Undefined(_)
        ),
        "iterable" => value.len().is_some() || matches!(value, Value::Once(_)),
        "callable" => matches!(
            value,
            Value::Macro(_)
                | Value::Method(_)
                | Value::Function(_)
                | Value::Undefined(_)
                | Value::Loop(_)
        ),
        // "escaped": no text is.
        _ => false,
    })
}

/// Whether a text has letters of one case and none of the other.
fn is_cased(text: &str, of: fn(char) -> bool, other: fn(char) -> bool) -> bool {
    text.chars().any(of) && !text.chars().any(other)
}
