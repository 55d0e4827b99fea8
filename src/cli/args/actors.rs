//! What can be typed after `actors`: a question, or what to do with the tables.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{QueryArguments, TablesArguments};

const ACTORS_EXAMPLES: &str = "\
Examples:
  chancery actors grain corridor            who is in the articles about it, and who beside whom
  chancery actors -- list of demands        a question that begins like one of the commands above
  chancery actors show NATO                 every name that the tables know of it";

/// A question whose actors are wanted, or what to do with the tables of actors.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true, after_help = ACTORS_EXAMPLES)]
pub struct ActorsArguments {
    #[command(subcommand)]
    pub command: Option<ActorsCommand>,
    #[command(flatten)]
    pub question: QueryArguments,
    /// How many actors to show, those in most of the articles first
    #[arg(long = "limit", short = 'n', value_name = "COUNT", default_value_t = 20)]
    pub limit: usize,
    /// How many others to name beside each, those in most of the same articles first
    #[arg(long, value_name = "COUNT", default_value_t = 3)]
    pub beside: usize,
}

/// What to do with tables of actors.
#[derive(Debug, Subcommand)]
pub enum ActorsCommand {
    /// Find every mistake in your own tables, with file and line
    Check {
        /// Files and folders; without any, the folder of your own tables
        paths: Vec<PathBuf>,
        #[command(flatten)]
        tables: TablesArguments,
    },
    /// Show actors: all their names, and where each piece of knowledge stands
    Show {
        /// Ids (igo:nato) or names (NATO)
        #[arg(required = true, value_name = "ID|NAME")]
        names: Vec<String>,
        #[command(flatten)]
        tables: TablesArguments,
    },
    /// List the actors of the tables
    List {
        /// Only of this kind (person, state, igo, armed-group …)
        #[arg(long)]
        kind: Option<String>,
        /// Only of this country (NO, Russia …)
        #[arg(long, value_name = "COUNTRY")]
        country: Option<String>,
        /// Only what your own tables add or change
        #[arg(long)]
        own: bool,
        #[command(flatten)]
        tables: TablesArguments,
    },
    /// Train a tagger for names that no table knows, on texts in which you marked the names
    Train {
        /// Files with one JSON object a line: {"text": …, "entities": [{"start", "end", "kind"}]}, or the output of extract
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The model to write; without it, tagger.tsv among your own tables, if it does no worse than the tables alone
        #[arg(long = "to", short = 'o', value_name = "MODEL")]
        to: Option<PathBuf>,
        #[command(flatten)]
        tables: TablesArguments,
    },
    /// Turn a list of actors of another program into a table of your own
    Import {
        /// The list
        file: PathBuf,
        /// What sort of list it is
        #[arg(long, value_enum, default_value_t = ListName::Cameo, value_name = "SORT")]
        from: ListName,
        /// The table to write; without it, standard output
        #[arg(long = "to", short = 'o', value_name = "FILE")]
        to: Option<PathBuf>,
        /// Write everything that could not be used to this file, one line each
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
}

/// The sorts of lists that can be taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListName {
    /// Actors with CAMEO codes, as TABARI, PETRARCH and Phoenix have them
    Cameo,
}
