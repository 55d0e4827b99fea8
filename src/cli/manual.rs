//! `chancery completions` and `chancery man`: made from the definitions of the arguments and from the guide.

use std::path::Path;

use clap::CommandFactory;

use crate::cli::args::{Arguments, Page};
use crate::cli::exit::Exit;
use crate::cli::guide;
use crate::cli::terminal::output;
use crate::error::{Error, Result};

/// Prints completions for a shell.
pub fn completions(shell: clap_complete::Shell) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "chancery", &mut script);
    output(|out| out.write_all(&script).map_err(Error::output))?;
    Ok(Exit::Success)
}

/// Prints one manual page, or writes all of them into a folder.
pub fn pages(page: Option<Page>, folder: Option<&Path>) -> Result<Exit> {
    if let Some(folder) = folder {
        let failed = |error| Error::io(folder, error);
        std::fs::create_dir_all(folder).map_err(failed)?;
        clap_mangen::generate_to(Arguments::command(), folder).map_err(failed)?;
        std::fs::write(folder.join(guide::NAME), guide::query_page()).map_err(failed)?;
        return Ok(Exit::Success);
    }
    let mut bytes = Vec::new();
    match page {
        Some(Page::Query) => bytes.extend(guide::query_page().into_bytes()),
        None => clap_mangen::Man::new(Arguments::command()).render(&mut bytes).map_err(Error::output)?,
    }
    output(|out| out.write_all(&bytes).map_err(Error::output))?;
    Ok(Exit::Success)
}
