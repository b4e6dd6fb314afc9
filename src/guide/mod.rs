//! Pages to read beside the documentation of single items.
//!
//! | page | what it has |
//! |---|---|
//! | [`commands`] | every command of the program, and how to read what a cooperation changes |
//! | [`network_format`] | the files of a network, and every kind of change with a tested example |
//! | [`import`] | the network of any districts of Germany from official files |
//! | [`assumptions`] | what is assumed, how to change it, and how near it comes to what was published |
//! | [`alliances`] | how members of an alliance are compared, by which statistics, and what a release protects |
//! | [`real_hospitals`] | what the official directory of hospitals changed in the region's figures, and why |
//! | [`sources`] | where the data come from, and under which licences |
//! | [`performance`] | how fast it is, with sizes, machine and commands |
//! | [`architecture`] | the map of the house, which way the data goes, who imports from whom |
//! | [`queueing`] | one customer's way through the simulator, and its mechanisms |
//! | [`glossary`] | the words, in German and in English |

#[doc = include_str!("commands.md")]
pub mod commands {}

#[doc = include_str!("network_format.md")]
pub mod network_format {}

#[doc = include_str!("import.md")]
pub mod import {}

#[doc = include_str!("alliances.md")]
#[expect(clippy::doc_markdown, reason = "DerSimonian is written as she writes herself")]
pub mod alliances {}

#[doc = include_str!("assumptions.md")]
pub mod assumptions {}

#[doc = include_str!("real_hospitals.md")]
pub mod real_hospitals {}

#[doc = include_str!("sources.md")]
pub mod sources {}

#[doc = include_str!("performance.md")]
#[expect(
    clippy::doc_markdown,
    reason = "SciPy, NumPy and SimPy are written as they write themselves"
)]
pub mod performance {}

#[doc = include_str!("architecture.md")]
pub mod architecture {}

#[doc = include_str!("queueing.md")]
pub mod queueing {}

#[doc = include_str!("glossary.md")]
pub mod glossary {}
