//! From an error message to the limit behind it.
//!
//! A message is taken apart into what failed, with which error and where; the signs that each limit
//! carries in its row are held against that, and a host tells apart what prints the same.

mod cut;
mod fix;
mod found;
mod help;
mod judge;
mod lexicon;
mod live;
mod looks;
mod message;
mod none;
mod text;
mod told;
mod words;

pub use found::{Confidence, Fix, Live, Match, NONE};
pub use judge::{judge, may_be_sign};
pub use told::{helps, printed};
