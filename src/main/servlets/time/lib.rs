//! The servlet `errand/time`: the clock, time zones and calendar arithmetic.

mod calendar;
mod duration;
// Shared with other servlets, so that part of it may be unused here.
#[allow(dead_code)]
#[path = "../pdk/json.rs"]
mod json;
mod moment;
mod posix;
#[allow(dead_code)]
#[path = "../pdk/tool.rs"]
mod tool;
mod tools;
mod zones;

#[cfg(test)]
mod tests;

#[cfg(target_arch = "wasm32")]
#[allow(dead_code)]
#[path = "../pdk/extism.rs"]
mod extism;

#[cfg(target_arch = "wasm32")]
mod host {
    #[link(wasm_import_module = "wasi_snapshot_preview1")]
    extern "C" {
        pub fn clock_time_get(clock: u32, precision: u64, time: *mut u64) -> u32;
    }
}

/// Nanoseconds since 1970. The standard library has no clock for this target.
#[cfg(target_arch = "wasm32")]
fn clock() -> i128 {
    let mut time = 0;
    // SAFETY: the host writes eight bytes at the address, which is that of a u64. Clock 0 is that
    // of the wall.
    unsafe { host::clock_time_get(0, 1, &mut time) };
    time as i128
}

#[cfg(target_arch = "wasm32")]
#[no_mangle]
pub extern "C" fn describe() -> i32 {
    extism::output(tools::DESCRIPTION);
    0
}

#[cfg(target_arch = "wasm32")]
#[no_mangle]
pub extern "C" fn call() -> i32 {
    match tool::serve(&extism::input(), |call| tools::run(call, clock)) {
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
