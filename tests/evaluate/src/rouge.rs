//! ROUGE-1, ROUGE-2 and ROUGE-L (Lin 2004), F1, as Google's `rouge_score` without stemming.

use std::collections::HashMap;

/// The three F1 scores, each between 0 and 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Rouge {
    /// Common words.
    pub rouge1: f64,
    /// Common pairs of neighbouring words.
    pub rouge2: f64,
    /// Longest common subsequence of words.
    pub rouge_l: f64,
}

/// Lower-case words of ASCII letters and digits; everything else separates them.
pub fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

impl Rouge {
    /// How much of `reference` is in `text`, and how much else.
    pub fn of(reference: &str, text: &str) -> Self {
        let (reference, text) = (words(reference), words(text));
        Self {
            rouge1: overlap(&reference, &text, 1),
            rouge2: overlap(&reference, &text, 2),
            rouge_l: f1(
                common_subsequence(&reference, &text),
                reference.len(),
                text.len(),
            ),
        }
    }
}

fn overlap(reference: &[String], text: &[String], n: usize) -> f64 {
    let mut counts: HashMap<&[String], usize> = HashMap::new();
    for gram in reference.windows(n) {
        *counts.entry(gram).or_default() += 1;
    }
    let mut common = 0;
    for gram in text.windows(n) {
        if let Some(left) = counts.get_mut(gram).filter(|left| **left > 0) {
            *left -= 1;
            common += 1;
        }
    }
    let grams = |words: &[String]| (words.len() + 1).saturating_sub(n);
    f1(common, grams(reference), grams(text))
}

fn common_subsequence(a: &[String], b: &[String]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = if x == y {
                diagonal + 1
            } else {
                above.max(row[j])
            };
            diagonal = above;
        }
    }
    row[b.len()]
}

fn f1(common: usize, reference: usize, text: usize) -> f64 {
    match common {
        0 => 0.0,
        _ => 2.0 * common as f64 / (reference + text) as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values: PyPI rouge_score 0.1.2, `RougeScorer(["rouge1", "rouge2", "rougeL"])`, fmeasure.
    #[test]
    fn agrees_with_rouge_score() {
        let cases = EXPECTED;
        for (reference, text, rouge1, rouge2, rouge_l) in cases {
            let scores = Rouge::of(reference, text);
            for (ours, theirs) in [
                (scores.rouge1, rouge1),
                (scores.rouge2, rouge2),
                (scores.rouge_l, rouge_l),
            ] {
                assert!(
                    (ours - theirs).abs() < 1e-9,
                    "{text}: {scores:?}, not {theirs}"
                );
            }
        }
    }

    const EXPECTED: [(&str, &str, f64, f64, f64); 5] = [
        (
            "The quick brown fox jumps over the lazy dog",
            "The quick brown dog jumps on the log.",
            0.7058823529411765,
            0.26666666666666666,
            0.5882352941176471,
        ),
        (
            "A young woman faces grave personal challenges.",
            "A woman, a young woman, faces the challenges of a woman's life.",
            0.5,
            0.3333333333333333,
            0.5,
        ),
        (
            "Fast network scanner.",
            "A café-finder that isn't fast; it scans 2 networks",
            0.14285714285714288,
            0.0,
            0.14285714285714288,
        ),
        ("Tool", "tool", 1.0, 0.0, 1.0),
        ("Editor for text", "", 0.0, 0.0, 0.0),
    ];
}
