//! What the tools promise, and their answers.

use crate::calendar::{date, days, month_length, week, weekday, DAY};
use crate::duration::{self, Duration};
use crate::moment::{self, fraction_text, local_text, offset_text, split, SECOND};
use crate::tool::{excerpt, Answer, Arguments, Call};
use crate::zones::{Found, Zone};

pub const DESCRIPTION: &str = r#"{"tools":[{"name":"now","description":"Tells the current date and time. The first line of the answer is ISO 8601.","inputSchema":{"type":"object","properties":{"timezone":{"type":"string","description":"An IANA time zone such as Europe/Berlin, or an offset such as +02:00.","default":"UTC"}},"additionalProperties":false}},{"name":"convert","description":"Tells what a time in one time zone is in another. A local time that clocks were put forward over is shifted forward by as much; of a local time that happens twice the earlier is taken; the answer says so. Zones are exact from 1970 on; for earlier times the offset at the start of 1970 is used.","inputSchema":{"type":"object","properties":{"time":{"type":"string","description":"A date or a date and time in ISO 8601, such as 2024-03-31T14:30:00, with or without an offset."},"from":{"type":"string","description":"The time zone of the time, if it has no offset itself: an IANA name such as America/New_York, or an offset."},"to":{"type":"string","description":"The time zone wanted: an IANA name such as Asia/Tokyo, or an offset such as +02:00."}},"required":["time","to"],"additionalProperties":false}},{"name":"add","description":"Adds an ISO 8601 duration to a time, or subtracts it. Years, months, weeks and days move the date on the calendar of the time zone (a day that the month lacks becomes its last: January 31 and P1M is the end of February); hours, minutes and seconds are then exact time. Gaps and overlaps of clock changes are treated as by convert.","inputSchema":{"type":"object","properties":{"time":{"type":"string","description":"A date or a date and time in ISO 8601, with or without an offset."},"duration":{"type":"string","description":"The duration, such as P1M2DT3H or PT90M; -P1D subtracts a day."},"timezone":{"type":"string","description":"The time zone in which to count, an IANA name or an offset. If left out, it is the offset of the time, or UTC if it has none."}},"required":["time","duration"],"additionalProperties":false}},{"name":"between","description":"Tells how long it is from one time to another: as an ISO 8601 duration of years, months, days and exact time that leads from the start to the end, and in total seconds, minutes, hours, days and weeks.","inputSchema":{"type":"object","properties":{"start":{"type":"string","description":"A date or a date and time in ISO 8601, with or without an offset."},"end":{"type":"string","description":"The other time; if it is earlier, the duration is negative."},"timezone":{"type":"string","description":"The time zone in which to count and to which times without an offset belong, an IANA name or an offset. If left out, it is the offset of the start, or UTC if that has none."}},"required":["start","end"],"additionalProperties":false}}]}"#;

const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

pub fn run(call: &Call, clock: impl Fn() -> i128) -> Answer {
    match call.tool.as_str() {
        "now" => now(&call.arguments, clock()),
        "convert" => convert(&call.arguments),
        "add" => add(&call.arguments),
        "between" => between(&call.arguments),
        other => Err(format!("There is no tool {} here; there are now, convert, add and between.", excerpt(other, 60))),
    }
}

fn zone(arguments: &Arguments, name: &str) -> Result<Option<Zone>, String> {
    match arguments.string(name)? {
        None => Ok(None),
        Some(text) => match Zone::find(text) {
            Ok(zone) => Ok(Some(zone)),
            Err(reason) => Err(format!("The argument {name}: {reason}.")),
        },
    }
}

fn stamp(arguments: &Arguments, name: &str) -> Result<moment::Stamp, String> {
    let text = arguments.required_string(name)?;
    moment::read(text)
        .map_err(|reason| format!("The argument {name}, \"{}\", is no ISO 8601 time: {reason}.", excerpt(text, 60)))
}

/// Sentences that go below an answer.
type Notes = Vec<String>;

fn span(seconds: i64) -> String {
    match (seconds / 3600, seconds % 3600) {
        (1, 0) => "1 hour".to_string(),
        (hours, 0) => format!("{hours} hours"),
        _ => format!("{} minutes", seconds / 60),
    }
}

fn resolve(zone: &Zone, local: i64, notes: &mut Notes) -> i64 {
    let (instant, found) = zone.resolve(local);
    let text = local_text(local, 0);
    match found {
        Found::Once => {}
        Found::Skipped(seconds) => notes.push(format!(
            "{text} does not exist in {}, where the clocks are put forward over it; it was shifted forward by {}.",
            zone.name,
            span(seconds)
        )),
        Found::Twice => notes.push(format!(
            "{text} happens twice in {}, where the clocks are put back over it; the earlier one, at {}, was taken.",
            zone.name,
            offset_text(zone.at(instant).offset)
        )),
    }
    instant
}

/// The instant of a time, which is one of the zone unless it has an offset of its own.
fn instant(stamp: &moment::Stamp, zone: &Zone, notes: &mut Notes) -> i128 {
    let second = match stamp.offset {
        Some(offset) => stamp.local - offset,
        None => resolve(zone, stamp.local, notes),
    };
    second as i128 * SECOND + stamp.nanos as i128
}

fn show(instant: i128, zone: &Zone, mut notes: Notes) -> Answer {
    let (second, nanos) = split(instant);
    let period = zone.at(second);
    let local = second + period.offset;
    let day = local.div_euclid(DAY);
    if !(1..=9999).contains(&date(day).0) {
        return Err("The result is outside of the years 0001 to 9999.".to_string());
    }
    let utc = period.offset == 0 && period.name == "UTC";
    let offset = if utc { "Z".to_string() } else { offset_text(period.offset) };
    let mut named = zone.name.clone();
    // Some zones have no letters for a name but their offset again.
    if period.name.starts_with(|c: char| c.is_ascii_alphabetic()) && period.name != zone.name {
        named.push_str(&format!(" ({}{})", period.name, if period.summer { ", summer time" } else { "" }));
    } else if period.summer {
        named.push_str(" (summer time)");
    }
    if second < 0 && zone.varies() {
        notes.push(format!("Before 1970 the offset of {} is only a guess.", zone.name));
    }
    let (year, number) = week(day);
    let mut out = format!(
        "{}{offset}\n{}, {named}, ISO week {year}-W{number:02}, Unix time {second}{}",
        local_text(local, nanos),
        WEEKDAYS[weekday(day) as usize],
        fraction_text(nanos)
    );
    for note in notes {
        out.push_str("\nNote: ");
        out.push_str(&note);
    }
    Ok(out)
}

fn now(arguments: &Arguments, clock: i128) -> Answer {
    arguments.only(&["timezone"])?;
    let zone = zone(arguments, "timezone")?.unwrap_or_else(|| Zone::fixed(0));
    // More digits than milliseconds would only be noise.
    show(clock.div_euclid(1_000_000) * 1_000_000, &zone, Notes::new())
}

fn convert(arguments: &Arguments) -> Answer {
    arguments.only(&["time", "from", "to"])?;
    let stamp = stamp(arguments, "time")?;
    arguments.required("to")?;
    let to = zone(arguments, "to")?.unwrap_or_else(|| Zone::fixed(0));
    let from = match (zone(arguments, "from")?, stamp.offset) {
        (Some(from), None) => from,
        (None, Some(offset)) => Zone::fixed(offset),
        (None, None) => {
            return Err("The time has no offset, so the argument from is required: its time zone.".to_string())
        }
        (Some(from), Some(offset)) => {
            let real = from.at(stamp.local - offset).offset;
            if real != offset {
                return Err(format!(
                    "The time has the offset {}, but {} was at {} then; leave out one of the two.",
                    offset_text(offset),
                    from.name,
                    offset_text(real)
                ));
            }
            from
        }
    };
    let mut notes = Notes::new();
    let instant = instant(&stamp, &from, &mut notes);
    show(instant, &to, notes)
}

struct Moved {
    instant: i128,
    found: i64,
    clamped: bool,
}

/// The part of an addition that is on the calendar; nothing when it leaves the years there are.
fn shift(zone: &Zone, start: i128, negative: bool, months: i64, days_on: i64) -> Option<Moved> {
    let (second, nanos) = split(start);
    let local = second + zone.at(second).offset;
    if months == 0 && days_on == 0 {
        return Some(Moved { instant: start, found: local, clamped: false });
    }
    let sign = if negative { -1 } else { 1 };
    let (year, month, day) = date(local.div_euclid(DAY));
    let count = year.checked_mul(12)?.checked_add(month - 1)?.checked_add(sign * months)?;
    let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
    if !(-1..=10_001).contains(&year) {
        return None;
    }
    let last = month_length(year, month);
    let moved = days(year, month, day.min(last)).checked_add(sign * days_on)?;
    if !(-1..=10_001).contains(&date(moved.clamp(-4_000_000, 4_000_000)).0) {
        return None;
    }
    let local = moved * DAY + local.rem_euclid(DAY);
    let (instant, _) = zone.resolve(local);
    Some(Moved { instant: instant as i128 * SECOND + nanos as i128, found: local, clamped: day > last })
}

fn add(arguments: &Arguments) -> Answer {
    arguments.only(&["time", "duration", "timezone"])?;
    let stamp = stamp(arguments, "time")?;
    let text = arguments.required_string("duration")?;
    let duration = duration::read(text)
        .map_err(|reason| format!("The argument duration, \"{}\", is no ISO 8601 duration: {reason}.", excerpt(text, 60)))?;
    let zone = zone(arguments, "timezone")?.unwrap_or_else(|| Zone::fixed(stamp.offset.unwrap_or(0)));
    let mut notes = Notes::new();
    let start = instant(&stamp, &zone, &mut notes);
    let Some(moved) = shift(&zone, start, duration.negative, duration.months, duration.days) else {
        return Err("The result is outside of the years 0001 to 9999.".to_string());
    };
    if moved.clamped {
        notes.push("The month has no such day; its last day was taken.".to_string());
    }
    if duration.months != 0 || duration.days != 0 {
        resolve(&zone, moved.found, &mut notes);
    }
    let end = if duration.negative { moved.instant - duration.nanos } else { moved.instant + duration.nanos };
    if end.abs() > 400_000_000_000 * SECOND {
        return Err("The result is outside of the years 0001 to 9999.".to_string());
    }
    show(end, &zone, notes)
}

/// The duration that leads from the start to the end when it is added.
pub fn difference(zone: &Zone, start: i128, end: i128) -> Duration {
    let negative = end < start;
    let past = |moved: &Option<Moved>| match moved {
        None => true,
        Some(moved) if negative => moved.instant < end,
        Some(moved) => moved.instant > end,
    };
    let local = |instant: i128| {
        let (second, _) = split(instant);
        second + zone.at(second).offset
    };
    let month = |instant: i128| {
        let (year, month, _) = date(local(instant).div_euclid(DAY));
        year * 12 + month
    };
    let mut months = (month(end) - month(start)).abs() + 1;
    while months > 0 && past(&shift(zone, start, negative, months, 0)) {
        months -= 1;
    }
    // A month is no longer than 31 days, and a change of the clocks no longer than one.
    let mut on = 33;
    while on > 0 && past(&shift(zone, start, negative, months, on)) {
        on -= 1;
    }
    let reached = shift(zone, start, negative, months, on).map_or(start, |moved| moved.instant);
    Duration { negative, months, days: on, nanos: (end - reached).abs() }
}

fn between(arguments: &Arguments) -> Answer {
    arguments.only(&["start", "end", "timezone"])?;
    let (from, to) = (stamp(arguments, "start")?, stamp(arguments, "end")?);
    let zone = zone(arguments, "timezone")?.unwrap_or_else(|| Zone::fixed(from.offset.unwrap_or(0)));
    let mut notes = Notes::new();
    let (start, end) = (instant(&from, &zone, &mut notes), instant(&to, &zone, &mut notes));
    let nanos = end - start;
    let size = nanos.abs();
    let mut out = format!(
        "{}\n{}{}{} seconds = {} minutes = {} hours = {} days of 24 hours = {} weeks, counted in {}",
        duration::text(&difference(&zone, start, end)),
        if nanos < 0 { "-" } else { "" },
        size / SECOND,
        fraction_text((size % SECOND) as i64),
        duration::total(nanos, 60 * SECOND),
        duration::total(nanos, 3600 * SECOND),
        duration::total(nanos, 86_400 * SECOND),
        duration::total(nanos, 7 * 86_400 * SECOND),
        zone.name
    );
    for note in notes {
        out.push_str("\nNote: ");
        out.push_str(&note);
    }
    Ok(out)
}
