//! Just enough of RFC 3986 to make the links of a page absolute.

/// A longer <base href> is ignored: a page could otherwise blow up every short link it has.
const MAX_BASE: usize = 300;

pub struct Base {
    scheme: String,
    /// "//host:port", or nothing.
    authority: String,
    path: String,
    query: String,
}

/// The length of the scheme, when the text starts with one.
fn scheme(text: &str) -> Option<usize> {
    let colon = text.bytes().position(|b| !(b.is_ascii_alphanumeric() || b"+-.".contains(&b)))?;
    let bytes = text.as_bytes();
    (bytes[colon] == b':' && colon > 0 && bytes[0].is_ascii_alphabetic()).then_some(colon)
}

fn without_dots(path: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    let mut segments = path.split('/').peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." | "%2e" | "%2E" => {
                if last {
                    out.push("");
                }
            }
            ".." => {
                if out.len() > 1 {
                    out.pop();
                }
                if last {
                    out.push("");
                }
            }
            _ => out.push(segment),
        }
    }
    out.join("/")
}

fn split(text: &str) -> (&str, &str) {
    text.split_at(text.find(['?', '#']).unwrap_or(text.len()))
}

impl Base {
    pub fn new(url: &str) -> Base {
        let url = url.split('#').next().unwrap_or("");
        let colon = scheme(url).unwrap_or(0);
        let rest = url.get(colon + 1..).unwrap_or("");
        let (authority, rest) = match rest.strip_prefix("//") {
            Some(after) => rest.split_at(2 + after.find(['/', '?']).unwrap_or(after.len())),
            None => ("", rest),
        };
        let (path, query) = split(rest);
        Base {
            scheme: url[..colon].to_ascii_lowercase(),
            authority: authority.to_string(),
            path: if path.is_empty() { "/".to_string() } else { path.to_string() },
            query: query.to_string(),
        }
    }

    pub fn rebase(&mut self, href: &str) {
        if let Some(url) = self.resolve(href) {
            if url.len() <= MAX_BASE && is_http(&url) {
                *self = Base::new(&url);
            }
        }
    }

    /// None for what leads nowhere: scripts, inline data, malformed addresses.
    pub fn resolve(&self, href: &str) -> Option<String> {
        let href: String = href
            .trim_matches(|c: char| c <= ' ')
            .chars()
            .filter(|c| !matches!(c, '\t' | '\n' | '\r' | '\0'))
            .collect();
        if let Some(colon) = scheme(&href) {
            let name = href[..colon].to_ascii_lowercase();
            if matches!(name.as_str(), "javascript" | "data" | "vbscript" | "blob" | "about") {
                return None;
            }
            return Some(href);
        }
        if href.starts_with("//") {
            return Some(format!("{}:{}", self.scheme, href));
        }
        let (path, tail) = split(&href);
        let (path, query) = if path.is_empty() {
            (self.path.clone(), if tail.starts_with('?') { "" } else { self.query.as_str() })
        } else if path.starts_with('/') {
            (without_dots(path), "")
        } else {
            let folder = &self.path[..self.path.rfind('/').map_or(0, |at| at + 1)];
            (without_dots(&format!("{folder}{path}")), "")
        };
        Some(format!("{}:{}{}{}{}", self.scheme, self.authority, path, query, tail))
    }
}

pub fn is_http(url: &str) -> bool {
    ["http://", "https://"]
        .iter()
        .any(|start| url.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)))
}

fn percent(byte: u8, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    out.push('%');
    out.push(HEX[(byte >> 4) as usize] as char);
    out.push(HEX[(byte & 15) as usize] as char);
}

/// As the target of a Markdown link, where a blank or an unmatched bracket would end it.
pub fn markdown(url: &str, out: &mut String) {
    for c in url.chars() {
        match c {
            '\0'..=' ' | '(' | ')' | '<' | '>' | '\\' | '\u{7f}' => percent(c as u8, out),
            _ => out.push(c),
        }
    }
}

/// What is sent: people and models write addresses with blanks and accents in them, which
/// strict clients refuse.
pub fn request(url: &str) -> Result<String, &'static str> {
    let url = url.trim();
    if !is_http(url) {
        return Err("it must start with http:// or https://");
    }
    if url.len() > 8192 {
        return Err("it is longer than 8192 bytes");
    }
    if url.chars().any(|c| c.is_control()) {
        return Err("it contains a control character");
    }
    let url = url.split('#').next().unwrap_or("");
    let start = url.find("//").map_or(0, |at| at + 2);
    let host_end = start + url[start..].find(['/', '?']).unwrap_or(url.len() - start);
    let host = &url[start..host_end];
    if host.is_empty() || host.starts_with(':') {
        return Err("it names no host");
    }
    if !host.is_ascii() {
        return Err("its host is not ASCII; write the host in its xn-- form");
    }
    if host.bytes().any(|b| b" \"<>\\^`{|}".contains(&b)) {
        return Err("its host contains a character that no host can have");
    }
    let mut out = url[..host_end].to_string();
    let bytes = url.as_bytes();
    let mut in_query = false;
    for at in host_end..bytes.len() {
        let byte = bytes[at];
        in_query |= byte == b'?';
        let encode = match byte {
            b' ' | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | 0x7f.. => true,
            b'[' | b']' => !in_query,
            b'%' => !(at + 2 < bytes.len()
                && bytes[at + 1].is_ascii_hexdigit()
                && bytes[at + 2].is_ascii_hexdigit()),
            _ => false,
        };
        if encode {
            percent(byte, &mut out);
        } else {
            out.push(byte as char);
        }
    }
    Ok(out)
}
