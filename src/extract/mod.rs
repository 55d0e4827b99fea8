//! Stub.
use crate::article::Article;
use crate::facts::Facts;
pub struct Tables;
pub struct Options {
    pub beliefs: bool,
}
static T: Tables = Tables;
impl Tables {
    pub fn builtin() -> &'static Tables {
        &T
    }
    pub fn version(&self) -> &str {
        "0"
    }
}
pub fn extract(_a: &Article, _t: &Tables, _o: &Options) -> Facts {
    Facts::default()
}
