use crate::calendar::{date, days, week};
use crate::duration;
use crate::pdk::json;
use crate::moment::{self, SECOND};
use crate::tool;
use crate::tools::{difference, run, DESCRIPTION};
use crate::zones::{names, Found, Zone};

const NOW: i128 = 1_711_848_600_123_456_789;

fn serve(tool: &str, arguments: &[(&str, &str)]) -> (String, bool) {
    let mut call = String::from("{\"method\":\"tools/call\",\"params\":{\"name\":");
    json::quote(tool, &mut call);
    call.push_str(",\"arguments\":{");
    for (at, (name, value)) in arguments.iter().enumerate() {
        call.push_str(if at > 0 { "," } else { "" });
        json::quote(name, &mut call);
        call.push(':');
        json::quote(value, &mut call);
    }
    call.push_str("}}}");
    let answer = tool::serve(call.as_bytes(), |call| run(call, || NOW)).unwrap();
    let answer = json::parse(answer.as_bytes()).unwrap();
    let json::Value::Array(content) = answer.get("content").unwrap() else { panic!() };
    let text = content[0].get("text").and_then(json::Value::as_str).unwrap();
    (text.to_string(), answer.get("isError").is_some())
}

#[track_caller]
fn check(tool: &str, arguments: &[(&str, &str)], expected: &str) -> String {
    let (text, wrong) = serve(tool, arguments);
    assert!(!wrong, "{text}");
    assert_eq!(text.lines().next(), Some(expected), "{text}");
    text
}

#[track_caller]
fn refused(tool: &str, arguments: &[(&str, &str)], part: &str) {
    let (text, wrong) = serve(tool, arguments);
    assert!(wrong && text.contains(part), "{text}");
}

#[track_caller]
fn convert(time: &str, from: &str, to: &str, expected: &str) -> String {
    check("convert", &[("time", time), ("from", from), ("to", to)], expected)
}

#[track_caller]
fn add(time: &str, duration: &str, zone: &str, expected: &str) -> String {
    check("add", &[("time", time), ("duration", duration), ("timezone", zone)], expected)
}

#[track_caller]
fn between(start: &str, end: &str, zone: &str, expected: &str) -> String {
    check("between", &[("start", start), ("end", end), ("timezone", zone)], expected)
}

#[test]
fn the_clock() {
    let text = check("now", &[], "2024-03-31T01:30:00.123Z");
    assert_eq!(text.lines().nth(1), Some("Sunday, UTC, ISO week 2024-W13, Unix time 1711848600.123"));
    let text = check("now", &[("timezone", "europe/berlin")], "2024-03-31T03:30:00.123+02:00");
    assert!(text.contains("Sunday, Europe/Berlin (CEST, summer time), ISO week"), "{text}");
    check("now", &[("timezone", "-03:30")], "2024-03-30T22:00:00.123-03:30");
    check("now", &[("timezone", "Asia/Kathmandu")], "2024-03-31T07:15:00.123+05:45");
}

#[test]
fn zones_and_offsets() {
    convert("2024-07-01T12:00:00", "America/New_York", "Asia/Tokyo", "2024-07-02T01:00:00+09:00");
    convert("2024-01-01T12:00", "America/New_York", "UTC", "2024-01-01T17:00:00Z");
    convert("2024-01-01", "Europe/London", "Pacific/Auckland", "2024-01-01T13:00:00+13:00");
    convert("2024-01-01T00:00Z", "UTC", "UTC+2", "2024-01-01T02:00:00+02:00");
    convert("2024-01-01T00:00Z", "UTC", "GMT-3", "2023-12-31T21:00:00-03:00");
    convert("2024-01-01T00:00Z", "UTC", "Etc/GMT+3", "2023-12-31T21:00:00-03:00");
    convert("2024-01-01T00:00Z", "Z", "america/los angeles", "2023-12-31T16:00:00-08:00");
    convert("2050-07-01T00:00Z", "UTC", "Europe/Paris", "2050-07-01T02:00:00+02:00");
    convert("2050-01-01T00:00Z", "UTC", "Australia/Sydney", "2050-01-01T11:00:00+11:00");
    convert("9999-07-01T00:00Z", "UTC", "America/Santiago", "9999-06-30T20:00:00-04:00");
    convert("1985-01-01T00:00Z", "UTC", "Europe/Moscow", "1985-01-01T03:00:00+03:00");
    convert("2012-01-01T00:00Z", "UTC", "Europe/Moscow", "2012-01-01T04:00:00+04:00");
    convert("1971-01-01T00:00Z", "UTC", "Africa/Monrovia", "1970-12-31T23:15:30-00:44:30");
    convert("2026-02-20T00:00Z", "UTC", "Africa/Casablanca", "2026-02-20T00:00:00+00:00");
    convert("2026-06-20T00:00Z", "UTC", "Africa/Casablanca", "2026-06-20T01:00:00+01:00");
    convert("2024-12-01T00:00Z", "UTC", "Europe/Dublin", "2024-12-01T00:00:00+00:00");
    convert("2024-07-01T00:00Z", "UTC", "Europe/Dublin", "2024-07-01T01:00:00+01:00");
    convert("2024-06-01T12:00:00+02:00", "Europe/Berlin", "UTC", "2024-06-01T10:00:00Z");
    check("convert", &[("time", "2024-06-01T12:00:00+02:00"), ("to", "UTC")], "2024-06-01T10:00:00Z");
    assert!(convert("1950-06-01T12:00", "UTC", "Europe/Berlin", "1950-06-01T13:00:00+01:00").contains("only a guess"));
    refused("convert", &[("time", "2024-06-01T12:00"), ("to", "UTC")], "the argument from is required");
    refused("convert", &[("time", "2024-06-01T12:00+01:00"), ("from", "Europe/Berlin"), ("to", "UTC")], "Europe/Berlin was at +02:00 then");
    refused("convert", &[("time", "2024-06-01"), ("from", "Berlin"), ("to", "UTC")], "did you mean Europe/Berlin?");
    refused("convert", &[("time", "2024-06-01"), ("from", "Nowhere/X"), ("to", "UTC")], "use a name such as");
    refused("convert", &[("time", "2024-06-01"), ("from", "UTC"), ("to", "+25:00")], "The argument to: \"+25:00\" is no time zone");
    refused("convert", &[("time", "9999-12-31T23:00Z"), ("to", "Asia/Tokyo")], "outside of the years");
    refused("convert", &[("time", "0001-01-01T00:00Z"), ("to", "-01:00")], "outside of the years");
    for name in names() {
        let zone = Zone::find(name).unwrap();
        for second in (-100_000_000..8_000_000_000).step_by(99_999_999) {
            assert!(zone.at(second).offset.abs() <= 15 * 3600, "{name}");
        }
    }
}

#[test]
fn gaps_and_overlaps() {
    let text = convert("2024-03-31T02:30", "Europe/Berlin", "Europe/Berlin", "2024-03-31T03:30:00+02:00");
    assert!(text.contains("Note: 2024-03-31T02:30:00 does not exist in Europe/Berlin") && text.contains("forward by 1 hour."));
    let text = convert("2024-10-27T02:30", "Europe/Berlin", "Europe/Berlin", "2024-10-27T02:30:00+02:00");
    assert!(text.contains("happens twice in Europe/Berlin") && text.contains("the earlier one, at +02:00, was taken"));
    convert("2024-10-27T02:30+01:00", "Europe/Berlin", "Europe/Berlin", "2024-10-27T02:30:00+01:00");
    let text = convert("2024-10-06T02:15", "Australia/Lord_Howe", "UTC", "2024-10-05T15:45:00Z");
    assert!(text.contains("forward by 30 minutes"), "{text}");
    let text = convert("2011-12-30T12:00", "Pacific/Apia", "Pacific/Apia", "2011-12-31T12:00:00+14:00");
    assert!(text.contains("forward by 24 hours"), "{text}");
    for (local, expected) in [
        ("2024-03-31T01:59:59", Found::Once),
        ("2024-03-31T02:00:00", Found::Skipped(3600)),
        ("2024-03-31T02:59:59", Found::Skipped(3600)),
        ("2024-03-31T03:00:00", Found::Once),
        ("2024-10-27T01:59:59", Found::Once),
        ("2024-10-27T02:00:00", Found::Twice),
        ("2024-10-27T02:59:59", Found::Twice),
        ("2024-10-27T03:00:00", Found::Once),
        ("2060-03-28T02:30:00", Found::Skipped(3600)),
    ] {
        let found = Zone::find("Europe/Berlin").unwrap().resolve(moment::read(local).unwrap().local).1;
        assert_eq!(found, expected, "{local}");
    }
}

#[test]
fn additions() {
    add("2024-01-31T10:00", "P1M", "UTC", "2024-02-29T10:00:00Z");
    assert!(add("2023-01-31", "P1M", "UTC", "2023-02-28T00:00:00Z").contains("no such day"));
    add("2024-02-29", "P1Y", "UTC", "2025-02-28T00:00:00Z");
    add("2024-01-15T00:00Z", "P1M2DT3H", "UTC", "2024-02-17T03:00:00Z");
    add("2024-03-30T12:00", "P1D", "Europe/Berlin", "2024-03-31T12:00:00+02:00");
    add("2024-03-30T12:00", "PT24H", "Europe/Berlin", "2024-03-31T13:00:00+02:00");
    add("2024-03-31T12:00", "-P1D", "Europe/Berlin", "2024-03-30T12:00:00+01:00");
    assert!(add("2024-03-30T02:30", "P1D", "Europe/Berlin", "2024-03-31T03:30:00+02:00").contains("does not exist"));
    assert!(add("2024-10-26T02:30", "P1D", "Europe/Berlin", "2024-10-27T02:30:00+02:00").contains("happens twice"));
    add("2024-10-27T02:30+02:00", "PT1H", "Europe/Berlin", "2024-10-27T02:30:00+01:00");
    add("2024-01-01", "P2W", "UTC", "2024-01-15T00:00:00Z");
    add("2024-01-01", "PT0.000000001S", "UTC", "2024-01-01T00:00:00.000000001Z");
    add("2024-01-01", "PT90M", "UTC", "2024-01-01T01:30:00Z");
    add("2024-01-01", "-PT1S", "UTC", "2023-12-31T23:59:59Z");
}

#[test]
fn additions_without_a_zone_and_out_of_range() {
    check("add", &[("time", "2024-01-01T00:00+05:00"), ("duration", "P1D")], "2024-01-02T00:00:00+05:00");
    check("add", &[("time", "2024-01-01"), ("duration", "p1dt1h")], "2024-01-02T01:00:00Z");
    for duration in ["P8000Y", "-P2024Y", "P999999999999D", "P999999999999Y", "PT999999999999H", "-PT999999999999H", "-P999999999999M"] {
        refused("add", &[("time", "2024-01-01"), ("duration", duration)], "outside of the years");
    }
    for (duration, part) in [
        ("", "at character 1, expected P"),
        ("1D", "at character 1, expected P"),
        ("P", "expected a number and its unit"),
        ("P1DT", "expected a number and its unit"),
        ("P1", "expected one of Y, M, W, D, in this order"),
        ("PT1D", "expected one of H, M, S"),
        ("P1D1Y", "expected the end, found 'Y'"),
        ("P1.5D", "only seconds may have digits after the point"),
        ("PT1.1234567890S", "at most 9 digits"),
        ("PT1.S", "a digit after the point"),
        ("P-1D", "expected a number, found '-'"),
        ("P9999999999999D", "larger than"),
        ("PTT1H", "T occurs twice"),
        ("Pé", "expected a number, found 'é'"),
    ] {
        refused("add", &[("time", "2024-01-01"), ("duration", duration)], part);
    }
}

#[test]
fn differences() {
    let text = between("2024-01-15T00:00", "2024-02-17T03:00", "UTC", "P1M2DT3H");
    assert!(text.contains("2862000 seconds = 47700 minutes = 795 hours = 33.125 days of 24 hours = 4.732143 weeks, counted in UTC"), "{text}");
    between("2024-02-17T03:00", "2024-01-15T00:00", "UTC", "-P1M2DT3H");
    between("2024-01-01", "2024-01-01", "UTC", "PT0S");
    between("2000-02-29", "2024-02-28", "UTC", "P23Y11M30D");
    between("2024-03-30T12:00", "2024-03-31T12:00", "Europe/Berlin", "P1D");
    between("2024-03-30T12:00Z", "2024-03-31T12:00Z", "UTC", "P1D");
    between("2024-01-31", "2024-02-29", "UTC", "P1M");
    between("2024-01-01T00:00:00.5", "2024-01-01T00:00:02", "UTC", "PT1.5S");
    between("0001-01-01", "9999-12-31T23:59:59", "UTC", "P9998Y11M30DT23H59M59S");
    between("9999-12-31T23:59:59", "0001-01-01", "UTC", "-P9998Y11M30DT23H59M59S");
    check("between", &[("start", "2024-01-01T00:00+02:00"), ("end", "2024-01-01T00:00Z")], "PT2H");
    check("between", &[("start", "2024-01-01"), ("end", "2025-01-01")], "P1Y");
}

#[test]
fn a_difference_added_leads_to_the_end() {
    let mut state = 11u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((state >> 24) % below) as i128
    };
    for name in ["UTC", "Europe/Berlin", "America/Santiago", "Pacific/Apia", "Australia/Lord_Howe"] {
        let zone = Zone::find(name).unwrap();
        for _ in 0..400 {
            let start = random(2_000_000_000) * SECOND;
            let span = 10u64.pow(1 + random(9) as u32);
            let end = start + (random(span) - span as i128 / 2) * SECOND;
            let duration = difference(&zone, start, end);
            let text = |instant: i128| moment::local_text((instant / SECOND) as i64, 0) + "Z";
            let shown = check_add(&text(start), &duration::text(&duration), name);
            let (second, _) = moment::split(end);
            assert!(shown.contains(&format!("Unix time {second}")), "{name} {start} {end} {duration:?} {shown}");
        }
    }
}

fn check_add(time: &str, duration: &str, zone: &str) -> String {
    serve("add", &[("time", time), ("duration", duration), ("timezone", zone)]).0
}

#[test]
fn times_are_read_as_iso_8601() {
    for (text, local, offset) in [
        ("1970-01-01", 0, None),
        ("1970-01-02T00:00:00Z", 86_400, Some(0)),
        ("19700102T000001Z", 86_401, Some(0)),
        ("1970-01-01 01:00", 3600, None),
        ("1970-01-01T01", 3600, None),
        ("1970-01-01t01:00z", 3600, Some(0)),
        ("1970-01-01T24:00", 86_400, None),
        ("1969-12-31T23:59:59+0530", -1, Some(19_800)),
        ("1970-01-01T00:00-08", 0, Some(-28_800)),
        (" 1970-01-01T00:00:00 +01:00 ", 0, Some(3600)),
        ("1972-02-29", 68_169_600, None),
    ] {
        let stamp = moment::read(text).unwrap();
        assert_eq!((stamp.local, stamp.offset, stamp.nanos), (local, offset, 0), "{text}");
    }
    assert_eq!(moment::read("1970-01-01T00:00:00,000000001").unwrap().nanos, 1);
    for (text, part) in [
        ("", "at character 1, expected a year in four digits, as in 2024-03-31T12:00:00Z, but it ends"),
        ("tomorrow", "expected a year"),
        ("24-01-01", "expected a year"),
        ("0000-01-01", "from 0001 to 9999"),
        ("2024-13-01", "the month must be from 01 to 12, not 13"),
        ("2023-02-29", "2023-02 has only 28 days, not 29"),
        ("2024-1-1", "the month in two digits"),
        ("2024-01", "expected - and the day"),
        ("2024-W10-1", "the month in two digits"),
        ("2024-01-01T25:00", "the hour must be"),
        ("2024-01-01T24:01", "hour 24 is only possible"),
        ("2024-01-01T10:60", "the minute must be"),
        ("2024-01-01T10:00:60", "the second must be"),
        ("2024-01-01T10:00:00.", "a digit after the point"),
        ("2024-01-01T10:00:00.1234567890", "at most 9 digits"),
        ("2024-01-01T10:00:00+19:00", "hours of the offset"),
        ("2024-01-01T10:00:00[Europe/Berlin]", "expected Z or an offset"),
        ("2024-01-01T10:00:00Z[Europe/Berlin]", "an argument of its own"),
        ("2024-01-01X", "expected T and the time of day"),
        ("2024-01-01T10:00:00é", "expected Z or an offset"),
        ("２０２４-01-01", "expected a year"),
        ("1711848600", "the month must be"),
    ] {
        refused("convert", &[("time", text), ("from", "UTC"), ("to", "UTC")], part);
    }
}

#[test]
fn the_calendar() {
    assert_eq!(days(1970, 1, 1), 0);
    assert_eq!(date(days(2000, 2, 29)), (2000, 2, 29));
    let mut before = days(1, 1, 1) - 1;
    for year in 1..=2400 {
        for month in 1..=12 {
            let first = days(year, month, 1);
            assert_eq!(date(before + 1), (year, month, 1));
            before = first + crate::calendar::month_length(year, month) - 1;
        }
    }
    assert_eq!(week(days(2024, 12, 30)), (2025, 1));
    assert_eq!(week(days(2021, 1, 3)), (2020, 53));
    assert_eq!(week(days(2024, 1, 1)), (2024, 1));
    assert_eq!(week(days(2026, 12, 31)), (2026, 53));
}

#[test]
fn calls() {
    assert!(json::parse(DESCRIPTION.as_bytes()).is_ok());
    refused("then", &[], "There is no tool then here; there are now, convert, add and between.");
    refused("now", &[("zone", "UTC")], "Unknown arguments: zone. The tool takes timezone.");
    refused("convert", &[("time", "2024-01-01")], "The argument to is required.");
    refused("add", &[("time", "2024-01-01")], "The argument duration is required.");
    refused("between", &[("end", "2024-01-01")], "The argument start is required.");
    refused("now", &[("timezone", &"x".repeat(10_000))], "…\" is no time zone");
    let number = br#"{"params":{"name":"now","arguments":{"timezone":2}}}"#;
    assert!(tool::serve(number, |call| run(call, || 0)).unwrap().contains("must be a string, not a number"));
}
