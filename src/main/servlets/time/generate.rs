//! Writes zones.bin from the system's tzdata: what build.sh runs when asked for `zones`.
//!
//! The file: the version of tzdata; the zones, each with its rule, its periods, and its changes
//! from 1970 on as far as the rule doesn't tell them; the names, each with the number of its zone.
//! Texts and lists begin with their length; numbers are little-endian.

#[allow(dead_code)]
mod calendar;
#[allow(dead_code)]
mod posix;

use std::collections::BTreeMap;
use std::path::Path;

use posix::{Period, Rule};

struct Zone {
    rule: String,
    first: Period,
    changes: Vec<(i64, Period)>,
}

fn number(bytes: &[u8], at: usize, size: usize) -> i64 {
    let raw = bytes[at..at + size].iter().fold(0u64, |sum, &byte| sum << 8 | byte as u64);
    let unused = 64 - 8 * size as u32;
    ((raw << unused) as i64) >> unused
}

/// Reads the second part of a TZif file, RFC 9636, the one with 64-bit times.
fn read(bytes: &[u8]) -> Zone {
    let count = |header: usize, at: usize| number(bytes, header + 20 + 4 * at, 4) as usize;
    let sizes = |header: usize| [0, 1, 2, 3, 4, 5].map(|at| count(header, at));
    let [utc, standard, leap, times, types, chars] = sizes(0);
    let second = 44 + times * 5 + types * 6 + chars + leap * 8 + standard + utc;
    let [utc, standard, leap, times, types, chars] = sizes(second);
    let at = second + 44;
    let names = at + times * 9 + types * 6;
    let period = |index: usize| {
        let entry = at + times * 9 + index * 6;
        let name = &bytes[names + bytes[entry + 5] as usize..];
        let end = name.iter().position(|&byte| byte == 0).unwrap();
        Period {
            offset: number(bytes, entry, 4),
            summer: bytes[entry + 4] == 1,
            name: String::from_utf8(name[..end].to_vec()).unwrap(),
        }
    };
    let footer = &bytes[names + chars + leap * 12 + standard + utc..];
    let rule = std::str::from_utf8(footer).unwrap().trim().to_string();
    let mut zone = Zone { rule, first: period(0), changes: Vec::new() };
    for index in 0..times {
        let to = period(bytes[at + times * 8 + index] as usize);
        let time = number(bytes, at + index * 8, 8);
        match time <= 0 {
            true => zone.first = to,
            false => zone.changes.push((time, to)),
        }
    }
    let parsed = Rule::parse(&zone.rule).unwrap_or_else(|| panic!("unknown rule {}", zone.rule));
    // What the rule tells as well is left out.
    while let Some((time, to)) = zone.changes.last() {
        let before = match zone.changes.len() {
            1 => &zone.first,
            count => &zone.changes[count - 2].1,
        };
        if parsed.at(*time) != to || parsed.at(*time - 1) != before {
            break;
        }
        let since = if zone.changes.len() == 1 { 0 } else { zone.changes[zone.changes.len() - 2].0 };
        if (since..*time).step_by(43_200).any(|instant| parsed.at(instant) != before) {
            break;
        }
        zone.changes.pop();
    }
    zone
}

fn text(out: &mut Vec<u8>, text: &str) {
    out.push(u8::try_from(text.len()).unwrap());
    out.extend_from_slice(text.as_bytes());
}

fn encode(zone: &Zone) -> Vec<u8> {
    let mut periods = vec![&zone.first];
    for (_, period) in &zone.changes {
        if !periods.contains(&period) {
            periods.push(period);
        }
    }
    let index = |period: &Period| periods.iter().position(|p| *p == period).unwrap() as u8;
    let mut out = Vec::new();
    text(&mut out, &zone.rule);
    out.push(periods.len() as u8);
    for period in &periods {
        out.extend_from_slice(&(period.offset as i32).to_le_bytes());
        out.push(if period.summer { 1 } else { 0 });
        text(&mut out, &period.name);
    }
    out.extend_from_slice(&(zone.changes.len() as u16).to_le_bytes());
    for (time, period) in &zone.changes {
        out.extend_from_slice(&u32::try_from(*time).unwrap().to_le_bytes());
        out.push(index(period));
    }
    out
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            if name != "right" && name != "posix" {
                collect(&path, &format!("{name}/"), files);
            }
        } else if !["localtime", "posixrules", "Factory"].contains(&name.as_str()) {
            let bytes = std::fs::read(&path).unwrap();
            if bytes.starts_with(b"TZif") {
                files.insert(name, bytes);
            }
        }
    }
}

fn main() {
    let [_, from, to] = &std::env::args().collect::<Vec<_>>()[..] else { panic!("usage: generate FROM TO") };
    let list = std::fs::read_to_string(Path::new(from).join("tzdata.zi")).unwrap();
    let version = list.lines().next().unwrap().strip_prefix("# version ").unwrap();
    let mut files = BTreeMap::new();
    collect(Path::new(from), "", &mut files);
    let mut numbers = BTreeMap::new();
    let mut zones = Vec::new();
    let mut names = Vec::new();
    for (name, bytes) in &files {
        let zone = encode(&read(bytes));
        let index = *numbers.entry(zone.clone()).or_insert_with(|| {
            zones.push(zone);
            zones.len() as u16 - 1
        });
        names.push((name, index));
    }
    let mut out = Vec::new();
    text(&mut out, version);
    out.extend_from_slice(&(zones.len() as u16).to_le_bytes());
    for zone in &zones {
        out.extend_from_slice(&(zone.len() as u16).to_le_bytes());
        out.extend_from_slice(zone);
    }
    out.extend_from_slice(&(names.len() as u16).to_le_bytes());
    for (name, index) in &names {
        text(&mut out, name);
        out.extend_from_slice(&index.to_le_bytes());
    }
    std::fs::write(to, &out).unwrap();
    println!("tzdata {version}: {} names of {} zones, {} bytes", names.len(), zones.len(), out.len());
}
