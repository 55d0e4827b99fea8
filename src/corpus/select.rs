//! Which paths of a corpus the user wants: the globs of `--include` and `--exclude`.
//!
//! `*.txt` and `drafts` match at any depth, `2022/*` from the root. Only written paths are seen here, never the disk.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::error::{Error, Result};

/// The compiled globs of one walk.
pub struct Selection {
    include: Option<GlobSet>,
    exclude: GlobSet,
}

impl Selection {
    /// Compiles the globs; no `include` at all means everything.
    pub fn new(include: &[String], exclude: &[String]) -> Result<Self> {
        let include = if include.is_empty() { None } else { Some(compile(include)?) };
        Ok(Self { include, exclude: compile(exclude)? })
    }

    /// Whether a file with this path is asked for.
    pub fn includes(&self, relative: &str) -> bool {
        self.include.as_ref().is_none_or(|globs| globs.is_match(relative))
    }

    /// Whether this file, or this folder with all that is below it, is to be left out.
    pub fn excludes(&self, relative: &str, is_folder: bool) -> bool {
        // `drafts/**` does not match `drafts`, but it leaves nothing of that folder to look at.
        self.exclude.is_match(relative) || is_folder && self.exclude.is_match(format!("{relative}/"))
    }
}

/// The glob of this path alone, from the root, and of all that is below it.
pub fn exactly(path: &str) -> String {
    format!("/{}", globset::escape(path))
}

fn compile(globs: &[String]) -> Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for written in globs {
        let bare = written.trim_start_matches("./").trim_matches('/');
        let anchored = bare.contains('/') || written.starts_with('/');
        let glob = if anchored { bare.to_owned() } else { format!("**/{bare}") };
        let wrong = |message: String| {
            Error::usage(format!("`{written}` is not a glob: {message}"))
                .hint("a glob is a path in which `*` stands for anything, such as `2022/*.txt`")
        };
        if bare.is_empty() {
            return Err(wrong("it is empty".to_owned()));
        }
        for pattern in [format!("{glob}/**"), glob] {
            let glob = GlobBuilder::new(&pattern).literal_separator(true).backslash_escape(true).build();
            set.add(glob.map_err(|error| wrong(error.kind().to_string()))?);
        }
    }
    set.build().map_err(|error| Error::usage(format!("the globs are too large: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_names_paths_and_folders() {
        let check = |glob: &str, path: &str, expected: bool| {
            let selection = Selection::new(&[glob.to_owned()], &[glob.to_owned()]).unwrap();
            assert_eq!(selection.includes(path), expected, "{glob} {path}");
            assert_eq!(selection.excludes(path, false), expected, "{glob} {path}");
        };
        check("*.txt", "a.txt", true);
        check("*.txt", "2022/02/a.txt", true);
        check("*.txt", "a.json", false);
        check("drafts", "2022/drafts/a.txt", true);
        check("drafts/", "drafts/a.txt", true);
        check("/drafts", "2022/drafts/a.txt", false);
        check("2022/*.txt", "2022/a.txt", true);
        check("2022/*.txt", "2022/02/a.txt", false);
        check("2022/**", "2022/02/a.txt", true);
        check("202[12]", "2022/a.txt", true);
        check("{a,b}.txt", "x/b.txt", true);
        check(&exactly("a[1]*"), "a[1]*/b.txt", true);
        check(&exactly("a[1]*"), "a1/b.txt", false);
        check(&exactly("a"), "x/a", false);
    }

    #[test]
    fn a_folder_is_left_out_as_a_whole() {
        let selection = Selection::new(&[], &["drafts/**".to_owned()]).unwrap();
        assert!(selection.excludes("drafts", true) && !selection.excludes("draft", true));
        assert!(selection.includes("anything"));
    }

    #[test]
    fn bad_globs_are_the_users_turn() {
        let check = |glob: &str| {
            let error = Selection::new(&[], &[glob.to_owned()]).err().unwrap();
            assert_eq!(error.blame(), crate::error::Blame::User);
            assert!(error.hint_text().is_some());
        };
        check("");
        check("/");
        check("a[");
        check("{a");
    }
}
