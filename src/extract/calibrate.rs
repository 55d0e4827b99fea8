//! From what a rule and a cue promise to how often they are right.

use rustc_hash::FxHashMap;

use crate::extract::table::{TableError, rows};

/// Log-odds of a quote whose rule and cue leave it open; measured, see `docs/extraction.md`, "Confidence".
const BASE: f32 = 0.54;

/// How far the promise of rule, cue and speaker counts, as a factor of its log-odds; measured likewise.
const TRUST: f32 = 0.43;

/// How much surer each rule is than its promise, in log-odds.
#[derive(Debug, Default)]
pub struct Calibration {
    shifts: FxHashMap<String, f32>,
}

impl Calibration {
    /// Reads `calibration.tsv`.
    pub fn parse(text: &str) -> Result<Self, TableError> {
        let mut shifts = FxHashMap::default();
        for row in rows("calibration.tsv", text, &["rule", "shift"])? {
            let cell = row.needed(1)?;
            let shift = cell.parse().ok().filter(|shift: &f32| shift.is_finite() && shift.abs() <= 5.0);
            let shift = shift.ok_or_else(|| row.error(format!("`{cell}` is no shift between -5 and 5")))?;
            shifts.insert(row.needed(0)?.to_owned(), shift);
        }
        Ok(Self { shifts })
    }

    /// The chance, 0 to 1, that words and source of a quote are right, which its rule promised with `raw`.
    pub fn chance(&self, rule: &str, raw: f32) -> f32 {
        let raw = raw.clamp(0.02, 0.98);
        let odds = BASE + TRUST * (raw / (1.0 - raw)).ln() + self.shifts.get(rule).copied().unwrap_or(0.0);
        let chance = 1.0 / (1.0 + (-odds).exp());
        (chance * 100.0).round() / 100.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_surer_promise_is_a_higher_chance() {
        let table = Calibration::parse("rule\tshift\nzero\t0.5\n").unwrap();
        let check = |rule: &str, raw: f32, expected: f32| assert_eq!(table.chance(rule, raw), expected, "{rule} {raw}");
        check("any", 0.5, 0.63);
        check("zero", 0.5, 0.74);
        check("any", 0.0, 0.24);
        check("any", 1.0, 0.9);
        assert!(Calibration::parse("rule\tshift\nzero\tmuch\n").is_err());
    }
}
