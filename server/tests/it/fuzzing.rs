//! The fuzz entry points on the stable toolchain: the kept corpus is replayed, then each is a property test over random
//! bytes and over changed pieces of its corpus. `make fuzz` looks longer, with coverage as its guide.

use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
    test_runner::{Config, TestRunner},
};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

type Target = (&'static str, fn(&[u8]));

fn targets() -> impl Iterator<Item = Target> {
    let all = [server::fuzzing::TARGETS, dispatcher::fuzzing::TARGETS];
    all.into_iter().flatten().copied()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz")
}

/// What is kept for a target, in an order that does not depend on the file system.
fn corpus(name: &str) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(folder().join("corpus").join(name)).into_iter().flatten();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).unwrap();
        (path.display().to_string(), bytes)
    };
    files.into_iter().map(read).collect()
}

/// One change to an input.
#[derive(Clone, Debug)]
enum Edit {
    Set(Index, u8),
    Insert(Index, Vec<u8>),
    Cut(Index, usize),
    /// A piece of another input, here.
    Splice(Index, Index, Index, usize),
    /// A piece of this input, many times.
    Repeat(Index, usize, usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let words: [&[u8]; 9] = [
        b"\"",
        b"{",
        b"[[",
        b",",
        b"\\u0000",
        b"-1",
        b"9223372036854775807",
        b"1e999",
        b"null",
    ];
    let words = select(words.map(<[u8]>::to_vec).to_vec());
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Set(at, byte)),
        (any::<Index>(), prop_oneof![words, vec(any::<u8>(), 1..4)]).prop_map(|(at, word)| Edit::Insert(at, word)),
        (any::<Index>(), 1..40_usize).prop_map(|(at, length)| Edit::Cut(at, length)),
        (any::<Index>(), any::<Index>(), any::<Index>(), 1..60_usize)
            .prop_map(|(at, other, from, length)| Edit::Splice(at, other, from, length)),
        (any::<Index>(), 1..20_usize, 2..200_usize).prop_map(|(at, length, times)| Edit::Repeat(at, length, times)),
    ]
}

fn apply(mut data: Vec<u8>, edits: Vec<Edit>, seeds: &[Vec<u8>]) -> Vec<u8> {
    for edit in edits {
        let place = |at: Index, data: &[u8]| at.index(data.len() + 1);
        match edit {
            Edit::Set(at, byte) => {
                let at = place(at, &data);
                if let Some(old) = data.get_mut(at) {
                    *old = byte;
                }
            }
            Edit::Insert(at, word) => {
                let at = place(at, &data);
                data.splice(at..at, word);
            }
            Edit::Cut(at, length) => {
                let at = place(at, &data);
                let end = (at + length).min(data.len());
                data.drain(at..end);
            }
            Edit::Splice(at, other, from, length) => {
                let (at, other) = (place(at, &data), &seeds[other.index(seeds.len())]);
                let from = place(from, other);
                let piece = other[from..(from + length).min(other.len())].to_vec();
                data.splice(at..at, piece);
            }
            Edit::Repeat(at, length, times) => {
                let at = place(at, &data);
                let piece = data[at..(at + length).min(data.len())].repeat(times);
                data.splice(at..at, piece);
            }
        }
    }
    data
}

fn run(name: &str, target: fn(&[u8]), cases: u32) {
    let seeds: Vec<Vec<u8>> = corpus(name).into_iter().map(|(_, bytes)| bytes).collect();
    let others = seeds.clone();
    let changed = (select(seeds), vec(edit(), 1..6)).prop_map(move |(data, edits)| apply(data, edits, &others));
    let inputs = prop_oneof![1 => vec(any::<u8>(), 0..200), 7 => changed];
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&inputs, |data| {
        target(&data);
        Ok(())
    });
    // Escaped, the input can be pasted into a file of the corpus with printf.
    if let Err(proptest::test_runner::TestError::Fail(why, data)) = outcome {
        panic!("{name}: {why}\ninput: {}", data.escape_ascii());
    }
}

#[test]
fn every_kept_input_keeps_the_promises() {
    for (name, target) in targets() {
        let kept = corpus(name);
        assert!(!kept.is_empty(), "fuzz/corpus/{name} is empty");
        for (path, bytes) in kept {
            eprintln!("{path}");
            target(&bytes);
        }
    }
}

#[test]
fn changed_and_random_inputs_keep_the_promises() {
    // Keys are slow to open without optimisation; they have a test of their own.
    let slow = ["p12", "p8", "google_account", "huawei_account"];
    for (name, target) in targets().filter(|(name, _)| !slow.contains(name)) {
        run(name, target, 400);
    }
}

#[test]
fn changed_and_random_files_of_keys_keep_the_promises() {
    run("p12", dispatcher::fuzzing::p12, 60);
    run("p8", dispatcher::fuzzing::p8, 100);
    run("google_account", dispatcher::fuzzing::google_account, 60);
    run("huawei_account", dispatcher::fuzzing::huawei_account, 60);
}

#[test]
fn every_entry_point_has_a_fuzz_target_and_a_corpus() {
    let names: BTreeSet<String> = targets().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(names.len(), targets().count(), "two of the same name");
    let listed = |folder: &str, suffix: &str| -> BTreeSet<String> {
        let files = fs::read_dir(self::folder().join(folder)).unwrap();
        let files = files.map(|file| file.unwrap().file_name().to_string_lossy().into_owned());
        files
            .map(|file| file.strip_suffix(suffix).unwrap().to_owned())
            .collect()
    };
    assert_eq!(listed("fuzz_targets", ".rs"), names);
    assert_eq!(listed("corpus", ""), names);
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).unwrap();
    let lines = manifest.lines().filter_map(|line| line.strip_prefix("name = "));
    let bins: BTreeSet<String> = lines.map(|name| name.trim_matches('"').to_owned()).collect();
    let expected: BTreeSet<String> = names.into_iter().chain(["homing-fuzz".to_owned()]).collect();
    assert_eq!(bins, expected);
}
