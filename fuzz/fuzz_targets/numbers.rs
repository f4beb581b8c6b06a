#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| auskunft_fuzz::numbers(data));
