#!/usr/bin/env bash
# Runs fuzz targets, FUZZ_SECONDS each (300), all of them or those named. What is found is kept in fuzz/artifacts/<target>, what
# reaches new code in fuzz/found/<target>, next to the corpus. cargo-fuzz wants a nightly compiler; RUSTC_BOOTSTRAP lets the
# stable one take the same flags.
set -euo pipefail
cd "$(dirname "$0")/.."

export RUSTC_BOOTSTRAP=1
# What .cargo/config.toml says, and cargo-fuzz would replace.
export RUSTFLAGS='--cfg erase_components'
seconds=${FUZZ_SECONDS:-300}
sanitizer=${FUZZ_SANITIZER:-address}
folder=${FUZZ_TARGET_DIR:-target/fuzz}
cargo_fuzz=${CARGO_FUZZ:-cargo-fuzz}
targets=("$@")
[[ ${#targets[@]} -gt 0 ]] || mapfile -t targets < <("$cargo_fuzz" fuzz list --fuzz-dir fuzz)

"$cargo_fuzz" fuzz build --fuzz-dir fuzz --sanitizer "$sanitizer" --target-dir "$folder"
failed=()
for target in "${targets[@]}"; do
    echo "== $target ($seconds s)"
    mkdir -p "fuzz/found/$target" "fuzz/artifacts/$target"
    log="$folder/$target.log"
    "$folder/x86_64-unknown-linux-gnu/release/$target" "fuzz/found/$target" "fuzz/corpus/$target" \
        -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=16384 -print_final_stats=1 \
        -artifact_prefix="fuzz/artifacts/$target/" >"$log" 2>&1 || failed+=("$target")
    grep -E '^(#[0-9]+.*DONE|stat::(number|average|peak)|SUMMARY|.*panicked|.*ERROR|artifact_prefix)' "$log" || true
done
[[ ${#failed[@]} -eq 0 ]] || { echo "findings: ${failed[*]} (fuzz/artifacts)" >&2; exit 1; }
