//! Reads a JSONPath, RFC 9535 without its functions.

use crate::json::Value;

const MAX_LENGTH: usize = 10_000;
const MAX_DEPTH: usize = 30;
/// What every reader of JSON can hold exactly.
const MAX_INTEGER: i64 = (1 << 53) - 1;

#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// Whether it starts at the item that a filter looks at, not at the root.
    pub relative: bool,
    pub segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    pub deep: bool,
    pub selectors: Vec<Selector>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Selector {
    Name(String),
    Wildcard,
    Index(i64),
    Slice(Option<i64>, Option<i64>, i64),
    Filter(Logic),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Logic {
    Or(Vec<Logic>),
    And(Vec<Logic>),
    Not(Box<Logic>),
    Exists(Path),
    Compare(Operand, Comparison, Operand),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    Literal(Value),
    Path(Path),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Path {
    /// Whether it can lead to one value at most.
    pub fn singular(&self) -> bool {
        self.segments.iter().all(|segment| {
            !segment.deep && matches!(segment.selectors[..], [Selector::Name(_) | Selector::Index(_)])
        })
    }
}

pub fn read(text: &str) -> Result<Path, String> {
    let length = text.chars().count();
    if length > MAX_LENGTH {
        return Err(format!("it has {length} characters; {MAX_LENGTH} are allowed"));
    }
    let mut reader = Reader { text, at: 0 };
    if !reader.accept("$") {
        return Err(reader.expected("$"));
    }
    let segments = reader.segments(0)?;
    match reader.peek() {
        None => Ok(Path { relative: false, segments }),
        Some('(') => Err(reader.wrong("functions are not known here")),
        Some(_) => Err(reader.expected("., .., [ or the end")),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

fn starts_name(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || !c.is_ascii()
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn accept(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.at += 1;
        }
    }

    fn wrong(&self, what: &str) -> String {
        format!("at character {}: {what}", self.text[..self.at].chars().count() + 1)
    }

    fn expected(&self, what: &str) -> String {
        match self.peek() {
            None => self.wrong(&format!("expected {what}, but the path ends")),
            Some(c) => self.wrong(&format!("expected {what}, found {c:?}")),
        }
    }

    fn segments(&mut self, depth: usize) -> Result<Vec<Segment>, String> {
        let mut segments = Vec::new();
        loop {
            let from = self.at;
            self.space();
            if self.accept("[") {
                segments.push(Segment { deep: false, selectors: self.bracket(depth)? });
            } else if self.accept("..") {
                let selectors = if self.accept("[") { self.bracket(depth)? } else { vec![self.dotted()?] };
                segments.push(Segment { deep: true, selectors });
            } else if self.accept(".") {
                segments.push(Segment { deep: false, selectors: vec![self.dotted()?] });
            } else {
                self.at = from;
                return Ok(segments);
            }
        }
    }

    fn dotted(&mut self) -> Result<Selector, String> {
        if self.accept("*") {
            return Ok(Selector::Wildcard);
        }
        let from = self.at;
        match self.peek() {
            Some(c) if starts_name(c) => {}
            _ => return Err(self.expected("a name or * (names with other characters are written ['so'])")),
        }
        while self.peek().is_some_and(|c| starts_name(c) || c.is_ascii_digit()) {
            self.next();
        }
        Ok(Selector::Name(self.text[from..self.at].to_string()))
    }

    fn bracket(&mut self, depth: usize) -> Result<Vec<Selector>, String> {
        let mut selectors = Vec::new();
        loop {
            self.space();
            selectors.push(self.selector(depth)?);
            self.space();
            if self.accept("]") {
                return Ok(selectors);
            }
            if !self.accept(",") {
                return Err(self.expected("a comma or ]"));
            }
        }
    }

    fn selector(&mut self, depth: usize) -> Result<Selector, String> {
        match self.peek() {
            Some('*') => {
                self.at += 1;
                Ok(Selector::Wildcard)
            }
            Some('\'' | '"') => Ok(Selector::Name(self.string()?)),
            Some('?') => {
                self.at += 1;
                self.space();
                Ok(Selector::Filter(self.or(depth + 1)?))
            }
            Some('-' | '0'..='9' | ':') => self.index(),
            _ => Err(self.expected("a name in quotes, an index, a slice, * or ?")),
        }
    }

    fn index(&mut self) -> Result<Selector, String> {
        let first = self.integer()?;
        let after = self.at;
        self.space();
        if !self.accept(":") {
            self.at = after;
            return match first {
                Some(index) => Ok(Selector::Index(index)),
                None => Err(self.expected("an index")),
            };
        }
        self.space();
        let end = self.integer()?;
        let after = self.at;
        self.space();
        let mut step = None;
        if self.accept(":") {
            self.space();
            step = self.integer()?;
        } else {
            self.at = after;
        }
        Ok(Selector::Slice(first, end, step.unwrap_or(1)))
    }

    fn integer(&mut self) -> Result<Option<i64>, String> {
        let from = self.at;
        let negative = self.accept("-");
        let digits = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        let text = &self.text[digits..self.at];
        if text.is_empty() {
            return if negative { Err(self.expected("a digit")) } else { Ok(None) };
        }
        let value = text.parse::<i64>().ok().filter(|&value| value <= MAX_INTEGER);
        let zero = text.starts_with('0') && (text.len() > 1 || negative);
        match value {
            Some(value) if !zero => Ok(Some(if negative { -value } else { value })),
            _ => {
                let found = crate::tool::excerpt(&self.text[from..self.at], 40);
                self.at = from;
                Err(self.wrong(&format!("{found} is no index")))
            }
        }
    }

    fn string(&mut self) -> Result<String, String> {
        let quote = self.next().unwrap_or('"');
        let mut out = String::new();
        loop {
            let from = self.at;
            match self.next() {
                None => return Err(self.expected(&format!("{quote} at the end of the name or text"))),
                Some(c) if c == quote => return Ok(out),
                Some('\\') => match self.escape(quote) {
                    Some(c) => out.push(c),
                    None => {
                        self.at = from;
                        return Err(self.wrong("an unknown escape"));
                    }
                },
                Some(c) if c < ' ' => {
                    self.at = from;
                    return Err(self.wrong("a control character, which must be escaped"));
                }
                Some(c) => out.push(c),
            }
        }
    }

    fn escape(&mut self, quote: char) -> Option<char> {
        Some(match self.next()? {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '/' => '/',
            '\\' => '\\',
            'u' => {
                let first = self.hex()?;
                if !(0xd800..0xdc00).contains(&first) {
                    return char::from_u32(first);
                }
                if !self.accept("\\u") {
                    return None;
                }
                let second = self.hex()?;
                if !(0xdc00..0xe000).contains(&second) {
                    return None;
                }
                return char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
            }
            c if c == quote => c,
            _ => return None,
        })
    }

    fn hex(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |code, _| Some(code * 16 + self.next()?.to_digit(16)?))
    }

    fn or(&mut self, depth: usize) -> Result<Logic, String> {
        if depth > MAX_DEPTH {
            return Err(self.wrong(&format!("nested more than {MAX_DEPTH} deep")));
        }
        let mut parts = vec![self.and(depth)?];
        loop {
            self.space();
            if !self.accept("||") {
                break;
            }
            parts.push(self.and(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Logic::Or(parts) })
    }

    fn and(&mut self, depth: usize) -> Result<Logic, String> {
        let mut parts = vec![self.basic(depth)?];
        loop {
            self.space();
            if !self.accept("&&") {
                break;
            }
            parts.push(self.basic(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Logic::And(parts) })
    }

    fn basic(&mut self, depth: usize) -> Result<Logic, String> {
        self.space();
        let negated = self.rest().starts_with('!') && self.accept("!");
        self.space();
        if self.accept("(") {
            let inner = self.or(depth + 1)?;
            self.space();
            if !self.accept(")") {
                return Err(self.expected("&&, || or )"));
            }
            return Ok(if negated { Logic::Not(Box::new(inner)) } else { inner });
        }
        let from = self.at;
        let left = self.operand(depth)?;
        let after = self.at;
        self.space();
        let Some(comparison) = self.comparison()? else {
            self.at = after;
            return match left {
                Operand::Path(path) if negated => Ok(Logic::Not(Box::new(Logic::Exists(path)))),
                Operand::Path(path) => Ok(Logic::Exists(path)),
                Operand::Literal(_) => Err(self.expected("a comparison: ==, !=, <, <=, > or >=")),
            };
        };
        if negated {
            self.at = from;
            return Err(self.wrong("! before a comparison needs parentheses, as in !(@.a == 1)"));
        }
        self.single(&left, from)?;
        self.space();
        let from = self.at;
        let right = self.operand(depth)?;
        self.single(&right, from)?;
        Ok(Logic::Compare(left, comparison, right))
    }

    fn single(&mut self, operand: &Operand, from: usize) -> Result<(), String> {
        match operand {
            Operand::Path(path) if !path.singular() => {
                self.at = from;
                Err(self.wrong("a path that is compared may only have names and indices"))
            }
            _ => Ok(()),
        }
    }

    fn comparison(&mut self) -> Result<Option<Comparison>, String> {
        for (text, comparison) in [
            ("==", Comparison::Equal),
            ("!=", Comparison::NotEqual),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ] {
            if self.accept(text) {
                return Ok(Some(comparison));
            }
        }
        match self.peek() {
            Some('=') => Err(self.expected("== (equality has two signs)")),
            _ => Ok(None),
        }
    }

    fn operand(&mut self, depth: usize) -> Result<Operand, String> {
        match self.peek() {
            Some(c @ ('@' | '$')) => {
                self.at += 1;
                Ok(Operand::Path(Path { relative: c == '@', segments: self.segments(depth)? }))
            }
            Some('\'' | '"') => Ok(Operand::Literal(Value::String(self.string()?))),
            Some('-' | '0'..='9') => self.number(),
            Some(c) if c.is_ascii_alphabetic() => {
                let from = self.at;
                while self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
                    self.at += 1;
                }
                let word = &self.text[from..self.at];
                let value = match word {
                    "true" => Value::Bool(true),
                    "false" => Value::Bool(false),
                    "null" => Value::Null,
                    _ => {
                        let called = self.peek() == Some('(');
                        let word = crate::tool::excerpt(word, 40);
                        self.at = from;
                        return Err(match called {
                            true => self.wrong(&format!("functions such as {word} are not known here")),
                            false => self.wrong(&format!("{word} is not known; texts are quoted, and names are @.{word}")),
                        });
                    }
                };
                Ok(Operand::Literal(value))
            }
            _ => Err(self.expected("@, $, a text in quotes, a number, true, false or null")),
        }
    }

    fn number(&mut self) -> Result<Operand, String> {
        let from = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E')) {
            self.at += 1;
        }
        match crate::json::parse(self.text[from..self.at].as_bytes()) {
            Ok(value) => Ok(Operand::Literal(value)),
            Err(_) => {
                self.at = from;
                Err(self.wrong("a malformed number"))
            }
        }
    }
}
