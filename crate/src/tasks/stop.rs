//! Stop strings, found also when several tokens spell them.

/// Holds back text that may turn out to be the beginning of a stop string.
pub(super) struct StopBuffer {
    stops: Vec<String>,
    held: String,
}

impl StopBuffer {
    /// Empty strings stop nothing.
    pub(super) fn new(stops: &[String]) -> Self {
        let stops = stops
            .iter()
            .filter(|stop| !stop.is_empty())
            .cloned()
            .collect();
        Self {
            stops,
            held: String::new(),
        }
    }

    /// Adds text. Returns what can be given out, and whether a stop string ended it; the stop string
    /// itself and what follows it are dropped.
    pub(super) fn push(&mut self, text: &str) -> (String, bool) {
        self.held.push_str(text);
        let found = self
            .stops
            .iter()
            .filter_map(|stop| self.held.find(stop.as_str()))
            .min();
        if let Some(at) = found {
            self.held.truncate(at);
            return (std::mem::take(&mut self.held), true);
        }
        let keep = self
            .stops
            .iter()
            .map(|stop| self.overlap(stop))
            .max()
            .unwrap_or(0);
        let rest = self.held.split_off(self.held.len() - keep);
        (std::mem::replace(&mut self.held, rest), false)
    }

    /// What was held back for a stop string that never came.
    pub(super) fn finish(&mut self) -> String {
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

#[cfg(test)]
mod tests {
    use super::StopBuffer;

    fn run(stops: &[&str], pieces: &[&str]) -> (String, bool) {
        let stops: Vec<String> = stops.iter().map(|stop| stop.to_string()).collect();
        let mut buffer = StopBuffer::new(&stops);
        let mut text = String::new();
        for piece in pieces {
            let (released, stopped) = buffer.push(piece);
            text.push_str(&released);
            if stopped {
                return (text, true);
            }
        }
        (text + &buffer.finish(), false)
    }

    #[test]
    fn finds_a_stop_over_several_pieces() {
        assert_eq!(
            run(&["THE END"], &["so TH", "E ", "EN", "D and on"]),
            ("so ".into(), true)
        );
        assert_eq!(
            run(&["THE END"], &["so TH", "E ", "OTHER"]),
            ("so THE OTHER".into(), false)
        );
        assert_eq!(
            run(&["b", "ab"], &["x", "a", "b"]),
            ("x".into(), true),
            "the earlier of two wins"
        );
        assert_eq!(run(&["é!"], &["caf", "é", "s"]), ("cafés".into(), false));
        assert_eq!(run(&[""], &["all"]), ("all".into(), false));
    }
}
