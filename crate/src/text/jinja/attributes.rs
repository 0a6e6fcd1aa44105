//! What stands behind the dot of a value, or in its brackets.

use std::rc::Rc;

use super::fault::{Fault, Result};
use super::items::item;
use super::meter::Meter;
use super::python::repr;
use super::value::{LoopState, Value};

const OF_TEXT: [&str; 43] = [
    "capitalize",
    "casefold",
    "center",
    "count",
    "endswith",
    "expandtabs",
    "find",
    "format",
    "format_map",
    "index",
    "isalnum",
    "isalpha",
    "isascii",
    "isdecimal",
    "isdigit",
    "isidentifier",
    "islower",
    "isnumeric",
    "isprintable",
    "isspace",
    "istitle",
    "isupper",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rfind",
    "rindex",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "upper",
];
const OF_LIST: [&str; 3] = ["copy", "count", "index"];
const OF_DICT: [&str; 6] = ["copy", "fromkeys", "get", "items", "keys", "values"];

/// Methods that would change what others see as well: the sandbox of `transformers` hides them.
const CHANGING: [&str; 12] = [
    "append",
    "clear",
    "extend",
    "insert",
    "pop",
    "popitem",
    "remove",
    "reverse",
    "setdefault",
    "sort",
    "update",
    "__class__",
];

/// The method `name` of `value`, if it has one.
pub(super) fn method(value: &Value, name: &str) -> Option<Value> {
    let (known, changes) = match value {
        Value::Text(_) => (OF_TEXT.contains(&name) || name == "zfill", false),
        Value::List(_) => (OF_LIST.contains(&name), true),
        Value::Tuple(_) | Value::Range(_) => (OF_LIST[1..].contains(&name), false),
        Value::Dict(_) => (OF_DICT.contains(&name), true),
        Value::Loop(_) => (["cycle", "changed"].contains(&name), false),
        Value::Float(_) => (name == "is_integer", false),
        _ => (false, false),
    };
    if changes && CHANGING.contains(&name) {
        let kind = value.type_name();
        let why = format!("access to attribute '{name}' of '{kind}' object is unsafe.");
        return Some(Value::Undefined(why.into()));
    }
    known.then(|| Value::Method(Rc::new((value.clone(), name.into()))))
}

/// `value.name`: a method, or what a dictionary has under the name.
pub(super) fn attribute(value: &Value, name: &str, meter: &Meter) -> Result<Value> {
    if let Value::Undefined(why) = value {
        return Err(Fault::failed(&**why));
    }
    if let Some(method) = method(value, name) {
        return Ok(method);
    }
    let found = match value {
        Value::Dict(dict) => {
            meter.steps(dict.entries().len() / 8)?;
            dict.get_name(name).cloned()
        }
        Value::Namespace(names) => names.borrow().get_name(name).cloned(),
        Value::Loop(state) => loop_attribute(state, name),
        Value::Macro(of) if name == "name" => Some(Value::Text(of.body.name.clone())),
        // A group of `groupby`.
        Value::Tuple(pair) if pair.items.len() == 2 => match name {
            "grouper" => Some(pair.items[0].clone()),
            "list" => Some(pair.items[1].clone()),
            _ => None,
        },
        _ => None,
    };
    let none =
        || Value::Undefined(format!("'{}' has no attribute '{name}'", value.described()).into());
    Ok(found.unwrap_or_else(none))
}

/// `value[index]`: an item, or for a text the attribute of that name.
pub(super) fn subscript(value: &Value, index: &Value, meter: &Meter) -> Result<Value> {
    if let Some(found) = item(value, index, meter)? {
        return Ok(found);
    }
    if let Some(name) = index.as_text() {
        return attribute(value, name, meter);
    }
    let index = repr(index, meter)?;
    let why = format!("{} has no element {index}", value.described());
    Ok(Value::Undefined(why.into()))
}

fn loop_attribute(state: &LoopState, name: &str) -> Option<Value> {
    let (items, index) = (&state.items.items, state.index.get());
    let number = |number: usize| Some(Value::Int(number as i128));
    let beside = |place: Option<usize>, which: &str| {
        let found = place.and_then(|place| items.get(place)).cloned();
        Some(found.unwrap_or_else(|| Value::Undefined(format!("there is no {which} item").into())))
    };
    match name {
        "index" => number(index + 1),
        "index0" => number(index),
        "revindex" => number(items.len() - index),
        "revindex0" => number(items.len() - index - 1),
        "first" => Some(Value::Bool(index == 0)),
        "last" => Some(Value::Bool(index + 1 == items.len())),
        "length" => number(items.len()),
        "depth" => number(state.depth + 1),
        "depth0" => number(state.depth),
        "previtem" => beside(index.checked_sub(1), "previous"),
        "nextitem" => beside(Some(index + 1), "next"),
        _ => None,
    }
}
