use std::cmp::Ordering;
use std::time::{Duration, Instant};

use crate::compare;
use crate::json::{self, Value};
use crate::path;
use crate::query::slice;
use crate::tool;
use crate::tools::{run, DESCRIPTION};

const STORE: &str = r#"{"store":{"book":[
 {"category":"reference","author":"Nigel Rees","title":"Sayings of the Century","price":8.95},
 {"category":"fiction","author":"Evelyn Waugh","title":"Sword of Honour","price":12.99},
 {"category":"fiction","author":"Herman Melville","title":"Moby Dick","isbn":"0-553-21311-3","price":8.99},
 {"category":"fiction","author":"J. R. R. Tolkien","title":"The Lord of the Rings","isbn":"0-395-19395-8","price":22.99}],
 "bicycle":{"color":"red","price":399}}}"#;

fn serve(name: &str, arguments: &str) -> (String, bool) {
    let call = format!("{{\"params\":{{\"name\":\"{name}\",\"arguments\":{arguments}}}}}");
    let answer = tool::serve(call.as_bytes(), run).unwrap();
    let answer = json::parse(answer.as_bytes()).unwrap();
    let Value::Array(content) = answer.get("content").unwrap() else { panic!() };
    let text = content[0].get("text").and_then(Value::as_str).unwrap();
    (text.to_string(), answer.get("isError").is_some())
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    json::quote(text, &mut out);
    out
}

fn query(document: &str, path: &str) -> (String, bool) {
    serve("query", &format!("{{\"json\":{},\"path\":{}}}", quoted(document), quoted(path)))
}

#[track_caller]
fn check(document: &str, path: &str, expected: &str) {
    let (text, wrong) = query(document, path);
    assert!(!wrong, "{path}: {text}");
    assert_eq!(text, expected, "{path}");
}

#[track_caller]
fn refused(document: &str, path: &str, part: &str) {
    let (text, wrong) = query(document, path);
    assert!(wrong && text.contains(part), "{path}: {text}");
}

#[track_caller]
fn reshaped(document: &str, template: &str, expected: &str) {
    let (text, wrong) = serve("reshape", &format!("{{\"json\":{},\"template\":{template}}}", quoted(document)));
    assert!(!wrong, "{template}: {text}");
    assert_eq!(text, expected, "{template}");
}

#[track_caller]
fn not_reshaped(document: &str, template: &str, part: &str) {
    let (text, wrong) = serve("reshape", &format!("{{\"json\":{},\"template\":{template}}}", quoted(document)));
    assert!(wrong && text.contains(part), "{template}: {text}");
}

#[test]
fn the_example_of_the_rfc() {
    check(STORE, "$.store.book[*].author", r#"["Nigel Rees","Evelyn Waugh","Herman Melville","J. R. R. Tolkien"]"#);
    check(STORE, "$..author", r#"["Nigel Rees","Evelyn Waugh","Herman Melville","J. R. R. Tolkien"]"#);
    check(STORE, "$.store..price", "[8.95,12.99,8.99,22.99,399]");
    check(STORE, "$..book[2].title", r#"["Moby Dick"]"#);
    check(STORE, "$..book[-1].title", r#"["The Lord of the Rings"]"#);
    check(STORE, "$..book[0,1].price", "[8.95,12.99]");
    check(STORE, "$..book[:2].price", "[8.95,12.99]");
    check(STORE, "$..book[?@.isbn].title", r#"["Moby Dick","The Lord of the Rings"]"#);
    check(STORE, "$..book[?@.price<10].title", r#"["Sayings of the Century","Moby Dick"]"#);
    check(STORE, "$..book[?(@.price < 10 && @.category == 'fiction')].title", r#"["Moby Dick"]"#);
    check(STORE, "$.store.*.color", r#"["red"]"#);
    check(STORE, "$.store['bicycle'][\"color\"]", r#"["red"]"#);
    check(STORE, "$..book[?@.price > $.store.book[0].price && !@.isbn].title", r#"["Sword of Honour"]"#);
}

#[test]
fn selectors() {
    check("[1,2,3]", "$", "[[1,2,3]]");
    check("5", "$", "[5]");
    check("5", "$.a[0]..b", "[]");
    check("[1,2,3]", "$[-4]", "[]");
    check("[1,2,3]", "$[3]", "[]");
    check("[1,2,3]", "$[-3,0,0]", "[1,1,1]");
    check(r#"{"0":1}"#, "$[0]", "[]");
    check("[1]", "$.length", "[]");
    check(r#"{"a b":1,"":2,"'":3,"\"":4,"é":5,"☺":6,"\\":7}"#, r#"$['a b','',"'",'"','\'',"\"",'\u00e9','☺','\\']"#, "[1,2,3,4,3,4,5,6,7]");
    check(r#"{"é_1":5}"#, "$.é_1", "[5]");
    check(r#"{"😀":5}"#, r"$['\uD83D\ude00']", "[5]");
    check("[[1,[2]],{\"a\":3}]", "$..*", "[[1,[2]],{\"a\":3},1,[2],2,3]");
    check("[[1],[2]]", "$..[0]", "[[1],1,2]");
    check(r#"{"a":{"a":1}}"#, "$..a", r#"[{"a":1},1]"#);
    check(r#"{"a":1,"a":2}"#, "$.a", "[2]");
    check(" { \"a\" : [ 1 , 2 ] } ", "$ .a [ 1 ]", "[2]");
    check(r#"{"a":null}"#, "$.a", "[null]");
    check("[0,1,2,3,4,5,6]", "$[1:5:2]", "[1,3]");
    check("[0,1,2,3,4,5,6]", "$[5:1:-2]", "[5,3]");
    check("[0,1,2,3,4,5,6]", "$[::-1]", "[6,5,4,3,2,1,0]");
    check("[0,1,2,3,4,5,6]", "$[-2 : ]", "[5,6]");
    check("[0,1,2,3,4,5,6]", "$[:-5]", "[0,1]");
    check("[0,1,2,3,4,5,6]", "$[::0]", "[]");
    check("[0,1]", "$[-9007199254740991:9007199254740991:9007199254740991]", "[0]");
    check("{}", "$[1:]", "[]");
    assert_eq!(slice(3, Some(10), Some(-10), -1), [2, 1, 0]);
    assert_eq!(slice(0, None, None, -1), [0i64; 0]);
}

#[test]
fn filters() {
    check("[1,2,3]", "$[?@ > 1]", "[2,3]");
    check("[1,1.0,10e-1,\"1\",true]", "$[?@ == 1]", "[1,1.0,10e-1]");
    check("[1,2,3]", "$[?@ >= 2 && @ <= 2]", "[2]");
    check("[1,2,3]", "$[?@ == 1 || @ == 3]", "[1,3]");
    check("[1,2,3]", "$[?@ == 1 || @ == 2 && @ == 3]", "[1]");
    check("[1,2,3]", "$[?(@ == 1 || @ == 2) && @ != 1]", "[2]");
    check("[1,2,3]", "$[?!(@ == 1)]", "[2,3]");
    check("[\"a\",\"b\"]", "$[?@ < 'b']", "[\"a\"]");
    check("[1,\"b\",null]", "$[?@ < 'c']", "[\"b\"]");
    check("[null,false,{\"a\":null}]", "$[?@ == null]", "[null]");
    check("[null,false,true]", "$[?@ == false || @ == true]", "[false,true]");
    check(r#"[{"a":1},{"b":1}]"#, "$[?@.a == @.b]", "[]");
    check(r#"[{"a":1},{"c":1}]"#, "$[?@.b == @.d]", r#"[{"a":1},{"c":1}]"#);
    check(r#"[{"a":1},{"b":1}]"#, "$[?@.a != 1]", r#"[{"b":1}]"#);
    check(r#"[{"a":null},{"b":1}]"#, "$[?@.a]", r#"[{"a":null}]"#);
    check(r#"[{"a":[1,{"x":2.0}]},{"a":[1]}]"#, "$[?@.a == $[0].a]", r#"[{"a":[1,{"x":2.0}]}]"#);
    check(r#"{"x":{"p":1,"q":2},"y":{"q":2.0,"p":1e0}}"#, "$[?@ == $.x].p", "[1,1e0]");
    check(r#"[[1,2],[3]]"#, "$[?@[?@ > 2]]", "[[3]]");
    check(r#"{"a":{"p":5},"b":{"p":6}}"#, "$[?@.p==6]", r#"[{"p":6}]"#);
    check("[true,1]", "$[?@ <= true]", "[true]");
    check("[-1,-2,0]", "$[?@ < -0.5e0]", "[-1,-2]");
    check("[1,2]", "$[?@==2,?@==1]", "[2,1]");
    check(r#"[{"a":{"b":1}}]"#, "$[? @.a.b == 1 ]", r#"[{"a":{"b":1}}]"#);
    check(r#"[{"a":[0]}]"#, "$[?@..b || @.a[0] == 0]", r#"[{"a":[0]}]"#);
}

#[test]
fn numbers_keep_their_text() {
    check("[1.0,123456789012345678901234567890,-0.0,1E+2,1e400]", "$[*]", "[1.0,123456789012345678901234567890,-0.0,1E+2,1e400]");
    check("[123456789012345678901234567890,123456789012345678901234567891]", "$[?@ > 123456789012345678901234567890]", "[123456789012345678901234567891]");
    for (left, right, expected) in [
        ("0", "-0.0", Ordering::Equal),
        ("0e99999999999999999999", "0", Ordering::Equal),
        ("1e3", "1000", Ordering::Equal),
        ("0.001", "1E-3", Ordering::Equal),
        ("1e99999999999999999999", "2", Ordering::Greater),
        ("1e-99999999999999999999", "0", Ordering::Greater),
        ("-1e-99999999999999999999", "0", Ordering::Less),
        ("-10", "-9", Ordering::Less),
        ("0.1", "0.09", Ordering::Greater),
        ("12", "1.2e1", Ordering::Equal),
        ("99", "100", Ordering::Less),
        ("-1", "1", Ordering::Less),
        ("1.000000000000000000001", "1", Ordering::Greater),
    ] {
        assert_eq!(compare::numbers(left, right), expected, "{left} {right}");
        assert_eq!(compare::numbers(right, left), expected.reverse(), "{right} {left}");
    }
}

#[test]
fn wrong_paths_say_where() {
    for (path, part) in [
        ("", "at character 1: expected $, but the path ends"),
        ("a", "at character 1: expected $, found 'a'"),
        ("$.", "at character 3: expected a name or *"),
        ("$..", "expected a name or *"),
        ("$.1", "at character 3: expected a name or *"),
        ("$.a-b", "at character 4: expected ., .., [ or the end, found '-'"),
        ("$[", "at character 3: expected a name in quotes"),
        ("$[a]", "expected a name in quotes"),
        ("$[]", "expected a name in quotes"),
        ("$['a", "expected ' at the end"),
        ("$['\\x']", "at character 4: an unknown escape"),
        ("$['\\ud800']", "an unknown escape"),
        ("$['a\nb']", "a control character"),
        ("$[1 2]", "at character 5: expected a comma or ]"),
        ("$[01]", "at character 3: 01 is no index"),
        ("$[-0]", "-0 is no index"),
        ("$[-]", "expected a digit"),
        ("$[9007199254740992]", "9007199254740992 is no index"),
        ("$[1.5]", "expected a comma or ]"),
        ("$[?]", "expected @, $, a text"),
        ("$[?@.a = 1]", "equality has two signs"),
        ("$[?@.a == ]", "expected @, $, a text"),
        ("$[?@.a == b]", "b is not known; texts are quoted"),
        ("$[?1]", "expected a comparison"),
        ("$[?@.* == 1]", "at character 4: a path that is compared"),
        ("$[?1 == @..a]", "at character 9: a path that is compared"),
        ("$[?!@.a == 1]", "! before a comparison"),
        ("$[?(@.a]", "expected &&, || or )"),
        ("$[?@.a && ]", "expected @"),
        ("$[?@.a == 01]", "a malformed number"),
        ("$[?@.a == 1-2]", "a malformed number"),
        ("$[?length(@.a) > 1]", "functions such as length are not known"),
        ("$.a.length()", "functions are not known"),
        ("$.é.", "at character 5"),
        ("$ ", "found ' '"),
    ] {
        refused("{}", path, part);
    }
    refused("{}", &format!("$[?{}@{}]", "(".repeat(31), ")".repeat(31)), "nested more than 30 deep");
    refused("{}", &format!("${}", "[?@".repeat(3000)), "nested more than 30 deep");
    refused("{}", &"$".repeat(10_001), "10001 characters");
    refused("{}", &"!".repeat(9_000), "expected $");
    refused("{}", &format!("$[?{}", "!".repeat(9_000)), "expected @");
    assert!(path::read(&format!("${}", ".a".repeat(4_999))).is_ok());
}

#[test]
fn wrong_json_says_where() {
    for (text, part) in [
        ("", "the JSON lacks a value at line 1, column 1"),
        ("{\"a\":1,\n \"b\":}", "at line 2, column 6"),
        ("[1,2", "the JSON lacks a comma or ] in an array at line 1, column 5"),
        ("[1] x", "something follows the JSON value at line 1, column 5"),
        ("[\"é\", x]", "at line 1, column 7"),
        ("nul", "an unknown word at line 1, column 1"),
        ("[1,]", "at line 1, column 4"),
        ("{'a':1}", "lacks a name in an object at line 1, column 2"),
        ("\"abc", "an unfinished string at line 1, column 5"),
        ("\"\\", "an unknown escape"),
        ("\"\\u12", "malformed \\u escape"),
        ("01", "something follows"),
        ("-", "a malformed number at line 1, column 2"),
    ] {
        refused(text, "$", part);
    }
    refused(&"[".repeat(100_000), "$", "nested too deeply");
    check(&format!("{}1{}", "[".repeat(64), "]".repeat(64)), "$..[?@ == 1]", "[1]");
    refused(&" ".repeat(1_000_001), "$", "1000001 bytes");
}

#[test]
fn values_and_the_first() {
    assert_eq!(serve("query", r#"{"json":{"a":[1.50,2]},"path":"$.a[*]","first":true}"#), ("1.50".to_string(), false));
    assert_eq!(serve("query", r#"{"json":[7],"path":"$[*]","first":false}"#), ("[7]".to_string(), false));
    assert_eq!(serve("query", r#"{"json":null,"path":"$"}"#), ("[null]".to_string(), false));
    let (text, wrong) = serve("query", r#"{"json":{},"path":"$.a","first":true}"#);
    assert!(wrong && text == "The path $.a finds nothing.");
}

#[test]
fn templates() {
    let team = r#"{"team":"red","users":[{"name":"A","tags":["x","y"]},{"name":"B","age":1.0}]}"#;
    reshaped(team, r#"{"t":"$.team","n":"$.users[*].name","none":"$.nothing","one":1.0,"l":"literal"}"#, r#"{"t":"red","n":["A","B"],"none":null,"one":1.0,"l":"literal"}"#);
    reshaped(team, r#""$.users[1].age""#, "1.0");
    reshaped(team, r#"["$.team",["$$.team","$$"],true,null]"#, r#"["red",["$.team","$"],true,null]"#);
    reshaped(team, r#"{"$for":"$.users","$each":{"who":"$.name","of":"$root.team","tags":"$.tags[*]"}}"#, r#"[{"who":"A","of":"red","tags":["x","y"]},{"who":"B","of":"red","tags":[]}]"#);
    reshaped(team, r#"{"$for":"$.users[*]","$each":"$.name"}"#, r#"["A","B"]"#);
    reshaped(team, r#"{"$for":"$.users[?@.age]","$each":"$"}"#, r#"[{"name":"B","age":1.0}]"#);
    reshaped(team, r#"{"$for":"$.users","$each":{"$for":"$.tags","$each":["$","$root.team"]}}"#, r#"[[["x","red"],["y","red"]],[]]"#);
    reshaped(team, r#"{"$for":"$.none","$each":1}"#, "[]");
    reshaped(team, r#"{"$for":"$.team","$each":"$"}"#, r#"["red"]"#);
    reshaped(team, r#"{"$for":"$.users","$each":"$root"}"#, &format!("[{team},{team}]"));
    reshaped("[1,2]", r#"{"k$":"$[*]","":"x$.a"}"#, r#"{"k$":[1,2],"":"x$.a"}"#);
    not_reshaped(team, r#"{"$for":"$.users"}"#, "must have both");
    not_reshaped(team, r#"{"$for":"$.users","$each":1,"x":2}"#, "must have both and nothing else");
    not_reshaped(team, r#"{"$for":1,"$each":1}"#, "must be a path, not a number");
    not_reshaped(team, r#"{"a":["$.b-"]}"#, "The path \"$.b-\" in the template is wrong: at character 4");
    not_reshaped(team, r#""$5""#, "in the template is wrong");
    not_reshaped("{", "1", "no JSON");
}

#[test]
fn hostile_calls_end_soon() {
    let wide = format!("[{}]", vec!["1"; 100_000].join(","));
    let deep = format!("{}1{}", "[1,".repeat(60), "]".repeat(60));
    let objects = format!("[{}]", (0..20_000).map(|n| format!("{{\"a\":{n}}}")).collect::<Vec<_>>().join(","));
    let members = format!("{{{}}}", (0..50_000).map(|n| format!("\"n{n}\":{n}")).collect::<Vec<_>>().join(","));
    let calls = [
        (&wide, "$[?$[?$[?@ == 2]]]".to_string()),
        (&wide, "$[?$ == $]".to_string()),
        (&wide, "$[?$ == 1]".to_string()),
        (&wide, format!("$[{}]", vec!["*"; 4000].join(","))),
        (&wide, format!("$[{}]", vec!["::-1"; 2000].join(","))),
        (&deep, format!("${}", "..*".repeat(100))),
        (&objects, "$[?$[?@.a == 19999].a == 3]".to_string()),
        (&objects, "$..[?$..a]".to_string()),
        (&members, format!("$[{}]", vec!["'n1'"; 1500].join(","))),
        (&members, "$[?$ == $]".to_string()),
        (&wide, "$..*..*..*".to_string()),
    ];
    for (document, path) in calls {
        let start = Instant::now();
        query(document, &path);
        assert!(start.elapsed() < Duration::from_secs(5), "{path:.40} {:?}", start.elapsed());
    }
    let start = Instant::now();
    not_reshaped(&wide, r#"{"$for":"$","$each":{"$for":"$root","$each":{"$for":"$root","$each":"$"}}}"#, "larger than 1000000 bytes");
    not_reshaped(&wide, r#"{"$for":"$","$each":{"$for":"$root[?@ == 2]","$each":1}}"#, "takes too long");
    not_reshaped(&wide, r#"{"$for":"$","$each":"$root"}"#, "larger than");
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn calls() {
    assert!(json::parse(DESCRIPTION.as_bytes()).is_ok());
    for (name, arguments, part) in [
        ("ask", "{}", "There is no tool ask here; there are query and reshape."),
        ("query", "{}", "The argument path is required."),
        ("query", r#"{"path":"$"}"#, "The argument json is required."),
        ("query", r#"{"path":1,"json":1}"#, "The argument path must be a string, not a number."),
        ("query", r#"{"path":"$","json":1,"first":1}"#, "The argument first must be a boolean, not a number."),
        ("query", r#"{"path":"$","json":1,"all":1}"#, "Unknown arguments: all. The tool takes json, path, first."),
        ("reshape", r#"{"json":1}"#, "The argument template is required."),
        ("reshape", r#"{"json":1,"template":1,"path":1}"#, "Unknown arguments: path."),
        ("query", r#"{"path":"$","json":"{"}"#, "The argument json is no JSON: the JSON lacks a name in an object at line 1, column 2."),
    ] {
        let (text, wrong) = serve(name, arguments);
        assert!(wrong && text.contains(part), "{text}");
    }
}
