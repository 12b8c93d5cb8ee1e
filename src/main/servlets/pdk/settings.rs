//! Settings of the installation, and the log of the call.

use super::extism::{store, take};

mod host {
    #[link(wasm_import_module = "extism:host/env")]
    extern "C" {
        pub fn free(offset: u64);
        pub fn config_get(key: u64) -> u64;
        pub fn log_info(text: u64);
        pub fn log_warn(text: u64);
        pub fn log_error(text: u64);
    }
}

/// A setting of the installation; nothing where it has no value.
pub fn config(key: &str) -> Option<String> {
    // SAFETY: the key was just stored; the block of the value is the host's, which tells its length.
    unsafe {
        let key = store(key.as_bytes());
        let value = host::config_get(key);
        host::free(key);
        match value {
            0 => None,
            block => Some(String::from_utf8_lossy(&take(block)).into_owned()),
        }
    }
}

pub enum Level {
    Info,
    Warn,
    Error,
}

/// Logs a line, which a run keeps beside the answer.
pub fn log(level: Level, text: &str) {
    // SAFETY: the block was just stored, and the host copies it.
    unsafe {
        let block = store(text.as_bytes());
        match level {
            Level::Info => host::log_info(block),
            Level::Warn => host::log_warn(block),
            Level::Error => host::log_error(block),
        }
        host::free(block);
    }
}
