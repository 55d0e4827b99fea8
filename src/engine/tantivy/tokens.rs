//! The tokenizer that the schema names: tantivy wants one for every field of words, and is never given a text to cut.

use tantivy::tokenizer::{RawTokenizer, TokenizerManager};

/// Name of the tokenizer of all fields of words.
pub const READY: &str = "ready";

/// Every tokenizer that the schema names; tantivy does not store them.
pub fn manager() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(READY, RawTokenizer::default());
    manager
}
