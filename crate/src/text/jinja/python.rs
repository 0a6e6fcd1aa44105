//! Values as Python writes them: `str`, `repr` and the numbers of both.

use super::fault::{Fault, Result};
use super::meter::Meter;
use super::value::Value;

/// Python's `str(value)`.
pub(super) fn str(value: &Value, meter: &Meter) -> Result<String> {
    let mut out = String::new();
    match value {
        Value::Text(text) => {
            meter.bytes(text.len())?;
            out.push_str(text);
        }
        Value::Undefined(_) => {}
        _ => write_repr(value, &mut out, meter)?,
    }
    Ok(out)
}

/// Python's `repr(value)`.
pub(super) fn repr(value: &Value, meter: &Meter) -> Result<String> {
    let mut out = String::new();
    write_repr(value, &mut out, meter)?;
    Ok(out)
}

fn write_repr(value: &Value, out: &mut String, meter: &Meter) -> Result<()> {
    let before = out.len();
    match value {
        Value::Undefined(_) => out.push_str("Undefined"),
        Value::None => out.push_str("None"),
        Value::Bool(true) => out.push_str("True"),
        Value::Bool(false) => out.push_str("False"),
        Value::Int(number) => out.push_str(&number.to_string()),
        Value::Float(number) => out.push_str(&float(*number)),
        Value::Text(text) => {
            meter.bytes(text.len())?;
            quoted(text, out);
        }
        Value::List(items) => return series("[", &items.items, "]", out, meter),
        Value::Tuple(items) => {
            let end = if items.items.len() == 1 { ",)" } else { ")" };
            return series("(", &items.items, end, out, meter);
        }
        Value::View(kind, items) => {
            out.push_str(kind);
            return series("([", &items.items, "])", out, meter);
        }
        Value::Dict(dict) => return pairs(dict.entries(), out, meter),
        Value::Range(range) => match **range {
            [start, stop, 1] => out.push_str(&format!("range({start}, {stop})")),
            [start, stop, step] => out.push_str(&format!("range({start}, {stop}, {step})")),
        },
        Value::Namespace(names) => {
            out.push_str("<Namespace ");
            let names = names.borrow().clone();
            meter.deeper(|| pairs(names.entries(), out, meter))?;
            out.push('>');
        }
        Value::Macro(of) => out.push_str(&format!("<Macro '{}'>", of.body.name)),
        Value::Loop(state) => {
            let (index, length) = (state.index.get() + 1, state.items.items.len());
            out.push_str(&format!("<LoopContext {index}/{length}>"));
        }
        // Python adds where in its memory they lie.
        Value::Once(_) | Value::Method(_) | Value::Function(_) => {
            out.push_str(&format!("<{} object>", value.type_name()));
        }
    }
    meter.bytes(out.len() - before)
}

fn series(begin: &str, items: &[Value], end: &str, out: &mut String, meter: &Meter) -> Result<()> {
    out.push_str(begin);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        meter.steps(1)?;
        write_repr(item, out, meter)?;
    }
    out.push_str(end);
    Ok(())
}

fn pairs(entries: &[(Value, Value)], out: &mut String, meter: &Meter) -> Result<()> {
    out.push('{');
    for (index, (key, value)) in entries.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        meter.steps(1)?;
        write_repr(key, out, meter)?;
        out.push_str(": ");
        write_repr(value, out, meter)?;
    }
    out.push('}');
    Ok(())
}

/// A text in quotes: single ones, unless it has such and no double ones.
fn quoted(text: &str, out: &mut String) {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if c == quote => out.extend(['\\', c]),
            _ if is_printable(c) => out.push(c),
            _ => match u32::from(c) {
                code @ ..0x100 => out.push_str(&format!("\\x{code:02x}")),
                code @ ..0x10000 => out.push_str(&format!("\\u{code:04x}")),
                code => out.push_str(&format!("\\U{code:08x}")),
            },
        }
    }
    out.push(quote);
}

/// Python's `str.isprintable`. Rust knows the same of a character that is not the first: there a combining one is
/// printed as well.
pub(super) fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        return (' '..='~').contains(&c);
    }
    let mut buffer = [b'a'; 5];
    let length = c.encode_utf8(&mut buffer[1..]).len();
    let text = std::str::from_utf8(&buffer[..=length]).unwrap_or_default();
    text.escape_debug().nth(1) == Some(c)
}

/// Digits and exponent of a number, `d.ddd × 10^exponent`, the shortest that stand for it.
fn shortest(number: f64) -> (String, i32) {
    let spelled = format!("{:e}", number.abs());
    let (digits, exponent) = spelled.split_once('e').unwrap_or((&spelled, "0"));
    (digits.replace('.', ""), exponent.parse().unwrap_or(0))
}

/// Python's `repr` of a float.
pub(super) fn float(number: f64) -> String {
    if number.is_nan() {
        return "nan".into();
    }
    let sign = if number.is_sign_negative() { "-" } else { "" };
    if number.is_infinite() {
        return format!("{sign}inf");
    }
    let (digits, exponent) = shortest(number);
    if (-4..16).contains(&exponent) {
        return format!("{number:?}");
    }
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    let way = if exponent < 0 { '-' } else { '+' };
    format!("{sign}{first}{point}{rest}e{way}{:02}", exponent.abs())
}

/// Python's `int(text)`.
pub(super) fn parse_int(text: &str, radix: u32) -> Option<i128> {
    let text = text.trim_matches(super::lexer::is_blank);
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let prefix = match radix {
        16 => "0x",
        8 => "0o",
        2 => "0b",
        _ => "",
    };
    let lower = digits.to_ascii_lowercase();
    let digits = lower.strip_prefix(prefix).unwrap_or(&lower);
    let underscores = digits.starts_with('_') || digits.ends_with('_') || digits.contains("__");
    if underscores || digits.starts_with(['-', '+']) {
        return None;
    }
    let digits = digits.replace('_', "");
    i128::from_str_radix(&digits, radix).ok().map(|n| sign * n)
}

/// Python's `float(text)`.
pub(super) fn parse_float(text: &str) -> Option<f64> {
    let text = text.trim_matches(super::lexer::is_blank).replace('_', "");
    text.parse().ok()
}

/// Python's `round(number, digits)`: halves to the even neighbour of the exact value.
pub(super) fn round(number: f64, digits: i128) -> Result<f64> {
    if !(-300..=300).contains(&digits) {
        return Ok(if digits > 0 { number } else { 0.0 * number });
    }
    if digits >= 0 {
        // Rust's formatting is exact, and rounds halves to even.
        let spelled = format!("{number:.*}", digits as usize);
        return spelled
            .parse()
            .map_err(|_| Fault::failed("the number cannot be rounded"));
    }
    let unit = 10f64.powi(-digits as i32);
    Ok((number / unit).round_ties_even() * unit)
}
