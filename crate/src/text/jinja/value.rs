//! The values of a template: Python's, as far as templates see them.

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::rc::Rc;

use super::fault::{Fault, Result};
use super::meter::Meter;
use super::syntax::{For, MacroBody};
use crate::text::json::Json;

/// How deep lists and dictionaries may lie in each other.
const MAX_DEPTH: u16 = 150;

/// A value.
#[derive(Clone)]
pub(super) enum Value {
    /// Nothing, and why: what an error says where something is needed.
    Undefined(Rc<str>),
    None,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(Rc<str>),
    List(Rc<Sequence>),
    Tuple(Rc<Sequence>),
    Dict(Rc<Dict>),
    /// Start, stop and step of a `range`.
    Range(Rc<[i128; 3]>),
    /// What `keys()`, `values()` or `items()` gave, and which.
    View(&'static str, Rc<Sequence>),
    /// What can be gone through once: Python's generators.
    Once(Rc<Once>),
    Namespace(Rc<RefCell<Dict>>),
    Loop(Rc<LoopState>),
    Macro(Rc<Macro>),
    /// A method of a value.
    Method(Rc<(Value, Rc<str>)>),
    /// A function by its name.
    Function(&'static str),
}

/// Values in order.
pub(super) struct Sequence {
    pub items: Vec<Value>,
    depth: u16,
}

impl Sequence {
    pub fn new(items: Vec<Value>, meter: &Meter) -> Result<Rc<Self>> {
        meter.bytes(items.len() * size_of::<Value>())?;
        let depth = deeper(items.iter())?;
        Ok(Rc::new(Self { items, depth }))
    }
}

/// Keys and values in the order in which they came.
#[derive(Clone, Default)]
pub(super) struct Dict {
    entries: Vec<(Value, Value)>,
    depth: u16,
}

impl Dict {
    pub fn get(&self, key: &Value, meter: &Meter) -> Result<Option<&Value>> {
        let at = position(self.entries.iter().map(|(k, _)| k), key, meter)?;
        Ok(at.map(|at| &self.entries[at].1))
    }

    pub fn get_name(&self, name: &str) -> Option<&Value> {
        let is = |key: &Value| matches!(key, Value::Text(text) if **text == *name);
        let mut entries = self.entries.iter();
        entries.find(|(key, _)| is(key)).map(|(_, value)| value)
    }

    pub fn set(&mut self, key: Value, value: Value, meter: &Meter) -> Result<()> {
        if let Value::List(_) | Value::Dict(_) | Value::Namespace(_) = key {
            return Err(Fault::failed(format!(
                "unhashable type: '{}'",
                key.type_name()
            )));
        }
        meter.steps(1 + self.entries.len() / 8)?;
        self.depth = self.depth.max(deeper([&key, &value].into_iter())?);
        match position(self.entries.iter().map(|(k, _)| k), &key, meter)? {
            Some(at) => self.entries[at].1 = value,
            None => {
                meter.bytes(2 * size_of::<Value>())?;
                self.entries.push((key, value));
            }
        }
        Ok(())
    }

    pub fn entries(&self) -> &[(Value, Value)] {
        &self.entries
    }
}

/// Values that are taken one after the other.
pub(super) struct Once {
    pub items: Rc<Sequence>,
    pub next: Cell<usize>,
}

/// The variables of a part of a template.
#[derive(Default)]
pub(super) struct Scope {
    variables: RefCell<Vec<(Rc<str>, Value)>>,
    parent: Option<Rc<Scope>>,
}

impl Scope {
    pub fn inside(parent: &Rc<Scope>) -> Rc<Self> {
        Rc::new(Self {
            variables: RefCell::default(),
            parent: Some(parent.clone()),
        })
    }

    pub fn get(&self, name: &str) -> Option<Value> {
        let mut scope = self;
        loop {
            let variables = scope.variables.borrow();
            if let Some((_, value)) = variables.iter().find(|(known, _)| **known == *name) {
                return Some(value.clone());
            }
            scope = scope.parent.as_deref()?;
        }
    }

    pub fn set(&self, name: &Rc<str>, value: Value) {
        let mut variables = self.variables.borrow_mut();
        match variables.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => variables.push((name.clone(), value)),
        }
    }

    /// Forgets all, so that macros and their scopes do not keep each other.
    pub fn clear(&self) {
        let variables = self.variables.take();
        drop(variables);
    }
}

/// A macro where it was defined.
pub(super) struct Macro {
    pub body: Rc<MacroBody>,
    pub scope: Rc<Scope>,
}

/// A loop as its body sees it.
pub(super) struct LoopState {
    pub items: Rc<Sequence>,
    pub index: Cell<usize>,
    pub depth: usize,
    pub changed: RefCell<Option<Rc<Sequence>>>,
    /// `changed` is asked no more, so that loops do not keep each other.
    pub ended: Cell<bool>,
    /// How to go through other items, of a recursive loop.
    pub recursive: Option<(Rc<For>, Rc<Scope>)>,
}

/// The depth of what holds `items`.
fn deeper<'a>(items: impl Iterator<Item = &'a Value>) -> Result<u16> {
    let depth = 1 + items.map(Value::depth).max().unwrap_or(0);
    if depth > MAX_DEPTH {
        return Err(Fault::endless("lists lie too deep in each other"));
    }
    Ok(depth)
}

impl Value {
    pub fn text(text: impl Into<Rc<str>>) -> Self {
        Self::Text(text.into())
    }

    pub fn list(items: Vec<Value>, meter: &Meter) -> Result<Self> {
        Ok(Self::List(Sequence::new(items, meter)?))
    }

    pub fn tuple(items: Vec<Value>, meter: &Meter) -> Result<Self> {
        Ok(Self::Tuple(Sequence::new(items, meter)?))
    }

    pub fn once(items: Vec<Value>, meter: &Meter) -> Result<Self> {
        let items = Sequence::new(items, meter)?;
        let next = Cell::new(0);
        Ok(Self::Once(Rc::new(Once { items, next })))
    }

    fn depth(&self) -> u16 {
        match self {
            Self::List(items) | Self::Tuple(items) | Self::View(_, items) => items.depth,
            Self::Once(once) => once.items.depth,
            Self::Dict(dict) => dict.depth,
            Self::Loop(state) => state.items.depth,
            Self::Method(method) => method.0.depth(),
            _ => 0,
        }
    }

    /// A value as JSON has it.
    pub fn from_json(json: &Json, meter: &Meter) -> Result<Self> {
        Ok(match json {
            Json::Null => Self::None,
            Json::Bool(value) => Self::Bool(*value),
            Json::Int(number) => Self::Int(*number),
            Json::Float(number) => Self::Float(*number),
            Json::Text(text) => Self::text(text.as_str()),
            Json::List(items) => {
                let items = items.iter().map(|item| Self::from_json(item, meter));
                Self::list(items.collect::<Result<_>>()?, meter)?
            }
            Json::Object(fields) => {
                let mut dict = Dict::default();
                for (key, value) in fields {
                    let value = Self::from_json(value, meter)?;
                    dict.set(Self::text(key.as_str()), value, meter)?;
                }
                Self::Dict(Rc::new(dict))
            }
        })
    }

    /// What Python calls its type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Undefined(_) => "Undefined",
            Self::None => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Text(_) => "str",
            Self::List(_) => "list",
            Self::Tuple(_) => "tuple",
            Self::Dict(_) => "dict",
            Self::Range(_) => "range",
            Self::View(kind, _) => kind,
            Self::Once(_) => "generator",
            Self::Namespace(_) => "TemplateNamespace",
            Self::Loop(_) => "LoopContext",
            Self::Macro(_) => "Macro",
            Self::Method(_) => "builtin_function_or_method",
            Self::Function(_) => "function",
        }
    }

    /// How an error names a value that lacks something.
    pub fn described(&self) -> String {
        match self {
            Self::None => "None".into(),
            _ => format!("{} object", self.type_name()),
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn is_true(&self) -> bool {
        match self {
            Self::Undefined(_) | Self::None => false,
            Self::Bool(value) => *value,
            Self::Int(value) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::Text(text) => !text.is_empty(),
            _ => self.len() != Some(0),
        }
    }

    /// Python's `len`, where there is one.
    pub fn len(&self) -> Option<usize> {
        match self {
            Self::Undefined(_) => Some(0),
            Self::Text(text) => Some(text.chars().count()),
            Self::List(items) | Self::Tuple(items) | Self::View(_, items) => {
                Some(items.items.len())
            }
            Self::Dict(dict) => Some(dict.entries.len()),
            Self::Range(range) => Some(range_len(range)),
            Self::Loop(state) => Some(state.items.items.len()),
            _ => None,
        }
    }

    /// A whole number; `true` and `false` are 1 and 0.
    pub fn as_int(&self) -> Option<i128> {
        match self {
            Self::Bool(value) => Some((*value).into()),
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    pub fn as_float(&self) -> Option<f64> {
        match self {
            Self::Float(value) => Some(*value),
            _ => self.as_int().map(|value| value as f64),
        }
    }

    /// What a loop over the value goes through.
    pub fn items(&self, meter: &Meter) -> Result<Vec<Value>> {
        let items = match self {
            Self::Undefined(_) => Vec::new(),
            Self::Text(text) => {
                meter.bytes(text.len() * size_of::<Value>())?;
                let mut one = [0; 4];
                text.chars()
                    .map(|c| Self::text(&*c.encode_utf8(&mut one)))
                    .collect()
            }
            Self::List(items) | Self::Tuple(items) | Self::View(_, items) => items.items.clone(),
            Self::Dict(dict) => dict.entries.iter().map(|(key, _)| key.clone()).collect(),
            Self::Range(range) => {
                let [start, _, step] = **range;
                let item = |i| Self::Int(start + step * i as i128);
                (0..range_len(range)).map(item).collect()
            }
            Self::Once(once) => {
                once.items.items[once.next.replace(once.items.items.len())..].to_vec()
            }
            _ => {
                return Err(Fault::failed(format!(
                    "'{}' object is not iterable",
                    self.type_name()
                )))
            }
        };
        meter.bytes(items.len() * size_of::<Value>())?;
        meter.steps(items.len() / 8)?;
        Ok(items)
    }
}

/// How many numbers a range has.
pub(super) fn range_len(&[start, stop, step]: &[i128; 3]) -> usize {
    let (span, step) = if step > 0 {
        (stop.saturating_sub(start), step)
    } else {
        (start.saturating_sub(stop), -step)
    };
    let count = if span <= 0 { 0 } else { (span - 1) / step + 1 };
    count.try_into().unwrap_or(usize::MAX)
}

/// Where the first of `items` is that equals `wanted`.
pub(super) fn position<'a>(
    mut items: impl Iterator<Item = &'a Value>,
    wanted: &Value,
    meter: &Meter,
) -> Result<Option<usize>> {
    let mut failed = None;
    let at = items.position(|item| {
        equal(item, wanted, meter).unwrap_or_else(|fault| {
            failed = Some(fault);
            true
        })
    });
    failed.map_or(Ok(at), Err)
}

/// Python's `==`.
pub(super) fn equal(a: &Value, b: &Value, meter: &Meter) -> Result<bool> {
    Ok(match (a, b) {
        (Value::Undefined(_), Value::Undefined(_)) | (Value::None, Value::None) => true,
        (Value::Text(a), Value::Text(b)) => {
            if a.len() != b.len() || Rc::ptr_eq(a, b) {
                return Ok(a.len() == b.len());
            }
            meter.steps(a.len() / 256)?;
            a == b
        }
        (Value::List(a), Value::List(b)) | (Value::Tuple(a), Value::Tuple(b)) => {
            if a.items.len() != b.items.len() || Rc::ptr_eq(a, b) {
                return Ok(a.items.len() == b.items.len());
            }
            meter.steps(1)?;
            for (index, (a, b)) in a.items.iter().zip(&b.items).enumerate() {
                meter.steps(usize::from(index % 8 == 7))?;
                if !equal(a, b, meter)? {
                    return Ok(false);
                }
            }
            true
        }
        (Value::Dict(a), Value::Dict(b)) => {
            if a.entries.len() != b.entries.len() || Rc::ptr_eq(a, b) {
                return Ok(a.entries.len() == b.entries.len());
            }
            for (key, value) in &a.entries {
                meter.steps(1 + b.entries.len() / 8)?;
                match b.get(key, meter)? {
                    Some(other) if equal(value, other, meter)? => {}
                    _ => return Ok(false),
                }
            }
            true
        }
        (Value::Range(a), Value::Range(b)) => a == b,
        (Value::Namespace(a), Value::Namespace(b)) => Rc::ptr_eq(a, b),
        (Value::Once(a), Value::Once(b)) => Rc::ptr_eq(a, b),
        (Value::Macro(a), Value::Macro(b)) => Rc::ptr_eq(a, b),
        (Value::Function(a), Value::Function(b)) => a == b,
        _ => match (a.as_int(), b.as_int()) {
            (Some(a), Some(b)) => a == b,
            _ => matches!((a.as_float(), b.as_float()), (Some(a), Some(b)) if a == b),
        },
    })
}

/// Python's order of two values. `operator` is what an error names.
pub(super) fn compare(
    a: &Value,
    b: &Value,
    operator: &str,
    meter: &Meter,
) -> Result<Option<Ordering>> {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => {
            meter.steps(a.len().min(b.len()) / 256)?;
            return Ok(Some(a.cmp(b)));
        }
        (Value::List(a), Value::List(b)) | (Value::Tuple(a), Value::Tuple(b)) => {
            if Rc::ptr_eq(a, b) {
                return Ok(Some(Ordering::Equal));
            }
            meter.steps(1)?;
            for (index, (a, b)) in a.items.iter().zip(&b.items).enumerate() {
                meter.steps(usize::from(index % 8 == 7))?;
                if !equal(a, b, meter)? {
                    return compare(a, b, operator, meter);
                }
            }
            return Ok(Some(a.items.len().cmp(&b.items.len())));
        }
        (Value::Undefined(why), _) | (_, Value::Undefined(why)) => {
            return Err(Fault::failed(&**why))
        }
        _ => {}
    }
    if let (Some(a), Some(b)) = (a.as_int(), b.as_int()) {
        return Ok(Some(a.cmp(&b)));
    }
    match (a.as_float(), b.as_float()) {
        (Some(a), Some(b)) => Ok(a.partial_cmp(&b)),
        _ => Err(Fault::failed(format!(
            "'{operator}' not supported between instances of '{}' and '{}'",
            a.type_name(),
            b.type_name()
        ))),
    }
}

/// Sorts stably. The standard library's sort may panic where an order contradicts itself, as that of NaN does.
pub(super) fn sorted<T>(
    mut items: Vec<T>,
    order: &mut impl FnMut(&T, &T) -> Result<Ordering>,
) -> Result<Vec<T>> {
    if items.len() < 2 {
        return Ok(items);
    }
    let right = items.split_off(items.len() / 2);
    let mut right = sorted(right, order)?.into_iter().peekable();
    let mut merged = Vec::with_capacity(items.len() + right.len());
    for item in sorted(items, order)? {
        while let Some(next) = right.peek() {
            if order(next, &item)?.is_ge() {
                break;
            }
            merged.extend(right.next());
        }
        merged.push(item);
    }
    merged.extend(right);
    Ok(merged)
}
