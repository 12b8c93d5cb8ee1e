//! Time zones: fixed offsets, and those of the IANA database as generate.rs has packed them.

use crate::moment::{offset_text, read_offset};
use crate::posix::{Period, Rule};

static PACKED: &[u8] = include_bytes!("zones.bin");

/// No offset of a zone is as far from another as this, and no two changes are as near.
const DAY: i64 = 86_400;

pub struct Zone {
    pub name: String,
    rule: Rule,
    first: Period,
    changes: Vec<(i64, Period)>,
}

/// What became of a local time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Found {
    Once,
    /// Clocks were put forward over it, by so many seconds.
    Skipped(i64),
    /// Clocks were put back over it.
    Twice,
}

struct Reader(usize);

impl Reader {
    fn byte(&mut self) -> u8 {
        self.0 += 1;
        PACKED[self.0 - 1]
    }

    fn number(&mut self, size: usize) -> u32 {
        (0..size).fold(0, |sum, at| sum | (self.byte() as u32) << (8 * at))
    }

    fn text(&mut self) -> &'static str {
        let length = self.byte() as usize;
        self.0 += length;
        std::str::from_utf8(&PACKED[self.0 - length..self.0]).unwrap_or_default()
    }
}

/// The names and the places of their zones, and the version of the database.
fn index() -> (Vec<(&'static str, usize)>, &'static str) {
    let mut reader = Reader(0);
    let version = reader.text();
    let mut places = Vec::new();
    for _ in 0..reader.number(2) {
        let length = reader.number(2) as usize;
        places.push(reader.0);
        reader.0 += length;
    }
    let count = reader.number(2);
    let names = (0..count).map(|_| (reader.text(), places[reader.number(2) as usize])).collect();
    (names, version)
}

fn unpack(name: &str, place: usize) -> Option<Zone> {
    let mut reader = Reader(place);
    let rule = Rule::parse(reader.text())?;
    let mut periods = Vec::new();
    for _ in 0..reader.byte() {
        let offset = reader.number(4) as i32 as i64;
        let summer = reader.byte() == 1;
        periods.push(Period { offset, summer, name: reader.text().to_string() });
    }
    let count = reader.number(2);
    let changes = (0..count).map(|_| (reader.number(4) as i64, periods[reader.byte() as usize].clone())).collect();
    Some(Zone { name: name.to_string(), rule, first: periods[0].clone(), changes })
}

#[cfg(test)]
pub fn names() -> Vec<&'static str> {
    index().0.iter().map(|(name, _)| *name).collect()
}

impl Zone {
    pub fn fixed(offset: i64) -> Zone {
        let name = if offset == 0 { "UTC".to_string() } else { format!("UTC{}", offset_text(offset)) };
        let period = Period { offset, summer: false, name: name.clone() };
        let rule = Rule { standard: period.clone(), summer: None };
        Zone { name, rule, first: period, changes: Vec::new() }
    }

    pub fn find(text: &str) -> Result<Zone, String> {
        let text = text.trim();
        let (names, version) = index();
        let wanted = text.replace(' ', "_");
        if let Some((name, place)) = names.iter().find(|(name, _)| name.eq_ignore_ascii_case(&wanted)) {
            return unpack(name, *place).ok_or_else(|| format!("The time zone {name} can't be read."));
        }
        let bare = ["UTC", "utc", "GMT", "gmt"].iter().find_map(|prefix| text.strip_prefix(prefix));
        if let Some(offset) = read_offset(bare.unwrap_or(text)) {
            return Ok(Zone::fixed(offset));
        }
        let lower = wanted.to_ascii_lowercase();
        let near: Vec<&str> = match lower.len() {
            0..=2 => Vec::new(),
            _ => names
                .iter()
                .filter(|(name, _)| name.to_ascii_lowercase().contains(&lower))
                .map(|(name, _)| *name)
                .take(5)
                .collect(),
        };
        let hint = match near.is_empty() {
            true => "use a name such as Europe/Berlin, or an offset such as +02:00".to_string(),
            false => format!("did you mean {}?", near.join(" or ")),
        };
        let text = crate::tool::excerpt(text, 60);
        Err(format!("\"{text}\" is no time zone of the IANA database {version}; {hint}"))
    }

    pub fn at(&self, instant: i64) -> &Period {
        if instant < 0 {
            return &self.first;
        }
        match self.changes.partition_point(|(time, _)| *time <= instant) {
            count if count == self.changes.len() => self.rule.at(instant),
            0 => &self.first,
            count => &self.changes[count - 1].1,
        }
    }

    pub fn varies(&self) -> bool {
        !self.changes.is_empty() || self.rule.summer.is_some()
    }

    /// The instant of a local time, both in seconds since 1970: the earlier of two, and where
    /// there is none, as much later as the clocks were put forward.
    pub fn resolve(&self, local: i64) -> (i64, Found) {
        let before = self.at(local - DAY).offset;
        let after = self.at(local + DAY).offset;
        let fits = |offset: i64| self.at(local - offset).offset == offset;
        match (fits(before), fits(after)) {
            (true, true) if before != after => (local - before.max(after), Found::Twice),
            (true, _) => (local - before, Found::Once),
            (_, true) => (local - after, Found::Once),
            _ => (local - before, Found::Skipped(after - before)),
        }
    }
}
