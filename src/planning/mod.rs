//! What to change: searches over what could close.

pub mod closures;
