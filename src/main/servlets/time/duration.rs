//! Durations as ISO 8601 writes them: a part on the calendar, and a part on the clock.

use crate::moment::{fraction_text, Cursor, SECOND};

/// More than ten thousand years of seconds; whatever is larger leaves the calendar anyway.
const MOST: i64 = 999_999_999_999;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Duration {
    pub negative: bool,
    pub months: i64,
    pub days: i64,
    pub nanos: i128,
}

pub fn read(text: &str) -> Result<Duration, String> {
    let mut cursor = Cursor { text: text.trim(), at: 0 };
    let negative = cursor.accept(&['-', '−']);
    if !negative {
        cursor.accept(&['+']);
    }
    let mut duration = Duration { negative, months: 0, days: 0, nanos: 0 };
    if !cursor.accept(&['P', 'p']) {
        return Err(cursor.expected("P, as in P1M2DT3H"));
    }
    let mut units = "YMWD";
    let mut clock = false;
    let mut parts = 0;
    while cursor.peek().is_some() {
        if cursor.accept(&['T', 't']) {
            if clock {
                return Err("T occurs twice".to_string());
            }
            clock = true;
            units = "HMS";
            parts = 0;
            continue;
        }
        let mut value = 0i64;
        let from = cursor.at;
        while let Some(digit) = cursor.peek().and_then(|c| c.to_digit(10)) {
            value = value * 10 + digit as i64;
            if value > MOST {
                return Err(format!("a number in it is larger than {MOST}"));
            }
            cursor.at += 1;
        }
        if cursor.at == from {
            return Err(cursor.expected("a number"));
        }
        let fraction = if cursor.accept(&['.', ',']) { Some(cursor.fraction()?) } else { None };
        let unit = cursor.peek().map_or('\0', |c| c.to_ascii_uppercase());
        let Some(place) = units.find(unit) else {
            let list: Vec<String> = units.chars().map(String::from).collect();
            return Err(match list.is_empty() {
                true => cursor.expected("the end"),
                false => cursor.expected(&format!("one of {}, in this order", list.join(", "))),
            });
        };
        if fraction.is_some() && unit != 'S' {
            return Err(format!("only seconds may have digits after the point, not {unit}"));
        }
        match (clock, unit) {
            (_, 'Y') => duration.months += value * 12,
            (false, 'M') => duration.months += value,
            (_, 'W') => duration.days += value * 7,
            (_, 'D') => duration.days += value,
            (_, 'H') => duration.nanos += value as i128 * 3600 * SECOND,
            (_, 'M') => duration.nanos += value as i128 * 60 * SECOND,
            _ => duration.nanos += value as i128 * SECOND + fraction.unwrap_or(0) as i128,
        }
        cursor.at += 1;
        units = &units[place + 1..];
        parts += 1;
    }
    match parts {
        0 => Err(cursor.expected("a number and its unit, as in P1D or PT3H")),
        _ => Ok(duration),
    }
}

pub fn text(duration: &Duration) -> String {
    let mut out = String::from("P");
    let mut part = |value: i128, unit: &str| {
        if value != 0 {
            out.push_str(&format!("{value}{unit}"));
        }
    };
    part((duration.months / 12) as i128, "Y");
    part((duration.months % 12) as i128, "M");
    part(duration.days as i128, "D");
    let seconds = duration.nanos / SECOND;
    let nanos = (duration.nanos % SECOND) as i64;
    if duration.nanos != 0 {
        out.push('T');
        let mut part = |value: i128, unit: &str| {
            if value != 0 {
                out.push_str(&format!("{value}{unit}"));
            }
        };
        part(seconds / 3600, "H");
        part(seconds / 60 % 60, "M");
        if nanos != 0 || seconds % 60 != 0 {
            out.push_str(&format!("{}{}S", seconds % 60, fraction_text(nanos)));
        }
    }
    if out == "P" {
        return "PT0S".to_string();
    }
    if duration.negative { format!("-{out}") } else { out }
}

/// A number of units, to six digits after the point.
pub fn total(nanos: i128, unit: i128) -> String {
    let size = nanos.abs();
    let millionths = (size * 1_000_000 + unit / 2) / unit;
    let text = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if nanos < 0 && text != "0" { format!("-{text}") } else { text.to_string() }
}
