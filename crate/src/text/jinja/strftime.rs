//! Times as C's `strftime` writes them, whose names here are English.

use chrono::{Datelike, NaiveDateTime, Timelike};

use super::fault::Result;
use super::meter::Meter;

/// The function `strftime_now` for the time `now`: letters behind a `%` are parts of it, others stay.
pub(super) fn strftime(format: &str, now: &NaiveDateTime, meter: &Meter) -> Result<String> {
    let mut out = String::new();
    let mut characters = format.chars();
    while let Some(c) = characters.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut spelled = String::from('%');
        let (mut pad, mut upper, mut width) = (None, None, String::new());
        let known = loop {
            let Some(c) = characters.next() else {
                break None;
            };
            spelled.push(c);
            match c {
                '-' | '_' => pad = Some(c),
                '0' if width.is_empty() => pad = Some(c),
                '^' | '#' => upper = Some(c),
                '0'..='9' => width.push(c),
                'E' | 'O' => {}
                _ => break part(c, now, meter)?,
            }
        };
        let Some((text, natural)) = known else {
            out.push_str(&spelled);
            continue;
        };
        let swapped = upper == Some('#') && spelled.ends_with('p');
        let text = match upper {
            Some(_) if swapped => text.to_lowercase(),
            Some(_) => text.to_uppercase(),
            None => text,
        };
        let (fill, least) = match (pad, natural) {
            (Some('-'), _) => (' ', 0),
            (Some('_'), Some((_, least))) => (' ', least),
            (Some('0'), Some((_, least))) => ('0', least),
            (_, Some((fill, least))) => (fill, least),
            (Some('0'), None) => ('0', 0),
            (_, None) => (' ', 0),
        };
        let least = width
            .parse()
            .unwrap_or(least)
            .max(if pad == Some('-') { 0 } else { least });
        let missing = least.saturating_sub(text.chars().count());
        meter.bytes(missing.saturating_add(text.len()))?;
        out.extend(std::iter::repeat_n(fill, missing));
        out.push_str(&text);
    }
    meter.bytes(out.len())?;
    Ok(out)
}

const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A text, and of a number what it is filled up with, and to how many characters.
type Part = (String, Option<(char, usize)>);

fn part(letter: char, now: &NaiveDateTime, meter: &Meter) -> Result<Option<Part>> {
    let number = |number: i64, fill: char, least: usize| (number.to_string(), Some((fill, least)));
    let two = |value: u32| number(value.into(), '0', 2);
    let blank = |value: u32| number(value.into(), ' ', 2);
    let word = |word: &str| (word.to_string(), None);
    let day = DAYS[now.weekday().num_days_from_sunday() as usize];
    let month = MONTHS[now.month0() as usize];
    let hour12 = now.hour12().1;
    let weeks = |first: u32| (now.ordinal0() + 7 - first) / 7;
    let whole = |format: &str| strftime(format, now, meter).map(|text| Some((text, None)));
    let half = if now.hour() < 12 { "AM" } else { "PM" };
    Ok(Some(match letter {
        'a' => word(&day[..3]),
        'A' => word(day),
        'b' | 'h' => word(&month[..3]),
        'B' => word(month),
        'c' => return whole("%a %b %e %H:%M:%S %Y"),
        'C' => number((now.year() / 100).into(), '0', 2),
        'd' => two(now.day()),
        'D' | 'x' => return whole("%m/%d/%y"),
        'e' => blank(now.day()),
        'f' => number((now.nanosecond() / 1000 % 1_000_000).into(), '0', 6),
        'F' => return whole("%Y-%m-%d"),
        'g' => two(now.iso_week().year().rem_euclid(100) as u32),
        'G' => number(now.iso_week().year().into(), '0', 1),
        'H' => two(now.hour()),
        'I' => two(hour12),
        'j' => number(now.ordinal().into(), '0', 3),
        'k' => blank(now.hour()),
        'l' => blank(hour12),
        'm' => two(now.month()),
        'M' => two(now.minute()),
        'n' => word("\n"),
        'p' => word(half),
        'P' => word(&half.to_lowercase()),
        'r' => return whole("%I:%M:%S %p"),
        'R' => return whole("%H:%M"),
        's' => number(now.and_utc().timestamp(), '0', 1),
        'S' => two(now.second()),
        't' => word("\t"),
        'T' | 'X' => return whole("%H:%M:%S"),
        'u' => number(now.weekday().number_from_monday().into(), '0', 1),
        'U' => two(weeks(now.weekday().num_days_from_sunday())),
        'V' => two(now.iso_week().week()),
        'w' => number(now.weekday().num_days_from_sunday().into(), '0', 1),
        'W' => two(weeks(now.weekday().num_days_from_monday())),
        'y' => two(now.year().rem_euclid(100) as u32),
        'Y' => number(now.year().into(), '0', 1),
        // The time is without a zone, as `datetime.now()` is.
        'z' | 'Z' => word(""),
        '%' => word("%"),
        _ => return Ok(None),
    }))
}
