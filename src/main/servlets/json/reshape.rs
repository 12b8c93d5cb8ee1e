//! Fills a template in. The result is written at once, so that its size is known at all times.

use crate::json::{self, Value};
use crate::path::{self, Path};
use crate::query::Query;

/// How many bytes an answer may have.
pub const MAX_OUTPUT: usize = 1_000_000;

pub fn bounded(out: &str) -> Result<(), String> {
    if out.len() > MAX_OUTPUT {
        return Err(format!("The result is larger than {MAX_OUTPUT} bytes; ask for less."));
    }
    Ok(())
}

/// A template whose paths are read once, though they may be followed for many items.
enum Template<'t> {
    Literal(String),
    Path { path: Path, whole: bool },
    Array(Vec<Template<'t>>),
    Object(Vec<(&'t str, Template<'t>)>),
    Each { path: Path, whole: bool, item: Box<Template<'t>> },
}

/// A path, and whether it starts at the whole document even within an item.
fn read_path(text: &str) -> Result<(Path, bool), String> {
    let (bare, whole) = match text.strip_prefix("$root") {
        Some(rest) if !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_') => (format!("${rest}"), true),
        _ => (text.to_string(), false),
    };
    let path = path::read(&bare).map_err(|reason| {
        format!("The path \"{}\" in the template is wrong: {reason}.", crate::tool::excerpt(text, 100))
    })?;
    Ok((path, whole))
}

fn read(template: &Value) -> Result<Template<'_>, String> {
    Ok(match template {
        Value::String(text) if text.starts_with("$$") => {
            let mut out = String::new();
            json::quote(&text[1..], &mut out);
            Template::Literal(out)
        }
        Value::String(text) if text.starts_with('$') => {
            let (path, whole) = read_path(text)?;
            Template::Path { path, whole }
        }
        Value::Array(items) => Template::Array(items.iter().map(read).collect::<Result<_, _>>()?),
        Value::Object(members) if members.iter().any(|(name, _)| name == "$for" || name == "$each") => {
            let (Some(from), Some(each), 2) = (template.get("$for"), template.get("$each"), members.len()) else {
                return Err("An object of the template with $for or $each must have both and nothing else.".to_string());
            };
            let Value::String(text) = from else {
                return Err(format!("The $for of the template must be a path, not {}.", from.kind()));
            };
            let (path, whole) = read_path(text)?;
            Template::Each { path, whole, item: Box::new(read(each)?) }
        }
        Value::Object(members) => Template::Object(
            members.iter().map(|(name, value)| Ok((name.as_str(), read(value)?))).collect::<Result<_, String>>()?,
        ),
        other => {
            let mut out = String::new();
            json::write(other, &mut out);
            Template::Literal(out)
        }
    })
}

struct Filler<'a> {
    root: &'a Value,
    query: Query<'a>,
    out: String,
}

impl<'a> Filler<'a> {
    fn fill(&mut self, template: &Template, item: &'a Value) -> Result<(), String> {
        match template {
            Template::Literal(text) => self.out.push_str(text),
            Template::Path { path, whole } => {
                let found = self.query.find_within(path, if *whole { self.root } else { item })?;
                if path.singular() {
                    json::write(found.first().unwrap_or(&&Value::Null), &mut self.out);
                } else {
                    self.list(found, |filler, value| {
                        json::write(value, &mut filler.out);
                        bounded(&filler.out)
                    })?;
                }
            }
            Template::Array(items) => {
                self.list(items, |filler, part| filler.fill(part, item))?;
            }
            Template::Object(members) => {
                self.out.push('{');
                for (at, (name, part)) in members.iter().enumerate() {
                    if at > 0 {
                        self.out.push(',');
                    }
                    json::quote(name, &mut self.out);
                    self.out.push(':');
                    self.fill(part, item)?;
                }
                self.out.push('}');
            }
            Template::Each { path, whole, item: each } => {
                let mut found = self.query.find_within(path, if *whole { self.root } else { item })?;
                // A path to one array means its items.
                if let (true, [Value::Array(items)]) = (path.singular(), &found[..]) {
                    found = items.iter().collect();
                }
                self.list(found, |filler, value| filler.fill(each, value))?;
            }
        }
        bounded(&self.out)
    }

    fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut fill: impl FnMut(&mut Self, T) -> Result<(), String>,
    ) -> Result<(), String> {
        self.out.push('[');
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            fill(self, item)?;
        }
        self.out.push(']');
        Ok(())
    }
}

pub fn reshape(document: &Value, template: &Value) -> Result<String, String> {
    let template = read(template)?;
    let mut filler = Filler { root: document, query: Query::new(document), out: String::new() };
    filler.fill(&template, document)?;
    Ok(filler.out)
}
