//! A tolerant HTML tokenizer: it never fails, and reads each byte a bounded number of times.

/// More attributes than this on one tag are skipped: no page needs them, hostile ones have them.
const MAX_ATTRIBUTES: usize = 64;

pub enum Token<'a> {
    /// Character references are still in it.
    Text(&'a str),
    Start { name: &'a str, closed: bool },
    End { name: &'a str },
}

pub struct Tokenizer<'a> {
    text: &'a str,
    at: usize,
    /// Those of the last start tag.
    pub attributes: Vec<(&'a str, &'a str)>,
    no_cdata_end: bool,
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0xc)
}

impl<'a> Tokenizer<'a> {
    pub fn new(text: &'a str) -> Self {
        Tokenizer { text, at: 0, attributes: Vec::new(), no_cdata_end: false }
    }

    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    fn find(&self, from: usize, what: &str) -> Option<usize> {
        self.text.get(from..)?.find(what).map(|at| from + at)
    }

    pub fn attribute(&self, name: &str) -> Option<std::borrow::Cow<'a, str>> {
        let (_, value) = self.attributes.iter().find(|(n, _)| n.eq_ignore_ascii_case(name))?;
        Some(crate::entities::decode(value, true))
    }

    fn opens_markup(&self, at: usize) -> bool {
        match self.byte(at + 1) {
            b'!' | b'?' => true,
            b'/' => !matches!(self.byte(at + 2), 0 | b' ' | b'\n' | b'<'),
            next => next.is_ascii_alphabetic(),
        }
    }

    pub fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if self.at >= self.text.len() {
                return None;
            }
            if self.byte(self.at) != b'<' || !self.opens_markup(self.at) {
                return Some(self.characters());
            }
            match self.byte(self.at + 1) {
                b'!' | b'?' => self.declaration(),
                b'/' if !self.byte(self.at + 2).is_ascii_alphabetic() => self.skip_past(2, ">"),
                b'/' => {
                    self.at += 2;
                    let name = self.name();
                    if self.rest_of_tag().is_some() {
                        return Some(Token::End { name });
                    }
                }
                _ => {
                    self.at += 1;
                    let name = self.name();
                    if let Some(closed) = self.rest_of_tag() {
                        return Some(Token::Start { name, closed });
                    }
                }
            }
        }
    }

    fn characters(&mut self) -> Token<'a> {
        let from = self.at;
        let mut at = from + 1;
        let bytes = self.text.as_bytes();
        while let Some(more) = bytes.get(at..).and_then(|rest| rest.iter().position(|&b| b == b'<')) {
            at += more;
            if self.opens_markup(at) {
                self.at = at;
                return Token::Text(&self.text[from..at]);
            }
            at += 1;
        }
        self.at = self.text.len();
        Token::Text(&self.text[from..])
    }

    fn skip_past(&mut self, from: usize, what: &str) {
        self.at = match self.find(self.at + from, what) {
            Some(at) => at + what.len(),
            None => self.text.len(),
        };
    }

    fn declaration(&mut self) {
        let rest = &self.text[self.at..];
        if rest.starts_with("<!-->") {
            self.at += 5;
        } else if rest.starts_with("<!--->") {
            self.at += 6;
        } else if rest.starts_with("<!--") {
            self.skip_past(4, "-->");
        } else if rest.starts_with("<![CDATA[") && !self.no_cdata_end {
            match self.find(self.at, "]]>") {
                Some(end) => self.at = end + 3,
                // Remembered, or each of many such openings would search to the end again.
                None => {
                    self.no_cdata_end = true;
                    self.skip_past(2, ">");
                }
            }
        } else {
            self.skip_past(2, ">");
        }
    }

    fn name(&mut self) -> &'a str {
        let from = self.at;
        while self.at < self.text.len() {
            let byte = self.byte(self.at);
            if is_space(byte) || byte == b'/' || byte == b'>' {
                break;
            }
            self.at += 1;
        }
        &self.text[from..self.at]
    }

    /// Whether the tag closes itself; None when the text ends within the tag, which drops it.
    fn rest_of_tag(&mut self) -> Option<bool> {
        self.attributes.clear();
        let mut closed = false;
        while self.at < self.text.len() {
            let byte = self.byte(self.at);
            if byte == b'>' {
                self.at += 1;
                return Some(closed);
            }
            if is_space(byte) || byte == b'/' {
                closed = byte == b'/';
                self.at += 1;
                continue;
            }
            closed = false;
            self.attribute_pair();
        }
        None
    }

    fn spaces(&mut self) {
        while is_space(self.byte(self.at)) {
            self.at += 1;
        }
    }

    fn attribute_pair(&mut self) {
        let from = self.at;
        self.at += 1;
        while self.at < self.text.len() {
            let byte = self.byte(self.at);
            if is_space(byte) || matches!(byte, b'/' | b'>' | b'=') {
                break;
            }
            self.at += 1;
        }
        // A byte that starts an attribute may be the first of several that make up a character.
        let name = self.text.get(from..self.at).unwrap_or("");
        self.spaces();
        let mut value = "";
        if self.byte(self.at) == b'=' {
            self.at += 1;
            self.spaces();
            let quote = self.byte(self.at);
            let from;
            if quote == b'"' || quote == b'\'' {
                from = self.at + 1;
                self.at = self.find(from, if quote == b'"' { "\"" } else { "'" }).unwrap_or(self.text.len());
                value = self.text.get(from..self.at).unwrap_or("");
                self.at += 1;
            } else {
                from = self.at;
                while self.at < self.text.len() && !is_space(self.byte(self.at)) && self.byte(self.at) != b'>' {
                    self.at += 1;
                }
                value = self.text.get(from..self.at).unwrap_or("");
            }
        }
        if self.attributes.len() < MAX_ATTRIBUTES {
            self.attributes.push((name, value));
        }
    }

    /// The content up to the end tag of this name, for elements whose content is no markup.
    pub fn raw(&mut self, name: &str) -> &'a str {
        let from = self.at.min(self.text.len());
        let bytes = self.text.as_bytes();
        let mut at = from;
        while let Some(more) = bytes.get(at..).and_then(|rest| rest.iter().position(|&b| b == b'<')) {
            at += more;
            let after = at + 2 + name.len();
            let found = bytes.get(at + 1) == Some(&b'/')
                && bytes.get(at + 2..after).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()))
                && (is_space(self.byte(after)) || matches!(self.byte(after), b'/' | b'>'));
            if found {
                self.at = after;
                self.rest_of_tag();
                return &self.text[from..at];
            }
            at += 1;
        }
        self.at = self.text.len();
        &self.text[from..]
    }
}
