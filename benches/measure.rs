//! Turns, medians, figures of a process, and tables: what the benches have in common.
//!
//! A figure alone says more about the machine than about the program. So contestants run in turn, A B C A B C, every
//! figure is a median, and every table has a column of ratios. Where the system tells (Linux), time is time on the
//! processor, which others on the same machine disturb less; elsewhere it is time on the clock.
#![allow(dead_code, reason = "each bench is a program of its own and uses its own part")]

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// What a process calls itself when a bench runs itself again for a contestant.
pub const ROLE: &str = "CHANCERY_BENCH_ROLE";

/// Clock ticks in a second in `/proc`; the same on every Linux.
const TICKS: f64 = 100.0;

/// The role this process was started for, if it is a contestant.
pub fn role() -> Option<String> {
    std::env::var(ROLE).ok()
}

/// Whether this is only a try: `cargo test` starts benches too, without `--bench`.
pub fn is_trial() -> bool {
    !std::env::args().any(|argument| argument == "--bench")
}

/// How often each contestant runs: `CHANCERY_BENCH_ROUNDS`, else as told; once in a trial.
pub fn rounds(usual: usize) -> usize {
    let told = std::env::var("CHANCERY_BENCH_ROUNDS").ok().and_then(|text| text.parse().ok());
    if is_trial() { 1 } else { told.unwrap_or(usual).max(1) }
}

/// This program once more, to run one contestant.
pub fn again(role: &str) -> Result<Command, Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    command.env(ROLE, role).arg("--bench");
    Ok(command)
}

/// Whether something asked for by name on the command line is this; everything is, unless something is named.
pub fn is_asked(name: &str) -> bool {
    let mut named = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).peekable();
    named.peek().is_none() || named.any(|asked| name.contains(&asked))
}

/// The middle of some figures.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        length if length % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

/// Lets each of `contestants` run in turn, `rounds` times, and returns the median of what each run says.
pub fn in_turn<C>(contestants: &[C], rounds: usize, mut run: impl FnMut(&C) -> f64) -> Vec<f64> {
    let mut figures = vec![Vec::with_capacity(rounds); contestants.len()];
    for _ in 0..rounds {
        for (contestant, figures) in contestants.iter().zip(&mut figures) {
            figures.push(run(contestant));
        }
    }
    figures.into_iter().map(median).collect()
}

/// How long this thread works on something, in seconds.
pub fn seconds<T>(work: impl FnOnce() -> T) -> f64 {
    let (clock, before) = (Instant::now(), thread_seconds());
    black_box(work());
    match (before, thread_seconds()) {
        (Some(before), Some(after)) => after - before,
        _ => clock.elapsed().as_secs_f64(),
    }
}

/// Time of this thread on the processor.
fn thread_seconds() -> Option<f64> {
    // The figure is brought up to date when the thread is put aside, and at every tick of the scheduler.
    std::thread::yield_now();
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse::<f64>().ok().map(|nanoseconds| nanoseconds / 1e9)
}

/// Time of this whole process on all processors.
pub fn process_seconds() -> Option<f64> {
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the process stands in parentheses and may hold anything; times are the 12th and 13th word after it.
    let mut words = text.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system) = (words.next()?.parse::<f64>().ok()?, words.next()?.parse::<f64>().ok()?);
    Some((user + system) / TICKS)
}

/// The most memory this process ever had, in bytes.
pub fn peak_bytes() -> Option<f64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<f64>().ok().map(|kilobytes| kilobytes * 1024.0)
}

/// The bytes of all files below a folder.
pub fn folder_bytes(folder: &Path) -> Result<u64, Box<dyn Error>> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() { folder_bytes(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}

/// Bytes and seconds as MB/s.
pub fn rate(bytes: usize, seconds: f64) -> String {
    format!("{:.1}", bytes as f64 / 1e6 / seconds)
}

/// A ratio with two digits that count.
pub fn ratio(value: f64) -> String {
    if value >= 10.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// Prints a table that can stand in a page of Markdown as it is.
pub fn table(title: &str, head: &[&str], rows: &[Vec<String>]) {
    let widths: Vec<usize> = (0..head.len())
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
            cells.chain([head[column].chars().count(), 3]).max().unwrap_or(0)
        })
        .collect();
    let line = |cells: Vec<&str>| {
        let padded = cells.iter().zip(&widths).enumerate().map(|(column, (cell, width))| match column {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        println!("| {} |", padded.collect::<Vec<_>>().join(" | "));
    };
    println!("\n{title}\n");
    line(head.to_vec());
    let rules: Vec<String> = widths
        .iter()
        .enumerate()
        .map(|(column, width)| if column == 0 { "-".repeat(*width) } else { format!("{}:", "-".repeat(width - 1)) })
        .collect();
    line(rules.iter().map(String::as_str).collect());
    rows.iter().for_each(|row| line(row.iter().map(String::as_str).collect()));
}
