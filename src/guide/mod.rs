//! Pages to read beside the documentation of single items.
//!
//! - [`real_hospitals`]: what the official directory of hospitals changed in the region's figures, and why.

#[doc = include_str!("real_hospitals.md")]
pub mod real_hospitals {}
