//! A template cut into tokens, as Jinja does with `trim_blocks` and `lstrip_blocks`.

use super::fault::{Fault, Result};

/// A piece of a template.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// Text outside of tags.
    Data(String),
    /// `{{`
    VariableBegin,
    /// `}}`
    VariableEnd,
    /// `{%`
    BlockBegin,
    /// `%}`
    BlockEnd,
    Name(String),
    Text(String),
    Int(i128),
    Float(f64),
    /// An operator or a bracket.
    Operator(&'static str),
    /// The end of the template.
    End,
}

/// Longer ones first.
const OPERATORS: [&str; 25] = [
    "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}",
    ">", "<", "=", ".", ":", "|", ",",
];

/// What Python's `str.isspace` calls a blank.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// The tokens of a template, each with its line.
pub(super) fn tokens(source: &str) -> Result<Vec<(u32, Token)>> {
    let source = source.replace("\r\n", "\n").replace('\r', "\n");
    let mut lexer = Lexer {
        rest: source.strip_suffix('\n').unwrap_or(&source),
        line: 1,
        line_starts: true,
        tokens: Vec::new(),
    };
    while !lexer.rest.is_empty() {
        lexer.root()?;
    }
    let line = lexer.line;
    lexer.tokens.push((line, Token::End));
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    rest: &'a str,
    line: u32,
    /// Whether the piece before ended with a line.
    line_starts: bool,
    tokens: Vec<(u32, Token)>,
}

impl<'a> Lexer<'a> {
    /// Takes `length` bytes.
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        self.line += taken.matches('\n').count() as u32;
        if let Some(last) = taken.chars().last() {
            self.line_starts = last == '\n';
        }
        taken
    }

    fn skip_blanks(&mut self) {
        let blanks = self.rest.len() - self.rest.trim_start_matches(is_blank).len();
        self.take(blanks);
    }

    fn push(&mut self, token: Token) {
        self.tokens.push((self.line, token));
    }

    /// Text up to the next tag, and the tag.
    fn root(&mut self) -> Result<()> {
        let next = self
            .rest
            .match_indices('{')
            .map(|(at, _)| at)
            .find(|&at| self.rest[at + 1..].starts_with(['{', '%', '#']));
        let Some(at) = next else {
            let text = self.rest;
            let line = self.line;
            self.take(text.len());
            self.tokens.push((line, Token::Data(text.to_string())));
            return Ok(());
        };
        let line_starts = self.line_starts;
        let (line, text) = (self.line, self.take(at));
        let kind = self.take(2);
        let sign = self.rest.chars().next().filter(|c| ['-', '+'].contains(c));
        self.take(sign.map_or(0, char::len_utf8));
        let text = stripped(text, sign, kind != "{{", line_starts);
        if !text.is_empty() {
            self.tokens.push((line, Token::Data(text.to_string())));
        }
        match kind {
            "{{" => self.tag(Token::VariableBegin),
            "{#" => self.comment(),
            _ => match self.raw_begins() {
                Some(length) => self.raw(length),
                None => self.tag(Token::BlockBegin),
            },
        }
    }

    fn comment(&mut self) -> Result<()> {
        let Some(end) = self.rest.find("#}") else {
            return Err(Fault::syntax("Missing end of comment tag", self.line));
        };
        let sign = self.rest[..end].chars().last();
        self.take(end + 2);
        self.after_end(sign);
        Ok(())
    }

    /// What the end of a tag takes with it: all blanks behind a minus, one line break behind none.
    fn after_end(&mut self, sign: Option<char>) {
        match sign {
            Some('-') => self.skip_blanks(),
            Some('+') => {}
            _ => {
                let line_break = usize::from(self.rest.starts_with('\n'));
                self.take(line_break);
            }
        }
    }

    /// How much of the rest, behind `{%`, is the tag `raw`.
    fn raw_begins(&self) -> Option<usize> {
        let behind = self.rest.trim_start_matches(is_blank);
        let behind = behind.strip_prefix("raw")?.trim_start_matches(is_blank);
        let behind = match behind.strip_prefix("-%}") {
            Some(behind) => behind.trim_start_matches(is_blank),
            None => behind.strip_prefix("%}")?,
        };
        Some(self.rest.len() - behind.len())
    }

    fn raw(&mut self, length: usize) -> Result<()> {
        self.take(length);
        let mut from = 0;
        while let Some(found) = self.rest[from..].find("{%") {
            let at = from + found;
            let inside = &self.rest[at + 2..];
            let sign = inside.chars().next().filter(|c| ['-', '+'].contains(c));
            let behind = inside[sign.map_or(0, char::len_utf8)..].trim_start_matches(is_blank);
            let behind = behind
                .strip_prefix("endraw")
                .map(|behind| behind.trim_start_matches(is_blank));
            if let Some(behind) = behind {
                let end = behind.chars().next().filter(|c| ['-', '+'].contains(c));
                if let Some(after) = behind[end.map_or(0, char::len_utf8)..].strip_prefix("%}") {
                    let text = stripped(&self.rest[..at], sign, true, self.line_starts);
                    self.push(Token::Data(text.to_string()));
                    self.take(self.rest.len() - after.len());
                    self.after_end(end);
                    return Ok(());
                }
            }
            from = at + 2;
        }
        Err(Fault::syntax("Missing end of raw directive", self.line))
    }

    /// The tokens of a tag, up to its end.
    fn tag(&mut self, begin: Token) -> Result<()> {
        let block = begin == Token::BlockBegin;
        self.push(begin);
        let mut open: Vec<&str> = Vec::new();
        loop {
            if open.is_empty() && self.tag_ends(block) {
                return Ok(());
            }
            let Some(first) = self.rest.chars().next() else {
                return Ok(());
            };
            if is_blank(first) {
                self.skip_blanks();
            } else if first.is_ascii_digit() {
                self.number()?;
            } else if first.is_alphanumeric() || first == '_' {
                self.name()?;
            } else if first == '\'' || first == '"' {
                self.text(first)?;
            } else {
                self.operator(&mut open)?;
            }
        }
    }

    fn tag_ends(&mut self, block: bool) -> bool {
        let sign = self
            .rest
            .chars()
            .next()
            .filter(|&c| c == '-' || (c == '+' && block));
        let end = if block { "%}" } else { "}}" };
        let length = sign.map_or(0, char::len_utf8);
        if !self.rest[length..].starts_with(end) {
            return false;
        }
        self.push(if block {
            Token::BlockEnd
        } else {
            Token::VariableEnd
        });
        self.take(length + 2);
        if block || sign.is_some() {
            self.after_end(sign);
        }
        true
    }

    fn name(&mut self) -> Result<()> {
        let inside = |c: char| c.is_alphanumeric() || c == '_';
        let length = self.rest.find(|c| !inside(c)).unwrap_or(self.rest.len());
        let name = self.take(length).to_string();
        self.push(Token::Name(name));
        Ok(())
    }

    fn number(&mut self) -> Result<()> {
        let bytes = self.rest.as_bytes();
        let digits = |from: usize| {
            let mut at = from;
            while at < bytes.len()
                && (bytes[at].is_ascii_digit()
                    || (bytes[at] == b'_'
                        && at > from
                        && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)))
            {
                at += 1;
            }
            at
        };
        let whole = digits(0);
        let mut end = whole;
        let after_dot = matches!(self.tokens.last(), Some((_, Token::Operator("."))));
        if !after_dot {
            if bytes.get(end) == Some(&b'.') && digits(end + 1) > end + 1 {
                end = digits(end + 1);
            }
            if matches!(bytes.get(end), Some(b'e' | b'E')) {
                let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
                if digits(end + 1 + sign) > end + 1 + sign {
                    end = digits(end + 1 + sign);
                }
            }
        }
        let radix = match bytes.get(1) {
            Some(b'x' | b'X') => 16,
            Some(b'o' | b'O') => 8,
            Some(b'b' | b'B') => 2,
            _ => 10,
        };
        let too_long = |line| Fault::syntax("a number is too large", line);
        let number = if end > whole {
            let spelled = self.take(end).replace('_', "");
            Token::Float(spelled.parse().map_err(|_| too_long(self.line))?)
        } else if radix != 10 && bytes[0] == b'0' && whole == 1 {
            let inside = |c: char| c.is_digit(radix) || c == '_';
            let length = 2 + self.rest[2..]
                .find(|c| !inside(c))
                .unwrap_or(self.rest.len() - 2);
            let spelled = self.take(length)[2..].replace('_', "");
            let value = i128::from_str_radix(&spelled, radix);
            Token::Int(value.map_err(|_| too_long(self.line))?)
        } else {
            let spelled = self.take(whole).replace('_', "");
            Token::Int(spelled.parse().map_err(|_| too_long(self.line))?)
        };
        self.push(number);
        Ok(())
    }

    fn text(&mut self, quote: char) -> Result<()> {
        let mut escaped = false;
        let end = self.rest[1..].char_indices().find(|&(_, c)| {
            let ends = c == quote && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        let Some((end, _)) = end else {
            return Err(self.unexpected(quote));
        };
        let line = self.line;
        let inside = &self.take(end + 2)[1..=end];
        let text = unescaped(inside).map_err(|message| Fault::syntax(message, line))?;
        self.tokens.push((line, Token::Text(text)));
        Ok(())
    }

    fn unexpected(&self, c: char) -> Fault {
        Fault::syntax(format!("unexpected char '{c}'"), self.line)
    }

    fn operator(&mut self, open: &mut Vec<&'static str>) -> Result<()> {
        let found = OPERATORS.iter().find(|o| self.rest.starts_with(**o));
        let Some(&operator) = found else {
            let c = self.rest.chars().next().unwrap_or_default();
            return Err(self.unexpected(c));
        };
        match operator {
            "(" => open.push(")"),
            "[" => open.push("]"),
            "{" => open.push("}"),
            ")" | "]" | "}" => {
                let expected = open.pop();
                if expected != Some(operator) {
                    let wanted = expected.map(|e| format!(", expected '{e}'"));
                    let message = format!("unexpected '{operator}'{}", wanted.unwrap_or_default());
                    return Err(Fault::syntax(message, self.line));
                }
            }
            _ => {}
        }
        self.take(operator.len());
        self.push(Token::Operator(operator));
        Ok(())
    }
}

/// Text before a tag without the blanks that the tag takes.
fn stripped(text: &str, sign: Option<char>, block: bool, line_starts: bool) -> &str {
    match sign {
        Some('-') => text.trim_end_matches(is_blank),
        None if block => {
            let line = text.rfind('\n').map_or(0, |at| at + 1);
            let begins = line > 0 || line_starts;
            if begins && text[line..].chars().all(is_blank) {
                &text[..line]
            } else {
                text
            }
        }
        _ => text,
    }
}

/// A string literal's text. Escapes are Python's; unknown ones stay as they are.
fn unescaped(text: &str) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let kind = rest[at + 1..].chars().next().unwrap_or('\\');
        rest = rest[at + 1..].get(kind.len_utf8()..).unwrap_or("");
        let coded = |digits: usize| -> Result<char, String> {
            let code = rest.get(..digits);
            code.and_then(|code| u32::from_str_radix(code, 16).ok())
                .and_then(char::from_u32)
                .ok_or_else(|| format!("truncated \\{kind} escape"))
        };
        match kind {
            '\n' => {}
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'a' => out.push('\u{7}'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'v' => out.push('\u{b}'),
            '\\' | '\'' | '"' => out.push(kind),
            'x' | 'u' | 'U' => {
                let digits = match kind {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                // Two escapes may be the halves of one character.
                match coded(digits) {
                    Ok(c) => {
                        out.push(c);
                        rest = &rest[digits..];
                    }
                    Err(error) => {
                        let (c, length) = surrogates(rest).filter(|_| kind == 'u').ok_or(error)?;
                        out.push(c);
                        rest = &rest[length..];
                    }
                }
            }
            '0'..='7' => {
                let more = rest.chars().take(2).take_while(|c| c.is_digit(8)).count();
                let code = format!("{kind}{}", &rest[..more]);
                rest = &rest[more..];
                let code = u32::from_str_radix(&code, 8).ok().and_then(char::from_u32);
                out.extend(code);
            }
            'N' => return Err("characters by their names are not read".into()),
            _ => out.extend(['\\', kind]),
        }
    }
    Ok(out + rest)
}

/// The character of `D83D\uDE00`, and the length of that.
fn surrogates(rest: &str) -> Option<(char, usize)> {
    let high = u16::from_str_radix(rest.get(..4)?, 16).ok()?;
    let low = u16::from_str_radix(rest.get(4..)?.strip_prefix("\\u")?.get(..4)?, 16).ok()?;
    let c = char::decode_utf16([high, low]).next()?.ok()?;
    Some((c, 10))
}
