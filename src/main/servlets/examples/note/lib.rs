//! An example: sends a note to a service that wants a key, by POST.

#[path = "../../pdk/mod.rs"]
mod pdk;

use pdk::settings::{config, log, Level};
use pdk::{extism, json, tool};

const DESCRIPTION: &str = r#"{"tools":[{"name":"send","description":"Sends a note.",
"inputSchema":{"type":"object","properties":{"text":{"type":"string","description":"The note."}},
"required":["text"],"additionalProperties":false}}]}"#;

fn run(call: &tool::Call) -> tool::Answer {
    call.arguments.only(&["text"])?;
    let text = call.arguments.required_string("text")?;
    let url = config("API_URL").ok_or("The setting API_URL has no value.")?;
    let key = config("API_KEY").ok_or("The setting API_KEY has no value.")?;

    let mut request = String::from(r#"{"method":"POST","url":"#);
    json::quote(&url, &mut request);
    request.push_str(r#","headers":{"Content-Type":"application/json","Authorization":"#);
    json::quote(&format!("Bearer {key}"), &mut request);
    request.push_str("}}");
    let mut body = String::from(r#"{"text":"#);
    json::quote(text, &mut body);
    body.push('}');

    // Where the host is not granted, the service ends the call here and says so.
    let answer = extism::http(&request, Some(body.as_bytes()));
    log(Level::Info, &format!("status {}", answer.status));
    let said = String::from_utf8_lossy(&answer.body);
    match answer.status {
        200..=299 => Ok(format!("Sent. {}", tool::excerpt(&said, 1000))),
        status => Err(format!("Refused with {status}: {}", tool::excerpt(&said, 1000))),
    }
}
