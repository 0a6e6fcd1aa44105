//! The tree of a template's tokens: its expressions.

use std::rc::Rc;

use super::fault::{Fault, Result};
use super::lexer::Token;
use super::names::{is_filter, is_test};
use super::parser::{described, Parser};
use super::syntax::{Arguments, Expr, Filter};

/// Operators that one expression may have: as many as its tree is deep at the most.
const MAX_LINKS: usize = 1000;

const COMPARISONS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];

/// Names that end a test's argument without brackets.
const BEHIND_TESTS: [&str; 5] = ["else", "or", "and", "if", "in"];

impl Parser {
    /// Counts an operator.
    fn link(&mut self) -> Result<()> {
        self.links += 1;
        if self.links > MAX_LINKS {
            return self.fail("an expression is too long");
        }
        Ok(())
    }

    /// Expressions with commas between them, or one. `conditional`: whether `a if b else c` may be one; the names
    /// `ends` end it.
    pub(super) fn tuple(&mut self, conditional: bool, ends: &[&str]) -> Result<Expr> {
        let (mut items, mut is_tuple) = (Vec::new(), false);
        loop {
            let ended = matches!(
                self.peek(),
                Token::VariableEnd | Token::BlockEnd | Token::Operator(")")
            );
            if ended || ends.iter().any(|end| self.is_name(end)) {
                break;
            }
            items.push(if conditional {
                self.expression()?
            } else {
                self.nested(Self::or)?
            });
            if !self.skip(",") {
                break;
            }
            is_tuple = true;
        }
        match items.pop() {
            Some(only) if !is_tuple => Ok(only),
            None if !self.is(")") => {
                let found = described(self.peek());
                self.fail(format!("expected an expression, got {found}"))
            }
            last => {
                items.extend(last);
                Ok(Expr::Tuple(items))
            }
        }
    }

    pub(super) fn expression(&mut self) -> Result<Expr> {
        self.nested(|parser| {
            let mut value = parser.or()?;
            while parser.skip_name("if") {
                parser.link()?;
                let condition = Box::new(parser.or()?);
                let other = if parser.skip_name("else") {
                    Some(Box::new(parser.expression()?))
                } else {
                    None
                };
                value = Expr::If {
                    condition,
                    then: Box::new(value),
                    other,
                };
            }
            Ok(value)
        })
    }

    fn or(&mut self) -> Result<Expr> {
        let mut left = self.and()?;
        while self.skip_name("or") {
            self.link()?;
            left = Expr::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Expr> {
        let mut left = self.not()?;
        while self.skip_name("and") {
            self.link()?;
            left = Expr::And(Box::new(left), Box::new(self.not()?));
        }
        Ok(left)
    }

    fn not(&mut self) -> Result<Expr> {
        if self.skip_name("not") {
            let inner = self.nested(Self::not)?;
            return Ok(Expr::Not(Box::new(inner)));
        }
        self.compare()
    }

    fn compare(&mut self) -> Result<Expr> {
        let first = self.sum()?;
        let mut others = Vec::new();
        loop {
            let found = COMPARISONS.into_iter().find(|operator| self.is(operator));
            let operator = if let Some(operator) = found {
                operator
            } else if self.is_name("in") {
                "in"
            } else if self.is_name("not") && *self.look() == Token::Name("in".into()) {
                self.advance();
                "not in"
            } else {
                break;
            };
            self.advance();
            others.push((operator, self.sum()?));
        }
        if others.is_empty() {
            return Ok(first);
        }
        Ok(Expr::Compare(Box::new(first), others))
    }

    /// Operands of the operators `of`, the leftmost together first.
    fn binary(
        &mut self,
        of: &[&'static str],
        operand: fn(&mut Self) -> Result<Expr>,
    ) -> Result<Expr> {
        let mut left = operand(self)?;
        while let Some(operator) = of.iter().find(|operator| self.is(operator)) {
            self.link()?;
            self.advance();
            left = Expr::Binary(operator, Box::new(left), Box::new(operand(self)?));
        }
        Ok(left)
    }

    fn sum(&mut self) -> Result<Expr> {
        self.binary(&["+", "-"], Self::concat)
    }

    fn concat(&mut self) -> Result<Expr> {
        let first = self.product()?;
        if !self.is("~") {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.skip("~") {
            parts.push(self.product()?);
        }
        Ok(Expr::Concat(parts))
    }

    fn product(&mut self) -> Result<Expr> {
        self.binary(&["*", "/", "//", "%"], Self::power)
    }

    fn power(&mut self) -> Result<Expr> {
        self.binary(&["**"], |parser| parser.unary(true))
    }

    fn unary(&mut self, filtered: bool) -> Result<Expr> {
        let mut value = if self.skip("-") {
            Expr::Negative(Box::new(self.nested(|parser| parser.unary(false))?))
        } else if self.skip("+") {
            Expr::Positive(Box::new(self.nested(|parser| parser.unary(false))?))
        } else {
            self.primary()?
        };
        value = self.postfix(value)?;
        if !filtered {
            return Ok(value);
        }
        loop {
            if self.skip("|") {
                self.link()?;
                let (name, arguments) = self.filter()?;
                value = Expr::Filter(Box::new(value), name, arguments);
            } else if self.skip_name("is") {
                self.link()?;
                value = self.test(value)?;
            } else if self.is("(") {
                self.link()?;
                value = Expr::Call(Box::new(value), self.arguments()?);
            } else {
                return Ok(value);
            }
        }
    }

    fn primary(&mut self) -> Result<Expr> {
        let line = self.line();
        match self.advance() {
            Token::Name(name) => Ok(match name.as_str() {
                "true" | "True" => Expr::Bool(true),
                "false" | "False" => Expr::Bool(false),
                "none" | "None" => Expr::None,
                _ => {
                    self.asked[0] |= name == "varargs";
                    self.asked[1] |= name == "kwargs";
                    Expr::Name(name.into())
                }
            }),
            Token::Text(mut text) => {
                while let Token::Text(more) = self.peek().clone() {
                    text += &more;
                    self.advance();
                }
                Ok(Expr::Text(text.into()))
            }
            Token::Int(number) => Ok(Expr::Int(number)),
            Token::Float(number) => Ok(Expr::Float(number)),
            Token::Operator("(") => {
                let inner = self.tuple(true, &[])?;
                self.expect(")")?;
                Ok(inner)
            }
            Token::Operator("[") => Ok(Expr::List(self.items("]", Self::expression)?)),
            Token::Operator("{") => Ok(Expr::Dict(self.items("}", |parser| {
                let key = parser.expression()?;
                parser.expect(":")?;
                Ok((key, parser.expression()?))
            })?)),
            other => Err(Fault::syntax(
                format!("unexpected {}", described(&other)),
                line,
            )),
        }
    }

    /// What stands up to the bracket `end`, with commas between.
    fn items<T>(
        &mut self,
        end: &str,
        mut read: impl FnMut(&mut Self) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut items = Vec::new();
        while !self.skip(end) {
            if !items.is_empty() {
                self.expect(",")?;
                if self.skip(end) {
                    break;
                }
            }
            items.push(read(self)?);
        }
        Ok(items)
    }

    fn postfix(&mut self, mut value: Expr) -> Result<Expr> {
        loop {
            if self.skip(".") {
                value = match self.advance() {
                    Token::Name(name) => Expr::Attribute(Box::new(value), name.into()),
                    Token::Int(index) => Expr::Item(Box::new(value), Box::new(Expr::Int(index))),
                    _ => return self.fail("expected name or number"),
                };
            } else if self.skip("[") {
                value = self.subscript(value)?;
            } else if self.is("(") {
                value = Expr::Call(Box::new(value), self.arguments()?);
            } else {
                return Ok(value);
            }
            self.link()?;
        }
    }

    fn subscript(&mut self, value: Expr) -> Result<Expr> {
        let part = |parser: &mut Self| -> Result<Option<Box<Expr>>> {
            if parser.is(":") || parser.is("]") {
                return Ok(None);
            }
            Ok(Some(Box::new(parser.expression()?)))
        };
        let value = Box::new(value);
        let start = part(self)?;
        let result = if self.skip(":") {
            let stop = part(self)?;
            let step = if self.skip(":") { part(self)? } else { None };
            Expr::Slice(value, [start, stop, step])
        } else {
            let Some(index) = start else {
                return self.fail("expected an index");
            };
            if self.skip(",") {
                let mut items = vec![*index];
                items.extend(self.items("]", Self::expression)?);
                return Ok(Expr::Item(value, Box::new(Expr::Tuple(items))));
            }
            Expr::Item(value, index)
        };
        self.expect("]")?;
        Ok(result)
    }

    fn arguments(&mut self) -> Result<Arguments> {
        let mut arguments = Arguments::default();
        self.expect("(")?;
        self.items(")", |parser| {
            let ended = arguments.dictionary.is_some();
            if parser.skip("*") {
                if ended || arguments.list.is_some() {
                    return parser.fail("invalid syntax for function call expression");
                }
                arguments.list = Some(Box::new(parser.expression()?));
            } else if parser.skip("**") {
                if ended {
                    return parser.fail("invalid syntax for function call expression");
                }
                arguments.dictionary = Some(Box::new(parser.expression()?));
            } else if matches!(parser.peek(), Token::Name(_))
                && *parser.look() == Token::Operator("=")
            {
                let name = parser.name()?;
                parser.advance();
                if ended {
                    return parser.fail("invalid syntax for function call expression");
                }
                arguments.named.push((name, parser.expression()?));
            } else if ended || arguments.list.is_some() || !arguments.named.is_empty() {
                return parser.fail("invalid syntax for function call expression");
            } else {
                arguments.positional.push(parser.expression()?);
            }
            Ok(())
        })?;
        Ok(arguments)
    }

    /// A filter's name and arguments.
    pub(super) fn filter(&mut self) -> Result<Filter> {
        let name = self.name()?;
        if !is_filter(&name) {
            return self.fail(format!("No filter named '{name}'."));
        }
        let arguments = if self.is("(") {
            self.arguments()?
        } else {
            Arguments::default()
        };
        Ok((name, arguments))
    }

    fn test(&mut self, value: Expr) -> Result<Expr> {
        let negated = self.skip_name("not");
        let name: Rc<str> = self.name()?;
        if !is_test(&name) {
            return self.fail(format!("No test named '{name}'."));
        }
        let mut arguments = Arguments::default();
        if self.is("(") {
            arguments = self.arguments()?;
        } else if self.argument_follows() {
            if self.is_name("is") {
                return self.fail("You cannot chain multiple tests with is");
            }
            let argument = self.nested(Self::primary)?;
            arguments.positional.push(self.postfix(argument)?);
        }
        let test = Expr::Test(Box::new(value), name, arguments);
        if negated {
            return Ok(Expr::Not(Box::new(test)));
        }
        Ok(test)
    }

    fn argument_follows(&self) -> bool {
        match self.peek() {
            Token::Name(name) => !BEHIND_TESTS.contains(&name.as_str()),
            Token::Text(_) | Token::Int(_) | Token::Float(_) => true,
            Token::Operator(operator) => ["[", "{"].contains(operator),
            _ => false,
        }
    }
}
