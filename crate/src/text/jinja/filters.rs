//! The filters for lists and dictionaries; the others are in [`super::text_filters`].

use std::cmp::Ordering;
use std::rc::Rc;

use super::arguments::{flag, needed, text, width, Given};
use super::attributes::{attribute, method, subscript};
use super::fault::{Fault, Result};
use super::meter::Meter;
use super::names::{is_filter, is_test};
use super::operators::binary;
use super::python::str;
use super::tests;
use super::text_filters;
use super::value::{compare, equal, position, sorted, Value};

/// Applies the filter `name`. The value is the first argument.
pub(super) fn apply(name: &str, given: Given, meter: &Meter) -> Result<Value> {
    meter.steps(1)?;
    if text_filters::has(name) {
        return text_filters::apply(name, given, meter);
    }
    match name {
        "map" => return map(given, meter),
        "select" | "reject" | "selectattr" | "rejectattr" => return select(name, given, meter),
        "sort" | "unique" | "min" | "max" | "groupby" => return ordered(name, given, meter),
        "dictsort" => return dictsort(given, meter),
        "join" => {
            let [value, separator, by] = given.bind(name, ["value", "d", "attribute"])?;
            let items = needed(value, name, "value")?.items(meter)?;
            let separator = separator
                .map(|separator| str(&separator, meter))
                .transpose()?;
            let by = Key::new(by, true);
            let texts: Result<Vec<String>> = items
                .iter()
                .map(|item| str(&by.of(item, meter)?, meter))
                .collect();
            let texts = texts?;
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            return super::methods::join(&separator.unwrap_or_default(), &texts, meter);
        }
        "sum" => {
            let [value, by, start] = given.bind(name, ["iterable", "attribute", "start"])?;
            let by = Key::new(by, true);
            let mut sum = start.unwrap_or(Value::Int(0));
            for item in needed(value, name, "iterable")?.items(meter)? {
                sum = binary("+", &sum, &by.of(&item, meter)?, meter)?;
            }
            return Ok(sum);
        }
        "batch" | "slice" => return parts(name, given, meter),
        "attr" => {
            let [value, of] = given.bind(name, ["obj", "name"])?;
            let of = text(&needed(of, name, "name")?, name)?;
            let value = needed(value, name, "obj")?;
            // Not the items of a dictionary: attributes alone.
            if matches!(value, Value::Dict(_)) && method(&value, &of).is_none() {
                let why = format!("'dict object' has no attribute '{of}'");
                return Ok(Value::Undefined(why.into()));
            }
            return attribute(&value, &of, meter);
        }
        _ => {}
    }
    let [value] = given.bind(name, ["value"])?;
    let value = needed(value, name, "value")?;
    let empty =
        |which: &str| Value::Undefined(format!("No {which} item, sequence was empty.").into());
    match name {
        "count" | "length" => match charged_len(&value, meter)? {
            Some(length) => Ok(Value::Int(length as i128)),
            None => Err(Fault::failed(format!(
                "object of type '{}' has no len()",
                value.type_name()
            ))),
        },
        "first" => {
            let first = value.items(meter)?.into_iter().next();
            Ok(first.unwrap_or_else(|| empty("first")))
        }
        "last" => {
            if matches!(value, Value::Once(_)) {
                return Err(Fault::failed("'generator' object is not reversible"));
            }
            Ok(value.items(meter)?.pop().unwrap_or_else(|| empty("last")))
        }
        "list" => Value::list(value.items(meter)?, meter),
        "items" => match &value {
            Value::Undefined(_) => Value::once(Vec::new(), meter),
            Value::Dict(dict) => {
                let pair =
                    |(k, v): &(Value, Value)| Value::tuple(vec![k.clone(), v.clone()], meter);
                let pairs: Result<Vec<_>> = dict.entries().iter().map(pair).collect();
                Value::once(pairs?, meter)
            }
            _ => Err(Fault::failed("Can only get item pairs from a mapping.")),
        },
        // "reverse"
        _ => {
            if let Value::Text(text) = &value {
                meter.bytes(text.len())?;
                return Ok(Value::text(text.chars().rev().collect::<String>()));
            }
            let mut items = value.items(meter)?;
            items.reverse();
            Value::once(items, meter)
        }
    }
}

/// Python's `len`; a text's characters are counted.
fn charged_len(value: &Value, meter: &Meter) -> Result<Option<usize>> {
    meter.steps(value.as_text().map_or(0, |text| text.len()) / 256)?;
    Ok(value.len())
}

/// What of an item counts: itself, or an attribute such as `content.0.text`.
struct Key {
    path: Vec<Value>,
    default: Option<Value>,
    case_sensitive: bool,
}

impl Key {
    fn new(attribute: Option<Value>, case_sensitive: bool) -> Self {
        let part = |part: &str| match part.parse() {
            Ok(index) if part.bytes().all(|b| b.is_ascii_digit()) => Value::Int(index),
            _ => Value::text(part),
        };
        let path = match attribute {
            None | Some(Value::None) => Vec::new(),
            Some(Value::Text(text)) => text.split('.').map(part).collect(),
            Some(other) => vec![other],
        };
        Self {
            path,
            default: None,
            case_sensitive,
        }
    }

    fn of(&self, item: &Value, meter: &Meter) -> Result<Value> {
        let mut value = item.clone();
        for part in &self.path {
            value = subscript(&value, part, meter)?;
            if let (Value::Undefined(_), Some(default)) = (&value, &self.default) {
                value = default.clone();
            }
        }
        match &value {
            Value::Text(text) if !self.case_sensitive => {
                meter.bytes(text.len())?;
                Ok(Value::text(text.to_lowercase()))
            }
            _ => Ok(value),
        }
    }
}

/// An item behind the keys by which it is sorted.
type Keyed = (Vec<Value>, Value);

/// Sorts by keys. A comparison that fails ends it.
fn sort(items: Vec<Keyed>, reverse: bool, meter: &Meter) -> Result<Vec<Keyed>> {
    sorted(items, &mut |(a, _): &Keyed, (b, _): &Keyed| {
        meter.steps(1)?;
        for (a, b) in a.iter().zip(b) {
            match compare(a, b, "<", meter) {
                Ok(Some(Ordering::Equal)) | Ok(None) => {}
                Ok(Some(order)) => return Ok(if reverse { order.reverse() } else { order }),
                // Python asks for equality first.
                Err(_) if equal(a, b, meter)? => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(Ordering::Equal)
    })
}

fn ordered(name: &str, given: Given, meter: &Meter) -> Result<Value> {
    let [value, second, third, fourth] = match name {
        "sort" => given.bind(name, ["value", "reverse", "case_sensitive", "attribute"])?,
        "groupby" => given.bind(name, ["value", "attribute", "default", "case_sensitive"])?,
        _ => given.bind(name, ["value", "case_sensitive", "attribute", "-"])?,
    };
    let items = needed(value, name, "value")?.items(meter)?;
    let (reverse, case, by, default) = match name {
        "sort" => (flag(&second), flag(&third), fourth, None),
        "groupby" => (
            false,
            flag(&fourth),
            Some(needed(second, name, "attribute")?),
            third,
        ),
        _ => (false, flag(&second), third, None),
    };
    // Several attributes with commas between them are sorted by one after the other.
    let keys: Vec<Key> = match &by {
        Some(Value::Text(text)) if name == "sort" => {
            let parts = text.split(',').map(|part| Some(Value::text(part)));
            parts.map(|part| Key::new(part, case)).collect()
        }
        _ => vec![Key::new(by.clone(), case)],
    };
    let keys: Vec<Key> = keys
        .into_iter()
        .map(|key| Key {
            default: default.clone(),
            ..key
        })
        .collect();
    let mut keyed = Vec::with_capacity(items.len());
    for item in items {
        let key: Result<Vec<Value>> = keys.iter().map(|key| key.of(&item, meter)).collect();
        keyed.push((key?, item));
    }
    let values = |keyed: Vec<(Vec<Value>, Value)>| keyed.into_iter().map(|(_, item)| item);
    match name {
        "sort" => {
            keyed = sort(keyed, reverse, meter)?;
            Value::list(values(keyed).collect(), meter)
        }
        "unique" => {
            let mut seen: Vec<(Vec<Value>, Value)> = Vec::new();
            for (key, item) in keyed {
                meter.steps(seen.len() / 8)?;
                let known = seen.iter().map(|(known, _)| &known[0]);
                if position(known, &key[0], meter)?.is_none() {
                    seen.push((key, item));
                }
            }
            Value::once(values(seen).collect(), meter)
        }
        "groupby" => {
            keyed = sort(keyed, false, meter)?;
            let by = Key {
                default,
                ..Key::new(by, true)
            };
            grouped(keyed, &by, meter)
        }
        _ => extreme(keyed, name == "max", meter),
    }
}

/// The first of the least or greatest items.
fn extreme(keyed: Vec<(Vec<Value>, Value)>, greatest: bool, meter: &Meter) -> Result<Value> {
    let mut best: Option<(Vec<Value>, Value)> = None;
    for (key, item) in keyed {
        let better = match &best {
            None => true,
            Some((known, _)) => {
                let (operator, wanted) = if greatest {
                    (">", Ordering::Greater)
                } else {
                    ("<", Ordering::Less)
                };
                compare(&key[0], &known[0], operator, meter)? == Some(wanted)
            }
        };
        if better {
            best = Some((key, item));
        }
    }
    let none = || Value::Undefined("No aggregated item, sequence was empty.".into());
    Ok(best.map_or_else(none, |(_, item)| item))
}

/// Pairs of a key as it was written and the items with it.
fn grouped(keyed: Vec<(Vec<Value>, Value)>, by: &Key, meter: &Meter) -> Result<Value> {
    let mut groups: Vec<(Vec<Value>, Vec<Value>)> = Vec::new();
    for (key, item) in keyed {
        match groups.last_mut() {
            Some((known, items)) if equal(&known[0], &key[0], meter)? => items.push(item),
            _ => groups.push((key, vec![item])),
        }
    }
    let pair = |(_, items): (_, Vec<Value>)| {
        let key = by.of(&items[0], meter)?;
        Value::tuple(vec![key, Value::list(items, meter)?], meter)
    };
    let pairs: Result<Vec<_>> = groups.into_iter().map(pair).collect();
    Value::list(pairs?, meter)
}

fn dictsort(given: Given, meter: &Meter) -> Result<Value> {
    let parameters = ["value", "case_sensitive", "by", "reverse"];
    let [value, case, by, reverse] = given.bind("dictsort", parameters)?;
    let Some(Value::Dict(dict)) = value else {
        return Err(Fault::failed("dictsort takes a dict"));
    };
    let by = by.as_ref().and_then(Value::as_text).unwrap_or("key");
    let key = Key::new(None, flag(&case));
    let mut keyed = Vec::new();
    for (name, value) in dict.entries() {
        let of = match by {
            "key" => name,
            "value" => value,
            _ => {
                return Err(Fault::failed(
                    "You can only sort by either \"key\" or \"value\"",
                ))
            }
        };
        let pair = Value::tuple(vec![name.clone(), value.clone()], meter)?;
        keyed.push((vec![key.of(of, meter)?], pair));
    }
    keyed = sort(keyed, flag(&reverse), meter)?;
    Value::list(keyed.into_iter().map(|(_, pair)| pair).collect(), meter)
}

/// The name in the first of the arguments that are left, and those behind it.
fn named(mut given: Given) -> Result<(Rc<str>, Given)> {
    let name = text(&given.positional.remove(0), "map")?;
    Ok((name, given))
}

fn again(first: &Value, given: &Given, meter: &Meter) -> Result<Given> {
    let copied = given.positional.len() + given.named.len();
    meter.bytes((1 + copied) * size_of::<Value>())?;
    meter.steps(copied / 8)?;
    let mut positional = vec![first.clone()];
    positional.extend(given.positional.iter().cloned());
    Ok(Given {
        positional,
        named: given.named.clone(),
    })
}

fn map(mut given: Given, meter: &Meter) -> Result<Value> {
    if given.positional.is_empty() {
        return Err(Fault::failed("map requires a value"));
    }
    let value = given.positional.remove(0);
    let items = if value.is_true() {
        value.items(meter)?
    } else {
        Vec::new()
    };
    let mut mapped = Vec::with_capacity(items.len());
    if given.positional.is_empty() {
        let [by, default] = given.bind("map", ["attribute", "default"])?;
        let key = Key {
            default,
            ..Key::new(Some(needed(by, "map", "attribute")?), true)
        };
        for item in &items {
            mapped.push(key.of(item, meter)?);
        }
        return Value::once(mapped, meter);
    }
    let (name, given) = named(given)?;
    if !is_filter(&name) {
        return Err(Fault::failed(format!("No filter named '{name}'.")));
    }
    for item in &items {
        mapped.push(meter.deeper(|| apply(&name, again(item, &given, meter)?, meter))?);
    }
    Value::once(mapped, meter)
}

fn select(name: &str, mut given: Given, meter: &Meter) -> Result<Value> {
    if given.positional.is_empty() {
        return Err(Fault::failed(format!("{name} requires a value")));
    }
    let value = given.positional.remove(0);
    let mut key = Key::new(None, true);
    if name.ends_with("attr") {
        if given.positional.is_empty() {
            return Err(Fault::failed("Missing parameter for attribute name"));
        }
        key = Key::new(Some(given.positional.remove(0)), true);
    }
    let test = if given.positional.is_empty() {
        None
    } else {
        let (test, given) = named(given)?;
        if !is_test(&test) {
            return Err(Fault::failed(format!("No test named '{test}'.")));
        }
        Some((test, given))
    };
    let items = if value.is_true() {
        value.items(meter)?
    } else {
        Vec::new()
    };
    let wanted = name.starts_with("select");
    let mut kept = Vec::new();
    for item in items {
        meter.steps(1)?;
        let of = key.of(&item, meter)?;
        let passes = match &test {
            Some((test, given)) => {
                let mut given = again(&of, given, meter)?;
                given.positional.remove(0);
                tests::passes(test, &of, given, meter)?
            }
            None => of.is_true(),
        };
        if passes == wanted {
            kept.push(item);
        }
    }
    Value::once(kept, meter)
}

fn parts(name: &str, given: Given, meter: &Meter) -> Result<Value> {
    let [value, count, fill] = given.bind(name, ["value", "count", "fill_with"])?;
    let items = needed(value, name, "value")?.items(meter)?;
    let count = width(&needed(count, name, "count")?, name)?;
    if count == 0 {
        return Err(Fault::failed("the number of parts must be above 0"));
    }
    let fill = fill.filter(|fill| !matches!(fill, Value::None));
    let mut lists = Vec::new();
    if name == "batch" {
        for part in items.chunks(count) {
            let mut part = part.to_vec();
            if let Some(fill) = &fill {
                meter.bytes((count - part.len()).saturating_mul(size_of::<Value>()))?;
                part.resize(count, fill.clone());
            }
            lists.push(Value::list(part, meter)?);
        }
        return Value::once(lists, meter);
    }
    meter.bytes(count.saturating_mul(size_of::<Value>()))?;
    let (each, extra) = (items.len() / count, items.len() % count);
    let mut rest = items.as_slice();
    for number in 0..count {
        let (part, behind) = rest.split_at(each + usize::from(number < extra));
        rest = behind;
        let mut part = part.to_vec();
        if number >= extra {
            part.extend(fill.clone());
        }
        lists.push(Value::list(part, meter)?);
    }
    Value::once(lists, meter)
}
