//! What can be typed for runs of the indexer, and for looking after what they leave.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::archive::{BUILD_STEP_MB, DEFAULT_MAX_FILE_BYTES};

/// Which files of a corpus to read.
#[derive(Debug, Args)]
pub struct CorpusArguments {
    /// Read only files that match this glob (repeatable)
    #[arg(long, value_name = "GLOB")]
    pub include: Vec<String>,
    /// Leave out what matches this glob (repeatable)
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,
    /// Refuse files larger than this many bytes
    #[arg(long, value_name = "BYTES", default_value_t = DEFAULT_MAX_FILE_BYTES)]
    pub max_file_bytes: u64,
}

/// Where the user's own tables lie.
#[derive(Debug, Args)]
pub struct TablesArguments {
    /// The folder of your own tables of actors; without it `actors` in the folder of the index, if it is there
    #[arg(long, env = "CHANCERY_ACTORS", value_name = "DIR", value_parser = super::folder())]
    pub actors: Option<PathBuf>,
}

impl TablesArguments {
    /// The folder that was typed; an empty one, as of a variable that is set to nothing, is none.
    pub fn typed(&self) -> Option<&Path> {
        self.actors.as_deref().filter(|folder| !folder.as_os_str().is_empty())
    }
}

#[derive(Debug, Args)]
pub struct IndexArguments {
    /// Folders or files of articles; without any, all that the index was made from, else ./corpus
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub corpus: CorpusArguments,
    #[command(flatten)]
    pub tables: TablesArguments,
    /// Write everything anew beside the old index, and turn over at the end
    #[arg(long)]
    pub rebuild: bool,
    /// Tell what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Keep the articles of files that are gone
    #[arg(long)]
    pub keep_vanished: bool,
    /// Take a folder that was given once, and its articles, out of the index, whether it is still there or not (repeatable)
    #[arg(long, value_name = "DIR", conflicts_with_all = ["rebuild", "keep_vanished"])]
    pub forget: Vec<PathBuf>,
    /// Let the archive lose more than a tenth of its articles
    #[arg(long)]
    pub allow_shrink: bool,
    /// Read files with failures again, though they are as they were
    #[arg(long)]
    pub retry: bool,
    /// End with exit code 4 for new failures only, not for those that an earlier run has told
    #[arg(long)]
    pub new_failures_only: bool,
    /// Stop, and leave the index as it is, when more than so many files and lines cannot be read
    #[arg(long, value_name = "COUNT")]
    pub max_failures: Option<usize>,
    /// Commit a build after so many megabytes of text, so that a killed one goes on from there; less takes less memory
    #[arg(long, value_name = "MB", default_value_t = BUILD_STEP_MB, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub commit_every: u64,
    /// Index words and dates only, no actors and quotes; for a new index, or with --rebuild
    #[arg(long)]
    pub no_extract: bool,
    /// Begin even though the disk may be too small
    #[arg(long)]
    pub allow_low_space: bool,
    /// Tell a monitor at this address of the start and the end (http only): URL/start, then URL/EXIT-CODE
    #[arg(long, value_name = "URL", env = "CHANCERY_PING")]
    pub ping: Option<String>,
    /// Write a report of the run to this file, as JSON
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Wait this long for another run to end, such as 30s, 10m or 2h
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "0s")]
    pub wait: std::time::Duration,
}

#[derive(Debug, Args)]
pub struct RunsArguments {
    /// Which run, by its id; without it the newest ones are listed
    pub id: Option<String>,
    /// How many to list
    #[arg(long = "limit", short = 'n', value_name = "COUNT", default_value_t = 10)]
    pub limit: usize,
}

#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Also extract a sample of the articles anew and compare what is found
    #[arg(long)]
    pub deep: bool,
    /// How many articles the sample has
    #[arg(long, value_name = "COUNT", default_value_t = 200, requires = "deep")]
    pub sample: usize,
    #[command(flatten)]
    pub tables: TablesArguments,
}

#[derive(Debug, Args)]
pub struct PruneArguments {
    /// How many records of runs to keep
    #[arg(long, value_name = "COUNT", default_value_t = 30)]
    pub keep_runs: usize,
}

#[derive(Debug, Args)]
pub struct DumpArguments {
    /// The file to write; without it, standard output
    #[arg(long = "to", short = 'o', value_name = "FILE")]
    pub file: Option<PathBuf>,
    #[command(flatten)]
    pub tables: TablesArguments,
}

#[derive(Debug, Args)]
pub struct RestoreArguments {
    /// A file that `dump` has written
    pub file: PathBuf,
    /// Replace tables of your own that are there already and differ
    #[arg(long)]
    pub replace: bool,
}

#[derive(Debug, Args)]
pub struct StatusArguments {
    /// List everything that could not be read
    #[arg(long)]
    pub failures: bool,
    #[command(flatten)]
    pub tables: TablesArguments,
}

fn duration(text: &str) -> Result<std::time::Duration, String> {
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let count: u64 = text[..split].parse().map_err(|_| format!("`{text}` is not a duration; write 30s, 10m or 2h"))?;
    let unit = match &text[split..] {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        other => return Err(format!("`{other}` is no unit of time; write s, m or h")),
    };
    Ok(std::time::Duration::from_secs(count.saturating_mul(unit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        assert_eq!(duration("10m"), Ok(std::time::Duration::from_secs(600)));
        assert_eq!(duration("7"), Ok(std::time::Duration::from_secs(7)));
        assert!(duration("1w").is_err() && duration("").is_err() && duration("m").is_err());
    }
}
