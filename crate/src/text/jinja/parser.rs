//! The tree of a template's tokens: its statements. [`super::expressions`] reads what stands in them.

use std::rc::Rc;

use super::fault::{Fault, Result};
use super::lexer::{tokens, Token};
use super::syntax::{Body, Expr, Filter, For, MacroBody, Statement, Target};

/// How deep brackets and blocks may be nested: Python's own stack ends sooner.
const MAX_NESTING: usize = 80;

/// Reads a template.
pub(super) fn parse(source: &str) -> Result<Body> {
    let mut parser = Parser {
        tokens: tokens(source)?,
        at: 0,
        nesting: 0,
        links: 0,
        open: Vec::new(),
        asked: [false; 2],
    };
    parser.body(&[])
}

pub(super) struct Parser {
    tokens: Vec<(u32, Token)>,
    at: usize,
    nesting: usize,
    /// Operators of the expression that is being read.
    pub(super) links: usize,
    /// Tags that wait for their end.
    open: Vec<&'static str>,
    /// Whether the macro that is being read asks for `varargs` and `kwargs`.
    pub(super) asked: [bool; 2],
}

impl Parser {
    pub(super) fn peek(&self) -> &Token {
        &self.tokens[self.at].1
    }

    pub(super) fn look(&self) -> &Token {
        &self.tokens[(self.at + 1).min(self.tokens.len() - 1)].1
    }

    pub(super) fn line(&self) -> u32 {
        self.tokens[self.at].0
    }

    pub(super) fn advance(&mut self) -> Token {
        let token = self.peek().clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    pub(super) fn fail<T>(&self, message: impl Into<String>) -> Result<T> {
        Err(Fault::syntax(message, self.line()))
    }

    pub(super) fn is_name(&self, name: &str) -> bool {
        matches!(self.peek(), Token::Name(found) if found == name)
    }

    pub(super) fn is(&self, operator: &str) -> bool {
        matches!(self.peek(), Token::Operator(found) if *found == operator)
    }

    pub(super) fn skip_name(&mut self, name: &str) -> bool {
        let skip = self.is_name(name);
        if skip {
            self.advance();
        }
        skip
    }

    pub(super) fn skip(&mut self, operator: &str) -> bool {
        let skip = self.is(operator);
        if skip {
            self.advance();
        }
        skip
    }

    pub(super) fn expect(&mut self, operator: &str) -> Result<()> {
        if self.skip(operator) {
            return Ok(());
        }
        let found = described(self.peek());
        self.fail(format!("expected token '{operator}', got {found}"))
    }

    fn expect_name(&mut self, name: &str) -> Result<()> {
        if self.skip_name(name) {
            return Ok(());
        }
        let found = described(self.peek());
        self.fail(format!("expected token '{name}', got {found}"))
    }

    pub(super) fn name(&mut self) -> Result<Rc<str>> {
        match self.peek().clone() {
            Token::Name(name) => {
                self.advance();
                Ok(name.into())
            }
            other => self.fail(format!("expected a name, got {}", described(&other))),
        }
    }

    fn end_of(&mut self, end: Token) -> Result<()> {
        if *self.peek() == end {
            self.advance();
            return Ok(());
        }
        let (wanted, found) = (described(&end), described(self.peek()));
        self.fail(format!("expected {wanted}, got {found}"))
    }

    /// Runs `read` a level deeper.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.nesting == MAX_NESTING {
            return self.fail("it is nested too deeply");
        }
        self.nesting += 1;
        let result = read(self);
        self.nesting -= 1;
        result
    }

    /// Statements up to one of the tags `ends`, which is the next token then; up to the end of the template if there
    /// are none.
    fn body(&mut self, ends: &[&str]) -> Result<Body> {
        let mut body = Body::new();
        loop {
            let line = self.line();
            match self.advance() {
                Token::End if ends.is_empty() => return Ok(body),
                Token::End => {
                    let open = self.open.last().copied().unwrap_or_default();
                    return self.fail(format!(
                        "the template ends where '{}' is still to come, which closes '{open}'",
                        ends.join("' or '")
                    ));
                }
                Token::Data(text) => body.push((line, Statement::Data(text.into()))),
                Token::VariableBegin => {
                    let value = self.whole_expression()?;
                    self.end_of(Token::VariableEnd)?;
                    body.push((line, Statement::Print(value)));
                }
                Token::BlockBegin => {
                    if ends.iter().any(|end| self.is_name(end)) {
                        return Ok(body);
                    }
                    let line = self.line();
                    self.nested(|parser| parser.statement(line, &mut body))?;
                    self.end_of(Token::BlockEnd)?;
                }
                other => return self.fail(format!("unexpected {}", described(&other))),
            }
        }
    }

    /// The body of the tag `tag`, up to one of `ends`.
    fn block(&mut self, tag: &'static str, ends: &[&str]) -> Result<Body> {
        self.skip(":");
        self.end_of(Token::BlockEnd)?;
        self.open.push(tag);
        let body = self.body(ends);
        self.open.pop();
        body
    }

    /// [`Parser::block`] up to the one `end`, which is taken.
    fn closed(&mut self, tag: &'static str, end: &'static str) -> Result<Body> {
        let body = self.block(tag, &[end])?;
        self.advance();
        Ok(body)
    }

    /// An expression that may be a tuple without brackets.
    pub(super) fn whole_expression(&mut self) -> Result<Expr> {
        self.links = 0;
        self.tuple(true, &[])
    }

    fn condition(&mut self) -> Result<Expr> {
        self.links = 0;
        self.tuple(false, &[])
    }

    fn statement(&mut self, line: u32, body: &mut Body) -> Result<()> {
        let Token::Name(tag) = self.advance() else {
            return Err(Fault::syntax("tag name expected", line));
        };
        let statement = match tag.as_str() {
            "set" => self.set()?,
            "for" => self.for_loop()?,
            "if" => self.branches()?,
            "with" => self.with()?,
            "macro" => {
                let name = self.name()?;
                Statement::Macro(Rc::new(self.macro_body(name, "macro", "endmacro")?))
            }
            "call" => self.call_block()?,
            "filter" => {
                let filters = self.filters(true)?;
                Statement::Filter(filters, self.closed("filter", "endfilter")?)
            }
            "print" => return self.print(line, body),
            // transformers' own: its body counts, and its variables stay inside.
            "generation" => Statement::Scope(self.closed("generation", "endgeneration")?),
            "block" => self.named_block()?,
            "autoescape" => {
                if self.whole_expression()? != Expr::Bool(false) {
                    return self.fail("texts are not escaped here");
                }
                Statement::Scope(self.closed("autoescape", "endautoescape")?)
            }
            "break" => Statement::Break,
            "continue" => Statement::Continue,
            "include" | "import" | "from" | "extends" => {
                while !matches!(self.peek(), Token::BlockEnd | Token::End) {
                    self.advance();
                }
                Statement::NeedsTemplates(tag.into())
            }
            _ => {
                let open = self.open.last().map(|open| format!(" inside of '{open}'"));
                let place = open.unwrap_or_default();
                return Err(Fault::syntax(format!("unknown tag '{tag}'{place}"), line));
            }
        };
        body.push((line, statement));
        Ok(())
    }

    fn print(&mut self, line: u32, body: &mut Body) -> Result<()> {
        while *self.peek() != Token::BlockEnd {
            self.links = 0;
            let value = self.expression()?;
            body.push((line, Statement::Print(value)));
            if *self.peek() != Token::BlockEnd {
                self.expect(",")?;
            }
        }
        Ok(())
    }

    fn set(&mut self) -> Result<Statement> {
        let target = self.target(true)?;
        if self.skip("=") {
            return Ok(Statement::Set(target, self.whole_expression()?));
        }
        let filters = self.filters(false)?;
        let body = self.closed("set", "endset")?;
        Ok(Statement::SetBlock(target, filters, body))
    }

    fn for_loop(&mut self) -> Result<Statement> {
        let target = self.target(false)?;
        self.expect_name("in")?;
        self.links = 0;
        let items = self.tuple(false, &["recursive"])?;
        let condition = if self.skip_name("if") {
            self.links = 0;
            Some(self.expression()?)
        } else {
            None
        };
        let recursive = self.skip_name("recursive");
        let body = self.block("for", &["endfor", "else"])?;
        let otherwise = if self.advance() == Token::Name("else".into()) {
            self.closed("for", "endfor")?
        } else {
            Body::new()
        };
        Ok(Statement::For(Rc::new(For {
            target,
            items,
            condition,
            recursive,
            body,
            otherwise,
        })))
    }

    fn branches(&mut self) -> Result<Statement> {
        let mut branches = Vec::new();
        loop {
            let condition = self.condition()?;
            let body = self.block("if", &["elif", "else", "endif"])?;
            branches.push((condition, body));
            let Token::Name(next) = self.advance() else {
                return self.fail("tag name expected");
            };
            match next.as_str() {
                "elif" => {}
                "else" => {
                    let otherwise = self.closed("if", "endif")?;
                    return Ok(Statement::If(branches, otherwise));
                }
                _ => return Ok(Statement::If(branches, Body::new())),
            }
        }
    }

    fn with(&mut self) -> Result<Statement> {
        let mut values = Vec::new();
        while *self.peek() != Token::BlockEnd {
            if !values.is_empty() {
                self.expect(",")?;
            }
            let target = self.target(false)?;
            self.expect("=")?;
            self.links = 0;
            values.push((target, self.expression()?));
        }
        Ok(Statement::With(values, self.closed("with", "endwith")?))
    }

    /// A block that other templates could replace; there are none, so that it is its body.
    fn named_block(&mut self) -> Result<Statement> {
        let name = self.name()?;
        self.skip_name("scoped");
        self.skip_name("required");
        let body = self.closed("block", "endblock")?;
        self.skip_name(&name);
        Ok(Statement::Scope(body))
    }

    fn call_block(&mut self) -> Result<Statement> {
        let (parameters, defaults) = if self.is("(") {
            self.signature()?
        } else {
            Default::default()
        };
        self.links = 0;
        let call = self.expression()?;
        if !matches!(call, Expr::Call(..)) {
            return self.fail("expected call");
        }
        let body = self.closed("call", "endcall")?;
        let caller = MacroBody {
            name: "caller".into(),
            parameters,
            defaults,
            body,
            catches: [false; 2],
        };
        Ok(Statement::Call(call, Rc::new(caller)))
    }

    fn macro_body(
        &mut self,
        name: Rc<str>,
        tag: &'static str,
        end: &'static str,
    ) -> Result<MacroBody> {
        let (parameters, defaults) = self.signature()?;
        let outer = std::mem::take(&mut self.asked);
        let body = self.closed(tag, end)?;
        let catches = std::mem::replace(&mut self.asked, outer);
        Ok(MacroBody {
            name,
            parameters,
            defaults,
            body,
            catches,
        })
    }

    fn signature(&mut self) -> Result<(Vec<Rc<str>>, Vec<Expr>)> {
        let (mut parameters, mut defaults) = (Vec::new(), Vec::new());
        self.expect("(")?;
        while !self.is(")") {
            if !parameters.is_empty() {
                self.expect(",")?;
            }
            parameters.push(self.name()?);
            if self.skip("=") {
                self.links = 0;
                defaults.push(self.expression()?);
            } else if !defaults.is_empty() {
                return self.fail("non-default argument follows default argument");
            }
        }
        self.expect(")")?;
        Ok((parameters, defaults))
    }

    /// One name or several with commas between them; an attribute too where `attributes` may be set.
    fn target(&mut self, attributes: bool) -> Result<Target> {
        let (mut targets, mut tuple) = (Vec::new(), false);
        loop {
            targets.push(self.one_target(attributes)?);
            if !self.skip(",") {
                break;
            }
            tuple = true;
            let ends = self.is("=") || self.is_name("in") || *self.peek() == Token::BlockEnd;
            if ends {
                break;
            }
        }
        match targets.pop() {
            Some(only) if !tuple => Ok(only),
            last => {
                targets.extend(last);
                Ok(Target::Tuple(targets))
            }
        }
    }

    fn one_target(&mut self, attributes: bool) -> Result<Target> {
        if self.skip("(") {
            let inner = self.nested(|parser| parser.target(attributes))?;
            self.expect(")")?;
            return Ok(inner);
        }
        let name = self.name()?;
        if ["true", "false", "none", "True", "False", "None"].contains(&&*name) {
            return self.fail("can't assign to 'const'");
        }
        if attributes && self.skip(".") {
            return Ok(Target::Attribute(name, self.name()?));
        }
        Ok(Target::Name(name))
    }

    /// The filters behind `filter` or a block's name; the first has no `|` before it if it is `inline`.
    fn filters(&mut self, inline: bool) -> Result<Vec<Filter>> {
        self.links = 0;
        let (mut filters, mut begun) = (Vec::new(), inline);
        while begun || self.skip("|") {
            begun = false;
            filters.push(self.filter()?);
        }
        Ok(filters)
    }
}

/// A token for people.
pub(super) fn described(token: &Token) -> String {
    match token {
        Token::Data(_) => "text".into(),
        Token::VariableBegin => "'{{'".into(),
        Token::VariableEnd => "'}}'".into(),
        Token::BlockBegin => "'{%'".into(),
        Token::BlockEnd => "'%}'".into(),
        Token::Name(name) => format!("'{name}'"),
        Token::Text(text) => format!("the string '{text}'"),
        Token::Int(number) => format!("'{number}'"),
        Token::Float(number) => format!("'{number}'"),
        Token::Operator(operator) => format!("'{operator}'"),
        Token::End => "the end of the template".into(),
    }
}
