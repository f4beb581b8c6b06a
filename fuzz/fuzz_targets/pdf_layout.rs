#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| auskunft_fuzz::pdf_layout(data));
