//! Values as Python's `json.dumps` writes them.

use super::arguments::{flag, int, needed, Given};
use super::fault::{Fault, Result};
use super::items::item;
use super::meter::Meter;
use super::python::float;
use super::value::{compare, sorted, Value};

/// The filter `tojson`, as `transformers` has it.
pub(super) fn dumps(given: Given, meter: &Meter) -> Result<String> {
    let parameters = ["value", "ensure_ascii", "indent", "separators", "sort_keys"];
    let [value, ensure_ascii, indent, separators, sort_keys] = given.bind("tojson", parameters)?;
    let value = needed(value, "tojson", "value")?;
    let indent = match indent {
        None | Some(Value::None) => None,
        Some(Value::Text(text)) => Some(text.to_string()),
        Some(number) => {
            let width = int(&number, "tojson")?.clamp(0, 1 << 20) as usize;
            Some(" ".repeat(width))
        }
    };
    let between = if indent.is_some() { "," } else { ", " };
    let separators = match separators {
        None | Some(Value::None) => [between.to_string(), ": ".to_string()],
        Some(pair) => {
            let part = |index| -> Result<String> {
                let part = item(&pair, &Value::Int(index), meter)?;
                let part = part.as_ref().and_then(Value::as_text).map(String::from);
                part.ok_or_else(|| Fault::failed("tojson: separators must be two strings"))
            };
            [part(0)?, part(1)?]
        }
    };
    let mut writer = Writer {
        out: String::new(),
        ascii: flag(&ensure_ascii),
        sorted: flag(&sort_keys),
        indent,
        separators,
        meter,
    };
    writer.value(&value, 0)?;
    Ok(writer.out)
}

struct Writer<'a> {
    out: String,
    ascii: bool,
    sorted: bool,
    indent: Option<String>,
    separators: [String; 2],
    meter: &'a Meter,
}

impl Writer<'_> {
    fn push(&mut self, text: &str) -> Result<()> {
        self.meter.bytes(text.len())?;
        self.out.push_str(text);
        Ok(())
    }

    fn value(&mut self, value: &Value, depth: usize) -> Result<()> {
        match value {
            Value::None => self.push("null"),
            Value::Bool(true) => self.push("true"),
            Value::Bool(false) => self.push("false"),
            Value::Int(number) => self.push(&number.to_string()),
            Value::Float(number) => self.push(&spelled(*number)),
            Value::Text(text) => self.text(text),
            Value::List(items) | Value::Tuple(items) => {
                let items = items.items.iter().map(|item| (None, item)).collect();
                self.series(['[', ']'], items, depth)
            }
            Value::Dict(dict) => {
                let mut entries: Vec<_> = dict.entries().iter().collect();
                if self.sorted {
                    entries = sorted(entries, &mut |(a, _), (b, _)| {
                        let order = compare(a, b, "<", self.meter)?;
                        Ok(order.unwrap_or(std::cmp::Ordering::Equal))
                    })?;
                }
                let entries = entries.into_iter().map(|(k, v)| (Some(k), v)).collect();
                self.series(['{', '}'], entries, depth)
            }
            _ => Err(Fault::failed(format!(
                "Object of type {} is not JSON serializable",
                value.type_name()
            ))),
        }
    }

    /// Items, with their keys where they have any.
    fn series(
        &mut self,
        [begin, end]: [char; 2],
        items: Vec<(Option<&Value>, &Value)>,
        depth: usize,
    ) -> Result<()> {
        self.out.push(begin);
        let empty = items.is_empty();
        for (index, (key, value)) in items.into_iter().enumerate() {
            self.meter.steps(1)?;
            if index > 0 {
                self.push(&self.separators[0].clone())?;
            }
            self.line(depth + 1)?;
            if let Some(key) = key {
                self.key(key)?;
                self.push(&self.separators[1].clone())?;
            }
            self.value(value, depth + 1)?;
        }
        if !empty {
            self.line(depth)?;
        }
        self.push(end.encode_utf8(&mut [0; 4]))
    }

    fn line(&mut self, depth: usize) -> Result<()> {
        let Some(indent) = &self.indent else {
            return Ok(());
        };
        self.meter.bytes(1 + indent.len() * depth)?;
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(indent.as_str(), depth));
        Ok(())
    }

    fn key(&mut self, key: &Value) -> Result<()> {
        match key {
            Value::Text(text) => self.text(text),
            Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) => {
                self.push("\"")?;
                self.value(key, 0)?;
                self.push("\"")
            }
            _ => Err(Fault::failed(format!(
                "keys must be str, int, float, bool or None, not {}",
                key.type_name()
            ))),
        }
    }

    fn text(&mut self, text: &str) -> Result<()> {
        self.meter.bytes(text.len() + 2)?;
        self.out.push('"');
        for c in text.chars() {
            let short = match c {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\u{8}' => "\\b",
                '\u{c}' => "\\f",
                _ if c < ' ' || (self.ascii && !(' '..='~').contains(&c)) => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        self.out.push_str(&format!("\\u{unit:04x}"));
                    }
                    continue;
                }
                _ => {
                    self.out.push(c);
                    continue;
                }
            };
            self.out.push_str(short);
        }
        self.out.push('"');
        Ok(())
    }
}

fn spelled(number: f64) -> String {
    if number.is_nan() {
        return "NaN".into();
    }
    if number.is_infinite() {
        return if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
        .into();
    }
    float(number)
}
