//! `chancery completions` and `chancery man`: made from the definitions of the arguments.

use std::path::Path;

use clap::CommandFactory;

use crate::cli::args::Arguments;
use crate::cli::exit::Exit;
use crate::cli::terminal::output;
use crate::error::{Error, Result};

/// Prints completions for a shell.
pub fn completions(shell: clap_complete::Shell) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "chancery", &mut script);
    output(|out| out.write_all(&script).map_err(Error::output))?;
    Ok(Exit::Success)
}

/// Prints the manual page of the whole, or writes one for every command into a folder.
pub fn pages(folder: Option<&Path>) -> Result<Exit> {
    match folder {
        Some(folder) => {
            std::fs::create_dir_all(folder).map_err(|error| Error::io(folder, error))?;
            clap_mangen::generate_to(Arguments::command(), folder).map_err(|error| Error::io(folder, error))?;
        }
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Arguments::command()).render(&mut page).map_err(Error::output)?;
            output(|out| out.write_all(&page).map_err(Error::output))?;
        }
    }
    Ok(Exit::Success)
}
