//! The filters for texts and numbers.

use super::arguments::{flag, int, needed, text, width, Given};
use super::fault::{Fault, Result};
use super::items::padded;
use super::json;
use super::lexer::is_blank;
use super::meter::Meter;
use super::methods::{capitalised, lines, replace, strip};
use super::python::{parse_float, parse_int, round, str};
use super::value::Value;

const NAMES: [&str; 26] = [
    "tojson",
    "default",
    "d",
    "replace",
    "trim",
    "format",
    "indent",
    "truncate",
    "int",
    "float",
    "round",
    "abs",
    "center",
    "capitalize",
    "e",
    "escape",
    "forceescape",
    "lower",
    "safe",
    "string",
    "striptags",
    "title",
    "upper",
    "urlencode",
    "wordcount",
    "pprint",
];

/// Whether the filter `name` is one of these.
pub(super) fn has(name: &str) -> bool {
    NAMES.contains(&name)
}

/// Applies one of them. The value is the first argument.
pub(super) fn apply(name: &str, given: Given, meter: &Meter) -> Result<Value> {
    match name {
        "tojson" => return json::dumps(given, meter).map(Value::text),
        "default" | "d" => {
            let [value, default, boolean] =
                given.bind(name, ["value", "default_value", "boolean"])?;
            let value = needed(value, name, "value")?;
            let replaced =
                matches!(value, Value::Undefined(_)) || (flag(&boolean) && !value.is_true());
            return Ok(if replaced {
                default.unwrap_or_else(|| Value::text(""))
            } else {
                value
            });
        }
        "replace" => {
            let [value, old, new, count] = given.bind(name, ["s", "old", "new", "count"])?;
            let text =
                |value: Option<Value>, parameter| str(&needed(value, name, parameter)?, meter);
            let (value, old, new) = (text(value, "s")?, text(old, "old")?, text(new, "new")?);
            let count = match count {
                None | Some(Value::None) => -1,
                Some(count) => int(&count, name)?,
            };
            return replace(&value, &old, &new, count, meter);
        }
        "trim" => {
            let [value, characters] = given.bind(name, ["value", "chars"])?;
            let value = str(&needed(value, name, "value")?, meter)?;
            return strip(&value, "strip", characters, meter);
        }
        "format" => return formatted(given, meter),
        "indent" => return indent(given, meter),
        "truncate" => return truncate(given, meter),
        "int" | "float" | "round" | "abs" => return number(name, given),
        "center" => {
            let [value, size] = given.bind(name, ["value", "width"])?;
            let value = str(&needed(value, name, "value")?, meter)?;
            let given = Given::only(vec![size.unwrap_or(Value::Int(80))]);
            return super::methods::call(&Value::text(value), "center", given, meter);
        }
        _ => {}
    }
    let [value] = given.bind(name, ["value"])?;
    let value = needed(value, name, "value")?;
    if name == "urlencode" {
        return urlencode(&value, meter);
    }
    if name == "pprint" {
        return super::python::repr(&value, meter).map(Value::text);
    }
    let text = str(&value, meter)?;
    let changed = match name {
        "capitalize" => capitalised(&text),
        "lower" => text.to_lowercase(),
        "upper" => text.to_uppercase(),
        "title" => title(&text),
        "striptags" => striptags(&text),
        "wordcount" => return Ok(Value::Int(wordcount(&text))),
        // Nothing here is written for HTML: `safe` changes nothing.
        "safe" | "string" => text,
        _ => text
            .replace('&', "&amp;")
            .replace('>', "&gt;")
            .replace('<', "&lt;")
            .replace('\'', "&#39;")
            .replace('"', "&#34;"),
    };
    meter.bytes(changed.len())?;
    Ok(Value::text(changed))
}

fn formatted(given: Given, meter: &Meter) -> Result<Value> {
    let mut values = given.positional.into_iter();
    let template = str(&needed(values.next(), "format", "value")?, meter)?;
    let values = if given.named.is_empty() {
        Value::tuple(values.collect(), meter)?
    } else {
        let mut names = super::value::Dict::default();
        for (name, value) in given.named {
            names.set(Value::Text(name), value, meter)?;
        }
        Value::Dict(names.into())
    };
    super::format::percent(&template, &values, meter)
}

fn indent(given: Given, meter: &Meter) -> Result<Value> {
    let [value, by, first, blank] = given.bind("indent", ["s", "width", "first", "blank"])?;
    let value = text(&needed(value, "indent", "s")?, "indent")?;
    let by = match by {
        Some(Value::Text(by)) => by,
        Some(by) => padded("", width(&by, "indent")?, 0, ' ', meter)?,
        None => "    ".into(),
    };
    let whole = [&*value, "\n"].concat();
    let lines = lines(&whole, false);
    meter.bytes(
        lines
            .len()
            .saturating_mul(by.len() + 1)
            .saturating_add(value.len()),
    )?;
    let mut out = String::new();
    for (number, line) in lines.iter().enumerate() {
        if number > 0 {
            out.push('\n');
        }
        let indented = if number == 0 {
            flag(&first)
        } else {
            flag(&blank) || !line.is_empty()
        };
        if indented {
            out.push_str(&by);
        }
        out.push_str(line);
    }
    Ok(Value::text(out))
}

fn truncate(given: Given, meter: &Meter) -> Result<Value> {
    let parameters = ["s", "length", "killwords", "end", "leeway"];
    let [value, length, kill, end, leeway] = given.bind("truncate", parameters)?;
    let value = text(&needed(value, "truncate", "s")?, "truncate")?;
    let size = |value: Option<Value>, default| match value {
        None | Some(Value::None) => Ok(default),
        Some(value) => width(&value, "truncate"),
    };
    let (length, leeway) = (size(length, 255)?, size(leeway, 5)?);
    let end = match end {
        Some(end) => text(&end, "truncate")?,
        None => "...".into(),
    };
    let kept = length.checked_sub(end.chars().count());
    let kept =
        kept.ok_or_else(|| Fault::failed("truncate: the length is less than that of the end"))?;
    if value.chars().count() <= length.saturating_add(leeway) {
        return Ok(Value::Text(value));
    }
    let cut: String = value.chars().take(kept).collect();
    let cut = match cut.rsplit_once(' ') {
        Some((before, _)) if !flag(&kill) => before,
        _ => &cut,
    };
    meter.bytes(cut.len() + end.len())?;
    Ok(Value::text([cut, &*end].concat()))
}

fn number(name: &str, given: Given) -> Result<Value> {
    let [value, first, second] = match name {
        "int" => given.bind(name, ["value", "default", "base"])?,
        "float" => given.bind(name, ["value", "default", "-"])?,
        _ => given.bind(name, ["value", "precision", "method"])?,
    };
    let value = needed(value, name, "value")?;
    if let Value::Undefined(why) = &value {
        return Err(Fault::failed(&**why));
    }
    match name {
        "int" => {
            let base = second
                .map(|base| int(&base, name))
                .transpose()?
                .unwrap_or(10);
            let base = u32::try_from(base)
                .ok()
                .filter(|base| (2..=36).contains(base));
            let base =
                base.ok_or_else(|| Fault::failed("int() base must be >= 2 and <= 36, or 0"))?;
            let whole = |number: f64| number.is_finite().then_some(Value::Int(number as i128));
            let found = match &value {
                Value::Text(text) => parse_int(text, base)
                    .map(Value::Int)
                    .or_else(|| parse_float(text).and_then(whole)),
                Value::Float(number) => whole(*number),
                _ => value.as_int().map(Value::Int),
            };
            Ok(found.or(first).unwrap_or(Value::Int(0)))
        }
        "float" => {
            let found = match &value {
                Value::Text(text) => parse_float(text),
                _ => value.as_float(),
            };
            Ok(found
                .map(Value::Float)
                .or(first)
                .unwrap_or(Value::Float(0.0)))
        }
        "abs" => match (value.as_int(), &value) {
            (Some(number), _) => Ok(Value::Int(number.saturating_abs())),
            (_, Value::Float(number)) => Ok(Value::Float(number.abs())),
            _ => Err(Fault::failed(format!(
                "bad operand type for abs(): '{}'",
                value.type_name()
            ))),
        },
        _ => rounded(&value, first, second),
    }
}

fn rounded(value: &Value, precision: Option<Value>, method: Option<Value>) -> Result<Value> {
    let Some(number) = value.as_float() else {
        return Err(Fault::failed(format!(
            "type {} doesn't define __round__ method",
            value.type_name()
        )));
    };
    let precision = precision.map(|precision| int(&precision, "round"));
    let precision = precision.transpose()?.unwrap_or(0);
    let unit = 10f64.powi(precision.clamp(-400, 400) as i32);
    match method
        .as_ref()
        .map(|method| text(method, "round"))
        .transpose()?
        .as_deref()
    {
        None | Some("common") => match value.as_int() {
            Some(whole) if precision >= 0 => Ok(Value::Int(whole)),
            Some(_) => Ok(Value::Int(round(number, precision)? as i128)),
            None => round(number, precision).map(Value::Float),
        },
        Some("ceil") => Ok(Value::Float((number * unit).ceil() / unit)),
        Some("floor") => Ok(Value::Float((number * unit).floor() / unit)),
        _ => Err(Fault::failed("method must be common, ceil or floor")),
    }
}

/// Jinja's own `title`: what stands behind a blank, a hyphen or an opening bracket is large.
fn title(text: &str) -> String {
    let mut out = String::new();
    let mut begins = true;
    for c in text.chars() {
        let separates = is_blank(c) || "-({[<".contains(c);
        if begins && !separates {
            out.extend(c.to_uppercase());
        } else {
            out.extend(c.to_lowercase());
        }
        begins = separates;
    }
    out
}

fn striptags(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let comment = rest[at..].starts_with("<!--");
        let end = if comment { "-->" } else { ">" };
        let Some(length) = rest[at..].find(end) else {
            out.push_str(&rest[at..]);
            rest = "";
            break;
        };
        rest = &rest[at + length + end.len()..];
    }
    out.push_str(rest);
    let words: Vec<&str> = out
        .split(is_blank)
        .filter(|word| !word.is_empty())
        .collect();
    words
        .join(" ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#39;", "'")
        .replace("&#34;", "\"")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

fn wordcount(text: &str) -> i128 {
    let outside = |c: char| !(c.is_alphanumeric() || c == '_');
    text.split(outside).filter(|word| !word.is_empty()).count() as i128
}

fn urlencode(value: &Value, meter: &Meter) -> Result<Value> {
    let quoted = |value: &Value, kept: &[u8]| -> Result<String> {
        let text = str(value, meter)?;
        meter.bytes(3 * text.len())?;
        let mut out = String::new();
        for &byte in text.as_bytes() {
            if byte.is_ascii_alphanumeric() || b"_.-~".contains(&byte) || kept.contains(&byte) {
                out.push(byte.into());
            } else {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
        Ok(out)
    };
    let pairs = match value {
        Value::Dict(dict) => dict.entries().to_vec(),
        Value::Text(_) => return quoted(value, b"/").map(Value::text),
        _ if value.len().is_none() => return quoted(value, b"/").map(Value::text),
        _ => {
            let mut pairs = Vec::new();
            for pair in value.items(meter)? {
                match pair.items(meter)?.as_slice() {
                    [key, value] => pairs.push((key.clone(), value.clone())),
                    _ => return Err(Fault::failed("urlencode takes pairs")),
                }
            }
            pairs
        }
    };
    let mut parts = Vec::new();
    for (key, value) in &pairs {
        let pair = format!("{}={}", quoted(key, b"")?, quoted(value, b"")?);
        parts.push(pair.replace("%20", "+"));
    }
    Ok(Value::text(parts.join("&")))
}
