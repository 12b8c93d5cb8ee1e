//! The servlet `errand/time`: the clock, time zones and calendar arithmetic.

mod calendar;
mod duration;
mod moment;
#[path = "../pdk/mod.rs"]
mod pdk;
mod posix;
mod tools;
mod zones;

#[cfg(test)]
mod tests;

use pdk::tool;
#[cfg(target_arch = "wasm32")]
use tools::DESCRIPTION;

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
fn run(call: &tool::Call) -> tool::Answer {
    tools::run(call, clock)
}
