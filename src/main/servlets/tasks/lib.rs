//! The servlet `errand/tasks`: tasks of its own profile, by way of the host.

#[path = "../pdk/mod.rs"]
mod pdk;
mod tools;

#[cfg(test)]
mod tests;

use pdk::{json, tool};
#[cfg(target_arch = "wasm32")]
use tools::DESCRIPTION;

#[cfg(target_arch = "wasm32")]
fn run(call: &tool::Call) -> tool::Answer {
    tools::run(call, |request, body| {
        let response = pdk::extism::http(request, Some(body.as_bytes()));
        (response.status, response.body)
    })
}
