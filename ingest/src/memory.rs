//! How much memory this process held.

/// The most memory that this process held at once, in bytes; 0 where the system does not tell (it does on Linux).
pub fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1_024
}

#[cfg(test)]
mod tests {
    #[test]
    #[cfg(target_os = "linux")]
    fn what_was_held_is_counted_after_it_is_gone() {
        let held = vec![1_u8; 64 << 20];
        assert_eq!(held.iter().map(|&byte| usize::from(byte)).sum::<usize>(), 64 << 20);
        drop(held);
        assert!(super::peak_memory() >= 64 << 20);
    }
}
