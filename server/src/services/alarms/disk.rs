//! Whether the disk under the data folder is nearly full.

use std::path::Path;

/// How full it is, in figures, if less is free than that many percent of what may be used.
pub(super) fn filling(folder: &Path, least_percent: u8) -> Option<String> {
    if least_percent == 0 {
        return None;
    }
    let disk = match rustix::fs::statvfs(folder) {
        Ok(disk) => disk,
        Err(fault) => {
            tracing::warn!(cause = %fault, "how full the disk is cannot be told");
            return None;
        }
    };
    judge(disk.f_bavail, disk.f_blocks, disk.f_frsize, least_percent)
}

/// Of blocks of so many bytes; free ones are those that the server may use.
fn judge(free: u64, blocks: u64, size: u64, least_percent: u8) -> Option<String> {
    let percent = free.saturating_mul(100).checked_div(blocks)?;
    let gib = |blocks: u64| blocks.saturating_mul(size) >> 30;
    (percent < u64::from(least_percent)).then(|| format!("{percent} % ({} GiB / {} GiB)", gib(free), gib(blocks)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_fills_when_less_is_free_than_asked_for() {
        let block = 1 << 20;
        assert_eq!(judge(10 << 10, 100 << 10, block, 10), None);
        assert_eq!(
            judge((10 << 10) - 1, 100 << 10, block, 10),
            Some("9 % (9 GiB / 100 GiB)".into())
        );
        assert_eq!(judge(0, 0, block, 10), None, "no disk that could be full");
        assert_eq!(filling(Path::new("/"), 0), None);
        assert_eq!(filling(Path::new("/no such folder"), 10), None);
    }
}
