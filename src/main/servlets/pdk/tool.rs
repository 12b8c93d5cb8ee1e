//! What every tool does before and after its own work: read the call and its arguments, and reply.

use super::json::{self, Value};

/// A text for the model; an Err is one that tells it what went wrong.
pub type Answer = Result<String, String>;

pub struct Call {
    pub tool: String,
    pub arguments: Arguments,
}

pub struct Arguments(Vec<(String, Value)>);

/// Moves a member out: the arguments may be large, and the memory of a module is not.
fn take(value: Value, name: &str) -> Option<Value> {
    let Value::Object(members) = value else { return None };
    members.into_iter().rev().find(|(n, _)| n == name).map(|(_, value)| value)
}

/// The outer error is the caller's: what it sent is no tool call at all.
pub fn read_call(input: &[u8]) -> Result<Result<Call, String>, String> {
    let call = json::parse(input)?;
    if let Some(method) = call.get("method").and_then(Value::as_str) {
        if method != "tools/call" {
            return Err(format!("the method {method} is not known"));
        }
    }
    let Some(params) = take(call, "params") else { return Err("the call lacks params".to_string()) };
    let Some(tool) = params.get("name").and_then(Value::as_str).map(str::to_string) else {
        return Err("the call lacks the name of a tool".to_string());
    };
    let arguments = match take(params, "arguments") {
        None => Vec::new(),
        Some(Value::Object(members)) => members,
        Some(other) => return Ok(Err(format!("The arguments must be an object, not {}.", other.kind()))),
    };
    Ok(Ok(Call { tool, arguments: Arguments(arguments) }))
}

/// What a call puts out, or the message with which it fails.
pub fn serve(input: &[u8], run: impl Fn(&Call) -> Answer) -> Result<String, String> {
    Ok(reply(&read_call(input)?.and_then(|call| run(&call))))
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

/// At most `most` characters of a text that somebody else chose, for a message.
pub fn excerpt(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}

impl Arguments {
    /// Refuses arguments that the tool does not take; a misspelt one would else pass for absent.
    pub fn only(&self, known: &[&str]) -> Result<(), String> {
        let unknown: Vec<String> = self
            .0
            .iter()
            .filter(|(name, _)| !known.contains(&name.as_str()))
            .map(|(name, _)| excerpt(name, 100))
            .take(20)
            .collect();
        if unknown.is_empty() {
            return Ok(());
        }
        Err(format!("Unknown arguments: {}. The tool takes {}.", unknown.join(", "), known.join(", ")))
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().rev().find(|(n, _)| n == name).map(|(_, value)| value)
    }

    pub fn required(&self, name: &str) -> Result<&Value, String> {
        self.get(name).ok_or_else(|| format!("The argument {name} is required."))
    }

    pub fn string(&self, name: &str) -> Result<Option<&str>, String> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(format!("The argument {name} must be a string, not {}.", other.kind())),
        }
    }

    pub fn required_string(&self, name: &str) -> Result<&str, String> {
        self.required(name)?;
        Ok(self.string(name)?.unwrap_or_default())
    }

    pub fn integer(&self, name: &str, least: i64, most: i64) -> Result<Option<i64>, String> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let Value::Number(literal) = value else {
            return Err(format!("The argument {name} must be an integer, not {}.", value.kind()));
        };
        match value.as_integer() {
            Some(number) if (least..=most).contains(&number) => Ok(Some(number)),
            _ => Err(format!(
                "The argument {name} must be an integer from {least} to {most}, not {}.",
                excerpt(literal, 100)
            )),
        }
    }

    pub fn boolean(&self, name: &str) -> Result<Option<bool>, String> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(other) => Err(format!("The argument {name} must be a boolean, not {}.", other.kind())),
        }
    }
}
