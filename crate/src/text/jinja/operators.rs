//! Arithmetic and comparisons, as Python has them.

use super::fault::{Fault, Result};
use super::format;
use super::items::contains;
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
        Value::Text(text) if text.is_empty() => Ok(value.clone()),
        Value::List(items) | Value::Tuple(items) if items.items.is_empty() => Ok(value.clone()),
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

/// `a operator b` of a comparison.
pub(super) fn compared(operator: &str, a: &Value, b: &Value, meter: &Meter) -> Result<bool> {
    Ok(match operator {
        "==" => equal(a, b, meter)?,
        "!=" => !equal(a, b, meter)?,
        "in" => contains(b, a, meter)?,
        "not in" => !contains(b, a, meter)?,
        _ => {
            let order = compare(a, b, operator, meter)?;
            order.is_some_and(|order| match operator {
                "<" => order.is_lt(),
                "<=" => order.is_le(),
                ">" => order.is_gt(),
                _ => order.is_ge(),
            })
        }
    })
}
