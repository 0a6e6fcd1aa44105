//! `'%s' % value` and `'{}'.format(value)`, as Python has them.

use std::rc::Rc;

use super::arguments::{self, Given};
use super::fault::{Fault, Result};
use super::items::{item, padded};
use super::meter::Meter;
use super::python::{float, repr, str};
use super::value::Value;

/// Digits behind the point of a number.
const MAX_PRECISION: usize = 10_000;

/// How one value is to be written.
#[derive(Clone)]
struct Spec {
    fill: char,
    /// `<`, `>`, `^` or `=`.
    align: Option<char>,
    /// `+`, `-` or a blank.
    sign: char,
    alternate: bool,
    width: usize,
    comma: bool,
    precision: Option<usize>,
    kind: Option<char>,
}

impl Default for Spec {
    fn default() -> Self {
        Self {
            fill: ' ',
            align: None,
            sign: '-',
            alternate: false,
            width: 0,
            comma: false,
            precision: None,
            kind: None,
        }
    }
}

fn failed<T>(message: impl Into<String>) -> Result<T> {
    Err(Fault::failed(message))
}

/// `template % values`
pub(super) fn percent(template: &str, values: &Value, meter: &Meter) -> Result<Value> {
    let list = match values {
        Value::Tuple(items) => items.items.clone(),
        single => vec![single.clone()],
    };
    let mut next = list.into_iter();
    let mut taken = false;
    let (mut out, mut rest) = (String::new(), template);
    let missing = || Fault::failed("not enough arguments for format string");
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(behind) = rest.strip_prefix('%') {
            out.push('%');
            rest = behind;
            continue;
        }
        let mut named = None;
        if let Some(inside) = rest.strip_prefix('(') {
            let Some((key, behind)) = inside.split_once(')') else {
                return failed("incomplete format key");
            };
            let value = item(values, &Value::text(key), meter)?;
            named = Some(value.ok_or_else(|| Fault::failed(format!("KeyError: '{key}'")))?);
            (rest, taken) = (behind, true);
        }
        let mut number = |rest: &mut &str| -> Result<Option<usize>> {
            if let Some(behind) = rest.strip_prefix('*') {
                *rest = behind;
                let width = arguments::width(&next.next().ok_or_else(missing)?, "%")?;
                return Ok(Some(width));
            }
            Ok(digits(rest))
        };
        let mut spec = Spec {
            align: Some('>'),
            ..Spec::default()
        };
        while let Some(flag) = rest.chars().next().filter(|c| "-+ #0".contains(*c)) {
            match flag {
                '-' => spec.align = Some('<'),
                '0' if spec.align != Some('<') => (spec.align, spec.fill) = (Some('='), '0'),
                '#' => spec.alternate = true,
                '+' | ' ' if spec.sign != '+' => spec.sign = flag,
                _ => {}
            }
            rest = &rest[1..];
        }
        spec.width = number(&mut rest)?.unwrap_or(0);
        if let Some(behind) = rest.strip_prefix('.') {
            rest = behind;
            spec.precision = Some(number(&mut rest)?.unwrap_or(0));
        }
        let Some(kind) = rest.chars().next() else {
            return failed("incomplete format");
        };
        rest = &rest[kind.len_utf8()..];
        let value = match named {
            Some(value) => value,
            None => next.next().ok_or_else(missing)?,
        };
        out.push_str(&percent_value(kind, &value, spec, meter)?);
        meter.bytes(out.len())?;
    }
    out.push_str(rest);
    if next.next().is_some() && !taken && !matches!(values, Value::Dict(_)) {
        return failed("not all arguments converted during string formatting");
    }
    meter.bytes(out.len())?;
    Ok(Value::text(out))
}

fn percent_value(kind: char, value: &Value, mut spec: Spec, meter: &Meter) -> Result<Rc<str>> {
    let text = match kind {
        's' => str(value, meter)?,
        'r' | 'a' => repr(value, meter)?,
        'c' => match value.as_int() {
            Some(code) => u32::try_from(code)
                .ok()
                .and_then(char::from_u32)
                .map(String::from)
                .ok_or_else(|| Fault::failed("%c arg not in range(0x110000)"))?,
            None => str(value, meter)?,
        },
        'd' | 'i' | 'u' | 'x' | 'X' | 'o' => {
            let whole = match value {
                Value::Float(number) if kind != 'x' && kind != 'X' && kind != 'o' => {
                    Some(*number as i128)
                }
                _ => value.as_int(),
            };
            let Some(whole) = whole else {
                let wanted = format!(
                    "%{kind} format: a real number is required, not {}",
                    value.type_name()
                );
                return failed(wanted);
            };
            spec.kind = Some(if "iu".contains(kind) { 'd' } else { kind });
            spec.precision = None;
            return number(&Value::Int(whole), &spec, meter);
        }
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
            spec.kind = Some(kind);
            return number(value, &spec, meter);
        }
        _ => return failed(format!("unsupported format character '{kind}'")),
    };
    let align = if spec.align == Some('<') { '<' } else { '>' };
    let cut = Spec {
        align: Some(align),
        fill: ' ',
        ..spec
    };
    aligned(&text, &cut, meter)
}

/// The digits at the beginning, as a number.
fn digits(rest: &mut &str) -> Option<usize> {
    let length = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (number, behind) = rest.split_at(length);
    *rest = behind;
    (length > 0).then(|| number.parse().unwrap_or(usize::MAX))
}

/// A text of at most `precision` characters in a field.
fn aligned(text: &str, spec: &Spec, meter: &Meter) -> Result<Rc<str>> {
    let cut: String = match spec.precision {
        Some(most) => text.chars().take(most).collect(),
        None => text.to_string(),
    };
    let missing = spec.width.saturating_sub(cut.chars().count());
    let before = match spec.align {
        Some('>' | '=') => missing,
        Some('^') => missing / 2,
        _ => 0,
    };
    padded(&cut, before, missing - before, spec.fill, meter)
}

/// A number in a field.
fn number(value: &Value, spec: &Spec, meter: &Meter) -> Result<Rc<str>> {
    let precision = spec.precision.unwrap_or(6);
    // Rust's own formatting panics beyond 65,535.
    if precision > MAX_PRECISION {
        return Err(Fault::endless("a number of too many digits"));
    }
    meter.bytes(precision)?;
    let whole = "bcdnoxX".contains(spec.kind.unwrap_or('d')) && spec.precision.is_none();
    let (negative, prefix, body) = match value.as_int().filter(|_| whole) {
        Some(int) => {
            let size = int.unsigned_abs();
            let (prefix, body) = match spec.kind {
                Some('x') => ("0x", format!("{size:x}")),
                Some('X') => ("0X", format!("{size:X}")),
                Some('o') => ("0o", format!("{size:o}")),
                Some('b') => ("0b", format!("{size:b}")),
                _ => ("", size.to_string()),
            };
            (int < 0, if spec.alternate { prefix } else { "" }, body)
        }
        None => {
            let Some(real) = value.as_float() else {
                return failed(format!("must be real number, not {}", value.type_name()));
            };
            let size = real.abs();
            let body = match spec.kind {
                Some('e' | 'E') => exponential(size, precision),
                Some('f' | 'F') => format!("{size:.precision$}"),
                Some('%') => format!("{:.precision$}%", size * 100.0),
                Some('g' | 'G' | 'n') => general(size, precision),
                None if spec.precision.is_none() => float(size),
                None => general(size, precision),
                Some(kind) => {
                    return failed(format!(
                        "Unknown format code '{kind}' for object of type '{}'",
                        value.type_name()
                    ))
                }
            };
            let upper = spec.kind.is_some_and(|kind| kind.is_ascii_uppercase());
            let body = if upper { body.to_uppercase() } else { body };
            (real.is_sign_negative(), "", body)
        }
    };
    let body = if spec.comma { with_commas(&body) } else { body };
    let sign = match (negative, spec.sign) {
        (true, _) => "-",
        (false, '+') => "+",
        (false, ' ') => " ",
        _ => "",
    };
    let spec = Spec {
        precision: None,
        align: spec.align.or(Some('>')),
        ..spec.clone()
    };
    if spec.align == Some('=') {
        let inside = Spec {
            width: spec.width.saturating_sub(sign.len() + prefix.len()),
            ..spec
        };
        return Ok([sign, prefix, &aligned(&body, &inside, meter)?]
            .concat()
            .into());
    }
    aligned(&[sign, prefix, &body].concat(), &spec, meter)
}

fn exponential(number: f64, precision: usize) -> String {
    let spelled = format!("{number:.precision$e}");
    let (digits, exponent) = spelled.split_once('e').unwrap_or((&spelled, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let way = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{way}{:02}", exponent.abs())
}

fn general(number: f64, precision: usize) -> String {
    let precision = precision.max(1);
    let scientific = exponential(number, precision - 1);
    let exponent: i32 = scientific
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse().ok())
        .unwrap_or(0);
    let trimmed = |text: &str| {
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_string()
        } else {
            text.to_string()
        }
    };
    if exponent < -4 || exponent >= precision as i32 {
        let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "+00"));
        return format!("{}e{exponent}", trimmed(digits));
    }
    let behind = (precision as i32 - 1 - exponent).max(0) as usize;
    trimmed(&format!("{number:.behind$}"))
}

fn with_commas(body: &str) -> String {
    let end = body
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(body.len());
    let (whole, rest) = body.split_at(end);
    let mut out = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

/// `template.format(…)`
pub(super) fn braces(
    template: &str,
    given: &Given,
    attribute: &dyn Fn(&Value, &str) -> Result<Value>,
    meter: &Meter,
) -> Result<Value> {
    let mut fields = Fields {
        given,
        attribute,
        meter,
        automatic: 0,
    };
    let out = fields.filled(template, 0)?;
    Ok(Value::text(out))
}

struct Fields<'a> {
    given: &'a Given,
    attribute: &'a dyn Fn(&Value, &str) -> Result<Value>,
    meter: &'a Meter,
    /// The number of the next field without a name.
    automatic: usize,
}

impl Fields<'_> {
    fn filled(&mut self, template: &str, depth: usize) -> Result<String> {
        if depth > 2 {
            return failed("Max string recursion exceeded");
        }
        let (mut out, mut rest) = (String::new(), template);
        while let Some(at) = rest.find(['{', '}']) {
            out.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(behind) = rest.strip_prefix(brace) {
                out.push_str(brace);
                rest = behind;
                continue;
            }
            if brace == "}" {
                return failed("Single '}' encountered in format string");
            }
            let Some(end) = field_end(rest) else {
                return failed("expected '}' before end of string");
            };
            let written = self.field(&rest[..end], depth)?;
            self.meter.bytes(written.len())?;
            out.push_str(&written);
            rest = &rest[end + 1..];
        }
        out.push_str(rest);
        self.meter.bytes(out.len())?;
        Ok(out)
    }

    fn field(&mut self, field: &str, depth: usize) -> Result<Rc<str>> {
        let (head, spec) = field.split_once(':').unwrap_or((field, ""));
        let (name, conversion) = match head.split_once('!') {
            Some((name, conversion)) => (name, Some(conversion)),
            None => (head, None),
        };
        let value = self.value(name)?;
        let spec = self.filled(spec, depth + 1)?;
        let spec = parsed(&spec)?;
        let text = match conversion {
            None if value.as_float().is_some() && !matches!(value, Value::Bool(_)) => {
                return number(&value, &spec, self.meter)
            }
            None | Some("s") => str(&value, self.meter)?,
            Some("r" | "a") => repr(&value, self.meter)?,
            Some(other) => return failed(format!("Unknown conversion specifier {other}")),
        };
        if let Some(kind) = spec.kind.filter(|kind| *kind != 's') {
            if value.as_float().is_some() && conversion.is_none() {
                return number(&value, &spec, self.meter);
            }
            return failed(format!(
                "Unknown format code '{kind}' for object of type '{}'",
                value.type_name()
            ));
        }
        aligned(&text, &spec, self.meter)
    }

    /// The value of `name.attribute[index]`.
    fn value(&mut self, name: &str) -> Result<Value> {
        let end = name.find(['.', '[']).unwrap_or(name.len());
        let (first, mut rest) = name.split_at(end);
        let index = if first.is_empty() {
            self.automatic += 1;
            Some(self.automatic - 1)
        } else {
            first.parse().ok()
        };
        let found = match index {
            Some(index) => self.given.positional.get(index),
            None => {
                let mut named = self.given.named.iter();
                named.find(|(known, _)| **known == *first).map(|(_, v)| v)
            }
        };
        let missing = || match index {
            Some(_) => "Replacement index out of range for positional args tuple".to_string(),
            None => format!("KeyError: '{first}'"),
        };
        let mut value = found.cloned().ok_or_else(|| Fault::failed(missing()))?;
        while !rest.is_empty() {
            if let Some(inside) = rest.strip_prefix('[') {
                let (key, behind) = inside
                    .split_once(']')
                    .ok_or_else(|| Fault::failed("Missing ']' in format string"))?;
                let index = match key.parse() {
                    Ok(number) => Value::Int(number),
                    Err(_) => Value::text(key),
                };
                let found = item(&value, &index, self.meter)?;
                value = found.ok_or_else(|| Fault::failed(format!("KeyError: '{key}'")))?;
                rest = behind;
            } else {
                let inside = &rest[1..];
                let end = inside.find(['.', '[']).unwrap_or(inside.len());
                value = (self.attribute)(&value, &inside[..end])?;
                rest = &inside[end..];
            }
        }
        Ok(value)
    }
}

/// Where the field ends, whose own fields are in braces, too.
fn field_end(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// `[[fill]align][sign][#][0][width][,][.precision][kind]`
fn parsed(text: &str) -> Result<Spec> {
    let mut spec = Spec::default();
    let mut rest = text;
    let is_align = |c: &char| "<>^=".contains(*c);
    let mut characters = text.chars();
    let (first, second) = (characters.next(), characters.next());
    if let (Some(fill), Some(align)) = (first, second.filter(is_align)) {
        (spec.fill, spec.align) = (fill, Some(align));
        rest = &text[fill.len_utf8() + 1..];
    } else if let Some(align) = first.filter(is_align) {
        spec.align = Some(align);
        rest = &text[1..];
    }
    if let Some(sign) = rest.chars().next().filter(|c| "+- ".contains(*c)) {
        spec.sign = sign;
        rest = &rest[1..];
    }
    let flag = |rest: &mut &str, flag: char| match rest.strip_prefix(flag) {
        Some(behind) => {
            *rest = behind;
            true
        }
        None => false,
    };
    spec.alternate = flag(&mut rest, '#');
    if flag(&mut rest, '0') && spec.align.is_none() {
        (spec.fill, spec.align) = ('0', Some('='));
    }
    spec.width = digits(&mut rest).unwrap_or(0);
    spec.comma = flag(&mut rest, ',');
    if flag(&mut rest, '.') {
        let precision = digits(&mut rest);
        spec.precision =
            Some(precision.ok_or_else(|| Fault::failed("Format specifier missing precision"))?);
    }
    let mut kind = rest.chars();
    spec.kind = kind.next();
    if kind.next().is_some() {
        return failed("Invalid format specifier");
    }
    Ok(spec)
}
