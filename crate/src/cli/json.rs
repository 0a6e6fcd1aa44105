//! JSON as JavaScript writes it: numbers as `JSON.stringify` has them.

use std::io::{Result, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

/// `JSON.stringify(value)`.
pub fn stringify(value: &impl Serialize) -> serde_json::Result<String> {
    let mut bytes = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut bytes, JavaScript))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

struct JavaScript;

impl Formatter for JavaScript {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> Result<()> {
        if !value.is_finite() {
            return CompactFormatter.write_null(writer);
        }
        writer.write_all(number(value).as_bytes())
    }

    fn write_f32<W: ?Sized + Write>(&mut self, writer: &mut W, value: f32) -> Result<()> {
        self.write_f64(writer, value.into())
    }
}

/// A finite number as text (ECMA-262, Number::toString): the shortest digits that are read as the same number, with an
/// exponent beyond 21 digits and below 10⁻⁶.
fn number(value: f64) -> String {
    if value == 0.0 {
        return "0".into();
    }
    let sign = if value < 0.0 { "-" } else { "" };
    let scientific = format!("{:e}", value.abs());
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let digits = mantissa.replace('.', "");
    let (count, exponent) = (digits.len() as i32, exponent.parse::<i32>().unwrap_or(0));
    // Digits before the point.
    let whole = exponent + 1;
    let zeros = |count: i32| "0".repeat(count as usize);
    let body = if (count..=21).contains(&whole) {
        digits + &zeros(whole - count)
    } else if (1..=21).contains(&whole) {
        let (before, after) = digits.split_at(whole as usize);
        format!("{before}.{after}")
    } else if (-5..=0).contains(&whole) {
        format!("0.{}{digits}", zeros(-whole))
    } else {
        let plus = if exponent > 0 { "+" } else { "" };
        format!("{mantissa}e{plus}{exponent}")
    };
    sign.to_string() + &body
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each text is what Node 22 writes of the number.
    #[test]
    fn numbers_are_written_as_javascript_writes_them() {
        let written = [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-17.0, "-17"),
            (0.1, "0.1"),
            (123.456, "123.456"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1.5e300, "1.5e+300"),
            (0.000001, "0.000001"),
            (0.0000012, "0.0000012"),
            (1e-7, "1e-7"),
            (1.25e-7, "1.25e-7"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (9_007_199_254_740_991.0, "9007199254740991"),
        ];
        for (value, text) in written {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn what_json_cannot_hold_is_null_and_f32_is_widened() {
        assert_eq!(
            stringify(&[f64::NAN, f64::INFINITY, 2.0]).unwrap(),
            "[null,null,2]"
        );
        assert_eq!(stringify(&0.1f32).unwrap(), "0.10000000149011612");
        assert_eq!(stringify(&"\u{1f}\"\n").unwrap(), "\"\\u001f\\\"\\n\"");
    }
}
