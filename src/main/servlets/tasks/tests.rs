use crate::json::{self, Value};
use crate::tool;
use crate::tools;
use std::cell::RefCell;

fn serve(input: &str, status: u32, body: &str) -> (Value, Vec<(String, String)>) {
    let sent = RefCell::new(Vec::new());
    let send = |request: &str, body_sent: &str| {
        sent.borrow_mut().push((request.to_string(), body_sent.to_string()));
        (status, body.as_bytes().to_vec())
    };
    let output = tool::serve(input.as_bytes(), |call| tools::run(call, send)).unwrap();
    (json::parse(output.as_bytes()).unwrap(), sent.into_inner())
}

fn text(output: &Value) -> &str {
    let Some(Value::Array(content)) = output.get("content") else { panic!() };
    content[0].get("text").and_then(Value::as_str).unwrap()
}

#[test]
fn the_description_is_json() {
    let description = json::parse(tools::DESCRIPTION.as_bytes()).unwrap();
    let Some(Value::Array(tools)) = description.get("tools") else { panic!() };
    assert_eq!(5, tools.len());
}

#[test]
fn a_call_becomes_one_request() {
    let (output, sent) = serve(
        r#"{"params":{"name":"run","arguments":{"task":"a \"b\"","parameters":{"n":[1,{"x":null}]}}}}"#,
        200,
        r#"{"status":"pending"}"#,
    );
    assert_eq!(r#"{"status":"pending"}"#, text(&output));
    assert_eq!(None, output.get("isError"));
    assert_eq!(1, sent.len());
    let request = json::parse(sent[0].0.as_bytes()).unwrap();
    assert_eq!(Some("http://errand.internal/run"), request.get("url").and_then(Value::as_str));
    assert_eq!(r#"{"task":"a \"b\"","parameters":{"n":[1,{"x":null}]}}"#, sent[0].1);
}

#[test]
fn no_arguments_are_an_empty_object() {
    let (_, sent) = serve(r#"{"params":{"name":"list"}}"#, 200, "[]");
    assert_eq!("{}", sent[0].1);
}

#[test]
fn a_problem_is_told_in_its_own_words() {
    let (output, _) = serve(
        r#"{"params":{"name":"wait","arguments":{"task":"t","run":"r"}}}"#,
        404,
        r#"{"code":"task_not_found","detail":"There is no task t."}"#,
    );
    assert_eq!("There is no task t.", text(&output));
    assert_eq!(Some(&Value::Bool(true)), output.get("isError"));
}

#[test]
fn an_answer_that_is_no_problem_document_is_told_by_its_status() {
    let (output, _) = serve(r#"{"params":{"name":"list"}}"#, 502, "<html>");
    assert_eq!("The request was answered with status 502.", text(&output));
}

#[test]
fn what_is_not_known_is_sent_nowhere() {
    let (output, sent) = serve(r#"{"params":{"name":"delete","arguments":{}}}"#, 200, "");
    assert!(text(&output).contains("list, create, run, wait, schedule"));
    assert!(sent.is_empty());
    let (output, sent) = serve(r#"{"params":{"name":"list","arguments":{"profile":"x"}}}"#, 200, "");
    assert!(text(&output).contains("profile"));
    assert!(sent.is_empty());
}
