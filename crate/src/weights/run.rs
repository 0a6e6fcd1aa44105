//! Tensors whose bytes follow each other, read from pieces of any length.

use super::header::TensorInfo;
use super::sink::TensorSink;
use crate::error::{Error, Result};

/// Tensors that follow each other in a file, being read.
pub(super) struct Run {
    /// In the order of their bytes. Neighbours may be the same tensor, else none overlap.
    tensors: Vec<TensorInfo>,
    /// Position in the file's data.
    at: u64,
    /// Index of the tensor that is being read or comes next.
    current: usize,
    /// How many names the current tensor has and which of them the sink wanted, once asked.
    wanted: Option<(usize, Option<usize>)>,
}

impl Run {
    pub fn new(tensors: Vec<TensorInfo>) -> Self {
        Self {
            tensors,
            at: 0,
            current: 0,
            wanted: None,
        }
    }

    /// Shifts the data by bytes that stand before it and have not arrived.
    pub fn delay(&mut self, bytes: u64) {
        for tensor in &mut self.tensors {
            tensor.begin += bytes;
            tensor.end += bytes;
        }
    }

    /// The tensor that is being read or comes next.
    pub fn current(&self) -> Option<&TensorInfo> {
        self.tensors.get(self.current)
    }

    /// Takes the next bytes.
    pub fn push(&mut self, mut bytes: &[u8], sink: &mut dyn TensorSink) -> Result<()> {
        // The loop also runs with no bytes left, so that empty tensors begin and end.
        while let Some(info) = self.tensors.get(self.current) {
            if self.at < info.begin {
                let gap = (info.begin - self.at).min(bytes.len() as u64);
                bytes = &bytes[gap as usize..];
                self.at += gap;
                if self.at < info.begin {
                    return Ok(());
                }
            }
            let (count, wanted) = match self.wanted {
                Some(known) => known,
                None => {
                    let names = self.tensors[self.current..].iter();
                    let names = names.take_while(|other| other.is_same(info)).count().max(1);
                    let mut wanted = None;
                    for (index, name) in self.tensors[self.current..][..names].iter().enumerate() {
                        if sink.begin(name)? {
                            wanted = Some(index);
                            break;
                        }
                    }
                    *self.wanted.insert((names, wanted))
                }
            };
            let names = &self.tensors[self.current..][..count];
            let here = (info.end - self.at).min(bytes.len() as u64);
            if wanted.is_some() && here > 0 {
                sink.data(&bytes[..here as usize])?;
            }
            bytes = &bytes[here as usize..];
            self.at += here;
            if self.at < info.end {
                return Ok(());
            }
            if let Some(index) = wanted {
                sink.end()?;
                for other in &names[index + 1..] {
                    sink.alias(other, &names[index])?;
                }
            }
            self.wanted = None;
            self.current += count;
        }
        Ok(())
    }

    /// Ends the file.
    pub fn finish(mut self, sink: &mut dyn TensorSink) -> Result<()> {
        self.push(&[], sink)?;
        match self.current() {
            None => Ok(()),
            Some(info) => Err(Error::TruncatedWeights {
                place: format!("tensor \"{}\"", info.name),
                missing: self.tensors.last().map(|last| last.end - self.at),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::header::Header;
    use super::super::raw_dtype::RawDType;
    use super::*;

    /// Wants the second name of each tensor.
    #[derive(Default)]
    struct Counting {
        asked: usize,
        bytes: usize,
        aliases: usize,
    }

    impl TensorSink for Counting {
        fn header(&mut self, _: &Header) -> Result<()> {
            Ok(())
        }
        fn begin(&mut self, _: &TensorInfo) -> Result<bool> {
            self.asked += 1;
            Ok(self.asked == 2)
        }
        fn data(&mut self, bytes: &[u8]) -> Result<()> {
            self.bytes += bytes.len();
            Ok(())
        }
        fn end(&mut self) -> Result<()> {
            Ok(())
        }
        fn alias(&mut self, _: &TensorInfo, _: &TensorInfo) -> Result<()> {
            self.aliases += 1;
            Ok(())
        }
    }

    #[test]
    fn many_names_in_many_pieces() {
        const NAMES: usize = 50_000;
        let info = |name: usize| TensorInfo {
            name: name.to_string(),
            dtype: RawDType::F32,
            shape: vec![NAMES],
            begin: 0,
            end: 4 * NAMES as u64,
        };
        let mut run = Run::new((0..NAMES).map(info).collect());
        let mut sink = Counting::default();
        for _ in 1..4 * NAMES {
            run.push(&[0], &mut sink).unwrap();
            assert_eq!(run.wanted, Some((NAMES, Some(1))), "not counted again");
        }
        run.push(&[0], &mut sink).unwrap();
        run.finish(&mut sink).unwrap();
        assert_eq!((sink.asked, sink.bytes), (2, 4 * NAMES));
        assert_eq!(sink.aliases, NAMES - 2);
    }
}
