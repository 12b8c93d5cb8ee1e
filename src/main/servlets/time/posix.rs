//! The rule that ends the data of a time zone: a POSIX TZ string, of the kinds that tzdata uses.

use crate::calendar::{date, days, month_length, weekday, DAY};

#[derive(Debug, Clone, PartialEq)]
pub struct Period {
    /// Seconds east of Greenwich.
    pub offset: i64,
    pub summer: bool,
    pub name: String,
}

#[derive(Debug, PartialEq)]
pub struct Rule {
    pub standard: Period,
    pub summer: Option<Summer>,
}

#[derive(Debug, PartialEq)]
pub struct Summer {
    period: Period,
    start: Change,
    end: Change,
}

/// The n-th weekday of a month, 5 meaning the last, and seconds of local time on it.
#[derive(Debug, PartialEq)]
struct Change {
    month: i64,
    nth: i64,
    weekday: i64,
    second: i64,
}

impl Change {
    /// In seconds of local time since 1970.
    fn second_in(&self, year: i64) -> i64 {
        let first = days(year, self.month, 1);
        let mut day = (self.weekday - weekday(first)).rem_euclid(7) + (self.nth - 1) * 7;
        while day >= month_length(year, self.month) {
            day -= 7;
        }
        (first + day) * DAY + self.second
    }
}

impl Rule {
    pub fn parse(text: &str) -> Option<Rule> {
        let mut reader = Reader(text);
        let name = reader.name()?;
        let offset = -reader.time()?;
        let standard = Period { offset, summer: false, name };
        if reader.0.is_empty() {
            return Some(Rule { standard, summer: None });
        }
        let name = reader.name()?;
        let offset = if reader.0.starts_with(',') { offset + 3600 } else { -reader.time()? };
        let (start, end) = (reader.change()?, reader.change()?);
        let period = Period { offset, summer: true, name };
        reader.0.is_empty().then_some(Rule { standard, summer: Some(Summer { period, start, end }) })
    }

    pub fn at(&self, instant: i64) -> &Period {
        let Some(summer) = &self.summer else { return &self.standard };
        let year = date((instant + self.standard.offset).div_euclid(DAY)).0;
        let start = summer.start.second_in(year) - self.standard.offset;
        let end = summer.end.second_in(year) - summer.period.offset;
        let inside = if start < end {
            (start..end).contains(&instant)
        } else {
            !(end..start).contains(&instant)
        };
        if inside { &summer.period } else { &self.standard }
    }
}

struct Reader<'a>(&'a str);

impl Reader<'_> {
    fn accept(&mut self, c: char) -> bool {
        match self.0.strip_prefix(c) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn name(&mut self) -> Option<String> {
        let quoted = self.accept('<');
        let end = self.0.find(|c: char| match quoted {
            true => c == '>',
            false => !c.is_ascii_alphabetic(),
        });
        let (name, rest) = self.0.split_at(end.unwrap_or(self.0.len()));
        self.0 = rest;
        if quoted && !self.accept('>') || name.is_empty() {
            return None;
        }
        Some(name.to_string())
    }

    fn number(&mut self) -> Option<i64> {
        let end = self.0.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        digits.parse().ok()
    }

    fn time(&mut self) -> Option<i64> {
        let negative = self.accept('-');
        if !negative {
            self.accept('+');
        }
        let mut seconds = self.number()? * 3600;
        for unit in [60, 1] {
            if !self.accept(':') {
                break;
            }
            seconds += self.number()? * unit;
        }
        Some(if negative { -seconds } else { seconds })
    }

    fn change(&mut self) -> Option<Change> {
        if !self.accept(',') || !self.accept('M') {
            return None;
        }
        let month = self.number()?;
        self.accept('.');
        let nth = self.number()?;
        self.accept('.');
        let weekday = self.number()?;
        let second = if self.accept('/') { self.time()? } else { 7200 };
        ((1..=12).contains(&month)).then_some(Change { month, nth, weekday, second })
    }
}
