//! Follows a path through a document.

use std::cmp::Ordering;

use crate::compare;
use crate::json::Value;
use crate::path::{Comparison, Logic, Operand, Path, Segment, Selector};

/// How many values a call may look at; some seconds where modules are interpreted.
const STEPS: usize = 1_500_000;

/// How many values may be found at a time.
const MOST: usize = 200_000;

pub struct Query<'a> {
    root: &'a Value,
    steps: usize,
}

type Nodes<'a> = Vec<&'a Value>;

impl<'a> Query<'a> {
    pub fn new(root: &'a Value) -> Query<'a> {
        Query { root, steps: STEPS }
    }

    fn step(&mut self, count: usize) -> Result<(), String> {
        match self.steps.checked_sub(count) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => Err("This takes too long; use narrower paths.".to_string()),
        }
    }

    fn push(&mut self, nodes: &mut Nodes<'a>, value: &'a Value) -> Result<(), String> {
        self.step(1)?;
        if nodes.len() >= MOST {
            return Err(format!("The path finds more than {MOST} values; use a narrower one."));
        }
        nodes.push(value);
        Ok(())
    }

    pub fn find(&mut self, path: &Path, start: &'a Value) -> Result<Nodes<'a>, String> {
        let mut nodes = vec![if path.relative { start } else { self.root }];
        for segment in &path.segments {
            let mut next = Vec::new();
            for node in nodes {
                self.follow(segment, node, &mut next)?;
            }
            nodes = next;
        }
        Ok(nodes)
    }

    /// From an item, where $ means the item itself.
    pub fn find_within(&mut self, path: &Path, item: &'a Value) -> Result<Nodes<'a>, String> {
        let root = std::mem::replace(&mut self.root, item);
        let nodes = self.find(path, item);
        self.root = root;
        nodes
    }

    fn follow(&mut self, segment: &Segment, node: &'a Value, found: &mut Nodes<'a>) -> Result<(), String> {
        for selector in &segment.selectors {
            self.select(selector, node, found)?;
        }
        if segment.deep {
            for child in children(node) {
                self.step(1)?;
                self.follow(segment, child, found)?;
            }
        }
        Ok(())
    }

    fn select(&mut self, selector: &Selector, node: &'a Value, found: &mut Nodes<'a>) -> Result<(), String> {
        match (selector, node) {
            (Selector::Name(name), Value::Object(members)) => {
                self.step(1 + members.len() / 8)?;
                if let Some(value) = node.get(name) {
                    self.push(found, value)?;
                }
            }
            (Selector::Wildcard, _) => {
                for child in children(node) {
                    self.push(found, child)?;
                }
            }
            (Selector::Index(index), Value::Array(items)) => {
                let length = items.len() as i64;
                let at = if *index < 0 { length + index } else { *index };
                if (0..length).contains(&at) {
                    self.push(found, &items[at as usize])?;
                }
            }
            (Selector::Slice(start, end, step), Value::Array(items)) => {
                for at in slice(items.len() as i64, *start, *end, *step) {
                    self.push(found, &items[at as usize])?;
                }
            }
            (Selector::Filter(logic), _) => {
                for child in children(node) {
                    self.step(1)?;
                    if self.holds(logic, child)? {
                        self.push(found, child)?;
                    }
                }
            }
            _ => self.step(1)?,
        }
        Ok(())
    }

    fn holds(&mut self, logic: &Logic, item: &'a Value) -> Result<bool, String> {
        self.step(1)?;
        match logic {
            Logic::Or(parts) => {
                for part in parts {
                    if self.holds(part, item)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Logic::And(parts) => {
                for part in parts {
                    if !self.holds(part, item)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Logic::Not(inner) => Ok(!self.holds(inner, item)?),
            Logic::Exists(path) => Ok(!self.find(path, item)?.is_empty()),
            Logic::Compare(left, comparison, right) => {
                let left = self.value(left, item)?;
                let right = self.value(right, item)?;
                self.compare(left.as_deref(), *comparison, right.as_deref())
            }
        }
    }

    fn value<'b>(&mut self, operand: &'b Operand, item: &'a Value) -> Result<Option<Held<'a, 'b>>, String> {
        Ok(match operand {
            Operand::Literal(value) => Some(Held::Literal(value)),
            Operand::Path(path) => self.find(path, item)?.first().map(|value| Held::Found(value)),
        })
    }

    fn compare(&mut self, left: Option<&Value>, comparison: Comparison, right: Option<&Value>) -> Result<bool, String> {
        let (equal, order) = match (left, right) {
            (Some(left), Some(right)) => {
                if std::mem::discriminant(left) == std::mem::discriminant(right) {
                    self.step(size(left) + size(right))?;
                }
                (compare::equal(left, right), compare::order(left, right))
            }
            // What a path doesn't find equals only what another doesn't find.
            (None, None) => (true, None),
            _ => (false, None),
        };
        Ok(match comparison {
            Comparison::Equal => equal,
            Comparison::NotEqual => !equal,
            Comparison::Less => order == Some(Ordering::Less),
            Comparison::Greater => order == Some(Ordering::Greater),
            Comparison::LessOrEqual => equal || order == Some(Ordering::Less),
            Comparison::GreaterOrEqual => equal || order == Some(Ordering::Greater),
        })
    }
}

enum Held<'a, 'b> {
    Literal(&'b Value),
    Found(&'a Value),
}

impl std::ops::Deref for Held<'_, '_> {
    type Target = Value;

    fn deref(&self) -> &Value {
        match self {
            Held::Literal(value) => value,
            Held::Found(value) => value,
        }
    }
}

/// What comparing it may cost, roughly.
fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(size).sum::<usize>() + 1,
        Value::Object(members) => members.iter().map(|(name, value)| size(value) + name.len() / 16 + 4).sum::<usize>() + 1,
        Value::Number(text) => 10 + text.len() / 4,
        Value::String(text) => 1 + text.len() / 16,
        _ => 1,
    }
}

fn children(node: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match node {
        Value::Array(items) => Box::new(items.iter()),
        Value::Object(members) => Box::new(members.iter().map(|(_, value)| value)),
        _ => Box::new(std::iter::empty()),
    }
}

/// The indices of a slice; a step of zero has none.
pub fn slice(length: i64, start: Option<i64>, end: Option<i64>, step: i64) -> Vec<i64> {
    let from_end = |at: i64| if at < 0 { length + at } else { at };
    let mut indices = Vec::new();
    if step > 0 {
        let mut at = from_end(start.unwrap_or(0)).clamp(0, length);
        let end = from_end(end.unwrap_or(length)).clamp(0, length);
        while at < end {
            indices.push(at);
            at += step;
        }
    } else if step < 0 {
        let mut at = from_end(start.unwrap_or(length - 1)).clamp(-1, length - 1);
        let end = end.map_or(-1, |end| from_end(end).clamp(-1, length - 1));
        while at > end {
            indices.push(at);
            at += step;
        }
    }
    indices
}
