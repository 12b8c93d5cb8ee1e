//! The Extism host interface, as far as the servlets need it.
//!
//! Offsets and lengths belong to the host's own memory, never to the module's, so every byte
//! crosses through a host call; eight at a time where possible because a call is what costs.

mod host {
    #[link(wasm_import_module = "extism:host/env")]
    extern "C" {
        pub fn alloc(length: u64) -> u64;
        pub fn free(offset: u64);
        pub fn length(offset: u64) -> u64;
        pub fn load_u8(offset: u64) -> u32;
        pub fn load_u64(offset: u64) -> u64;
        pub fn store_u8(offset: u64, value: u32);
        pub fn store_u64(offset: u64, value: u64);
        pub fn input_length() -> u64;
        pub fn input_load_u8(offset: u64) -> u32;
        pub fn input_load_u64(offset: u64) -> u64;
        pub fn output_set(offset: u64, length: u64);
        pub fn error_set(offset: u64);
        pub fn http_request(request: u64, body: u64) -> u64;
        pub fn http_status_code() -> u32;
        pub fn http_headers() -> u64;
    }
}

pub struct Response {
    pub status: u32,
    /// A JSON object of lower-case names to values, or nothing when the host keeps no headers.
    pub headers: Vec<u8>,
    pub body: Vec<u8>,
}

fn gather(length: u64, word: impl Fn(u64) -> u64, byte: impl Fn(u64) -> u8) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(length as usize);
    let mut at = 0;
    while at + 8 <= length {
        bytes.extend_from_slice(&word(at).to_le_bytes());
        at += 8;
    }
    while at < length {
        bytes.push(byte(at));
        at += 1;
    }
    bytes
}

pub(super) fn store(bytes: &[u8]) -> u64 {
    // SAFETY: the host bounds-checks its memory, and the block was allocated to this length.
    unsafe {
        let offset = host::alloc(bytes.len() as u64);
        let mut at = offset;
        let mut words = bytes.chunks_exact(8);
        for word in &mut words {
            let mut eight = [0; 8];
            eight.copy_from_slice(word);
            host::store_u64(at, u64::from_le_bytes(eight));
            at += 8;
        }
        for &byte in words.remainder() {
            host::store_u8(at, byte as u32);
            at += 1;
        }
        offset
    }
}

/// Frees the block, for a page is large and the host keeps blocks until the call has ended.
pub(super) fn take(offset: u64) -> Vec<u8> {
    if offset == 0 {
        return Vec::new();
    }
    // SAFETY: the offset came from the host, which also told its length.
    unsafe {
        let bytes = gather(
            host::length(offset),
            |at| host::load_u64(offset + at),
            |at| host::load_u8(offset + at) as u8,
        );
        host::free(offset);
        bytes
    }
}

pub fn input() -> Vec<u8> {
    // SAFETY: reads stay below the length that the host gave.
    unsafe {
        gather(
            host::input_length(),
            |at| host::input_load_u64(at),
            |at| host::input_load_u8(at) as u8,
        )
    }
}

pub fn output(text: &str) {
    // SAFETY: the block is the one just stored; the host keeps it until the call has ended.
    unsafe { host::output_set(store(text.as_bytes()), text.len() as u64) }
}

pub fn error(message: &str) {
    // SAFETY: as for output.
    unsafe { host::error_set(store(message.as_bytes())) }
}

/// Does not return when the host refuses the request: the host then ends the whole call.
pub fn http(request: &str, body: Option<&[u8]>) -> Response {
    // SAFETY: both blocks were just stored; the status and headers are those of this request.
    unsafe {
        let request = store(request.as_bytes());
        let sent = body.map_or(0, store);
        let body = take(host::http_request(request, sent));
        host::free(request);
        if sent != 0 {
            host::free(sent);
        }
        Response {
            status: host::http_status_code(),
            headers: take(host::http_headers()),
            body,
        }
    }
}
