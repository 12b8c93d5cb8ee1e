//! What the tools promise, and their answers.

use std::borrow::Cow;

use crate::json::{self, Value};
use crate::path;
use crate::query::Query;
use crate::reshape;
use crate::tool::{excerpt, Answer, Arguments, Call};

pub const DESCRIPTION: &str = r#"{"tools":[{"name":"query","description":"Finds values in JSON by a JSONPath (RFC 9535, without functions) and returns them as a JSON array, [] if there are none. Numbers in a JSON text keep the form in which they are written.","inputSchema":{"type":"object","properties":{"json":{"description":"The JSON to look into: as a text, which keeps long numbers exact, or as a value. A string is always read as JSON text. At most 1,000,000 bytes, 64 levels deep."},"path":{"type":"string","description":"The path: $ is the whole; then .name, ['any name'], [0], [-1] (the last), [1:3] and [::2] (slices), .* or [*] (all), several in one bracket as in ['a',0], ..name (at any depth), and filters as in $.items[?@.price < 10 && (@.tag == 'new' || !@.sold)] with ==, !=, <, <=, >, >=, &&, || and !, where @ is the item.","maxLength":10000},"first":{"type":"boolean","description":"Return only the first value, by itself; it is an error if there is none.","default":false}},"required":["json","path"],"additionalProperties":false}},{"name":"reshape","description":"Builds JSON from other JSON by a template. Numbers in a JSON text keep the form in which they are written.","inputSchema":{"type":"object","properties":{"json":{"description":"The JSON to take values from: as a text, which keeps long numbers exact, or as a value. A string is always read as JSON text. At most 1,000,000 bytes, 64 levels deep."},"template":{"description":"A JSON value, not a text of one. In it, a string that starts with $ is a JSONPath as for query and is replaced by what it finds: a path of only names and indices by the value, or null if there is none; any other path by the array of all values. An object {\"$for\": path, \"$each\": template} becomes the array of the template filled in for each value found, or for each item if the path leads to one array; in it, $ is the item and $root the whole JSON. A string that starts with $$ stands for the same with one $. All else is kept. For example {\"names\": {\"$for\": \"$.users\", \"$each\": {\"name\": \"$.name\", \"of\": \"$root.team\"}}}."}},"required":["json","template"],"additionalProperties":false}}]}"#;

pub fn run(call: &Call) -> Answer {
    match call.tool.as_str() {
        "query" => query(&call.arguments),
        "reshape" => {
            call.arguments.only(&["json", "template"])?;
            let document = document(&call.arguments)?;
            reshape::reshape(&document, call.arguments.required("template")?)
        }
        other => Err(format!("There is no tool {} here; there are query and reshape.", excerpt(other, 60))),
    }
}

/// A text of ones and commas takes some thirty times its size when it is read.
const MAX_TEXT: usize = 1_000_000;

fn document(arguments: &Arguments) -> Result<Cow<'_, Value>, String> {
    match arguments.required("json")? {
        Value::String(text) if text.len() > MAX_TEXT => {
            Err(format!("The argument json has {} bytes; {MAX_TEXT} are allowed.", text.len()))
        }
        Value::String(text) => match json::parse_text(text) {
            Ok(value) => Ok(Cow::Owned(value)),
            Err(reason) => Err(format!("The argument json is no JSON: {reason}.")),
        },
        value => Ok(Cow::Borrowed(value)),
    }
}

fn query(arguments: &Arguments) -> Answer {
    arguments.only(&["json", "path", "first"])?;
    let text = arguments.required_string("path")?;
    let path = path::read(text)
        .map_err(|reason| format!("The argument path, \"{}\", is wrong: {reason}.", excerpt(text, 100)))?;
    let first = arguments.boolean("first")?.unwrap_or(false);
    let document = document(arguments)?;
    let found = Query::new(&document).find(&path, &document)?;
    let mut out = String::new();
    if first {
        match found.first() {
            Some(value) => json::write(value, &mut out),
            None => return Err(format!("The path {} finds nothing.", excerpt(text, 100))),
        }
        reshape::bounded(&out)?;
        return Ok(out);
    }
    out.push('[');
    for (at, value) in found.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        json::write(value, &mut out);
        reshape::bounded(&out)?;
    }
    out.push(']');
    Ok(out)
}
