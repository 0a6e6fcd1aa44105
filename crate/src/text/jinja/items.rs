//! What stands in lists, texts and dictionaries, and where.

use std::rc::Rc;

use super::fault::{Fault, Result};
use super::meter::Meter;
use super::value::{position, range_len, Value};

/// `value in container`.
pub(super) fn contains(container: &Value, value: &Value, meter: &Meter) -> Result<bool> {
    match container {
        Value::Text(text) => match value {
            Value::Text(part) => {
                meter.steps(text.len() / 256)?;
                Ok(text.contains(&**part))
            }
            _ => Err(Fault::failed(format!(
                "'in <string>' requires string as left operand, not {}",
                value.type_name()
            ))),
        },
        Value::Dict(dict) => {
            meter.steps(dict.entries().len() / 8)?;
            Ok(dict.get(value, meter)?.is_some())
        }
        Value::List(items) | Value::Tuple(items) | Value::View(_, items) => {
            meter.steps(items.items.len() / 8)?;
            Ok(position(items.items.iter(), value, meter)?.is_some())
        }
        _ if container.len().is_none() && !matches!(container, Value::Once(_)) => {
            Err(Fault::failed(format!(
                "argument of type '{}' is not iterable",
                container.type_name()
            )))
        }
        _ => Ok(position(container.items(meter)?.iter(), value, meter)?.is_some()),
    }
}

/// The place of an index of a sequence of `len`; negative ones count from the end.
pub(super) fn place(index: i128, len: usize) -> Option<usize> {
    let index = if index < 0 {
        index + len as i128
    } else {
        index
    };
    usize::try_from(index).ok().filter(|&index| index < len)
}

/// `value[start:stop:step]`; `None` where the value cannot be cut.
pub(super) fn slice(value: &Value, parts: [Value; 3], meter: &Meter) -> Result<Option<Value>> {
    let part = |part: &Value| match part {
        Value::None => Ok(None),
        _ => part.as_int().map(Some).ok_or_else(|| {
            Fault::failed("slice indices must be integers or None or have an __index__ method")
        }),
    };
    let [start, stop, step] = [part(&parts[0])?, part(&parts[1])?, part(&parts[2])?];
    let step = step.unwrap_or(1);
    if step == 0 {
        return Err(Fault::failed("slice step cannot be zero"));
    }
    let Some(len) = value.len() else {
        return Ok(None);
    };
    let len = len as i128;
    let (low, high) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let clamp = |index: Option<i128>, default: i128| match index {
        Some(index) if index < 0 => (index.saturating_add(len)).max(low),
        Some(index) => index.min(high),
        None => default,
    };
    let (first, last) = if step > 0 { (low, high) } else { (high, low) };
    let (mut at, stop) = (clamp(start, first), clamp(stop, last));
    let mut places = Vec::new();
    while (step > 0 && at < stop) || (step < 0 && at > stop) {
        places.push(at as usize);
        at = at.saturating_add(step);
    }
    meter.bytes(places.len() * size_of::<Value>())?;
    Ok(Some(match value {
        Value::Text(text) => {
            let characters: Vec<char> = text.chars().collect();
            let cut: String = places.iter().map(|&at| characters[at]).collect();
            Value::text(cut)
        }
        Value::List(items) => Value::list(picked(&items.items, &places), meter)?,
        Value::Tuple(items) => Value::tuple(picked(&items.items, &places), meter)?,
        Value::Range(_) => Value::list(picked(&value.items(meter)?, &places), meter)?,
        _ => return Ok(None),
    }))
}

fn picked(items: &[Value], places: &[usize]) -> Vec<Value> {
    places.iter().map(|&at| items[at].clone()).collect()
}

/// `value[index]`; `None` where there is nothing.
pub(super) fn item(value: &Value, index: &Value, meter: &Meter) -> Result<Option<Value>> {
    let at = |len: usize| index.as_int().and_then(|index| place(index, len));
    Ok(match value {
        Value::Undefined(why) => return Err(Fault::failed(&**why)),
        Value::Dict(dict) => {
            meter.steps(dict.entries().len() / 8)?;
            dict.get(index, meter)?.cloned()
        }
        Value::List(items) | Value::Tuple(items) => {
            at(items.items.len()).map(|at| items.items[at].clone())
        }
        Value::Text(text) => {
            meter.steps(text.len() / 256)?;
            let found = index
                .as_int()
                .and_then(|index| place(index, text.chars().count()))
                .and_then(|at| text.chars().nth(at));
            found.map(|c| Value::text(c.to_string()))
        }
        Value::Range(range) => {
            at(range_len(range)).map(|at| Value::Int(range[0] + range[2] * at as i128))
        }
        _ => None,
    })
}

/// A text's characters with `times` of `fill` before and behind.
pub(super) fn padded(
    text: &str,
    before: usize,
    behind: usize,
    fill: char,
    meter: &Meter,
) -> Result<Rc<str>> {
    let added = before
        .saturating_add(behind)
        .saturating_mul(fill.len_utf8());
    meter.bytes(added.saturating_add(text.len()))?;
    let mut out = String::with_capacity(text.len() + added);
    out.extend(std::iter::repeat_n(fill, before));
    out.push_str(text);
    out.extend(std::iter::repeat_n(fill, behind));
    Ok(out.into())
}
