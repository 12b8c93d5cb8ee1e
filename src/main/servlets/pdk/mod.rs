//! What servlets share, of which one may leave a part unused. A servlet with this has a
//! `DESCRIPTION` and a function `run` at its root.

#[cfg(target_arch = "wasm32")]
#[allow(dead_code)]
pub mod extism;
#[allow(dead_code)]
pub mod json;
#[cfg(target_arch = "wasm32")]
#[allow(dead_code)]
pub mod settings;
#[allow(dead_code)]
pub mod tool;

#[cfg(target_arch = "wasm32")]
mod exports;
