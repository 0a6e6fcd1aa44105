//! Masked tokens (Devlin et al. 2019, section 3.1): 15 % are chosen; of these 80 % become `[MASK]`, 10 % any token, and
//! 10 % stay.

use crate::train::random::Random;

/// How tokens are masked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Masking {
    /// Share of the tokens that is chosen.
    pub probability: f32,
    /// Whether all chosen ones become `[MASK]`.
    pub always_mask: bool,
    /// `[MASK]`
    pub mask: u32,
    /// The first token that is no special one; all behind it are words.
    pub first_word: u32,
    /// Tokens in the vocabulary.
    pub vocab_size: u32,
}

/// A token that is to be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// Its place.
    pub at: usize,
    /// What stood there.
    pub label: u32,
}

impl Masking {
    /// Masks some of `ids`, special tokens never; at least one where there is any other. In the order of their places.
    pub fn apply(&self, ids: &mut [u32], random: &mut Random) -> Vec<Chosen> {
        let places = (0..ids.len()).filter(|&at| ids[at] >= self.first_word);
        let places: Vec<usize> = places.collect();
        if places.is_empty() {
            return Vec::new();
        }
        let count = (self.probability * places.len() as f32).round() as usize;
        let order = random.permutation(places.len());
        let mut chosen: Vec<usize> = order
            .into_iter()
            .take(count.clamp(1, places.len()))
            .map(|number| places[number as usize])
            .collect();
        chosen.sort_unstable();
        chosen
            .into_iter()
            .map(|at| {
                let label = ids[at];
                let dice = random.uniform();
                if self.always_mask || dice < 0.8 {
                    ids[at] = self.mask;
                } else if dice < 0.9 {
                    let words = self.vocab_size - self.first_word;
                    ids[at] = self.first_word + random.below(words as usize) as u32;
                }
                Chosen { at, label }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::random::Purpose;

    #[test]
    fn fifteen_percent_in_three_kinds() {
        let masking = Masking {
            probability: 0.15,
            always_mask: false,
            mask: 4,
            first_word: 5,
            vocab_size: 1000,
        };
        let mut random = Random::new(1, Purpose::Mask, 0);
        let (mut masked, mut kept, mut total) = (0, 0, 0);
        for _ in 0..200 {
            let before: Vec<u32> = (0..100)
                .map(|i| if i % 10 == 0 { 2 } else { 500 + i })
                .collect();
            let mut ids = before.clone();
            let chosen = masking.apply(&mut ids, &mut random);
            assert_eq!(chosen.len(), 14); // 15 % of 90
            for Chosen { at, label } in &chosen {
                assert_eq!(*label, before[*at]);
                masked += usize::from(ids[*at] == 4);
                kept += usize::from(ids[*at] == *label);
            }
            total += chosen.len();
            let others = (0..100).filter(|at| !chosen.iter().any(|c| c.at == *at));
            assert!(others.into_iter().all(|at| ids[at] == before[at]));
        }
        let share = |count| count as f32 / total as f32;
        assert!((share(masked) - 0.8).abs() < 0.03 && (share(kept) - 0.1).abs() < 0.03);
        let mut ids = [7, 8];
        let always = Masking {
            always_mask: true,
            ..masking
        };
        assert_eq!(always.apply(&mut ids, &mut random).len(), 1);
        assert!(ids.contains(&4));
    }
}
