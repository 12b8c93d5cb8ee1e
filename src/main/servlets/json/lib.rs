//! The servlet `errand/json`: questions to JSON, and JSON of another shape.

mod compare;
// Shared with other servlets, so that part of it may be unused here.
#[allow(dead_code)]
#[path = "../pdk/json.rs"]
mod json;
mod path;
mod query;
#[allow(dead_code)]
#[path = "../pdk/tool.rs"]
mod tool;
mod reshape;
mod tools;

#[cfg(test)]
mod tests;

#[cfg(target_arch = "wasm32")]
#[allow(dead_code)]
#[path = "../pdk/extism.rs"]
mod extism;

#[cfg(target_arch = "wasm32")]
#[no_mangle]
pub extern "C" fn describe() -> i32 {
    extism::output(tools::DESCRIPTION);
    0
}

#[cfg(target_arch = "wasm32")]
#[no_mangle]
pub extern "C" fn call() -> i32 {
    match tool::serve(&extism::input(), tools::run) {
        Ok(output) => {
            extism::output(&output);
            0
        }
        Err(message) => {
            extism::error(&message);
            1
        }
    }
}
