//! A template's expressions, computed.

use std::rc::Rc;

use super::arguments::{int, needed, text, Given};
use super::attributes::{attribute, subscript};
use super::fault::{Fault, FaultKind, Result};
use super::filters;
use super::items::slice;
use super::methods;
use super::operators::{binary, compared, signed};
use super::python::str;
use super::render::{private, Renderer};
use super::strftime::strftime;
use super::syntax::{Arguments, Expr};
use super::tests;
use super::value::{range_len, Dict, Macro, Scope, Value};

/// What every template knows.
const FUNCTIONS: [&str; 5] = [
    "range",
    "dict",
    "namespace",
    "raise_exception",
    "strftime_now",
];

/// Numbers that a range may have: jinja2's own limit.
const MAX_RANGE: usize = 100_000;

impl Renderer<'_> {
    /// The value of an expression.
    pub fn evaluate(&self, expr: &Expr, scope: &Rc<Scope>) -> Result<Value> {
        self.meter.steps(1)?;
        Ok(match expr {
            Expr::None => Value::None,
            Expr::Bool(value) => Value::Bool(*value),
            Expr::Int(value) => Value::Int(*value),
            Expr::Float(value) => Value::Float(*value),
            Expr::Text(text) => Value::Text(text.clone()),
            Expr::Name(name) => self.name(name, scope),
            _ => return self.meter.deeper(|| self.compound(expr, scope)),
        })
    }

    fn name(&self, name: &str, scope: &Scope) -> Value {
        let function = || FUNCTIONS.into_iter().find(|function| *function == name);
        scope
            .get(name)
            .or_else(|| function().map(Value::Function))
            .unwrap_or_else(|| Value::Undefined(format!("'{name}' is undefined").into()))
    }

    fn compound(&self, expr: &Expr, scope: &Rc<Scope>) -> Result<Value> {
        let meter = &self.meter;
        match expr {
            Expr::Attribute(of, name) => attribute(&self.evaluate(of, scope)?, name, meter),
            Expr::Item(of, index) => {
                let of = self.evaluate(of, scope)?;
                subscript(&of, &self.evaluate(index, scope)?, meter)
            }
            Expr::Call(callee, arguments) => {
                let callee = self.evaluate(callee, scope)?;
                let given = self.given(arguments, scope)?;
                self.call(&callee, given)
            }
            Expr::Filter(of, name, arguments) => {
                let of = self.evaluate(of, scope)?;
                let mut given = self.given(arguments, scope)?;
                given.positional.insert(0, of);
                filters::apply(name, given, meter)
            }
            Expr::Test(of, name, arguments) => {
                let of = self.evaluate(of, scope)?;
                let given = self.given(arguments, scope)?;
                tests::passes(name, &of, given, meter).map(Value::Bool)
            }
            Expr::Not(of) => Ok(Value::Bool(!self.evaluate(of, scope)?.is_true())),
            Expr::And(left, right) => {
                let left = self.evaluate(left, scope)?;
                if left.is_true() {
                    self.evaluate(right, scope)
                } else {
                    Ok(left)
                }
            }
            Expr::Or(left, right) => {
                let left = self.evaluate(left, scope)?;
                if left.is_true() {
                    Ok(left)
                } else {
                    self.evaluate(right, scope)
                }
            }
            Expr::If {
                condition,
                then,
                other,
            } => {
                if self.evaluate(condition, scope)?.is_true() {
                    return self.evaluate(then, scope);
                }
                match other {
                    Some(other) => self.evaluate(other, scope),
                    None => Ok(Value::Undefined(
                        "the inline if-expression evaluated to false and no else section was defined.".into(),
                    )),
                }
            }
            Expr::Negative(of) => signed(&self.evaluate(of, scope)?, true),
            Expr::Positive(of) => signed(&self.evaluate(of, scope)?, false),
            Expr::Binary(operator, left, right) => {
                let left = self.evaluate(left, scope)?;
                binary(operator, &left, &self.evaluate(right, scope)?, meter)
            }
            _ => self.collected(expr, scope),
        }
    }

    /// What is made of several expressions.
    fn collected(&self, expr: &Expr, scope: &Rc<Scope>) -> Result<Value> {
        let meter = &self.meter;
        let all = |items: &[Expr]| -> Result<Vec<Value>> {
            items
                .iter()
                .map(|item| self.evaluate(item, scope))
                .collect()
        };
        match expr {
            Expr::List(items) => Value::list(all(items)?, meter),
            Expr::Tuple(items) => Value::tuple(all(items)?, meter),
            Expr::Dict(entries) => {
                let mut dict = Dict::default();
                for (key, value) in entries {
                    let key = self.evaluate(key, scope)?;
                    dict.set(key, self.evaluate(value, scope)?, meter)?;
                }
                Ok(Value::Dict(Rc::new(dict)))
            }
            Expr::Slice(of, parts) => {
                let of = self.evaluate(of, scope)?;
                let part = |part: &Option<Box<Expr>>| match part {
                    Some(part) => self.evaluate(part, scope),
                    None => Ok(Value::None),
                };
                if let Value::Undefined(why) = &of {
                    return Err(Fault::failed(&**why));
                }
                let parts = [part(&parts[0])?, part(&parts[1])?, part(&parts[2])?];
                let none = || format!("{} has no element slice", of.described());
                let cut = slice(&of, parts, meter)?;
                Ok(cut.unwrap_or_else(|| Value::Undefined(none().into())))
            }
            Expr::Compare(first, others) => {
                let mut left = self.evaluate(first, scope)?;
                for (operator, right) in others {
                    let right = self.evaluate(right, scope)?;
                    if !compared(operator, &left, &right, meter)? {
                        return Ok(Value::Bool(false));
                    }
                    left = right;
                }
                Ok(Value::Bool(true))
            }
            Expr::Concat(parts) => {
                let mut out = String::new();
                for part in all(parts)? {
                    out.push_str(&str(&part, meter)?);
                }
                Ok(Value::text(out))
            }
            _ => Err(Fault::failed("an expression of an unknown kind")),
        }
    }

    /// The values of a call's arguments.
    pub fn given(&self, arguments: &Arguments, scope: &Rc<Scope>) -> Result<Given> {
        let mut given = Given::default();
        for value in &arguments.positional {
            given.positional.push(self.evaluate(value, scope)?);
        }
        for (name, value) in &arguments.named {
            given
                .named
                .push((name.clone(), self.evaluate(value, scope)?));
        }
        if let Some(list) = &arguments.list {
            let list = self.evaluate(list, scope)?;
            given.positional.extend(list.items(&self.meter)?);
        }
        if let Some(dictionary) = &arguments.dictionary {
            let Value::Dict(dict) = self.evaluate(dictionary, scope)? else {
                return Err(Fault::failed("argument after ** must be a mapping"));
            };
            for (name, value) in dict.entries() {
                let name = text(name, "**")?;
                given.named.push((name, value.clone()));
            }
        }
        Ok(given)
    }

    /// Calls a function, method, macro or recursive loop.
    pub fn call(&self, callee: &Value, given: Given) -> Result<Value> {
        match callee {
            Value::Method(method) => methods::call(&method.0, &method.1, given, &self.meter),
            Value::Function(name) => self.function(name, given),
            Value::Macro(of) => self.macro_call(of, given),
            Value::Loop(state) => {
                let Some((of, scope)) = &state.recursive else {
                    return Err(Fault::failed(
                        "The loop must have the 'recursive' marker to be called recursively.",
                    ));
                };
                let [items] = given.bind("loop", ["iterable"])?;
                let items = needed(items, "loop", "iterable")?;
                let mut out = String::new();
                let flow = self.for_loop(of, &items, state.depth + 1, scope, &mut out)?;
                self.ended(flow)?;
                Ok(Value::text(out))
            }
            Value::Undefined(why) => Err(Fault::failed(&**why)),
            _ => Err(Fault::failed(format!(
                "'{}' object is not callable",
                callee.type_name()
            ))),
        }
    }

    fn function(&self, name: &str, mut given: Given) -> Result<Value> {
        match name {
            "range" => {
                let numbers: Result<Vec<i128>> = given
                    .positional
                    .iter()
                    .map(|value| int(value, name))
                    .collect();
                let range = match numbers?[..] {
                    [stop] => [0, stop, 1],
                    [start, stop] => [start, stop, 1],
                    [start, stop, step] if step != 0 => [start, stop, step],
                    [_, _, _] => return Err(Fault::failed("range() arg 3 must not be zero")),
                    _ => return Err(Fault::failed("range takes 1 to 3 arguments")),
                };
                if range_len(&range) > MAX_RANGE {
                    return Err(Fault::endless(format!(
                        "a range of more than {MAX_RANGE} numbers"
                    )));
                }
                Ok(Value::Range(Rc::new(range)))
            }
            "dict" | "namespace" => {
                let mut dict = Dict::default();
                if given.positional.len() > 1 {
                    return Err(Fault::failed(format!("{name} takes at most 1 argument")));
                }
                let mut entries = Vec::new();
                match given.positional.pop() {
                    None => {}
                    Some(Value::Dict(of)) => entries.extend(of.entries().iter().cloned()),
                    Some(pairs) => {
                        for pair in pairs.items(&self.meter)? {
                            match pair.items(&self.meter)?.as_slice() {
                                [key, value] => entries.push((key.clone(), value.clone())),
                                _ => return Err(Fault::failed(format!("{name} takes pairs"))),
                            }
                        }
                    }
                }
                let named = given.named.into_iter();
                entries.extend(named.map(|(key, value)| (Value::Text(key), value)));
                for (key, value) in entries {
                    if let (Some(key), "namespace") = (key.as_text(), name) {
                        private(key)?;
                    }
                    dict.set(key, value, &self.meter)?;
                }
                Ok(match name {
                    "dict" => Value::Dict(Rc::new(dict)),
                    _ => self.namespace(dict),
                })
            }
            "raise_exception" => {
                let [message] = given.bind(name, ["message"])?;
                let message = str(&needed(message, name, "message")?, &self.meter)?;
                Err(Fault::new(FaultKind::Refused, message))
            }
            // "strftime_now"
            _ => {
                let [format] = given.bind(name, ["format"])?;
                let format = text(&needed(format, name, "format")?, name)?;
                strftime(&format, self.now, &self.meter).map(Value::text)
            }
        }
    }

    fn macro_call(&self, of: &Macro, given: Given) -> Result<Value> {
        let body = &of.body;
        let scope = Scope::inside(&of.scope);
        let mut positional = given.positional.into_iter();
        let mut named = given.named;
        let mut take = |name: &str| {
            let at = named.iter().position(|(known, _)| **known == *name);
            at.map(|at| named.remove(at).1)
        };
        let first_default = body.parameters.len() - body.defaults.len();
        for (number, parameter) in body.parameters.iter().enumerate() {
            let value = match positional.next().or_else(|| take(parameter)) {
                Some(value) => value,
                None if number >= first_default => {
                    self.evaluate(&body.defaults[number - first_default], &scope)?
                }
                None => {
                    let why = format!("parameter '{parameter}' was not provided");
                    Value::Undefined(why.into())
                }
            };
            scope.set(parameter, value);
        }
        if !body
            .parameters
            .iter()
            .any(|parameter| &**parameter == "caller")
        {
            let none = || Value::Undefined("No caller defined".into());
            let caller = take("caller").unwrap_or_else(none);
            scope.set(&"caller".into(), caller);
        }
        let [lists, dictionaries] = body.catches;
        let more: Vec<Value> = positional.collect();
        let name = &body.name;
        if lists {
            scope.set(&"varargs".into(), Value::tuple(more, &self.meter)?);
        } else if !more.is_empty() {
            let most = body.parameters.len();
            return Err(Fault::failed(format!(
                "macro '{name}' takes not more than {most} argument(s)"
            )));
        }
        if dictionaries {
            let mut dict = Dict::default();
            for (key, value) in named {
                dict.set(Value::Text(key), value, &self.meter)?;
            }
            scope.set(&"kwargs".into(), Value::Dict(Rc::new(dict)));
        } else if let Some((key, _)) = named.first() {
            return Err(Fault::failed(format!(
                "macro '{name}' takes no keyword argument '{key}'"
            )));
        }
        let mut out = String::new();
        let flow = self.body(&body.body, &scope, &mut out)?;
        self.ended(flow)?;
        Ok(Value::text(out))
    }
}
