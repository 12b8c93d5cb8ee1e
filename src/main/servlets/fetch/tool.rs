//! What the tool promises, what it asks of the network, and what it makes of the answer. It
//! knows nothing of the host, so that all of it can be tested anywhere.

use crate::json::{self, Value};
use crate::{charset, markdown, url};

pub const DEFAULT_LENGTH: usize = 20_000;
const MAX_LENGTH: i64 = 200_000;
/// How much of an error page is passed on.
const EXCERPT: usize = 600;

pub const DESCRIPTION: &str = r#"{"tools":[{"name":"fetch","description":"Fetches a web page or other text resource over HTTP(S) and returns its text as Markdown.","inputSchema":{"type":"object","properties":{"url":{"type":"string","description":"The address to fetch, starting with http:// or https://."},"max_length":{"type":"integer","description":"How many characters to return at most.","minimum":1,"maximum":200000,"default":20000},"start_index":{"type":"integer","description":"The character to start at, to continue a text that was cut.","minimum":0,"default":0},"raw":{"type":"boolean","description":"Whether to return the body as it came instead of as Markdown.","default":false}},"required":["url"],"additionalProperties":false}}]}"#;

const REQUEST_HEADERS: &str = r#"{"accept":"text/html, text/markdown;q=0.9, text/plain;q=0.8, application/json;q=0.8, */*;q=0.1","user-agent":"errand-fetch/1"}"#;

#[derive(Debug, PartialEq)]
pub struct Arguments {
    pub url: String,
    pub max_length: usize,
    pub start_index: usize,
    pub raw: bool,
}

/// A text for the model; an Err is one that tells it what went wrong.
pub type Answer = Result<String, String>;

fn integer(value: &Value, name: &str, least: i64, most: i64) -> Result<usize, String> {
    let Value::Number(literal) = value else {
        return Err(format!("The argument {name} must be an integer, not {}.", value.kind()));
    };
    match value.as_integer() {
        Some(number) if (least..=most).contains(&number) => Ok(number as usize),
        _ if most == i64::MAX => {
            Err(format!("The argument {name} must be an integer of at least {least}, not {literal}."))
        }
        _ => Err(format!("The argument {name} must be an integer from {least} to {most}, not {literal}.")),
    }
}

/// The outer error is the caller's: what it sent is no tool call at all.
pub fn read_call(input: &[u8]) -> Result<Result<Arguments, String>, String> {
    let call = json::parse(input)?;
    if let Some(method) = call.get("method").and_then(Value::as_str) {
        if method != "tools/call" {
            return Err(format!("the method {method} is not known"));
        }
    }
    let Some(params) = call.get("params") else { return Err("the call lacks params".to_string()) };
    let Some(name) = params.get("name").and_then(Value::as_str) else {
        return Err("the call lacks the name of a tool".to_string());
    };
    if name != "fetch" {
        return Ok(Err(format!("There is no tool {name} here; the only one is fetch.")));
    }
    Ok(read_arguments(params.get("arguments")))
}

fn read_arguments(given: Option<&Value>) -> Result<Arguments, String> {
    let members = match given {
        None => &[],
        Some(Value::Object(members)) => members.as_slice(),
        Some(other) => return Err(format!("The arguments must be an object, not {}.", other.kind())),
    };
    let mut address = None;
    let mut arguments =
        Arguments { url: String::new(), max_length: DEFAULT_LENGTH, start_index: 0, raw: false };
    let mut unknown = Vec::new();
    for (name, value) in members {
        match name.as_str() {
            "url" => match value {
                Value::String(text) => address = Some(text),
                _ => return Err(format!("The argument url must be a string, not {}.", value.kind())),
            },
            "max_length" => arguments.max_length = integer(value, name, 1, MAX_LENGTH)?,
            "start_index" => arguments.start_index = integer(value, name, 0, i64::MAX)?,
            "raw" => match value {
                Value::Bool(raw) => arguments.raw = *raw,
                _ => return Err(format!("The argument raw must be a boolean, not {}.", value.kind())),
            },
            _ => unknown.push(name.as_str()),
        }
    }
    if !unknown.is_empty() {
        return Err(format!(
            "Unknown arguments: {}. The tool takes url, max_length, start_index and raw.",
            unknown.join(", ")
        ));
    }
    let Some(address) = address else { return Err("The argument url is required.".to_string()) };
    arguments.url = url::request(address)
        .map_err(|reason| format!("The argument url, \"{address}\", cannot be fetched: {reason}."))?;
    Ok(arguments)
}

pub fn request(arguments: &Arguments) -> String {
    let mut out = String::from("{\"method\":\"GET\",\"url\":");
    json::quote(&arguments.url, &mut out);
    out.push_str(",\"headers\":");
    out.push_str(REQUEST_HEADERS);
    out.push('}');
    out
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    Html { xml: bool },
    Text,
    Binary,
}

fn form_of(kind: &str) -> Form {
    match kind {
        "text/html" => Form::Html { xml: false },
        "application/xhtml+xml" => Form::Html { xml: true },
        "application/json" | "application/xml" | "application/javascript" | "application/x-javascript"
        | "application/ecmascript" | "application/csv" | "application/yaml" | "application/x-yaml"
        | "application/toml" | "application/sql" | "application/graphql" | "application/x-ndjson"
        | "application/jsonl" | "application/x-sh" | "application/x-www-form-urlencoded" => Form::Text,
        _ if kind.starts_with("text/") || kind.ends_with("+json") || kind.ends_with("+xml") => Form::Text,
        _ => Form::Binary,
    }
}

fn sniff(body: &[u8]) -> Form {
    let head = &body[..body.len().min(1024)];
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let begins = |what: &[u8]| start.get(..what.len()).is_some_and(|s| s.eq_ignore_ascii_case(what));
    let html: [&[u8]; 4] = [b"<!doctype html", b"<html", b"<head", b"<body"];
    if html.iter().any(|what| begins(what))
        || begins(b"<!--") && html.iter().any(|what| charset::find(head, what).is_some())
    {
        return Form::Html { xml: false };
    }
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Form::Text;
    }
    let control = |&b: &u8| b < 9 || (14..32).contains(&b) && b != 27;
    if head.iter().any(control) || std::str::from_utf8(body).is_err() {
        return Form::Binary;
    }
    Form::Text
}

fn header<'a>(headers: &'a Value, name: &str) -> Option<&'a str> {
    match headers.get(name)? {
        Value::String(text) => Some(text),
        Value::Array(items) => items.first().and_then(Value::as_str),
        _ => None,
    }
}

fn parameter<'a>(content_type: &'a str, name: &str) -> Option<&'a str> {
    content_type.split(';').skip(1).find_map(|part| {
        let (found, value) = part.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (found.trim().eq_ignore_ascii_case(name) && !value.is_empty()).then_some(value)
    })
}

/// The text of a body, or what kind of thing it is when it has none.
fn text_of(page: &str, raw: bool, headers: &Value, body: Vec<u8>) -> Result<String, String> {
    let content_type = header(headers, "content-type").unwrap_or("");
    let kind = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    let form = if kind.is_empty() { sniff(&body) } else { form_of(&kind) };
    let declared = parameter(content_type, "charset").map(str::to_string);
    match form {
        Form::Binary if kind.is_empty() => Err("binary data of no stated type".to_string()),
        Form::Binary => Err(kind),
        Form::Text => Ok(charset::decode(body, declared.as_deref())),
        Form::Html { xml } => {
            let declared = declared.or_else(|| charset::declared_in_html(&body).map(str::to_string));
            let html = charset::decode(body, declared.as_deref());
            Ok(if raw { html } else { markdown::convert(&html, page, xml) })
        }
    }
}

fn failure(arguments: &Arguments, status: u32, headers: &Value, body: Vec<u8>) -> String {
    let url = &arguments.url;
    let mut message = format!("The server answered with status {status} for {url}.");
    if let (300..=399, Some(location)) = (status, header(headers, "location")) {
        let target = url::Base::new(url).resolve(location).unwrap_or_else(|| location.to_string());
        message.push_str(&format!(" It points to {target}; call fetch with that url instead."));
    }
    message.push_str(match status {
        401 | 407 => " It wants a login, which this tool does not have.",
        403 => " It does not allow this access.",
        404 | 410 => " There is nothing at this address; check it.",
        429 => " It was asked too often; wait before trying again.",
        500..=599 => " The fault is the server's; trying again later may help.",
        _ => "",
    });
    if let Some(wait) = header(headers, "retry-after") {
        message.push_str(&format!(" It says to retry after: {wait}."));
    }
    if let Ok(text) = text_of(url, false, headers, body) {
        let text = text.trim();
        if !text.is_empty() {
            let end = text.char_indices().nth(EXCERPT).map_or(text.len(), |(at, _)| at);
            message.push_str("\n\nIts page says:\n\n");
            message.push_str(&text[..end]);
            if end < text.len() {
                message.push('…');
            }
        }
    }
    message
}

pub fn answer(arguments: &Arguments, status: u32, headers: &[u8], body: Vec<u8>) -> Answer {
    let headers = json::parse(headers).unwrap_or(Value::Null);
    if !(200..=299).contains(&status) {
        return Err(failure(arguments, status, &headers, body));
    }
    let url = &arguments.url;
    let bytes = body.len();
    let text = text_of(url, arguments.raw, &headers, body)
        .map_err(|kind| format!("{url} is not text but {kind}, {bytes} bytes; fetch can only return text."))?;
    window(&text, arguments.start_index, arguments.max_length)
}

fn window(text: &str, start: usize, length: usize) -> Answer {
    let total = text.chars().count();
    if total == 0 && start == 0 {
        return Ok("[the resource has no text]".to_string());
    }
    if start >= total {
        return Err(format!(
            "The start_index {start} is past the end: the text has {total} characters, 0 to {}.",
            total.saturating_sub(1)
        ));
    }
    let place = |index: usize| text.char_indices().nth(index).map_or(text.len(), |(at, _)| at);
    let end = start.saturating_add(length).min(total);
    let mut out = text[place(start)..place(end)].to_string();
    if end < total {
        if !out.ends_with('\n') {
            out.push('\n');
        }
        out.push_str(&format!("[cut: characters {start} to {end} of {total}; call again with start_index {end}]"));
    }
    Ok(out)
}

pub fn reply(answer: &Answer) -> String {
    let (text, wrong) = match answer {
        Ok(text) => (text, false),
        Err(text) => (text, true),
    };
    let mut out = String::with_capacity(text.len() + text.len() / 16 + 64);
    out.push_str("{\"content\":[{\"type\":\"text\",\"text\":");
    json::quote(text, &mut out);
    out.push_str(if wrong { "}],\"isError\":true}" } else { "}]}" });
    out
}
