//! What a function, filter, test or macro is called with.

use std::rc::Rc;

use super::fault::{Fault, Result};
use super::value::Value;

/// The arguments of a call.
#[derive(Default)]
pub(super) struct Given {
    pub positional: Vec<Value>,
    pub named: Vec<(Rc<str>, Value)>,
}

impl Given {
    pub fn only(positional: Vec<Value>) -> Self {
        Self {
            positional,
            named: Vec::new(),
        }
    }

    /// The arguments by the parameters' names. `function` is what errors call it.
    pub fn bind<const N: usize>(
        self,
        function: &str,
        parameters: [&str; N],
    ) -> Result<[Option<Value>; N]> {
        let mut bound = [const { None }; N];
        if self.positional.len() > N {
            return Err(Fault::failed(format!(
                "{function} takes at most {N} arguments ({} given)",
                self.positional.len()
            )));
        }
        for (place, value) in bound.iter_mut().zip(self.positional) {
            *place = Some(value);
        }
        for (name, value) in self.named {
            match parameters.iter().position(|parameter| **parameter == *name) {
                Some(at) if bound[at].is_none() => bound[at] = Some(value),
                Some(_) => {
                    return Err(Fault::failed(format!(
                        "{function} got multiple values for argument '{name}'"
                    )))
                }
                None => {
                    return Err(Fault::failed(format!(
                        "{function} got an unexpected keyword argument '{name}'"
                    )))
                }
            }
        }
        Ok(bound)
    }
}

/// An argument that must be there.
pub(super) fn needed(value: Option<Value>, function: &str, name: &str) -> Result<Value> {
    value.ok_or_else(|| Fault::failed(format!("{function} needs the argument '{name}'")))
}

/// An argument that must be a text.
pub(super) fn text(value: &Value, function: &str) -> Result<Rc<str>> {
    match value {
        Value::Text(text) => Ok(text.clone()),
        Value::Undefined(why) => Err(Fault::failed(&**why)),
        _ => Err(Fault::failed(format!(
            "{function} takes a str, not {}",
            value.type_name()
        ))),
    }
}

/// An argument that must be a whole number.
pub(super) fn int(value: &Value, function: &str) -> Result<i128> {
    if let Value::Undefined(why) = value {
        return Err(Fault::failed(&**why));
    }
    value.as_int().ok_or_else(|| {
        Fault::failed(format!(
            "{function} takes an integer, not {}",
            value.type_name()
        ))
    })
}

/// A length that a text is to have.
pub(super) fn width(value: &Value, function: &str) -> Result<usize> {
    let width = int(value, function)?.max(0);
    Ok(usize::try_from(width).unwrap_or(usize::MAX))
}

/// Whether an argument is given and true.
pub(super) fn flag(value: &Option<Value>) -> bool {
    value.as_ref().is_some_and(Value::is_true)
}
