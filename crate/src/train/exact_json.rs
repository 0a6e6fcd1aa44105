//! JSON in which floating-point numbers keep their bits. serde_json reads the last digits of some of them inexactly, but
//! for a feature that would compile every dependency a second time for training alone.

use serde::de::DeserializeOwned;
use serde::Serialize;
use serde_json::{Error, Map, Number, Value};

/// The only key of the object that stands for a number: its bits as an f64, hexadecimal.
const KEY: &str = "$f64";

/// Writes a value.
pub(super) fn to_string(value: &impl Serialize) -> Result<String, Error> {
    let mut json = serde_json::to_value(value)?;
    each_number(&mut json, &|json| {
        let number = json.as_f64().filter(|_| json.is_f64())?;
        let bits = format!("{:016x}", number.to_bits());
        Some(Value::Object(Map::from_iter([(KEY.into(), bits.into())])))
    });
    serde_json::to_string(&json)
}

/// Reads what [`to_string`] wrote, and any other JSON.
pub(super) fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let mut json: Value = serde_json::from_str(text)?;
    each_number(&mut json, &|json| {
        let object = json.as_object().filter(|object| object.len() == 1)?;
        let bits = u64::from_str_radix(object.get(KEY)?.as_str()?, 16).ok()?;
        Number::from_f64(f64::from_bits(bits)).map(Value::Number)
    });
    serde_json::from_value(json)
}

/// Puts what `replace` returns in the place of a value; looks into it where that is `None`.
fn each_number(json: &mut Value, replace: &impl Fn(&Value) -> Option<Value>) {
    if let Some(other) = replace(json) {
        *json = other;
        return;
    }
    match json {
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| each_number(value, replace)),
        Value::Object(values) => values
            .values_mut()
            .for_each(|value| each_number(value, replace)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn numbers_keep_their_bits() {
        // Without its feature serde_json reads the first one as another number.
        let mut numbers = vec![
            1.187_393_404_340_421_4e-38,
            0.1 + 0.2,
            5e-324,
            f64::MAX,
            -0.0,
        ];
        let mut bits = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..2000 {
            bits ^= bits << 13;
            bits ^= bits >> 7;
            bits ^= bits << 17;
            numbers.extend(Some(f64::from_bits(bits)).filter(|number| number.is_finite()));
        }
        let written = BTreeMap::from([("rates", numbers)]);
        let read: BTreeMap<String, Vec<f64>> = from_str(&to_string(&written).unwrap()).unwrap();
        let bits_of = |numbers: &[f64]| numbers.iter().map(|n| n.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits_of(&read["rates"]), bits_of(&written["rates"]));
    }

    #[test]
    fn whole_numbers_and_texts_stand_as_they_are() {
        let value = serde_json::json!({"step": u64::MAX, "text": "{\"$f64\":\"0\"}", "none": null});
        let written = to_string(&value).unwrap();
        assert_eq!(written, value.to_string());
        assert_eq!(from_str::<Value>(&written).unwrap(), value);
    }

    #[test]
    fn plain_numbers_and_odd_objects_are_read_too() {
        assert_eq!(from_str::<f64>("0.5").unwrap(), 0.5);
        assert!(from_str::<f64>("{\"$f64\":\"7ff8000000000000\"}").is_err());
        assert!(from_str::<f64>("{\"$f64\":1}").is_err());
    }
}
