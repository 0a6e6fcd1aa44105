//! Runs cases, watches over them and keeps what did harm.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Seek, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, Once};
use std::time::{Duration, Instant};

use super::counting;
use super::mutate::Random;
use super::targets::{Target, TARGETS};
use crate::support::fingerprint;

/// What came of an input.
pub enum Outcome {
    Read,
    Refused(cloze::Error),
    Harm(String),
}

/// A case that takes longer than this hangs; the slowest take milliseconds.
const HANGS_AFTER: Duration = Duration::from_secs(60);

/// Where the last panic was.
static PANIC: Mutex<String> = Mutex::new(String::new());
/// Cases begun, for the watchman.
static BEGUN: AtomicU64 = AtomicU64::new(0);

/// The input of a case: it follows from seed and number.
pub fn case(target: &Target, corpus: &[Vec<u8>], seed: u64, number: u64) -> Vec<u8> {
    let mut random = Random::new(seed.wrapping_mul(0x0100_0000_01b3) ^ number);
    random.next();
    target.spoil(&mut random, corpus)
}

/// Reads one input.
pub fn run(target: &Target, input: &[u8]) -> Outcome {
    static WATCH: Once = Once::new();
    WATCH.call_once(watch);
    BEGUN.fetch_add(1, Relaxed);
    // In which pieces it comes follows from the input, so that a saved one does the same again.
    let hash = u64::from_str_radix(&fingerprint(input), 16).expect("a number");
    let mut random = Random::new(hash);
    let work = || panic::catch_unwind(AssertUnwindSafe(|| (target.read)(input, &mut random)));
    let (result, peak) = counting::peak(work);
    BEGUN.fetch_add(1, Relaxed);
    let most = target.most_memory(input.len());
    match result {
        Err(_) => Outcome::Harm(format!(
            "panic, {}",
            PANIC.lock().expect("no panic in here")
        )),
        Ok(_) if peak > most => Outcome::Harm(format!(
            "{peak} bytes of memory for an input of {}, of which at most {most} are right",
            input.len()
        )),
        Ok(Err(error)) if error.code() == "internal" => Outcome::Harm(error.to_string()),
        Ok(Err(error)) => Outcome::Refused(error),
        Ok(Ok(())) => Outcome::Read,
    }
}

/// Quiet panics, and an end for cases that have none.
fn watch() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| match BEGUN.load(Relaxed) % 2 {
        1 => *PANIC.lock().expect("no panic in here") = info.to_string(),
        _ => usual(info),
    }));
    std::thread::spawn(|| {
        let mut last = (0, Instant::now());
        loop {
            std::thread::sleep(Duration::from_secs(1));
            let begun = BEGUN.load(Relaxed);
            match begun == last.0 && begun % 2 == 1 {
                false => last = (begun, Instant::now()),
                true if last.1.elapsed() < HANGS_AFTER => {}
                true => {
                    eprintln!("A case takes more than {HANGS_AFTER:?}: see target/fuzz/current-*");
                    std::process::abort();
                }
            }
        }
    });
}

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/fuzz");
    fs::create_dir_all(&folder).expect("target/ can be written");
    folder
}

/// Keeps an input, under a name that says which reader it is for.
pub fn save(target: &Target, input: &[u8]) -> PathBuf {
    let file = folder().join(format!("{}-{}.bin", target.name, fingerprint(input)));
    fs::write(&file, input).expect("target/ can be written");
    file
}

/// Reads a kept input again.
pub fn replay(file: &Path) -> Outcome {
    let name = file.file_name().expect("a file").to_string_lossy();
    let target = name.split('-').next().and_then(Target::named);
    let target = target.unwrap_or_else(|| panic!("{name} names no reader"));
    run(target, &fs::read(file).expect("the file can be read"))
}

/// Runs cases of all targets in turn (or of one), and says how many did harm.
pub fn for_long(time: Duration, seed: u64, only: Option<&str>) -> usize {
    let targets: Vec<_> = TARGETS
        .iter()
        .filter(|target| only.is_none_or(|name| name == target.name))
        .map(|target| (target, target.corpus()))
        .collect();
    assert!(!targets.is_empty(), "no reader of this name");
    // What a crash or a hang leaves behind, in files that stay open: it is written for every case.
    let path = |target: &Target| folder().join(format!("current-{}.bin", target.name));
    let open = |(target, _): &(&Target, _)| File::create(path(target));
    let current = targets.iter().map(open).collect::<Result<Vec<_>, _>>();
    let mut current = current.expect("target/ can be written");
    let started = Instant::now();
    let mut said = started;
    let mut counts: BTreeMap<&str, [u64; 3]> = BTreeMap::new();
    let mut harms: BTreeMap<String, PathBuf> = BTreeMap::new();
    for number in 0.. {
        if started.elapsed() >= time {
            break;
        }
        for ((target, corpus), file) in targets.iter().zip(&mut current) {
            let input = case(target, corpus, seed, number);
            file.set_len(input.len() as u64)
                .and_then(|()| file.rewind())
                .and_then(|()| file.write_all(&input))
                .expect("target/ can be written");
            let counts = counts.entry(target.name).or_default();
            match run(target, &input) {
                Outcome::Read => counts[0] += 1,
                Outcome::Refused(_) => counts[1] += 1,
                Outcome::Harm(what) => {
                    counts[2] += 1;
                    // One input for each place is enough.
                    let what: String = what.chars().filter(|c| !c.is_ascii_digit()).collect();
                    harms
                        .entry(format!("{}: {what}", target.name))
                        .or_insert_with_key(|what| {
                            let file = save(target, &input);
                            println!(
                                "HARM {what}\n     case {number}, kept as {}",
                                file.display()
                            );
                            file
                        });
                }
            }
        }
        if said.elapsed() > Duration::from_secs(60) {
            said = Instant::now();
            report(&counts, started.elapsed());
        }
    }
    for (target, _) in &targets {
        let _ = fs::remove_file(path(target));
    }
    report(&counts, started.elapsed());
    harms.len()
}

fn report(counts: &BTreeMap<&str, [u64; 3]>, time: Duration) {
    let total: u64 = counts.values().flatten().sum();
    println!(
        "{total} cases in {:.0} s, {:.0} a second",
        time.as_secs_f64(),
        total as f64 / time.as_secs_f64()
    );
    for (name, [read, refused, harm]) in counts {
        println!("  {name:16} {read:9} read {refused:9} refused {harm:6} did harm");
    }
}
