//! Exit codes: the part of the contract that scripts read.

use std::process::ExitCode;

use crate::error::Blame;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Hits, or a clean run.
    Success,
    /// No hits.
    Nothing,
    /// A wrong option, question or setting, or the machine refused.
    Usage,
    /// The index is missing, damaged or of another version.
    Index,
    /// The work was done, but some files failed.
    Partial,
    /// Another run holds the lock.
    Busy,
    /// The user stopped the run.
    Interrupted,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Nothing => 1,
            Self::Usage => 2,
            Self::Index => 3,
            Self::Partial => 4,
            Self::Busy => 75,
            Self::Interrupted => 130,
        }
    }
}

impl From<Blame> for Exit {
    fn from(blame: Blame) -> Self {
        match blame {
            Blame::User | Blame::Input | Blame::System => Self::Usage,
            Blame::Index => Self::Index,
            Blame::Busy => Self::Busy,
            Blame::Interrupted => Self::Interrupted,
            // Whoever closed the pipe has seen enough.
            Blame::Closed => Self::Success,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}
