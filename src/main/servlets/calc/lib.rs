//! The servlet `errand/calc`: exact decimal arithmetic.

mod expression;
mod natural;
mod number;
#[path = "../pdk/mod.rs"]
mod pdk;
mod tools;

#[cfg(test)]
mod tests;

use pdk::tool;
#[cfg(target_arch = "wasm32")]
use tools::{run, DESCRIPTION};
