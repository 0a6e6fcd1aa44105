//! The methods of Python's texts, lists and dictionaries that templates call.

use std::rc::Rc;

use super::arguments::{flag, int, needed, text, width, Given};
use super::attributes::attribute;
use super::fault::{Fault, Result};
use super::format;
use super::items::padded;
use super::lexer::is_blank;
use super::meter::Meter;
use super::python::is_printable;
use super::value::{equal, position, Sequence, Value};

/// Calls the method `name` of `value`.
pub(super) fn call(value: &Value, name: &str, given: Given, meter: &Meter) -> Result<Value> {
    match value {
        Value::Text(of) => {
            meter.bytes(of.len())?;
            of_text(of, name, given, meter)
        }
        Value::List(items) => of_sequence(value, &items.items, name, given, meter),
        Value::Tuple(items) => of_sequence(value, &items.items, name, given, meter),
        Value::Range(_) => of_sequence(value, &value.items(meter)?, name, given, meter),
        Value::Dict(dict) => of_dict(value, dict.entries(), name, given, meter),
        Value::Loop(state) if name == "cycle" => {
            let items = given.positional;
            match state.index.get().checked_rem(items.len()) {
                Some(at) => Ok(items[at].clone()),
                None => Err(Fault::failed("no items for cycling given")),
            }
        }
        Value::Loop(state) => {
            if state.ended.get() {
                return Err(Fault::failed("'changed' of a loop that has ended"));
            }
            let now = Sequence::new(given.positional, meter)?;
            let before = state.changed.replace(Some(now.clone()));
            let same = match before {
                Some(before) => equal(&Value::Tuple(before), &Value::Tuple(now), meter)?,
                None => false,
            };
            Ok(Value::Bool(!same))
        }
        Value::Float(number) => Ok(Value::Bool(number.fract() == 0.0)),
        _ => Err(missing(value, name)),
    }
}

fn missing(value: &Value, name: &str) -> Fault {
    let kind = value.type_name();
    Fault::failed(format!("'{kind} object' has no attribute '{name}'"))
}

fn of_dict(
    value: &Value,
    entries: &[(Value, Value)],
    name: &str,
    given: Given,
    meter: &Meter,
) -> Result<Value> {
    let view = |kind, items: Vec<Value>| Ok(Value::View(kind, Sequence::new(items, meter)?));
    match name {
        "get" => {
            let [key, default] = given.bind("get", ["key", "default"])?;
            let key = needed(key, "get", "key")?;
            let found = super::items::item(value, &key, meter)?;
            Ok(found.or(default).unwrap_or(Value::None))
        }
        "keys" => view(
            "dict_keys",
            entries.iter().map(|(k, _)| k.clone()).collect(),
        ),
        "values" => view(
            "dict_values",
            entries.iter().map(|(_, v)| v.clone()).collect(),
        ),
        "items" => {
            let pair = |(k, v): &(Value, Value)| Value::tuple(vec![k.clone(), v.clone()], meter);
            let pairs: Result<Vec<_>> = entries.iter().map(pair).collect();
            view("dict_items", pairs?)
        }
        "copy" => Ok(value.clone()),
        _ => Err(missing(value, name)),
    }
}

fn of_sequence(
    value: &Value,
    items: &[Value],
    name: &str,
    given: Given,
    meter: &Meter,
) -> Result<Value> {
    meter.steps(items.len() / 8)?;
    if name == "copy" {
        return Ok(value.clone());
    }
    let [wanted, start, end] = given.bind(name, ["value", "start", "end"])?;
    let wanted = needed(wanted, name, "value")?;
    if name == "count" {
        let mut count = 0;
        for item in items {
            count += i128::from(equal(item, &wanted, meter)?);
        }
        return Ok(Value::Int(count));
    }
    let range = bounds(start, end, items.len(), name)?;
    let found = position(items[range.clone()].iter(), &wanted, meter)?;
    match found {
        Some(at) => Ok(Value::Int((range.start + at) as i128)),
        None => Err(Fault::failed("the value is not in the list")),
    }
}

/// The range from `start` to `end`, as Python cuts it.
fn bounds(
    start: Option<Value>,
    end: Option<Value>,
    len: usize,
    name: &str,
) -> Result<std::ops::Range<usize>> {
    let bound = |value: Option<Value>, default: usize| match value {
        None | Some(Value::None) => Ok(default),
        Some(value) => {
            let at = int(&value, name)?;
            let at = if at < 0 {
                at.saturating_add(len as i128).max(0)
            } else {
                at
            };
            Ok(usize::try_from(at).unwrap_or(usize::MAX).min(len))
        }
    };
    let (start, end) = (bound(start, 0)?, bound(end, len)?);
    Ok(start..end.max(start))
}

/// The byte of a character's number.
fn byte_of(text: &str, character: usize) -> usize {
    let mut places = text.char_indices();
    places.nth(character).map_or(text.len(), |(at, _)| at)
}

fn of_text(of: &Rc<str>, name: &str, given: Given, meter: &Meter) -> Result<Value> {
    let done = |text: String| {
        meter.bytes(text.len())?;
        Ok(Value::text(text))
    };
    match name {
        "strip" | "lstrip" | "rstrip" => {
            let [characters] = given.bind(name, ["chars"])?;
            return strip(of, name, characters, meter);
        }
        "split" | "rsplit" => return split(of, name == "rsplit", given, meter),
        "format" => {
            let attribute = |value: &Value, name: &str| attribute(value, name, meter);
            return format::braces(of, &given, &attribute, meter);
        }
        "format_map" => {
            let [names] = given.bind(name, ["mapping"])?;
            let Some(Value::Dict(names)) = names else {
                return Err(Fault::failed("format_map takes a dict"));
            };
            let pair = |(key, value): &(Value, Value)| {
                key.as_text().map(|key| (key.into(), value.clone()))
            };
            let named = names.entries().iter().filter_map(pair).collect();
            let given = Given {
                positional: Vec::new(),
                named,
            };
            let attribute = |value: &Value, name: &str| attribute(value, name, meter);
            return format::braces(of, &given, &attribute, meter);
        }
        "startswith" | "endswith" | "find" | "rfind" | "index" | "rindex" | "count" => {
            return search(of, name, given)
        }
        "join" => {
            let [items] = given.bind(name, ["iterable"])?;
            let items = needed(items, name, "iterable")?.items(meter)?;
            let mut texts = Vec::with_capacity(items.len());
            for (at, item) in items.iter().enumerate() {
                let Some(item) = item.as_text() else {
                    let found = item.type_name();
                    let message =
                        format!("sequence item {at}: expected str instance, {found} found");
                    return Err(Fault::failed(message));
                };
                texts.push(item);
            }
            return join(of, &texts, meter);
        }
        "replace" => {
            let [old, new, count] = given.bind(name, ["old", "new", "count"])?;
            let old = text(&needed(old, name, "old")?, name)?;
            let new = text(&needed(new, name, "new")?, name)?;
            let count = count
                .map(|count| int(&count, name))
                .transpose()?
                .unwrap_or(-1);
            return replace(of, &old, &new, count, meter);
        }
        "partition" | "rpartition" => {
            let [separator] = given.bind(name, ["sep"])?;
            let separator = text(&needed(separator, name, "sep")?, name)?;
            if separator.is_empty() {
                return Err(Fault::failed("empty separator"));
            }
            let parts = match name {
                "partition" => match of.split_once(&*separator) {
                    Some((left, right)) => [left, &separator, right],
                    None => [of, "", ""],
                },
                _ => match of.rsplit_once(&*separator) {
                    Some((left, right)) => [left, &separator, right],
                    None => ["", "", of],
                },
            };
            return Value::tuple(parts.map(Value::text).to_vec(), meter);
        }
        "removeprefix" | "removesuffix" => {
            let [part] = given.bind(name, ["part"])?;
            let part = text(&needed(part, name, "part")?, name)?;
            let rest = match name {
                "removeprefix" => of.strip_prefix(&*part),
                _ => of.strip_suffix(&*part),
            };
            return Ok(Value::text(rest.unwrap_or(of)));
        }
        "splitlines" => {
            let [keep] = given.bind(name, ["keepends"])?;
            let lines = lines(of, flag(&keep)).into_iter().map(Value::text);
            return Value::list(lines.collect(), meter);
        }
        "center" | "ljust" | "rjust" | "zfill" => return filled(of, name, given, meter),
        "expandtabs" => {
            let [size] = given.bind(name, ["tabsize"])?;
            let size = size
                .map(|size| width(&size, name))
                .transpose()?
                .unwrap_or(8);
            return expand(of, size, meter);
        }
        _ => {}
    }
    let [] = given.bind(name, [])?;
    match name {
        "upper" => done(of.to_uppercase()),
        "lower" | "casefold" => {
            let lower = of.to_lowercase();
            done(if name == "casefold" {
                lower.replace('ß', "ss").replace('ς', "σ")
            } else {
                lower
            })
        }
        "capitalize" => done(capitalised(of)),
        "title" => done(titled(of)),
        "swapcase" => done(
            of.chars()
                .map(|c| {
                    if c.is_uppercase() {
                        c.to_lowercase().to_string()
                    } else {
                        c.to_uppercase().to_string()
                    }
                })
                .collect(),
        ),
        _ => Ok(Value::Bool(is(of, name))),
    }
}

/// The questions `isalpha` and so on.
fn is(of: &str, name: &str) -> bool {
    let all = |question: fn(char) -> bool| !of.is_empty() && of.chars().all(question);
    match name {
        "isalnum" => all(char::is_alphanumeric),
        "isalpha" => all(char::is_alphabetic),
        "isascii" => of.is_ascii(),
        "isdecimal" => all(|c| c.is_numeric() && (c.is_ascii_digit() || is_decimal(c))),
        "isdigit" => {
            all(|c| c.is_ascii_digit() || "¹²³⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉".contains(c) || is_decimal(c))
        }
        "isidentifier" => {
            all(|c| c.is_alphanumeric() || c == '_') && !of.starts_with(char::is_numeric)
        }
        "islower" => of.chars().any(char::is_lowercase) && !of.chars().any(char::is_uppercase),
        "isupper" => of.chars().any(char::is_uppercase) && !of.chars().any(char::is_lowercase),
        "isnumeric" => all(char::is_numeric),
        "isprintable" => of.chars().all(is_printable),
        "isspace" => all(is_blank),
        // "istitle"
        _ => of.chars().any(|c| c.is_uppercase() || c.is_lowercase()) && titled(of) == of,
    }
}

/// Digits of scripts: ten in a row, the first of which ends with 0 or 6 in most.
fn is_decimal(c: char) -> bool {
    c.is_numeric()
        && !c.is_ascii()
        && matches!(u32::from(c),
            0x660..=0x669 | 0x6f0..=0x6f9 | 0x7c0..=0x7c9 | 0x966..=0x96f | 0x9e6..=0x9ef | 0xa66..=0xa6f
            | 0xae6..=0xaef | 0xb66..=0xb6f | 0xbe6..=0xbef | 0xc66..=0xc6f | 0xce6..=0xcef | 0xd66..=0xd6f
            | 0xe50..=0xe59 | 0xed0..=0xed9 | 0xf20..=0xf29 | 0x1040..=0x1049 | 0x17e0..=0x17e9
            | 0x1810..=0x1819 | 0xff10..=0xff19 | 0x1d7ce..=0x1d7ff)
}

/// The first character large, the others small.
pub(super) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(title_case).unwrap_or_default();
    first + &characters.as_str().to_lowercase()
}

/// A character as it begins a word: of those that become several letters, only the first is large.
fn title_case(c: char) -> String {
    let mut upper = c.to_uppercase();
    let first = upper.next().into_iter();
    first.chain(upper.flat_map(char::to_lowercase)).collect()
}

/// Python's `str.title`: each letter behind something else is large.
fn titled(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in text.chars() {
        if inside {
            out.extend(c.to_lowercase());
        } else {
            out.push_str(&title_case(c));
        }
        inside = c.is_uppercase() || c.is_lowercase();
    }
    out
}

/// `text` without what is at its ends; `None` of `characters`: blanks.
pub(super) fn strip(
    of: &str,
    name: &str,
    characters: Option<Value>,
    meter: &Meter,
) -> Result<Value> {
    let characters = match characters {
        None | Some(Value::None) => None,
        Some(characters) => Some(text(&characters, name)?),
    };
    let searched = characters.as_ref().map_or(1, |characters| characters.len());
    meter.steps(of.len().saturating_mul(searched) / 256)?;
    let taken = |c: char| match &characters {
        Some(characters) => characters.contains(c),
        None => is_blank(c),
    };
    let mut rest = of;
    if name != "rstrip" {
        rest = rest.trim_start_matches(taken);
    }
    if name != "lstrip" {
        rest = rest.trim_end_matches(taken);
    }
    Ok(Value::text(rest))
}

fn split(of: &str, from_end: bool, given: Given, meter: &Meter) -> Result<Value> {
    let [separator, most] = given.bind("split", ["sep", "maxsplit"])?;
    let most = most.map(|most| int(&most, "split")).transpose()?;
    let most = most
        .and_then(|most| usize::try_from(most).ok())
        .unwrap_or(usize::MAX - 1);
    let mut parts: Vec<&str> = match separator {
        None | Some(Value::None) => words(of, most, from_end),
        Some(separator) => {
            let separator = text(&separator, "split")?;
            if separator.is_empty() {
                return Err(Fault::failed("empty separator"));
            }
            if from_end {
                of.rsplitn(most.saturating_add(1), &*separator).collect()
            } else {
                of.splitn(most.saturating_add(1), &*separator).collect()
            }
        }
    };
    if from_end {
        parts.reverse();
    }
    meter.bytes(parts.len() * size_of::<Value>())?;
    Value::list(parts.into_iter().map(Value::text).collect(), meter)
}

/// What stands between blanks, at most `most` times cut; from the end, the last first.
fn words(of: &str, most: usize, from_end: bool) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = of;
    loop {
        rest = if from_end {
            rest.trim_end_matches(is_blank)
        } else {
            rest.trim_start_matches(is_blank)
        };
        if rest.is_empty() {
            break;
        }
        let at = if parts.len() == most {
            None
        } else if from_end {
            rest.rfind(is_blank)
        } else {
            rest.find(is_blank)
        };
        let Some(at) = at else {
            // What is not cut keeps the blanks of its own far end.
            parts.push(rest);
            break;
        };
        if from_end {
            let blank = rest[at..].chars().next().map_or(1, char::len_utf8);
            parts.push(&rest[at + blank..]);
            rest = &rest[..at];
        } else {
            parts.push(&rest[..at]);
            rest = &rest[at..];
        }
    }
    parts
}

fn search(of: &str, name: &str, given: Given) -> Result<Value> {
    let [part, start, end] = given.bind(name, ["sub", "start", "end"])?;
    let part = needed(part, name, "sub")?;
    let whole = start.is_none() && end.is_none();
    let range = if whole {
        0..of.len()
    } else {
        let characters = bounds(start, end, of.chars().count(), name)?;
        byte_of(of, characters.start)..byte_of(of, characters.end)
    };
    let inside = &of[range.clone()];
    if name == "startswith" || name == "endswith" {
        let fits = |part: &Value| {
            let part = text(part, name)?;
            Ok::<_, Fault>(match name {
                "startswith" => inside.starts_with(&*part),
                _ => inside.ends_with(&*part),
            })
        };
        if let Value::Tuple(parts) = &part {
            for part in &parts.items {
                if fits(part)? {
                    return Ok(Value::Bool(true));
                }
            }
            return Ok(Value::Bool(false));
        }
        return Ok(Value::Bool(fits(&part)?));
    }
    let part = text(&part, name)?;
    if name == "count" {
        return Ok(Value::Int(inside.matches(&*part).count() as i128));
    }
    let found = if name.starts_with('r') {
        inside.rfind(&*part)
    } else {
        inside.find(&*part)
    };
    match found {
        Some(at) => {
            let at = of[..range.start + at].chars().count();
            Ok(Value::Int(at as i128))
        }
        None if name.ends_with("index") => Err(Fault::failed("substring not found")),
        None => Ok(Value::Int(-1)),
    }
}

/// Texts with `separator` between them.
pub(super) fn join(separator: &str, texts: &[&str], meter: &Meter) -> Result<Value> {
    let between = separator.len().saturating_mul(texts.len());
    let all: usize = texts.iter().map(|text| text.len()).sum();
    meter.bytes(between.saturating_add(all))?;
    Ok(Value::text(texts.join(separator)))
}

/// `of` with `new` for each `old`, at most `count` times if that is not negative.
pub(super) fn replace(of: &str, old: &str, new: &str, count: i128, meter: &Meter) -> Result<Value> {
    let found = if old.is_empty() {
        of.chars().count() + 1
    } else {
        of.matches(old).count()
    };
    let count = usize::try_from(count).unwrap_or(found).min(found);
    meter.bytes(of.len().saturating_add(count.saturating_mul(new.len())))?;
    Ok(Value::text(of.replacen(old, new, count)))
}

/// Python's `splitlines`.
pub(super) fn lines(text: &str, keep: bool) -> Vec<&str> {
    let ends = |c: char| {
        matches!(
            c,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'
                ..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        )
    };
    let (mut lines, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find(ends) {
        let length = if rest[at..].starts_with("\r\n") {
            2
        } else {
            rest[at..].chars().next().map_or(1, char::len_utf8)
        };
        lines.push(&rest[..if keep { at + length } else { at }]);
        rest = &rest[at + length..];
    }
    if !rest.is_empty() {
        lines.push(rest);
    }
    lines
}

fn filled(of: &str, name: &str, given: Given, meter: &Meter) -> Result<Value> {
    let [size, fill] = given.bind(name, ["width", "fillchar"])?;
    let size = width(&needed(size, name, "width")?, name)?;
    let fill = match fill {
        Some(fill) => text(&fill, name)?,
        None => " ".into(),
    };
    let mut fills = fill.chars();
    let (Some(fill), None) = (fills.next(), fills.next()) else {
        return Err(Fault::failed(
            "The fill character must be exactly one character long",
        ));
    };
    let missing = size.saturating_sub(of.chars().count());
    if name == "zfill" {
        let sign = usize::from(of.starts_with(['-', '+']));
        let rest = padded(&of[sign..], missing, 0, '0', meter)?;
        return Ok(Value::text([&of[..sign], &rest].concat()));
    }
    let before = match name {
        "ljust" => 0,
        "rjust" => missing,
        // Python's own way with an odd number.
        _ => missing / 2 + (missing & size & 1),
    };
    Ok(Value::Text(padded(
        of,
        before,
        missing - before,
        fill,
        meter,
    )?))
}

fn expand(of: &str, size: usize, meter: &Meter) -> Result<Value> {
    let (mut out, mut column) = (String::new(), 0);
    for c in of.chars() {
        if c == '\t' {
            let blanks = if size == 0 { 0 } else { size - column % size };
            meter.bytes(blanks)?;
            out.extend(std::iter::repeat_n(' ', blanks));
            column += blanks;
        } else {
            out.push(c);
            column = if c == '\n' || c == '\r' {
                0
            } else {
                column + 1
            };
        }
    }
    Ok(Value::text(out))
}
