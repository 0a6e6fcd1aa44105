//! When a text ends: rules that are asked about each new token, one after the other.

use super::written::FinishReason;

/// A token that has been added to a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NewToken<'a> {
    /// Index into the vocabulary.
    pub id: u32,
    /// The text that it completes; empty while a character is incomplete.
    pub text: &'a str,
    /// Tokens written so far, this one included.
    pub length: usize,
}

/// A rule by which a text ends. It sees every token once and keeps what it has to remember of those before. A beam
/// search copies the rules with each of its texts.
///
/// ```
/// use cloze::tasks::{FinishReason, NewToken, StopRule};
///
/// /// Ends a text after its first line.
/// #[derive(Clone)]
/// struct OneLine;
///
/// impl StopRule for OneLine {
///     fn push(&mut self, token: &NewToken) -> Option<FinishReason> {
///         token.text.contains('\n').then_some(FinishReason::Stop)
///     }
///     fn boxed(&self) -> Box<dyn StopRule> {
///         Box::new(self.clone())
///     }
/// }
/// ```
pub trait StopRule: Send + Sync {
    /// Takes the next token; tells why the text ends with it, if it does. [`FinishReason::Eos`] says that the token
    /// itself is no part of the text.
    fn push(&mut self, token: &NewToken) -> Option<FinishReason>;

    /// A copy with the same state.
    fn boxed(&self) -> Box<dyn StopRule>;
}

/// Rules in the order in which they are asked.
#[derive(Default)]
pub(super) struct StopRules(Vec<Box<dyn StopRule>>);

impl Clone for StopRules {
    fn clone(&self) -> Self {
        Self(self.0.iter().map(|rule| rule.boxed()).collect())
    }
}

impl StopRules {
    /// These rules, and behind them `rule`.
    pub fn and(mut self, rule: impl StopRule + 'static) -> Self {
        self.0.push(Box::new(rule));
        self
    }

    /// These rules, and behind them copies of the `others`.
    pub fn and_all(mut self, others: &Self) -> Self {
        self.0.extend(others.clone().0);
        self
    }

    /// The first reason that a rule has to end the text with this token.
    pub fn push(&mut self, token: &NewToken) -> Option<FinishReason> {
        self.0.iter_mut().find_map(|rule| rule.push(token))
    }
}

/// Ends a text before any of some tokens.
#[derive(Debug, Clone)]
pub(super) struct EosTokens(pub Vec<u32>);

impl StopRule for EosTokens {
    fn push(&mut self, token: &NewToken) -> Option<FinishReason> {
        self.0.contains(&token.id).then_some(FinishReason::Eos)
    }

    fn boxed(&self) -> Box<dyn StopRule> {
        Box::new(self.clone())
    }
}

/// Ends a text when it has so many tokens.
#[derive(Debug, Clone)]
pub(super) struct MaxTokens {
    pub tokens: usize,
    /// What sets the limit: an option or the context.
    pub reason: FinishReason,
}

impl StopRule for MaxTokens {
    fn push(&mut self, token: &NewToken) -> Option<FinishReason> {
        (token.length >= self.tokens).then_some(self.reason)
    }

    fn boxed(&self) -> Box<dyn StopRule> {
        Box::new(self.clone())
    }
}

/// Ends a text at stop strings, also when several tokens spell them. As a rule it only finds them; where text is given
/// out, [`StopStrings::take`] holds back what may be the beginning of one.
#[derive(Debug, Clone)]
pub(super) struct StopStrings {
    stops: Vec<String>,
    /// The end of the text that may be the beginning of a stop string.
    held: String,
}

impl StopStrings {
    /// Empty strings stop nothing.
    pub fn new(stops: &[String]) -> Self {
        let stops = stops.iter().filter(|stop| !stop.is_empty());
        Self {
            stops: stops.cloned().collect(),
            held: String::new(),
        }
    }

    /// Whether there is one.
    pub fn any(&self) -> bool {
        !self.stops.is_empty()
    }

    /// Adds text. Returns what can be given out, and whether a stop string ended it; the stop string
    /// itself and what follows it are dropped.
    pub fn take(&mut self, text: &str) -> (String, bool) {
        self.held.push_str(text);
        let found = self.stops.iter();
        if let Some(at) = found.filter_map(|stop| self.held.find(stop)).min() {
            self.held.truncate(at);
            return (std::mem::take(&mut self.held), true);
        }
        let overlaps = self.stops.iter().map(|stop| self.overlap(stop));
        let keep = overlaps.max().unwrap_or(0);
        let rest = self.held.split_off(self.held.len() - keep);
        (std::mem::replace(&mut self.held, rest), false)
    }

    /// What was held back for a stop string that never came.
    pub fn finish(&mut self) -> String {
        std::mem::take(&mut self.held)
    }

    /// Bytes at the end of the held text that begin `stop`.
    fn overlap(&self, stop: &str) -> usize {
        stop.char_indices()
            .map(|(end, _)| end)
            .rev()
            .find(|&end| self.held.ends_with(&stop[..end]))
            .unwrap_or(0)
    }
}

impl StopRule for StopStrings {
    fn push(&mut self, token: &NewToken) -> Option<FinishReason> {
        self.take(token.text).1.then_some(FinishReason::Stop)
    }

    fn boxed(&self) -> Box<dyn StopRule> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is given out of the pieces, and whether a stop string ended it.
    fn given(stops: &[&str], pieces: &[&str]) -> (String, bool) {
        let mut strings = strings(stops);
        let mut text = String::new();
        for piece in pieces {
            let (released, stopped) = strings.take(piece);
            text.push_str(&released);
            if stopped {
                return (text, true);
            }
        }
        (text + &strings.finish(), false)
    }

    fn strings(stops: &[&str]) -> StopStrings {
        let stops: Vec<String> = stops.iter().map(|stop| stop.to_string()).collect();
        StopStrings::new(&stops)
    }

    #[test]
    fn finds_a_stop_over_several_pieces() {
        let cases: [(&[&str], &[&str], &str, bool); 6] = [
            (
                &["THE END"],
                &["so TH", "E ", "EN", "D and on"],
                "so ",
                true,
            ),
            (
                &["THE END"],
                &["so TH", "E ", "OTHER"],
                "so THE OTHER",
                false,
            ),
            // The earlier of two wins.
            (&["b", "ab"], &["x", "a", "b"], "x", true),
            (&["é!"], &["caf", "é", "s"], "cafés", false),
            (&["aab"], &["a", "a", "a", "b"], "a", true),
            (&[""], &["all"], "all", false),
        ];
        for (stops, pieces, text, stopped) in cases {
            assert_eq!(
                given(stops, pieces),
                (text.into(), stopped),
                "{stops:?}, {pieces:?}"
            );
        }
    }

    /// At which token of `texts`, with ids from 0, the rules end a text, and why.
    fn end(mut rules: StopRules, texts: &[&str]) -> Option<(usize, FinishReason)> {
        texts.iter().enumerate().find_map(|(at, text)| {
            let token = NewToken {
                id: at as u32,
                text,
                length: at + 1,
            };
            rules.push(&token).map(|reason| (at, reason))
        })
    }

    #[test]
    fn each_rule_ends_a_text_where_it_should() {
        use FinishReason::{Context, Eos, Length, Stop};
        let rules = StopRules::default;
        let limit = |tokens, reason| MaxTokens { tokens, reason };
        let texts = ["It", " rai", "ned", ".", " No", "body"];
        for (rules, expected) in [
            (rules(), None),
            (rules().and(EosTokens(vec![9, 3])), Some((3, Eos))),
            (rules().and(EosTokens(vec![])), None),
            (rules().and(limit(4, Length)), Some((3, Length))),
            (rules().and(limit(7, Length)), None),
            (rules().and(strings(&["ined. "])), Some((4, Stop))),
            (rules().and(strings(&["ined, "])), None),
            // The first of the list, where several would end it.
            (
                rules().and(limit(2, Length)).and(limit(2, Context)),
                Some((1, Length)),
            ),
            (
                rules().and(strings(&["ai"])).and(limit(2, Length)),
                Some((1, Stop)),
            ),
            (
                rules()
                    .and(strings(&["no"]))
                    .and_all(&rules().and(limit(2, Context))),
                Some((1, Context)),
            ),
        ] {
            assert_eq!(end(rules, &texts), expected);
        }
    }

    #[test]
    fn copies_go_their_own_ways() {
        let mut rules = StopRules::default().and(strings(&["ab"]));
        let token = |text| NewToken {
            id: 0,
            text,
            length: 1,
        };
        assert_eq!(rules.push(&token("a")), None);
        let mut copy = rules.clone();
        assert_eq!(copy.push(&token("c")), None);
        assert_eq!(copy.push(&token("b")), None);
        assert_eq!(rules.push(&token("b")), Some(FinishReason::Stop));
    }
}
