//! A folder to work in, and the program run inside it as a user runs it.
//!
//! Every run is held to two promises whatever else it tests: no panic is ever printed, and the program ends by itself
//! with an exit code. Files are given time stamps of their own, a second apart and long past, so that no run takes
//! them for files that are being written.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tempfile::TempDir;

/// 2024-01-01, in seconds since 1970: when the first file of a test was written.
const FIRST_STAMP: u64 = 1_704_067_200;

/// The index that [`Place::run`] uses, beside the corpus.
pub const INDEX: &str = "index";

static STAMPS: AtomicU64 = AtomicU64::new(0);

/// A folder of its own for one test, gone at the end of it.
pub struct Place {
    folder: TempDir,
}

impl Place {
    /// An empty folder.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A folder with these files in it.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let place = Self::new();
        for (path, text) in files {
            place.write(path, text);
        }
        place
    }

    /// A folder with a copy of the sample archive in `corpus`.
    pub fn with_samples() -> Self {
        let place = Self::new();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"), &place.path("corpus"));
        place
    }

    /// The full path of something in here.
    pub fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(relative)
    }

    /// Writes a file, with folders as needed, newer than every file written before it.
    pub fn write(&self, relative: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        touch(&path);
    }

    /// Gives a file a newer time stamp and leaves its bytes alone.
    pub fn touch(&self, relative: impl AsRef<Path>) {
        touch(&self.path(relative));
    }

    /// Takes a file or a folder away.
    pub fn remove(&self, relative: impl AsRef<Path>) {
        let path = self.path(relative);
        if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
    }

    /// Moves a file; its time stamp goes with it.
    pub fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    /// What a file holds.
    pub fn read(&self, relative: impl AsRef<Path>) -> String {
        let path = self.path(relative);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Runs the program with these arguments.
    pub fn run<S: AsRef<std::ffi::OsStr>>(&self, arguments: &[S]) -> Ran {
        self.run_with(arguments, &[])
    }

    /// Runs the program with the words of a line, which holds no blanks inside arguments.
    pub fn line(&self, line: &str) -> Ran {
        self.run(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// Runs the program with these arguments and environment variables, and no others.
    pub fn run_with<S: AsRef<std::ffi::OsStr>>(&self, arguments: &[S], variables: &[(&str, &str)]) -> Ran {
        let output = self.command(arguments).envs(variables.iter().copied()).output().unwrap();
        let shown: Vec<_> = arguments.iter().map(|argument| argument.as_ref().to_string_lossy()).collect();
        Ran::new(shown.join(" "), output)
    }

    /// Starts the program and lets it run; nobody reads what it says.
    pub fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// The command as every run has it: in this folder, with nothing of the environment and nothing to read.
    pub fn command<S: AsRef<std::ffi::OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
        command.args(arguments).current_dir(self.folder.path()).env_clear().stdin(Stdio::null());
        command
    }

    /// Builds or updates the index from `corpus`.
    #[track_caller]
    pub fn index(&self) -> Ran {
        self.line("index corpus").expect(0)
    }

    /// The paths of the hits of a question, in order.
    #[track_caller]
    pub fn found(&self, arguments: &[&str]) -> Vec<String> {
        let ran = self.run(&[&["search", "--format", "jsonl", "-n", "1000"], arguments].concat());
        assert!(matches!(ran.code, 0 | 1), "{ran}");
        ran.json().iter().map(|hit| hit["path"].as_str().unwrap().to_owned()).collect()
    }

    /// Everything the index says about its articles and quotes, whatever the order it was written in.
    #[track_caller]
    pub fn contents(&self, index: &str) -> Vec<String> {
        let mut all = Vec::new();
        for rows in ["hits", "quotes"] {
            let ran = self.run(&["--index", index, "export", "*", "--output", rows, "--format", "jsonl"]);
            assert!(matches!(ran.code, 0 | 1), "{ran}");
            all.extend(ran.out.lines().map(str::to_owned));
        }
        all.sort();
        all
    }
}

/// What a run came to.
pub struct Ran {
    /// The arguments, for messages.
    pub line: String,
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    #[track_caller]
    fn new(line: String, output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("answers and talk are UTF-8");
        let line = if line.len() > 300 { format!("{}…", line.chars().take(300).collect::<String>()) } else { line };
        let code = output.status.code().unwrap_or_else(|| panic!("`{line}` was ended by {}", output.status));
        let ran = Self { line, code, out: text(output.stdout), err: text(output.stderr) };
        assert!(!ran.err.contains("panicked at") && ran.code != 101, "a panic\n{ran}");
        ran
    }

    /// Fails unless the run ended with this code.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\n{self}");
        self
    }

    /// Fails unless this was said on standard error.
    #[track_caller]
    pub fn says(self, part: &str) -> Self {
        assert!(self.err.contains(part), "nothing is said of `{part}`\n{self}");
        self
    }

    /// Standard output as JSON, one value a line.
    #[track_caller]
    pub fn json(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON\n{self}"))).collect()
    }

    /// One number of the report that is the whole of standard output.
    #[track_caller]
    pub fn number(&self, name: &str) -> u64 {
        self.json()[0][name].as_u64().unwrap_or_else(|| panic!("no number `{name}`\n{self}"))
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { line, code, out, err } = self;
        write!(f, "$ chancery {line}\nexit {code}\n-- stdout --\n{out}-- stderr --\n{err}")
    }
}

/// Holds `actual` against `tests/data/NAME`; `UPDATE_GOLDENS=1` writes it there instead.
#[track_caller]
pub fn golden(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        fs::write(&path, actual).unwrap();
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == actual,
        "`tests/data/{name}` differs; read this, then accept it with UPDATE_GOLDENS=1\n{actual}"
    );
}

/// Whether this process may do everything, whatever permissions say.
pub fn is_root() -> bool {
    let folder = tempfile::tempdir().unwrap();
    set_mode(folder.path(), 0o555);
    let root = File::create(folder.path().join("probe")).is_ok();
    set_mode(folder.path(), 0o755);
    root
}

/// Sets the permissions of a file or folder.
pub fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;

    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn touch(path: &Path) {
    let seconds = FIRST_STAMP + STAMPS.fetch_add(1, Ordering::Relaxed);
    let stamp = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    File::options().write(true).open(path).unwrap().set_modified(stamp).unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
            touch(&target);
        }
    }
}
