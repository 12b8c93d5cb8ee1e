//! The servlet `errand/json`: questions to JSON, and JSON of another shape.

mod compare;
mod path;
#[path = "../pdk/mod.rs"]
mod pdk;
mod query;
mod reshape;
mod tools;

#[cfg(test)]
mod tests;

use pdk::{json, tool};
#[cfg(target_arch = "wasm32")]
use tools::{run, DESCRIPTION};
