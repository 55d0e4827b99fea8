//! What can be typed for runs of the indexer, and for looking after what they leave.

use std::path::PathBuf;

use clap::Args;

use crate::archive::DEFAULT_MAX_FILE_BYTES;

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
    #[arg(long, env = "CHANCERY_ACTORS", value_name = "DIR")]
    pub actors: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct IndexArguments {
    /// Folders or files of articles; without any, those of the last run, else ./corpus
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
    /// Let the archive lose more than a tenth of its articles
    #[arg(long)]
    pub allow_shrink: bool,
    /// Write a report of the run to this file, as JSON
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Wait this long for another run to end, such as 30s, 10m or 2h
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "0s")]
    pub wait: std::time::Duration,
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
