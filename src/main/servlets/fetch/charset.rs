//! From bytes to text.

static HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

pub fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => HIGH[(byte - 0x80) as usize],
        _ => byte as char,
    }
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    char::decode_utf16(bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])))
        .map(|c| c.unwrap_or('\u{fffd}'))
        .collect()
}

/// The declared name may be absent or unknown; a byte order mark outranks it, as in browsers.
pub fn decode(body: Vec<u8>, declared: Option<&str>) -> String {
    let bytes = body.as_slice();
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return String::from_utf8_lossy(rest).into_owned();
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return utf_16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return utf_16(rest, u16::from_be_bytes);
    }
    let single_byte = match declared {
        Some(name) => [
            "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "l1", "windows-1252", "cp1252", "x-cp1252",
            "us-ascii", "ascii",
        ]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name)),
        // Text with high bytes of which none form UTF-8 is almost surely the old Western default.
        None => {
            std::str::from_utf8(bytes).is_err() && bytes.utf8_chunks().all(|chunk| chunk.valid().is_ascii())
        }
    };
    if single_byte && !bytes.is_ascii() {
        return bytes.iter().map(|&byte| windows_1252(byte)).collect();
    }
    String::from_utf8(body).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

pub fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window.eq_ignore_ascii_case(needle))
}

/// The charset that an HTML page names in its first kilobytes; both forms of meta say `charset=`.
pub fn declared_in_html(bytes: &[u8]) -> Option<&str> {
    let mut head = &bytes[..bytes.len().min(4096)];
    while let Some(at) = find(head, b"<meta") {
        head = &head[at + 5..];
        let end = head.iter().position(|&b| b == b'>').unwrap_or(head.len());
        let Some(at) = find(&head[..end], b"charset") else { continue };
        let value = head[at + 7..end].trim_ascii_start();
        let Some(value) = value.strip_prefix(b"=") else { continue };
        let value = value.trim_ascii_start();
        let value = value.strip_prefix(b"\"").or(value.strip_prefix(b"'")).unwrap_or(value);
        let end = value
            .iter()
            .position(|&b| !(b.is_ascii_alphanumeric() || b"-_.:".contains(&b)))
            .unwrap_or(value.len());
        if end > 0 {
            return std::str::from_utf8(&value[..end]).ok();
        }
    }
    None
}
