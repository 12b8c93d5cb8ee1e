//! Named character references: all of HTML 4, and those of HTML 5 that pages really use.

/// Sorted by the bytes of the name, for a binary search; true: also known without its semicolon.
#[rustfmt::skip]
pub static NAMED: [(&str, u16, bool); 432] = [
    ("AElig", 0xc6, true), ("AMP", 0x26, true), ("Aacute", 0xc1, true), ("Abreve", 0x102, false),
    ("Acirc", 0xc2, true), ("Agrave", 0xc0, true), ("Alpha", 0x391, false), ("Amacr", 0x100, false),
    ("Aogon", 0x104, false), ("Aring", 0xc5, true), ("Atilde", 0xc3, true), ("Auml", 0xc4, true),
    ("Beta", 0x392, false), ("COPY", 0xa9, true), ("Cacute", 0x106, false), ("Ccaron", 0x10c, false),
    ("Ccedil", 0xc7, true), ("Chi", 0x3a7, false), ("Dagger", 0x2021, false), ("Dcaron", 0x10e, false),
    ("Delta", 0x394, false), ("Dstrok", 0x110, false), ("ETH", 0xd0, true), ("Eacute", 0xc9, true),
    ("Ecaron", 0x11a, false), ("Ecirc", 0xca, true), ("Egrave", 0xc8, true), ("Emacr", 0x112, false),
    ("Eogon", 0x118, false), ("Epsilon", 0x395, false), ("Eta", 0x397, false), ("Euml", 0xcb, true),
    ("GT", 0x3e, true), ("Gamma", 0x393, false), ("Gbreve", 0x11e, false), ("Hat", 0x5e, false),
    ("Iacute", 0xcd, true), ("Icirc", 0xce, true), ("Idot", 0x130, false), ("Igrave", 0xcc, true),
    ("Imacr", 0x12a, false), ("Iota", 0x399, false), ("Iuml", 0xcf, true), ("Kappa", 0x39a, false),
    ("LT", 0x3c, true), ("Lambda", 0x39b, false), ("LeftArrow", 0x2190, false), ("Lstrok", 0x141, false),
    ("Mu", 0x39c, false), ("Nacute", 0x143, false), ("Ncaron", 0x147, false), ("NewLine", 0xa, false),
    ("NoBreak", 0x2060, false), ("NonBreakingSpace", 0xa0, false), ("Ntilde", 0xd1, true), ("Nu", 0x39d, false),
    ("OElig", 0x152, false), ("Oacute", 0xd3, true), ("Ocirc", 0xd4, true), ("Odblac", 0x150, false),
    ("Ograve", 0xd2, true), ("Omacr", 0x14c, false), ("Omega", 0x3a9, false), ("Omicron", 0x39f, false),
    ("Oslash", 0xd8, true), ("Otilde", 0xd5, true), ("Ouml", 0xd6, true), ("Phi", 0x3a6, false), ("Pi", 0x3a0, false),
    ("Prime", 0x2033, false), ("Psi", 0x3a8, false), ("QUOT", 0x22, true), ("REG", 0xae, true),
    ("Rcaron", 0x158, false), ("Rho", 0x3a1, false), ("RightArrow", 0x2192, false), ("Rightarrow", 0x21d2, false),
    ("Sacute", 0x15a, false), ("Scaron", 0x160, false), ("Scedil", 0x15e, false), ("Sigma", 0x3a3, false),
    ("THORN", 0xde, true), ("TRADE", 0x2122, false), ("Tab", 0x9, false), ("Tau", 0x3a4, false),
    ("Tcaron", 0x164, false), ("Theta", 0x398, false), ("Uacute", 0xda, true), ("Ucirc", 0xdb, true),
    ("Udblac", 0x170, false), ("Ugrave", 0xd9, true), ("Umacr", 0x16a, false), ("Upsilon", 0x3a5, false),
    ("Uring", 0x16e, false), ("Uuml", 0xdc, true), ("Vert", 0x2016, false), ("Xi", 0x39e, false),
    ("Yacute", 0xdd, true), ("Yuml", 0x178, false), ("Zacute", 0x179, false), ("Zcaron", 0x17d, false),
    ("Zdot", 0x17b, false), ("ZeroWidthSpace", 0x200b, false), ("Zeta", 0x396, false), ("aacute", 0xe1, true),
    ("abreve", 0x103, false), ("acirc", 0xe2, true), ("acute", 0xb4, true), ("aelig", 0xe6, true),
    ("agrave", 0xe0, true), ("alefsym", 0x2135, false), ("alpha", 0x3b1, false), ("amacr", 0x101, false),
    ("amp", 0x26, true), ("and", 0x2227, false), ("ang", 0x2220, false), ("angle", 0x2220, false),
    ("aogon", 0x105, false), ("apos", 0x27, false), ("approx", 0x2248, false), ("aring", 0xe5, true),
    ("ast", 0x2a, false), ("asymp", 0x2248, false), ("atilde", 0xe3, true), ("auml", 0xe4, true),
    ("bdquo", 0x201e, false), ("beta", 0x3b2, false), ("bigstar", 0x2605, false), ("blank", 0x2423, false),
    ("block", 0x2588, false), ("bot", 0x22a5, false), ("brvbar", 0xa6, true), ("bsol", 0x5c, false),
    ("bull", 0x2022, false), ("bullet", 0x2022, false), ("cacute", 0x107, false), ("cap", 0x2229, false),
    ("caret", 0x2041, false), ("ccaron", 0x10d, false), ("ccedil", 0xe7, true), ("cedil", 0xb8, true),
    ("cent", 0xa2, true), ("centerdot", 0xb7, false), ("check", 0x2713, false), ("checkmark", 0x2713, false),
    ("chi", 0x3c7, false), ("cir", 0x25cb, false), ("circ", 0x2c6, false), ("clubs", 0x2663, false),
    ("colon", 0x3a, false), ("comma", 0x2c, false), ("commat", 0x40, false), ("cong", 0x2245, false),
    ("copy", 0xa9, true), ("copysr", 0x2117, false), ("crarr", 0x21b5, false), ("cross", 0x2717, false),
    ("ctdot", 0x22ef, false), ("cup", 0x222a, false), ("curren", 0xa4, true), ("dArr", 0x21d3, false),
    ("dagger", 0x2020, false), ("darr", 0x2193, false), ("dash", 0x2010, false), ("dcaron", 0x10f, false),
    ("deg", 0xb0, true), ("delta", 0x3b4, false), ("diams", 0x2666, false), ("divide", 0xf7, true),
    ("dollar", 0x24, false), ("dstrok", 0x111, false), ("dtrif", 0x25be, false), ("eacute", 0xe9, true),
    ("ecaron", 0x11b, false), ("ecirc", 0xea, true), ("egrave", 0xe8, true), ("ell", 0x2113, false),
    ("emacr", 0x113, false), ("empty", 0x2205, false), ("emptyset", 0x2205, false), ("emsp", 0x2003, false),
    ("emsp13", 0x2004, false), ("emsp14", 0x2005, false), ("ensp", 0x2002, false), ("eogon", 0x119, false),
    ("epsi", 0x3b5, false), ("epsilon", 0x3b5, false), ("equals", 0x3d, false), ("equiv", 0x2261, false),
    ("eta", 0x3b7, false), ("eth", 0xf0, true), ("euml", 0xeb, true), ("euro", 0x20ac, false), ("excl", 0x21, false),
    ("exist", 0x2203, false), ("female", 0x2640, false), ("flat", 0x266d, false), ("fnof", 0x192, false),
    ("forall", 0x2200, false), ("frac12", 0xbd, true), ("frac13", 0x2153, false), ("frac14", 0xbc, true),
    ("frac15", 0x2155, false), ("frac18", 0x215b, false), ("frac23", 0x2154, false), ("frac34", 0xbe, true),
    ("frac38", 0x215c, false), ("frac58", 0x215d, false), ("frac78", 0x215e, false), ("frasl", 0x2044, false),
    ("gamma", 0x3b3, false), ("gbreve", 0x11f, false), ("ge", 0x2265, false), ("geq", 0x2265, false),
    ("gg", 0x226b, false), ("grave", 0x60, false), ("gt", 0x3e, true), ("hArr", 0x21d4, false),
    ("hairsp", 0x200a, false), ("half", 0xbd, false), ("harr", 0x2194, false), ("hbar", 0x210f, false),
    ("hearts", 0x2665, false), ("hellip", 0x2026, false), ("horbar", 0x2015, false), ("hyphen", 0x2010, false),
    ("iacute", 0xed, true), ("icirc", 0xee, true), ("iexcl", 0xa1, true), ("igrave", 0xec, true),
    ("imacr", 0x12b, false), ("image", 0x2111, false), ("imath", 0x131, false), ("incare", 0x2105, false),
    ("infin", 0x221e, false), ("inodot", 0x131, false), ("int", 0x222b, false), ("iota", 0x3b9, false),
    ("iquest", 0xbf, true), ("isin", 0x2208, false), ("iuml", 0xef, true), ("kappa", 0x3ba, false),
    ("lArr", 0x21d0, false), ("lambda", 0x3bb, false), ("lang", 0x2329, false), ("laquo", 0xab, true),
    ("larr", 0x2190, false), ("lbrace", 0x7b, false), ("lbrack", 0x5b, false), ("lceil", 0x2308, false),
    ("lcub", 0x7b, false), ("ldquo", 0x201c, false), ("ldquor", 0x201e, false), ("le", 0x2264, false),
    ("leftarrow", 0x2190, false), ("leq", 0x2264, false), ("lfloor", 0x230a, false), ("ll", 0x226a, false),
    ("longrightarrow", 0x27f6, false), ("lowast", 0x2217, false), ("lowbar", 0x5f, false), ("loz", 0x25ca, false),
    ("lpar", 0x28, false), ("lrm", 0x200e, false), ("lsaquo", 0x2039, false), ("lsqb", 0x5b, false),
    ("lsquo", 0x2018, false), ("lsquor", 0x201a, false), ("lstrok", 0x142, false), ("lt", 0x3c, true),
    ("ltrif", 0x25c2, false), ("macr", 0xaf, true), ("male", 0x2642, false), ("map", 0x21a6, false),
    ("mapsto", 0x21a6, false), ("mdash", 0x2014, false), ("micro", 0xb5, true), ("middot", 0xb7, true),
    ("minus", 0x2212, false), ("mldr", 0x2026, false), ("models", 0x22a7, false), ("mu", 0x3bc, false),
    ("nabla", 0x2207, false), ("nacute", 0x144, false), ("natural", 0x266e, false), ("nbsp", 0xa0, true),
    ("ncaron", 0x148, false), ("ndash", 0x2013, false), ("ne", 0x2260, false), ("ni", 0x220b, false),
    ("nldr", 0x2025, false), ("not", 0xac, true), ("notin", 0x2209, false), ("nsub", 0x2284, false),
    ("ntilde", 0xf1, true), ("nu", 0x3bd, false), ("num", 0x23, false), ("numsp", 0x2007, false),
    ("oacute", 0xf3, true), ("ocirc", 0xf4, true), ("odblac", 0x151, false), ("oelig", 0x153, false),
    ("ograve", 0xf2, true), ("oline", 0x203e, false), ("omacr", 0x14d, false), ("omega", 0x3c9, false),
    ("omicron", 0x3bf, false), ("oplus", 0x2295, false), ("or", 0x2228, false), ("ordf", 0xaa, true),
    ("ordm", 0xba, true), ("oslash", 0xf8, true), ("otilde", 0xf5, true), ("otimes", 0x2297, false),
    ("ouml", 0xf6, true), ("para", 0xb6, true), ("part", 0x2202, false), ("percnt", 0x25, false),
    ("period", 0x2e, false), ("permil", 0x2030, false), ("perp", 0x22a5, false), ("phi", 0x3c6, false),
    ("phiv", 0x3d5, false), ("phone", 0x260e, false), ("pi", 0x3c0, false), ("piv", 0x3d6, false),
    ("planck", 0x210f, false), ("plus", 0x2b, false), ("plusmn", 0xb1, true), ("pound", 0xa3, true),
    ("prime", 0x2032, false), ("prod", 0x220f, false), ("prop", 0x221d, false), ("psi", 0x3c8, false),
    ("puncsp", 0x2008, false), ("quest", 0x3f, false), ("quot", 0x22, true), ("rArr", 0x21d2, false),
    ("radic", 0x221a, false), ("rang", 0x232a, false), ("raquo", 0xbb, true), ("rarr", 0x2192, false),
    ("rbrace", 0x7d, false), ("rbrack", 0x5d, false), ("rcaron", 0x159, false), ("rceil", 0x2309, false),
    ("rcub", 0x7d, false), ("rdquo", 0x201d, false), ("real", 0x211c, false), ("reg", 0xae, true),
    ("rfloor", 0x230b, false), ("rho", 0x3c1, false), ("rightarrow", 0x2192, false), ("rlm", 0x200f, false),
    ("rpar", 0x29, false), ("rsaquo", 0x203a, false), ("rsqb", 0x5d, false), ("rsquo", 0x2019, false),
    ("rtrif", 0x25b8, false), ("sacute", 0x15b, false), ("sbquo", 0x201a, false), ("scaron", 0x161, false),
    ("scedil", 0x15f, false), ("sdot", 0x22c5, false), ("sect", 0xa7, true), ("semi", 0x3b, false),
    ("setminus", 0x2216, false), ("sharp", 0x266f, false), ("shy", 0xad, true), ("sigma", 0x3c3, false),
    ("sigmaf", 0x3c2, false), ("sim", 0x223c, false), ("sol", 0x2f, false), ("spades", 0x2660, false),
    ("squ", 0x25a1, false), ("square", 0x25a1, false), ("squf", 0x25aa, false), ("star", 0x2606, false),
    ("starf", 0x2605, false), ("straightphi", 0x3d5, false), ("sub", 0x2282, false), ("sube", 0x2286, false),
    ("sum", 0x2211, false), ("sung", 0x266a, false), ("sup", 0x2283, false), ("sup1", 0xb9, true),
    ("sup2", 0xb2, true), ("sup3", 0xb3, true), ("supe", 0x2287, false), ("szlig", 0xdf, true), ("tau", 0x3c4, false),
    ("tcaron", 0x165, false), ("there4", 0x2234, false), ("theta", 0x3b8, false), ("thetasym", 0x3d1, false),
    ("thinsp", 0x2009, false), ("thorn", 0xfe, true), ("tilde", 0x2dc, false), ("times", 0xd7, true),
    ("top", 0x22a4, false), ("trade", 0x2122, false), ("uArr", 0x21d1, false), ("uacute", 0xfa, true),
    ("uarr", 0x2191, false), ("ucirc", 0xfb, true), ("udblac", 0x171, false), ("ugrave", 0xf9, true),
    ("umacr", 0x16b, false), ("uml", 0xa8, true), ("upsih", 0x3d2, false), ("upsilon", 0x3c5, false),
    ("uring", 0x16f, false), ("utrif", 0x25b4, false), ("uuml", 0xfc, true), ("varepsilon", 0x3f5, false),
    ("varphi", 0x3d5, false), ("vdash", 0x22a2, false), ("vellip", 0x22ee, false), ("verbar", 0x7c, false),
    ("vert", 0x7c, false), ("weierp", 0x2118, false), ("xcirc", 0x25ef, false), ("xi", 0x3be, false),
    ("yacute", 0xfd, true), ("yen", 0xa5, true), ("yuml", 0xff, true), ("zacute", 0x17a, false),
    ("zcaron", 0x17e, false), ("zdot", 0x17c, false), ("zeta", 0x3b6, false), ("zwj", 0x200d, false),
    ("zwnj", 0x200c, false),
];

const LONGEST: usize = 16;
const LONGEST_LEGACY: usize = 6;

fn named(name: &[u8]) -> Option<(char, bool)> {
    let at = NAMED.binary_search_by(|entry| entry.0.as_bytes().cmp(name)).ok()?;
    char::from_u32(NAMED[at].1 as u32).map(|c| (c, NAMED[at].2))
}

fn numbered(code: u32) -> char {
    match code {
        0x80..=0x9f => crate::charset::windows_1252(code as u8),
        0 => '\u{fffd}',
        _ => char::from_u32(code).unwrap_or('\u{fffd}'),
    }
}

/// What the reference at the start of `text` (which begins with &) stands for, and its length.
fn reference(text: &[u8], in_attribute: bool) -> Option<(char, usize)> {
    if text.get(1) == Some(&b'#') {
        let hex = matches!(text.get(2), Some(b'x' | b'X'));
        let radix = if hex { 16 } else { 10 };
        let from = if hex { 3 } else { 2 };
        let mut at = from;
        let mut code: u32 = 0;
        while let Some(digit) = text.get(at).and_then(|&b| (b as char).to_digit(radix)) {
            code = code.saturating_mul(radix).saturating_add(digit);
            at += 1;
        }
        if at == from {
            return None;
        }
        if text.get(at) == Some(&b';') {
            at += 1;
        }
        return Some((numbered(code), at));
    }
    let mut length = 0;
    while length <= LONGEST && text.get(1 + length).is_some_and(u8::is_ascii_alphanumeric) {
        length += 1;
    }
    if text.get(1 + length) == Some(&b';') {
        if let Some((c, _)) = named(&text[1..1 + length]) {
            return Some((c, length + 2));
        }
    }
    for shorter in (2..=length.min(LONGEST_LEGACY)).rev() {
        if let Some((c, true)) = named(&text[1..1 + shorter]) {
            // ?a=1&copy=2 in a link is a parameter, not a copyright sign.
            let next = text.get(1 + shorter);
            if in_attribute && next.is_some_and(|&b| b == b'=' || b.is_ascii_alphanumeric()) {
                return None;
            }
            return Some((c, 1 + shorter));
        }
    }
    None
}

pub fn decode(text: &str, in_attribute: bool) -> std::borrow::Cow<'_, str> {
    let bytes = text.as_bytes();
    if !bytes.contains(&b'&') {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'&' {
            if let Some((c, length)) = reference(&bytes[at..], in_attribute) {
                out.push_str(&text[from..at]);
                out.push(c);
                at += length;
                from = at;
                continue;
            }
        }
        at += 1;
    }
    out.push_str(&text[from..]);
    out.into()
}
