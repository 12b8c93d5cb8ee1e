use std::time::{Duration, Instant};

use crate::json::{self, Value};
use crate::{charset, entities, markdown, tool, url};

const PAGE: &str = "https://example.org/docs/page.html?q=1";

fn md(html: &str) -> String {
    markdown::convert(html, PAGE, false)
}

#[track_caller]
fn check(html: &str, expected: &str) {
    assert_eq!(md(html), expected, "from {html}");
}

#[test]
fn headings() {
    check("<h1>One</h1><h2>Two <em>em</em></h2><h6>Six</h6>", "# One\n\n## Two *em*\n\n###### Six");
    check("<h2><b>Bold</b></h2><h3></h3>text", "## Bold\n\ntext");
    check("<h2>a<br>b<div>c</div></h2>", "## a b c");
    check("<h1>open<h2>next</h2>", "# open\n\n## next");
    check("<h2>open<ul><li>x</ul>", "## open\n\n- x");
    let long = format!("<h1>{}<p>one<p>two", "word ".repeat(80));
    assert!(md(&long).ends_with("word\n\none\n\ntwo"));
}

#[test]
fn title_stands_in_for_a_missing_h1() {
    check("<head><title> The &amp;\n page </title></head><p>x", "# The & page\n\nx");
    check("<title>T</title><h1>Own</h1>x", "# Own\n\nx");
    check("<title>T</title><h1> </h1>x", "# T\n\nx");
    check("<title>T</title><svg><title>icon</title></svg>x", "# T\n\nx");
    check("<title>only", "# only");
    check("<title>a <b>markup</b> *b*</title>x", "# a \\<b>markup\\</b> \\*b\\*\n\nx");
}

#[test]
fn paragraphs_and_breaks() {
    check("<p>a\n  b\tc</p>\n\n<p>d", "a b c\n\nd");
    check("a<br>b", "a  \nb");
    check("a<br><br><br>b", "a\n\nb");
    check("<p>a<br></p>b", "a\n\nb");
    check("a<hr>b<p>c<hr>", "a\n\n---\n\nb\n\nc\n\n---");
    check("<div><div>a</div><div></div><div><p>b</p></div></div>", "a\n\nb");
    check("a&nbsp;&nbsp;b a&shy;b \u{200b}c", "a b ab c");
    check("a<wbr>b", "ab");
    assert!(!md(&"<div><p> </p><br><br></div>x".repeat(50)).contains("\n\n\n"));
}

#[test]
fn emphasis() {
    check("a <b>b</b> <strong>c</strong> <i>d</i> <em>e</em>", "a **b** **c** *d* *e*");
    check("a<b> b </b>c", "a **b** c");
    check("<b></b><i> </i>x", "x");
    check("<b>a<b>b</b>c</b>d", "**abc**d");
    check("<b>a</b><b>b</b>", "**ab**");
    check("<b>a<i>b</b> c</i>d", "**a*b*** *c*d");
    check("<i>a<span>b<b>c</span>d</b>e</i>f", "*ab**cd**e*f");
    check("<a href=x><span hidden>a</a>b", "b");
    check("<b><p>a</p><p>b</p></b> c", "**a**\n\n**b**\n\nc");
    check("<p><b>leak</p><p>not</p>", "**leak**\n\nnot");
    check("<s>a</s> <del>b</del>", "~~a~~ ~~b~~");
    check("x<sup>2</sup> H<sub>2</sub>O 4<sup>th</sup>", "x^2 H2O 4th");
    check("<q>said</q>", "\u{201c}said\u{201d}");
}

#[test]
fn code() {
    check("<code>a  b</code>", "`a b`");
    check("<code>a`b</code> <code>`</code>", "``a`b`` `` ` ``");
    check("x<code> y </code>z", "x `y` z");
    check("<kbd>Ctrl</kbd><samp>*</samp>", "`Ctrl``*`");
    check("<code>V&lt;<a href=T>T</a>&gt;</code>", "`V<`[`T`](https://example.org/docs/T)`>`");
    check("<pre>\n  a\n\n\n b\n</pre>", "```\n  a\n\n\n b\n```");
    check("<pre><code class='hljs language-rust'>a</code></pre>", "```rust\na\n```");
    check("<pre class=lang-c++>a</pre>", "```c++\na\n```");
    check("<pre>```\nx</pre>", "````\n```\nx\n````");
    check("<pre>a<br>b<div>c</div><b>d</b>&lt;</pre>e", "```\na\nb\nc\nd<\n```\n\ne");
    check("<pre> \n </pre>x", "x");
    check("<pre><table><tr><td>a</pre><table><tr><td>b<td>c</table>", "```\na\n```\n\n|  |  |\n| --- | --- |\n| b | c |");
    check("<pre>open", "```\nopen\n```");
    check("<pre class='language-a\"b`c'>x</pre>", "```\nx\n```");
}

#[test]
fn links() {
    check("<a href=/x>t</a>", "[t](https://example.org/x)");
    check("<a href='y z(1)'>t</a>", "[t](https://example.org/docs/y%20z%281%29)");
    check("<a href=?a=1&copy=2&amp;b=3>t</a>", "[t](https://example.org/docs/page.html?a=1&copy=2&b=3)");
    check("<a href=#f>t</a>", "[t](https://example.org/docs/page.html?q=1#f)");
    check("<a href='#'>t</a> <a>u</a>", "t u");
    check("<a href=' java\nscript:x()'>t</a> <a href=data:x>d</a> <a href=mailto:a@b.c>m</a>", "t d [m](mailto:a@b.c)");
    check("<base href=/other/><a href=x>t</a>", "[t](https://example.org/other/x)");
    check("<a href=x>[t] *</a>", "[\\[t\\] \\*](https://example.org/docs/x)");
    check("<a href=x> t </a>u", "[t](https://example.org/docs/x) u");
    check("<a href=x></a>y", "y");
    check("<a href=x aria-label='Home page'><svg><path/></svg></a>", "[Home page](https://example.org/docs/x)");
    check("<a href=x>one<a href=y>two</a>", "[one](https://example.org/docs/x)[two](https://example.org/docs/y)");
    check("wow!<a href=x>t</a>", "wow\\![t](https://example.org/docs/x)");
    check("<h2>T<a href=#t>¶</a></h2>", "## T");
    check("x<p><a href=#t>¶</a><p>y", "x\n\ny");
    check(
        "<a href=x><img src=data:i alt=pic><h3>Card</h3><p>More</p></a>",
        "[pic](https://example.org/docs/x)\n\n### [Card](https://example.org/docs/x)\n\nMore",
    );
}

#[test]
fn images() {
    check("<img src=i.png alt='A  cat'>", "![A cat](https://example.org/docs/i.png)");
    check("<img src=i.png>", "![](https://example.org/docs/i.png)");
    check("<img src=data:image/png;base64,AA>x", "x");
    check("<img src=data:x alt=cat> <img alt=dog>", "cat dog");
    check("<img src=data:x data-src=/l.png alt=lazy>", "![lazy](https://example.org/l.png)");
    check("<img src=p.gif width=1 height=1>x", "x");
    check("<a href=/><img src=l.png alt=Logo></a>", "[![Logo](https://example.org/docs/l.png)](https://example.org/)");
}

#[test]
fn lists() {
    check("<ul><li>a<li>b</ul>c", "- a\n- b\n\nc");
    check("<ol start=9><li>a<li>b<li value=20>c<li>d</ol>", "9. a\n10. b\n20. c\n21. d");
    check("<ul><li>a<ul><li>b<ol><li>c</ol></ul><li>d</ul>", "- a\n  - b\n    1. c\n- d");
    check("<ul><li>a</li><ul><li>b</li></ul><li>c</li></ul>", "- a\n  - b\n- c");
    check("<ul><li><p>a</p><p>b</p></li><li><p>c</p></li></ul>", "- a\n\n  b\n\n- c");
    check("<ul><li></li><li>a</li></ul>", "- a");
    check("<ul><li>a<pre>x\n\ny</pre></ul>", "- a\n\n  ```\n  x\n\n  y\n  ```");
    check("<ul><li>a<div>b</div></li></div><li>c</ul>", "- a\n  b\n- c");
    check("<li>stray", "- stray");
    check(
        "<dl><dt>T<dd>one<dd><p>two</p><p>three</p><dt>U<dd>x</dl>",
        "**T**\n: one\n\n: two\n\n  three\n\n**U**\n: x",
    );
}

#[test]
fn quotes_and_details() {
    check("<blockquote>a<p>b</blockquote>c", "> a\n>\n> b\n\nc");
    check("<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n>\n> > b");
    check("<blockquote>a</blockquote><blockquote>b</blockquote>", "> a\n\n> b");
    check("<blockquote><ul><li>a<li>b</ul><pre>x\n\ny</pre></blockquote>", "> - a\n> - b\n>\n> ```\n> x\n>\n> y\n> ```");
    check("<details><summary>Sum</summary><p>Body</details>", "**Sum**\n\nBody");
}

#[test]
fn tables() {
    check(
        "<table><thead><tr><th>A<th>B|C</thead><tr><td>1<td><b>x</b></table>",
        "| A | B\\|C |\n| --- | --- |\n| 1 | **x** |",
    );
    check("<table><tr><th>k<td>v<tr><th>l<td>w</table>", "|  |  |\n| --- | --- |\n| k | v |\n| l | w |");
    check("<table><tr><td>a<td>b<tr></tr><td>c<td>d</table>", "|  |  |\n| --- | --- |\n| a | b |\n| c | d |");
    check("<table><td>a<td>b</table>c", "|  |  |\n| --- | --- |\n| a | b |\n\nc");
    check(
        "<table><tr><th>a<th>b<th>c<tr><td rowspan=2>1<td colspan=2>2<tr><td>3<td>4</table>",
        "| a | b | c |\n| --- | --- | --- |\n| 1 | 2 |  |\n|  | 3 | 4 |",
    );
    check(
        "<table><tr><th>a<th>b<tr><td><ul><li>x<li>y</ul><td>p<br>q</table>",
        "| a | b |\n| --- | --- |\n| - x<br>- y | p<br>q |",
    );
    check("<table><caption>Cap</caption><tr><td>a</table>", "Cap\n\na");
    check("<table role=presentation><tr><td>a<td>b<tr><td><p>c<p>d<td>e</table>", "a b\n\nc\n\nd\n\ne");
    check(
        "<table><tr><td>x<td><table><tr><td>a<td>b<tr><td>c<td>d</table></table>",
        "x\n\n|  |  |\n| --- | --- |\n| a | b |\n| c | d |",
    );
    check("<table><tr><td>1<td><pre>a\nb</pre></table>", "1\n\n```\na\nb\n```");
    check("<table><tr><td>1<td><pre>a|b</pre></table>", "|  |  |\n| --- | --- |\n| 1 | `a\\|b` |");
    check("<table>stray<tr><td>a<td>b</table>", "stray\n\n|  |  |\n| --- | --- |\n| a | b |");
    check("<div><table><tr><td>a</div><td>b</table>c", "|  |  |\n| --- | --- |\n| a | b |\n\nc");
    check("<ul><li>x<table><tr><th>a<th>b<tr><td>1<td>2</table></ul>", "- x\n\n  | a | b |\n  | --- | --- |\n  | 1 | 2 |");
    check("<table><tr><td><td></table>x<td>y", "x\ny");
    check("<table><tr><td>a<td>b", "|  |  |\n| --- | --- |\n| a | b |");
}

#[test]
fn what_is_not_shown_is_dropped() {
    check("a<script>if (a<b) '</p>'</script><style>p{}</style><noscript>n</noscript>b", "ab");
    check("a<script>x</SCRIPT >b<script>open", "ab");
    check("a<!-- c > --><!doctype x><![CDATA[ <b>d</b> ]]><?php e ?></ f>b<!-->c<!--->d", "a\\</ f>bcd");
    check("a<template><p>t</p></template>b<svg><text>s</text></svg>c", "abc");
    check("<p>a<p hidden>b<p>c", "a\n\nc");
    check("<div aria-hidden=TRUE>a<div>b</div>c</div>d", "d");
    check("<span hidden>a<span>b</span>c</span>d", "d");
    check("<div>x<span hidden>y</div>z", "x\n\nz");
    check("<b hidden><p>y</b>z", "z");
    check("<p hidden=until-found>found", "found");
    check("<ul><li aria-hidden=true>a<li>b</ul>", "- b");
    check("<table hidden><tr><td>a<td>b</table>c", "c");
    check("<dialog>a</dialog><dialog open>b</dialog><video>c</video>", "b");
    check("<body hidden>a</body>b", "ab");
    check("a<textarea><b>x</textarea><iframe>y</iframe>b", "ab");
    check("<nav><a href=/>Home</a></nav>", "[Home](https://example.org/)");
    check("<math alttext='x^2'><mi>x</mi></math>", "`x^2`");
}

#[test]
fn text_is_escaped_where_it_would_be_misread() {
    check("<p># a<p>#a<p>- b<p>-b<p>+ c<p>1. d<p>1.d<p>2) e<p>&gt; f<p>a # b", "\\# a\n\n#a\n\n\\- b\n\n-b\n\n\\+ c\n\n1\\. d\n\n1.d\n\n2\\) e\n\n\\> f\n\na # b");
    check("<p>---<p>===<p>***<p>___<p>~~~", "\\---\n\n\\===\n\n\\*\\*\\*\n\n\\_\\_\\_\n\n\\~\\~\\~");
    check("a*b a * b snake_case _x_ `c` ~d ~~e~~", "a\\*b a * b snake_case \\_x\\_ \\`c\\` ~d \\~\\~e\\~\\~");
    check("[a] [b](c) [d]: e", "[a] [b\\](c) [d\\]: e");
    check("a &lt; b &lt;b&gt; &amp;amp; &amp; AT&amp;T c:\\dir \\*", "a < b \\<b> \\&amp; & AT&T c:\\dir \\\\\\*");
    check("<ul><li># x<li>1. y</ul>", "- \\# x\n- 1\\. y");
}

#[test]
fn broken_markup() {
    check("a < b <> c </> d <3 e", "a < b <> c d <3 e");
    check("<p>a</div></b></li>b</p></p>c", "ab\n\nc");
    check("a<b", "a");
    check("a<b c='d", "a");
    check("a<img src=x alt=\"y>b", "a");
    check("<p a=\"1\"b='2'c=3 =d / e>x", "x");
    check("<P CLASS=x><B>y</B>", "**y**");
    check("a\0b\u{1}c", "abc");
    check("<é>x</é><ü ö=ä>y", "<é>x<ü ö=ä>y");
    check("</br>a</br>b", "a  \nb");
    check("", "");
    check("<", "\\<");
    check("a</", "a\\</");
    check("<!", "");
    check("<!--", "");
    check("<a", "");
}

#[test]
fn xhtml_closes_its_own_tags() {
    assert_eq!(markdown::convert("<script src='x'/><div/><p>a</p><b/>c", PAGE, true), "a\n\nc");
}

#[test]
fn character_references() {
    let decode = |text| entities::decode(text, false).into_owned();
    assert_eq!(decode("&amp;&lt;&gt;&quot;&apos;&nbsp;&copy;&hellip;&thetasym;&Alpha;&euro;"), "&<>\"'\u{a0}©…ϑΑ€");
    assert_eq!(decode("&#65;&#x41;&#X1F600;&#65 &#x80;&#0;&#xD800;&#x110000;&#99999999999999;"), "AA😀A €\u{fffd}\u{fffd}\u{fffd}\u{fffd}");
    assert_eq!(decode("&copy2 &notin; &notit &unknown; &; & &# &#x; &#x"), "©2 ∉ ¬it &unknown; &; & &# &#x; &#x");
    assert_eq!(decode("&AMP &ampx"), "& &x");
    assert_eq!(entities::decode("?a&copy=1&lt;&amp", true), "?a&copy=1<&");
    assert!(entities::NAMED.windows(2).all(|pair| pair[0].0.as_bytes() < pair[1].0.as_bytes()));
    assert!(entities::NAMED.len() >= 252);
}

#[test]
fn addresses() {
    let base = url::Base::new("http://a/b/c/d;p?q#f");
    for (href, expected) in [
        ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"),
        ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q#s"),
        ("g;x=1/../y", "http://a/b/c/y"), ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("..", "http://a/b/"),
        ("../..", "http://a/"), ("../../../g", "http://a/g"), ("g?y/../x", "http://a/b/c/g?y/../x"),
        ("g:h", "g:h"), ("HTTPS://X/y", "HTTPS://X/y"), ("a:b/c", "a:b/c"), ("1:2", "http://a/b/c/1:2"),
    ] {
        assert_eq!(base.resolve(href).as_deref(), Some(expected), "{href}");
    }
    assert_eq!(url::Base::new("http://a").resolve("g").as_deref(), Some("http://a/g"));
    assert_eq!(base.resolve("JavaScript:x"), None);
    assert_eq!(url::request(" https://x.org/a b?c=[é]#f ").as_deref(), Ok("https://x.org/a%20b?c=[%C3%A9]"));
    assert_eq!(url::request("http://x/100%/%41").as_deref(), Ok("http://x/100%25/%41"));
    for wrong in ["", "x.org", "ftp://x/", "http://", "http:///a", "http://é/", "http://a b/", "http://x/\n1"] {
        assert!(url::request(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn charsets() {
    let decode = |bytes: &[u8], name| charset::decode(bytes.to_vec(), name);
    assert_eq!(decode("é".as_bytes(), Some("UTF-8")), "é");
    assert_eq!(decode(b"\xe9\x80", Some("ISO-8859-1")), "é€");
    assert_eq!(decode(b"\xe9\x80", None), "é€");
    assert_eq!(decode(b"\xe9 \xc3\xa9", None), "\u{fffd} é");
    assert_eq!(decode(b"\xef\xbb\xbf\xc3\xa9", Some("latin1")), "é");
    assert_eq!(decode(b"\xff\xfea\0\xe9\0", None), "aé");
    assert_eq!(decode(b"\xe9", Some("koi8-r")), "\u{fffd}");
    assert_eq!(charset::declared_in_html(b"<META charset='Windows-1252'>"), Some("Windows-1252"));
    assert_eq!(
        charset::declared_in_html(b"<meta name=x><meta http-equiv=c content=\"text/html; charset=latin1\">"),
        Some("latin1")
    );
    assert_eq!(charset::declared_in_html(b"<p charset=x>"), None);
}

#[test]
fn json_values() {
    let text = r#"{"a":[1,-2.5e3,true,false,null,{}],"b":"\"\\\/\b\f\n\r\té😀","c":{"d":[]}}"#;
    let value = json::parse(text.as_bytes()).unwrap();
    assert_eq!(value.get("b").and_then(Value::as_str), Some("\"\\/\u{8}\u{c}\n\r\té😀"));
    let mut out = String::new();
    json::write(&value, &mut out);
    assert_eq!(json::parse(out.as_bytes()).unwrap(), value);
    let surrogates = json::parse(br#""\ud83d\ude00 \ud83d \ude00 \ud83dx \ud83d\u0041""#).unwrap();
    assert_eq!(surrogates.as_str(), Some("😀 \u{fffd} \u{fffd} \u{fffd}x \u{fffd}A"));
    for wrong in [
        "", " ", "{", "[", "[1", "[1,", "[1,]", "{\"a\"", "{\"a\":", "{\"a\":1,}", "{a:1}", "\"", "\"\\", "\"\\x\"",
        "\"\\u12\"", "\"\\ud83d\\u\"", "\"\n\"", "01", "1.", "-", "1e", "+1", "nul", "truefalse", "1 2", "{}}", "\u{0}",
    ] {
        assert!(json::parse(wrong.as_bytes()).is_err(), "{wrong}");
    }
    assert!(json::parse(b"\"\xff\"").is_err());
    assert!(json::parse("[".repeat(1_000_000).as_bytes()).is_err());
    assert!(json::parse(format!("{}{}", "[".repeat(60), "]".repeat(60)).as_bytes()).is_ok());
    let mut quoted = String::new();
    json::quote("a\"\\\n\u{1}\u{1f}é\u{7f}", &mut quoted);
    assert_eq!(quoted, "\"a\\\"\\\\\\n\\u0001\\u001fé\u{7f}\"");
    for (literal, integer) in [
        ("0", Some(0)), ("-7", Some(-7)), ("20.0", Some(20)), ("2e4", Some(20_000)), ("2.5e1", Some(25)), ("2.5", None),
        ("1500e-2", Some(15)), ("1e-1", None), ("99999999999999999999", None), ("1e999999999", None),
        ("0e999999999", Some(0)), ("1e-999999999", None), ("1e99999999999", None),
    ] {
        assert_eq!(json::parse(literal.as_bytes()).unwrap().as_integer(), integer, "{literal}");
    }
}

fn arguments(json: &str) -> Result<tool::Arguments, String> {
    tool::read_call(format!(r#"{{"params":{{"name":"fetch","arguments":{json}}}}}"#).as_bytes()).unwrap()
}

#[test]
fn arguments_are_checked() {
    let read = arguments(r#"{"url":"http://x","max_length":5,"start_index":2,"raw":true}"#).unwrap();
    assert_eq!(read, tool::Arguments { url: "http://x".into(), max_length: 5, start_index: 2, raw: true });
    assert_eq!(arguments(r#"{"url":"http://x"}"#).unwrap().max_length, 20_000);
    for (given, named) in [
        ("{}", "url"), (r#"{"url":1}"#, "url"), (r#"{"url":"x"}"#, "url"), ("[]", "an array"),
        (r#"{"url":"http://x","max_length":"5"}"#, "max_length"), (r#"{"url":"http://x","max_length":0}"#, "max_length"),
        (r#"{"url":"http://x","max_length":200001}"#, "200000"), (r#"{"url":"http://x","start_index":-1}"#, "start_index"),
        (r#"{"url":"http://x","start_index":1.5}"#, "1.5"), (r#"{"url":"http://x","raw":"yes"}"#, "raw"),
        (r#"{"url":"http://x","raw":null}"#, "null"), (r#"{"url":"http://x","size":1,"Raw":2}"#, "size, Raw"),
    ] {
        let message = arguments(given).unwrap_err();
        assert!(message.contains(named), "{given}: {message}");
    }
    assert!(tool::read_call(br#"{"params":{"name":"other"}}"#).unwrap().is_err());
    for wrong in ["", "{}", r#"{"params":{}}"#, r#"{"method":"x","params":{"name":"fetch"}}"#] {
        assert!(tool::read_call(wrong.as_bytes()).is_err(), "{wrong}");
    }
    assert!(json::parse(tool::DESCRIPTION.as_bytes()).is_ok());
    let request = json::parse(tool::request(&read).as_bytes()).unwrap();
    assert_eq!(request.get("method").and_then(Value::as_str), Some("GET"));
    assert_eq!(request.get("headers").unwrap().get("user-agent").and_then(Value::as_str), Some("errand-fetch/1"));
}

fn answer(args: &str, status: u32, headers: &str, body: &[u8]) -> tool::Answer {
    let given = arguments(&format!(r#"{{"url":"https://x.org/a"{args}}}"#)).unwrap();
    tool::answer(&given, status, headers.as_bytes(), body.to_vec())
}

#[test]
fn answers_follow_the_content_type() {
    let typed = |kind: &str, body: &[u8]| answer("", 200, &format!(r#"{{"content-type":"{kind}"}}"#), body);
    assert_eq!(typed("text/html", b"<b>x</b>").unwrap(), "**x**");
    assert_eq!(typed("Application/XHTML+XML; charset=utf-8", b"<p/>x").unwrap(), "x");
    assert_eq!(typed("text/html; charset=\\\"iso-8859-1\\\"", b"\xe9").unwrap(), "é");
    assert_eq!(typed("text/html", b"<meta charset=latin1><a>\xe9 \xc3\xa9").unwrap(), "é Ã©");
    for kind in ["text/plain", "application/json", "application/ld+json", "text/csv", "application/rss+xml", "text/javascript"] {
        assert_eq!(typed(kind, b"<b>*x*").unwrap(), "<b>*x*");
    }
    for kind in ["image/png", "application/pdf", "application/octet-stream"] {
        let message = typed(kind, b"12345").unwrap_err();
        assert!(message.contains(kind) && message.contains("5 bytes"), "{message}");
    }
    assert_eq!(answer("", 200, "", b" <!DOCTYPE html><i>x").unwrap(), "*x*");
    assert_eq!(answer("", 200, "{}", b"<!-- c --><html><i>x").unwrap(), "*x*");
    assert_eq!(answer("", 200, "{}", "plain <i>é".as_bytes()).unwrap(), "plain <i>é");
    assert!(answer("", 200, "{}", b"\x89PNG\r\n\x1a\n\0\0").unwrap_err().contains("10 bytes"));
    assert_eq!(answer(",\"raw\":true", 200, r#"{"content-type":"text/html"}"#, b"<b>x").unwrap(), "<b>x");
    assert!(answer("", 204, "{}", b"").unwrap().contains("no text"));
}

#[test]
fn texts_are_cut_by_characters() {
    let part = |args: &str| answer(args, 200, r#"{"content-type":"text/plain"}"#, "äöüß€".as_bytes());
    assert_eq!(
        part(",\"max_length\":2").unwrap(),
        "äö\n[cut: characters 0 to 2 of 5; call again with start_index 2]"
    );
    assert_eq!(part(",\"max_length\":2,\"start_index\":3").unwrap(), "ß€");
    assert_eq!(part(",\"max_length\":5").unwrap(), "äöüß€");
    assert!(part(",\"start_index\":5").unwrap_err().contains("5 characters"));
    assert!(part(",\"start_index\":9223372036854775807").is_err());
}

#[test]
fn failures_say_what_to_do() {
    let message = answer("", 302, r#"{"location":"/b"}"#, b"").unwrap_err();
    assert!(message.contains("302") && message.contains("https://x.org/b;"), "{message}");
    let message = answer("", 404, r#"{"content-type":"text/html"}"#, b"<title>Gone</title>").unwrap_err();
    assert!(message.contains("404") && message.contains("# Gone"), "{message}");
    assert!(answer("", 429, r#"{"retry-after":"30"}"#, b"").unwrap_err().contains("retry after: 30"));
    let reply = tool::reply(&Err("a \"b\"".to_string()));
    assert_eq!(reply, r#"{"content":[{"type":"text","text":"a \"b\""}],"isError":true}"#);
    assert!(!tool::reply(&Ok(String::new())).contains("isError"));
}

/// Generous, for slow machines: what is quadratic would take minutes or more.
#[track_caller]
fn quick(what: &str, html: &str) -> usize {
    let start = Instant::now();
    let out = md(html);
    let took = start.elapsed();
    assert!(took < Duration::from_secs(5), "{what} took {took:?}");
    assert!(out.len() <= 24 << 20, "{what} became {} bytes", out.len());
    out.len()
}

#[test]
fn hostile_pages_are_linear() {
    const SIZE: usize = 5_000_000;
    for unit in [
        "<", "<a", "<a href=", "<!--", "<![CDATA[", "<!", "</", "</p", "&", "&#", "&#x1", "&ampamp", "*", "_", "`", "[", "]", "\\",
        "~", "|", "\0", " ", "\u{ad}", "\u{fffd}", "<p>", "<p>x", "<div>", "</div>", "<b>", "<b>x", "<b><p>x", "<i><b>x</i>",
        "<a href=x>", "<a href=x>y", "<a href=x><p>y", "<ul><li>x", "<ol>", "<blockquote>x", "<dl><dd>x", "<li>x", "<dt>x",
        "<pre>", "<pre>x", "<pre>x</pre>", "<code>", "<code>`x", "<table>", "<table><tr><td>x", "<tr>", "<td>x",
        "<table><td colspan=1000 rowspan=1000>x", "<h1>", "<h1>x", "<h1><p>x", "<title>", "<script>", "<script></script",
        "<textarea>x</textarea>", "<svg>", "<span hidden>", "<template>x", "<base href=/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa>", "<br>",
        "<hr>", "<img src=x>", "<q>", "<sup>2", "<option>x", "<x-y>", "a=", "='", "\"", "<a b='", "<a b=\"\" ", "<p><b><i><s><code>x",
        "<b><p></b>", "<a href=x><div></a>", "<table><b>", "<caption>x", "</table>", "</td>", "<!---->", "<?", "<math alttext=x>",
    ] {
        quick(unit, &unit.repeat(SIZE / 4 / unit.len()));
    }
    quick("<", &"<".repeat(SIZE));
    quick("attributes", &format!("<a {}>x", "b=c ".repeat(SIZE / 4)));
    quick("one attribute", &format!("<a b=\"{}", "x".repeat(SIZE)));
    quick("a long word", &"x".repeat(SIZE));
    let deep = 100_000;
    assert_eq!(quick("divs", &format!("{}x{}", "<div>".repeat(deep), "</div>".repeat(deep))), 1);
    quick("below divs", &format!("<b>{}{}", "<div>".repeat(deep), "</b><b>".repeat(deep)));
    quick("unmatched ends", &format!("<p>{}{}", "<div>".repeat(deep), "</span></li></td></p>".repeat(deep)));
    quick("out of reach", &format!("<div>{}<table><td>{}", "<section>".repeat(deep), "</div></section>".repeat(deep)));
    quick("one wide row", &format!("<table><tr>{}{}", "<td rowspan=9>x".repeat(deep), "<tr><td>y".repeat(deep)));
    quick("spans", &format!("<table>{}", "<tr><td rowspan=1000 colspan=300>x<td rowspan=1000>y".repeat(deep)));
    let base = format!("<base href='/{}/'>", "x".repeat(250));
    quick("long base", &format!("{base}{}", "<a href=y>z</a>".repeat(deep * 3)));
    quick("dots", &format!("<a href='{}'>x</a>", "a/../".repeat(1_600)).repeat(200));
    quick("reopened", &format!("{}{}{}", "<span>".repeat(deep), "<i>".repeat(deep), "</span>x".repeat(deep)));
    quick("quotes in lists", &"<ul><li><blockquote>x<pre>\n\n\ny</pre>".repeat(deep));
    quick("names", &(0..deep).map(|n| format!("<x{n}>")).collect::<String>());
}

#[test]
fn any_bytes_are_survived() {
    let pieces: Vec<&[u8]> = vec![
        b"<", b">", b"</", b"<p>", b"</p>", b"<table>", b"<tr>", b"<td colspan=3>", b"</td>", b"</table>", b"<ul>", b"<li>", b"</ul>",
        b"<pre>", b"</pre>", b"<code>", b"</code>", b"<a href=x>", b"</a>", b"<b>", b"</b>", b"<i>", b"</i>", b"<h1>", b"</h1>", b"text ",
        b"\xff", b"\xe2\x80", b"\xc2", b"\xc2\xa0", b"&amp", b"&#x;", b"'", b"\"", b"=", b" ", b"\n", b"<!--", b"-->", b"<span hidden>",
        b"</span>", b"<blockquote>", b"</blockquote>", b"<img alt=y>", b"<br>", b"<hr>", b"<div>", b"</div>", b"<svg>", b"</svg>", b"\0",
        b"<dl>", b"<dd>", b"</dl>", b"<caption>", b"<th rowspan=2>", b"<title>", b"</title>", b"# ", b"1. ", b"*", b"_", b"`", b"\\",
        b"<sup>", b"</sup>", b"2", b"<math alttext=q>", b"</math>", b"<q>", b"</q>", "é".as_bytes(), "¶".as_bytes(),
    ];
    let mut seed: u64 = 42;
    for _ in 0..20_000 {
        let mut page = Vec::new();
        for _ in 0..40 {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            page.extend_from_slice(pieces[(seed >> 33) as usize % pieces.len()]);
        }
        let html = charset::decode(page, Some("utf-8"));
        let out = md(&html);
        assert_eq!(md(&html), out);
        assert!(html.contains("<pre") || !out.contains("\n\n\n"), "{html:?} became {out:?}");
    }
}
