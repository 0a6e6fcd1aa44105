//! The words and signs of a Rust file, without comments, strings and what is there for tests only.

use std::collections::BTreeSet;

/// A word or a sign, with its line.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    pub text: String,
    pub line: usize,
}

/// Splits a text, leaving out comments, strings and characters.
pub fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        let start = at;
        let c = chars[at];
        let next = chars.get(at + 1).copied().unwrap_or(' ');
        if c == '/' && next == '/' {
            at = position(&chars, at, |c| c == '\n');
        } else if c == '/' && next == '*' {
            at = end_of_comment(&chars, at);
        } else if c == '"' {
            at = end_of_string(&chars, at);
        } else if let Some(end) = raw_string(&chars, at) {
            at = end;
        } else if c == '\'' {
            at = end_of_character(&chars, at);
        } else if c.is_alphanumeric() || c == '_' {
            at = position(&chars, at, |c| !(c.is_alphanumeric() || c == '_'));
            let text: String = chars[start..at].iter().collect();
            tokens.push(Token { text, line });
        } else if c == ':' && next == ':' {
            at += 2;
            let text = "::".into();
            tokens.push(Token { text, line });
        } else {
            at += 1;
            if !c.is_whitespace() {
                let text = c.to_string();
                tokens.push(Token { text, line });
            }
        }
        line += chars[start..at].iter().filter(|&&c| c == '\n').count();
    }
    tokens
}

fn position(chars: &[char], from: usize, found: impl Fn(char) -> bool) -> usize {
    let rest = chars[from..].iter().position(|&c| found(c));
    rest.map_or(chars.len(), |rest| from + rest)
}

/// Block comments may stand in each other.
fn end_of_comment(chars: &[char], from: usize) -> usize {
    let (mut at, mut depth) = (from, 0);
    while at + 1 < chars.len() {
        match (chars[at], chars[at + 1]) {
            ('/', '*') => {
                depth += 1;
                at += 2;
            }
            ('*', '/') => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    chars.len()
}

fn end_of_string(chars: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

/// The end of `r"…"`, `r#"…"#`, `br"…"`, if one begins here.
fn raw_string(chars: &[char], from: usize) -> Option<usize> {
    let word_before = from > 0 && (chars[from - 1].is_alphanumeric() || chars[from - 1] == '_');
    let mut at = from;
    if word_before || !matches!(chars[at], 'r' | 'b' | 'c') {
        return None;
    }
    while matches!(chars.get(at), Some('r' | 'b' | 'c')) {
        at += 1;
    }
    let hashes = position(chars, at, |c| c != '#') - at;
    if chars.get(at + hashes) != Some(&'"') {
        return None;
    }
    if !chars[from..at].contains(&'r') {
        return Some(end_of_string(chars, at));
    }
    at += hashes + 1;
    while at < chars.len() {
        let closed = chars[at] == '"' && chars[at + 1..].iter().take(hashes).all(|&c| c == '#');
        at += 1;
        if closed {
            return Some((at + hashes).min(chars.len()));
        }
    }
    Some(at)
}

/// The end of `'x'`; of a lifetime only the apostrophe.
fn end_of_character(chars: &[char], from: usize) -> usize {
    match (chars.get(from + 1), chars.get(from + 2)) {
        (Some('\\'), _) => {
            // The character after the backslash may be an apostrophe itself.
            (position(chars, from + 3, |c| c == '\'') + 1).min(chars.len())
        }
        (Some(_), Some('\'')) => from + 3,
        _ => from + 1,
    }
}

/// Leaves out what stands under `#[cfg(test)]`, and notes the modules there that have files.
pub fn without_tests(tokens: Vec<Token>, test_modules: &mut BTreeSet<String>) -> Vec<Token> {
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(end) = test_attribute(&tokens[at..]) else {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        };
        at += end;
        let item = at;
        // Other attributes, then the item up to its `;` or its closing brace.
        let (mut depth, mut braced) = (0i32, false);
        while at < tokens.len() {
            match &*tokens[at].text {
                "{" | "(" | "[" => depth += 1,
                "}" | ")" | "]" => depth -= 1,
                _ => {}
            }
            braced |= tokens[at].text == "{";
            let text = &tokens[at].text;
            at += 1;
            if depth == 0 && (text == ";" || (braced && text == "}")) {
                break;
            }
        }
        if !braced {
            let mut words = tokens[item..at].iter().skip_while(|t| t.text != "mod");
            test_modules.extend(words.nth(1).map(|name| name.text.clone()));
        }
    }
    kept
}

/// The length of `#[cfg(test)]` or `#[cfg(all(test, …))]`, if one stands here.
fn test_attribute(tokens: &[Token]) -> Option<usize> {
    let starts = |words: &[&str]| {
        words.len() <= tokens.len() && words.iter().zip(tokens).all(|(word, t)| t.text == *word)
    };
    let test = starts(&["#", "[", "cfg", "(", "test"])
        || starts(&["#", "[", "cfg", "(", "all", "(", "test"]);
    let end = tokens.iter().position(|token| token.text == "]")?;
    test.then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_for_tests_in_files_of_their_own_are_noted() {
        let mut outside = BTreeSet::new();
        without_tests(
            tokens("#[cfg(test)] #[path = \"x\"] mod tests; mod b;"),
            &mut outside,
        );
        assert_eq!(outside, BTreeSet::from(["tests".to_owned()]));
    }
}
