//! An n-gram model with interpolated Kneser-Ney smoothing (Kneser and Ney 1995; Chen and Goodman 1999,
//! section 3.4): the baseline that language models had to beat before they were neural.

/// A gram of up to five 16-bit symbols, the first in the highest bits.
type Gram = u128;
/// Grams sorted at once: half a gigabyte at most.
const CHUNK: usize = 1 << 24;

/// The grams of one length, sorted, with their counts (in the longest) or the number of different
/// symbols seen before them (in the others).
struct Level {
    grams: Vec<Gram>,
    counts: Vec<u32>,
    /// Absolute discount n₁ / (n₁ + 2 n₂).
    discount: f64,
}

/// Counts of all grams.
pub struct Ngram {
    /// Of length 1, 2, …
    levels: Vec<Level>,
    vocab_size: usize,
}

impl Ngram {
    /// Counts texts of symbols below `vocab_size` (at most 65,536); grams of at most five.
    pub fn count(texts: impl Iterator<Item = Vec<u32>>, order: usize, vocab_size: usize) -> Self {
        assert!((1..=5).contains(&order) && vocab_size <= 1 << 16);
        let mut counted: Vec<(Gram, u32)> = Vec::new();
        let mut chunk: Vec<Gram> = Vec::new();
        for text in texts {
            chunk.extend(text.windows(order).map(pack));
            if chunk.len() >= CHUNK {
                counted = merge(counted, std::mem::take(&mut chunk));
            }
        }
        counted = merge(counted, chunk);
        let mut levels = Vec::new();
        for length in (1..=order).rev() {
            // Each different gram says once that its first symbol was seen before the others.
            let shorter = match length {
                1 => Vec::new(),
                _ => merge(
                    Vec::new(),
                    counted
                        .iter()
                        .map(|(gram, _)| tail(*gram, length))
                        .collect(),
                ),
            };
            levels.push(Level::new(std::mem::replace(&mut counted, shorter)));
        }
        levels.reverse();
        Self { levels, vocab_size }
    }

    /// Bits that a text takes, each symbol after the ones before it in the text.
    pub fn bits(&self, text: &[u32]) -> f64 {
        (0..text.len())
            .map(|at| {
                let start = (at + 1).saturating_sub(self.levels.len());
                -self.probability(&text[start..at], text[at]).log2()
            })
            .sum()
    }

    /// Of a symbol after a context, which is shorter than the longest gram.
    fn probability(&self, context: &[u32], symbol: u32) -> f64 {
        let mut probability = 1.0 / self.vocab_size as f64;
        for length in 1..=context.len() + 1 {
            let level = &self.levels[length - 1];
            let context = pack(&context[context.len() + 1 - length..]);
            let range = level.after(context);
            let total: u64 = level.counts[range.clone()]
                .iter()
                .map(|&count| u64::from(count))
                .sum();
            if total == 0 {
                break;
            }
            let gram = context << 16 | Gram::from(symbol);
            let count = match level.grams[range.clone()].binary_search(&gram) {
                Ok(at) => f64::from(level.counts[range.start + at]),
                Err(_) => 0.0,
            };
            let given_away = level.discount * range.len() as f64;
            probability =
                ((count - level.discount).max(0.0) + given_away * probability) / total as f64;
        }
        probability
    }
}

impl Level {
    fn new(counted: Vec<(Gram, u32)>) -> Self {
        let seen = |times: u32| counted.iter().filter(|(_, count)| *count == times).count() as f64;
        let (once, twice) = (seen(1), seen(2));
        // Tiny texts may have nothing that was seen once, or only that.
        let discount = if once > 0.0 && twice > 0.0 {
            once / (once + 2.0 * twice)
        } else {
            0.5
        };
        let (grams, counts) = counted.into_iter().unzip();
        Self {
            grams,
            counts,
            discount,
        }
    }

    /// Where the grams stand that begin with a context.
    fn after(&self, context: Gram) -> std::ops::Range<usize> {
        let start = self.grams.partition_point(|&gram| gram >> 16 < context);
        start..self.grams.partition_point(|&gram| gram >> 16 <= context)
    }
}

fn pack(symbols: &[u32]) -> Gram {
    symbols
        .iter()
        .fold(0, |gram, &symbol| gram << 16 | Gram::from(symbol))
}

/// A gram of `length` symbols without its first.
fn tail(gram: Gram, length: usize) -> Gram {
    gram & ((1 << (16 * (length - 1))) - 1)
}

/// Adds grams to a sorted list of counts.
fn merge(counted: Vec<(Gram, u32)>, mut more: Vec<Gram>) -> Vec<(Gram, u32)> {
    more.sort_unstable();
    let mut merged = Vec::with_capacity(counted.len());
    let mut counted = counted.into_iter().peekable();
    let mut add = |gram: Gram, count: u32| match merged.last_mut() {
        Some((last, sum)) if *last == gram => *sum += count,
        _ => merged.push((gram, count)),
    };
    for gram in more {
        while let Some((before, count)) = counted.next_if(|(before, _)| *before <= gram) {
            add(before, count);
        }
        add(gram, 1);
    }
    counted.for_each(|(gram, count)| add(gram, count));
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbols(text: &str) -> Vec<u32> {
        text.bytes().map(u32::from).collect()
    }

    #[test]
    fn probabilities_of_all_symbols_add_up_to_one() {
        let model = Ngram::count(
            ["the cat sat on the mat", "that hat"]
                .map(symbols)
                .into_iter(),
            3,
            256,
        );
        for context in ["", "t", "th", "at", "zz", "tz"] {
            let sum: f64 = (0..256)
                .map(|symbol| model.probability(&symbols(context), symbol))
                .sum();
            assert!((sum - 1.0).abs() < 1e-12, "{context:?}: {sum}");
        }
    }

    /// Worked by hand after Chen and Goodman's formula: "abab" + "ac" as bigrams are ab 2, ba 1, ac 1;
    /// all discounts n1 / (n1 + 2 n2) = 2 / (2 + 2) = 1/2 at length 2.
    #[test]
    fn bigrams_by_hand() {
        let model = Ngram::count(["abab", "ac"].map(symbols).into_iter(), 2, 4);
        // Continuations: b after a, a after b, c after a: one each, so n2 = 0 and the discount is 1/2.
        let continuation = (1.0 - 0.5) / 3.0 + 0.5 * 3.0 / 3.0 * 0.25;
        let expected = (2.0 - 0.5) / 3.0 + 0.5 * 2.0 / 3.0 * continuation;
        let found = model.probability(&symbols("a"), u32::from(b'b'));
        assert!((found - expected).abs() < 1e-12, "{found}, not {expected}");
    }

    #[test]
    fn what_was_read_takes_fewer_bits_than_what_was_not() {
        let model = Ngram::count(
            [symbols(&"a rose is a rose ".repeat(50))].into_iter(),
            5,
            256,
        );
        assert!(model.bits(&symbols("a rose is")) < 0.5 * model.bits(&symbols("qwertzuio")));
    }
}
