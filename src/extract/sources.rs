//! The texts of the tables: the built-in ones are compiled in, and their hash is the dictionary's version.

/// The text of every table, by name.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// `words.tsv`
    pub words: &'a str,
    /// `states.tsv`
    pub states: &'a str,
    /// `places.tsv`
    pub places: &'a str,
    /// `provinces.tsv`, more places
    pub provinces: &'a str,
    /// `orgs.tsv`
    pub orgs: &'a str,
    /// `groups.tsv`
    pub groups: &'a str,
    /// `persons.tsv`
    pub persons: &'a str,
    /// `cues.tsv`
    pub cues: &'a str,
    /// `cue_phrases.tsv`
    pub cue_phrases: &'a str,
    /// `guards.tsv`
    pub guards: &'a str,
    /// `roles.tsv`
    pub roles: &'a str,
    /// `given.tsv`
    pub given: &'a str,
    /// `family.tsv`
    pub family: &'a str,
    /// `suffixes.tsv`
    pub suffixes: &'a str,
    /// `markers.tsv`
    pub markers: &'a str,
    /// `contexts.tsv`
    pub contexts: &'a str,
    /// `calibration.tsv`
    pub calibration: &'a str,
    /// `offices.tsv`
    pub offices: &'a str,
    /// `tenures.tsv`
    pub tenures: &'a str,
    /// `ministries.tsv`
    pub ministries: &'a str,
}

/// The tables that are compiled in.
pub const BUILTIN: Sources<'static> = Sources {
    words: include_str!("data/words.tsv"),
    states: include_str!("data/states.tsv"),
    places: include_str!("data/places.tsv"),
    provinces: include_str!("data/provinces.tsv"),
    orgs: include_str!("data/orgs.tsv"),
    groups: include_str!("data/groups.tsv"),
    persons: include_str!("data/persons.tsv"),
    cues: include_str!("data/cues.tsv"),
    cue_phrases: include_str!("data/cue_phrases.tsv"),
    guards: include_str!("data/guards.tsv"),
    roles: include_str!("data/roles.tsv"),
    given: include_str!("data/given.tsv"),
    family: include_str!("data/family.tsv"),
    suffixes: include_str!("data/suffixes.tsv"),
    markers: include_str!("data/markers.tsv"),
    contexts: include_str!("data/contexts.tsv"),
    calibration: include_str!("data/calibration.tsv"),
    offices: include_str!("data/offices.tsv"),
    tenures: include_str!("data/tenures.tsv"),
    ministries: include_str!("data/ministries.tsv"),
};

/// A hash of all bytes, as eight hexadecimal digits.
pub fn version(sources: &Sources) -> String {
    let all = [
        sources.words,
        sources.states,
        sources.places,
        sources.provinces,
        sources.orgs,
        sources.groups,
        sources.persons,
        sources.cues,
        sources.cue_phrases,
        sources.guards,
        sources.roles,
        sources.given,
        sources.family,
        sources.suffixes,
        sources.markers,
        sources.contexts,
        sources.calibration,
        sources.offices,
        sources.tenures,
        sources.ministries,
    ];
    let mut hash = 0u64;
    for text in all {
        // Whole words at a time: the tables are some hundred kilobytes and hashed at every start.
        for piece in text.as_bytes().chunks(8) {
            let mut word = [0; 8];
            word[..piece.len()].copy_from_slice(piece);
            hash = (hash.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        // The multiplication carries upwards only: fold the high half down again.
        hash ^= hash >> 29;
        hash = (hash ^ text.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    format!("{:08x}", (hash >> 32) ^ (hash & 0xffff_ffff))
}

/// Which of the tables that a user can add rows to this file is named after.
pub fn grammar_of(file: &str) -> Option<&str> {
    let last = file.rsplit(['/', '\\']).next().unwrap_or(file);
    matches!(last, "cues.tsv" | "cue_phrases.tsv" | "guards.tsv" | "roles.tsv").then_some(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_table_is_another_version() {
        let changed = Sources { markers: "country\twords\n", ..BUILTIN };
        assert_ne!(version(&changed), version(&BUILTIN));
    }
}
