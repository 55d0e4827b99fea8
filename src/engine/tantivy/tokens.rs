//! The tokenizers that the schema names: tantivy wants one for every field of words, and is never given a text to cut.

use tantivy::tokenizer::{RawTokenizer, Token, TokenStream, Tokenizer, TokenizerManager};

/// Name of the tokenizer of all fields of words.
pub const READY: &str = "ready";

/// Name of the tokenizer of whole values, which is tantivy's.
pub const RAW: &str = "raw";

/// Every tokenizer that the schema names; tantivy does not store them.
pub fn manager() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(READY, RawTokenizer::default());
    manager
}

/// The same for an index whose new segments get their lists from [`Inverted`](super::inverted::Inverted): what tantivy
/// made of whole values would be thrown away. Columns have tokenizers of their own.
pub fn silent() -> TokenizerManager {
    let manager = manager();
    manager.register(RAW, Silent);
    manager
}

/// Finds nothing in anything.
#[derive(Clone)]
struct Silent;

impl Tokenizer for Silent {
    type TokenStream<'a> = Nothing;

    fn token_stream<'a>(&'a mut self, _: &'a str) -> Nothing {
        Nothing(Token::default())
    }
}

/// No token, and room for one.
struct Nothing(Token);

impl TokenStream for Nothing {
    fn advance(&mut self) -> bool {
        false
    }

    fn token(&self) -> &Token {
        &self.0
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.0
    }
}
