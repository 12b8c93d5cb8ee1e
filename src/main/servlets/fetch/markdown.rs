//! From HTML to Markdown in one pass, without a tree: a stack of the open elements says what is
//! to be undone when one ends. Nothing recurses and all nesting that costs output is capped, so
//! hostile pages stay linear in time and space.

use crate::entities;
use crate::html::{Token, Tokenizer};
use crate::url::{self, Base};

/// Quotes and list items within each other beyond this are not indented any further.
const MAX_PARTS: usize = 10;
/// Tables within tables beyond this are read as plain blocks.
const MAX_TABLES: usize = 8;
/// Empty cells that colspan and rowspan may add to a page.
const MAX_FILLERS: usize = 20_000;
/// Columns in which spans are followed.
const MAX_SPANNED: usize = 256;
/// Elements within each other beyond this are not kept track of.
const MAX_STACK: usize = 200_000;
/// What a page may become at most.
const MAX_OUTPUT: usize = 16 << 20;
/// A heading longer than this was surely never closed.
const MAX_HEADING: usize = 300;

macro_rules! tags {
    ($($tag:ident $name:literal),* $(,)?) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[derive(Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        enum Known { $($tag),*, COUNT }
        $(const $tag: u8 = Known::$tag as u8;)*
        fn known(name: &[u8]) -> Option<u8> {
            Some(match name { $($name => $tag,)* _ => return None })
        }
    };
}

tags! {
    A b"a", ADDRESS b"address", ANNOTATION b"annotation", AREA b"area", ARTICLE b"article",
    ASIDE b"aside", AUDIO b"audio", B b"b", BASE b"base", BLOCKQUOTE b"blockquote", BODY b"body",
    BR b"br", CANVAS b"canvas", CAPTION b"caption", CENTER b"center", CODE b"code", COL b"col",
    DD b"dd", DEL b"del", DETAILS b"details", DIALOG b"dialog", DIR b"dir", DIV b"div", DL b"dl",
    DT b"dt", EM b"em", EMBED b"embed", FIELDSET b"fieldset", FIGCAPTION b"figcaption",
    FIGURE b"figure", FOOTER b"footer", FORM b"form", H1 b"h1", H2 b"h2", H3 b"h3", H4 b"h4",
    H5 b"h5", H6 b"h6", HEAD b"head", HEADER b"header", HGROUP b"hgroup", HR b"hr", HTML b"html",
    I b"i", IFRAME b"iframe", IMG b"img", INPUT b"input", KBD b"kbd", LEGEND b"legend", LI b"li",
    LINK b"link", MAIN b"main", MATH b"math", MENU b"menu", META b"meta", NAV b"nav",
    NOEMBED b"noembed", NOFRAMES b"noframes", NOSCRIPT b"noscript", OL b"ol", OPTGROUP b"optgroup",
    OPTION b"option", P b"p", PARAM b"param", PRE b"pre", Q b"q", S b"s", SAMP b"samp",
    SCRIPT b"script", SEARCH b"search", SECTION b"section", SELECT b"select", SOURCE b"source",
    STRIKE b"strike", STRONG b"strong", STYLE b"style", SUMMARY b"summary", SUP b"sup", SVG b"svg",
    TABLE b"table", TBODY b"tbody", TD b"td", TEMPLATE b"template", TEXTAREA b"textarea",
    TFOOT b"tfoot", TH b"th", THEAD b"thead", TITLE b"title", TR b"tr", TRACK b"track", TT b"tt",
    UL b"ul", VAR b"var", VIDEO b"video", WBR b"wbr", XMP b"xmp",
}

/// Unknown names share what numbers are left: they only need to match their own end tags.
const OTHERS: u8 = Known::COUNT as u8;
const TAGS: usize = 192;

fn tag_of(name: &str) -> u8 {
    let mut lower = [0u8; 16];
    if let Some(lower) = lower.get_mut(..name.len()) {
        lower.copy_from_slice(name.as_bytes());
        lower.make_ascii_lowercase();
        if let Some(tag) = known(lower) {
            return tag;
        }
    }
    let hash = name.bytes().fold(7u32, |h, b| h.wrapping_mul(31).wrapping_add(b.to_ascii_lowercase() as u32));
    OTHERS + (hash % (TAGS as u32 - OTHERS as u32)) as u8
}

fn is_block(tag: u8) -> bool {
    matches!(
        tag,
        ADDRESS | ARTICLE | ASIDE | BLOCKQUOTE | BODY | CAPTION | CENTER | DD | DETAILS | DIALOG | DIR | DIV
            | DL | DT | FIELDSET | FIGCAPTION | FIGURE | FOOTER | FORM | H1 | H2 | H3 | H4 | H5 | H6 | HEADER
            | HGROUP | HTML | LEGEND | LI | MAIN | MENU | NAV | OL | OPTGROUP | OPTION | P | PRE | SEARCH
            | SECTION | SELECT | SUMMARY | TABLE | TBODY | TD | TFOOT | TH | THEAD | TR | UL
    )
}

fn heading_level(tag: u8) -> u8 {
    if (H1..=H6).contains(&tag) { tag - H1 + 1 } else { 0 }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Link,
    Strong,
    Em,
    Del,
}

fn marker(kind: Kind) -> &'static str {
    match kind {
        Kind::Link => "[",
        Kind::Strong => "**",
        Kind::Em => "*",
        Kind::Del => "~~",
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Undo {
    Nothing,
    Block,
    Hide,
    Mark(Kind),
    Code,
    Quotes,
    Part,
    Item,
    List,
    ListInPart,
    Pre,
    Heading,
    Term,
    Table,
    TablePart,
    Row,
    Cell,
    Caption,
}

struct Element {
    tag: u8,
    undo: Undo,
    /// Ended by its end tag while blocks within were still open, as in <b><p></b>.
    dead: bool,
    /// One more than the place of the element of the same name below, and of the block below.
    same: u32,
    block: u32,
}

struct Part {
    first: String,
    rest: String,
    used: bool,
}

struct List {
    next: Option<i64>,
}

struct Link {
    url: String,
    label: String,
    start: usize,
    has_text: bool,
    opened: bool,
}

/// What is being written to: the page, or one cell of a table.
#[derive(Default)]
struct Frame {
    out: String,
    parts: Vec<Part>,
    lists: Vec<List>,
    /// Pending until there is more text: 1 ends the line, 2 leaves a blank one too.
    gap: u8,
    line_breaks: u8,
    space: bool,
    line_start: bool,
    heading: u8,
    heading_pending: bool,
    heading_from: usize,
    wanted: Vec<Kind>,
    open: Vec<Kind>,
    counts: [u32; 4],
    closed_at: Option<(Kind, usize)>,
    link: Option<Link>,
    code: u32,
    code_text: String,
}

#[derive(Default)]
struct Cell {
    text: String,
    header: bool,
    span: usize,
    rows: usize,
}

#[derive(Default)]
struct Table {
    rows: Vec<(bool, Vec<Cell>)>,
    in_head: bool,
    layout: bool,
}

struct Pre {
    text: String,
    language: String,
    ignored_tables: u32,
}

struct Converter<'a> {
    tokens: Tokenizer<'a>,
    base: Base,
    xml: bool,
    stack: Vec<Element>,
    last: [u32; TAGS],
    last_block: u32,
    hidden: u32,
    frames: Vec<Frame>,
    tables: Vec<Table>,
    ignored_tables: u32,
    fillers: usize,
    in_cells: usize,
    pre: Option<Pre>,
    superscript: bool,
    title: String,
    has_h1: bool,
}

pub fn convert(html: &str, page_url: &str, xml: bool) -> String {
    let mut converter = Converter {
        tokens: Tokenizer::new(html),
        base: Base::new(page_url),
        xml,
        stack: Vec::new(),
        last: [0; TAGS],
        last_block: 0,
        hidden: 0,
        frames: vec![Frame::default()],
        tables: Vec::new(),
        ignored_tables: 0,
        fillers: 0,
        in_cells: 0,
        pre: None,
        superscript: false,
        title: String::new(),
        has_h1: false,
    };
    converter.run()
}

static PLAIN: [bool; 256] = {
    let mut plain = [true; 256];
    let special = b"\\`*_[]<&~";
    let mut at = 0;
    while at < special.len() {
        plain[special[at] as usize] = false;
        at += 1;
    }
    at = 0;
    while at <= 32 {
        plain[at] = false;
        at += 1;
    }
    plain[127] = false;
    // These may start a no-break space, a soft hyphen, a zero-width space, a byte order mark.
    plain[0xc2] = false;
    plain[0xe2] = false;
    plain[0xef] = false;
    plain
};

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0xc)
}

/// The length of a blank or invisible character here, and whether it is a blank.
fn odd_space(rest: &[u8]) -> Option<(usize, bool)> {
    match rest {
        [0xc2, 0xa0, ..] => Some((2, true)),
        [0xc2, 0xad, ..] => Some((2, false)),
        [0xe2, 0x80, 0x8b, ..] | [0xef, 0xbb, 0xbf, ..] => Some((3, false)),
        [0xe2, 0x80, 0xa8 | 0xa9, ..] => Some((3, true)),
        _ => None,
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

fn longest_run(text: &str, of: u8) -> usize {
    let (mut longest, mut run) = (0, 0);
    for byte in text.bytes() {
        run = if byte == of { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

fn push_code_span(text: &str, out: &mut String) {
    let fence = "`".repeat(longest_run(text, b'`') + 1);
    let pad = text.starts_with('`') || text.ends_with('`');
    out.push_str(&fence);
    if pad {
        out.push(' ');
    }
    out.push_str(text);
    if pad {
        out.push(' ');
    }
    out.push_str(&fence);
}

/// A word at the start of a line that Markdown would take for a list, a quote or a heading.
fn misread_at(word: &[u8]) -> Option<usize> {
    let all = |of: u8| word.iter().all(|&b| b == of);
    match word[0] {
        b'>' => Some(0),
        b'#' if word.len() <= 6 && all(b'#') => Some(0),
        b'+' if word.len() == 1 => Some(0),
        b'-' if all(b'-') => Some(0),
        b'=' if all(b'=') => Some(0),
        b'0'..=b'9' if word.len() <= 10 => {
            let end = word.len() - 1;
            (matches!(word[end], b'.' | b')') && word[..end].iter().all(u8::is_ascii_digit)).then_some(end)
        }
        _ => None,
    }
}

impl Frame {
    fn prefix(&mut self) {
        for part in &mut self.parts {
            self.out.push_str(if part.used { &part.rest } else { &part.first });
            part.used = true;
        }
        self.line_start = true;
    }

    fn blank_line(&mut self) {
        let end = self.out.len();
        for part in self.parts.iter().take_while(|part| part.used) {
            self.out.push_str(&part.rest);
        }
        let kept = self.out.trim_end_matches(' ').len().max(end);
        self.out.truncate(kept);
        self.out.push('\n');
    }

    /// Gets the line ready on which something is about to be written.
    fn line(&mut self) {
        if self.gap > 0 || self.out.is_empty() {
            if !self.out.is_empty() {
                self.out.push('\n');
                if self.gap > 1 {
                    self.blank_line();
                }
            }
            self.prefix();
            self.gap = 0;
            self.space = false;
            self.line_breaks = 0;
        } else if self.parts.last().is_some_and(|part| !part.used) {
            // Only when a gap was swallowed, by a heading for one.
            self.out.push('\n');
            self.prefix();
            self.space = false;
        }
        if self.heading_pending {
            for _ in 0..self.heading {
                self.out.push('#');
            }
            self.out.push(' ');
            self.heading_pending = false;
            self.heading_from = self.out.len();
            self.line_start = false;
            self.space = false;
        } else if self.line_breaks > 0 {
            self.out.push_str("  \n");
            self.prefix();
            self.space = false;
        }
        self.line_breaks = 0;
    }

    /// Called before every piece of inline content.
    fn begin(&mut self) {
        if self.line_breaks > 1 && self.heading == 0 && self.gap == 0 {
            self.gap(2);
        }
        self.line();
        if self.space && !self.line_start {
            self.out.push(' ');
        }
        self.space = false;
        if self.open.len() < self.wanted.len() {
            for at in 0..self.wanted.len() {
                let kind = self.wanted[at];
                if !self.open.contains(&kind) && !(kind == Kind::Strong && self.heading > 0) {
                    self.open_mark(kind);
                }
            }
        }
    }

    fn open_mark(&mut self, kind: Kind) {
        if kind == Kind::Link {
            if self.out.ends_with('!') {
                self.out.pop();
                self.out.push_str("\\!");
            }
            if let Some(link) = &mut self.link {
                link.start = self.out.len();
                link.opened = true;
            }
            self.out.push('[');
        } else if self.closed_at == Some((kind, self.out.len())) {
            self.out.truncate(self.out.len() - marker(kind).len());
        } else {
            self.out.push_str(marker(kind));
        }
        self.open.push(kind);
        self.line_start = false;
    }

    fn close_last(&mut self) {
        let Some(kind) = self.open.pop() else { return };
        if kind != Kind::Link {
            self.out.push_str(marker(kind));
            self.closed_at = Some((kind, self.out.len()));
        } else if let Some(link) = &self.link {
            if self.out.get(link.start + 1..).is_some_and(|text| text == "¶") {
                self.out.truncate(link.start);
                // The line that was begun for it is not there any more.
                if self.out.ends_with('\n') {
                    self.out.truncate(self.out.trim_end_matches('\n').len());
                    self.gap = 2;
                }
            } else {
                self.out.push_str("](");
                url::markdown(&link.url, &mut self.out);
                self.out.push(')');
            }
        }
    }

    fn close_all(&mut self) {
        while !self.open.is_empty() {
            self.close_last();
        }
        // A link around several blocks names the first one that says something: once is enough.
        if self.link.as_ref().is_some_and(|link| link.has_text) {
            self.wanted.retain(|&kind| kind != Kind::Link);
        }
    }

    fn want(&mut self, kind: Kind) {
        let count = &mut self.counts[kind as usize];
        *count += 1;
        if *count == 1 && !self.wanted.contains(&kind) {
            self.wanted.push(kind);
        }
    }

    fn unwant(&mut self, kind: Kind) {
        let count = &mut self.counts[kind as usize];
        *count = count.saturating_sub(1);
        if *count > 0 {
            return;
        }
        while self.open.contains(&kind) {
            self.close_last();
        }
        self.wanted.retain(|&other| other != kind);
    }

    fn gap(&mut self, lines: u8) {
        if !self.code_text.is_empty() {
            self.flush_code();
        }
        if self.heading > 0 {
            if self.heading_pending || self.out.len() - self.heading_from < MAX_HEADING {
                self.space = true;
                return;
            }
            self.heading = 0;
        }
        self.close_all();
        self.gap = self.gap.max(lines);
        self.space = false;
        self.line_breaks = 0;
    }

    fn flush_code(&mut self) {
        let text = std::mem::take(&mut self.code_text);
        let code = text.trim_matches(' ');
        if code.is_empty() {
            self.space |= !text.is_empty();
            return;
        }
        self.space |= text.starts_with(' ');
        self.begin();
        push_code_span(code, &mut self.out);
        self.wrote_text();
        self.space = text.ends_with(' ');
    }

    fn wrote_text(&mut self) {
        self.line_start = false;
        if let Some(link) = &mut self.link {
            link.has_text |= self.open.contains(&Kind::Link);
        }
    }

    /// Lines that are Markdown already.
    fn block(&mut self, text: &str) {
        self.heading = 0;
        self.heading_pending = false;
        self.gap(2);
        self.line();
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.out.push('\n');
                if line.is_empty() {
                    let start = self.out.len();
                    self.prefix();
                    let kept = self.out.trim_end_matches(' ').len().max(start);
                    self.out.truncate(kept);
                } else {
                    self.prefix();
                }
            }
            self.out.push_str(line);
        }
        self.line_start = false;
        self.gap(2);
    }

    fn text(&mut self, text: &str, superscript: &mut bool) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            if is_space(byte) {
                self.space = true;
                at += 1;
                continue;
            }
            if let Some((length, blank)) = odd_space(&bytes[at..]) {
                self.space |= blank;
                at += length;
                continue;
            }
            if byte < 32 || byte == 127 {
                at += 1;
                continue;
            }
            let before = if self.space || self.gap > 0 {
                b' '
            } else {
                self.out.as_bytes().last().copied().unwrap_or(b' ')
            };
            // Not in a link: that is a footnote, and [^1] means something else to Markdown.
            if std::mem::take(superscript)
                && is_word(before)
                && (byte.is_ascii_digit() || byte == b'-')
                && !self.wanted.contains(&Kind::Link)
            {
                self.begin();
                self.out.push('^');
            }
            self.begin();
            if PLAIN[byte as usize] || byte >= 0x80 {
                let from = at;
                at += 1;
                while at < bytes.len()
                    && (PLAIN[bytes[at] as usize] || (bytes[at] >= 0x80 && odd_space(&bytes[at..]).is_none()))
                {
                    at += 1;
                }
                let word = &text[from..at];
                let misread = if self.line_start && bytes.get(at).is_none_or(|&b| is_space(b)) {
                    misread_at(word.as_bytes())
                } else if self.line_start && byte == b'>' {
                    Some(0)
                } else {
                    None
                };
                match misread {
                    Some(place) => {
                        self.out.push_str(&word[..place]);
                        self.out.push('\\');
                        self.out.push_str(&word[place..]);
                    }
                    None => self.out.push_str(word),
                }
            } else {
                at += self.special(bytes, at, before);
            }
            self.wrote_text();
        }
    }

    /// Writes the run of one special character that starts here, escaped where it would be
    /// misread; returns its length.
    fn special(&mut self, bytes: &[u8], at: usize, before: u8) -> usize {
        let byte = bytes[at];
        let run = match byte {
            b'*' | b'_' | b'~' => bytes[at..].iter().take_while(|&&b| b == byte).count(),
            _ => 1,
        };
        let after = bytes.get(at + run).copied();
        let apart = is_space(before) && after.is_some_and(is_space) && !self.line_start;
        let in_link = self.open.contains(&Kind::Link);
        let escape = match byte {
            b'\\' => after.is_none_or(|b| b.is_ascii_punctuation()),
            b'*' => !apart,
            b'_' => !(apart || is_word(before) && after.is_some_and(is_word)),
            b'~' => run > 1 && !apart,
            b'[' => in_link,
            b']' => in_link || matches!(after, Some(b'(' | b':' | b'[')),
            b'<' => after.is_none_or(|b| b.is_ascii_alphabetic() || b"/!?".contains(&b)),
            b'&' => {
                let name = bytes[at + 1..].iter().take(32);
                let length = name.take_while(|&&b| b.is_ascii_alphanumeric() || b == b'#').count();
                length > 1 && bytes.get(at + 1 + length) == Some(&b';')
            }
            _ => true,
        };
        for _ in 0..run {
            if escape {
                self.out.push('\\');
            }
            self.out.push(byte as char);
        }
        run
    }
}

fn one_line(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !out.is_empty() {
            out.push_str("<br>");
        }
        for c in line.chars() {
            if c == '|' {
                out.push('\\');
            }
            out.push(c);
        }
    }
    out
}

impl Table {
    fn columns(&self) -> usize {
        self.rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0)
    }

    fn layout(&self) -> String {
        let mut out = String::new();
        for (_, cells) in &self.rows {
            let inline = cells.iter().all(|cell| !cell.text.contains('\n'));
            let mut first = true;
            for cell in cells.iter().filter(|cell| !cell.text.is_empty()) {
                if !out.is_empty() {
                    out.push_str(if inline && !first { " " } else { "\n\n" });
                }
                out.push_str(&cell.text);
                first = false;
            }
        }
        out
    }

    fn fill_spans(&mut self, fillers: &mut usize) {
        // How many rows the cell above still reaches down, for each column that is watched.
        let mut below = [0usize; MAX_SPANNED];
        let mut watched = 0;
        for (_, cells) in &mut self.rows {
            if watched == 0 && cells.iter().all(|cell| cell.span < 2 && cell.rows < 2) {
                continue;
            }
            let mut row = Vec::with_capacity(cells.len());
            let mut fill = |row: &mut Vec<Cell>| {
                if *fillers < MAX_FILLERS {
                    *fillers += 1;
                    row.push(Cell::default());
                }
            };
            let mut place = 0;
            for cell in cells.drain(..) {
                while place < watched && below[place] > 0 {
                    below[place] -= 1;
                    place += 1;
                    fill(&mut row);
                }
                let (span, rows) = (cell.span.max(1), cell.rows.max(1));
                row.push(cell);
                for extra in 0..span {
                    if extra > 0 && place < MAX_SPANNED {
                        fill(&mut row);
                    }
                    if place < MAX_SPANNED {
                        below[place] = rows - 1;
                    }
                    place += 1;
                }
            }
            for rows in below.iter_mut().take(watched).skip(place) {
                if *rows > 0 {
                    *rows -= 1;
                    fill(&mut row);
                }
            }
            watched = below.iter().rposition(|&rows| rows > 0).map_or(0, |last| last + 1);
            *cells = row;
        }
    }

    fn finish(mut self, fillers: &mut usize) -> (String, bool) {
        self.rows.retain(|(_, cells)| cells.iter().any(|cell| !cell.text.is_empty()));
        if self.layout || self.columns() < 2 {
            return (self.layout(), true);
        }
        self.fill_spans(fillers);
        let mut out = String::new();
        let row = |cells: &[Cell], out: &mut String| {
            out.push('|');
            for cell in cells {
                out.push(' ');
                out.push_str(&one_line(&cell.text));
                out.push_str(" |");
            }
        };
        let columns = self.columns();
        let mut rows = self.rows.as_slice();
        let is_header = |(in_head, cells): &(bool, Vec<Cell>)| {
            *in_head || cells.iter().all(|cell| cell.header || cell.text.is_empty())
        };
        match rows.first() {
            Some(first) if is_header(first) => {
                row(&first.1, &mut out);
                for _ in first.1.len()..columns {
                    out.push_str("  |");
                }
                rows = &rows[1..];
            }
            // A pipe table cannot do without a header row.
            _ => {
                out.push('|');
                out.push_str(&"  |".repeat(columns));
            }
        }
        out.push_str("\n|");
        out.push_str(&" --- |".repeat(columns));
        for (_, cells) in rows {
            out.push('\n');
            row(cells, &mut out);
        }
        (out, false)
    }
}

impl<'a> Converter<'a> {
    fn frame(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::default());
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    fn run(&mut self) -> String {
        let mut cut = false;
        while let Some(token) = self.tokens.next() {
            match token {
                Token::Text(text) => self.text(text),
                Token::Start { name, closed } => self.start(name, closed),
                Token::End { name } => self.end(tag_of(name)),
            }
            if self.in_cells + self.frame().out.len() > MAX_OUTPUT {
                cut = true;
                break;
            }
        }
        self.pop_to(0);
        let frame = self.frame();
        frame.gap(2);
        let mut out = std::mem::take(&mut frame.out);
        if cut {
            out.push_str("\n\n[the page is too long; its end was left out]");
        }
        let body = out.trim_end();
        let title = std::mem::take(&mut self.title);
        let title = title.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        if self.has_h1 || title.is_empty() {
            return body.to_string();
        }
        let mut heading = Frame::default();
        heading.heading = 1;
        heading.heading_pending = true;
        heading.text(&title, &mut false);
        heading.out.push_str("\n\n");
        heading.out.push_str(body);
        heading.out.trim_end().to_string()
    }

    fn text(&mut self, text: &str) {
        if self.hidden > 0 {
            return;
        }
        let text = entities::decode(text, false);
        if let Some(pre) = &mut self.pre {
            for c in text.chars() {
                match c {
                    '\r' | '\0' => {}
                    '\u{a0}' => pre.text.push(' '),
                    _ => pre.text.push(c),
                }
            }
            return;
        }
        let mut superscript = std::mem::take(&mut self.superscript);
        let frame = self.frame();
        if frame.code > 0 {
            for c in text.chars() {
                if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}' | '\u{a0}') {
                    if !frame.code_text.ends_with(' ') {
                        frame.code_text.push(' ');
                    }
                } else if !matches!(c, '\0' | '\u{ad}' | '\u{200b}' | '\u{feff}') {
                    frame.code_text.push(c);
                }
            }
            return;
        }
        frame.text(&text, &mut superscript);
        self.superscript = superscript;
    }

    fn gap(&mut self, lines: u8) {
        if self.hidden > 0 {
            return;
        }
        if let Some(pre) = &mut self.pre {
            if !pre.text.is_empty() && !pre.text.ends_with('\n') {
                pre.text.push('\n');
            }
            return;
        }
        self.frame().gap(lines);
    }

    fn place(&self, tags: &[u8]) -> u32 {
        tags.iter().map(|&tag| self.last[tag as usize]).max().unwrap_or(0)
    }

    /// Elements below this place are out of reach from within a cell.
    fn scope(&self) -> u32 {
        self.place(&[TABLE, TD, TH, CAPTION])
    }

    fn push(&mut self, tag: u8, undo: Undo) {
        let place = self.stack.len() as u32 + 1;
        self.stack.push(Element {
            tag,
            undo,
            dead: false,
            same: std::mem::replace(&mut self.last[tag as usize], place),
            block: self.last_block,
        });
        if is_block(tag) {
            self.last_block = place;
        }
    }

    fn pop_to(&mut self, length: u32) {
        while self.stack.len() > length as usize {
            let Some(element) = self.stack.pop() else { return };
            self.last_block = element.block;
            if !element.dead {
                self.last[element.tag as usize] = element.same;
                self.undo(element.tag, element.undo);
            }
        }
    }

    /// Closes the element at this place if it is above the other one.
    fn close_above(&mut self, place: u32, floor: u32) {
        if place > floor {
            self.pop_to(place - 1);
        }
    }

    fn undo(&mut self, tag: u8, undo: Undo) {
        let item_gap = self.item_gap();
        match undo {
            Undo::Nothing => {}
            Undo::Block => self.gap(if tag == P { 2 } else { item_gap }),
            Undo::Hide => self.hidden = self.hidden.saturating_sub(1),
            Undo::Mark(kind) => self.end_mark(kind),
            Undo::Code => {
                let frame = self.frame();
                frame.code = frame.code.saturating_sub(1);
                if frame.code == 0 {
                    frame.flush_code();
                }
            }
            Undo::Quotes => self.text("\u{201d}"),
            Undo::Part | Undo::Item => {
                self.gap(if undo == Undo::Item { 1 } else { 2 });
                self.frame().parts.pop();
            }
            Undo::List | Undo::ListInPart => {
                let frame = self.frame();
                frame.lists.pop();
                let lines = if frame.lists.is_empty() { 2 } else { 1 };
                self.gap(lines);
                if undo == Undo::ListInPart {
                    self.frame().parts.pop();
                }
            }
            Undo::Pre => self.end_pre(),
            Undo::Heading => {
                let frame = self.frame();
                if !frame.code_text.is_empty() {
                    frame.flush_code();
                }
                let empty = frame.heading_pending;
                frame.heading_pending = false;
                frame.heading = 0;
                self.gap(2);
                self.has_h1 |= tag == H1 && !empty;
            }
            Undo::Term => {
                self.end_mark(Kind::Strong);
                self.gap(1);
            }
            Undo::Table => self.end_table(),
            Undo::TablePart => {
                if let Some(table) = self.tables.last_mut() {
                    table.in_head = false;
                }
            }
            Undo::Row => {}
            Undo::Cell => self.end_cell(),
            Undo::Caption => self.gap(2),
        }
    }

    fn item_gap(&mut self) -> u8 {
        if self.frame().lists.is_empty() { 2 } else { 1 }
    }

    fn end_mark(&mut self, kind: Kind) {
        let frame = self.frame();
        if kind == Kind::Link {
            if !frame.code_text.is_empty() {
                frame.flush_code();
            }
            if let Some(link) = &frame.link {
                if !link.opened && !link.label.is_empty() {
                    let label = link.label.clone();
                    frame.text(&label, &mut false);
                }
            }
        }
        frame.unwant(kind);
        if kind == Kind::Link {
            frame.link = None;
        }
    }

    fn end_pre(&mut self) {
        let Some(pre) = self.pre.take() else { return };
        self.ignored_tables = pre.ignored_tables;
        let text = pre.text.strip_prefix('\n').unwrap_or(&pre.text).trim_end();
        if text.trim_start().is_empty() {
            return;
        }
        let in_cell = !self.tables.is_empty() && self.frames.len() > 1;
        let frame = self.frame();
        if in_cell && !text.contains('\n') {
            frame.begin();
            push_code_span(text.trim_start(), &mut frame.out);
            frame.wrote_text();
            frame.gap(1);
            return;
        }
        let fence = "`".repeat(longest_run(text, b'`').max(2) + 1);
        let block = format!("{fence}{}\n{text}\n{fence}", pre.language);
        frame.block(&block);
        if in_cell {
            if let Some(table) = self.tables.last_mut() {
                table.layout = true;
            }
        }
    }

    fn end_cell(&mut self) {
        self.gap(1);
        if self.frames.len() < 2 {
            return;
        }
        let frame = self.frames.pop().unwrap_or_default();
        self.in_cells += frame.out.len();
        if let Some((_, cells)) = self.tables.last_mut().and_then(|table| table.rows.last_mut()) {
            if let Some(cell) = cells.last_mut() {
                cell.text = frame.out.trim_matches(['\n', ' ']).to_string();
            }
        }
    }

    fn end_table(&mut self) {
        let Some(table) = self.tables.pop() else { return };
        let (text, layout) = table.finish(&mut self.fillers);
        if text.is_empty() {
            self.gap(2);
            return;
        }
        self.frame().block(&text);
        // What spans lines does not fit into a cell of a pipe table.
        if !layout || text.contains('\n') {
            if let Some(outer) = self.tables.last_mut() {
                outer.layout = true;
            }
        }
    }

    fn is_hidden(&self, tag: u8) -> bool {
        if matches!(tag, TEMPLATE | SVG | VIDEO | AUDIO | CANVAS | ANNOTATION) {
            return true;
        }
        if self.tokens.attributes.is_empty() {
            return tag == DIALOG;
        }
        if tag == DIALOG && self.tokens.attribute("open").is_none() {
            return true;
        }
        if matches!(tag, HTML | BODY) {
            return false;
        }
        let says = |name: &str, value: &str| {
            self.tokens.attribute(name).is_some_and(|v| v.trim().eq_ignore_ascii_case(value))
        };
        // What is hidden until found is meant to be found.
        self.tokens.attribute("hidden").is_some() && !says("hidden", "until-found") || says("aria-hidden", "true")
    }

    fn start(&mut self, name: &str, closed: bool) {
        let tag = tag_of(name);
        let foreign = self.place(&[SVG, MATH]) > 0;
        let closed = closed && (self.xml || foreign);
        match tag {
            SCRIPT | STYLE | NOSCRIPT | IFRAME | NOEMBED | NOFRAMES | TEXTAREA | XMP => {
                if !closed {
                    self.tokens.raw(name);
                }
                return;
            }
            TITLE => {
                if !closed {
                    let text = self.tokens.raw(name);
                    if self.title.is_empty() && self.hidden == 0 && !foreign {
                        self.title = entities::decode(text, false).into_owned();
                    }
                }
                return;
            }
            BASE => {
                if let Some(href) = self.tokens.attribute("href") {
                    self.base.rebase(&href);
                }
                return;
            }
            BR | WBR | HR | IMG | INPUT | META | LINK | COL | EMBED | SOURCE | TRACK | AREA | PARAM => {
                if self.hidden == 0 && !self.is_hidden(tag) {
                    self.void(tag);
                }
                return;
            }
            HEAD | HTML | BODY => return,
            _ => {}
        }
        if self.is_table_part(tag) {
            return;
        }
        if self.stack.len() >= MAX_STACK {
            if is_block(tag) {
                self.gap(2);
            }
            return;
        }
        self.imply_ends(tag);
        let undo = if self.hidden > 0 {
            Undo::Nothing
        } else if self.is_hidden(tag) {
            if is_block(tag) {
                self.gap(1);
            }
            self.hidden += 1;
            Undo::Hide
        } else {
            self.open(tag)
        };
        self.push(tag, undo);
        if closed {
            self.pop_to(self.stack.len() as u32 - 1);
        }
    }

    /// Whether a tag of a table is out of place, or the table is nested too deeply to count.
    fn is_table_part(&mut self, tag: u8) -> bool {
        match tag {
            TABLE if self.tables.len() >= MAX_TABLES || self.pre.is_some() || self.ignored_tables > 0 => {
                self.ignored_tables += 1;
                self.gap(2);
                true
            }
            TR | TD | TH | THEAD | TBODY | TFOOT | CAPTION => {
                if self.ignored_tables > 0 || self.last[TABLE as usize] == 0 {
                    self.gap(1);
                    return true;
                }
                false
            }
            _ => false,
        }
    }

    fn imply_ends(&mut self, tag: u8) {
        let scope = self.scope();
        let table = self.last[TABLE as usize];
        match tag {
            LI => self.close_above(self.last[LI as usize], scope.max(self.place(&[UL, OL, MENU, DIR]))),
            DT | DD => self.close_above(self.place(&[DT, DD]), scope.max(self.last[DL as usize])),
            OPTION | OPTGROUP => self.close_above(self.last[OPTION as usize], scope),
            TD | TH => {
                self.close_above(self.place(&[TD, TH, CAPTION]), table);
                if self.last[TR as usize] < self.last[TABLE as usize] {
                    let undo = if self.hidden > 0 { Undo::Nothing } else { self.open(TR) };
                    self.push(TR, undo);
                }
            }
            TR => {
                self.close_above(self.place(&[TD, TH, CAPTION]), table);
                self.close_above(self.last[TR as usize], table);
            }
            THEAD | TBODY | TFOOT | CAPTION => {
                self.close_above(self.place(&[TD, TH, CAPTION]), table);
                self.close_above(self.place(&[TR, THEAD, TBODY, TFOOT]), table);
            }
            A => {
                if self.last[A as usize] > scope {
                    self.end(A);
                }
            }
            _ => {}
        }
        let scope = self.scope();
        if heading_level(tag) > 0
            || matches!(tag, UL | OL | MENU | DL | TABLE | PRE | BLOCKQUOTE | SECTION | ARTICLE | MAIN | NAV | FOOTER)
        {
            self.close_above(self.place(&[H1, H2, H3, H4, H5, H6]), scope);
        }
        if is_block(tag) && !matches!(tag, OPTION | OPTGROUP) {
            self.close_above(self.last[P as usize], scope);
        }
    }

    fn number(&self, name: &str) -> Option<i64> {
        self.tokens.attribute(name)?.trim().parse().ok()
    }

    fn language(&self) -> Option<String> {
        let classes = self.tokens.attribute("class")?;
        let language = classes.split_ascii_whitespace().find_map(|class| {
            ["language-", "lang-", "highlight-source-"].iter().find_map(|start| class.strip_prefix(start))
        })?;
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"+-#._".contains(&b);
        (language.len() < 32 && language.bytes().all(fits)).then(|| language.to_string())
    }

    /// Begins an element that is shown; says what its end has to undo.
    fn open(&mut self, tag: u8) -> Undo {
        if let Some(pre) = &self.pre {
            if tag == CODE && pre.language.is_empty() {
                if let (Some(language), Some(pre)) = (self.language(), &mut self.pre) {
                    pre.language = language;
                }
            }
            if is_block(tag) {
                self.gap(1);
                return Undo::Block;
            }
            return Undo::Nothing;
        }
        match tag {
            STRONG | B => self.mark(Kind::Strong),
            EM | I | VAR => self.mark(Kind::Em),
            DEL | S | STRIKE => self.mark(Kind::Del),
            CODE | KBD | SAMP | TT => {
                self.frame().code += 1;
                Undo::Code
            }
            A => self.link(),
            Q => {
                self.text("\u{201c}");
                Undo::Quotes
            }
            SUP => {
                self.superscript = true;
                Undo::Nothing
            }
            MATH => match self.tokens.attribute("alttext") {
                Some(formula) => {
                    let frame = self.frame();
                    frame.code_text.push_str(&formula);
                    frame.flush_code();
                    self.hidden += 1;
                    Undo::Hide
                }
                None => Undo::Nothing,
            },
            H1..=H6 => {
                self.frame().heading = 0;
                self.gap(2);
                if let Some(table) = self.tables.last_mut() {
                    table.layout |= self.frames.len() > 1;
                }
                let frame = self.frame();
                frame.heading = heading_level(tag);
                frame.heading_pending = true;
                Undo::Heading
            }
            PRE => {
                self.gap(2);
                let language = self.language().unwrap_or_default();
                self.pre = Some(Pre { text: String::new(), language, ignored_tables: self.ignored_tables });
                Undo::Pre
            }
            BLOCKQUOTE => {
                self.gap(2);
                self.part("> ", "> ", Undo::Part)
            }
            UL | OL | MENU | DIR => self.list(tag),
            LI => self.item(),
            DT => {
                self.gap(2);
                self.mark(Kind::Strong);
                Undo::Term
            }
            DD => {
                self.gap(1);
                self.part(": ", "  ", Undo::Item)
            }
            SUMMARY => {
                self.gap(2);
                self.mark(Kind::Strong);
                Undo::Term
            }
            TABLE => {
                self.frame().heading = 0;
                self.frame().heading_pending = false;
                self.gap(2);
                let role = self.tokens.attribute("role");
                let layout = role.is_some_and(|role| matches!(&*role, "presentation" | "none"));
                self.tables.push(Table { layout, ..Table::default() });
                Undo::Table
            }
            THEAD | TBODY | TFOOT => {
                if let Some(table) = self.tables.last_mut() {
                    table.in_head = tag == THEAD;
                }
                Undo::TablePart
            }
            TR => {
                if let Some(table) = self.tables.last_mut() {
                    table.rows.push((table.in_head, Vec::new()));
                }
                Undo::Row
            }
            TD | TH => self.cell(tag),
            CAPTION => {
                self.gap(2);
                Undo::Caption
            }
            OPTION | OPTGROUP | LEGEND => {
                self.gap(1);
                Undo::Block
            }
            P => {
                self.gap(2);
                Undo::Block
            }
            _ if is_block(tag) => {
                let lines = self.item_gap();
                self.gap(lines);
                Undo::Block
            }
            _ => Undo::Nothing,
        }
    }

    fn mark(&mut self, kind: Kind) -> Undo {
        self.frame().want(kind);
        Undo::Mark(kind)
    }

    fn link(&mut self) -> Undo {
        let Some(href) = self.tokens.attribute("href") else { return Undo::Nothing };
        if href.len() > 8192 || self.frame().link.is_some() {
            return Undo::Nothing;
        }
        // A lone # is a button in disguise.
        if href.trim() == "#" {
            return Undo::Nothing;
        }
        let Some(url) = self.base.resolve(&href) else { return Undo::Nothing };
        let label = self.tokens.attribute("aria-label").or_else(|| self.tokens.attribute("title"));
        let label = label.unwrap_or_default().into_owned();
        let frame = self.frame();
        if !frame.code_text.is_empty() {
            frame.flush_code();
        }
        frame.link = Some(Link { url, label, start: 0, has_text: false, opened: false });
        self.mark(Kind::Link)
    }

    fn part(&mut self, first: &str, rest: &str, undo: Undo) -> Undo {
        let frame = self.frame();
        if frame.parts.len() >= MAX_PARTS {
            return Undo::Block;
        }
        frame.parts.push(Part { first: first.to_string(), rest: rest.to_string(), used: false });
        undo
    }

    fn list(&mut self, tag: u8) -> Undo {
        let start = if self.tokens.attributes.is_empty() { None } else { self.number("start") };
        let start = start.filter(|start| (0..100_000_000).contains(start));
        let lines = self.item_gap();
        self.gap(lines);
        // A list right in a list is bad HTML, but common and meant as nested.
        let astray = lines == 1 && self.last[LI as usize] < self.place(&[UL, OL, MENU, DIR]);
        let frame = self.frame();
        frame.lists.push(List { next: (tag == OL).then(|| start.unwrap_or(1)) });
        if astray && self.part("  ", "  ", Undo::Part) == Undo::Part {
            return Undo::ListInPart;
        }
        Undo::List
    }

    fn item(&mut self) -> Undo {
        self.gap(1);
        let value = if self.tokens.attributes.is_empty() { None } else { self.number("value") };
        let value = value.filter(|value| (0..100_000_000).contains(value));
        let first = match self.frame().lists.last_mut() {
            Some(List { next: Some(next) }) => {
                let number = value.unwrap_or(*next);
                *next = number + 1;
                format!("{number}. ")
            }
            _ => "- ".to_string(),
        };
        let rest = " ".repeat(first.len());
        self.part(&first, &rest, Undo::Item)
    }

    fn cell(&mut self, tag: u8) -> Undo {
        let span = |n: Option<i64>| n.unwrap_or(1).clamp(1, 1000) as usize;
        let plain = self.tokens.attributes.is_empty();
        let cell = Cell {
            text: String::new(),
            header: tag == TH,
            span: if plain { 1 } else { span(self.number("colspan")) },
            rows: if plain { 1 } else { span(self.number("rowspan")) },
        };
        if let Some((_, cells)) = self.tables.last_mut().and_then(|table| table.rows.last_mut()) {
            cells.push(cell);
        }
        self.frames.push(Frame::default());
        Undo::Cell
    }

    fn void(&mut self, tag: u8) {
        match tag {
            BR => {
                if let Some(pre) = &mut self.pre {
                    pre.text.push('\n');
                    return;
                }
                let frame = self.frame();
                if frame.code > 0 {
                    frame.flush_code();
                }
                if frame.heading > 0 {
                    frame.space = true;
                } else if !frame.out.is_empty() && frame.gap == 0 {
                    frame.line_breaks = frame.line_breaks.saturating_add(1);
                    frame.space = false;
                }
            }
            HR if self.pre.is_none() => {
                let scope = self.scope();
                self.close_above(self.place(&[H1, H2, H3, H4, H5, H6]), scope);
                self.close_above(self.last[P as usize], scope);
                self.frame().block("---");
            }
            IMG if self.pre.is_none() => self.image(),
            _ => {}
        }
    }

    fn image(&mut self) {
        // Pictures of one pixel count visitors.
        if self.number("width").is_some_and(|w| w < 2) || self.number("height").is_some_and(|h| h < 2) {
            return;
        }
        let alt = self.tokens.attribute("alt").unwrap_or_default();
        let alt = alt.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        let url = ["src", "data-src"].iter().find_map(|name| {
            let src = self.tokens.attribute(name)?;
            if src.trim().is_empty() || src.len() > 8192 {
                return None;
            }
            self.base.resolve(&src).filter(|url| url::is_http(url))
        });
        let frame = self.frame();
        if frame.code > 0 {
            frame.flush_code();
        }
        let Some(url) = url else {
            let said = frame.link.as_ref().is_some_and(|link| link.has_text);
            frame.text(&alt, &mut false);
            if let Some(link) = &mut frame.link {
                link.has_text = said;
            }
            return;
        };
        frame.begin();
        frame.out.push_str("![");
        for c in alt.chars() {
            if matches!(c, '[' | ']' | '\\') {
                frame.out.push('\\');
            }
            frame.out.push(c);
        }
        frame.out.push_str("](");
        url::markdown(&url, &mut frame.out);
        frame.out.push(')');
        frame.line_start = false;
    }

    /// Emphasis that was begun within goes on, as in browsers: <b><i></b></i>. One of each kind
    /// is enough, and keeps the work of every end tag small.
    fn end_inline(&mut self, place: u32) {
        let mut again: [Option<(u8, Kind)>; 3] = [None; 3];
        while self.stack.len() > place as usize {
            if let Some(Element { tag, undo: Undo::Mark(kind), dead: false, .. }) = self.stack.last() {
                match kind {
                    Kind::Link => {}
                    Kind::Strong => again[0] = Some((*tag, *kind)),
                    Kind::Em => again[1] = Some((*tag, *kind)),
                    Kind::Del => again[2] = Some((*tag, *kind)),
                }
            }
            self.pop_to(self.stack.len() as u32 - 1);
        }
        self.pop_to(place - 1);
        for (tag, kind) in again.into_iter().flatten() {
            let undo = self.mark(kind);
            self.push(tag, undo);
        }
    }

    fn end(&mut self, tag: u8) {
        let scope = self.scope();
        let table = self.last[TABLE as usize];
        let place = self.last[tag as usize];
        match tag {
            BR => {
                if self.hidden == 0 {
                    self.void(BR);
                }
            }
            HTML | BODY | HEAD => {}
            TABLE => {
                if self.ignored_tables > 0 {
                    self.ignored_tables -= 1;
                    self.gap(2);
                } else if place > 0 {
                    self.pop_to(place - 1);
                }
            }
            TR | TD | TH | THEAD | TBODY | TFOOT | CAPTION => {
                if self.ignored_tables == 0 {
                    self.close_above(place, table);
                }
            }
            H1..=H6 => self.close_above(self.place(&[H1, H2, H3, H4, H5, H6]), scope),
            LI => self.close_above(place, scope.max(self.place(&[UL, OL, MENU, DIR]))),
            DT | DD => self.close_above(place, scope.max(self.last[DL as usize])),
            P if place <= scope => self.gap(2),
            _ if place <= scope => {}
            _ if !is_block(tag) && self.last_block > place => {
                let element = &mut self.stack[place as usize - 1];
                element.dead = true;
                let undo = element.undo;
                self.last[tag as usize] = element.same;
                self.undo(tag, undo);
            }
            _ if is_block(tag) => self.pop_to(place - 1),
            _ => self.end_inline(place),
        }
        if tag == SUP {
            self.superscript = false;
        }
    }
}
