//! Points in time, and how ISO 8601 writes them.

use crate::calendar::{date, days, month_length, DAY};

pub const SECOND: i128 = 1_000_000_000;

/// A date and a time of day as written, perhaps with the offset to which they belong.
#[derive(Debug, PartialEq)]
pub struct Stamp {
    /// Seconds since 1970 as the local clock counts them.
    pub local: i64,
    pub nanos: i64,
    pub offset: Option<i64>,
}

pub struct Cursor<'a> {
    pub text: &'a str,
    pub at: usize,
}

impl Cursor<'_> {
    pub fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    pub fn accept(&mut self, wanted: &[char]) -> bool {
        match self.peek() {
            Some(c) if wanted.contains(&c) => {
                self.at += c.len_utf8();
                true
            }
            _ => false,
        }
    }

    pub fn expected(&self, what: &str) -> String {
        let place = self.text[..self.at].chars().count() + 1;
        match self.peek() {
            None => format!("at character {place}, expected {what}, but it ends"),
            Some(c) => format!("at character {place}, expected {what}, found {c:?}"),
        }
    }

    fn digits(&mut self, count: usize, what: &str) -> Result<i64, String> {
        let mut value = 0;
        for _ in 0..count {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) else {
                return Err(self.expected(what));
            };
            value = value * 10 + digit as i64;
            self.at += 1;
        }
        Ok(value)
    }

    fn part(&mut self, name: &str, least: i64, most: i64) -> Result<i64, String> {
        let value = self.digits(2, &format!("the {name} in two digits"))?;
        if (least..=most).contains(&value) {
            return Ok(value);
        }
        Err(format!("the {name} must be from {least:02} to {most:02}, not {value:02}"))
    }

    /// The digits after a point, as nanoseconds.
    pub fn fraction(&mut self) -> Result<i64, String> {
        let mut nanos = 0;
        let mut unit = 100_000_000;
        let from = self.at;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            if unit == 0 {
                return Err("a second has at most 9 digits after the point here".to_string());
            }
            nanos += digit as i64 * unit;
            unit /= 10;
            self.at += 1;
        }
        if self.at == from { Err(self.expected("a digit after the point")) } else { Ok(nanos) }
    }
}

fn offset(cursor: &mut Cursor) -> Result<i64, String> {
    if cursor.accept(&['Z', 'z']) {
        return Ok(0);
    }
    let negative = cursor.accept(&['-', '−']);
    if !negative && !cursor.accept(&['+']) {
        return Err(cursor.expected("Z or an offset such as +02:00"));
    }
    let hours = cursor.part("hours of the offset", 0, 18)?;
    let mut minutes = 0;
    if cursor.accept(&[':']) || cursor.peek().is_some_and(|c| c.is_ascii_digit()) {
        minutes = cursor.part("minutes of the offset", 0, 59)?;
    }
    let seconds = hours * 3600 + minutes * 60;
    Ok(if negative { -seconds } else { seconds })
}

/// An offset that stands alone; there a single digit is common, as in UTC+2.
pub fn read_offset(text: &str) -> Option<i64> {
    if text.is_empty() {
        return Some(0);
    }
    let sign = text.chars().next()?;
    let padded = match text[sign.len_utf8()..].parse::<u8>() {
        Ok(hour) if hour < 10 && text.len() == sign.len_utf8() + 1 => format!("{sign}0{hour}"),
        _ => text.to_string(),
    };
    let mut cursor = Cursor { text: &padded, at: 0 };
    let seconds = offset(&mut cursor).ok()?;
    cursor.peek().is_none().then_some(seconds)
}

pub fn read(text: &str) -> Result<Stamp, String> {
    let mut cursor = Cursor { text: text.trim(), at: 0 };
    let year = cursor.digits(4, "a year in four digits, as in 2024-03-31T12:00:00Z")?;
    if year == 0 {
        return Err("the year must be from 0001 to 9999".to_string());
    }
    let extended = cursor.accept(&['-']);
    let month = cursor.part("month", 1, 12)?;
    if extended && !cursor.accept(&['-']) {
        return Err(cursor.expected("- and the day"));
    }
    let day = cursor.part("day", 1, 31)?;
    let length = month_length(year, month);
    if day > length {
        return Err(format!("{year:04}-{month:02} has only {length} days, not {day}"));
    }
    let mut stamp = Stamp { local: days(year, month, day) * DAY, nanos: 0, offset: None };
    if cursor.peek().is_none() {
        return Ok(stamp);
    }
    if !cursor.accept(&['T', 't', ' ']) {
        return Err(cursor.expected("T and the time of day, or the end"));
    }
    let hour = cursor.part("hour", 0, 24)?;
    let mut rest = 0;
    if cursor.accept(&[':']) || cursor.peek().is_some_and(|c| c.is_ascii_digit()) {
        rest = cursor.part("minute", 0, 59)? * 60;
        if cursor.accept(&[':']) || cursor.peek().is_some_and(|c| c.is_ascii_digit()) {
            rest += cursor.part("second", 0, 59)?;
            if cursor.accept(&['.', ',']) {
                stamp.nanos = cursor.fraction()?;
            }
        }
    }
    if hour == 24 && (rest > 0 || stamp.nanos > 0) {
        return Err("hour 24 is only possible as 24:00:00".to_string());
    }
    stamp.local += hour * 3600 + rest;
    cursor.accept(&[' ']);
    if cursor.peek().is_some() {
        stamp.offset = Some(offset(&mut cursor)?);
    }
    match cursor.peek() {
        None => Ok(stamp),
        Some(_) => Err(cursor.expected("the end; the name of a time zone goes into an argument of its own")),
    }
}

pub fn offset_text(offset: i64) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let size = offset.abs();
    let mut text = format!("{sign}{:02}:{:02}", size / 3600, size / 60 % 60);
    if size % 60 > 0 {
        text.push_str(&format!(":{:02}", size % 60));
    }
    text
}

/// A fraction of a second with its point, or nothing.
pub fn fraction_text(nanos: i64) -> String {
    match nanos {
        0 => String::new(),
        _ => format!(".{}", format!("{nanos:09}").trim_end_matches('0')),
    }
}

pub fn local_text(local: i64, nanos: i64) -> String {
    let (year, month, day) = date(local.div_euclid(DAY));
    let second = local.rem_euclid(DAY);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}{}",
        second / 3600,
        second / 60 % 60,
        second % 60,
        fraction_text(nanos)
    )
}

/// Seconds and nanoseconds of an instant.
pub fn split(instant: i128) -> (i64, i64) {
    (instant.div_euclid(SECOND) as i64, instant.rem_euclid(SECOND) as i64)
}
