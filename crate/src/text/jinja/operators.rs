//! Arithmetic, containment and slices, as Python has them.

use std::rc::Rc;

use super::fault::{Fault, Result};
use super::format;
use super::meter::Meter;
use super::value::{compare, equal, Value};

fn too_large() -> Fault {
    Fault::endless("a number is too large")
}

/// `a operator b`.
pub(super) fn binary(operator: &'static str, a: &Value, b: &Value, meter: &Meter) -> Result<Value> {
    if let (Value::Undefined(why), _) | (_, Value::Undefined(why)) = (a, b) {
        if !(operator == "%" && a.as_text().is_some()) {
            return Err(Fault::failed(&**why));
        }
    }
    match (operator, a, b) {
        ("+", Value::Text(a), Value::Text(b)) => {
            meter.bytes(a.len() + b.len())?;
            return Ok(Value::text([&**a, &**b].concat()));
        }
        ("+", Value::List(a), Value::List(b)) => {
            return Value::list([&*a.items, &*b.items].concat(), meter)
        }
        ("+", Value::Tuple(a), Value::Tuple(b)) => {
            return Value::tuple([&*a.items, &*b.items].concat(), meter)
        }
        ("*", _, _) => {
            if let Some(repeated) = repeated(a, b, meter).or_else(|| repeated(b, a, meter)) {
                return repeated;
            }
        }
        ("%", Value::Text(template), _) => return format::percent(template, b, meter),
        _ => {}
    }
    let numbers = match (a.as_int(), b.as_int()) {
        (Some(a), Some(b)) => whole(operator, a, b),
        _ => match (a.as_float(), b.as_float()) {
            (Some(a), Some(b)) => Some(floating(operator, a, b)),
            _ => None,
        },
    };
    numbers.unwrap_or_else(|| Err(unsupported(operator, a, b)))
}

fn unsupported(operator: &str, a: &Value, b: &Value) -> Fault {
    let (left, right) = (a.type_name(), b.type_name());
    let message = match (operator, a) {
        ("+", Value::Text(_)) => {
            format!("can only concatenate str (not \"{right}\") to str")
        }
        ("+", Value::List(_)) => format!("can only concatenate list (not \"{right}\") to list"),
        _ => format!("unsupported operand type(s) for {operator}: '{left}' and '{right}'"),
    };
    Fault::failed(message)
}

/// A text or list several times; `None` for anything else.
fn repeated(value: &Value, times: &Value, meter: &Meter) -> Option<Result<Value>> {
    let times = usize::try_from(times.as_int()?.max(0)).unwrap_or(usize::MAX);
    let enough = |size: usize| meter.bytes(size.saturating_mul(times));
    Some(match value {
        Value::Text(text) => enough(text.len()).map(|()| Value::text(text.repeat(times))),
        Value::List(items) | Value::Tuple(items) => {
            enough(size_of_val(&*items.items)).and_then(|()| {
                let all = std::iter::repeat_n(&items.items, times);
                let items = all.flatten().cloned().collect();
                match value {
                    Value::List(_) => Value::list(items, meter),
                    _ => Value::tuple(items, meter),
                }
            })
        }
        _ => return None,
    })
}

fn whole(operator: &str, a: i128, b: i128) -> Option<Result<Value>> {
    let by_zero = || Fault::failed("division by zero");
    let int = |value: Option<i128>| value.map(Value::Int).ok_or_else(too_large);
    Some(match operator {
        "+" => int(a.checked_add(b)),
        "-" => int(a.checked_sub(b)),
        "*" => int(a.checked_mul(b)),
        "/" if b == 0 => Err(by_zero()),
        "/" => Ok(Value::Float(a as f64 / b as f64)),
        "//" | "%" if b == 0 => Err(Fault::failed("integer division or modulo by zero")),
        "//" => int(a.checked_div_euclid(b).map(|quotient| {
            // Python rounds down where Euclid's remainder would be of the other sign.
            if b < 0 && a.rem_euclid(b) != 0 {
                quotient - 1
            } else {
                quotient
            }
        })),
        "%" => int(a.checked_rem_euclid(b).map(
            |rest| {
                if b < 0 && rest != 0 {
                    rest + b
                } else {
                    rest
                }
            },
        )),
        "**" => match u32::try_from(b) {
            Ok(power) => int(a.checked_pow(power)),
            Err(_) if b < 0 && a == 0 => Err(by_zero()),
            Err(_) if b < 0 => Ok(Value::Float((a as f64).powf(b as f64))),
            Err(_) => Err(too_large()),
        },
        _ => return None,
    })
}

fn floating(operator: &str, a: f64, b: f64) -> Result<Value> {
    if b == 0.0 && ["/", "//", "%"].contains(&operator) {
        return Err(Fault::failed("float division by zero"));
    }
    Ok(Value::Float(match operator {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => a / b,
        "//" => (a / b).floor(),
        "%" => a - b * (a / b).floor(),
        _ => a.powf(b),
    }))
}

/// `-value`, or `+value`.
pub(super) fn signed(value: &Value, negative: bool) -> Result<Value> {
    if let Value::Undefined(why) = value {
        return Err(Fault::failed(&**why));
    }
    if let Some(number) = value.as_int() {
        let number = if negative {
            number.checked_neg()
        } else {
            Some(number)
        };
        return number.map(Value::Int).ok_or_else(too_large);
    }
    match value {
        Value::Float(number) => Ok(Value::Float(if negative { -number } else { *number })),
        _ => Err(Fault::failed(format!(
            "bad operand type for unary {}: '{}'",
            if negative { '-' } else { '+' },
            value.type_name()
        ))),
    }
}

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
            Ok(dict.get(value).is_some())
        }
        Value::List(items) | Value::Tuple(items) | Value::View(_, items) => {
            meter.steps(items.items.len() / 8)?;
            Ok(items.items.iter().any(|item| equal(item, value)))
        }
        _ if container.len().is_none() && !matches!(container, Value::Once(_)) => {
            Err(Fault::failed(format!(
                "argument of type '{}' is not iterable",
                container.type_name()
            )))
        }
        _ => Ok(container
            .items(meter)?
            .iter()
            .any(|item| equal(item, value))),
    }
}

/// `a operator b` of a comparison.
pub(super) fn compared(operator: &str, a: &Value, b: &Value, meter: &Meter) -> Result<bool> {
    Ok(match operator {
        "==" => equal(a, b),
        "!=" => !equal(a, b),
        "in" => contains(b, a, meter)?,
        "not in" => !contains(b, a, meter)?,
        _ => {
            let order = compare(a, b, operator)?;
            order.is_some_and(|order| match operator {
                "<" => order.is_lt(),
                "<=" => order.is_le(),
                ">" => order.is_gt(),
                _ => order.is_ge(),
            })
        }
    })
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
            dict.get(index).cloned()
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
        Value::Range(range) => at(super::value::range_len(range))
            .map(|at| Value::Int(range[0] + range[2] * at as i128)),
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
