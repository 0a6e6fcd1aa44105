//! A template's statements, run one after the other. [`super::evaluate`] computes what stands in them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use chrono::NaiveDateTime;

use super::fault::{Fault, FaultKind, Result};
use super::meter::Meter;
use super::python::str;
use super::syntax::{Body, Expr, Filter, For, Statement, Target};
use super::value::{Dict, LoopState, Macro, Scope, Sequence, Value};
use crate::text::json::Json;

/// How a statement ends.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Flow {
    On,
    Break,
    Continue,
}

/// The state of a rendering.
pub(super) struct Renderer<'a> {
    pub meter: Meter,
    pub now: &'a NaiveDateTime,
    line: Cell<u32>,
    /// Scopes that macros keep: emptied at the end, so that they do not keep each other.
    kept: RefCell<Vec<Rc<Scope>>>,
    /// Namespaces, for the same reason.
    namespaces: RefCell<Vec<Rc<RefCell<Dict>>>>,
}

/// The text of a template for `variables`, at the local time `now`.
pub(super) fn render(
    body: &Body,
    variables: &[(&str, Json)],
    now: &NaiveDateTime,
) -> Result<String> {
    let input = variables.iter().map(|(_, value)| size(value)).sum();
    let renderer = Renderer {
        meter: Meter::new(input),
        now,
        line: Cell::new(0),
        kept: RefCell::default(),
        namespaces: RefCell::default(),
    };
    let globals = Rc::new(Scope::default());
    for (name, value) in variables {
        let value = Value::from_json(value, &renderer.meter)?;
        globals.set(&(*name).into(), value);
    }
    let mut out = String::new();
    let flow = renderer.body(body, &Scope::inside(&globals), &mut out);
    renderer.kept.take().iter().for_each(|scope| scope.clear());
    for namespace in renderer.namespaces.take() {
        let names = namespace.take();
        drop(names);
    }
    renderer.ended(flow?)?;
    Ok(out)
}

/// About how many bytes a value has.
fn size(json: &Json) -> usize {
    match json {
        Json::Text(text) => text.len(),
        Json::List(items) => items.iter().map(size).sum::<usize>() + items.len(),
        Json::Object(fields) => fields
            .iter()
            .map(|(key, value)| key.len() + size(value))
            .sum(),
        _ => 8,
    }
}

impl Renderer<'_> {
    /// Refuses a `break` that ended more than a loop.
    pub fn ended(&self, flow: Flow) -> Result<()> {
        match flow {
            Flow::On => Ok(()),
            _ => Err(Fault::syntax(
                "'break' or 'continue' outside of a loop",
                self.line.get(),
            )),
        }
    }

    /// Keeps a namespace until the end.
    pub fn namespace(&self, names: Dict) -> Value {
        let namespace = Rc::new(RefCell::new(names));
        self.namespaces.borrow_mut().push(namespace.clone());
        Value::Namespace(namespace)
    }

    /// A macro defined in `scope`.
    pub fn defined(&self, body: &Rc<super::syntax::MacroBody>, scope: &Rc<Scope>) -> Value {
        self.kept.borrow_mut().push(scope.clone());
        Value::Macro(Rc::new(Macro {
            body: body.clone(),
            scope: scope.clone(),
        }))
    }

    pub fn write(&self, text: &str, out: &mut String) -> Result<()> {
        self.meter.bytes(text.len())?;
        out.push_str(text);
        Ok(())
    }

    pub fn body(&self, body: &Body, scope: &Rc<Scope>, out: &mut String) -> Result<Flow> {
        self.meter.deeper(|| {
            for (line, statement) in body {
                self.line.set(*line);
                let flow = self
                    .meter
                    .steps(1)
                    .and_then(|()| self.statement(statement, scope, out));
                match flow {
                    Ok(Flow::On) => {}
                    Ok(flow) => return Ok(flow),
                    Err(fault) => return Err(fault.at(self.line.get())),
                }
            }
            Ok(Flow::On)
        })
    }

    fn statement(
        &self,
        statement: &Statement,
        scope: &Rc<Scope>,
        out: &mut String,
    ) -> Result<Flow> {
        match statement {
            Statement::Data(text) => self.write(text, out)?,
            Statement::Print(value) => {
                let value = self.evaluate(value, scope)?;
                match value.as_text() {
                    Some(text) => self.write(text, out)?,
                    None => out.push_str(&str(&value, &self.meter)?),
                }
            }
            Statement::Set(target, value) => {
                let value = self.evaluate(value, scope)?;
                self.assign(target, value, scope)?;
            }
            Statement::SetBlock(target, filters, body) => {
                let text = self.filtered(filters, body, scope)?;
                self.assign(target, text, scope)?;
            }
            Statement::Filter(filters, body) => {
                let text = self.filtered(filters, body, scope)?;
                out.push_str(&str(&text, &self.meter)?);
            }
            Statement::For(of) => {
                let items = self.evaluate(&of.items, scope)?;
                return self.for_loop(of, &items, 0, scope, out);
            }
            Statement::If(branches, otherwise) => {
                for (condition, body) in branches {
                    if self.evaluate(condition, scope)?.is_true() {
                        return self.body(body, scope, out);
                    }
                }
                return self.body(otherwise, scope, out);
            }
            Statement::With(values, body) => {
                let inner = Scope::inside(scope);
                for (target, value) in values {
                    let value = self.evaluate(value, scope)?;
                    self.assign(target, value, &inner)?;
                }
                return self.body(body, &inner, out);
            }
            Statement::Scope(body) => return self.body(body, &Scope::inside(scope), out),
            Statement::Macro(body) => {
                let defined = self.defined(body, scope);
                scope.set(&body.name, defined);
            }
            Statement::Call(call, body) => self.call_block(call, body, scope, out)?,
            Statement::Break => return Ok(Flow::Break),
            Statement::Continue => return Ok(Flow::Continue),
            Statement::NeedsTemplates(tag) => {
                return Err(Fault::failed(format!(
                    "'{tag}' needs another template, and there is none"
                )))
            }
        }
        Ok(Flow::On)
    }

    fn call_block(
        &self,
        call: &Expr,
        body: &Rc<super::syntax::MacroBody>,
        scope: &Rc<Scope>,
        out: &mut String,
    ) -> Result<()> {
        let caller = self.defined(body, scope);
        let Expr::Call(callee, arguments) = call else {
            return Err(Fault::failed("expected call"));
        };
        let callee = self.evaluate(callee, scope)?;
        let mut given = self.given(arguments, scope)?;
        given.named.push(("caller".into(), caller));
        let written = self.call(&callee, given)?;
        out.push_str(&str(&written, &self.meter)?);
        Ok(())
    }

    /// What a body writes, through filters.
    fn filtered(&self, filters: &[Filter], body: &Body, scope: &Rc<Scope>) -> Result<Value> {
        let mut text = String::new();
        let inner = Scope::inside(scope);
        let flow = self.body(body, &inner, &mut text)?;
        self.ended(flow)?;
        let mut value = Value::text(text);
        for (name, arguments) in filters {
            let mut given = self.given(arguments, scope)?;
            given.positional.insert(0, value);
            value = super::filters::apply(name, given, &self.meter)?;
        }
        Ok(value)
    }

    pub fn assign(&self, target: &Target, value: Value, scope: &Rc<Scope>) -> Result<()> {
        match target {
            Target::Name(name) => scope.set(name, value),
            Target::Attribute(name, attribute) => {
                let Some(Value::Namespace(names)) = scope.get(name) else {
                    return Err(Fault::failed(
                        "cannot assign attribute on non-namespace object",
                    ));
                };
                private(attribute)?;
                let key = Value::Text(attribute.clone());
                names.borrow_mut().set(key, value, &self.meter)?;
            }
            Target::Tuple(targets) => {
                let values = value.items(&self.meter)?;
                if values.len() != targets.len() {
                    let (wanted, found) = (targets.len(), values.len());
                    return Err(Fault::failed(format!(
                        "{wanted} values to unpack were expected, {found} were given"
                    )));
                }
                for (target, value) in targets.iter().zip(values) {
                    self.assign(target, value, scope)?;
                }
            }
        }
        Ok(())
    }

    /// Goes through `items`; `depth` says how many loops called each other until this one.
    pub fn for_loop(
        &self,
        of: &Rc<For>,
        items: &Value,
        depth: usize,
        scope: &Rc<Scope>,
        out: &mut String,
    ) -> Result<Flow> {
        let mut items = items.items(&self.meter)?;
        if let Some(condition) = &of.condition {
            let mut kept = Vec::new();
            for item in items {
                let inner = Scope::inside(scope);
                self.assign(&of.target, item.clone(), &inner)?;
                if self.evaluate(condition, &inner)?.is_true() {
                    kept.push(item);
                }
            }
            items = kept;
        }
        if items.is_empty() {
            return self.body(&of.otherwise, scope, out);
        }
        let items = Sequence::new(items, &self.meter)?;
        if of.recursive {
            self.kept.borrow_mut().push(scope.clone());
        }
        let state = Rc::new(LoopState {
            items: items.clone(),
            index: Cell::new(0),
            depth,
            changed: RefCell::default(),
            ended: Cell::new(false),
            recursive: of.recursive.then(|| (of.clone(), scope.clone())),
        });
        let name: Rc<str> = "loop".into();
        for (index, item) in items.items.iter().enumerate() {
            self.meter.steps(1)?;
            state.index.set(index);
            let inner = Scope::inside(scope);
            inner.set(&name, Value::Loop(state.clone()));
            self.assign(&of.target, item.clone(), &inner)?;
            if self.body(&of.body, &inner, out)? == Flow::Break {
                break;
            }
        }
        state.ended.set(true);
        state.changed.take();
        Ok(Flow::On)
    }
}

/// Refuses a name that begins with an underscore.
pub(super) fn private(name: &str) -> Result<()> {
    if name.starts_with('_') {
        return Err(Fault::new(
            FaultKind::Failed,
            format!("a namespace keeps nothing under '{name}'"),
        ));
    }
    Ok(())
}
