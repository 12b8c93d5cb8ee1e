//! What the host calls: `describe` and `call`.

use super::{extism, tool};

#[no_mangle]
pub extern "C" fn describe() -> i32 {
    extism::output(crate::DESCRIPTION);
    0
}

#[no_mangle]
pub extern "C" fn call() -> i32 {
    match tool::serve(&extism::input(), crate::run) {
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
