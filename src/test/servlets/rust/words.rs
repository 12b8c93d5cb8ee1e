// A servlet in Rust: counts how often each word of its input occurs.
use std::collections::BTreeMap;

#[link(wasm_import_module = "extism:host/env")]
extern "C" {
    fn alloc(length: u64) -> u64;
    fn store_u8(at: u64, value: u8);
    fn output_set(at: u64, length: u64);
    fn input_length() -> u64;
    fn input_load_u8(at: u64) -> u8;
}

fn answer(text: &str) {
    unsafe {
        let block = alloc(text.len() as u64);
        for (i, byte) in text.bytes().enumerate() {
            store_u8(block + i as u64, byte);
        }
        output_set(block, text.len() as u64);
    }
}

#[no_mangle]
pub extern "C" fn describe() -> i32 {
    answer(r#"{"tools":[{"name":"words","description":"Counts words."}]}"#);
    0
}

#[no_mangle]
pub extern "C" fn call() -> i32 {
    let input: Vec<u8> = unsafe { (0..input_length()).map(|i| input_load_u8(i)).collect() };
    let text = String::from_utf8_lossy(&input);
    if text.contains("panic") {
        panic!("asked to panic");
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        *counts.entry(word).or_default() += 1;
    }
    let list: Vec<String> = counts.iter().map(|(w, n)| format!("{w} {n}")).collect();
    answer(&format!(
        r#"{{"content":[{{"type":"text","text":"{}"}}]}}"#,
        list.join(", ")
    ));
    0
}
