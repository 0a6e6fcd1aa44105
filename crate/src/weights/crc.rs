//! CRC-32 as zip archives have it (APPNOTE.TXT 4.4.7), eight bytes at a time (Kounavis and Berry 2008): it must keep up
//! with the bytes of a model.

use std::sync::OnceLock;

/// `[how many bytes come behind][byte]`; made once, as its 8 KB would weigh more in the file than these lines.
type Tables = [[u32; 256]; 8];

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Box<Tables>> = OnceLock::new();
    TABLES.get_or_init(|| {
        let mut tables = Box::new([[0u32; 256]; 8]);
        for byte in 0..256 {
            tables[0][byte] = (0..8).fold(byte as u32, |crc, _| {
                (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 }
            });
        }
        for behind in 1..8 {
            for byte in 0..256 {
                let crc = tables[behind - 1][byte];
                tables[behind][byte] = (crc >> 8) ^ tables[0][crc as usize & 0xff];
            }
        }
        tables
    })
}

/// The checksum of bytes behind others, whose own is `crc`; that of none is 0.
pub(super) fn crc32(crc: u32, bytes: &[u8]) -> u32 {
    let tables = tables();
    let mut crc = !crc;
    let mut eights = bytes.chunks_exact(8);
    for eight in &mut eights {
        let first = crc.to_le_bytes();
        crc = (0..8).fold(0, |sum, at| {
            let byte = eight[at] ^ first.get(at).copied().unwrap_or(0);
            sum ^ tables[7 - at][byte as usize]
        });
    }
    for &byte in eights.remainder() {
        crc = (crc >> 8) ^ tables[0][(crc as u8 ^ byte) as usize];
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_of_zlib() {
        // Python: zlib.crc32
        for (bytes, crc) in [
            (&b""[..], 0),
            (b"123456789", 0xcbf4_3926),
            (b"The quick brown fox jumps over the lazy dog", 0x414f_a339),
        ] {
            assert_eq!(crc32(0, bytes), crc);
            for at in 0..bytes.len() {
                let (first, rest) = bytes.split_at(at);
                assert_eq!(crc32(crc32(0, first), rest), crc, "in pieces");
            }
        }
    }
}
