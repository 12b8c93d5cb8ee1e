//! The servlet `errand/fetch`: web pages as Markdown.

mod charset;
mod entities;
mod html;
// Shared with other servlets, so that part of it may be unused here.
#[allow(dead_code)]
#[path = "../pdk/json.rs"]
mod json;
mod markdown;
mod tool;
mod url;

#[cfg(test)]
mod tests;

#[cfg(target_arch = "wasm32")]
#[path = "../pdk/extism.rs"]
mod extism;

#[cfg(target_arch = "wasm32")]
#[no_mangle]
pub extern "C" fn describe() -> i32 {
    extism::output(tool::DESCRIPTION);
    0
}

#[cfg(target_arch = "wasm32")]
#[no_mangle]
pub extern "C" fn call() -> i32 {
    let answer = match tool::read_call(&extism::input()) {
        Ok(Ok(arguments)) => {
            let response = extism::http(&tool::request(&arguments), None);
            tool::answer(&arguments, response.status, &response.headers, response.body)
        }
        Ok(Err(message)) => Err(message),
        Err(message) => {
            extism::error(&message);
            return 1;
        }
    };
    extism::output(&tool::reply(&answer));
    0
}
