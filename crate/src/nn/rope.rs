//! Rotary position embedding (Su et al. 2021): queries and keys are rotated by angles that grow with the position,
//! so that their products depend on distances alone.

use super::elementary;

/// Which two values of a head are rotated together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pairs {
    /// Number i and number i + head_dim / 2: Hugging Face's checkpoints.
    #[default]
    Halves,
    /// Number 2i and number 2i + 1: the paper's own order, and that of llama.cpp's files, whose converter puts
    /// the rows of queries and keys in this order.
    Neighbours,
}

/// The angles of a model.
pub struct Rope {
    /// Radians per position, one for each pair: `[head_dim / 2]`. In f64, as positions are many thousands.
    frequencies: Vec<f64>,
    pairs: Pairs,
}

impl Rope {
    /// `frequencies`: radians per position, `[head_dim / 2]`; see [`frequencies`] for the paper's.
    pub fn new(frequencies: Vec<f64>, pairs: Pairs) -> Self {
        Self { frequencies, pairs }
    }

    /// Cosine and sine of each pair's angle, for rows at `positions`.
    pub fn angles(&self, positions: &[usize]) -> Angles {
        let rotations = positions.iter().flat_map(|&position| {
            self.frequencies.iter().map(move |frequency| {
                let (sin, cos) = elementary::sin_cos(position as f64 * frequency);
                (cos as f32, sin as f32)
            })
        });
        Angles {
            rotations: rotations.collect(),
            half: self.frequencies.len(),
            pairs: self.pairs,
        }
    }
}

/// The angles of some positions, the same for every layer and head.
pub struct Angles {
    /// `[positions, head_dim / 2]`: (cosine, sine).
    rotations: Vec<(f32, f32)>,
    /// head_dim / 2
    half: usize,
    pairs: Pairs,
}

impl Angles {
    /// Rotates the first `heads` heads of each row, in place: (x, y) → (x·cos − y·sin, y·cos + x·sin) for each pair.
    /// `rows` is `[positions, any]`, each row beginning with its heads of `[head_dim]`.
    pub fn rotate(&self, rows: &mut [f32], heads: usize) {
        let positions = self.rotations.len() / self.half;
        let stride = rows.len() / positions;
        let rotations = self.rotations.chunks_exact(self.half);
        for (row, rotations) in rows.chunks_exact_mut(stride).zip(rotations) {
            for head in row.chunks_exact_mut(2 * self.half).take(heads) {
                match self.pairs {
                    Pairs::Halves => {
                        let (left, right) = head.split_at_mut(self.half);
                        for ((x, y), rotation) in left.iter_mut().zip(right).zip(rotations) {
                            (*x, *y) = rotated(*x, *y, *rotation);
                        }
                    }
                    Pairs::Neighbours => {
                        for (pair, rotation) in head.chunks_exact_mut(2).zip(rotations) {
                            (pair[0], pair[1]) = rotated(pair[0], pair[1], *rotation);
                        }
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn rotated(x: f32, y: f32, (cos, sin): (f32, f32)) -> (f32, f32) {
    (x * cos - y * sin, y * cos + x * sin)
}

/// theta^(−2i / head_dim) for each pair i (section 3.2.2).
pub fn frequencies(head_dim: usize, theta: f64) -> Vec<f64> {
    (0..head_dim / 2)
        .map(|i| elementary::powf(theta, -2.0 * i as f64 / head_dim as f64))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the embedding is for: the product of a query and a key is that of their distance.
    #[test]
    fn products_depend_on_the_distance() {
        let dim = 8;
        let dot = |query: usize, key: usize, pairs: Pairs| -> f32 {
            let rope = Rope::new(frequencies(dim, 100.0), pairs);
            let mut rows: Vec<f32> = (0..2 * dim).map(|i| (i as f32 * 0.7).sin()).collect();
            rope.angles(&[query, key]).rotate(&mut rows, 1);
            let (q, k) = rows.split_at(dim);
            q.iter().zip(k).map(|(q, k)| q * k).sum()
        };
        for pairs in [Pairs::Halves, Pairs::Neighbours] {
            assert!((dot(9, 5, pairs) - dot(104, 100, pairs)).abs() < 1e-5);
            assert!((dot(9, 5, pairs) - dot(9, 6, pairs)).abs() > 1e-3);
        }
    }

    #[test]
    fn a_quarter_turn() {
        let quarter = vec![std::f64::consts::FRAC_PI_2; 2];
        for (pairs, expected) in [
            (Pairs::Halves, [-3.0, -4.0, 1.0, 2.0, 5.0]),
            (Pairs::Neighbours, [-2.0, 1.0, -4.0, 3.0, 5.0]),
        ] {
            let mut row = [1.0, 2.0, 3.0, 4.0, 5.0];
            Rope::new(quarter.clone(), pairs)
                .angles(&[1])
                .rotate(&mut row, 1);
            for (found, expected) in row.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-6, "{row:?}");
            }
        }
    }
}
