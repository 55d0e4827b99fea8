//! Names in articles that are not in English: those of the tables, and persons whose given name or title tells them.
//!
//! What the other rules take for a sign of a name is none elsewhere. In German every noun has a capital (`Nach Angaben`), and the
//! small words that end a name are not known in any other language.

use crate::extract::finder::Finder;
use crate::extract::shape::title_gender;
use crate::extract::token::shape;
use crate::extract::vocabulary::class;

impl Finder<'_, '_, '_> {
    /// A person whose name, or title, begins at `at`; returns the token to go on with.
    pub(super) fn step_foreign(&mut self, at: usize) -> Option<usize> {
        let token = &self.doc.tokens[at];
        if token.any(class::TITLE) && !token.is(shape::UPPER) {
            let after = self.skip_titles(at);
            let is_name = self.doc.tokens.get(after).is_some_and(|next| next.any(class::GIVEN | class::FAMILY));
            let gender = title_gender(self.doc, at);
            return is_name.then(|| self.try_person(after, gender, "title")).flatten();
        }
        token.any(class::GIVEN).then(|| self.try_person(at, None, "given")).flatten()
    }
}
