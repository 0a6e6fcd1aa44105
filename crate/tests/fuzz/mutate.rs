//! Ways to spoil a file.

use serde_json::{json, Value};

/// SplitMix64 (Steele et al. 2014).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `end`, which is not zero.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Numbers that lengths, offsets and counts break at.
const EXTREMES: [u64; 20] = [
    0,
    1,
    2,
    7,
    31,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0xffff,
    0x10000,
    1 << 24,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    1 << 32,
    1 << 40,
    1 << 62,
    i64::MAX as u64,
    u64::MAX,
];

/// A spoiled copy of `file`; `others` are files of its kind, of which parts may be put in.
pub fn bytes(random: &mut Random, file: &[u8], others: &[Vec<u8>]) -> Vec<u8> {
    let mut file = file.to_vec();
    for _ in 0..1 + random.below(4) {
        if file.is_empty() {
            return file;
        }
        // What is in front matters most: headers are.
        let end = match random.below(3) {
            0 => file.len(),
            1 => file.len().min(64),
            _ => file.len().min(2048),
        };
        let at = random.below(end);
        match random.below(10) {
            0 | 1 => file[at] ^= 1 << random.below(8),
            2 => file[at] = random.next() as u8,
            3 => file.truncate(at),
            4 | 5 => {
                let width = *random.pick(&[1, 2, 4, 8]);
                let mut number = *random.pick(&EXTREMES);
                if random.below(4) == 0 {
                    number = number.wrapping_add(random.next() % 64).wrapping_sub(32);
                }
                let number = number.to_le_bytes();
                for (to, from) in file[at..].iter_mut().zip(&number[..width]) {
                    *to = *from;
                }
            }
            6 => {
                let length = random.below(64).min(file.len() - at);
                file.drain(at..at + length);
            }
            7 => {
                let length = random.below(64).min(file.len() - at);
                let part = file[at..at + length].to_vec();
                let to = random.below(file.len());
                file.splice(to..to, part);
            }
            8 => {
                let (from, to) = (word(&file, at), word(&file, random.below(file.len())));
                let part = file[from].to_vec();
                file.splice(to, part);
            }
            _ => {
                let other = random.pick(others);
                let start = random.below(other.len().max(1));
                let length = random.below(512).min(other.len() - start);
                let part = other[start..start + length].to_vec();
                let replaced = at..(at + length).min(file.len());
                file.splice(replaced, part);
            }
        }
    }
    file
}

/// The word around a place of a text.
fn word(file: &[u8], at: usize) -> std::ops::Range<usize> {
    let apart = |byte: &u8| byte.is_ascii_whitespace() || b"\"\0,:".contains(byte);
    let start = file[..at].iter().rposition(apart).map_or(0, |at| at + 1);
    let end = file[at..].iter().position(apart);
    start..end.map_or(file.len(), |end| at + end).max(start)
}

/// A spoiled copy of a JSON file: some of its values replaced, put elsewhere, or taken out. `parts` are
/// values that mean something to its reader.
pub fn json(random: &mut Random, file: &[u8], parts: &[Value]) -> Option<Vec<u8>> {
    let mut root: Value = serde_json::from_slice(file).ok()?;
    for _ in 0..1 + random.below(3) {
        let part = match random.below(3) {
            0 if !parts.is_empty() => random.pick(parts).clone(),
            1 => {
                let count = count(&root);
                nth(&mut root, random.below(count)).clone()
            }
            _ => strange(random),
        };
        // The parts of a file are many, and most of its values lie in one of them.
        let top = random.below(3) == 0 && root.as_object().is_some_and(|root| !root.is_empty());
        let place = match root.as_object_mut().filter(|_| top) {
            Some(parts) => {
                let part = random.below(parts.len());
                parts.values_mut().nth(part).expect("there are more")
            }
            None => {
                let count = count(&root);
                nth(&mut root, random.below(count))
            }
        };
        match (random.below(4), place) {
            (0, Value::Array(values)) => values.push(part),
            (0, Value::Object(values)) => {
                let key = values.keys().nth(random.below(values.len().max(1)));
                match key.cloned() {
                    Some(key) => values.remove(&key),
                    None => values.insert("x".into(), part),
                };
            }
            (_, place) => *place = part,
        }
    }
    serde_json::to_vec(&root).ok()
}

fn strange(random: &mut Random) -> Value {
    let number = *random.pick(&EXTREMES);
    match random.below(12) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(number),
        3 => json!(-(number.min(i64::MAX as u64) as i64)),
        4 => json!(number as f64 * 0.5),
        5 => json!(-1e300),
        6 => json!(""),
        7 => json!("\u{0}\u{ffff}\u{10ffff}\u{301}"),
        8 => json!("a".repeat(1 + random.below(3000))),
        9 => json!([]),
        10 => json!({}),
        _ => {
            let depth = random.below(140);
            (0..depth).fold(json!(1), |value, level| match level % 2 {
                0 => json!([value]),
                _ => json!({ "type": "Sequence", "normalizers": value }),
            })
        }
    }
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(values) => values.iter().map(count).sum(),
        Value::Object(values) => values.values().map(count).sum(),
        _ => 0,
    }
}

/// The value of this number, in reading order.
fn nth(value: &mut Value, number: usize) -> &mut Value {
    if number == 0 {
        return value;
    }
    let mut left = number - 1;
    let children: Vec<&mut Value> = match value {
        Value::Array(values) => values.iter_mut().collect(),
        Value::Object(values) => values.values_mut().collect(),
        _ => unreachable!("counted before"),
    };
    for child in children {
        let size = count(child);
        if left < size {
            return nth(child, left);
        }
        left -= size;
    }
    unreachable!("counted before")
}
