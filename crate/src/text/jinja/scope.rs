//! Variables, and what remembers where it was defined: macros and loops.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::syntax::{For, MacroBody};
use super::value::{Sequence, Value};

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
    pub changed: RefCell<Option<Vec<Value>>>,
    /// How to go through other items, of a recursive loop.
    pub recursive: Option<(Rc<For>, Rc<Scope>)>,
}
