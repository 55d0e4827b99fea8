//! The folders of a corpus: which ones a run reads, which ones it takes out of the index, and that none lies in another.

use std::path::{Component, Path, PathBuf};

use super::report::Options;
use crate::catalogue::Catalogue;
use crate::error::{Error, Result};

/// Resolves the roots of a run: those given, else those the index was made from, `known`.
///
/// # Errors
/// A root that does not exist or is not UTF-8, or one inside another.
pub fn roots(paths: &[PathBuf], known: &[String]) -> Result<Vec<PathBuf>> {
    let hint = if paths.is_empty() {
        "is a disk not mounted? the index was left as it is. `chancery index --forget DIR` takes out a folder that is \
         gone for good; where it has moved, name all folders: `chancery index --rebuild DIR...`"
    } else {
        "is a disk not mounted? the index was left as it is"
    };
    let given = if paths.is_empty() { known.iter().map(PathBuf::from).collect() } else { paths.to_vec() };
    let mut roots: Vec<PathBuf> = Vec::new();
    for path in given {
        let real = path.canonicalize().map_err(|error| Error::io(&path, error).hint(hint))?;
        if real.to_str().is_none() {
            let message = format!("`{}` is not UTF-8, so that the next run could not find it again", real.display());
            return Err(
                Error::usage(message).hint("rename the folder whose name it is; files inside may have any names")
            );
        }
        if !roots.contains(&real) {
            roots.push(real);
        }
    }
    nested(&roots, known)?;
    Ok(roots)
}

/// Sees that no root lies in another, whose articles would come in twice.
fn nested(roots: &[PathBuf], known: &[String]) -> Result<()> {
    let all = roots.iter().map(PathBuf::as_path).chain(known.iter().map(Path::new));
    for outer in all {
        if let Some(inner) = roots.iter().find(|inner| *inner != outer && inner.starts_with(outer)) {
            let message = format!("`{}` lies inside `{}`, which is indexed already", inner.display(), outer.display());
            return Err(Error::usage(message).hint("name the outer folder only"));
        }
        let is_read = roots.iter().any(|root| root == outer);
        let inside = |known: &&String| Path::new(known) != outer && Path::new(known).starts_with(outer);
        if let Some(known) = known.iter().find(inside).filter(|_| is_read) {
            let message = format!("`{known}` is indexed already and lies inside `{}`", outer.display());
            return Err(
                Error::usage(message).hint(format!("name both: `chancery index --forget {known} {}`", outer.display()))
            );
        }
    }
    Ok(())
}

/// Leaves those of the roots of an index that are given again to a rebuild, with their numbers, on which ids of articles
/// rest; none where none is. Where the first one is not given, the first path that is new is taken for it: it has moved.
pub fn keep_only(paths: &[PathBuf], roots: &mut Vec<String>) {
    let given: Vec<PathBuf> = paths.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let is_given = |root: &str| given.iter().any(|path| Path::new(root) == path);
    if !roots.iter().any(|root| is_given(root)) {
        roots.clear();
        return;
    }
    let new = given.iter().find(|path| !roots.iter().any(|root| Path::new(root) == *path));
    let new = new.map(|path| path.to_string_lossy().into_owned());
    for (number, root) in roots.iter_mut().enumerate().filter(|(_, root)| !root.is_empty() && !is_given(root)) {
        match &new {
            Some(new) if number == 0 => root.clone_from(new),
            _ => root.clear(),
        }
    }
}

/// Warns of the folders of an index that a rebuild does not read any more, with how many articles stood in them.
pub fn dropped(old: &Catalogue, roots: &[String]) -> Vec<String> {
    let gone = (0..).zip(&old.roots).filter(|(_, root)| !root.is_empty() && !roots.contains(root));
    gone.map(|(number, root)| {
        let files = old.files.iter().filter(|(key, _)| key.root == number);
        let articles: usize = files.map(|(_, file)| file.indexed().count()).sum();
        format!(
            "`{root}`, with {articles} articles, is not read any more: a rebuild reads the folders that it is given"
        )
    })
    .collect()
}

/// The numbers of the roots that a run takes out of an index, among those that it `known`s. They need not be there any
/// more.
///
/// # Errors
/// The index was not made from one of them.
pub fn forgotten(paths: &[PathBuf], known: &[String]) -> Result<Vec<u32>> {
    let number = |path: &PathBuf| {
        let names = [path.canonicalize().ok(), std::path::absolute(path).ok().map(|path| plain(&path))];
        let place = names.iter().flatten().find_map(|name| known.iter().position(|known| Path::new(known) == name));
        place.and_then(|place| u32::try_from(place).ok()).ok_or_else(|| {
            let live: Vec<&str> = known.iter().map(String::as_str).filter(|root| !root.is_empty()).collect();
            let message = format!("the index was not made from `{}`, so there is nothing to forget", path.display());
            Error::usage(message).hint(match live[..] {
                [] => "it was made from no folder yet".to_owned(),
                _ => format!("it was made from `{}`", live.join("`, `")),
            })
        })
    };
    paths.iter().map(number).collect()
}

/// A path without `..`, for one that leads nowhere any more, where nobody can be asked about links.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

/// The error of a run that has no corpus to read.
pub fn none(options: &Options) -> Error {
    if options.rebuild {
        return Error::usage("of which folders this index was made cannot be read from it")
            .hint("name them: `chancery index --rebuild PATH...`");
    }
    if !options.forget.is_empty() {
        return Error::usage("nothing would be left to read if this is forgotten")
            .hint("where the folder has moved: `chancery index --rebuild PATH...`, which keeps ids and times of the first one");
    }
    Error::usage("no corpus was given and this index has none yet").hint("run `chancery index PATH`")
}

/// Sees that no root is read and forgotten in one run.
///
/// # Errors
/// One is.
pub fn not_both(roots: &[PathBuf], forgotten: &[u32], known: &[String]) -> Result<()> {
    let forgotten =
        |root: &Path| (0..).zip(known).any(|(number, known)| forgotten.contains(&number) && Path::new(known) == root);
    match roots.iter().find(|root| forgotten(root)) {
        Some(root) => Err(Error::usage(format!("`{}` cannot be read and forgotten in one run", root.display()))
            .hint("`--rebuild` writes everything anew")),
        None => Ok(()),
    }
}

/// Sees that an index has a folder of its own.
///
/// # Errors
/// It is a folder of the corpus itself; one inside that is left out of it.
pub fn apart(index: &Path, roots: &[PathBuf]) -> Result<()> {
    let Some(root) = index.canonicalize().ok().filter(|index| roots.contains(index)) else { return Ok(()) };
    let message = format!("`{}` is the folder of the corpus and cannot be that of the index too", root.display());
    Err(Error::usage(message).hint("give the index a folder of its own with `--index DIR`; it may lie inside"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_that_is_gone_can_be_forgotten() {
        let known = ["/gone/news".to_owned(), "/other".to_owned()];
        let check = |path: &str, expected: Option<u32>| {
            let found = forgotten(&[PathBuf::from(path)], &known);
            assert_eq!(found.ok().map(|numbers| numbers[0]), expected, "{path}");
        };
        check("/other", Some(1));
        check("/gone/news/", Some(0));
        check("/gone/files/.././news", Some(0));
        check("/gone", None);
        check("news", None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_root_that_is_not_text_is_refused() {
        use std::os::unix::ffi::OsStrExt;

        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9"));
        std::fs::create_dir(&root).unwrap();
        let error = roots(&[root], &[]).unwrap_err();
        assert!(error.to_string().contains("is not UTF-8"), "{error}");
        assert!(error.hint_text().is_some_and(|hint| hint.starts_with("rename the folder")), "{error}");
    }

    #[test]
    fn no_root_lies_in_another() {
        let folder = tempfile::tempdir().unwrap();
        let outer = folder.path().canonicalize().unwrap();
        let inner = outer.join("inner");
        std::fs::create_dir(&inner).unwrap();
        let name = |path: &Path| path.to_string_lossy().into_owned();
        assert!(roots(std::slice::from_ref(&inner), &[name(&outer)]).is_err());
        assert!(roots(&[inner.clone(), outer.clone()], &[]).is_err());
        let error = roots(std::slice::from_ref(&outer), &[name(&inner)]).unwrap_err();
        assert!(error.hint_text().is_some_and(|hint| hint.contains("--forget")), "{error}");
        assert_eq!(roots(&[], &[name(&inner)]).unwrap(), std::slice::from_ref(&inner));
        assert_eq!(roots(&[inner.clone(), inner.clone()], &[]).unwrap(), [inner]);
        assert!(roots(&[outer.join("missing")], &[]).is_err());
    }
}
