//! The tree of a template.

use std::rc::Rc;

/// A value to be computed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expr {
    None,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(Rc<str>),
    Name(Rc<str>),
    List(Vec<Expr>),
    Tuple(Vec<Expr>),
    Dict(Vec<(Expr, Expr)>),
    /// `object.name`
    Attribute(Box<Expr>, Rc<str>),
    /// `object[index]`
    Item(Box<Expr>, Box<Expr>),
    /// `object[start:stop:step]`
    Slice(Box<Expr>, [Option<Box<Expr>>; 3]),
    Call(Box<Expr>, Arguments),
    Filter(Box<Expr>, Rc<str>, Arguments),
    Test(Box<Expr>, Rc<str>, Arguments),
    Negative(Box<Expr>),
    Positive(Box<Expr>),
    Not(Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    /// `+`, `-`, `*`, `/`, `//`, `%`, `**`
    Binary(&'static str, Box<Expr>, Box<Expr>),
    /// `a < b <= c`; `in` and `not in` as well.
    Compare(Box<Expr>, Vec<(&'static str, Expr)>),
    /// `a ~ b`
    Concat(Vec<Expr>),
    /// `then if condition else other`
    If {
        condition: Box<Expr>,
        then: Box<Expr>,
        other: Option<Box<Expr>>,
    },
}

/// What stands in the brackets of a call.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Arguments {
    pub positional: Vec<Expr>,
    pub named: Vec<(Rc<str>, Expr)>,
    /// `*list`
    pub list: Option<Box<Expr>>,
    /// `**dictionary`
    pub dictionary: Option<Box<Expr>>,
}

/// What a value is assigned to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Target {
    Name(Rc<str>),
    /// `namespace.name`
    Attribute(Rc<str>, Rc<str>),
    Tuple(Vec<Target>),
}

/// A macro, or the body of a call block.
#[derive(Debug, PartialEq)]
pub(super) struct MacroBody {
    pub name: Rc<str>,
    pub parameters: Vec<Rc<str>>,
    /// Of the last parameters.
    pub defaults: Vec<Expr>,
    pub body: Body,
    /// Whether the body asks for `varargs` and `kwargs`.
    pub catches: [bool; 2],
}

/// Statements in order.
pub(super) type Body = Vec<(u32, Statement)>;

/// A filter that stands in a tag of its own.
pub(super) type Filter = (Rc<str>, Arguments);

/// A `for` loop.
#[derive(Debug, PartialEq)]
pub(super) struct For {
    pub target: Target,
    pub items: Expr,
    pub condition: Option<Expr>,
    pub recursive: bool,
    pub body: Body,
    pub otherwise: Body,
}

#[derive(Debug, PartialEq)]
pub(super) enum Statement {
    Data(Rc<str>),
    Print(Expr),
    Set(Target, Expr),
    SetBlock(Target, Vec<Filter>, Body),
    For(Rc<For>),
    If(Vec<(Expr, Body)>, Body),
    With(Vec<(Target, Expr)>, Body),
    /// A body with variables of its own.
    Scope(Body),
    Filter(Vec<Filter>, Body),
    Macro(Rc<MacroBody>),
    /// A call, and the body that it is given as `caller`.
    Call(Expr, Rc<MacroBody>),
    Break,
    Continue,
    /// A tag that needs other templates, of which there are none.
    NeedsTemplates(Rc<str>),
}
